"""Asks every engine and every program by hand, over many workbooks, and writes the page.

    python -m tests.engines.report [WORKBOOKS [SLOW]]

Args:
    WORKBOOKS: How many are filled; those that are slow get the first SLOW of them.

Needs the dependencies ``test`` and ``engines`` of this project, and the packages of ``run.py``.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.engines.comparing import Reference
from tests.engines.computing import ENGINES, Engine
from tests.engines.filled import fills, write_all
from tests.engines.page import write_page
from tests.engines.saving import SAVERS, Saved, Saver, office_saver, saved_by
from tests.engines.tally import Tally, tally
from tests.support.communes import golden, written
from tests.support.office import Office

SEED = 11
Program = TypeVar("Program", Engine, Saver)


def report(count: int, slow: int) -> int:
    """Write the page from *count* workbooks; return how many differences nothing explains."""
    warnings.simplefilter("ignore")  # of libraries that are not ours
    with TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_all(folder, fills(SEED, count))
        summary = written(golden(), folder / "summary.xlsx")
        with Office("always", "en-US") as office:
            reference = Reference(office)

            def computed(engine: Engine, paths: Sequence[Path]) -> Tally:
                return tally(engine, reference, [*paths, summary])

            tallies = _ask(ENGINES, computed, paths, slow)
        with Office("never", "vi-VN") as office:
            savers = (office_saver(office), *SAVERS)
            saved = _ask(savers, lambda saver, paths: saved_by(saver, paths, folder), paths, slow)
    print(write_page(tallies, saved))
    unexplained = [one for counts in (*tallies, *saved) for one in counts.unexplained]
    for one in unexplained:
        print("NOT EXPLAINED:", *one[1:], sep="\n  ")
    return len(unexplained)


def _ask(
    programs: Sequence[Program],
    ask: Callable[[Program, Sequence[Path]], Tally | Saved],
    paths: Sequence[Path],
    slow: int,
) -> list:
    results = []
    for program in programs:
        print(program.name, flush=True)
        results.append(ask(program, paths[:slow] if program.by_hand else paths))
    return results


if __name__ == "__main__":
    counts = [int(argument) for argument in sys.argv[1:]] + [40, 4][len(sys.argv) - 1 :]
    sys.exit(report(*counts) > 0)
