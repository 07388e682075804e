"""A workbook as its formulas see it: what stands in its cells, and what the rules look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import CellError, Share, is_computable
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.rule import RuleInstance
from xl_automation.reading.cells import Cell, FormCells
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.form_workbook import live_rules
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import EXCEL_EPOCH
from xl_automation.xlsx.sheet_editor import Result

Results = dict[str, dict[str, Result]]  # by sheet, then by cell
Plain = float | str | None  # a number, a text, blank
Content = Plain | bool | Share | CellError
DECIMAL_MARK = ","  # of a computer that is set to Vietnamese
_DIGITS = 15  # that programs write of a number


class NotKnownError(Exception):
    """Something in a workbook of which only a spreadsheet program can tell what comes of it."""


@dataclass(frozen=True)
class WorkbookState:
    """A workbook whose formulas are those that this program issues.

    Attributes:
        form: The form.
        submission: What it says.
        cells: What stands in the sheets that are read.
        names: The cell of each name.
        formulas: The formula of each cell that holds one, by sheet, then by cell.
        returned: The rows of the form that the city gives back.
        city_rows: What the city wrote below the rules, by column, row by row; None where nobody
            can read it.
    """

    form: Form
    submission: Submission
    cells: FormCells
    names: Mapping[str, Address]
    formulas: Mapping[str, Mapping[str, str]]
    returned: frozenset[int]
    city_rows: tuple[Mapping[str, Plain], ...] | None

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return Layout(self.form)

    @cached_property
    def figures(self) -> Figures:
        """The figures, one row of them, beside those of the earlier period."""
        figures = tabulate(self.form, [self.submission])
        if self.submission.previous is None:
            return figures
        _, numbers = self.submission.previous
        earlier = pd.DataFrame([numbers], columns=list(figures.numbers.columns), dtype="float64")
        return replace(figures, previous=earlier)

    @cached_property
    def rules(self) -> tuple[RuleInstance, ...]:
        """The rules that it checks live, in their order."""
        said = self.submission
        return live_rules(
            self.form, said.level, said.period, said.previous[0] if said.previous else None
        )

    def percentage(self, id: str) -> float | None:
        """Return what the parts of a percentage give, None where they give nothing."""
        return self.figures.row(0).recomputed(id)

    @cached_property
    def owed(self) -> tuple[Indicator, ...]:
        """The rows whose figures the unit owes."""
        return self.form.owed(self.submission.level)

    def id_at(self, row: int) -> str:
        """Return the id of a row of the form."""
        return self.form.indicators[row - positions.FIRST_ROW].id

    def of(self, unit: ReportingUnit, earlier: Mapping[str, float] | None) -> WorkbookState:
        """Return the state of the same workbook for another unit, with its earlier figures."""
        info = {
            **self.cells.info,
            positions.info_cell("TT_DON_VI"): positions.unit_text(unit),
        }
        said = replace(self.submission, unit_code=unit.code, unit_name=unit.name)
        if said.previous and earlier is not None:
            said = replace(said, previous=(said.previous[0], earlier))
        return replace(self, submission=said, cells=replace(self.cells, info=info))

    def info(self, name: str) -> Plain:
        """Return what stands in a named cell of the information sheet; a date as its serial."""
        value = self.cells.info.get(positions.info_cell(name))
        if isinstance(value, date) and not isinstance(value, datetime):
            return float((value - EXCEL_EPOCH).days)
        return plain_value(value)

    def page(self, address: str) -> Content:
        """Return what stands in a cell of the form's sheet."""
        value = self.cells.page.get(address)
        return value if isinstance(value, (bool, Share, CellError)) else plain_value(value)

    def beside(self, id: str) -> Plain | CellError:
        """Return what stands in the cell of a helper, or of a supporting table."""
        place = self.layout.place(id)
        table, column, row = self.form.table_cells.get(id, (None, None, 0))
        if table and column and (column.sum or not row):
            return self.figures.row(0).number(id)
        cells = self.cells.tables.get(table.id, {}) if table else self.cells.page
        value = cells.get(place.cell)
        if isinstance(value, CellError):
            return value
        if isinstance(value, date) and not isinstance(value, datetime):
            return float((value - EXCEL_EPOCH).days)
        return plain_value(value.number if isinstance(value, Share) else value)


def plain_value(value: Cell) -> Plain:
    """Return the value of a cell that holds a number, a text or nothing.

    Raises:
        NotKnownError: If it holds anything else, or a number beyond reason.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and is_computable(value):
        return float(value)
    raise NotKnownError(f"a formula that meets {value!r}")


def as_text(value: Plain) -> str:
    """Return a value as formulas write it into a text, in Vietnamese notation.

    >>> as_text(58.85), as_text(4860000.0), as_text(None)
    ('58,85', '4860000', '')

    Raises:
        NotKnownError: If programs write the number each in its own way.
    """
    if value is None or isinstance(value, str):
        return value or ""
    text = f"{value + 0.0:.{_DIGITS}g}"
    if "e" in text or (value and abs(value) < 1e-4):
        raise NotKnownError(f"the text of {value}")
    return text.replace(".", DECIMAL_MARK)
