"""A summary being written: what every sheet of it needs to know and share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.choice import Sender
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import LeftOut, Register
from xl_automation.consolidation.unit_findings import count_severities
from xl_automation.forms.form import Form
from xl_automation.forms.vocabulary import Severity
from xl_automation.summary.cell import SummaryCell, write_cell
from xl_automation.summary.file_links import FileLinks
from xl_automation.summary.left_out import LeftOutFigures
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW, SummaryPlaces
from xl_automation.summary.standings import Standings
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongRow
from xl_automation.xlsx.new_workbook import NewWorkbook
from xl_automation.xlsx.row_height import Text, row_height

# One quiet palette: text, the accent (also of links), what matters less, thin rules, pale fills.
INK, BLUE, GREY, LINE, PALE = "#1F2933", "#1F4E79", "#66727F", "#C5CED8", "#E9EFF5"
# Only where something is wrong, and never without a word or a number; green where it is right.
RED, AMBER, GREEN = "#B3261E", "#9A6200", "#3F6B2F"
PALE_RED, PALE_AMBER = "#F4C7C3", "#FBE3B5"
OPEN_COLOR = "#FFF9E5"  # of cells that officers write in
_LINE, _PADDING = 15.0, 3.0  # points


@dataclass(frozen=True)
class SummaryWorkbook:
    """One summary being written.

    Attributes:
        workbook: What is written to.
        result: What it says.
        folder: Where it will lie; links to the files are relative to it.
        sheets: The names of the sheets that people see, in their order.
    """

    workbook: NewWorkbook
    result: Consolidation
    folder: Path
    sheets: tuple[str, ...]

    @property
    def form(self) -> Form:
        """The form of all submissions."""
        return self.result.form

    @cached_property
    def units(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each unit that has a row: who owes a report, or else who sent one."""
        return tuple((unit.code, unit.name) for unit in self.result.units) or tuple(
            (commune.unit_code or "", commune.unit_name or "") for commune in self.result.communes
        )

    @cached_property
    def register(self) -> Register:
        """What the summary keeps for the next run."""
        return register_of(self.result)

    @cached_property
    def left_out(self) -> Mapping[tuple[str, str], LeftOut]:
        """The figures that are in no total, by the code of the unit and the id of the row."""
        return {(left.unit, left.indicator): left for left in self.result.left_out}

    @cached_property
    def links(self) -> FileLinks:
        """Links to the files."""
        return FileLinks(self.folder)

    @cached_property
    def severities(self) -> Counter[tuple[Sender, Severity]]:
        """How many findings of each severity there are about cells of what each unit sent."""
        return count_severities(
            unit_finding for unit_finding in self.result.findings if unit_finding.finding.cells
        )

    @cached_property
    def places(self) -> SummaryPlaces:
        """Where everything stands."""
        return SummaryPlaces(self.form, len(self.units))

    @cached_property
    def standings(self) -> Standings:
        """How the units stand."""
        return Standings(self.result, self.units)

    @cached_property
    def left_out_figures(self) -> LeftOutFigures:
        """What the totals say of the figures that are in none of them."""
        return LeftOutFigures(self.result, self.places)

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet, printed across the page."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        return self.workbook.look(**properties)

    def name(self, name: str, place: Address) -> None:
        """Give a cell a name of the whole workbook."""
        self.workbook.define_name(name, f"={place.reference}")

    def title(self, sheet: Worksheet, text: str) -> None:
        """Write what the sheet is, of which form and period."""
        sheet.write_string(0, 0, text, self.format(bold=True, font_size=15, font_color=BLUE))
        period = self.result.period.label if self.result.period else "chưa rõ kỳ"
        sheet.write_string(1, 0, f"{self.form.name} – {period}", self.format(italic=True))

    @property
    def head_look(self) -> Format:
        """The look of the captions of columns."""
        return self.format(
            bold=True,
            font_color=INK,
            bg_color=PALE,
            border=1,
            border_color=LINE,
            bottom=2,
            bottom_color=BLUE,
            text_wrap=True,
            align="center",
        )

    def head(self, sheet: Worksheet, captions: Iterable[str], row: int = HEADER_ROW) -> None:
        """Write the captions of columns, by default where a list has them."""
        self.row(sheet, row, ((caption, self.head_look) for caption in captions))

    def row(
        self, sheet: Worksheet, row: int, cells: Iterable[SummaryCell | None], first: int = 1
    ) -> None:
        """Write cells beside each other from column *first* on; None leaves a place as it is."""
        for column, cell in enumerate(cells, start=first):
            if cell is not None:
                write_cell(sheet, row - 1, column - 1, cell)

    def rows(
        self, sheet: Worksheet, count: int, rows: Iterable[LongRow], first: int = FIRST_ROW
    ) -> None:
        """Let all of a list be *rows*, *count* of them: they are made when the file is packed.

        The formats of their cells must have been asked for before. *first* is the number of the
        first of them; below the last nothing else stands.
        """
        self.workbook.long_rows(sheet, first, count, rows)

    def note(self, sheet: Worksheet, text: str) -> None:
        """Say under the title what the sheet does not show."""
        sheet.write_string(2, 0, text, self.format(bold=True, font_color=RED))


def set_widths(sheet: Worksheet, widths: Iterable[int]) -> None:
    """Set the widths of the first columns, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def height(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height of a row of texts, each with the width of its column in characters."""
    wrapped = (Text(text, width * 7 + 5, size=11) for text, width in texts)
    return row_height(wrapped, _LINE, _PADDING)
