"""Gives workbooks with findings back to who sent them (trả lại đơn vị).

Each copy has the cells in question marked, the reasons beside them, and only the inputs that the
reasons are about open; every figure, formula, name and validation stays as it came. What was
marked in an earlier round is cleared first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.copies import copies_in
from xl_automation.editing.return_marks import issued_fills, marked_workbook
from xl_automation.editing.returned_findings import returned_findings
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile, refused_file
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.files import Put, SeveralFiles, keep_apart
from xl_automation.xlsx.refusal import Refusal


@dataclass(frozen=True, slots=True)
class ReturnedWorkbook:
    """One workbook given back.

    Attributes:
        path: The file that was sent.
        copy: The file that goes back.
        findings: Why it goes back.
        opened: The cells that are open in it.
    """

    path: Path
    copy: Path
    findings: tuple[Finding, ...]
    opened: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class ReturnRound:
    """What became of each file; each is in one list only.

    Attributes:
        returned: The workbooks given back.
        clean: The files that are in order.
        superseded: The files that a later one of the same unit replaces.
        refused: The files that could not be read, trusted or marked.
        taken: The files whose copy has no place, each with what is there and stays.
        failed: The files at which the program itself failed, each with its error.
        unsettled: Shared figures on which the units differ without a majority.
    """

    returned: tuple[ReturnedWorkbook, ...]
    clean: tuple[Path, ...]
    superseded: tuple[Path, ...]
    refused: tuple[RefusedFile, ...]
    taken: tuple[tuple[Path, Path], ...]
    failed: tuple[tuple[Path, Exception], ...]
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

    Each file is done or said, whatever is in it; no file is ever replaced. What was stopped
    half-way can be called again, and goes on.

    Args:
        form: The form of all of them.
        results: One entry per file, as read or refused.
        out: The folder for the copies; they keep their file names.
        units: Who owes a report; the form's own list by default.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.

    Returns:
        What became of each file.

    Raises:
        UserError: If a copy would lie on a file that was read, or as :func:`consolidate` does; then
            nothing is written. If a copy cannot be written; the sentence says how many were.
    """
    results = list(results)
    consolidation = consolidate(form, results, units, period, previous)
    submissions = {result.path: result for result in results if isinstance(result, Submission)}
    owed = returned_findings(consolidation, submissions)
    to_return = {path: findings for path, findings in owed.by_path.items() if findings}
    copies = copies_in(out, list(to_return))
    keep_apart(copies.values(), [result.path for result in results])
    issued = issued_fills(form)
    returned, taken, failed = [], [], []
    refused = [file for file in consolidation.refused if file.path not in owed.by_path]
    with SeveralFiles(len(to_return)) as files:
        for path, findings in to_return.items():
            try:
                content, opened = marked_workbook(form, submissions[path], findings, issued)
            except Refusal as refusal:
                refused.append(refused_file(path, refusal))
                continue
            except Exception as error:  # a fault of ours; the others still go back
                failed.append((path, error))
                continue
            if files.put(copies[path], content) is Put.TAKEN:
                taken.append((path, copies[path]))
            else:
                returned.append(ReturnedWorkbook(path, copies[path], tuple(findings), opened))
    return ReturnRound(
        returned=tuple(returned),
        clean=tuple(path for path, findings in owed.by_path.items() if not findings),
        superseded=tuple(
            path
            for duplicate in consolidation.duplicates
            for path in duplicate.paths
            if path != duplicate.chosen
        ),
        refused=tuple(refused),
        taken=tuple(taken),
        failed=tuple(failed),
        unsettled=owed.unsettled,
    )
