"""Requirements of the intake.

N4 received = counted + refused + superseded, whatever was sent.
N5 A unit is known by code and name together; alias, letter case and tone marks aside.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, DISTRICT, FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    FOLDER,
    A,
    B,
    C,
    good,
    report,
    rules,
)
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.intake import Duplicate
from xl_automation.errors import UserError
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile

YEAR = MINI.period("2024-N")
LIST = (
    ReportingUnit("01", "Phường Quán Triều", alias="Phường Quan Triều"),
    ReportingUnit("02", "Xã Hoà Bình"),
    ReportingUnit("03", "Xã Thuỵ Hùng"),
    ReportingUnit("04", "Xã Đức Thắng"),
    ReportingUnit("99", "Thành phố Thử", "district"),
)
NAMES = {
    "01": ["Phường Quán Triều", "phường quan triều", "PHƯỜNG QUÁN TRIỀU"],
    "02": ["Xã Hoà Bình", "Xã Hòa Bình", "xã  hòa bình"],
    "03": ["Xã Thuỵ Hùng", "Xã Thụy Hùng"],
    "04": ["Xã Đức Thắng"],
    "99": ["Thành phố Thử", "thành phố thử"],
}
STRANGERS = {
    "unreadable": None,
    "wrong-period": ("01", "Phường Quán Triều", 2023),
    "no-period": ("01", "Phường Quán Triều", None),
    "unknown-code": ("77", "Xã Lạ", 2024),
    "other-name": ("01", "Phường Phan Đình Phùng", 2024),
    "no-name": ("01", None, 2024),
    "no-unit": (None, None, 2024),
    "city-code-as-commune": ("98", "Thành phố Thử", 2024),
}
good_files = st.sampled_from([(code, name) for code, names in NAMES.items() for name in names])
sent = st.lists(st.one_of(good_files, st.sampled_from(list(STRANGERS))), max_size=12)


def file_of(code, name, year, number):
    """Return the submission of a unit under *name*, or the refusal of a damaged file."""
    level = "district" if code == "99" else "commune"
    unit = ReportingUnit(code or "", name or "", level)
    path = Path(f"{number}.xlsx")
    submission = report(unit, {"I.2": 10, "I.3": 5}, None, path, MINI, saved=float(number))
    period = replace(YEAR, year=year) if year else None
    return replace(submission, unit_code=code, unit_name=name, period=period)


@settings(max_examples=60, deadline=None)
@given(sent)
def test_received_is_counted_and_refused_and_superseded(pieces):
    """Whatever mix is sent, every file is counted, refused by name or superseded, just once."""
    files, senders, strangers = [], Counter(), 0
    for number, piece in enumerate(pieces):
        if isinstance(piece, tuple):
            files.append(file_of(*piece, 2024, number))
            senders[piece[0]] += 1
        elif STRANGERS[piece] is None:
            files.append(RefusedFile(Path(f"{number}.xlsx"), "unreadable", "hỏng"))
            strangers += 1
        else:
            files.append(file_of(*STRANGERS[piece], number))
            strangers += 1
    result = consolidate(MINI, iter(files), LIST, YEAR)
    assert result.received == len(files)
    assert {submission.unit_code for submission in result.counted} == set(senders)
    assert len(result.counted) == len(senders)
    assert len(result.refused) == strangers
    assert result.superseded == sum(senders.values()) - len(senders)
    assert {unit.code for unit in result.missing} == set(NAMES) - set(senders) - {"99"}
    assert result.totals["I.2"].value == (10 * len(result.communes) or None)
    told = {file.path for file in (*result.counted, *result.refused)}
    told |= {path for duplicate in result.duplicates for path in duplicate.paths}
    assert told == {file.path for file in files}


@pytest.mark.parametrize(
    ("name", "code"),
    [("wrong-period", "wrong-period"), ("no-period", "wrong-period")]
    + [(name, "unknown-unit") for name in list(STRANGERS)[3:]],
)
def test_stranger_is_refused_by_name(name, code):
    """A file of another period or of a unit not on the list is refused for that reason."""
    result = consolidate(MINI, [file_of(*STRANGERS[name], 0)], LIST, YEAR)
    assert [(one.code, one.path.name) for one in result.refused] == [(code, "0.xlsx")]


def test_code_used_again_for_another_unit_is_refused():
    """The message names what was found: the code alone does not make it the listed unit."""
    result = consolidate(FORM, [replace(good(A), unit_name="Phường Gia Sàng")])
    assert "05431 – Phường Gia Sàng" in result.refused[0].message


def test_file_that_was_saved_last_by_its_own_properties_counts():
    """A copy is newer to the disk only; a file that says nothing ranks below all that do."""
    noon = datetime(2022, 6, 14, 5, tzinfo=UTC)
    new = replace(good(A, c1_1_a=9), path=FOLDER / "mới.xlsx", saved=1.0, written=noon)
    old = replace(good(A, c1_1_b=3, c1_1_a=None), path=FOLDER / "cũ.xlsx", saved=2.0)
    old = replace(old, written=noon - timedelta(seconds=1))
    mute = replace(good(A, c1_1_a=7), path=FOLDER / "a.xlsx", saved=3.0)
    result = consolidate(FORM, [mute, new, old])
    (duplicate,) = result.duplicates
    assert duplicate.chosen == new.path
    assert result.totals["1.1.a"].value == 9
    assert [one.path for one in duplicate.replaced] == [mute.path, old.path]
    now = COMMUNE["1.1.b"]
    assert duplicate.changes == (
        (mute.path, "1.1.a", 7, 9),
        (old.path, "1.1.a", None, 9),
        (old.path, "1.1.b", 3, now),
    )
    assert rules(result)["K02"] == [
        f"a.xlsx, cũ.xlsx, mới.xlsx; tính mới.xlsx; khác nhau: 1.1.a (trống) → 9, 1.1.b 3 → {now}"
    ]


def test_last_saved_file_of_a_unit_counts():
    """Without their own times the disk's decide, and the path between equals."""
    one = replace(good(A, c1_1_a=8), path=FOLDER / "b.xlsx", saved=2.0)
    two = replace(good(A, c1_1_a=9), path=FOLDER / "a.xlsx", saved=3.0)
    three = replace(good(A, c1_1_a=10), path=FOLDER / "c.xlsx", saved=3.0)
    result = consolidate(FORM, [three, one, two])
    paths = tuple(FOLDER / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    assert result.duplicates == (Duplicate(A.code, A.name, paths, paths[2]),)
    assert result.totals["1.1.a"].value == 10
    assert (result.received, result.superseded) == (3, 2)


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "not-listed"])
def test_workbook_of_a_second_city_is_refused(listed):
    """Figures of one city only are taken; another city's workbook is refused, never lost."""
    other = replace(CITY, code="165", name="Thành phố Sông Công")
    units = (*COMMUNES[:2], *((CITY, other) if listed else ()))
    files = [report(other, DISTRICT), report(CITY, DISTRICT), good(A)]
    result = consolidate(FORM, files, units)
    assert result.city is not None
    assert result.city.unit_code == "164"
    assert [one.code for one in result.refused] == ["second-city"]
    assert "Thành phố Sông Công" in result.refused[0].message
    assert result.received == 3


def test_period_is_the_one_most_files_are_for():
    """Left open, the period is that of the majority; the others are refused."""
    quarter = FORM.period("2022-Q1")
    result = consolidate(FORM, [good(A), good(B), report(C, COMMUNE, quarter)])
    assert result.period == PERIOD
    assert [one.code for one in result.refused] == ["wrong-period"]


def test_period_undecided_by_the_files_is_asked_for():
    """As many files for one period as for another: the officer must choose."""
    quarter = FORM.period("2022-Q1")
    with pytest.raises(UserError, match=r"2022-6T, 2022-Q1.*chọn kỳ"):
        consolidate(FORM, [good(A), report(B, COMMUNE, quarter)])
