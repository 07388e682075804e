"""Reminders (lời nhắc): a ready text for each unit whose report is missing, late or has errors.

For Zalo or a letter: which report, what is wrong and where, what to do and what to send. The text
names nobody who signs, and no day but the one that the report is due: it is the same until the
summary says something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count, groupby
from typing import Literal

from xl_automation.consolidation.register import KeptFinding, Register, UnitRecord
from xl_automation.forms.expression import asks
from xl_automation.forms.form import Form
from xl_automation.forms.words import SEVERITY_LABELS, plain_text, shown_id
from xl_automation.template import positions
from xl_automation.wording import capitalized, printable, quoted

Why = Literal["missing", "late", "findings"]
WHY_WORDS: Mapping[Why, str] = {
    "missing": "chưa gửi",
    "late": "gửi muộn",
    "findings": "còn điểm phải xem lại",
}
MOST = 5  # findings that the short form names
_SETTLED_STATES = ("accepted", "locked")  # by an officer: the unit owes nothing more
_OF_THE_CITY = ("decision",)  # rules about what the city wrote, whatever unit they name
_GENERAL = "Chung"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What a unit is told.

    Attributes:
        code: Its code.
        name: Its name.
        why: For what it is reminded.
        letter: The whole text.
        short: The same, of many findings only the first.
    """

    code: str
    name: str
    why: tuple[Why, ...]
    letter: str
    short: str


def reminders(form: Form, register: Register) -> list[Reminder]:
    """Return a reminder for each unit that owes something, in the order of the list."""
    if register.is_locked:
        return []
    # The city does not write to itself.
    period = form.period(register.period) if register.period else None
    cities = {unit.code for unit in form.units_at(period) if unit.level == "district"}
    cities |= {register.city[0]} if register.city else set()
    units = (unit for code, unit in register.units.items() if code not in cities)
    made = (_reminder(form, register, unit) for unit in units)
    return [reminder for reminder in made if reminder.why]


def _reminder(form: Form, register: Register, unit: UnitRecord) -> Reminder:
    findings = _open_findings(form, register, unit)
    why = tuple(_reasons(unit, findings))
    lines = [*_opening(form, register, unit), *_received(form, register, unit, why)]
    request = [*_request(form, register, unit, findings), *_awaited(form, register, unit)]
    ending = [*request, "", "Trân trọng cảm ơn."]
    counted = [_counted(findings)] if findings else []
    return Reminder(
        unit.code,
        unit.name,
        why,
        letter="\n".join([*lines, *counted, *_in_sections(form, findings), "", *ending]),
        short="\n".join([*lines, *counted, *_in_short(form, findings), "", *ending]),
    )


def _open_findings(form: Form, register: Register, unit: UnitRecord) -> list[KeptFinding]:
    """Return what the unit has to correct or to explain, errors first, in printed order."""
    if unit.state in _SETTLED_STATES:
        return []
    order, gravity = form.printed_order, list(SEVERITY_LABELS)
    found = [
        finding
        for finding in register.findings
        if finding.unit == unit.code
        and finding.severity != "info"
        and not finding.settled
        and (finding.cells or finding.indicators)
        and finding.rule not in _OF_THE_CITY
    ]
    return sorted(
        found,
        key=lambda finding: (
            gravity.index(finding.severity),
            order.get(next(iter(finding.indicators), ""), -1),
        ),
    )


def _reasons(unit: UnitRecord, findings: Sequence[KeptFinding]) -> Iterator[Why]:
    if unit.state == "missing":
        yield "missing"
    elif unit.timeliness == "late" and unit.state not in _SETTLED_STATES:
        yield "late"
    if findings:
        yield "findings"


# --- what is written ---------------------------------------------------------------------------


def _opening(form: Form, register: Register, unit: UnitRecord) -> Iterator[str]:
    yield f"Kính gửi: {printable(unit.name)}"
    yield ""
    period = f" – {form.period(register.period).label}" if register.period else ""
    due = f" (hạn gửi: {register.due:%d/%m/%Y})" if register.due else ""
    yield f"Về báo cáo: {form.name}{period}{due}"
    yield ""


def _received(
    form: Form, register: Register, unit: UnitRecord, why: Sequence[Why]
) -> Iterator[str]:
    city = _city(form, register)
    if unit.state == "missing":
        yield f"Đến nay {city} chưa nhận được báo cáo hợp lệ của đơn vị."
    else:
        done = "đã trả lại" if unit.state == "returned" else "đã nhận"
        yield f"{capitalized(city)} {done} {_file(unit)} của đơn vị."
    if "late" in why:
        yield "Báo cáo được gửi sau hạn; đề nghị đơn vị gửi đúng hạn ở các kỳ sau."


def _request(
    form: Form, register: Register, unit: UnitRecord, findings: Sequence[KeptFinding]
) -> Iterator[str]:
    """Yield what is to be done and what is to be sent."""
    city = _city(form, register)
    if unit.state == "missing":
        yield (
            "Đề nghị đơn vị điền biểu mẫu được phát hành cho kỳ này, xem sheet "
            f"“{positions.REVIEW_SHEET}” còn lỗi không, rồi gửi tệp Excel (.xlsx) về {city}."
        )
    elif findings:
        if any(finding.severity == "error" for finding in findings):
            yield "Lỗi thì sửa."
        if any(finding.severity == "warning" for finding in findings):
            yield (
                "Cảnh báo thì sửa; nếu số liệu đúng thực tế, ghi lý do vào cột "
                f"“{form.header['note']}” của dòng đó."
            )
        yield f"Sửa xong, đề nghị đơn vị lưu và gửi lại {_file(unit)} (giữ dạng .xlsx) về {city}."
    else:
        yield "Đơn vị không phải gửi lại."


def _awaited(form: Form, register: Register, unit: UnitRecord) -> Iterator[str]:
    """Yield which figures the unit says are still to come: it is asked for them, not reminded."""
    rules = {rule.id for rule in form.rules if rule.holds and asks(rule.holds, "later")}
    ids = dict.fromkeys(
        shown_id(form, id)
        for finding in register.findings
        if finding.unit == unit.code and finding.rule in rules
        for id in finding.indicators
    )
    if ids:
        yield f"Số liệu còn thiếu, đề nghị bổ sung khi có: {', '.join(ids)}."


def _city(form: Form, register: Register) -> str:
    return printable(register.city[1]) if register.city and register.city[1] else form.city


def _file(unit: UnitRecord) -> str:
    return f"tệp “{quoted(unit.file)}”" if unit.file else "báo cáo"


def _counted(findings: Sequence[KeptFinding]) -> str:
    counts = [
        f"{number} {label.lower()}"
        for severity, label in SEVERITY_LABELS.items()
        if (number := sum(finding.severity == severity for finding in findings))
    ]
    return f"Còn {len(findings)} điểm cần xem lại ({', '.join(counts)}):"


def _in_sections(form: Form, findings: Sequence[KeptFinding]) -> Iterator[str]:
    """Yield all findings under the titles of the form's sections."""
    order = {title: place for place, title in enumerate(_titles(form))}
    in_order = sorted(findings, key=lambda finding: order[_section(form, finding)])
    numbers = count(1)
    for title, group in groupby(in_order, key=partial(_section, form)):
        yield ""
        yield title
        for finding in group:
            number = next(numbers)
            yield f"{number}) {SEVERITY_LABELS[finding.severity]} · {_where(form, finding)}"
            if finding.seen:
                yield f"   Thấy: {finding.seen}"
            yield f"   {capitalized(finding.message)}"


def _in_short(form: Form, findings: Sequence[KeptFinding]) -> Iterator[str]:
    for finding in findings[:MOST]:
        seen = f"{finding.seen} – " if finding.seen else ""
        label = SEVERITY_LABELS[finding.severity]
        yield f"- {label} · {_where(form, finding)}: {seen}{finding.message}"
    if len(findings) > MOST:
        yield f"và {len(findings) - MOST} điểm khác."


def _where(form: Form, finding: KeptFinding) -> str:
    """Return the row of a finding and its cells, as people find them."""
    words = []
    if finding.indicators:
        id = finding.indicators[0]
        item = form.by_id.get(id)
        label = f" “{plain_text(item.label)}”" if item else ""
        words.append(f"dòng {shown_id(form, id)}{label}")
    if finding.cells:
        cells = (cell.removeprefix(f"{form.sheet}!") for cell in finding.cells)
        words.append(f"ô {', '.join(cells)}")
    return ", ".join(words)


def _titles(form: Form) -> list[str]:
    sections = [_title(item.stt, item.label) for item in form.indicators if item.kind == "section"]
    return [_GENERAL, *sections, *(table.sheet for table in form.tables)]


def _title(stt: str, label: str) -> str:
    return f"{stt} {plain_text(label)}"


def _section(form: Form, finding: KeptFinding) -> str:
    """Return the title of the section in which the row of a finding stands."""
    id = next(iter(finding.indicators), "")
    if id in form.table_cells:
        return form.table_cells[id][0].sheet
    if helped := form.helper_ids.get(id):
        id = helped.id
    title = _GENERAL
    for item in form.indicators:
        if item.kind == "section":
            title = _title(item.stt, item.label)
        if item.id == id:
            return title
    return _GENERAL
