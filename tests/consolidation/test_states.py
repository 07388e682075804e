"""Requirements of a round from run to run.

E1 The state of each unit follows from what was kept and what came; officers' states are theirs.
E2 Run twice on the same, nothing changes: no event, no day, not a letter.
E3 A lock freezes: the recorded file counts, or what the register kept of it; a later one is
   listed, not counted; what was damaged is never trusted.
E4 In time is told by the file's own time on Vietnam's clocks; without a day there is no claim.
E5 What changed is told old → new; no word of an officer is lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.builders import COMMUNE, PERIOD
from tests.support.communes import CITY, FEW_RULES, FOLDER, A, B, C, good, rules
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import Register

UNITS = (A, B, C, CITY)
MONDAY, TUESDAY, FRIDAY = (datetime(2022, 6, day, 9, 30, 7) for day in (13, 14, 17))
DUE = date(2022, 6, 14)


def sent(unit, version=1, **changes):
    """Return a version of a unit's report, saved at noon of a later day each."""
    time = datetime(2022, 6, 10 + version, 5, tzinfo=UTC)
    path = FOLDER / f"{unit.code} {version}.xlsx"
    facts = {"path": path, "sha256": f"{unit.code}{version}".ljust(64, "0"), "written": time}
    return replace(good(unit, **changes), **facts)


def run(files, register=None, now=MONDAY, **more):
    """Return the consolidation of a run, and what its summary keeps."""
    result = consolidate(
        FEW_RULES, files, UNITS, PERIOD, register=register or Register(), now=now, **more
    )  # fmt: skip
    return result, register_of(result)


def edited(register, unit=A, **changes):
    """Return a register after an officer wrote into the row of a unit."""
    units = {**register.units, unit.code: replace(register.units[unit.code], **changes)}
    return replace(register, units=units)


def new_events(result, register):
    """Return what a run adds to the events of *register*, without the totals that changed."""
    count = len(result.events) - len(register.events)
    assert result.events[count:] == register.events
    new = [(event.unit, event.what) for event in result.events[:count]]
    return [(unit, what) for unit, what in new if not what.startswith("Tổng ")]


# --- states ------------------------------------------------------------------------------------

NO_FILE, SAME, OTHER = [], [sent(A)], [sent(A, 2)]
STATES = {
    # what was kept, with or without a file; what is there now → the state
    ("missing", False): (NO_FILE, "missing"),
    ("missing", "first"): (SAME, "received"),
    ("received", True): (SAME, "received"),
    ("received", "other"): (OTHER, "resent"),
    ("received", "gone"): (NO_FILE, "missing"),
    ("returned", True): (SAME, "returned"),
    ("returned", "other"): (OTHER, "resent"),
    ("returned", "gone"): (NO_FILE, "returned"),
    ("resent", True): (SAME, "resent"),
    ("resent", "other"): (OTHER, "resent"),
    ("accepted", True): (SAME, "accepted"),
    ("accepted", "other"): (OTHER, "resent"),
    ("accepted", "gone"): (NO_FILE, "accepted"),
    ("locked", True): (SAME, "locked"),
    ("locked", "other"): (OTHER, "locked"),
    ("locked", "gone"): (NO_FILE, "locked"),
}


@pytest.mark.parametrize("case", STATES, ids=lambda case: "-".join(map(str, case)))
def test_state_follows_from_what_was_kept_and_what_came(case):
    """Each state, without a file, with the same one, with another, with none any more."""
    state, had = case
    files, expected = STATES[case]
    _, register = run([] if had in (False, "first") else SAME)
    result, _ = run(files, edited(register, state=state), TUESDAY)
    assert result.records[A.code].state == expected


def test_history_has_the_days():
    """A state that an officer set is noted in the next run, and what came of it after."""
    _, one = run([sent(A)])
    assert one.units[A.code].history == (("received", MONDAY.date()),)
    _, two = run([sent(A)], edited(one, state="returned"), TUESDAY)
    _, three = run([sent(A, 2)], two, FRIDAY)
    _, four = run([sent(A, 3)], three, FRIDAY)
    assert four.units[A.code].history == (
        ("received", MONDAY.date()),
        ("returned", TUESDAY.date()),
        ("resent", FRIDAY.date()),
        ("resent", FRIDAY.date()),
    )
    record = four.units[A.code]
    assert (record.file, record.written) == (f"{A.code} 3.xlsx", sent(A, 3).written)
    assert four.units[C.code].history == ()


def test_city_has_a_record_of_its_own():
    """Last, with the state of its workbook; no day is due for it."""
    result, _ = run([sent(A), sent(CITY)], due=DUE)
    assert list(result.records) == [A.code, B.code, C.code, CITY.code]
    assert result.records[CITY.code].timeliness is None


def test_second_run_changes_nothing():
    """Same files, a later day: the same register to the letter."""
    files = [sent(A, c1_1_b=99), sent(A, 2), sent(B, c3_4_2_a=None), sent(CITY)]
    _, one = run(files, due=DUE)
    _, two = run(files, one, FRIDAY)
    assert two == one
    assert [event.what for event in one.events] == ["Lập sổ lần đầu: 3 đơn vị có tệp được tính"]


def test_register_of_another_period_begins_a_new_round():
    """Neither states nor days nor answers carry over."""
    _, one = run([sent(A)], due=DUE)
    other = replace(edited(one, state="locked"), period="2022-Q1", is_locked=True)
    result, _ = run([sent(A, 2)], other, FRIDAY)
    assert result.records[A.code].history == (("received", FRIDAY.date()),)
    assert (result.due, result.is_locked, result.events[0].time.day) == (None, False, 17)


# --- locks -------------------------------------------------------------------------------------


def locked(files, whole_round):
    """Return the register of a run after a lock of unit A, or of the whole round."""
    _, register = run(files)
    if whole_round:
        return replace(register, is_locked=True)
    return edited(register, state="locked")


@pytest.mark.parametrize("whole_round", [False, True], ids=["unit", "round"])
def test_later_file_of_a_locked_unit_is_listed_not_counted(whole_round):
    """Whatever its time; the recorded one counts, and the differing figures are told."""
    register = locked([sent(A), sent(B)], whole_round)
    result, _ = run([sent(A), sent(A, 2, c2_3=99), sent(B)], register, FRIDAY)
    assert result.totals["2.3"].value == 2 * COMMUNE["2.3"]
    (duplicate,) = result.duplicates
    assert duplicate.chosen == sent(A).path
    assert duplicate.changes == ((sent(A, 2).path, "2.3", 99, COMMUNE["2.3"]),)
    assert (result.received, result.superseded, result.from_register) == (3, 1, ())


@pytest.mark.parametrize("files", [[], [sent(A, 2, c2_3=99)]], ids=["gone", "replaced"])
def test_snapshot_counts_where_the_file_of_a_locked_unit_is_gone(files):
    """Figures, findings and record are what they were."""
    register = locked([sent(A, c1_1_b=99), sent(B)], whole_round=False)
    before, _ = run([sent(A, c1_1_b=99), sent(B)])
    result, after = run([*files, sent(B)], register, FRIDAY)
    assert result.from_register == (A.code,)
    assert result.totals == before.totals
    assert rules(result, "C")["C-1.1"] == rules(before, "C")["C-1.1"]
    assert after.units[A.code].snapshot == register.units[A.code].snapshot
    assert result.received == len(result.counted) + len(result.refused) + result.superseded
    _, again = run([*files, sent(B)], after, FRIDAY)
    assert again == after


DAMAGED = {
    "empty": lambda text: "",
    "cut": lambda text: text[:-9],
    "no-record": lambda text: '["read"]',
    "refused": lambda text: '["refused", "wrong-form", "x"]',
    "another-unit": lambda text: text.replace(f'"{A.code}"', f'"{B.code}"', 1),
    "another-period": lambda text: text.replace('[2022,"6T"]', '[2022,"Q1"]', 1),
    "another-level": lambda text: text.replace('"commune"', '"district"', 1),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_damaged_snapshot_is_never_trusted(damage):
    """The unit is not counted, and that is said; with its file back all is as it was."""
    register = locked([sent(A), sent(B)], whole_round=False)
    snapshot = DAMAGED[damage](register.units[A.code].snapshot)
    assert snapshot != register.units[A.code].snapshot
    broken = edited(register, snapshot=snapshot)
    result, _ = run([sent(A, 2), sent(B)], broken, FRIDAY)
    assert result.totals["2.3"].value == COMMUNE["2.3"]
    assert [one.code for one in result.refused] == ["locked-round"]
    (lost,) = [one for one in result.findings if one.finding.rule == "locked"]
    assert (lost.code, lost.finding.severity) == (A.code, "error")
    back, _ = run([sent(A), sent(B)], broken, FRIDAY)
    assert back.totals["2.3"].value == 2 * COMMUNE["2.3"]
    assert back.records[A.code].snapshot == register.units[A.code].snapshot


def test_who_sent_nothing_before_the_round_was_locked_stays_out():
    """The file is refused by name, and counts once the round is opened."""
    register = locked([sent(A)], whole_round=True)
    result, after = run([sent(A), sent(B)], register, FRIDAY)
    assert [(one.code, one.path) for one in result.refused] == [("locked-round", sent(B).path)]
    assert result.totals["2.3"].value == COMMUNE["2.3"]
    opened, _ = run([sent(A), sent(B)], replace(after, is_locked=False), FRIDAY)
    assert opened.totals["2.3"].value == 2 * COMMUNE["2.3"]


# --- in time -----------------------------------------------------------------------------------


def at(time):
    """Return the report of A, saved at *time* by its own properties."""
    return replace(sent(A), written=time)


TIMES = {
    "last-second": (datetime(2022, 6, 14, 16, 59, 59, tzinfo=UTC), "on-time"),
    "first-second-after": (datetime(2022, 6, 14, 17, tzinfo=UTC), "late"),
    "unknown": (None, "unknown"),
}


@pytest.mark.parametrize("case", TIMES)
def test_day_ends_at_midnight_in_vietnam(case):
    """17:00 UTC is the next day there; a file without a time of its own is neither."""
    time, expected = TIMES[case]
    result, _ = run([at(time)], due=DUE)
    assert result.records[A.code].timeliness == expected
    assert result.records[B.code].timeliness == "missing"
    assert (result.on_time, len(result.late)) == (expected == "on-time", expected == "late")


def test_without_a_day_there_is_no_claim():
    """No unit is in time or late, nor missing."""
    result, _ = run([sent(A)])
    assert {record.timeliness for record in result.records.values()} == {None}
    assert (result.due, result.on_time, result.late) == (None, None, ())


def test_corrected_file_of_who_was_in_time_is_not_late():
    """Unless the day is moved to before it."""
    late = at(datetime(2022, 6, 20, tzinfo=UTC))
    _, one = run([sent(A)], due=DUE)
    two, _ = run([replace(late, sha256="9" * 64)], one, FRIDAY)
    assert two.records[A.code].timeliness == "on-time"
    moved, _ = run([late], one, FRIDAY, due=DUE - timedelta(days=5))
    assert moved.records[A.code].timeliness == "late"


def test_day_is_the_stated_or_the_kept_or_the_one_in_all_files():
    """In this order; files that disagree settle nothing, those that say nothing do not count."""
    one, two = replace(sent(A), due=DUE), replace(sent(B), due=DUE + timedelta(days=1))
    assert run([one, sent(B)])[0].due == DUE
    assert run([one, two])[0].due is None
    kept = replace(Register(), period=PERIOD.code, due=two.due)
    assert run([one], kept)[0].due == two.due
    assert run([one], kept, due=DUE)[0].due == DUE


# --- events ------------------------------------------------------------------------------------


def test_events_tell_what_changed_old_to_new():
    """Files that came, were replaced or are gone; states; findings; totals; the latest first."""
    one, register = run([sent(A), sent(B)])
    files = [sent(A, 2, c2_3=99, c1_1_b=99), sent(C)]
    result, _ = run(files, edited(register, state="returned"), FRIDAY)
    assert {event.time for event in result.events} == {
        FRIDAY.replace(second=0),
        MONDAY.replace(second=0),
    }
    assert new_events(result, register) == [
        (A.name, "Trạng thái do cán bộ ghi: Đã nhận → Trả lại"),
        (A.name, f"Thay tệp: {A.code} 1.xlsx → {A.code} 2.xlsx (2 số liệu đổi)"),
        (B.name, f"Không còn tệp {B.code} 1.xlsx"),
        (C.name, f"Nhận tệp {C.code} 1.xlsx"),
        (B.name, "Điểm cần xem lại: thêm 1"),  # missing now
        ("", "Điểm cần xem lại: thêm 1"),  # the total that breaks it too
        (A.name, "Điểm cần xem lại: thêm 2"),  # C-1.1, and that it has errors
        (C.name, "Điểm cần xem lại: bớt 1"),
    ]
    totals = [event.what for event in result.events if event.what.startswith("Tổng ")]
    before, after = one.totals["2.3"].value, result.totals["2.3"].value
    assert f"Tổng 2.3: {before} → {after}" in totals


def test_answers_stay_with_their_findings_and_are_told_when_these_go():
    """An officer's words are found again by the finding, and end in the history."""
    _, register = run([sent(A, c1_1_b=99)])
    answered = replace(
        register,
        findings=tuple(
            replace(found, owner="Bà B", answer="Đã gọi điện") if found.rule == "C-1.1" else found
            for found in register.findings
        ),
    )
    _, same = run([sent(A, c1_1_b=99)], answered, TUESDAY)
    assert same == answered
    result, _ = run([sent(A, 2)], answered, FRIDAY)
    words = "C-1.1 đã xong; phụ trách: Bà B; trả lời: Đã gọi điện"
    assert new_events(result, answered).count((A.name, words)) == 1
