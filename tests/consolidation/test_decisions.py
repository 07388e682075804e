"""Requirements of the city's decisions.

D1 An exclusion takes the figure, or the whole unit, out of all totals, and out of nothing else;
   what is so left out is data, with the reason, and stands at the total.
D2 An acceptance settles the findings that it names, of units and of the city, and no other.
D3 What cannot be understood, matches nothing or is over is said, kept, and not applied.
D4 A decisions file is read whole or refused with the line and what to do.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD
from tests.support.communes import CITY, FEW_RULES, FOLDER, A, B, C, good, report, rules
from xl_automation.checks.finding import Settled
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.decisions_file import read_decisions
from xl_automation.consolidation.register import Register, UnitRecord
from xl_automation.errors import UserError
from xl_automation.forms.period import Period

THREE = (A, B, C)
OUT = Decision(A.code, "2.3", "", "exclude", "Ghi nhầm đơn vị tính")
ACCEPT = Decision("*", "*", "C-1.1", "accept", "Đã xác minh")


def decided(*decisions: Decision, files=None, period: Period = PERIOD, **more):
    """Return the consolidation of three consistent communes, or *files*, and the city."""
    files = files or [*map(good, THREE), good(CITY)]
    return consolidate(
        FEW_RULES, files, (*THREE, CITY), period, decisions=decisions, **more
    )  # fmt: skip


def only(result):
    """Return what became of the one decision."""
    (judged,) = result.decisions
    return judged.state, judged.told


# --- exclusions --------------------------------------------------------------------------------


def test_excluded_figure_is_in_no_total_and_still_in_the_unit():
    """The total loses it, the unit keeps it; the note and the data say why."""
    plain, result = decided(), decided(OUT)
    assert plain.totals["2.3"].value - result.totals["2.3"].value == COMMUNE["2.3"]
    assert (result.totals["2.3"].filled, plain.totals["2.3"].filled) == (2, 3)
    assert result.totals["2.3"].note.endswith(f"; loại: {A.name} ({OUT.reason})")
    assert [(one.unit, one.indicator, one.cause, one.reason) for one in result.left_out] == [
        (A.code, "2.3", "decision", OUT.reason)
    ]
    assert result.commune_rows[0].number("2.3") == COMMUNE["2.3"]
    changed = {id for id in plain.totals if plain.totals[id] != result.totals[id]}
    assert changed == {"2.3"}
    assert only(result) == ("applied", f"loại 1 số liệu của {A.name}")


def test_pair_of_an_excluded_figure_is_left_out_too():
    """Both sums of a ratio are over the same units; the ratio is the ratio of the totals."""
    result = decided(replace(OUT, indicator="3.4.2.a"))
    left = [(one.indicator, one.cause, one.reason) for one in result.left_out]
    assert left == [("3.4.2.a", "decision", OUT.reason), ("3.4.2.b", "pair", "3.4.2.a bị loại")]
    assert result.totals["3.4.2.a"].filled == result.totals["3.4.2.b"].filled == 2


@pytest.mark.parametrize("all_rows", ["*", ""])
def test_excluded_unit_is_in_no_total(all_rows):
    """Every total is as if it had sent a blank form; each of its numbers is told."""
    result = decided(replace(OUT, indicator=all_rows))
    blank = decided(files=[report(A, {}), good(B), good(C), good(CITY)])
    assert {id: (t.value, t.filled) for id, t in result.totals.items()} == {
        id: (t.value, t.filled) for id, t in blank.totals.items()
    }
    numbers = [v for v in result.commune_rows[0].values().values() if isinstance(v, int | float)]
    assert len(result.left_out) == len(numbers)
    assert {one.cause for one in result.left_out} == {"decision"}
    assert only(result) == ("applied", f"loại {len(numbers)} số liệu của {A.name}")
    assert (len(result.communes), result.appendix["3.4.2.a"]) == (3, 2 * COMMUNE["3.4.2.a"])


def test_figure_of_the_city_is_taken_out_of_its_appendix():
    """Its own workbook is a unit like the others."""
    result = decided(replace(OUT, unit=CITY.code, indicator="2.2"))
    assert decided().appendix["2.2"] is not None
    assert (result.appendix["2.2"], result.totals["2.2"].value) == (None, None)


def test_findings_on_the_unit_stay():
    """That a figure is not added does not make it right."""
    files = [good(A, c1_1_b=99), good(B), good(C)]
    assert len(rules(decided(replace(OUT, indicator="1.1.b"), files=files), "C-1.1")["C-1.1"]) == 1


# --- acceptances -------------------------------------------------------------------------------


def settled(result):
    """Return the rules and units of what is settled."""
    return [
        (one.finding.rule, one.code, one.finding.settled)
        for one in result.findings
        if one.finding.settled
    ]


BROKEN = (good(A, c1_1_b=99), good(B, c1_1_b=99, c4_2_2=21), good(C))


def test_acceptance_settles_a_rule_of_all_units():
    """Errors too, and the total that they break; the others stay open."""
    result = decided(ACCEPT, files=BROKEN)
    reason = Settled("decision", ACCEPT.reason)
    assert sorted(settled(result)) == [("C-1.1", code, reason) for code in ("", A.code, B.code)]
    assert only(result) == ("applied", "chấp nhận 3 điểm")
    assert {"K01", "K09"} & rules(result, "").keys() == set()  # nobody has an error to mend


def test_acceptance_settles_no_other():
    """Of one unit, of one row."""
    of_a = decided(replace(ACCEPT, unit=f"{A.code} – {A.name}"), files=BROKEN)
    assert [code for _, code, _ in settled(of_a)] == [A.code]
    assert rules(of_a)["K09"] == [f"{B.name}: 1 lỗi"]
    by_row = decided(replace(ACCEPT, rule="c-4.2", indicator="4.2.1", unit=B.name), files=BROKEN)
    assert [(rule, code) for rule, code, _ in settled(by_row)] == [("C-4.2", B.code)]


def test_findings_of_the_city_can_be_accepted():
    """A unit that is missing, a catalogue on which units differ."""
    files = [good(A), good(B, c3_1_1=23)]
    result = decided(
        replace(ACCEPT, rule="K01", unit=C.code), replace(ACCEPT, rule="K05"), files=files
    )
    assert {(rule, code) for rule, code, _ in settled(result)} == {("K01", C.code), ("K05", "")}


def test_decision_names_the_file_that_counts():
    """Before the order in which they were saved."""
    files = [good(A), replace(good(A, c2_3=1), path=FOLDER / "lần 2.xlsx"), good(B), good(C)]
    assert decided(files=files).totals["2.3"].value == 2 * COMMUNE["2.3"] + 1
    first = replace(ACCEPT, rule="K02", unit=A.code, file=f"{A.code}.xlsx")
    result = decided(first, files=files)
    assert result.totals["2.3"].value == 3 * COMMUNE["2.3"]
    assert only(result) == ("applied", f"tính tệp {A.code}.xlsx; chấp nhận 1 điểm")
    lost = decided(replace(first, file="lần 3.xlsx"), files=files)
    assert only(lost)[0] == "unmatched"
    assert "lần 3.xlsx" in only(lost)[1]


# --- what is not applied -----------------------------------------------------------------------

UNCLEAR = {
    "unit": (replace(OUT, unit="99999"), "99999"),
    "unit-and-name": (replace(OUT, unit=f"{A.code} – {B.name}"), "không rõ đơn vị"),
    "all-units": (replace(OUT, unit="*"), "ghi rõ đơn vị"),
    "row": (replace(OUT, indicator="9.9"), "9.9"),
    "heading": (replace(OUT, indicator="1"), "có số liệu"),
    "ratio": (replace(OUT, indicator="1.1"), "được tính từ 1.1.b, 1.1.a"),
    "unit-or-row": (replace(OUT, indicator="", rule="C-1.1"), "bỏ quy tắc"),
    "word": (replace(OUT, decision="bỏ"), "“bỏ” không phải “Loại khỏi tổng” hoặc “Chấp nhận”"),
    "reason": (replace(OUT, reason=" "), "chưa ghi lý do"),
    "rule": (replace(ACCEPT, rule="C-9"), "C-9"),
    "no-rule": (replace(ACCEPT, rule=""), "ghi rõ quy tắc"),
    "all-of-all": (replace(ACCEPT, rule="*"), "ghi rõ quy tắc"),
    "until": (replace(OUT, until="2022"), "2022-6T"),
    "file": (replace(OUT, file="a.xlsx"), "tên tệp chỉ đi với"),
}


@pytest.mark.parametrize("case", UNCLEAR)
def test_what_cannot_be_understood_is_said_and_kept(case):
    """Nothing is applied; the decision stays as it was written."""
    decision, told = UNCLEAR[case]
    result = decided(decision, files=BROKEN)
    state, words = only(result)
    assert (state, result.decisions[0].decision) == ("unclear", decision)
    assert told in words
    assert (result.left_out, settled(result)) == ((), [])
    (finding,) = [one.finding for one in result.findings if one.finding.rule == "decision"]
    assert finding.severity == "warning"
    assert told in finding.sentence


UNMATCHED = {
    "no-number": replace(OUT, indicator="3.3.4"),
    "not-sent": replace(OUT, unit=C.code),
    "of-the-city": replace(OUT, indicator="3.4.1.a"),
    "no-finding": replace(ACCEPT, rule="C-4.2"),
}


@pytest.mark.parametrize("case", UNMATCHED)
def test_what_matches_nothing_is_said(case):
    """A finding of the city, until the decision is changed or taken away."""
    files = [good(A, c3_3_4=None), good(B)]
    result = decided(UNMATCHED[case], files=files)
    assert only(result)[0] == "unmatched"
    assert [
        f.severity for f in (one.finding for one in result.findings) if f.rule == "decision"
    ] == ["warning"]


def test_decision_holds_until_its_last_period():
    """That period and all before it; afterwards it is told as expired, an info."""
    year = FORM.period("2022-N")
    files = [replace(good(unit), period=year) for unit in THREE]
    assert only(decided(replace(OUT, until="2022-6T")))[0] == "applied"
    assert only(decided(replace(OUT, until="2022-N"), files=files, period=year))[0] == "applied"
    over = decided(replace(OUT, until="2022-6T"), files=files, period=year)
    assert only(over) == ("expired", "chỉ đến hết kỳ 2022-6T")
    assert over.totals["2.3"].filled == 3
    (finding,) = [one.finding for one in over.findings if one.finding.rule == "decision"]
    assert finding.severity == "info"


def test_decisions_of_the_register_come_first_and_are_not_doubled():
    """Written otherwise, they are the same; as they were written, they stay."""
    kept = replace(OUT, unit=f"{A.code} – {A.name}", decision="LOẠI  khỏi tổng")
    register = Register(period=PERIOD.code, decisions=(kept,))
    result = decided(OUT, ACCEPT, register=register)
    assert [judged.decision for judged in result.decisions] == [kept, ACCEPT]


def test_register_of_another_period_gives_only_what_reaches_to_this_one():
    """What was written for one period ends with it."""
    lasting = replace(OUT, indicator="2.1", until="2022-N")
    register = Register(period="2022-Q1", decisions=(OUT, lasting))
    assert [judged.decision for judged in decided(register=register).decisions] == [lasting]


def test_decision_is_not_taken_for_another_unit_with_the_code():
    """05467 was Cam Giá when it was left out; Gia Sàng, which has its code now, is not."""
    before, now = FORM.period("2025-6T"), FORM.period("2025-Q3")
    old, new = (FORM.unit("05467", period) for period in (before, now))
    lasting = replace(OUT, unit="05467", until="2025-N")
    register = Register(
        period=before.code, decisions=(lasting,), units={old.code: UnitRecord(old.code, old.name)}
    )
    sent = [replace(good(new), period=now)]
    result = consolidate(FEW_RULES, sent, [new], now, register=register)
    (judged,) = result.decisions
    assert "không rõ đơn vị “05467 – Phường Cam Giá”" in judged.told
    assert not result.left_out
    same = replace(register, units={old.code: UnitRecord(old.code, new.name)})
    assert consolidate(FEW_RULES, sent, [new], now, register=same).left_out


# --- the file ----------------------------------------------------------------------------------

HEAD = "unit,indicator,rule,decision,reason,by,until"


def test_decisions_file_is_read_as_it_is_written(tmp_path):
    """With Excel's mark, with or without the column of files; blank rows are none."""
    path = tmp_path / "qđ.csv"
    path.write_text(
        f"\ufeff{HEAD},file\n{A.code},1.1.a,,exclude, Nhầm ,Ông A,2022-N,\n,,,,,,,\n"
        f'"{A.code}",,K02,Chấp nhận,"Bản 2, đúng",,,b.xlsx\n',
        encoding="utf-8",
    )
    assert read_decisions(path) == (
        Decision(A.code, "1.1.a", "", "exclude", "Nhầm", "Ông A", "2022-N"),
        Decision(A.code, "", "K02", "Chấp nhận", "Bản 2, đúng", file="b.xlsx"),
    )


REFUSED = {
    "columns": ("unit,reason\n1,2\n", "thiếu cột indicator, rule, decision, by, until"),
    "too-many": (f"{HEAD}\nA,1.1.a,,exclude,sai, nhầm,A,\n{A.code},1,2,3,4,5,6,7,8", "dòng 2"),
    "no-text": (b"\xff\xfe\x00", "Không đọc được tệp quyết định"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_that_is_no_list_of_decisions_is_refused(tmp_path, case):
    """The message says what is wrong with it."""
    content, told = REFUSED[case]
    path = tmp_path / "qđ.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError, match=told):
        read_decisions(path)
