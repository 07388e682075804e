"""Consolidation → the city's summary workbook, and back as an earlier period.

Every figure of ``Tổng hợp`` is a live formula over ``Theo đơn vị``, written with its value, so
that an officer can follow it and a program that does not calculate still shows it. Text that came
from clerks is always written as text.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from xl_automation import expression, guard, package
from xl_automation.consolidate import (
    Consolidation,
    Located,
    code_label,
    file_name,
    printable,
    weights,
)
from xl_automation.derive import PLACES
from xl_automation.findings import SEVERITY_LABELS, values
from xl_automation.history import PastPeriod
from xl_automation.model import Form, Indicator
from xl_automation.refusal import Refusal
from xl_automation.submission import Submission
from xl_automation.typography import FONT, Text, row_height

OVERVIEW, TOTALS, MATRIX, FINDINGS, LOG = (
    "Tổng quan",
    "Tổng hợp",
    "Theo đơn vị",
    "Điểm cần xem lại",
    "Nhật ký",
)
PERIOD_NAME, FORM_NAME = "TH_KY", "TH_BIEU"  # defined names that say what a summary is of

HEAD, GREEN, RED, AMBER, BLUE, GREY = (
    "#1F4E79",
    "#548235",
    "#C00000",
    "#BF8F00",
    "#2E75B6",
    "#7F7F7F",
)
SEVERITY_COLORS = {"error": RED, "warning": AMBER, "info": BLUE}

ID_ROW, LABEL_ROW, FIRST_UNIT_ROW = 3, 4, 5  # rows of the matrix, 1-based
MATRIX_COLUMNS = ("Mã", "Đơn vị", "Tình trạng", "Lỗi", "Cảnh báo")
TOTALS_HEADER, TOTALS_FIRST_ROW = 4, 5
_LINE, _PADDING = 15.0, 3.0  # points
MAX_TEXT = 32_000  # a cell holds 32,767 characters
MAX_LINKED_ROWS = 32_000  # a sheet holds 65,530 links, a row has up to two
MAX_LINK = 2000  # characters; Excel takes 2,079
MAX_FORMULA = 8192  # characters


def write_summary(result: Consolidation, out: Path) -> None:
    """Write the summary workbook, whole or not at all; only an earlier summary is replaced.

    Raises:
        FileExistsError: If *out* exists and is not a summary.
    """
    if out.exists() and not is_summary(out):
        raise FileExistsError(out)
    package.write_whole(out, summary_bytes(result, out.parent))


def summary_bytes(result: Consolidation, folder: Path) -> bytes:
    """Return the summary workbook; links to the files are relative to *folder*."""
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter warns, then drops what it could not write
        book = xlsxwriter.Workbook(
            buffer,
            {
                "in_memory": True,
                "default_format_properties": {"font_name": FONT, "font_size": 11},
            },
        )
        _Summary(book, result, folder).write()
        book.close()
    return buffer.getvalue()


# --- formulas ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Formulas:
    """The live formula of each total, over the columns of the matrix and the totals sheet."""

    result: Consolidation
    columns: Mapping[str, str]  # id -> column letter of the matrix
    weight_columns: Mapping[str, str]
    rows: Mapping[str, int]  # id -> row of the totals sheet
    first: int
    last: int
    city_row: int

    def range(self, id: str) -> str:
        return self._range(self.columns[id])

    def _range(self, column: str) -> str:
        return f"'{MATRIX}'!${column}${self.first}:${column}${self.last}"

    def city_cell(self, id: str) -> str:
        return f"'{MATRIX}'!${self.columns[id]}${self.city_row}"

    def total(self, item: Indicator) -> str:
        """Return the formula of the combined figure of a row."""
        cells = self.range(item.id)
        match item.aggregate:
            case "sum":
                return f'=IF(COUNT({cells})=0,"",SUM({cells}))'
            case "shared":
                return f'=IF(COUNT({cells})=0,"",IF(MAX({cells})=MIN({cells}),MAX({cells}),""))'
            case "ratio":
                return f"={self._ratio(item)}"
            case "ratio_shared":
                return self._ratio_shared(item)
            case "share_units":
                full = f"SUMPRODUCT(ISNUMBER({cells})*({cells}=100))"
                return f'=IF(COUNT({cells})=0,"",ROUND(100*{full}/COUNT({cells}),{PLACES}))'
            case "weighted":
                return self._weighted(item)
            case "city":
                cell = self.city_cell(item.id)
                return f'=IF(ISNUMBER({cell}),{cell},"")'
        return '=""'

    def _parts(self, item: Indicator) -> tuple[str, str]:
        assert item.percent is not None
        return expression.refs(item.percent.part)[0], expression.refs(item.percent.whole)[0]

    def _ratio(self, item: Indicator) -> str:
        part, whole = (self.range(id) for id in self._parts(item))
        both = f"ISNUMBER({part})*ISNUMBER({whole})"
        under = f"SUMPRODUCT({both},{whole})"
        return f'IF({under}=0,"",ROUND(100*SUMPRODUCT({both},{part})/{under},{PLACES}))'

    def _ratio_shared(self, item: Indicator) -> str:
        part, whole = (f"$D${self.rows[id]}" for id in self._parts(item))
        agreed = f'IF({whole}=0,"",ROUND(100*{part}/{whole},{PLACES}))'
        return f"=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),{agreed},{self._ratio(item)})"

    def _weighted(self, item: Indicator) -> str:
        cells, by = self.range(item.id), self._range(self.weight_columns[item.id])
        both = f"ISNUMBER({cells})*ISNUMBER({by})"
        total = f"SUMPRODUCT({both},{by})"
        mean = f"ROUND(SUMPRODUCT({both},{cells},{by})/{total},{PLACES})"
        simple = f'IF(COUNT({cells})=0,"",ROUND(SUM({cells})/COUNT({cells}),{PLACES}))'
        return f"=IF({total}>0,{mean},{simple})"

    def filled(self, item: Indicator) -> str:
        """Return the formula of how many units filled a row."""
        cells = self.range(item.id)
        if item.aggregate == "city":
            return f"=COUNT({self.city_cell(item.id)})"
        if item.aggregate in ("ratio", "ratio_shared"):
            part, whole = (self.range(id) for id in self._parts(item))
            return f"=SUMPRODUCT(ISNUMBER({part})*ISNUMBER({whole}))"
        if item.aggregate == "weighted":
            by = self._range(self.weight_columns[item.id])
            both = f"SUMPRODUCT(ISNUMBER({cells})*ISNUMBER({by}))"
            return f"=IF({both}>0,{both},COUNT({cells}))"
        return f"=COUNT({cells})"

    def note(self, item: Indicator) -> str | None:
        """Return the live formula of a row's note, None where the note is plain text."""
        if item.aggregate != "code_count":
            return None
        cells, pieces = self.range(item.id), []
        for code in self.result.code_counts[item.id]:
            label = code_label(item, code).replace('"', '""')
            pieces.append(f'"{label}: "&SUMPRODUCT(ISNUMBER({cells})*({cells}={code}))')
        formula = "=" + '&"; "&'.join(pieces)
        return formula if len(formula) <= MAX_FORMULA else None


# --- writing -----------------------------------------------------------------------------------


class _Summary:
    """One summary being written; a method per sheet."""

    def __init__(self, book: xlsxwriter.Workbook, result: Consolidation, folder: Path):
        self.book, self.result, self.folder = book, result, folder
        self.form = result.form
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.units = [(unit.code, unit.name) for unit in result.units] or [
            (one.unit_code or "", one.unit_name or "") for one in result.communes
        ]
        self.severities: dict[int, Counter[str]] = defaultdict(Counter)  # of each submission
        for located in result.findings:
            if located.submission is not None and located.finding.cells:
                self.severities[id(located.submission)][located.finding.severity] += 1
        self.weights = {
            item.id: weights(result, item)
            for item in self.form.figures
            if item.aggregate == "weighted"
        }
        self.by_code = {one.unit_code: at for at, one in enumerate(result.communes)}
        start = len(MATRIX_COLUMNS)
        ids = [item.id for item in self.form.figures] + list(self.form.helper_ids)
        weighted = list(self.weights)
        letters = [xl_col_to_name(start + at) for at in range(len(ids) + len(weighted))]
        self.formulas = _Formulas(
            result,
            columns=dict(zip(ids, letters, strict=False)),
            weight_columns=dict(zip(weighted, letters[len(ids) :], strict=True)),
            rows={item.id: TOTALS_FIRST_ROW + at for at, item in enumerate(self.form.indicators)},
            first=FIRST_UNIT_ROW,
            last=FIRST_UNIT_ROW + max(len(self.units), 1) - 1,
            city_row=FIRST_UNIT_ROW + max(len(self.units), 1) + 1,
        )

    def write(self) -> None:
        sheets = {
            name: self.book.add_worksheet(name)
            for name in (OVERVIEW, TOTALS, MATRIX, FINDINGS, LOG)
        }
        self.book.set_properties({"title": f"Tổng hợp {self.form.name}"})
        self._write_overview(sheets[OVERVIEW])
        self._write_totals(sheets[TOTALS])
        self._write_matrix(sheets[MATRIX])
        self._write_findings(sheets[FINDINGS])
        self._write_log(sheets[LOG])
        for sheet in sheets.values():
            sheet.hide_gridlines(2)
            sheet.set_paper(9)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)

    def _format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 11, "valign": "vcenter"}
            self._formats[key] = self.book.add_format({**base, **properties})
        return self._formats[key]

    def _head(self, sheet: Worksheet, row: int, captions: tuple[str, ...]) -> None:
        look = self._format(
            bold=True, font_color="#FFFFFF", bg_color=HEAD, border=1, text_wrap=True, align="center"
        )
        for column, caption in enumerate(captions):
            sheet.write_string(row, column, caption, look)

    def _title(self, sheet: Worksheet, text: str) -> None:
        sheet.write_string("A1", text, self._format(bold=True, font_size=15, font_color=HEAD))
        period = self.result.period.label if self.result.period else "chưa rõ kỳ"
        sheet.write_string("A2", f"{self.form.name} – {period}", self._format(italic=True))

    def _link(
        self, sheet: Worksheet, at: tuple[int, int], path: Path, text: str, place: str, look: Format
    ) -> None:
        """Write a link to a place of a file, or plain text where a sheet is full of links."""
        row, column = at
        name, _, cell = place.rpartition("!")
        target = f"external:{link_target(path, self.folder)}"
        target += f"#'{name}'!{cell}" if name else ""
        if row > MAX_LINKED_ROWS or len(target) > MAX_LINK or target != printable(target):
            sheet.write_string(row, column, printable(text), look)
        else:
            sheet.write_url(row, column, target, look, text)

    # --- Tổng quan ----------------------------------------------------------------------------

    def _write_overview(self, sheet: Worksheet) -> None:
        result = self.result
        self._title(sheet, "TỔNG QUAN")
        sheet.set_column("A:A", 44)
        sheet.set_column("B:B", 16)
        sheet.set_column("C:C", 70)
        period = result.period.code if result.period else ""
        facts: list[tuple[str, int | str]] = [
            ("Kỳ báo cáo", period),
            ("Biểu mẫu", f"{self.form.id} ({self.form.version})"),
            ("Số xã, phường phải gửi", len(result.units)),
            ("Số xã, phường được tính", len(result.communes)),
            ("Sổ của thành phố", 1 if result.city else 0),
            ("Tệp nhận được", result.received),
            ("  Tệp được tính", len(result.counted)),
            ("  Tệp bị từ chối", len(result.refused)),
            ("  Tệp bị thay bằng bản sau", result.superseded),
            ("Đơn vị chưa gửi", len(result.missing)),
        ]
        severities = [located.finding.severity for located in result.findings]
        facts += [
            (f"Số {SEVERITY_LABELS[one].lower()}", severities.count(one)) for one in SEVERITY_LABELS
        ]
        name, value = self._format(border=1), self._format(border=1, bold=True, align="left")
        for row, (label, fact) in enumerate(facts, start=3):
            sheet.write_string(row, 0, label, name)
            write = sheet.write_number if isinstance(fact, int) else sheet.write_string
            write(row, 1, fact, value)
        self.book.define_name(PERIOD_NAME, f"='{OVERVIEW}'!$B$4")
        self.book.define_name(FORM_NAME, f"='{OVERVIEW}'!$B$5")
        agrees = result.received == len(result.counted) + len(result.refused) + result.superseded
        row = 3 + len(facts)
        sheet.write_string(row, 0, "Đối soát: nhận = tính + từ chối + thay thế", name)
        sheet.write_formula(
            row, 1, '=IF(B9=B10+B11+B12,"✓ Khớp","✗ Lệch")', value, "✓ Khớp" if agrees else "✗ Lệch"
        )
        row = self._write_lists(sheet, row + 2)
        self._write_charts(sheet)

    def _write_lists(self, sheet: Worksheet, row: int) -> int:
        """Write who is missing, what was refused and what was replaced; return the next row."""
        result = self.result
        cell = self._format(border=1, text_wrap=True)
        blocks: list[tuple[tuple[str, str, str], list[tuple[str, str, str]]]] = [
            (
                ("Đơn vị chưa gửi", "Mã", "Việc cần làm"),
                [(unit.name, unit.code, "Đôn đốc đơn vị gửi tệp") for unit in result.missing],
            ),
            (
                ("Tệp bị từ chối", "Mã lý do", "Lý do và cách xử lý"),
                [(file_name(one.path), one.code, one.message) for one in result.refused],
            ),
            (
                ("Đơn vị gửi nhiều tệp", "Mã", "Tệp được tính (lưu sau cùng) trong các tệp"),
                [
                    (
                        one.name,
                        one.unit,
                        f"{file_name(one.chosen)} trong: " + ", ".join(map(file_name, one.paths)),
                    )
                    for one in result.duplicates
                ],
            ),
        ]
        for captions, lines in blocks:
            self._head(sheet, row, captions)
            for line in lines or [("(không có)", "", "")]:
                row += 1
                sheet.set_row(row, _height(zip(line, (44, 16, 70), strict=True)))
                for column, text in enumerate(line):
                    sheet.write_string(row, column, text[:MAX_TEXT], cell)
            row += 2
        return row

    def _write_charts(self, sheet: Worksheet) -> None:
        """Draw who sent, the rates of the city, and where the findings are."""
        files = self.book.add_chart({"type": "bar"})
        files.add_series(
            {
                "name": "Số tệp",
                "categories": [OVERVIEW, 9, 0, 12, 0],
                "values": [OVERVIEW, 9, 1, 12, 1],
                "fill": {"color": BLUE},
                "data_labels": {"value": True},
                "points": [{"fill": {"color": c}} for c in (GREEN, RED, AMBER, GREY)],
            }
        )
        files.set_title({"name": "Tình hình nhận tệp", "name_font": {"size": 12}})
        files.set_legend({"none": True})
        files.set_y_axis({"reverse": True})
        files.set_size({"width": 620, "height": 260})
        # One below the other, however tall the rows beside them are.
        sheet.insert_chart("E4", files)
        sheet.insert_chart("E4", self._rates_chart(), {"y_offset": 275})
        if self.result.communes:
            sheet.insert_chart("E4", self._findings_chart(), {"y_offset": 710})

    def _rates_chart(self) -> Any:
        rates = [i for i in self.form.figures if i.aggregate in ("ratio", "ratio_shared")]
        rows = [self.formulas.rows[item.id] for item in rates]
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "name": "Tỷ lệ (%)",
                "fill": {"color": HEAD},
                "gap": 60,
                "categories": f"=({','.join(f'{TOTALS!r}!$B${row}' for row in rows)})",
                "values": f"=({','.join(f'{TOTALS!r}!$D${row}' for row in rows)})",
                "data_labels": {"value": True},
            }
        )
        chart.set_title(
            {"name": "Tỷ lệ tính lại từ tổng các thành phần (%)", "name_font": {"size": 12}}
        )
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
        chart.set_x_axis({"min": 0})
        chart.set_size({"width": 620, "height": 420})
        return chart

    def _findings_chart(self) -> Any:
        first, last = FIRST_UNIT_ROW - 1, self.formulas.last - 1
        chart = self.book.add_chart({"type": "column", "subtype": "stacked"})
        for column, color in ((3, RED), (4, AMBER)):
            chart.add_series(
                {
                    "name": MATRIX_COLUMNS[column],
                    "fill": {"color": color},
                    "gap": 40,
                    "categories": [MATRIX, first, 1, last, 1],
                    "values": [MATRIX, first, column, last, column],
                }
            )
        chart.set_title({"name": "Lỗi và cảnh báo theo đơn vị", "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"})
        chart.set_x_axis({"num_font": {"size": 8, "rotation": -60}})
        chart.set_size({"width": 620, "height": 380})
        return chart

    # --- Tổng hợp -----------------------------------------------------------------------------

    def _write_totals(self, sheet: Worksheet) -> None:
        self._title(sheet, "TỔNG HỢP")
        for column, width in zip("ABCDEFGHI", (9, 60, 16, 17, 11, 11, 15, 15, 60), strict=True):
            sheet.set_column(f"{column}:{column}", width)
        header = self.form.header
        self._head(
            sheet,
            TOTALS_HEADER - 1,
            (
                header["stt"],
                header["label"],
                header["unit"],
                "(A) Tổng hợp các xã, phường",
                "Đơn vị có số",
                "Trên tổng số",
                "Sổ của thành phố",
                "(B) Phụ lục của thành phố",
                "Cách tổng hợp",
            ),
        )
        sheet.set_row(TOTALS_HEADER - 1, 64)
        sheet.freeze_panes(TOTALS_HEADER, 2)
        sheet.repeat_rows(TOTALS_HEADER - 1)
        for item in self.form.indicators:
            self._write_total(sheet, item, self.formulas.rows[item.id] - 1)

    def _write_total(self, sheet: Worksheet, item: Indicator, row: int) -> None:
        bold = {"bold": True} if item.kind == "section" or item.style == "bold" else {}
        text = self._format(border=1, text_wrap=True, **bold)
        middle = self._format(border=1, align="center", text_wrap=True, **bold)
        note_text = self.result.totals[item.id].note if item.is_figure else ""
        sheet.set_row(row, _height(((item.label, 60), (item.unit, 16), (note_text, 60))))
        sheet.write_string(row, 0, item.stt, middle)
        sheet.write_string(row, 1, item.label, text)
        sheet.write_string(row, 2, item.unit, middle)
        if not item.is_figure:
            for column in range(3, 9):
                sheet.write_blank(row, column, None, text)
            return
        total = self.result.totals[item.id]
        number = self._format(
            border=1,
            align="right",
            bold=True,
            num_format=_number_format(item, self.result.totals[item.id].value),
        )
        count = self._format(border=1, align="center")
        sheet.write_formula(row, 3, self.formulas.total(item), number, _cached(total.value))
        sheet.write_formula(row, 4, self.formulas.filled(item), count, total.filled)
        expected = 1 if item.aggregate == "city" else self.result.expected
        sheet.write_number(row, 5, expected, count)
        cell, own = self.formulas.city_cell(item.id), self._city_value(item)
        sheet.write_formula(row, 6, f'=IF(ISNUMBER({cell}),{cell},"")', number, _cached(own))
        source, value = ("D", total.value) if _from_communes(item) else ("G", own)
        sheet.write_formula(row, 7, f"={source}{row + 1}", number, _cached(value))
        note = self.formulas.note(item)
        if note is None:
            sheet.write_string(row, 8, total.note[:MAX_TEXT], text)
        else:
            sheet.write_formula(row, 8, note, text, total.note)

    def _city_value(self, item: Indicator) -> float | int | None:
        if self.result.city is None:
            return None
        at = len(self.result.communes)
        value = values(self.form, self.result.city, self.result.table, at)[item.id]
        return value if isinstance(value, (int, float)) else None

    # --- Theo đơn vị --------------------------------------------------------------------------

    def _write_matrix(self, sheet: Worksheet) -> None:
        self._title(sheet, "THEO ĐƠN VỊ")
        sheet.set_column("A:A", 9)
        sheet.set_column("B:B", 24)
        sheet.set_column("C:C", 12)
        sheet.set_column("D:E", 9)
        last = len(MATRIX_COLUMNS) + len(self.formulas.columns) + len(self.formulas.weight_columns)
        sheet.set_column(len(MATRIX_COLUMNS), last, 13)
        sheet.set_row(LABEL_ROW - 1, 110)
        self._head(sheet, LABEL_ROW - 1, MATRIX_COLUMNS)
        self._write_matrix_heads(sheet)
        for row, (code, name) in enumerate(self.units, start=FIRST_UNIT_ROW - 1):
            self._write_unit(sheet, row, code, name, self.by_code.get(code))
        sheet.freeze_panes(FIRST_UNIT_ROW - 1, 2)
        if self.units:
            sheet.autofilter(LABEL_ROW - 1, 0, self.formulas.last - 1, last - 1)
        if self.result.city:
            at = len(self.result.communes)
            self._write_unit(
                sheet,
                self.formulas.city_row - 1,
                self.result.city.unit_code or "",
                self.result.city.unit_name or "Thành phố",
                at,
            )

    def _write_matrix_heads(self, sheet: Worksheet) -> None:
        ids = self._format(bold=True, align="center", border=1)
        label = self._format(
            font_size=9, text_wrap=True, border=1, valign="top", bg_color="#DDEBF7"
        )
        for id, column in self.formulas.columns.items():
            sheet.write_string(f"{column}{ID_ROW}", id, ids)
            helped = self.form.helper_ids.get(id)
            text = self.form.by_id[id].label if helped is None else _helper_label(helped, id)
            sheet.write_string(f"{column}{LABEL_ROW}", text, label)
        for id, column in self.formulas.weight_columns.items():
            sheet.write_string(f"{column}{LABEL_ROW}", f"Quyền số của {id}", label)

    def _write_unit(self, sheet: Worksheet, row: int, code: str, name: str, at: int | None) -> None:
        cell = self._format(border=1)
        sheet.write_string(row, 0, code, cell)
        if at is None:
            missing = self._format(border=1, font_color=RED)
            sheet.write_string(row, 1, name, missing)
            sheet.write_string(row, 2, "Chưa có", missing)
            return
        one = self.result.counted[at]
        link = self._format(border=1, font_color=BLUE, underline=1)
        self._link(sheet, (row, 1), one.path, name, f"{self.form.sheet}!A1", link)
        sheet.write_string(row, 2, "Đã gửi", cell)
        for column, severity in ((3, "error"), (4, "warning")):
            sheet.write_number(row, column, self.severities[id(one)][severity], cell)
        self._write_figures(sheet, row, one, at)

    def _write_figures(self, sheet: Worksheet, row: int, one: Submission, at: int) -> None:
        number = self._format(border=1, num_format="General")
        text = self._format(border=1, font_color=RED)
        found = values(self.form, one, self.result.table, at)
        for id, column in self.formulas.columns.items():
            value = found[id] if id in found else self.result.table.number(at, id)
            if isinstance(value, str):
                sheet.write_string(f"{column}{row + 1}", value[:MAX_TEXT], text)
            elif value is None:
                sheet.write_blank(f"{column}{row + 1}", None, number)
            else:
                sheet.write_number(f"{column}{row + 1}", value, number)
        if one.level != "commune":
            return
        for id, column in self.formulas.weight_columns.items():
            weight = self.weights[id].to_list()[at]
            if not pd.isna(weight):
                sheet.write_number(f"{column}{row + 1}", weight, number)

    # --- Điểm cần xem lại, Nhật ký ------------------------------------------------------------

    def _write_findings(self, sheet: Worksheet) -> None:
        self._title(sheet, "ĐIỂM CẦN XEM LẠI")
        captions = (
            "Mức độ",
            "Đơn vị",
            "STT",
            "Chỉ tiêu",
            "Ô",
            "Thấy",
            "Việc cần làm",
            "Quy tắc",
            "Tệp",
        )
        for column, width in zip("ABCDEFGHI", (11, 24, 10, 50, 10, 42, 70, 10, 30), strict=True):
            sheet.set_column(f"{column}:{column}", width)
        self._head(sheet, 3, captions)
        sheet.freeze_panes(4, 2)
        for row, located in enumerate(self.result.findings, start=4):
            self._write_finding(sheet, row, located)
        sheet.autofilter(3, 0, max(4, 3 + len(self.result.findings)), len(captions) - 1)

    def _write_finding(self, sheet: Worksheet, row: int, located: Located) -> None:
        finding = located.finding
        cell = self._format(border=1, text_wrap=True, valign="top")
        severity = self._format(
            border=1, bold=True, valign="top", font_color=SEVERITY_COLORS[finding.severity]
        )
        link = self._format(border=1, font_color=BLUE, underline=1, valign="top")
        first = self.form.by_id[finding.indicators[0]] if finding.indicators else None
        label = first.label if first else ""
        wrapped = ((label, 50), (finding.seen, 42), (finding.message, 70))
        sheet.set_row(row, _height(wrapped))
        sheet.write_string(row, 0, SEVERITY_LABELS[finding.severity], severity)
        texts = (
            located.unit,
            first.id if first else "",
            label,
            "",
            finding.seen,
            finding.message,
            finding.rule,
            "",
        )
        for column, text in enumerate(texts, start=1):
            sheet.write_string(row, column, text[:MAX_TEXT], cell)
        if located.path is not None:
            place = finding.cells[0] if finding.cells else ""
            if place:
                self._link(sheet, (row, 4), located.path, place.rpartition("!")[2], place, link)
            self._link(sheet, (row, 8), located.path, file_name(located.path), place, link)

    def _write_log(self, sheet: Worksheet) -> None:
        self._title(sheet, "NHẬT KÝ")
        captions = (
            "Tệp",
            "Đơn vị",
            "Tình trạng",
            "SHA-256",
            "Cỡ (byte)",
            "Lưu lúc",
            "Biểu mẫu",
            "Phiên bản",
        )
        for column, width in zip("ABCDEFGH", (60, 26, 22, 68, 12, 20, 14, 11), strict=True):
            sheet.set_column(f"{column}:{column}", width)
        self._head(sheet, 3, captions)
        cell = self._format(border=1)
        when = self._format(border=1, num_format="dd/mm/yyyy hh:mm:ss")
        for row, entry in enumerate(self._log_entries(), start=4):
            texts = (printable(str(entry.path)), entry.unit, entry.status, entry.sha256)
            for at, text in enumerate(texts):
                sheet.write_string(row, at, text, cell)
            if entry.size is not None:
                sheet.write_number(row, 4, entry.size, cell)
            if entry.saved is not None:
                sheet.write_datetime(row, 5, datetime.fromtimestamp(entry.saved), when)
            sheet.write_string(row, 6, entry.form_id, cell)
            sheet.write_string(row, 7, entry.form_version, cell)

    def _log_entries(self) -> Iterator[_LogEntry]:
        """Yield every file received: counted, refused, replaced."""
        result = self.result
        replaced = [one for duplicate in result.duplicates for one in duplicate.replaced]
        yield from (_log_entry(one, "Được tính") for one in result.counted)
        for left in result.refused:
            status = f"Từ chối: {left.code}"
            yield _LogEntry(left.path, "", status, left.sha256, left.size, left.saved)
        yield from (_log_entry(one, "Bị thay bằng bản sau") for one in replaced)


class _LogEntry(NamedTuple):
    """One line of the log."""

    path: Path
    unit: str
    status: str
    sha256: str
    size: int | None
    saved: float | None
    form_id: str = ""
    form_version: str = ""


def _log_entry(one: Submission, status: str) -> _LogEntry:
    name, facts = one.unit_name or "", (one.sha256, one.size, one.saved)
    return _LogEntry(one.path, name, status, *facts, one.form_id, one.form_version)


def link_target(path: Path, folder: Path) -> str:
    """Return the address of a file as Excel writes it in a workbook that lies in *folder*."""
    try:
        target = os.path.relpath(path.resolve(), folder.resolve())
    except ValueError:  # on another drive of Windows
        target = str(path.resolve())
    for character in '%#" <>[]`{}^':  # percent first: what is escaped must stay so
        target = target.replace(character, f"%{ord(character):02x}")
    return target


def _height(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height of a row of texts, each with the width of its column in characters."""
    wrapped = (Text(text, width * 7 + 5, size=11) for text, width in texts)
    return row_height(wrapped, _LINE, _PADDING)


def _number_format(item: Indicator, value: float | int | None) -> str:
    """Return the format that shows a total whole: percentages as they are, grouped thousands."""
    if item.kind == "percent":
        return "General"
    return "#,##0.00" if isinstance(value, float) and value % 1 else "#,##0"


def _cached(value: float | int | None) -> float | int | str:
    return "" if value is None else value


def _from_communes(item: Indicator) -> bool:
    """Whether the city's own appendix takes the row from the communes.

    For other rows the communes' sum is not the city's figure: both are true at once, and adding
    them would count twice.
    """
    return item.level == "commune" or item.aggregate == "share_units"


def _helper_label(item: Indicator, id: str) -> str:
    assert item.helper is not None
    return item.helper.part if id.endswith(".tu") else item.helper.whole


# --- a summary as an earlier period ------------------------------------------------------------


def is_summary(path: Path) -> bool:
    """Return whether the file is a summary that this program wrote."""
    try:
        opened = guard.open_package(path)
    except Refusal:
        return False
    return PERIOD_NAME.encode() in opened.parts.get(package.WORKBOOK, b"")


def read_summary(path: Path, form: Form) -> PastPeriod:
    """Return the figures of each unit in an earlier summary.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    opened = guard.open_package(path)
    try:
        book = openpyxl.load_workbook(opened.stored(), read_only=True, data_only=True)
        period = form.period(str(book[OVERVIEW]["B4"].value))
        form_id = str(book[OVERVIEW]["B5"].value).partition(" ")[0]
        head, _, *rows = book[MATRIX].iter_rows(min_row=ID_ROW, values_only=True)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # What openpyxl raises on parts that are well-formed but not what the format says.
        raise Refusal(
            "wrong-form",
            expected="sổ tổng hợp",
            reason="không phải sổ tổng hợp do chương trình này lập",
        ) from error
    if form_id != form.id:
        raise Refusal("wrong-form", expected=form.name, reason=f"sổ tổng hợp biểu {form_id}")
    ids = {at: str(id) for at, id in enumerate(head) if id}
    figures = {
        str(row[0]): [row[at] if isinstance(row[at], (int, float)) else None for at in ids]
        for row in rows
        if row[0]
    }
    names = {str(row[0]): str(row[1] or "") for row in rows if row[0]}
    numbers = pd.DataFrame.from_dict(
        figures, orient="index", columns=list(ids.values()), dtype="float64"
    )
    return PastPeriod(period, numbers, names)
