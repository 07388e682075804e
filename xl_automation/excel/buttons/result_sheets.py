"""What the ribbon buttons show of a form's figures, on sheets that a next press replaces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xl_automation.checks.change import Change
from xl_automation.checks.finding import Finding, tally
from xl_automation.excel.buttons.open_form import OpenForm
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.excel.buttons.restored_formulas import Difference
from xl_automation.excel.buttons.sheet_list import Link, Listing, put_list, put_notes, remove_list
from xl_automation.forms.numbers import show
from xl_automation.forms.period import Period
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address

FINDINGS, DIFFERENCES, CHANGES = "Kết quả kiểm tra", "Kết quả tính lại", "Đối chiếu kỳ trước"
TITLES = {
    FINDINGS: "KẾT QUẢ KIỂM TRA",
    DIFFERENCES: "KẾT QUẢ TÍNH LẠI TỶ LỆ",
    CHANGES: "ĐỐI CHIẾU KỲ TRƯỚC",
}


def _when(open_form: OpenForm) -> str:
    """Return whose figures of which period these are, and the moment."""
    submission = open_form.submission
    unit = quoted(submission.unit_name or "chưa chọn đơn vị")
    period = submission.period.label if submission.period else "chưa chọn kỳ báo cáo"
    return f"{unit} – {period} – lúc {datetime.now():%H:%M ngày %d/%m/%Y}"


def _link(open_form: OpenForm, place: Address, text: str) -> Link:
    """Return a link to a cell that is named as in the issued workbook."""
    sheet = open_form.sheet_names.name_of(place.sheet, open_form.form)
    return Link(sheet, place.cell, text)


def _show(open_form: OpenForm, name: str, listing: Listing) -> None:
    if listing.rows:
        put_list(open_form.book, name, listing)
    else:
        remove_list(open_form.book, name, listing.title)


# --- Kiểm tra ----------------------------------------------------------------------------------


def show_findings(open_form: OpenForm, findings: Sequence[Finding]) -> None:
    """List the findings, and note each on its cells; without any, remove those of before."""
    reasons: dict[str, dict[str, list[str]]] = {}
    for finding in findings:
        for place in finding.cells:
            on_sheet = reasons.setdefault(place.sheet, {})
            on_sheet.setdefault(place.cell, []).append(finding.reason)
    columns = {
        "TT": 5,
        "Mức độ": 24,
        "Chỉ tiêu": 14,
        "Ô": 20,
        "Thấy": 45,
        "Yêu cầu và việc cần làm": 70,
        "Quy tắc": 12,
    }
    rows = [
        (
            number,
            finding.label,
            ", ".join(finding.indicators),
            _link(open_form, finding.cells[0], finding.where) if finding.cells else None,
            finding.seen,
            finding.message,
            finding.rule,
        )
        for number, finding in enumerate(findings, start=1)
    ]
    hint = "Bấm vào địa chỉ ở cột “Ô” để đến ô cần sửa. Sửa xong, bấm lại nút Kiểm tra."
    remarks = (_when(open_form), f"{tally(findings)}. {hint}")
    sheets = {name: open_form.sheet(name) for name in open_form.sheet_names.issued(open_form.form)}
    with unlocked(open_form.book, *sheets.values()):  # all of them, or nothing is written
        for issued, page in sheets.items():
            put_notes(page, reasons.get(issued, {}))
        _show(open_form, FINDINGS, Listing(TITLES[FINDINGS], remarks, columns, rows))


# --- Tính lại tỷ lệ ----------------------------------------------------------------------------


def show_differences(open_form: OpenForm, differences: Sequence[Difference]) -> None:
    """List what was computed anew or put back; without any, remove the list of before."""
    columns = {"Chỉ tiêu": 12, "Ô": 8, "Nội dung": 60, "Trước đó": 30, "Nay": 16, "Việc đã làm": 50}
    rows = [
        (
            difference.item.id,
            Link(open_form.page.name, difference.cell, difference.cell),
            difference.item.label,
            _stood(difference),
            show(difference.now),
            _done(difference),
        )
        for difference in differences
    ]
    listing = Listing(TITLES[DIFFERENCES], (_when(open_form),), columns, rows)
    _show(open_form, DIFFERENCES, listing)


def line_of(difference: Difference) -> str:
    """Return a difference as one line: where, what stood there, what it is now."""
    return (
        f"{difference.item.id} (ô {difference.cell}): {_stood(difference)} → "
        f"{show(difference.now)}. {_done(difference)}"
    )


def _stood(difference: Difference) -> str:
    """Return what stood in a cell: its value, and the formula that was not the form's."""
    before, typed = show(difference.before), difference.typed
    return f"{before} ({quoted(typed)})" if typed else before


def _done(difference: Difference) -> str:
    if not difference.agrees:
        return (
            f"Vẫn khác tỷ lệ tính bằng chương trình ({show(difference.computed)}): "
            "chép số liệu sang biểu mẫu được phát hành."
        )
    return "Đã khôi phục công thức." if difference.restored else "Đã tính lại."


# --- Đối chiếu kỳ trước ------------------------------------------------------------------------


def show_changes(
    open_form: OpenForm, earlier: Period, changes: Sequence[Change], findings: Sequence[Finding]
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
    reasons: dict[str, list[str]] = {}
    for finding in findings:
        reasons.setdefault(next(iter(finding.indicators), ""), []).append(finding.reason)
    rows = []
    for change in changes:
        place = open_form.layout.place(change.item.id)
        rows.append(
            (
                change.item.id,
                _link(open_form, place, place.cell),
                change.item.label,
                change.item.unit,
                change.before,
                change.now,
                change.difference,
                change.rate,
                "\n".join(reasons.pop(change.item.id, [])),
            )
        )
    of_no_row = [reason for listed in reasons.values() for reason in listed]
    remarks = (_when(open_form), f"Kỳ trước: {earlier.label}", *of_no_row)
    put_list(open_form.book, CHANGES, Listing(TITLES[CHANGES], remarks, columns, rows))
