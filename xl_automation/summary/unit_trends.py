"""The sheet ``Một đơn vị``: one unit's figures of each known period, of the unit that is chosen.

What the units reported before stands on the hidden sheet ``Số kỳ trước``, a row per unit in the
order of the matrix; what they report now is taken from the matrix.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.checks.earlier import PastPeriod
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.past_gaps import OTHER_UNITS
from xl_automation.consolidation.past_totals import is_comparable
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.period import Period
from xl_automation.forms.words import plain_text
from xl_automation.summary.cell import LiveFormula, SummaryCell
from xl_automation.summary.choices_sheet import unit_label
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW, MATRIX, PAST_FIGURES
from xl_automation.summary.print_setup import print_over_pages
from xl_automation.summary.summary_workbook import (
    GREY,
    OPEN_COLOR,
    SummaryWorkbook,
    height,
    set_widths,
)
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.cell_text import cell_text
from xl_automation.xlsx.long_rows import LongRow

MOST_CELLS = 200_000  # of earlier figures: beyond that the summary would no longer be light
LABEL_WIDTH, FIGURE_WIDTH = 50, 14
FIXED = {"STT": 9, "Các chỉ tiêu": LABEL_WIDTH, "Đơn vị tính": 12}
CHANGE, AGAINST = "Tăng, giảm", "So với"
CHOOSE = "Chọn đơn vị ở ô này."
WHY_BLANK = "Vì sao không so được"
_CHOSEN_ROW, _FIRST = 3, len(FIXED) + 1
_CHOSEN, _NUMBER = Address.of("", 2, _CHOSEN_ROW), Address.of("", 3, _CHOSEN_ROW)


def digits(item: Indicator) -> str:
    """Return how figures of a row are shown, whatever they are: live cells do not know."""
    return "#,##0.00" if item.kind in ("percent", "amount") else "#,##0"


def signed_digits(item: Indicator) -> str:
    """Return how their changes are shown."""
    return f"+{digits(item)};-{digits(item)};0"


def has_unit_trends(result: Consolidation) -> bool:
    """Return whether there is anything earlier of the units, and not too much."""
    return bool(result.period and result.units and 0 < _cells(result) <= MOST_CELLS)


def has_too_many(result: Consolidation) -> bool:
    """Return whether there is more of them than a summary has room for."""
    return _cells(result) > MOST_CELLS


def _cells(result: Consolidation) -> int:
    return len(result.units) * len(result.unit_past) * len(result.form.figures)


def write_past_figures(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write what each unit reported in each earlier period, the earliest first."""
    table = _UnitTrends(summary)
    look = summary.format()
    summary.row(sheet, 1, [(caption, look) for caption in table.captions()])
    summary.rows(sheet, len(summary.units), table.past_rows(), first=2)


def write_one_unit(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write a column for each period, and the choice of the unit whose figures they show."""
    summary.title(sheet, "MỘT ĐƠN VỊ QUA CÁC KỲ")
    table = _UnitTrends(summary)
    captions = {
        **FIXED,
        **{period.label: FIGURE_WIDTH for period in table.periods},
        CHANGE: 12,
        AGAINST: 12,
    }
    widths = list(captions.values())
    set_widths(sheet, widths)
    print_over_pages(sheet, widths, repeated=2)
    _write_choice(summary, sheet, table)
    _write_why_blank(summary, sheet, table, widths)
    summary.head(sheet, captions)
    sheet.set_row(HEADER_ROW - 1, height([(one, width - 3) for one, width in captions.items()]))
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.repeat_rows(HEADER_ROW - 1)
    for row, item in enumerate(table.items, start=FIRST_ROW):
        sheet.set_row(row - 1, height([(plain_text(item.label), LABEL_WIDTH)]))
        summary.row(sheet, row, table.line(item, row))
    sheet.print_area(0, 0, FIRST_ROW + len(table.items) - 2, len(widths) - 1)


def _write_choice(summary: SummaryWorkbook, sheet: Worksheet, table: _UnitTrends) -> None:
    """Write the cell in which the unit is chosen, and beside it which row of the matrix it has."""
    bold = summary.format(bold=True, bg_color=OPEN_COLOR, border=1, text_wrap=True)
    hidden = summary.format(font_color="#FFFFFF")
    source = table.past_range(1)
    row = _CHOSEN_ROW - 1
    sheet.write_string(row, 0, "Đơn vị", summary.format(bold=True))
    sheet.write_string(row, 1, table.labels[table.shown], bold)
    text = f"=IFERROR(MATCH({_fixed(_CHOSEN)},{source},0),0)"
    sheet.write_formula(row, 2, text, hidden, table.shown + 1)
    sheet.data_validation(
        row,
        1,
        row,
        1,
        {
            "validate": "list",
            "source": f"={source}",
            "input_title": "Đơn vị",
            "input_message": CHOOSE,
            "error_title": "Đơn vị",
            "error_message": "Không có trong danh sách. Chọn một đơn vị của sổ này.",
        },
    )


def _write_why_blank(
    summary: SummaryWorkbook, sheet: Worksheet, table: _UnitTrends, widths: Sequence[int]
) -> None:
    """Write beside the unit why it cannot be compared with an earlier period, if it cannot."""
    look = summary.format(text_wrap=True, valign="top", font_color=GREY)
    reason = f"INDEX({table.reasons_range},{_fixed(_NUMBER)})"
    text = f'=IF({_fixed(_NUMBER)}=0,"",{reason}&"")'
    row, first, last = _CHOSEN_ROW - 1, _FIRST - 1, len(widths) - 1
    sheet.merge_range(row, first, row, last, "", look)
    sheet.write_formula(row, first, text, look, table.reason(table.shown))
    longest = max(map(table.reason, range(len(table.labels))), key=len)
    sheet.set_row(row, height([(longest, sum(widths[first:]))]))


@dataclass(frozen=True)
class _UnitTrends:
    """The figures of the units in each period, and where they stand."""

    summary: SummaryWorkbook

    @cached_property
    def past(self) -> tuple[PastPeriod, ...]:
        """The earlier periods, the earliest first."""
        return self.summary.result.unit_past[::-1]

    @property
    def now(self) -> Period:
        """The period of the summary."""
        period = self.summary.result.period
        assert period is not None
        return period

    @property
    def periods(self) -> tuple[Period, ...]:
        """All periods in order of time."""
        return (*(past.period for past in self.past), self.now)

    @cached_property
    def items(self) -> tuple[Indicator, ...]:
        """The rows that a commune answers for."""
        return tuple(item for item in self.summary.form.figures if item.concerns("commune"))

    @cached_property
    def labels(self) -> Sequence[str]:
        """What the units are called, in the order of the matrix."""
        return [unit_label(code, name) for code, name in self.summary.units]

    @cached_property
    def shown(self) -> int:
        """The place of the unit that is chosen to begin with: the first that has reported."""
        reported = {row.submission.unit_code for row in self.summary.result.commune_rows}
        places = (n for n, (code, _) in enumerate(self.summary.units) if code in reported)
        return next(places, 0)

    # --- the hidden sheet --------------------------------------------------------------------

    def captions(self) -> Iterator[str]:
        """Yield what its columns are."""
        yield "Đơn vị"
        for past in self.past:
            yield from (f"{past.period.code} {item.id}" for item in self.items)
        yield WHY_BLANK

    def past_rows(self) -> Iterator[LongRow]:
        """Yield its rows, one by one."""
        look, ids = self.summary.format(), [item.id for item in self.items]
        codes = [code for code, _ in self.summary.units]
        frames = [past.numbers.reindex(index=codes, columns=ids).to_numpy() for past in self.past]
        for number, label in enumerate(self.labels):
            figures = (value for frame in frames for value in frame[number].tolist())
            cells = ((None if math.isnan(value) else value, look) for value in figures)
            yield LongRow([(label, look), *cells, (self.reason(number) or None, look)])

    def past_range(self, column: int) -> str:
        """Return a column of it, the cells of all units."""
        return _cells_below(Address.of(PAST_FIGURES, column, 2), len(self.labels))

    @property
    def reasons_range(self) -> str:
        """Return its last column, likewise."""
        return self.past_range(2 + len(self.past) * len(self.items))

    def reason(self, number: int) -> str:
        """Return why the unit in this place cannot be compared with an earlier period."""
        return self._reasons.get(self.summary.units[number][0], "")

    @cached_property
    def _reasons(self) -> Mapping[str, str]:
        """By the code of the unit."""
        findings = (one for one in self.summary.result.findings if one.finding.rule == OTHER_UNITS)
        return {one.code: cell_text(one.finding.seen) for one in findings if one.code}

    # --- the sheet of one unit ---------------------------------------------------------------

    def line(self, item: Indicator, row: int) -> list[SummaryCell]:
        """Return a row of the form: each period, and the change since the last that compares."""
        look: dict[str, Any] = {"border": 1, "valign": "top"}
        text = self.summary.format(**look, text_wrap=True)
        number = self.summary.format(**look, num_format=digits(item))
        signed = self.summary.format(**look, num_format=signed_digits(item))
        values = [*(self._past(past, item) for past in self.past), self._now(item)]
        numbers: list[SummaryCell] = [
            (_figure_of_chosen(cells, value), number)
            for cells, value in zip(self._sources(item), values, strict=True)
        ]
        difference, against = self._change(item, row, values)
        unit = "" if item.codes else item.unit
        return [
            (item.stt, text),
            (plain_text(item.label), text),
            (unit, text),
            *numbers,
            (difference, signed),
            (against, self.summary.format(**look, align="center")),
        ]

    def _sources(self, item: Indicator) -> Iterator[str]:
        """Yield the cells of all units that hold a figure, of each period."""
        place = self.items.index(item)
        for number in range(len(self.past)):
            yield self.past_range(2 + number * len(self.items) + place)
        column = self.summary.places.figure_columns[item.id]
        yield _cells_below(Address.of(MATRIX, column, FIRST_ROW), len(self.labels))

    def _past(self, past: PastPeriod, item: Indicator) -> float | None:
        code = self.summary.units[self.shown][0]
        if code not in past.numbers.index or item.id not in past.numbers.columns:
            return None
        value = float(past.numbers[item.id][code])
        return None if math.isnan(value) else value

    def _now(self, item: Indicator) -> float | None:
        """Return what the matrix has as a number; what is left out is a text there."""
        code = self.summary.units[self.shown][0]
        left = self.summary.left_out.get((code, item.id))
        rows = self.summary.result.commune_rows
        row = next((one for one in rows if one.submission.unit_code == code), None)
        return None if row is None or (left and left.value is not None) else row.number(item.id)

    def _change(
        self, item: Indicator, row: int, values: Sequence[float | None]
    ) -> tuple[LiveFormula | None, LiveFormula | None]:
        """Return the change since the last period that compares and has a number, and which."""
        *cells, now = (Address.of("", _FIRST + n, row).cell for n in range(len(values)))
        if item.codes:  # more or less of a code means nothing
            return None, None
        difference, against = '""', '""'
        change: float | None = None
        name: str | None = None
        for past, cell, then in zip(self.past, cells, values, strict=False):  # the latest outside
            if is_comparable(item, self.now, past.period):
                difference = f"IF(ISNUMBER({cell}),ROUND({now}-{cell},6),{difference})"
                against = f'IF(ISNUMBER({cell}),"{past.period.code}",{against})'
                if then is not None and values[-1] is not None:
                    change, name = round(values[-1] - then, 6), past.period.code
        return (
            LiveFormula(f'=IF(ISNUMBER({now}),{difference},"")', change),
            LiveFormula(f'=IF(ISNUMBER({now}),{against},"")', name),
        )


def _cells_below(first: Address, count: int) -> str:
    """Return *count* cells of a column, fixed."""
    last = Address.of("", first.column, first.row + count - 1)
    return f"{first.reference}:{_fixed(last)}"


def _figure_of_chosen(cells: str, value: float | None) -> LiveFormula:
    """Return the number that the chosen unit has among *cells*, blank where it has none."""
    number = _fixed(_NUMBER)
    figure = f"INDEX({cells},{number})"
    return LiveFormula(f'=IF({number}=0,"",IF(ISNUMBER({figure}),{figure},""))', value)


def _fixed(place: Address) -> str:
    return f"${place.column}${place.row}"
