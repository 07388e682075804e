"""Custom functions about closed workbooks and folders of them, each by the form that it names."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.excel.functions.arguments import choose, read_path
from xl_automation.excel.functions.book_in_front import form_in_front
from xl_automation.excel.functions.cell_function import cell_function
from xl_automation.excel.functions.folder_content import versions_in
from xl_automation.excel.functions.folder_figures import METHODS, combined, consolidation
from xl_automation.excel.functions.form_ids import figure_named, row_named
from xl_automation.excel.functions.grid import Grid, each, grid, is_blank, pass_error
from xl_automation.excel.functions.report_files import figure, read_workbook
from xl_automation.excel.functions.unit_list import missing
from xl_automation.reading.figures import FigureRow

METHOD_WORDS = "tong, trung_binh, trung_vi, nho_nhat, lon_nhat hoặc so_don_vi, hoặc bỏ trống"


@cell_function(
    tep="Đường dẫn đầy đủ của tệp báo cáo, một hoặc nhiều tệp.",
    ma="Mã chỉ tiêu, một hoặc nhiều mã.",
)
def CCHC_DOC(tep: Any, ma: Any) -> Grid:
    """Số liệu của chỉ tiêu trong tệp báo cáo đang đóng.

    Các tệp ghi dọc và các mã ghi ngang thì ra bảng: mỗi tệp một dòng, mỗi mã một cột.
    """
    expected = form_in_front()

    @functools.cache  # looked at once for all cells of this call
    def workbook(path: Path) -> FigureRow:
        return read_workbook(path, expected)

    def cell(path: Any, id: Any) -> Any:
        row = workbook(read_path(path))
        return figure(row, figure_named(row.form, id))

    return each(cell, tep, ma)


@cell_function(
    thu_muc="Thư mục chứa báo cáo của các đơn vị.",
    ma="Mã chỉ tiêu, một hoặc nhiều mã.",
    cach="Trống: theo biểu mẫu; hoặc tong, trung_binh, trung_vi, nho_nhat, lon_nhat, so_don_vi.",
)
def CCHC_TONGHOP(thu_muc: Any, ma: Any, cach: Any = None) -> Grid:
    """Số liệu tổng hợp của chỉ tiêu từ mọi báo cáo trong một thư mục."""
    expected = form_in_front()

    @functools.cache
    def result_of(folder: Path) -> Consolidation:
        return consolidation(versions_in([folder]), expected)

    def total(folder: Any, id: Any, method: Any) -> Any:
        wanted = choose(method, METHODS, "cách tổng hợp", METHOD_WORDS)
        result = result_of(read_path(folder))
        row = row_named(result.form, id)
        return combined(result, figure_named(result.form, row.id), wanted)

    return each(total, thu_muc, ma, cach, optional=1)


@cell_function(
    thu_muc="Thư mục chứa báo cáo của các đơn vị.",
    danh_sach="Trống: theo biểu mẫu; hoặc vùng hai cột mã, tên; hoặc tệp CSV code,name.",
)
def CCHC_THIEU(thu_muc: Any, danh_sach: Any = None) -> Grid:
    """Các đơn vị chưa gửi báo cáo vào thư mục, mỗi dòng một đơn vị."""
    pass_error(thu_muc)
    folders = [read_path(cell) for row in grid(thu_muc) for cell in row if not is_blank(cell)]
    return missing(folders, grid(danh_sach), form_in_front()) if folders else [[""]]
