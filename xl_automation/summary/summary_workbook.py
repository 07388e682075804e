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
from xl_automation.summary.lower_places import LowerPlaces
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW, OVERVIEW, SummaryPlaces
from xl_automation.summary.print_setup import FONT_SIZE, pixels, set_up_print
from xl_automation.summary.row_facts import RowFacts
from xl_automation.summary.standings import Standings
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongRow
from xl_automation.xlsx.new_workbook import NewWorkbook
from xl_automation.xlsx.row_height import Text, row_height, text_width

# One quiet palette: text, the accent (also of links), what matters less, thin rules, pale fills.
INK, BLUE, GREY, LINE, PALE = "#1F2933", "#1F4E79", "#66727F", "#C5CED8", "#E9EFF5"
# Only where something is wrong, and never without a word or a number; green where it is right.
RED, AMBER, GREEN = "#B3261E", "#9A6200", "#3F6B2F"
PALE_RED, PALE_AMBER = "#F4C7C3", "#FBE3B5"
OPEN_COLOR = "#FFF9E5"  # of cells that officers write in
TITLE_SIZE, TITLE_HEIGHT = 15, 21.0  # points, as those that follow
_LINE, _PADDING = 15.0, 3.0
_FILTER_BUTTON = 17  # pixels
_ROOM = 0.94  # of a column: letters with accents come from a wider font in some programs


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
        twice = (one for duplicate in self.result.duplicates for one in duplicate.replaced)
        return FileLinks(self.folder, LowerPlaces(self.form, (*self.result.counted, *twice)))

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

    @cached_property
    def row_facts(self) -> RowFacts:
        """What the totals say of each row beside its figure."""
        return RowFacts(self.result, self.places, dict(self.units))

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet, without lines between its cells and ready to be printed."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        set_up_print(sheet, f"{self.form.name} – {self.period_label}")
        return sheet

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        lines = {"border_color": LINE} if "border" in properties else {}
        return self.workbook.look(**(lines | properties))

    def name(self, name: str, place: Address) -> None:
        """Give a cell a name of the whole workbook."""
        self.workbook.define_name(name, f"={place.reference}")

    @property
    def period_label(self) -> str:
        """What the period is called."""
        return self.result.period.label if self.result.period else "chưa rõ kỳ"

    def title(self, sheet: Worksheet, text: str) -> None:
        """Write what the sheet is and of which period, and there the way back to the first one."""
        look = self.format(bold=True, font_size=TITLE_SIZE, font_color=BLUE)
        sheet.write_string(0, 0, text, look)
        sheet.set_row(0, TITLE_HEIGHT)
        told = self.format(italic=True)
        if sheet.name == OVERVIEW:
            sheet.write_string(1, 0, f"{self.form.name} – {self.period_label}", told)
            return
        first = Address.of(OVERVIEW, "A", 1)
        link = self.format(font_color=BLUE, underline=1)
        sheet.write_url(1, 0, f"internal:{first.link}", told, f"◄ {OVERVIEW}")
        pieces = (link, f"◄ {OVERVIEW}", told, f" · {self.period_label}")
        sheet.write_rich_string(1, 0, *pieces, told)

    @property
    def head_look(self) -> Format:
        """The look of the captions of columns."""
        return self.format(
            bold=True,
            font_color=INK,
            bg_color=PALE,
            border=1,
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


def one_line(text: str, width: int) -> str:
    """Return a text as one line of a column of *width* characters shows it: all, or both its ends.

    A link is never broken over lines in LibreOffice.
    """
    room, kept, shown = pixels(width), len(text), text
    while kept and text_width(Text(shown, 0, size=FONT_SIZE)) > room:
        kept -= 1
        shown = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
    return shown


def caption_height(columns: Iterable[tuple[str, int]]) -> float:
    """Return the height of a row of captions to filter by, each with its column's width.

    Widths are in characters.
    """
    captions = (
        Text(caption, pixels(width) - _FILTER_BUTTON, bold=True, size=FONT_SIZE)
        for caption, width in columns
    )
    return row_height(captions, _LINE, _PADDING)


def height(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height of a row of texts, each with the width of its column in characters."""
    wrapped = (Text(text, int(pixels(width) * _ROOM), size=FONT_SIZE) for text, width in texts)
    return row_height(wrapped, _LINE, _PADDING)
