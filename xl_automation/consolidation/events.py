"""What changed from one run to the next (diễn biến), old → new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime

from xl_automation.consolidation.intake import figure_changes
from xl_automation.consolidation.register import (
    SET_BY_OFFICERS,
    STATE_LABELS,
    Event,
    KeptFinding,
    LeftOut,
    Register,
    UnitRecord,
)
from xl_automation.consolidation.snapshots import submission_from
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import show
from xl_automation.reading.submission_record import Records
from xl_automation.wording import quoted, sentence


def events_between(
    form: Form, before: Register, after: Register, now: datetime
) -> tuple[Event, ...]:
    """Return all events after a run, the latest first; nothing changed, those before it.

    Args:
        form: The form.
        before: What the run before left, with what officers typed into it since.
        after: What this run found.
        now: The time of this run, local.
    """
    told = list(_changes(form, before, after) if before.units else _first_run(after))
    minute = now.replace(second=0, microsecond=0, tzinfo=None)
    new = (Event(minute, quoted(unit), sentence(what)) for unit, what in told)
    return (*new, *before.events)


_Told = Iterator[tuple[str, str]]  # name of the unit, what changed


def _first_run(after: Register) -> _Told:
    files = sum(bool(record.file) for record in after.units.values())
    yield "", f"Lập sổ lần đầu: {files} đơn vị có tệp được tính"


def _changes(form: Form, before: Register, after: Register) -> _Told:
    if before.due != after.due:
        yield "", f"Hạn gửi: {_day(before.due)} → {_day(after.due)}"
    of_form = Records(form)
    names = {code: record.name for code, record in after.units.items()}
    for code, record in after.units.items():
        was = before.units.get(code) or UnitRecord(code, record.name)
        for what in (*_of_state(was), *_of_file(form, of_form, was, record)):
            yield record.name, what
    yield from _of_findings(before.findings, after.findings)
    yield from _of_exclusions(before.left_out, after.left_out, names)
    for id, value in after.totals.items():
        if before.totals.get(id) != value:
            yield "", f"Tổng {id}: {show(before.totals.get(id))} → {show(value)}"


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "chưa đặt"


def _of_state(was: UnitRecord) -> Iterator[str]:
    """Yield the state that an officer set: it is not the last one that a run noted."""
    noted = was.history[-1][0] if was.history else "missing"
    if was.state != noted and (was.history or was.state in SET_BY_OFFICERS):
        yield f"Trạng thái do cán bộ ghi: {STATE_LABELS[noted]} → {STATE_LABELS[was.state]}"


def _of_file(form: Form, of_form: Records, was: UnitRecord, now: UnitRecord) -> Iterator[str]:
    old, new = quoted(was.file), quoted(now.file)
    if was.sha256 == now.sha256:
        return
    if not was.sha256:
        yield f"Nhận tệp {new}"
    elif not now.sha256:
        yield f"Không còn tệp {old}"
    else:
        versions = [submission_from(of_form, record) for record in (was, now)]
        earlier, later = versions
        if earlier is None or later is None:
            yield f"Thay tệp: {old} → {new}"
        else:
            count = len(figure_changes(form, [earlier], later))
            yield f"Thay tệp: {old} → {new} ({count} số liệu đổi)"


def _of_findings(before: Iterable[KeptFinding], after: Iterable[KeptFinding]) -> _Told:
    """Yield per unit how many findings came and went, and the words of those that went."""
    was, now = list(before), list(after)
    yield from _came_and_went(
        "Điểm cần xem lại",
        ((found.name, found.key) for found in was),
        ((found.name, found.key) for found in now),
    )
    yield from _came_and_went(
        "Điểm đã giải trình hoặc được chấp nhận",
        ((found.name, found.key) for found in was if found.settled),
        ((found.name, found.key) for found in now if found.settled),
    )
    still_open = {found.key for found in now if not found.settled}
    for found in was:
        if (found.owner or found.answer) and not found.settled and found.key not in still_open:
            words = {"phụ trách": found.owner, "trả lời": found.answer}
            said = "; ".join(f"{word}: {quoted(text)}" for word, text in words.items() if text)
            yield found.name, f"{found.rule} đã xong; {said}"


def _of_exclusions(
    before: Iterable[LeftOut], after: Iterable[LeftOut], names: dict[str, str]
) -> _Told:
    """Yield per unit how many figures decisions took out of the totals, or put back."""

    def excluded(figures: Iterable[LeftOut]) -> Iterator[tuple[str, tuple[str, str]]]:
        for figure in figures:
            if figure.cause == "decision":
                name = names.get(figure.unit, figure.name)
                yield name, (figure.unit, figure.indicator)

    yield from _came_and_went("Số liệu loại theo quyết định", excluded(before), excluded(after))


def _came_and_went(
    what: str, before: Iterable[tuple[str, Hashable]], after: Iterable[tuple[str, Hashable]]
) -> _Told:
    was, now = dict.fromkeys(before), dict.fromkeys(after)
    came = Counter(name for name, key in now if (name, key) not in was)
    went = Counter(name for name, key in was if (name, key) not in now)
    for name in dict.fromkeys([*came, *went]):
        counts = {"thêm": came[name], "bớt": went[name]}
        yield name, f"{what}: " + ", ".join(f"{word} {n}" for word, n in counts.items() if n)
