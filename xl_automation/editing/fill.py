"""Types rows of ``id,value[,note]`` into a workbook and reports what did not fit.

Only the cells meant are changed. What is ambiguous or wrong is typed as the text it is, so that it
stays visible to the checks, and is reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xl_automation.checks.finding import Finding
from xl_automation.checks.percentages import with_percentages
from xl_automation.checks.rules import find
from xl_automation.editing.fill_plan import plan_fill
from xl_automation.editing.reissue import parts_as_issued
from xl_automation.editing.results.write import write_results
from xl_automation.editing.values_file import Entry
from xl_automation.forms.expression import asks
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import Reading
from xl_automation.forms.rule import Rule
from xl_automation.reading.figures import tabulate
from xl_automation.reading.locate import find_sheets
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import changed_workbook, read_book, set_cells
from xl_automation.xlsx.refusal import Refusal


@dataclass(frozen=True, slots=True)
class FillReport:
    """What became of the rows of a values file.

    Attributes:
        placed: How many values were typed.
        unplaced: Sentences on values that no cell takes.
        doubtful: Sentences on values that could not be read by the rules of their row.
        findings: Stated percentages that their parts do not give, or that are something else.
    """

    placed: int
    unplaced: tuple[str, ...]
    doubtful: tuple[str, ...]
    findings: tuple[Finding, ...]


def fill(workbook: Path, entries: Iterable[Entry], out: Path, form: Form) -> FillReport:
    """Type *entries* into *workbook*, write *out*, and return what did not fit.

    Raises:
        Refusal: If *workbook* is not an issued workbook of *form*, or is the city's appendix.
        UserError: If *out* is another file, or cannot be written.
    """
    submission = read_submission(workbook, form)  # refuses what is not ours
    if submission.is_city_appendix:
        raise Refusal("city-appendix")
    package = open_package(workbook)
    package.refuse_other_than(submission.sha256)
    parts = parts_as_issued(package, form, submission)
    names = find_sheets(read_book(parts).names, form).issued(form)
    plan = plan_fill(form, entries)
    set_cells(parts, plan.cells, called=names)
    write_results(form, parts)
    write_new(out, changed_workbook(parts, package.parts))
    findings = _disagreements(form, read_submission(out, form), plan.percentages)
    return FillReport(plan.placed, plan.unplaced, plan.doubtful, findings)


def _disagreements(
    form: Form, submission: Submission, percentages: Mapping[str, Reading]
) -> tuple[Finding, ...]:
    """Return what is to be said of the stated *percentages*: not of their parts, or a count."""
    computed = tabulate(form, [submission]).row(0).recomputed
    stated = {
        id: reading
        for id, reading in percentages.items()
        # A code agrees with parts that give nothing.
        if not reading.blank and not (reading.absence and computed(id) is None)
    }
    claimed = replace(submission, readings={**submission.readings, **stated})
    figures = tabulate(form, [claimed])
    (findings,) = with_percentages(figures, find(figures, applies=_compares_with_parts))
    return tuple(finding for finding in findings if finding.indicators[0] in stated)


def _compares_with_parts(rule: Rule) -> bool:
    return rule.holds is not None and asks(rule.holds, "agrees")
