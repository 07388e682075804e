"""A workbook being written: what every sheet of it needs to know and share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.excel_limits import MAX_ERROR, MAX_PROMPT, MAX_TITLE
from xl_automation.forms.folding import followers
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.validity import fits
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.template import positions
from xl_automation.template.issued_sheet import IssuedSheet
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import CellLink
from xl_automation.xlsx.new_workbook import NewWorkbook

# Fills differ in lightness, for eyes that do not tell colours apart and for grey printers: what one
# fills is white, what is locked is pale, what another level answers for and what the city returns
# are darker. Colours of letters are dark enough on each of the fills.
WHITE, PALE, GREY = "#FFFFFF", "#DAE4EF", "#BFBFBF"
MARK = "#C9B3E3"  # what the city returns
BLACK, ASIDE, RED, GREEN = "#000000", "#595959", "#C00000", "#375623"
PURPLE, BLUE = "#7030A0", "#1F4E79"
MAX_COUNT = 999_999_999_999
DAY = "dd/mm/yyyy"  # how cells show a date


@dataclass(frozen=True, slots=True)
class Origin:
    """What a workbook holds that nobody fills: it is made of others.

    Attributes:
        figures: What stands in the inputs, by id: numbers, or codes for none.
        notes: What *Ghi chú* says of them, by id.
        links: Where each figure comes from, by id: a file and the place in it.
        told: What the sheet *Thông tin* says of it.
    """

    figures: Mapping[str, float | str]
    notes: Mapping[str, str]
    links: Mapping[str, CellLink]
    told: str


NOTHING = Origin({}, {}, {}, "")


@dataclass(frozen=True)
class FormWorkbook:
    """One workbook being written.

    Attributes:
        target: Where it is written.
        form: The form.
        level: Whose workbook it is.
        unit: The reporting unit, if it is filled in.
        period: The period, if it is filled in.
        units: The units offered in the list.
        previous: The earlier period shown beside the form.
        numbers: Its figures, by id.
        due: The day by which the report is due, None where nobody set one.
        origin: What it holds from the beginning.
    """

    target: NewWorkbook
    form: Form
    level: UnitLevel
    unit: ReportingUnit | None = None
    period: Period | None = None
    units: tuple[ReportingUnit, ...] = ()
    previous: Period | None = None
    numbers: Mapping[str, float] = field(default_factory=dict)
    due: date | None = None
    origin: Origin = NOTHING

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return Layout(self.form)

    @cached_property
    def rules(self) -> tuple[RuleInstance, ...]:
        """The rules that the workbook checks live, errors first."""
        return live_rules(self.form, self.level, self.period, self.previous)

    @cached_property
    def rule_places(self) -> Mapping[str, int]:
        """The place of each of these rules among them, from 0, by its key."""
        return {instance.key: place for place, instance in enumerate(self.rules)}

    @cached_property
    def followers(self) -> Mapping[str, tuple[RuleInstance, ...]]:
        """The rules that may only follow from each of these rules, by its key."""
        return followers(self.rules, self.form.folds)

    @property
    def due_words(self) -> str:
        """What the clerk reads of the day by which the report is due; empty without one."""
        return due_words(self.due)

    def sheet(self, name: str) -> Worksheet:
        """Return a new protected sheet; its cells are locked unless their format opens them.

        Formats may be changed, so that a cell that has become a date can be undone.
        """
        sheet = self.target.add_worksheet(name)
        sheet.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
        sheet.hide_gridlines(2)
        return sheet

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        return self.target.look(**properties)

    def name(self, name: str, place: Address) -> None:
        """Give a cell a name that the whole workbook knows."""
        self.target.define_name(name, f"={place.reference}")


def due_words(due: date | None) -> str:
    """Return what the clerk reads of the day by which a report is due; empty without one."""
    label = positions.INFO_ROWS[positions.DUE_CELL][1]
    return f"{label}: {due:%d/%m/%Y}" if due else ""


def due_formula() -> str:
    """Return the formula of these words, whatever day stands in its cell."""
    label, cell = positions.INFO_ROWS[positions.DUE_CELL][1], positions.DUE_CELL
    day = f'TEXT(DAY({cell}),"00")&"/"&TEXT(MONTH({cell}),"00")&"/"&YEAR({cell})'
    return f'IF(ISNUMBER({cell}),"{label}: "&{day},"")'


def live_rules(
    form: Form, level: str, period: Period | None, previous: Period | None
) -> tuple[RuleInstance, ...]:
    """Return the rules that a workbook checks live, errors first: its own, those on *previous*."""
    instances = form.instances(level)
    if period and previous:
        against = {kind for kind, _ in period.comparisons([previous])}
        instances += tuple(
            instance
            for instance in form.instances(level, "period")
            if instance.rule.against in against
        )
    order = list(SEVERITY_LABELS)
    return tuple(sorted(instances, key=lambda instance: order.index(instance.rule.severity)))


def validate(sheet: Worksheet, cell: str, title: str, prompt: str, error: str, **rule: Any) -> None:
    """Say what a cell accepts, before and after it is typed into.

    Raises:
        FormError: If Excel takes no text as long as one of these, which come from the form.
    """
    fits(title, MAX_TITLE, title, "title")
    fits(prompt, MAX_PROMPT, title, "input message")
    fits(error, MAX_ERROR, title, "error message")
    sheet.data_validation(
        cell,
        {
            **rule,
            "ignore_blank": True,
            "input_title": title,
            "input_message": prompt,
            "error_title": title,
            "error_message": error,
        },
    )


def print_on_a4(book: FormWorkbook, sheet: Worksheet) -> None:
    """Let a sheet be printed on A4 as official documents are, black on white."""
    sheet.set_paper(9)
    # Nghị định 30/2020/NĐ-CP, Phụ lục I: 20–25 mm above and below, 30–35 left, 15–20 right.
    sheet.set_margins(left=30 / 25.4, right=15 / 25.4, top=20 / 25.4, bottom=20 / 25.4)
    sheet.center_horizontally()
    sheet.print_black_and_white()
    if book.form.notice:
        sheet.set_footer(f"&C{_noted(book)}", {"margin": 10 / 25.4})


def _noted(book: FormWorkbook) -> str:
    """Return the notice of the form as a page's edge takes it."""
    return book.form.notice.replace("&", "&&")


def print_beside_form(
    book: FormWorkbook, sheet: Worksheet, last_column: str, last_row: int | None = None
) -> None:
    """Let a sheet that is no part of the form be printed too: one page wide, as it is seen.

    Args:
        book: The workbook.
        sheet: The sheet.
        last_column: Up to this column.
        last_row: Up to this row; where none is given, the print area is stated elsewhere.
    """
    sheet.set_paper(9)
    sheet.set_margins(left=20 / 25.4, right=15 / 25.4, top=15 / 25.4, bottom=20 / 25.4)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    noted = f"&L{_noted(book)}" if book.form.notice else ""
    sheet.set_footer(f"{noted}&C&A – &P/&N", {"margin": 10 / 25.4})
    if last_row:
        sheet.print_area(f"A1:{last_column}{last_row}")


def write_codes(sheet: Worksheet, issued: IssuedSheet) -> None:
    """Write the hidden codes by which rows and columns of a sheet are found again."""
    for code, row in issued.rows.items():
        sheet.write_string(f"{issued.code_column}{row}", code)
    sheet.set_column(f"{issued.code_column}:{issued.code_column}", None, None, {"hidden": True})
    if issued.code_row is not None:
        for column, code in issued.columns.items():
            sheet.write_string(f"{column}{issued.code_row}", code)
        sheet.set_row(issued.code_row - 1, None, None, {"hidden": True})
