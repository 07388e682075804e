"""Requirements of warnings that their unit has answered.

A1 A warning of a rule is settled by a note of ten characters beside any row that it names.
A2 An error, a hint, and what the reader noticed are settled by no note.
A3 Rules about earlier periods are answered in the same way.
A4 Counts and sentences tell the settled apart; nothing is left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.support.builders import COMMUNE, FORM, Fill, submission
from tests.support.communes import A
from xl_automation.checks.check import check
from xl_automation.checks.finding import Finding, Settled, tally
from xl_automation.forms.reason import MIN_REASON, is_reason
from xl_automation.reading.remark import Remark

REASON = "Giải ngân vốn kéo dài năm 2021"
OVER = {**COMMUNE, "6.1.b": 4861}  # C-6.1, a warning about 6.1.b and 6.1.a


def found(fill: Fill, notes: Mapping[str, str]) -> dict[str, Finding]:
    """Return the findings of *fill* with *notes* beside it, by rule."""
    return {one.rule: one for one in check(FORM, replace(submission(fill), notes=notes))}


@pytest.mark.parametrize("row", ["6.1.b", "6.1.a"])
def test_note_beside_any_row_of_a_warning_settles_it(row: str) -> None:
    """The reason is that note, as it was written."""
    assert found(OVER, {row: REASON})["C-6.1"].settled == Settled("note", REASON)


def test_first_note_that_is_a_reason_is_the_reason() -> None:
    """In the order in which the finding names its rows; a short one is passed over."""
    notes = {"6.1.b": "Đúng", "6.1.a": REASON}
    assert found(OVER, notes)["C-6.1"].settled == Settled("note", REASON)
    notes = {"6.1.b": "Đã được phê duyệt", "6.1.a": REASON}
    assert found(OVER, notes)["C-6.1"].settled == Settled("note", notes["6.1.b"])


@pytest.mark.parametrize(
    "notes", [{}, {"6.1.b": "Đúng thực"}, {"6.1": REASON}, {"1.1.a": REASON}], ids=str
)
def test_short_note_or_one_elsewhere_settles_nothing(notes: Mapping[str, str]) -> None:
    """Nine characters are too few; the heading and other rows are not named."""
    assert found(OVER, notes)["C-6.1"].settled is None


def test_ten_characters_are_enough_in_either_unicode_form() -> None:
    """A mark that stands as a character of its own is no character of the note."""
    for form in ("NFC", "NFD"):
        assert is_reason(unicodedata.normalize(form, "ậ" * MIN_REASON))
        assert not is_reason(unicodedata.normalize(form, "ậ" * (MIN_REASON - 1)))


def test_errors_hints_and_remarks_are_not_explained_away() -> None:
    """Only a warning of a rule asks for a reason."""
    fill = {**COMMUNE, "1.1.b": 9, "7.6.2": 50, "3.1": 126}
    notes = dict.fromkeys(FORM.by_id, REASON)
    severities = {one.severity: one.settled for one in found(fill, notes).values()}
    assert (severities["error"], severities["info"]) == (None, None)
    assert severities["warning"] == Settled("note", REASON)
    remark = Remark("rows-moved", ("1.1.a",), seen="dòng 10")
    noticed = replace(submission(COMMUNE), notes=notes, remarks=(remark,))
    (finding,) = check(FORM, noticed)
    assert (finding.severity, finding.settled) == ("warning", None)


def test_warning_about_an_earlier_period_is_answered_too() -> None:
    """By the figures that the workbook was issued with."""
    earlier = FORM.period("2022-Q1"), {"4.2.1": 10.0, "3.1.3": 90.0}
    said = replace(submission(COMMUNE), unit_code=A.code, previous=earlier)
    notes = {"3.1.1": "Bổ sung TTHC ngành giáo dục"}
    rules = {one.rule: one for one in check(FORM, replace(said, notes=notes))}
    assert rules["T06"].settled == Settled("note", notes["3.1.1"])
    assert check(FORM, said) != check(FORM, replace(said, notes=notes))


def test_counts_and_sentences_tell_the_settled_apart() -> None:
    """It stays a warning, in every list and count."""
    findings = list(found({**OVER, "1.1.b": 9, "3.3.3": 356}, {"6.1.b": REASON}).values())
    assert tally(findings, 3) == "1 lỗi, 2 cảnh báo (1 đã giải trình), 3 quy tắc không xét được"
    assert tally([], 1) == "1 quy tắc không xét được"
    labels = {one.rule: one.label for one in findings}
    assert (labels["C-6.1"], labels["C-3.3.3"]) == ("Cảnh báo (đã giải trình)", "Cảnh báo")
    waived = replace(findings[0], settled=Settled("decision", "Đã rà soát"))
    assert tally([waived, *findings[1:]]).startswith("1 lỗi (1 đã chấp nhận), 2 cảnh báo")
    assert waived.reason.startswith("Lỗi (đã chấp nhận): ")
