"""Where everything stands in an issued workbook: sheets, columns, rows, named cells."""

from __future__ import annotations

from datetime import datetime

from xl_automation.forms.form import Form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.support_table import SupportTable, TableColumn
from xl_automation.wording import capitalized
from xl_automation.xlsx.address import Address, column_after

CREATED = datetime(2022, 1, 1)  # of every issued workbook, so that two builds are the same bytes
INFO_SHEET = "Thông tin"
LIST_SHEET = "Danh mục"
RULE_SHEET = "Quy tắc"
GUIDE_SHEET = "Hướng dẫn"
REVIEW_SHEET = "Kiểm tra"
# Columns of the form's sheet. A:E are printed; F:K stand beside the page; L:Q are hidden.
PRINTED = STT, LABEL, UNIT, VALUE, NOTE = ("A", "B", "C", "D", "E")
PREVIOUS, CHECK, RETURNED, PART, WHOLE, COMPUTED = "F", "G", "H", "I", "J", "K"
NUMBER, TEXT, SHAPE = "L", "M", "N"
OWED = "O"  # 1 where the unit's level owes the figure
# How the cell shows a number: P a percentage, D a date, ? untold, anything else a number.
FORMAT = "P"
CODE = "Q"  # the code of the row (:mod:`issued_sheet`)
LAST_COLUMN = CODE
# What stands above the other columns, in the second line of the header; see `captions`.
CAPTIONS = {
    PREVIOUS: "Kỳ trước",
    CHECK: "Kiểm tra",
    RETURNED: "{city} trả lại",
    PART: "Tử số (nếu có)",
    WHOLE: "Mẫu số (nếu có)",
    COMPUTED: "Tính được",
    NUMBER: "Số đọc được",
    TEXT: "Chữ trong ô",
    SHAPE: "Dạng chữ",
    OWED: "Phải ghi",
    FORMAT: "Dạng số",
}
CAPTION_END = ":"  # what follows it in a caption is no part of the name
TITLE_ROW = 1
HEADER_ROW = 6  # two lines
NOTICE_CELL = f"{PART}{HEADER_ROW}"  # when the report is due, and what is typed otherwise here
FIRST_ROW = 8
# Cells of the information sheet: defined name -> (row, label). Values stand in column B.
INFO_ROWS = {
    "TT_DON_VI": (4, "Đơn vị báo cáo"),
    "TT_KY": (5, "Kỳ báo cáo"),
    "TT_NAM": (6, "Năm"),
    "TT_TU_NGAY": (7, "Số liệu từ ngày"),
    "TT_DEN_NGAY": (8, "Số liệu đến ngày"),
    "TT_SO_BAO_CAO": (9, "Số báo cáo"),
    "TT_NGAY_BAO_CAO": (10, "Ngày báo cáo"),
    "TT_NGUOI_LAP": (11, "Người lập biểu"),
    "TT_CHUC_VU": (12, "Chức vụ người ký"),
    "TT_NGUOI_KY": (13, "Người ký"),
    "TT_XONG": (14, "Đã điền xong"),
    "TT_CAP": (16, "Cấp báo cáo"),
    "TT_BIEU": (17, "Biểu mẫu"),
    "TT_PHIEN_BAN": (18, "Phiên bản biểu mẫu"),
    "TT_KY_TRUOC": (19, "Kỳ trước để so sánh"),
    "TT_DA_KIEM_TRA": (20, "Đã kiểm tra"),
    "TT_HAN": (22, "Hạn gửi"),  # the line above says what a seal is worth
}
FORM_CELL = "TT_BIEU"  # the defined name of the cell in which a workbook names its form
SEAL_CELL = "TT_DA_KIEM_TRA"  # likewise, of the cell for the seal of a check
DUE_CELL = "TT_HAN"  # likewise, of the cell for the day by which the report is due
DONE_CELL = "TT_XONG"  # likewise, of the cell in which the clerk says that nothing is left to fill
DONE = "Đã xong"  # the word that says so
# Workbooks from before there were these cells are read as workbooks in which they are blank.
LATER_CELLS = (SEAL_CELL, DUE_CELL, DONE_CELL)
# The name by which the program knows the city's appendix that it made of a summary, and its cell.
APPENDIX_NAME, APPENDIX_CELL = "PL_TU_SO_TONG_HOP", "A24"
# The cells of the information sheet that are computed, unless typed over: from which cells.
INFO_COMPUTED = {"TT_TU_NGAY": "TT_KY_TU_NGAY", "TT_DEN_NGAY": "TT_KY_DEN_NGAY"}
INFO_FIXED_ROW = 15  # the line above what nobody changes
INFO_LABEL, INFO_VALUE, INFO_RETURNED = "A", "B", "C"
INFO_CODE, INFO_CODE_ROW = "D", 3  # hidden: the codes of its rows and columns
INFO_CHECK = "E"  # what is found about a date, beside it
UNIT_SEPARATOR = " – "  # between code and name of a unit in its cell
# The figures of META, as cells of the information sheet.
META_CELLS = {
    "@from": "TT_TU_NGAY",
    "@to": "TT_DEN_NGAY",
    "@period_from": "TT_KY_TU_NGAY",
    "@period_to": "TT_KY_DEN_NGAY",
    "@report_date": "TT_NGAY_BAO_CAO",
    "@report_number": "TT_SO_DAU_BAO_CAO",
}
# A supporting table: title, whose it is, three header lines, its rows, the totals; below the
# page, a note.
TABLE_TITLE_ROW, TABLE_WHOSE_ROW, TABLE_HEADER_ROW, TABLE_FIRST_ROW = 1, 2, 4, 7
TABLE_CODE_ROW = 3  # hidden: the codes of its columns
TABLE_NUMBER, TABLE_LABEL, TABLE_FIRST_COLUMN = "A", "B", "C"


def captions(form: Form) -> dict[str, str]:
    """Return what stands above the columns beside the printed ones, by column."""
    return {column: capitalized(text.format(city=form.city)) for column, text in CAPTIONS.items()}


def table_column(table: SupportTable, column: TableColumn) -> str:
    """Return the letters of a column of a supporting table."""
    return column_after(TABLE_FIRST_COLUMN, table.columns.index(column))


def table_cell(table: SupportTable, column: TableColumn, row: int) -> str:
    """Return the address of a cell within the sheet of its table; row 0 is the totals."""
    return f"{table_column(table, column)}{TABLE_FIRST_ROW + (row or table.size + 1) - 1}"


def table_last_row(table: SupportTable) -> int:
    """Return the row of a supporting table's totals, of one without them its last row."""
    return TABLE_FIRST_ROW + table.size - (not table.has_totals)


def table_note(table: SupportTable) -> str:
    """Return the address of the note below a supporting table."""
    return f"{TABLE_NUMBER}{table_last_row(table) + 2}"


def table_label(row: int) -> str:
    """Return the address of a row's label within the sheet of its supporting table."""
    return f"{TABLE_LABEL}{TABLE_FIRST_ROW + row - 1}"


def table_returned(table: SupportTable) -> str:
    """Return the column right of a supporting table, for what the city returns."""
    return column_after(TABLE_FIRST_COLUMN, len(table.columns))


def table_code(table: SupportTable) -> str:
    """Return the hidden column of a supporting table, for the codes of its rows."""
    return column_after(table_returned(table), 1)


UNREADABLE = "?"  # what column NUMBER shows for a cell that is no number
UNTOLD = "?"  # what column FORMAT shows in a program that does not tell the format of a cell
DECIMAL_MARK = "TT_DAU_THAP_PHAN"  # the defined name of the mark that this computer uses


def info_cell(name: str) -> str:
    """Return the address of a named cell within the information sheet."""
    return f"{INFO_VALUE}{INFO_ROWS[name][0]}"


def info_place(name: str) -> Address:
    """Return the address of a named cell of the information sheet, with the sheet."""
    return Address(f"{INFO_SHEET}!{info_cell(name)}")


def unit_text(unit: ReportingUnit) -> str:
    """Return a unit as its cell shows it: ``05497 – Xã Thịnh Đức``."""
    return f"{unit.code}{UNIT_SEPARATOR}{unit.name}"


def short_period(label: str) -> str:
    """Return a period's label without its year: ``6 tháng đầu năm``, ``Quý I năm``, ``Năm``."""
    return label.replace(" {year}", "")
