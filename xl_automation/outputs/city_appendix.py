"""The city's own appendix (phụ lục của thành phố), ready to print and to sign.

It is the locked form at the city's level with the figures (B) of a summary: nothing is retyped.
Each figure leads to its row of the summary. What the officer adds, who signs and when and notes,
stays when the appendix is made again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from xl_automation.consolidation.appendix import takes_total
from xl_automation.consolidation.register import Register
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.identity import as_date
from xl_automation.reading.locate import defined_names, locate
from xl_automation.reading.reader import read_submission
from xl_automation.summary.file_links import FileLinks
from xl_automation.summary.places import SummaryPlaces
from xl_automation.template import positions
from xl_automation.template.form_workbook import Origin
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.files import refuse_foreign, write_whole
from xl_automation.xlsx.guard import open_for_reading, open_package
from xl_automation.xlsx.long_rows import CellLink
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_editor import CellContent

SIGNING_DAY = "TT_NGAY_BAO_CAO"
SIGNED = ("TT_SO_BAO_CAO", SIGNING_DAY, "TT_NGUOI_LAP", "TT_CHUC_VU", "TT_NGUOI_KY")
NOTED = "Tổng hợp từ"  # how a note of ours begins
_BETWEEN = " · "  # it and what the officer added
_NAMED = 3  # so many units that are left out are named, others are counted
_KEPT = "Tệp ấy giữ nguyên. Chọn tên khác."
_TIP = "Mở dòng này ở sổ tổng hợp"
_TOLD = (
    "Phụ lục do chương trình lập từ sổ tổng hợp “{}”; không gửi lên như báo cáo của đơn vị. Bấm "
    "vào một số để mở dòng của nó ở sổ tổng hợp."
)


def write_city_appendix(
    form: Form,
    register: Register,
    summary: Path,
    out: Path,
    units: Sequence[ReportingUnit] | None = None,
) -> None:
    """Write the city's appendix, whole or not at all; only an earlier one is replaced.

    Args:
        form: The form.
        register: What the summary says.
        summary: The file of the summary, to which the figures lead.
        out: The file of the appendix.
        units: The list in which the city may stand; the form's own by default.

    Raises:
        UserError: If *out* is any other file or the appendix of another period, or cannot be
            written.
    """
    refuse_other_than_appendix(out)
    period = form.period(register.period) if register.period else None
    notes = dict(_notes(form, register))
    signed, added = _earlier(out, form, period) if out.exists() else ({}, {})
    notes |= {id: _BETWEEN.join(filter(None, (notes.get(id), added[id]))) for id in added}
    figures = {id: value for id, value in register.appendix.items() if value is not None}
    links = dict(_links(form, summary, out))
    origin = Origin(figures, notes, links, _TOLD.format(quoted(summary.name)))
    city = _city(register, form.units_at(period, units))
    write_whole(out, blank_workbook(form, "district", city, period, origin=origin, typed=signed))


def is_city_appendix(path: Path) -> bool:
    """Return whether the file is a city's appendix that this program wrote."""
    try:
        return positions.APPENDIX_NAME in defined_names(open_for_reading(path))
    except Refusal:
        return False


def refuse_other_than_appendix(out: Path) -> None:
    """Make sure that the appendix may be written to *out*: nothing is there, or an earlier one.

    Raises:
        UserError: If anything else is there.
    """
    words = f"đã có và không phải phụ lục thành phố do chương trình này lập. {_KEPT}"
    refuse_foreign(out, is_city_appendix, words)


def _city(register: Register, units: Sequence[ReportingUnit]) -> ReportingUnit | None:
    """Return whose appendix it is: who sent the city's workbook, or the only city listed."""
    if register.city and all(register.city):
        return ReportingUnit(*register.city, "district")
    listed = [unit for unit in units if unit.level == "district"]
    return listed[0] if len(listed) == 1 else None


def _notes(form: Form, register: Register) -> Iterator[tuple[str, str]]:
    """Yield the note on each row whose total does not come from all communes."""
    for item in form.figures:
        filled = register.filled.get(item.id, 0)
        is_there = takes_total(item) and register.appendix.get(item.id) is not None
        absent = register.absent.get(item.id, {})
        if is_there and not form.is_whole(filled, absent, register.expected):
            said = f"{NOTED} {filled}/{register.expected} xã, phường"
            told = ", ".join(f"{n} {form.absence[code].words}" for code, n in absent.items())
            with_codes = f"{said} ({told})" if told else said
            yield item.id, f"{with_codes}{_said_left_out(item, register)}"


def _said_left_out(item: Indicator, register: Register) -> str:
    """Return which units' figures are not in the total of a row; empty where none is left out."""
    names = [left.name for left in register.left_out if left.indicator == item.id]
    if not names:
        return ""
    more = f" và {len(names) - _NAMED} đơn vị khác" if len(names) > _NAMED else ""
    return f"; không tính: {', '.join(map(quoted, names[:_NAMED]))}{more}"


def _links(form: Form, summary: Path, out: Path) -> Iterator[tuple[str, CellLink]]:
    """Yield where in the summary each figure stands."""
    links, places = FileLinks(out.parent), SummaryPlaces(form, 0)
    for item in form.figures:
        link = links.link(summary, _TIP, places.totals_cell("appendix", item.id))
        if isinstance(link, CellLink):
            yield item.id, link


def _earlier(
    out: Path, form: Form, period: Period | None
) -> tuple[dict[Address, CellContent], dict[str, str]]:
    """Return what an officer wrote into an earlier appendix: who signs and when, notes by id.

    Raises:
        UserError: If it is of another period, or cannot be read.
    """
    try:
        submission = read_submission(out, form)
        info = read_exactly(locate(open_package(out), form)).info
    except Refusal as refusal:
        raise UserError(f"{out}: {refusal} {_KEPT}") from refusal
    if submission.period != period or not submission.is_as_issued:
        label = submission.period.label if submission.period else "kỳ chưa rõ"
        what = f"của {label}" if submission.is_as_issued else "đã bị sửa dòng, cột"
        raise UserError(f"{out} là phụ lục thành phố {what}. {_KEPT}")
    signed: dict[Address, CellContent] = {}
    for name in SIGNED:
        value = info.get(positions.info_cell(name))
        if name == SIGNING_DAY and (day := as_date(value)):
            signed[positions.info_place(name)] = day
        elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
            signed[positions.info_place(name)] = value
    return signed, {id: _added(note) for id, note in submission.notes.items() if _added(note)}


def _added(note: str) -> str:
    """Return what an officer wrote beside a note of ours."""
    return note.partition(_BETWEEN)[2] if note.startswith(NOTED) else note
