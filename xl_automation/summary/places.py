"""Where everything stands in the summary workbook, for what is written and what is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name

from xl_automation.forms.form import Form

OVERVIEW, TOTALS, MATRIX, FINDINGS, LOG = (
    "Tổng quan",
    "Tổng hợp",
    "Theo đơn vị",
    "Điểm cần xem lại",
    "Nhật ký",
)
PERIOD_NAME, FORM_NAME = "TH_KY", "TH_BIEU"  # defined names that say what a summary is of
PERIOD_CELL, FORM_CELL = "B4", "B5"  # of the overview
ID_ROW, LABEL_ROW, FIRST_UNIT_ROW = 3, 4, 5  # rows of the matrix, 1-based
MATRIX_COLUMNS = ("Mã", "Đơn vị", "Tình trạng", "Lỗi", "Cảnh báo")
TOTALS_HEADER, TOTALS_FIRST_ROW = 4, 5


@dataclass(frozen=True)
class Places:
    """The columns of the matrix and the rows of the totals, given the form and how many units."""

    form: Form
    units: int

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """The matrix's column letter of each figure and helper."""
        ids = [*(item.id for item in self.form.figures), *self.form.helper_ids]
        return {id: _letter(at) for at, id in enumerate(ids)}

    @cached_property
    def weight_columns(self) -> Mapping[str, str]:
        """The matrix's column letter of the weights of each weighted row."""
        weighted = (item.id for item in self.form.figures if item.aggregate == "weighted")
        return {id: _letter(at) for at, id in enumerate(weighted, start=len(self.columns))}

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """The totals' row of each indicator, 1-based."""
        return {item.id: at for at, item in enumerate(self.form.indicators, TOTALS_FIRST_ROW)}

    @property
    def last_unit_row(self) -> int:
        """The matrix's last row of a unit; there is one even where there are no units."""
        return FIRST_UNIT_ROW + max(self.units, 1) - 1

    @property
    def city_row(self) -> int:
        """The matrix's row of the city's own workbook, apart from the units."""
        return self.last_unit_row + 2

    def units_range(self, column: str) -> str:
        """Return the cells of all units in a column of the matrix, as a formula says it."""
        return f"'{MATRIX}'!${column}${FIRST_UNIT_ROW}:${column}${self.last_unit_row}"

    def city_cell(self, id: str) -> str:
        """Return the city's own cell of a figure, as a formula says it."""
        return f"'{MATRIX}'!${self.columns[id]}${self.city_row}"


def _letter(at: int) -> str:
    letter: str = xl_col_to_name(len(MATRIX_COLUMNS) + at)
    return letter
