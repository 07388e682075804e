"""The sheet ``Theo đơn vị``: a row per unit, a column per figure; the totals count over it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.intake import sender
from xl_automation.consolidation.register import LeftOut
from xl_automation.forms.numbers import show
from xl_automation.reading.figures import FigureRow
from xl_automation.reading.submission import Submission
from xl_automation.summary.figure_links import FigureLinks
from xl_automation.summary.left_out import EXCLUDED, Figure, shown_figure
from xl_automation.summary.matrix_heads import SECTION_ROW, WAYS_ROW, write_heads
from xl_automation.summary.places import (
    FIRST_ROW,
    HEADER_ROW,
    MATRIX_COLUMNS,
    MatrixColumn,
    matrix_column,
)
from xl_automation.summary.summary_workbook import AMBER, BLUE, GREY, RED, SummaryWorkbook
from xl_automation.wording import capitalized
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongCell, LongRow

GROUPED = 1e9  # a whole number below it is shown in groups of three, which the columns hold
TAKEN_OUT = " (loại)"  # how the code of a figure that is excluded ends


def write_matrix(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the figures of every unit, and below them those of the city's own workbook."""
    summary.title(sheet, "THEO ĐƠN VỊ")
    places = summary.places
    others = write_heads(summary, sheet) + len(summary.result.counted)
    ids = (*places.figure_columns, *places.table_columns)
    links = FigureLinks(summary.result, summary.links, ids, others)
    words = summary.format(italic=True, font_color=GREY)
    sheet.write_string(WAYS_ROW - 1, matrix_column("unit"), links.words, words)
    sheet.freeze_panes(HEADER_ROW, matrix_column("unit"))
    last = places.city_row if summary.result.city else FIRST_ROW + len(summary.units) - 1
    sheet.print_area(SECTION_ROW - 1, 0, max(last, FIRST_ROW) - 1, places.matrix_width - 1)
    if summary.units:
        sheet.autofilter(HEADER_ROW - 1, 0, places.last_unit_row - 1, places.matrix_width - 1)
    summary.rows(sheet, last - FIRST_ROW + 1, _rows(summary, links))


# --- rows --------------------------------------------------------------------------------------


_FigureCell = tuple[str | float | None, Format]


class _Looks(NamedTuple):
    """The formats of the rows."""

    plain: Format
    link: Format
    missing: Format
    whole: Format
    number: Format
    text: Format
    left_out: Format
    code: Format


def _rows(summary: SummaryWorkbook, links: FigureLinks) -> Iterator[LongRow]:
    """Return the rows of the units, and below them that of the city's own workbook."""
    looks = _Looks(
        plain=summary.format(border=1),
        link=summary.format(border=1, font_color=BLUE, underline=1),
        missing=summary.format(border=1, font_color=RED),
        whole=summary.format(border=1, num_format="#,##0"),
        number=summary.format(border=1, num_format="General"),
        text=summary.format(border=1, font_color=RED),
        left_out=summary.format(border=1, num_format="General", font_color=AMBER, italic=True),
        code=summary.format(border=1, font_color=GREY, align="center"),
    )
    return _Rows(summary, looks, links).made()


@dataclass(frozen=True)
class _Rows:
    """What the rows are made with."""

    summary: SummaryWorkbook
    looks: _Looks
    links: FigureLinks

    def made(self) -> Iterator[LongRow]:
        """Yield the rows, one by one."""
        summary, looks = self.summary, self.looks
        result, places = summary.result, summary.places
        figures = {row.submission.unit_code: row for row in result.commune_rows}
        weights = [
            result.reports.weights(summary.form.by_id[id]).tolist() for id in places.weight_columns
        ]
        for code, name in summary.units:
            row = figures.get(code)
            if row is None:
                cells = [(code, looks.plain), (name, looks.missing), ("Chưa có", looks.missing)]
                yield LongRow(cells)
            else:
                own = (column[row.position] for column in weights)
                known = [(None if math.isnan(weight) else weight, looks.number) for weight in own]
                yield self._row(code, name, row, known)
        if city := result.city_row:
            yield from repeat(LongRow([]), places.city_row - FIRST_ROW - len(summary.units))
            name = city.submission.unit_name or capitalized(summary.form.city)
            yield self._row(city.submission.unit_code or "", name, city, [None] * len(weights))

    def _row(
        self, code: str, name: str, figures: FigureRow, weights: Sequence[LongCell | None]
    ) -> LongRow:
        """Return the row of a submission: whose, in what state, its figures as they were read."""
        submission, form = figures.submission, self.summary.form
        helpers = {id: figures.number(id) for id in form.helper_ids}
        cells = {
            id: self._code_cell(figures, id)
            if value in form.absence
            else self._figure_cell(value, self.summary.left_out.get((code, id)))
            for id, value in {**figures.values(), **helpers}.items()
        }
        tables = {id: self._table_cell(figures, id) for id in self.summary.places.table_columns}
        return LongRow(
            [
                *self._unit_cells(code, name, submission),
                *self._linked(submission, cells),
                *weights,
                *self._linked(submission, tables),
            ]
        )

    def _unit_cells(self, code: str, name: str, submission: Submission) -> Iterator[LongCell]:
        looks, severities = self.looks, self.summary.severities
        place = Address.of(self.summary.form.sheet, "A", 1)
        cells: Mapping[MatrixColumn, LongCell] = {
            "code": (code, looks.plain),
            "unit": (self.summary.links.link(submission.path, name, place), looks.link),
            "status": ("Đã gửi", looks.plain),
            "error": (severities[sender(submission), "error"], looks.plain),
            "warning": (severities[sender(submission), "warning"], looks.plain),
        }
        return (cells[column] for column in MATRIX_COLUMNS)

    def _linked(
        self, submission: Submission, cells: Mapping[str, _FigureCell]
    ) -> Iterator[LongCell]:
        """Yield figures as links to where they stand in the file."""
        for id, (content, look) in cells.items():
            yield self.links.link(submission, id, content), look

    def _table_cell(self, figures: FigureRow, id: str) -> _FigureCell:
        """Return a total of a supporting table; what is in no total is a text."""
        communes, position = self.summary.result.reports, figures.position
        number = figures.number(id)
        is_commune = position < len(communes.names)
        if number is not None and is_commune and math.isnan(communes.numbers(id)[position]):
            return f"{EXCLUDED}{show(number)}", self.looks.text
        return number, self._number_look(number)

    def _code_cell(self, figures: FigureRow, id: str) -> _FigureCell:
        """Return the cell of a code for no figure; one that a decision left out is told apart."""
        reports, position = self.summary.result.reports, figures.position
        counted = reports.communes if position < len(reports.names) else reports.city
        assert counted is not None
        at = position if counted is reports.communes else 0
        reading = figures.reading(id)
        assert reading is not None
        is_out = not counted.absences(id)[at]
        return f"{reading.absence}{TAKEN_OUT if is_out else ''}", self.looks.code

    def _figure_cell(self, figure: Figure, left: LeftOut | None) -> _FigureCell:
        """Return the cell of a figure; what is in no total is told from the others."""
        if left is not None and left.value is not None:
            return shown_figure(figure, left), self.looks.left_out
        return figure, self.looks.text if isinstance(figure, str) else self._number_look(figure)

    def _number_look(self, number: float | None) -> Format:
        if number is None or (abs(number) < GROUPED and number == int(number)):
            return self.looks.whole
        return self.looks.number
