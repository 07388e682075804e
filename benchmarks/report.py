"""The table and the picture of what was measured, as the README and ``docs/`` show them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import matplotlib.pyplot as plt

if TYPE_CHECKING:
    from benchmarks.bench_consolidate import Measured, Spread

DOCS = Path(__file__).parents[1] / "docs"
TEXT = """# Measured

`python -m benchmarks.bench_consolidate`, in one run on a machine of {cores} cores. Times of one
workbook are milliseconds of processor time, median (quartiles); the script reads one sheet with
`pandas.read_excel` and checks nothing. The whole command reads, verifies, checks every rule,
combines and writes the summary; it is timed by the clock, start-up included. *Once more*: after
one workbook in a hundred was changed. Memory is that of the largest process. The script's whole
time is its time of one workbook times their number. The first table is measured in turns; between
it and the second minutes pass, so where a machine's speed drifts, trust the ratios of the first.

## One workbook

| workbooks | kind | floor | calamine | script | ours | ours / floor | script / ours |
|---:|---|---:|---:|---:|---:|---:|---:|
{workbooks}

## The whole command

| workbooks | kind | script | one worker | by default | once more | script/one | script/default | \
first/once more | memory |
|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|
{commands}

![Times of the script and of the whole command](images/benchmarks.png)
"""


def write_report(measured: Sequence[Measured], cores: int) -> None:
    """Write the page and its picture."""
    page = TEXT.format(
        cores=cores,
        workbooks="\n".join(map(_workbook_line, measured)),
        commands="\n".join(map(_command_line, measured)),
    )
    (DOCS / "benchmarks.md").write_text(page, encoding="utf-8")
    _draw(measured, DOCS / "images" / "benchmarks.png")


def _workbook_line(one: Measured) -> str:
    cells = [
        f"{one.size:,}",
        one.kind,
        *map(_spread, (one.floor, one.calamine, one.script, one.ours)),
        f"{one.ours.median / one.floor.median:.1f}",
        f"{one.script.median / one.ours.median:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


def _command_line(one: Measured) -> str:
    cells = [
        f"{one.size:,}",
        one.kind,
        *(f"{time:.1f} s" for time in _times(one)),
        f"{one.script_whole / one.one.seconds:.1f}",
        f"{one.script_whole / one.default.seconds:.1f}",
        f"{one.default.seconds / one.again.seconds:.1f}",
        f"{max(one.one.peak, one.default.peak, one.again.peak):.0f} MB",
    ]
    return f"| {' | '.join(cells)} |"


def _spread(spread: Spread) -> str:
    return f"{spread.median:.1f} ({spread.lower:.1f}–{spread.upper:.1f})"


def _times(one: Measured) -> tuple[float, float, float, float]:
    """Return the seconds of the script, of one worker, by default, and once more."""
    return one.script_whole, one.one.seconds, one.default.seconds, one.again.seconds


def _draw(measured: Sequence[Measured], path: Path) -> None:
    """Draw the times of one workbook in the whole command, by size."""
    mpl.use("Agg")
    kinds = list(dict.fromkeys(one.kind for one in measured))
    figure, axes = plt.subplots(1, len(kinds), figsize=(10, 4), sharey=True, squeeze=False)
    names = ("the script, nothing checked", "one worker", "by default", "once more, 1 % changed")
    for axis, kind in zip(axes[0], kinds, strict=True):
        some = [one for one in measured if one.kind == kind]
        for place, (name, color) in enumerate(
            zip(names, ("#999999", "#1f5a99", "#3d85c6", "#6aa84f"), strict=True)
        ):
            times = [1000 * _times(one)[place] / one.size for one in some]
            axis.plot([one.size for one in some], times, "o-", label=name, color=color)
        axis.set(xscale="log", yscale="log", title=f"Workbooks {kind}", xlabel="workbooks")
        axis.set_xticks([one.size for one in some], [f"{one.size:,}" for one in some])
        axis.minorticks_off()
        axis.grid(axis="y", alpha=0.3)
    axes[0][0].set_ylabel("milliseconds a workbook, all included")
    figure.legend(
        *axes[0][0].get_legend_handles_labels(), loc="lower center", ncols=4, frameon=False
    )
    figure.tight_layout(rect=(0, 0.07, 1, 1))
    figure.savefig(path, dpi=110)
