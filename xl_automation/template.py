"""The locked workbook (biểu mẫu) that a clerk fills: built from the form, cell by cell.

Every percentage, rule and message in it comes from the form; where things stand comes from
:mod:`layout`. It needs no macro, no Python and no network, and Excel 2010 understands all of it.
"""

from __future__ import annotations

import warnings
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation import layout as at
from xl_automation import package, typography
from xl_automation.checks import SEVERITY_LABELS
from xl_automation.derive import percent_formula
from xl_automation.form import Form, Indicator, Period, ReportingUnit, Rule, RuleInstance
from xl_automation.layout import Layout, short_period, unit_text
from xl_automation.typography import FONT

CREATED = datetime(2022, 1, 1)  # fixed, so that two builds are the same bytes
MAX_COUNT = 999_999_999_999
TITLE_LENGTH = 32  # Excel's limit for the title of an input message
WHITE, GREY, HEADER, INPUT = "#FFFFFF", "#D9D9D9", "#F2F2F2", "#FFFFFF"
ASIDE, RETURNED_COLOR = "#7F7F7F", "#7030A0"

# Widths in pixels: A:E fill A4 between margins of 30 and 15 mm at 100 %.
WIDTHS = {
    at.STT: 66,
    at.LABEL: 290,
    at.UNIT: 100,
    at.VALUE: 82,
    at.NOTE: 78,
    at.CHECK: 420,
    at.RETURNED: 220,
    at.PREVIOUS: 90,
    at.PART: 150,
    at.WHOLE: 150,
    at.COMPUTED: 80,
}
_CHARACTERS_PER_LINE = {at.STT: 9, at.LABEL: 41, at.UNIT: 14}
_LINE_HEIGHT, _ROW_PADDING = 15.75, 3.0
_PAGE_HEIGHT = (297 - 40) / 25.4 * 72  # points between the margins of an A4 page
_TITLE_HEIGHTS = (20, 36, 36, 12, 6)
_HEADER_HEIGHTS = (20, 34)
_SIGNATURE_HEIGHTS = (20, 20, 36, 20, 20, 20, 20, 20)

UNIT_TYPES = ("Thành phố ", "Thị xã ", "Thị trấn ", "Phường ", "Huyện ", "Xã ")
LIST_ROWS = {"period": 3, "calculated": 12, "units": 24}


def build_template(
    form: Form,
    level: str = "commune",
    unit: ReportingUnit | None = None,
    period: Period | None = None,
    units: tuple[ReportingUnit, ...] | None = None,
) -> bytes:
    """Return the locked workbook of *form* as the bytes of an .xlsx file.

    Args:
        form: The form.
        level: Whose workbook it is: ``commune`` or ``district``.
        unit: Fills in and locks the reporting unit.
        period: Fills in and locks the reporting period.
        units: The units offered in the list; those of the form by default.
    """
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter warns, then drops what it could not write
        book = xlsxwriter.Workbook(
            buffer,
            {
                "in_memory": True,
                # Column widths count in digits of this font, 8 pixels wide.
                "default_format_properties": {"font_name": FONT, "font_size": 12},
                "default_column_width": 72,
            },
        )
        _Template(book, form, level, unit, period, units or form.units).write()
        book.close()
    parts = package.read_parts(buffer.getvalue())
    package.protect_structure(parts)
    package.forget_results(parts)
    package.edit_sheet(parts, form.sheet, lambda sheet: sheet.no_header_on_first_page())
    return package.zip_parts(parts)


class _Template:
    """One workbook being written; each method writes one sheet or one part of it."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        form: Form,
        level: str,
        unit: ReportingUnit | None,
        period: Period | None,
        units: tuple[ReportingUnit, ...],
    ):
        self.book, self.form, self.level = book, form, level
        self.unit, self.period = unit, period
        self.units = tuple(one for one in units if one.level == level)
        self.layout = Layout(form)
        self.rules = sorted(
            form.instances(level), key=lambda i: list(SEVERITY_LABELS).index(i.rule.severity)
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def write(self) -> None:
        self.book.set_properties({"title": self.form.name, "created": CREATED})
        self.book.set_calc_mode("auto")
        info = self._sheet(at.INFO_SHEET)
        page = self._sheet(self.form.sheet)
        rules = self._sheet(at.RULE_SHEET)
        lists = self._sheet(at.LIST_SHEET)
        self._write_info(info)
        self._write_page(page)
        self._write_rules(rules)
        self._write_lists(lists)
        rules.hide()
        lists.hide()
        (page if self.unit and self.period else info).activate()

    def _sheet(self, name: str) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        return sheet

    def _format(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": FONT, "font_size": 12, "valign": "vcenter"}
            self._formats[key] = self.book.add_format({**base, **properties})
        return self._formats[key]

    def _name(self, name: str, sheet: str, cell: str) -> None:
        self.book.define_name(name, f"='{sheet}'!${cell[0]}${cell[1:]}")

    # --- information sheet --------------------------------------------------------------------

    def _write_info(self, sheet: Worksheet) -> None:
        sheet.set_column_pixels("A:A", 220)
        sheet.set_column_pixels("B:B", 340)
        sheet.set_column_pixels("C:C", 420)
        sheet.merge_range(
            "A1:C1", "THÔNG TIN BÁO CÁO", self._format(bold=True, font_size=14, align="center")
        )
        sheet.merge_range(
            "A2:C2",
            "Điền các ô trắng; các ô còn lại tự tính.",
            self._format(italic=True, align="center"),
        )
        sheet.write_string("A12", "Không sửa phần dưới đây", self._format(font_color=ASIDE))
        for name, (row, label) in at.INFO_ROWS.items():
            sheet.write_string(f"A{row}", label, self._format(border=1, bg_color=HEADER))
            self._name(name, at.INFO_SHEET, f"{at.INFO_VALUE}{row}")
            self._write_info_value(sheet, name, f"{at.INFO_VALUE}{row}")

    def _write_info_value(self, sheet: Worksheet, name: str, cell: str) -> None:
        locked = self._format(border=1, bg_color=GREY, align="left")
        dated = self._format(border=1, bg_color=GREY, align="left", num_format="dd/mm/yyyy")
        given = self._info_values().get(name)
        if name in ("TT_TU_NGAY", "TT_DEN_NGAY"):
            source = {"TT_TU_NGAY": "TT_KY_TU_NGAY", "TT_DEN_NGAY": "TT_KY_DEN_NGAY"}[name]
            sheet.write_formula(cell, f"={source}", dated, "")
            return
        if given is not None:
            write = sheet.write_number if isinstance(given, int) else sheet.write_string
            write(cell, given, locked)
            return
        is_date = name == "TT_NGAY_BAO_CAO"
        sheet.write_blank(
            cell,
            None,
            self._format(
                border=1,
                bg_color=INPUT,
                align="left",
                locked=False,
                num_format="dd/mm/yyyy"
                if is_date
                else "@"
                if name == "TT_SO_BAO_CAO"
                else "General",
            ),
        )
        self._validate_info(sheet, name, cell)

    def _info_values(self) -> dict[str, str | int]:
        """Return what is known of the information sheet when the workbook is built."""
        form = self.form
        values: dict[str, str | int] = {
            "TT_CAP": form.levels[self.level],
            "TT_BIEU": form.id,
            "TT_PHIEN_BAN": form.version,
        }
        if self.unit:
            values["TT_DON_VI"] = unit_text(self.unit)
        if self.period:
            values["TT_KY"] = short_period(self.period.kind.label)
            values["TT_NAM"] = self.period.year
        return values

    def _validate_info(self, sheet: Worksheet, name: str, cell: str) -> None:
        first, last = self.form.years
        rules: dict[str, dict[str, Any]] = {
            "TT_KY": {
                "validate": "list",
                "source": [short_period(k.label) for k in self.form.period_kinds],
                "input_message": "Chọn kỳ báo cáo trong danh sách.",
            },
            "TT_NAM": {
                "validate": "integer",
                "criteria": "between",
                "minimum": first,
                "maximum": last,
                "input_message": f"Năm báo cáo, từ {first} đến {last}.",
            },
            "TT_NGAY_BAO_CAO": {
                "validate": "date",
                "criteria": "between",
                "minimum": date(first - 1, 1, 1),
                "maximum": date(last + 1, 12, 31),
                "input_message": "Ngày ký báo cáo, ví dụ 14/6/2022.",
            },
            "TT_SO_BAO_CAO": {
                "validate": "length",
                "criteria": "<=",
                "value": 60,
                "input_message": "Số, ký hiệu báo cáo, ví dụ 66/BC-UBND.",
            },
        }
        if self.units:
            top, last_row = LIST_ROWS["units"], LIST_ROWS["units"] + len(self.units) - 1
            rules["TT_DON_VI"] = {
                "validate": "list",
                "source": f"='{at.LIST_SHEET}'!$A${top}:$A${last_row}",
                "input_message": "Chọn đơn vị báo cáo trong danh sách.",
            }
        if name in rules:
            label = at.INFO_ROWS[name][1]
            sheet.data_validation(
                cell,
                {
                    **rules[name],
                    "input_title": label,
                    "error_title": label,
                    "error_message": rules[name]["input_message"],
                },
            )

    # --- the form -----------------------------------------------------------------------------

    def _write_page(self, sheet: Worksheet) -> None:
        self._set_up_page(sheet)
        self._write_titles(sheet)
        self._write_header(sheet)
        for item in self.form.indicators:
            self._write_row(sheet, item)
        self._write_signatures(sheet, self.layout.last_row + 2)
        sheet.set_h_pagebreaks([row - 1 for row in page_breaks(self.form)])

    def _set_up_page(self, sheet: Worksheet) -> None:
        for column, width in WIDTHS.items():
            sheet.set_column_pixels(f"{column}:{column}", width)
        sheet.set_column(f"{at.NUMBER}:{at.SHAPE}", None, None, {"hidden": True})
        sheet.set_paper(9)
        sheet.set_portrait()
        # Nghị định 30/2020/NĐ-CP, Phụ lục I: 20–25 mm above and below, 30–35 left, 15–20 right.
        sheet.set_margins(left=30 / 25.4, right=15 / 25.4, top=20 / 25.4, bottom=20 / 25.4)
        # The page number stands centred in the top margin, from the second page on.
        sheet.set_header(f'&C&"{FONT}"&13&P', {"margin": 10 / 25.4})
        sheet.center_horizontally()
        sheet.repeat_rows(at.HEADER_ROW - 1, at.HEADER_ROW)
        sheet.freeze_panes(at.HEADER_ROW + 1, 0)
        sheet.hide_gridlines(2)

    def _write_titles(self, sheet: Worksheet) -> None:
        centred = {"align": "center", "text_wrap": True}
        texts = [*self.form.title, self.form.attached]
        styles = [
            {"bold": True, "font_size": 14},
            {"bold": True, "font_size": 13},
            {"italic": True, "font_size": 13},
        ]
        for row, (text, style) in enumerate(zip(texts, styles, strict=True), start=at.TITLE_ROW):
            sheet.merge_range(f"A{row}:E{row}", "", self._format(**centred, **style))
            upper = row == 2
            sheet.write_formula(
                f"A{row}", text_formula(text, upper=upper), self._format(**centred, **style), ""
            )
        for row, height in enumerate(_TITLE_HEIGHTS):
            sheet.set_row(row, height)

    def _write_header(self, sheet: Worksheet) -> None:
        head = self._format(bold=True, align="center", text_wrap=True, border=1, bg_color=HEADER)
        row, labels = at.HEADER_ROW, self.form.header
        for column, key in ((at.STT, "stt"), (at.LABEL, "label"), (at.NOTE, "note")):
            sheet.merge_range(f"{column}{row}:{column}{row + 1}", labels[key], head)
        sheet.merge_range(f"{at.UNIT}{row}:{at.VALUE}{row}", labels["result"], head)
        sheet.write_string(f"{at.UNIT}{row + 1}", labels["unit"], head)
        sheet.write_string(f"{at.VALUE}{row + 1}", labels["value"], head)
        for line, height in enumerate(_HEADER_HEIGHTS, start=row - 1):
            sheet.set_row(line, height)
        beside = self._format(
            bold=True, align="center", text_wrap=True, bottom=1, font_color=ASIDE, font_size=10
        )
        captions = {
            at.CHECK: "Kiểm tra",
            at.RETURNED: "Thành phố trả lại",
            at.PREVIOUS: "Kỳ trước",
            at.PART: "Tử số (nếu có)",
            at.WHOLE: "Mẫu số (nếu có)",
            at.COMPUTED: "Tính được",
        }
        for column, caption in captions.items():
            sheet.write_string(f"{column}{row + 1}", caption, beside)

    def _write_row(self, sheet: Worksheet, item: Indicator) -> None:
        row = self.layout.rows[item.id]
        style: dict[str, Any] = {"border": 1, "text_wrap": True}
        if item.kind == "section" or item.style == "bold":
            style["bold"] = True
        if item.style == "italic":
            style["italic"] = True
        if item.is_figure and not item.concerns(self.level):
            style["bg_color"] = GREY
        sheet.set_row(row - 1, row_height(item))
        sheet.write_string(f"{at.STT}{row}", item.stt, self._format(**style, align="center"))
        sheet.write_string(f"{at.LABEL}{row}", item.label, self._format(**style))
        sheet.write_string(f"{at.UNIT}{row}", item.unit, self._format(**style, align="center"))
        self._write_figure(sheet, item, style)
        note = self._format(**style, locked=not item.is_figure, font_color="#000000")
        sheet.write_blank(f"{at.NOTE}{row}", None, note)
        self._write_reading(sheet, item)
        if item.is_figure:
            returned = self._format(font_size=10, text_wrap=True, font_color=RETURNED_COLOR)
            sheet.write_blank(f"{at.RETURNED}{row}", None, returned)
            self._name(item.name, self.form.sheet, self.layout.cell(item.id))
        if item.helper:
            self._write_helper(sheet, item)

    def _write_figure(self, sheet: Worksheet, item: Indicator, style: dict[str, Any]) -> None:
        cell = self.layout.cell(item.id)
        number = {"count": "#,##0", "amount": "#,##0", "percent": "General", "code": "0"}
        look = self._format(
            **{"bg_color": HEADER if item.is_computed else INPUT, **style},
            align="center",
            locked=not item.is_input,
            num_format=number.get(item.kind, "General"),
        )
        if item.is_computed:
            assert item.percent is not None
            sheet.write_formula(cell, percent_formula(item.percent, self.layout), look, "")
        elif item.helper:
            computed = f"{at.COMPUTED}{self.layout.rows[item.id]}"
            sheet.write_formula(cell, f'=IF({computed}="","",{computed})', look, "")
        else:
            sheet.write_blank(cell, None, look)
        if item.kind == "amount":
            sheet.conditional_format(
                cell,
                {
                    "type": "formula",
                    "criteria": f"=IF(ISNUMBER({cell}),{cell}<>INT({cell}),FALSE)",
                    "format": self.book.add_format({"num_format": "#,##0.00"}),
                },
            )
        if item.is_input:
            self._validate_figure(sheet, item, cell)

    def _validate_figure(self, sheet: Worksheet, item: Indicator, cell: str) -> None:
        low, high = {"count": (0, MAX_COUNT), "amount": (0, MAX_COUNT)}.get(item.kind, (0, 100))
        rule = self._range_rule(item)
        if rule and rule.id == "F05":
            low = -100
        allowed: dict[str, Any] = {
            "validate": "integer" if item.kind == "count" else "decimal",
            "criteria": "between",
            "minimum": low,
            "maximum": high,
        }
        if item.kind == "code":
            allowed = {"validate": "list", "source": [str(code) for code in item.codes]}
        sheet.data_validation(
            cell,
            {
                **allowed,
                "ignore_blank": True,
                "input_title": f"Chỉ tiêu {item.id}"[:TITLE_LENGTH],
                "input_message": prompt(item),
                "error_title": f"Chỉ tiêu {item.id}"[:TITLE_LENGTH],
                "error_message": sentence(f"{rule.message} {rule.fix}") if rule else prompt(item),
            },
        )

    def _range_rule(self, item: Indicator) -> Rule | None:
        """Return the rule that says what a cell of this row may hold."""
        for id in ("F01", "F05", "F04", "F06", "F09"):
            for rule in self.form.rules:
                if rule.id == id and item.id in rule.each:
                    return rule
        return None

    def _write_reading(self, sheet: Worksheet, item: Indicator) -> None:
        """Write what the workbook understands of the cell, and its live check."""
        row = self.layout.rows[item.id]
        if item.is_computed:
            assert item.percent is not None
            sheet.write_formula(
                f"{at.NUMBER}{row}", percent_formula(item.percent, self.layout), None, ""
            )
        else:
            sheet.write_formula(f"{at.TEXT}{row}", self.layout.text_formula(row), None, "")
            sheet.write_formula(f"{at.SHAPE}{row}", self.layout.shape_formula(item), None, "")
            sheet.write_formula(f"{at.NUMBER}{row}", self.layout.number_formula(item), None, "")
        last = len(self.rules) + 1
        found = f"MATCH(\"{at.VALUE}{row}\",'{at.RULE_SHEET}'!$H$2:$H${last},0)"
        done = f'IF({at.NUMBER}{row}="","","✓")' if item.is_figure else '""'
        sheet.write_formula(
            f"{at.CHECK}{row}",
            f"=IFERROR(INDEX('{at.RULE_SHEET}'!$G$2:$G${last},{found}),{done})",
            self._format(font_size=10, text_wrap=True, font_color="#C00000"),
            "",
        )

    def _write_helper(self, sheet: Worksheet, item: Indicator) -> None:
        assert item.helper is not None
        assert item.percent is not None
        row = self.layout.rows[item.id]
        open_cell = self._format(border=1, locked=False, align="center", num_format="#,##0")
        for end, label in ((".tu", item.helper.part), (".mau", item.helper.whole)):
            cell = self.layout.cell(item.id + end)
            sheet.write_blank(cell, None, open_cell)
            self._name(f"PT_{item.id}{end}", self.form.sheet, cell)
            sheet.data_validation(
                cell,
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": 0,
                    "maximum": MAX_COUNT,
                    "input_title": label[:TITLE_LENGTH],
                    "input_message": f"{label}. Không bắt buộc: ghi đủ tử số và mẫu số thì tỷ lệ "
                    f"{item.id} tự tính.",
                    "error_title": "Số không hợp lệ",
                    "error_message": "Ghi số không âm.",
                },
            )
        locked = self._format(align="center", font_color=ASIDE)
        sheet.write_formula(
            f"{at.COMPUTED}{row}", percent_formula(item.percent, self.layout), locked, ""
        )

    def _write_signatures(self, sheet: Worksheet, row: int) -> None:
        middle = {"align": "center"}
        left, right = f"A{row + 1}:B{row + 1}", f"C{row + 1}:E{row + 1}"
        sheet.merge_range(f"C{row}:E{row}", "", self._format(italic=True, font_size=13, **middle))
        sheet.write_formula(
            f"C{row}",
            text_formula("{place}, {signed}"),
            self._format(italic=True, font_size=13, **middle),
            "",
        )
        bold = self._format(bold=True, font_size=13, text_wrap=True, **middle)
        sheet.merge_range(left, "Người lập biểu", bold)
        sheet.merge_range(right, "Thủ trưởng đơn vị", bold)
        sheet.merge_range(f"C{row + 2}:E{row + 2}", "", bold)
        sheet.write_formula(f"C{row + 2}", text_formula("TM. {unit}", upper=True), bold, "")
        sheet.merge_range(f"C{row + 3}:E{row + 3}", "CHỦ TỊCH", bold)
        for below, height in enumerate(_SIGNATURE_HEIGHTS, start=row - 1):
            sheet.set_row(below, height)
        sheet.print_area(0, 0, row + len(_SIGNATURE_HEIGHTS) - 2, 4)

    # --- rules and lists ----------------------------------------------------------------------

    def _write_rules(self, sheet: Worksheet) -> None:
        """Write each rule with its live result; column G the sentence, H the cell if broken."""
        head = self._format(bold=True, bg_color=HEADER, border=1)
        captions = (
            "TT",
            "Quy tắc",
            "Mức độ",
            "Chỉ tiêu",
            "Ô",
            "Đạt",
            "Nội dung",
            "Ô vi phạm",
            "Thứ tự",
        )
        for column, caption in enumerate(captions):
            sheet.write_string(0, column, caption, head)
        sheet.set_column("G:G", 110)
        for number, instance in enumerate(self.rules, start=1):
            row = number + 1
            first = instance.refs[0]
            cell = self.layout.cell(first) if first in self.form.by_id else ""
            sheet.write_number(f"A{row}", number)
            sheet.write_string(f"B{row}", instance.id)
            sheet.write_string(f"C{row}", SEVERITY_LABELS[instance.rule.severity])
            sheet.write_string(f"D{row}", first if cell else "")
            sheet.write_string(f"E{row}", cell)
            sheet.write_formula(f"F{row}", self.layout.holds_formula(instance), None, "")
            sheet.write_formula(f"G{row}", self._sentence_formula(instance), None, "")
            sheet.write_formula(f"H{row}", f'=IF(F{row}=0,E{row},"")', None, "")
            above = f"N(I{row - 1})"
            sheet.write_formula(f"I{row}", f"={above}+IF(F{row}=0,1,0)", None, "")

    def _sentence_formula(self, instance: RuleInstance) -> str:
        """Return the formula of the sentence that a broken rule shows, with what was found."""
        seen = []
        for id in instance.refs:
            if id in self.form.by_id:
                cell = f"'{self.form.sheet}'!{self.layout.cell(id)}"
                seen.append(f'"{id} = "&IFERROR(IF({cell}="","(trống)",{cell}),"(lỗi)")')
        label = SEVERITY_LABELS[instance.rule.severity]
        text = f"{instance.rule.message} {instance.rule.fix} [{instance.id}]".replace('"', '""')
        found = '&"; "&'.join(seen) + '&" – "&' if seen else ""
        return f'="{label}: "&{found}"{text}"'

    def _write_lists(self, sheet: Worksheet) -> None:
        """Write the lists behind the drop-downs and the texts that titles are made of."""
        sheet.set_column("A:B", 40)
        sheet.write_string("A1", "Danh mục dùng cho các ô chọn và dòng tiêu đề")
        top = LIST_ROWS["period"]
        for row, kind in enumerate(self.form.period_kinds, start=top):
            sheet.write_string(f"A{row}", short_period(kind.label))
            sheet.write_string(f"B{row}", kind.label)
            numbers = (kind.start_year, *kind.start, *kind.end)
            for column, number in zip("CDEFG", numbers, strict=True):
                sheet.write_number(f"{column}{row}", number)
        last = top + len(self.form.period_kinds) - 1
        for row, (name, formula) in enumerate(self._calculated(top, last), LIST_ROWS["calculated"]):
            sheet.write_string(f"A{row}", name)
            sheet.write_formula(f"B{row}", formula, None, "")
            self._name(name, at.LIST_SHEET, f"B{row}")
        for row, unit in enumerate(self.units, start=LIST_ROWS["units"]):
            sheet.write_string(f"A{row}", unit_text(unit))

    def _calculated(self, top: int, last: int) -> list[tuple[str, str]]:
        match = f"MATCH(TT_KY,$A${top}:$A${last},0)"

        def of(column: str) -> str:
            return f"INDEX(${column}${top}:${column}${last},{match})"

        name = f'MID(TT_DON_VI,FIND("{at.UNIT_SEPARATOR}",TT_DON_VI)+{len(at.UNIT_SEPARATOR)},99)'
        place = "TT_TEN_DON_VI"
        for kind in UNIT_TYPES:
            place = f'SUBSTITUTE({place},"{kind}","")'
        day = "TT_NGAY_BAO_CAO"
        month = f'IF(MONTH({day})<3,"0","")&MONTH({day})'
        return [
            ("TT_TEN_DON_VI", f'=IFERROR({name},"…")'),
            ("TT_UBND", '="UBND "&LOWER(LEFT(TT_TEN_DON_VI,1))&MID(TT_TEN_DON_VI,2,99)'),
            ("TT_DIA_DANH", f"={place}"),
            ("TT_KY_NHAN", f'=IFERROR(SUBSTITUTE({of("B")},"{{year}}",TT_NAM),"…")'),
            (
                "TT_KY_TU_NGAY",
                f'=IF(ISNUMBER(TT_NAM),IFERROR(DATE(TT_NAM+{of("C")},{of("D")},{of("E")}),""),"")',
            ),
            (
                "TT_KY_DEN_NGAY",
                f'=IF(ISNUMBER(TT_NAM),IFERROR(DATE(TT_NAM,{of("F")},{of("G")}),""),"")',
            ),
            ("TT_SO_NHAN", '=IF(TT_SO_BAO_CAO="","……",TT_SO_BAO_CAO)'),
            (
                "TT_NGAY_NHAN",
                f'=IF(ISNUMBER({day}),DAY({day})&"/"&MONTH({day})&"/"&YEAR({day}),"……")',
            ),
            (
                "TT_NGAY_KY",
                f'=IF(ISNUMBER({day}),"ngày "&TEXT(DAY({day}),"00")&" tháng "&{month}'
                f'&" năm "&YEAR({day}),"ngày …… tháng …… năm ……")',
            ),
        ]


PLACEHOLDERS = {
    "period": "TT_KY_NHAN",
    "unit": "TT_UBND",
    "number": "TT_SO_NHAN",
    "date": "TT_NGAY_NHAN",
    "place": "TT_DIA_DANH",
    "signed": "TT_NGAY_KY",
}


def text_formula(text: str, upper: bool = False) -> str:
    """Return the formula of a text with placeholders such as ``{unit}``."""
    pieces = []
    for at_, piece in enumerate(text.replace("}", "{").split("{")):
        if at_ % 2:
            pieces.append(f"UPPER({PLACEHOLDERS[piece]})" if upper else PLACEHOLDERS[piece])
        elif piece:
            pieces.append('"' + piece.replace('"', '""') + '"')
    return "=" + "&".join(pieces)


def sentence(text: str) -> str:
    """Return *text* with a capital first letter."""
    return text[:1].upper() + text[1:]


def prompt(item: Indicator) -> str:
    """Return the input message of a cell: what is entered, in which unit, with an example."""
    unit = item.unit_means or item.unit
    kinds = {
        "count": f"Số nguyên, đơn vị: {unit}. Không phát sinh ghi 0.",
        "amount": f"Số tiền, đơn vị: {unit}.",
        "percent": "Tỷ lệ từ 0 đến 100, ví dụ 58,85. Không ghi số lượng.",
        "code": "Chọn mã: " + "; ".join(f"{code} = {text}" for code, text in item.codes.items()),
    }
    text = f"{kinds[item.kind]} {item.help}".strip()
    return text if len(text) <= 255 else item.help


def row_height(item: Indicator) -> float:
    """Return the height in points that shows all texts of a row whole."""
    texts = ((at.STT, item.stt), (at.LABEL, item.label), (at.UNIT, item.unit))
    return typography.row_height(
        ((text, _CHARACTERS_PER_LINE[column]) for column, text in texts),
        _LINE_HEIGHT,
        _ROW_PADDING,
    )


def page_breaks(form: Form) -> list[int]:
    """Return the rows that start a new page.

    A row stays with its “Trong đó” rows, a heading with the row after it, and the signatures
    with the last rows.
    """
    groups: list[list[Indicator]] = []
    for item in form.indicators:
        is_part = (
            bool(groups)
            and item.id.startswith(groups[-1][0].id + ".")
            and item.stt in ("", "Trong đó")
        )
        after_heading = bool(groups) and not groups[-1][-1].is_figure
        if is_part or after_heading:
            groups[-1].append(item)
        else:
            groups.append([item])
    rows = Layout(form).rows
    breaks: list[int] = []
    used: float = sum(_TITLE_HEIGHTS) + sum(_HEADER_HEIGHTS)
    for group in groups:
        height = sum(row_height(item) for item in group)
        ending = sum(_SIGNATURE_HEIGHTS) + _LINE_HEIGHT if group is groups[-1] else 0
        if used + height + ending > _PAGE_HEIGHT:
            breaks.append(rows[group[0].id])
            used = sum(_HEADER_HEIGHTS)
        used += height
    return breaks
