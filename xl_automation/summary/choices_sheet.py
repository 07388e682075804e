"""The hidden sheet ``Lựa chọn``: the lists behind the drop-downs of the sheet ``Quyết định``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.decisions import ALL
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.reading.remark import REMARKS
from xl_automation.summary.summary_workbook import SummaryWorkbook
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.cell_text import cell_text

CHOICES = "Lựa chọn"
Choice = Literal["unit", "indicator", "rule", "until"]
COLUMNS: tuple[Choice, ...] = get_args(Choice)
_YEARS = 2  # of which a decision may name the last period: the round's own and the next


def unit_labels(summary: SummaryWorkbook) -> Mapping[str, str]:
    """Return how the sheets name each unit that a decision can be about, by its code."""
    city = summary.register.city
    units = [*summary.units, *([city] if city else [])]
    return {code: unit_label(code, name) for code, name in units if code}


def unit_label(code: str, name: str) -> str:
    """Return how the sheets name a unit."""
    return cell_text(f"{code} – {name}")


def choices(summary: SummaryWorkbook) -> Mapping[Choice, Sequence[str]]:
    """Return what each list offers; a list is never empty."""
    form = summary.form
    return {
        "unit": [ALL, *unit_labels(summary).values()],
        "indicator": [ALL, *(item.id for item in form.figures)],
        "rule": _rules(form),
        "until": _periods(form, summary.result.period),
    }


def choice_source(summary: SummaryWorkbook, choice: Choice) -> str:
    """Return the cells of a list as a drop-down refers to them."""
    column, count = COLUMNS.index(choice) + 1, len(choices(summary)[choice])
    first = Address.of(CHOICES, column, 1)
    return f"={first.reference}:{Address.of('', column, count).reference}"


def write_choices(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the lists, a column each."""
    for column, entries in enumerate(choices(summary).values()):
        for row, text in enumerate(entries):
            sheet.write_string(row, column, text)


def _rules(form: Form) -> Sequence[str]:
    """Return the ids that findings have: of rules, of each row of them, of the reader's remarks."""
    ids = [
        id
        for rule in form.rules
        for id in ([instance.id for instance in rule.instances()] or [rule.id])
    ]
    return list(dict.fromkeys([*ids, *REMARKS]))


def _periods(form: Form, period: Period | None) -> Sequence[str]:
    """Return the periods from the round's own on; all of the form's first year where none is."""
    if period is None:
        return [Period(form.years[0], kind).code for kind in form.period_kinds]
    years = range(period.year, period.year + _YEARS)
    coming = [Period(year, kind) for year in years for kind in form.period_kinds]
    return [other.code for other in coming if other == period or other.follows(period)]
