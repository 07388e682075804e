"""Gives workbooks with findings back to who sent them (trả lại đơn vị).

Each copy has the cells in question marked, the reasons beside them, and only the inputs that the
reasons are about open; every figure, formula, name and validation stays as it came. What was
marked in an earlier round is cleared first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_automation.checks.check import check_all
from xl_automation.checks.earlier import PastPeriod
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.editing.return_marks import issued_fills, marked
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile, refused_file
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.refusal import Refusal

SEVERITIES = ("error", "warning")
# What the consolidation refuses for its identity is given back too, with these cells open.
IDENTITY = {"wrong-period": ("TT_KY", "TT_NAM"), "unknown-unit": ("TT_DON_VI",)}


@dataclass(frozen=True, slots=True)
class ReturnedWorkbook:
    """One workbook given back: where its copy is, why, and which cells are open in it."""

    path: Path
    copy: Path
    findings: tuple[Finding, ...]
    opened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnRound:
    """What became of each file: given back, clean, replaced by a later one, or refused.

    ``unsettled`` are shared figures on which the units differ without a majority.
    """

    returned: tuple[ReturnedWorkbook, ...]
    clean: tuple[Path, ...]
    superseded: tuple[Path, ...]
    refused: tuple[RefusedFile, ...]
    unsettled: tuple[Finding, ...]


def return_workbooks(
    form: Form,
    results: Iterable[Submission | RefusedFile],
    out: Path,
    units: Sequence[ReportingUnit] | None = None,
    period: Period | None = None,
    previous: Sequence[PastPeriod] = (),
) -> ReturnRound:
    """Write into *out* a copy of each workbook that its unit has to correct.

    Args:
        form: The form of all of them.
        results: One entry per file, as read or refused.
        out: The folder for the copies; they keep their file names.
        units: Who owes a report; the form's own list by default.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.

    Raises:
        FileExistsError: If a copy's name is taken; then nothing is written.
        ValueError: In Vietnamese, as :func:`consolidate` does.
    """
    results = list(results)
    result = consolidate(form, results, units, period, previous)
    read = {one.path: one for one in results if isinstance(one, Submission)}
    found = _of_counted(result) | _of_others(result, read)
    returned = {path: findings for path, findings in found.items() if findings}
    copies = _copies(list(returned), out)
    given, refused = [], [one for one in result.refused if one.path not in found]
    issued = issued_fills(form)
    for path, findings in returned.items():
        try:
            content, opened = marked(form, read[path], findings, issued)
        except Refusal as refusal:
            refused.append(refused_file(path, refusal))
            continue
        write_new(copies[path], content)
        given.append(ReturnedWorkbook(path, copies[path], tuple(findings), opened))
    return ReturnRound(
        tuple(given),
        tuple(path for path, findings in found.items() if not findings),
        tuple(path for one in result.duplicates for path in one.paths if path != one.chosen),
        tuple(refused),
        tuple(_differing(result)[1]),
    )


# --- which findings ----------------------------------------------------------------------------


def _of_counted(result: Consolidation) -> dict[Path, list[Finding]]:
    """Return what each counted file has to correct, also what only the city can see."""
    city = {rule.id for rule in result.form.rules if rule.scope == "city"}
    found: dict[Path, list[Finding]] = {one.path: [] for one in result.counted}
    for located in result.findings:
        one = located.finding
        about_cells = bool(one.indicators or one.cells)
        if located.submission and about_cells and (one.severity in SEVERITIES or one.rule in city):
            found[located.submission.path].append(one)
    for path, one in _differing(result)[0]:
        found[path].append(one)
    return found


def _differing(result: Consolidation) -> tuple[list[tuple[Path, Finding]], list[Finding]]:
    """Return, for figures that all communes should share, who differs; and what is unsettled.

    Who states otherwise than most is asked. Where no value has a majority nobody is known to be
    wrong: the city has to settle the figure first.
    """
    checks = {rule.id: rule.check for rule in result.form.rules}
    asked, unsettled = [], []
    for finding in (located.finding for located in result.findings):
        if checks.get(finding.rule) != "one-value":
            continue
        known = result.table.numbers[finding.indicators[0]].iloc[: len(result.communes)].dropna()
        counts = known.value_counts()
        if 2 * counts.iloc[0] <= len(known):
            unsettled.append(finding)
            continue
        for index in known.index[known != counts.index[0]]:
            asked.append((result.communes[index].path, finding))
    return asked, unsettled


def _of_others(result: Consolidation, read: Mapping[Path, Submission]) -> dict[Path, list[Finding]]:
    """Return what files have to correct that were read but are of another period or unit."""
    refused = [one for one in result.refused if one.path in read and one.code in IDENTITY]
    own = check_all(result.form, [read[one.path] for one in refused])
    found = {}
    for one, findings in zip(refused, own, strict=True):
        cells = tuple(
            f"{positions.INFO_SHEET}!{positions.info_cell(name)}" for name in IDENTITY[one.code]
        )
        identity = Finding(one.code, "error", (), cells, "", one.message)
        found[one.path] = [identity, *(f for f in findings if f.severity in SEVERITIES)]
    return found


def _copies(paths: Sequence[Path], out: Path) -> dict[Path, Path]:
    """Return where the copy of each file goes; equal names go into folders of their own.

    Raises:
        FileExistsError: If one of them exists.
    """
    copies: dict[str, Path] = {}  # letter case does not tell files apart everywhere
    for path in paths:
        folders = (out, out / path.parent.name, *(out / str(n) for n in range(2, len(paths) + 2)))
        names = (folder / path.name for folder in folders)
        copy = next(name for name in names if str(name).casefold() not in copies)
        copies[str(copy).casefold()] = copy
        if copy.exists():
            raise FileExistsError(copy)
    return dict(zip(paths, copies.values(), strict=True))
