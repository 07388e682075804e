"""Requirements of the comparison of units that were merged.

N14 What the units that a new one was made of reported before is added, row by row as the form
    combines it, and compared. Where one of them was split or said nothing, nothing is compared,
    and that is told once, with names. A code that was used again says nothing of who it was.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import FEW_RULES, cells, good, report, rules, written
from xl_automation.checks.comparison import earlier_figures
from xl_automation.checks.earlier import PastPeriod, past_periods, scope_gap, unit_pasts
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.unit_list import read_units
from xl_automation.reading.reader import read_submission
from xl_automation.summary.places import OVERVIEW
from xl_automation.summary.read_back import read_summary
from xl_automation.summary.write import write_summary

BEFORE, NOW = FORM.period("2025-6T"), FORM.period("2025-Q3")
TAN_CUONG = FORM.unit("05503", NOW)  # of Thịnh Đức, Tân Cương and Bình Sơn, all of each
QUAN_TRIEU = FORM.unit("05482", NOW)  # of four, one of them under its other name
PHAN_DINH_PHUNG = FORM.unit("05443", NOW)  # also of a part of Gia Sàng
THINH_DUC, OLD_TAN_CUONG, BINH_SON = (origin.unit for origin in TAN_CUONG.merged_from)
OLD = (THINH_DUC, OLD_TAN_CUONG, BINH_SON)


def before(*submissions, period=BEFORE) -> PastPeriod:
    """Return an earlier period as old workbooks say it."""
    (earlier,) = past_periods(FORM, [replace(one, period=period) for one in submissions])
    return earlier


def of_three(*fills) -> pd.Series:
    """Return what Tân Cương reported before, of three communes with these figures."""
    sent = [report(unit, fill) for unit, fill in zip(OLD, fills, strict=True)]
    return unit_pasts(FORM, NOW, [TAN_CUONG], before(*sent)).numbers.loc[TAN_CUONG.code]


# --- one unit ----------------------------------------------------------------------------------

COMBINED = {
    # id -> what the three say, and what they say together
    "1.1.a": ((8, 10, 2), 20),
    "1.1.b": ((4, 5, 1), 10),
    "1.1": ((None, None, None), 50),  # 10 of 20, not the mean of 50, 50 and 50
    "3.4.2.a": ((100, 300, 50), 450),
    "3.4.2.b": ((99, 150, 50), 299),
    "3.4.2": ((None, None, None), 66.44),
    "6.1.a": ((0.1, 0.2, 0.4), 0.7),
    "2.3": ((1, None, 3), math.nan),  # one does not say
    "3.1.1": ((24, 24, 24), 24),  # shared: the one figure
    "3.1.2": ((32, 32, 30), math.nan),  # not one figure
    "3.2.1.a": ((40, 40, 40), 40),
    "3.2.1.b": ((10, 10, 10), 10),
    "3.2.1": ((None, None, None), 25),
    "1.5": ((1, 1, 1), 1),
    "7.3": ((2, 2, 9), math.nan),
    "7.5.1": ((100, 100, 100), 100),
    "7.6.2": ((100, 100, 0), math.nan),
    "3.1.3.b": ((100, 100, 200), math.nan),
    "3.3.4": ((50, 100, 80), 77.5),  # weighted: 50·100 + 100·100 + 80·200 over 400
    "7.5.2.tu": ((90, 30, 0), 120),
    "7.5.2.mau": ((100, 300, 100), 500),
    "7.5.2": ((None, None, None), 24),
    "4.2.5": ((5, 5, 5), 5),
}


def test_figures_of_merged_units_are_combined_as_the_form_says():
    """Added, recomputed, weighted, shared or agreed: each by hand."""
    fills = [
        {id: said[position] for id, (said, _) in COMBINED.items() if said[position] is not None}
        for position in range(3)
    ]
    together = of_three(*fills)
    found = {id: together[id] for id in COMBINED}
    expected = {id: pytest.approx(value, nan_ok=True) for id, (_, value) in COMBINED.items()}
    assert found == expected
    assert together["6.1.a"] == 0.7  # to the digit


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=4, max_size=4))
def test_merged_sums_are_sums_by_hand(rows):
    """Whatever the old units say, the new one's earlier figures are theirs, added."""
    ids = ("1.1.a", "1.3.1", "3.4.2.a", "3.4.2.b")
    fills = [dict(zip(ids, figures, strict=True)) for figures in zip(*rows, strict=True)]
    together = of_three(*fills)
    assert [together[id] for id in ids] == [sum(figures) for figures in rows]
    if sum(rows[2]):
        assert together["3.4.2"] == pytest.approx(100 * sum(rows[3]) / sum(rows[2]), abs=0.00501)


def test_tables_and_their_totals_are_added():
    """The total of a supporting table is that of the old units together."""
    together = of_three(*({"II06.2.c5": number, "II06.2.c6": 1} for number in (3, 4, 5)))
    assert (together["II06.c5"], together["II06.c6"]) == (12, 3)


def gap_of(unit: ReportingUnit, earlier: PastPeriod) -> str:
    """Return why nothing is known of a unit; that nothing is."""
    pasts = unit_pasts(FORM, NOW, [unit], earlier)
    assert pasts.numbers.loc[unit.code].isna().all()
    return pasts.gaps.get(unit.code, "")


def test_what_was_split_is_not_compared():
    """Nobody knows which part of Gia Sàng's figures went where."""
    sent = [good(origin.unit) for origin in PHAN_DINH_PHUNG.merged_from]
    assert gap_of(PHAN_DINH_PHUNG, before(*sent)) == (
        "Phường Gia Sàng (05461) bị chia, không rõ phần số liệu nhập vào đơn vị này"
    )


def test_what_lacks_an_old_unit_is_not_compared():
    """Neither where it is not in the earlier summary, nor where it sent nothing then."""
    said = "thiếu số liệu của Xã Bình Sơn (05530)"
    assert gap_of(TAN_CUONG, before(good(THINH_DUC), good(OLD_TAN_CUONG))) == said
    sent = [good(THINH_DUC), good(OLD_TAN_CUONG), report(BINH_SON, {})]
    assert gap_of(TAN_CUONG, before(*sent)) == said


def test_code_that_was_used_again_is_nobodys_past():
    """05443 was Trưng Vương, and is Phan Đình Phùng, whose name 05449 had."""
    alone = [ReportingUnit("1", "Xã Mới"), ReportingUnit("05443", "Phường Khác")]
    earlier = before(good(FORM.unit("05443", BEFORE)), good(ReportingUnit("1", "Xã Cũ")))
    pasts = unit_pasts(FORM, NOW, alone, earlier)
    assert pasts.numbers.isna().all(axis=None)
    assert not pasts.gaps


def test_old_unit_is_known_by_its_other_name():
    """The earlier summary may write Quan Triều for Quán Triều."""
    units = [origin.unit for origin in QUAN_TRIEU.merged_from]
    sent = [good(replace(units[0], name="Phường Quan Triều")), *map(good, units[1:])]
    pasts = unit_pasts(FORM, NOW, [QUAN_TRIEU], before(*sent))
    assert pasts.numbers.loc["05482", "1.1.a"] == 4 * COMMUNE["1.1.a"]


def test_unit_that_stayed_has_its_own_figures():
    """A new period of the same units compares as ever, and so does one after the merging."""
    for period, unit, now in ((BEFORE, THINH_DUC, BEFORE), (NOW, TAN_CUONG, FORM.period("2025-N"))):
        pasts = unit_pasts(FORM, now, [unit], before(good(unit), period=period))
        assert pasts.numbers.loc[unit.code, "1.1.a"] == COMMUNE["1.1.a"]


LATER = """code,name,valid_from,valid_to,merged_from
1,Xã A,,2025-06-30,
2,Xã B,,2025-06-30,
3,Xã C,,2025-06-30,
1,Xã AB,2025-07-01,2026-12-31,1 Xã A; 2 Xã B
3,Xã D,2025-07-01,2026-12-31,3 Xã C (một phần)
4,Xã E,2025-07-01,2026-12-31,3 Xã C (một phần)
1,Xã ABE,2027-01-01,,1 Xã AB; 4 Xã E
2,Xã AB,2027-01-01,,1 Xã AB
5,Xã Mới,2027-01-01,,
"""


def test_merging_may_go_on(tmp_path):
    """Units merged twice are followed to who they were; what was split in between is said."""
    path = tmp_path / "units.csv"
    path.write_text(LATER, encoding="utf-8")
    now = FORM.period("2028-N")
    units = FORM.units_at(now, read_units(path))
    named = {"1": "Xã A", "2": "Xã B", "3": "Xã C"}
    sent = [good(ReportingUnit(code, name)) for code, name in named.items()]
    pasts = unit_pasts(FORM, now, units, before(*sent))
    assert pasts.numbers["1.1.a"].dropna().to_dict() == {"2": 2 * COMMUNE["1.1.a"]}
    assert list(pasts.gaps) == ["1", "5"]
    assert "Xã C (3) bị chia" in pasts.gaps["1"]
    assert pasts.gaps["5"] == "đơn vị mới, không rõ lập từ đơn vị nào"


# --- a whole consolidation ---------------------------------------------------------------------

HEIRS = (TAN_CUONG, QUAN_TRIEU)
OLDER = tuple(origin.unit for unit in HEIRS for origin in unit.merged_from)


@pytest.fixture(scope="module")
def summary(tmp_path_factory) -> Path:
    """The summary of the earlier period, of all old units."""
    sent = [replace(good(unit), period=BEFORE) for unit in OLDER]
    path = tmp_path_factory.mktemp("trước") / "trước.xlsx"
    write_summary(consolidate(FORM, sent, OLDER, BEFORE), path)
    return path


@pytest.fixture(scope="module")
def earlier(summary) -> PastPeriod:
    """What it says."""
    return read_summary(summary, FORM)


def test_rules_compare_with_what_the_old_units_reported_together(earlier):
    """T01 holds three communes' 1.1.b, 4 each, against the new one's."""
    few = [
        replace(good(unit, c1_1_a=32, c1_1_b=done), period=NOW)
        for unit, done in zip(HEIRS, (11, 16), strict=True)
    ]
    result = consolidate(FEW_RULES, few, HEIRS, NOW, [earlier])
    seen = [one.finding.seen for one in result.findings if one.finding.rule == "T01"]
    assert "1.1.b = 11; tối thiểu 1.1.b kỳ trước = 12; lệch −1" in seen
    assert not [text for text in seen if text.startswith("1.1.b = 16")]
    assert rules(result, "other-units") == {"other-units": ["6 tháng đầu năm 2025: 2 đơn vị"]}


def test_totals_compare_where_the_area_is_the_same(earlier):
    """Of all old units, and of no others, the total of last time is a total of now's units."""
    sent = [replace(good(unit), period=NOW) for unit in HEIRS]
    (totals,) = consolidate(FORM, sent, HEIRS, NOW, [earlier]).past
    assert totals.totals["1.1.a"].value == len(OLDER) * COMMUNE["1.1.a"]
    assert totals.totals["3.1.1"].value == COMMUNE["3.1.1"]


def test_suspicions_look_at_the_same_figures(earlier):
    """What a new unit's figure is expected to be rests on its old units' figures together."""
    sent = [replace(good(unit), period=NOW) for unit in HEIRS]
    ((then, numbers),) = earlier_figures(FORM, NOW, sent, [earlier], HEIRS)
    assert then == BEFORE
    assert numbers["1.1.a"].tolist() == [3 * COMMUNE["1.1.a"], 4 * COMMUNE["1.1.a"]]


def test_new_units_are_issued_with_their_old_units_figures(summary, tmp_path, capsys):
    """The workbook shows them beside the form; who has none is named, with the reason."""
    units = tmp_path / "units.csv"
    listed = (TAN_CUONG, PHAN_DINH_PHUNG)
    units.write_text(
        "".join(["code,name\n", *(f"{unit.code},{unit.name}\n" for unit in listed)]), "utf-8"
    )
    issued = ["issue", "--units", units, "--period", NOW.code, "--out", tmp_path / "phát hành"]
    assert main([*map(str, issued), "--previous", str(summary)]) == 0
    told = capsys.readouterr().out
    assert "Số 6 tháng đầu năm 2025 của 1 đơn vị là của các đơn vị cũ gộp lại" in told
    assert "Không so được với 6 tháng đầu năm 2025: 1 đơn vị\n  Phường Phan Đình Phùng: " in told
    workbooks = sorted((tmp_path / "phát hành").iterdir())
    new, without = (read_submission(workbook, FORM) for workbook in workbooks[::-1])
    assert new.unit_name == TAN_CUONG.name
    assert new.previous[0] == BEFORE
    assert new.previous[1]["1.1.a"] == 3 * COMMUNE["1.1.a"]
    assert new.previous[1]["1.1"] == 50
    assert not without.previous or not any(without.previous[1].values())


@pytest.mark.parametrize(
    ("older", "said"),
    [
        (OLDER[1:], "sổ kỳ đó không có Xã Thịnh Đức (05497)"),
        ((*OLDER, FORM.unit("05446")), "sổ kỳ đó có cả Phường Quang Trung (05446)"),
    ],
    ids=["lacking", "others"],
)
def test_totals_of_another_area_are_not_compared(older, said):
    """The total is in no comparison, and a hint says why; units that can be are compared."""
    earlier = before(*map(good, older))
    sent = [replace(good(unit), period=NOW) for unit in HEIRS]
    result = consolidate(FORM, sent, HEIRS, NOW, [earlier])
    assert not result.past
    told = rules(result, "other-units")["other-units"]
    assert f"6 tháng đầu năm 2025: {said}" in told
    lacks = "Xã Tân Cương: 6 tháng đầu năm 2025: thiếu số liệu của Xã Thịnh Đức (05497)"
    assert (lacks in told) == (THINH_DUC not in older)


def test_overview_says_why_totals_are_not_compared(tmp_path):
    """Not that there is no earlier period: that it is of another area."""
    earlier = before(*map(good, OLDER[1:]))
    sent = [replace(good(unit), period=NOW) for unit in HEIRS]
    path = written(consolidate(FORM, sent, HEIRS, NOW, [earlier]), tmp_path / "nay.xlsx")
    (line,) = (text for text in cells(path, OVERVIEW).values() if "địa bàn khác" in str(text))
    said = "sổ kỳ đó không có Xã Thịnh Đức (05497)"
    assert str(line).startswith(f"Không so tổng với kỳ trước. 6 tháng đầu năm 2025: {said} – ")


def test_area_with_half_of_a_split_unit_is_another():
    """Gia Sàng went to two wards: without the second, its total is of more than now's units."""
    units = [PHAN_DINH_PHUNG]
    sent = [good(origin.unit) for origin in PHAN_DINH_PHUNG.merged_from]
    assert scope_gap(FORM, NOW, units, before(*sent)) == (
        "một phần đơn vị cũ thuộc Phường Gia Sàng (05467)"
    )


def test_whole_province_compares_with_all_that_it_was_made_of():
    """All old units are in the 92 of now, split ones too: totals compare, and 87 units do."""
    units = [unit for unit in FORM.units_at(NOW) if unit.level == "commune"]
    origins = {origin.unit for unit in units for origin in unit.merged_from}
    numbers = pd.DataFrame(1.0, index=[old.code for old in origins], columns=["1.1.a", "1.3.1"])
    earlier = PastPeriod(BEFORE, numbers, {old.code: old.name for old in origins})
    assert (len(units), len(origins)) == (92, 280)
    assert scope_gap(FORM, NOW, units, earlier) == ""
    pasts = unit_pasts(FORM, NOW, units, earlier)
    split = [u.code for u in units if not all(origin.is_whole for origin in u.merged_from)]
    assert [*pasts.gaps] == split
    sizes = {unit.code: float(len(unit.merged_from)) for unit in units if unit.code not in split}
    assert pasts.numbers["1.3.1"].dropna().to_dict() == sizes


def test_split_is_told_once_for_all_periods():
    """Two earlier periods, one hint for the unit, with both."""
    units = [origin.unit for origin in PHAN_DINH_PHUNG.merged_from]
    periods = (FORM.period("2024-N"), BEFORE)
    earlier = [before(*map(good, units), period=period) for period in periods]
    sent = [replace(good(PHAN_DINH_PHUNG), period=NOW)]
    told = rules(consolidate(FORM, sent, [PHAN_DINH_PHUNG], NOW, earlier), "other-units")
    assert told["other-units"][-1] == (
        "Phường Phan Đình Phùng: Năm 2024, 6 tháng đầu năm 2025: Phường Gia Sàng (05461) bị chia, "
        "không rõ phần số liệu nhập vào đơn vị này"
    )
    assert len(told["other-units"]) == 3  # of the totals two, of the unit one
