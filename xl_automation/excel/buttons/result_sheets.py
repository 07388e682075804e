"""What the ribbon buttons show of their results, on sheets that a next press replaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlwings as xw

from xl_automation.checks.comparison import Change
from xl_automation.checks.finding import Finding, tally
from xl_automation.excel.addin.doctor import Check
from xl_automation.excel.addin.shipped import MACROS
from xl_automation.excel.buttons.open_workbook import OpenForm, unlocked
from xl_automation.excel.buttons.restore import Difference
from xl_automation.excel.buttons.sheet_list import (
    Link,
    Listing,
    fill_sheet,
    put_list,
    put_notes,
    remove_list,
)
from xl_automation.forms.numbers import show
from xl_automation.forms.period import Period
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.xlsx.xml import parse_xml

FINDINGS, DIFFERENCES, CHANGES = "Kết quả kiểm tra", "Kết quả tính lại", "Đối chiếu kỳ trước"
DIAGNOSIS, BUTTONS = "Chẩn đoán", "Hướng dẫn"
TITLES = {
    FINDINGS: "KẾT QUẢ KIỂM TRA",
    DIFFERENCES: "KẾT QUẢ TÍNH LẠI TỶ LỆ",
    CHANGES: "ĐỐI CHIẾU KỲ TRƯỚC",
}
STATES = {"ok": "Đạt", "warning": "Cần chú ý", "error": "Lỗi"}


def _when(opened: OpenForm) -> str:
    """Return whose figures of which period these are, and the moment."""
    now = opened.submission
    unit = now.unit_name or "chưa chọn đơn vị"
    period = now.period.label if now.period else "chưa chọn kỳ báo cáo"
    return f"{unit} – {period} – lúc {datetime.now():%H:%M ngày %d/%m/%Y}"


def _link(opened: OpenForm, place: str, text: str) -> Link:
    """Return a link to a cell that is named as findings name it."""
    sheet, _, cell = place.rpartition("!")
    return Link(opened.found.name_of(sheet, opened.form), cell, text)


def _show(opened: OpenForm, name: str, listing: Listing) -> None:
    if listing.rows:
        put_list(opened.book, name, listing)
    else:
        remove_list(opened.book, name, listing.title)


# --- Kiểm tra ----------------------------------------------------------------------------------


def show_findings(opened: OpenForm, findings: Sequence[Finding]) -> None:
    """List the findings, and note each on its cells; without any, remove those of before."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for one in findings:
        for place in one.cells:
            sheet, _, cell = place.rpartition("!")
            reasons.setdefault(sheet, {}).setdefault(cell, []).append(_reason(one))
    columns = {
        "TT": 5,
        "Mức độ": 11,
        "Chỉ tiêu": 14,
        "Ô": 20,
        "Thấy": 45,
        "Yêu cầu và việc cần làm": 70,
        "Quy tắc": 12,
    }
    rows = [
        (
            number,
            SEVERITY_LABELS[one.severity],
            ", ".join(one.indicators),
            _link(opened, one.cells[0], one.where) if one.cells else None,
            one.seen,
            one.message,
            one.rule,
        )
        for number, one in enumerate(findings, start=1)
    ]
    hint = "Bấm vào địa chỉ ở cột “Ô” để đến ô cần sửa. Sửa xong, bấm lại nút Kiểm tra."
    remarks = (_when(opened), f"{tally(findings)}. {hint}")
    sheets = {name: opened.sheet(name) for name in opened.found.issued(opened.form)}
    with unlocked(opened.book, *sheets.values()):  # all of them, or nothing is written
        for issued, page in sheets.items():
            put_notes(page, reasons.get(issued, {}))
        _show(opened, FINDINGS, Listing(TITLES[FINDINGS], remarks, columns, rows))


def _reason(one: Finding) -> str:
    seen = f"{one.seen} – " if one.seen else ""
    return f"{SEVERITY_LABELS[one.severity]}: {seen}{one.message} [{one.rule}]"


# --- Tính lại tỷ lệ ----------------------------------------------------------------------------


def show_differences(opened: OpenForm, differences: Sequence[Difference]) -> None:
    """List what was computed anew or put back; without any, remove the list of before."""
    columns = {"Chỉ tiêu": 12, "Ô": 8, "Nội dung": 60, "Trước đó": 30, "Nay": 16, "Việc đã làm": 50}
    rows = [
        (
            one.item.id,
            Link(opened.page.name, one.cell, one.cell),
            one.item.label,
            stood(one),
            show(one.now),
            _done(one),
        )
        for one in differences
    ]
    listing = Listing(TITLES[DIFFERENCES], (_when(opened),), columns, rows)
    _show(opened, DIFFERENCES, listing)


def line_of(one: Difference) -> str:
    """Return a difference as one line: where, what stood there, what it is now."""
    return f"{one.item.id} (ô {one.cell}): {stood(one)} → {show(one.now)}. {_done(one)}"


def stood(one: Difference) -> str:
    """Return what stood in a cell: its value, and the formula that was not the form's."""
    return f"{show(one.before)} ({one.typed})" if one.typed else show(one.before)


def _done(one: Difference) -> str:
    if not one.agrees:
        return (
            f"Vẫn khác tỷ lệ tính bằng chương trình ({show(one.computed)}): "
            "chép số liệu sang biểu mẫu được phát hành."
        )
    return "Đã khôi phục công thức." if one.restored else "Đã tính lại."


# --- Đối chiếu kỳ trước ------------------------------------------------------------------------


def show_changes(
    opened: OpenForm, earlier: Period, changes: Sequence[Change], findings: Sequence[Finding]
) -> None:
    """List each figure beside that of an earlier period, and what to look at."""
    columns = {
        "Chỉ tiêu": 12,
        "Ô": 8,
        "Nội dung": 60,
        "Đơn vị tính": 14,
        "Kỳ trước": 13,
        "Kỳ này": 13,
        "Tăng, giảm": 13,
        "Tỷ lệ (%)": 11,
        "Điểm cần xem lại": 70,
    }
    by_row: dict[str, list[str]] = {}
    for one in findings:
        by_row.setdefault(next(iter(one.indicators), ""), []).append(_reason(one))
    page = opened.form.sheet
    rows = [
        (
            one.item.id,
            _link(
                opened, f"{page}!{opened.layout.cell(one.item.id)}", opened.layout.cell(one.item.id)
            ),
            one.item.label,
            one.item.unit,
            one.before,
            one.now,
            one.difference,
            one.rate,
            "\n".join(by_row.pop(one.item.id, [])),
        )
        for one in changes
    ]
    rest = [reason for reasons in by_row.values() for reason in reasons]
    remarks = (_when(opened), f"Kỳ trước: {earlier.label}", *rest)
    put_list(opened.book, CHANGES, Listing(TITLES[CHANGES], remarks, columns, rows))


# --- Chẩn đoán, Hướng dẫn ----------------------------------------------------------------------


def show_diagnosis(app: xw.App, checks: Sequence[Check], log: Path) -> None:
    """List in a new workbook what was looked at on this PC."""
    columns = {"Mục": 24, "Tình trạng": 14, "Thấy": 70, "Việc cần làm": 70}
    rows = [(one.name, STATES[one.state], one.found, one.advice) for one in checks]
    remarks = (f"Tệp nhật ký, gửi kèm khi cần giúp đỡ: {log}",)
    _new_book(app, DIAGNOSIS, Listing("CHẨN ĐOÁN TIỆN ÍCH CCHC", remarks, columns, rows))


def show_buttons(app: xw.App) -> None:
    """Say in a new workbook what each button is for, in the words of the ribbon."""
    ribbon = parse_xml((MACROS / "ribbon.xml").read_bytes())
    rows = [
        (button.get("label"), button.get("supertip"))
        for button in ribbon.iter()
        if button.get("supertip")
    ]
    remarks = ("Hướng dẫn điền biểu mẫu: mở biểu mẫu rồi bấm lại nút Hướng dẫn.",)
    _new_book(
        app, BUTTONS, Listing("CÁC NÚT CỦA THẺ CCHC", remarks, {"Nút": 28, "Việc": 100}, rows)
    )


def _new_book(app: xw.App, name: str, listing: Listing) -> None:
    sheet = app.books.add().sheets[0]
    sheet.name = name
    fill_sheet(sheet, listing)
