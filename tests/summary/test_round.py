"""Requirements of one run over a round: the summary is its own register.

O1 A run reads the summary that is there, and writes it again with what changed; run twice on the
   same, nothing changes, not a byte.
O2 Decisions of earlier summaries that reach to this period hold for it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD
from tests.support.communes import CITY, A, B, C, good
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import Register
from xl_automation.errors import UserError
from xl_automation.summary.places import DECISIONS_NAME, FINDINGS_NAME
from xl_automation.summary.read_register import REGISTER_NAMES, read_register
from xl_automation.summary.round import run_round
from xl_automation.summary.write import write_summary
from xl_automation.xlsx.refusal import Refusal

UNITS = (A, B, C, CITY)
NOW = datetime(2022, 6, 20, 9, 30)
OUT = Decision(A.code, "2.3", "", "exclude", "Ghi nhầm đơn vị tính", "Ông A", "2022-6T")


def sent(unit, version=1, **changes):
    """Return a version of a unit's report, saved at noon of a later day each."""
    time = datetime(2022, 6, 10 + version, 5, tzinfo=UTC)
    path = Path(f"/gửi/{unit.code} {version}.xlsx")
    facts = {"path": path, "sha256": f"{unit.code}{version}".ljust(64, "0"), "written": time}
    return replace(good(unit, **changes), **facts)


def test_summary_is_its_own_register(tmp_path):
    """What was decided, set and due is kept; the second run writes the same bytes, days later."""
    path = tmp_path / "th.xlsx"
    files = [sent(A, c1_1_b=99), sent(B, c3_4_2_a=None), sent(CITY)]
    due = date(2022, 6, 14)
    run_round(FORM, files, path, NOW, units=UNITS, decisions=[OUT], due=due)
    first = path.read_bytes()
    for days in (1, 40):
        result = run_round(FORM, files, path, NOW + timedelta(days), units=UNITS)
        assert path.read_bytes() == first
    assert (result.due, result.decisions[0].state) == (due, "applied")
    assert result.totals["2.3"].value == COMMUNE["2.3"]
    again = run_round(FORM, files, path, NOW, units=UNITS, decisions=[OUT], due=due)
    assert path.read_bytes() == first
    assert read_register(path, FORM) == register_of(again)


def test_lock_in_the_summary_freezes_the_round(tmp_path):
    """A later file is listed; the figures are those of the file that was recorded."""
    path = tmp_path / "th.xlsx"
    run_round(FORM, [sent(A), sent(B)], path, NOW, units=UNITS)
    kept = read_register(path, FORM)
    locked = replace(kept.units[A.code], state="locked")
    register = replace(kept, units={**kept.units, A.code: locked})
    write_summary(consolidate(FORM, [sent(A), sent(B)], UNITS, register=register, now=NOW), path)
    result = run_round(FORM, [sent(A, 2, c2_3=99), sent(B)], path, NOW, units=UNITS)
    assert result.records[A.code].state == "locked"
    assert result.from_register == (A.code,)
    assert result.totals["2.3"].value == 2 * COMMUNE["2.3"]
    (duplicate,) = result.duplicates
    assert [(change.id, change.old) for change in duplicate.changes] == [("2.3", 99)]


def test_decisions_of_an_earlier_summary_reach_to_this_period(tmp_path):
    """Those that say so; they stand in the new summary from then on."""
    quarter, half = tmp_path / "q1.xlsx", tmp_path / "6t.xlsx"
    first = FORM.period("2022-Q1")
    files = [replace(sent(unit), period=first) for unit in (A, B)]
    ended = replace(OUT, indicator="2.1", until="")
    run_round(FORM, files, quarter, NOW, units=UNITS, decisions=[OUT, ended])
    result = run_round(FORM, [sent(A), sent(B)], half, NOW, units=UNITS, earlier=[quarter])
    assert [judged.decision for judged in result.decisions] == [OUT]
    assert result.period == PERIOD
    assert read_register(half, FORM).decisions == (OUT,)


def edited_quarter(path, *deleted):
    """Write an earlier summary with a decision, in which some names were deleted; return *path*."""
    files = [replace(sent(A), period=FORM.period("2022-Q1"))]
    run_round(FORM, files, path, NOW, units=UNITS, decisions=[OUT])
    book = openpyxl.load_workbook(path)
    for name in deleted:
        del book.defined_names[name]
    book.save(path)
    return path


def test_of_an_earlier_summary_only_what_is_needed_is_read(tmp_path):
    """Its findings may be spoilt, and it may be from before there were decisions."""
    quarter = edited_quarter(tmp_path / "q1.xlsx", FINDINGS_NAME)
    with pytest.raises(Refusal, match=FINDINGS_NAME):
        read_register(quarter, FORM)
    half = tmp_path / "6t.xlsx"
    result = run_round(FORM, [sent(A)], half, NOW, units=UNITS, earlier=[quarter])
    assert [judged.decision for judged in result.decisions] == [OUT]
    old = edited_quarter(tmp_path / "old.xlsx", *REGISTER_NAMES)
    result = run_round(FORM, [sent(A)], tmp_path / "x.xlsx", NOW, units=UNITS, earlier=[old])
    assert not result.decisions


def test_earlier_summary_without_its_decisions_is_told(tmp_path):
    """Somebody deleted the sheet: what was decided cannot be known."""
    quarter, half = edited_quarter(tmp_path / "q1.xlsx", DECISIONS_NAME), tmp_path / "6t.xlsx"
    with pytest.raises(UserError, match=rf"{quarter}: .*{DECISIONS_NAME}"):
        run_round(FORM, [sent(A)], half, NOW, units=UNITS, earlier=[quarter])
    assert not half.exists()


def test_without_a_summary_the_register_is_blank(tmp_path):
    """The first run of a round."""
    result = run_round(FORM, [sent(A)], tmp_path / "th.xlsx", NOW, units=UNITS)
    assert result.events[0].what == "Lập sổ lần đầu: 1 đơn vị có tệp được tính"
    assert Register() != read_register(tmp_path / "th.xlsx", FORM)


def test_words_of_another_round_are_not_written_over(tmp_path):
    """A summary of another period is replaced as ever, but not where officers wrote in it."""
    path, quarter = tmp_path / "th.xlsx", FORM.period("2022-Q1")
    earlier = [replace(sent(A), period=quarter)]
    run_round(FORM, earlier, path, NOW, units=UNITS)
    run_round(FORM, [sent(A)], path, NOW, units=UNITS)
    assert read_register(path, FORM).period == PERIOD.code
    run_round(FORM, [sent(A)], path, NOW, units=UNITS, decisions=[OUT])
    before = path.read_bytes()
    with pytest.raises(UserError, match="sổ tổng hợp kỳ 2022-6T"):
        run_round(FORM, earlier, path, NOW, units=UNITS)
    assert path.read_bytes() == before
