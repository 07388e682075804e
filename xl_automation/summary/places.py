"""Where everything stands in the summary workbook. Rows and columns count from 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.pairs import pairs
from xl_automation.xlsx.address import Address

OVERVIEW, TOTALS, MATRIX = "Tổng quan", "Tổng hợp", "Theo đơn vị"  # formulas lead to these
RANKING = "Xếp hạng"  # and these, and formulas of the first sheet
TRENDS = "Xu hướng"  # and charts of its own
ONE_UNIT, PAST_FIGURES = "Một đơn vị", "Số kỳ trước"  # only where something earlier is known
LOWER = "Cấp dưới"  # only where summaries of lower levels are consolidated
PROGRESS, LEFT_OUT, EVENTS = "Tiến độ", "Không tính", "Diễn biến"  # and links and formulas to these
# Defined names by which a summary is known and read back: its period and form; and in the matrix
# the first column's id, and the code and the name of the first unit.
PERIOD_NAME, FORM_NAME = "TH_KY", "TH_BIEU"
ID_NAME, CODE_NAME, UNIT_NAME = "TH_CHI_TIEU", "TH_MA_DON_VI", "TH_TEN_DON_VI"
# And of the register in it: the day that is due, whether the round is frozen, and the first
# caption of each list that an officer writes in; the first cell of what only the program reads.
DUE_NAME, LOCKED_NAME, RECORD_NAME = "TH_HAN_GUI", "TH_KHOA_KY", "TH_SO_GHI"
PROGRESS_NAME, DECISIONS_NAME, FINDINGS_NAME = "TH_TIEN_DO", "TH_QUYET_DINH", "TH_DIEM"

HEADER_ROW = 4  # of every sheet that is a list: under its title, the form's name and a line
FIRST_ROW = HEADER_ROW + 1
ID_ROW = HEADER_ROW - 1  # of the matrix

MatrixColumn = Literal["code", "unit", "status", "error", "warning"]  # the figures follow
MATRIX_COLUMNS: tuple[MatrixColumn, ...] = get_args(MatrixColumn)
TotalsColumn = Literal[
    "stt",
    "label",
    "unit",
    "total",
    "filled",
    "expected",
    "left_out",
    "proof",
    "city",
    "appendix",
    "note",
    "absent",
    "part",
    "whole",
    "mean",
    "largest",
    "largest_unit",
    "share",
    "missing",
]
TOTALS_COLUMNS: tuple[TotalsColumn, ...] = get_args(TotalsColumn)


@dataclass(frozen=True, slots=True)
class MatrixSection:
    """Columns of the matrix that belong together: those of a part of the form, or beside them.

    Attributes:
        label: What they are.
        short: The same where there is little room.
        first: The number of the first column.
        last: That of the last.
        heading: The row of the totals that they belong to, by its id; None for none.
    """

    label: str
    short: str
    first: int
    last: int
    heading: str | None = None


def matrix_column(name: MatrixColumn) -> int:
    """Return the number of a column of the matrix that says something of the unit."""
    return MATRIX_COLUMNS.index(name) + 1


@dataclass(frozen=True)
class SummaryPlaces:
    """The cells of the matrix and of the totals, as formulas refer to them (``SummaryCells``).

    Attributes:
        form: The form.
        unit_count: How many units have a row in the matrix.
    """

    form: Form
    unit_count: int

    @cached_property
    def figure_columns(self) -> Mapping[str, int]:
        """The matrix's column of each figure and helper."""
        ids = [*(item.id for item in self.form.figures), *self.form.helper_ids]
        return _numbered(ids, len(MATRIX_COLUMNS) + 1)

    @cached_property
    def weight_columns(self) -> Mapping[str, int]:
        """The matrix's column of the weights of each weighted row."""
        weighted = (item.id for item in self.form.figures if aggregate_of(item).is_weighted)
        return _numbered(weighted, len(MATRIX_COLUMNS) + len(self.figure_columns) + 1)

    @cached_property
    def table_columns(self) -> Mapping[str, int]:
        """The matrix's column of each total of the supporting tables."""
        before = len(MATRIX_COLUMNS) + len(self.figure_columns) + len(self.weight_columns)
        return _numbered(self.form.table_totals, before + 1)

    @property
    def matrix_width(self) -> int:
        """How many columns the matrix has."""
        figures = (self.figure_columns, self.weight_columns, self.table_columns)
        return len(MATRIX_COLUMNS) + sum(map(len, figures))

    @cached_property
    def sections(self) -> tuple[MatrixSection, ...]:
        """The columns of figures by part of the form, and behind them what is beside the form."""
        columns, sections = self.figure_columns, []
        for part in self.form.parts:
            ids = [item.id for item in part if item.is_figure]
            if ids:
                head, ends = part[0], (columns[ids[0]], columns[ids[-1]])
                label = f"{head.stt} {head.label}".strip()
                sections.append(MatrixSection(label, f"Mục {head.id}", *ends, head.id))
        helpers = {id: columns[id] for id in self.form.helper_ids}
        beside = {
            "Tử, mẫu số": ("Tử số, mẫu số của tỷ lệ", helpers),
            "Quyền số": ("Quyền số bình quân", self.weight_columns),
        }
        for table in self.form.tables:
            own = {id: self.table_columns[id] for id in table.total_ids}
            beside[table.id] = (table.sheet, own)
        return (
            *sections,
            *(
                MatrixSection(label, short, min(own.values()), max(own.values()))
                for short, (label, own) in beside.items()
                if own
            ),
        )

    @property
    def unit_names(self) -> str:
        """The cells of the names of all units, one range."""
        return self._unit_cells(matrix_column("unit"))

    @property
    def last_unit_row(self) -> int:
        """The matrix's last row of a unit; there is one even where there are no units."""
        return FIRST_ROW + max(self.unit_count, 1) - 1

    @property
    def city_row(self) -> int:
        """The matrix's row of the city's own workbook, apart from the units."""
        return self.last_unit_row + 2

    def units(self, id: str) -> str:
        """Return the cells of all units for a row or helper, one range."""
        return self._unit_cells(self.figure_columns[id])

    def weights(self, id: str) -> str:
        """Return the cells of all units' weights in a weighted row, one range."""
        return self._unit_cells(self.weight_columns[id])

    def table_units(self, id: str) -> str:
        """Return the cells of all units for a total of a supporting table, one range."""
        return self._unit_cells(self.table_columns[id])

    def _unit_cells(self, column: int) -> str:
        first = Address.of(MATRIX, column, FIRST_ROW)
        return f"{first.reference}:{Address.of('', column, self.last_unit_row).reference}"

    def city(self, id: str) -> str:
        """Return the cell of the city's own figure."""
        return Address.of(MATRIX, self.figure_columns[id], self.city_row).reference

    def total(self, id: str) -> str:
        """Return the cell of the combined figure, as a formula of the same sheet refers to it."""
        return Address.of("", self.totals_cell("total", id).column, self.totals_rows[id]).reference

    def pair(self, id: str) -> tuple[str, ...]:
        """Return the rows that a unit must all have to count in this one; empty for most."""
        return pairs(self.form).get(id, ())

    @cached_property
    def totals_rows(self) -> Mapping[str, int]:
        """The totals' row of each indicator."""
        return _numbered((item.id for item in self.form.indicators), FIRST_ROW)

    def totals_cell(self, column: TotalsColumn, id: str) -> Address:
        """Return a cell of an indicator's row of the totals."""
        return Address.of(TOTALS, TOTALS_COLUMNS.index(column) + 1, self.totals_rows[id])


def _numbered(ids: Iterable[str], first: int) -> Mapping[str, int]:
    return {id: number for number, id in enumerate(ids, start=first)}
