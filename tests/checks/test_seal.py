"""Requirements of the seal of a check.

S1 Whatever the sender enters and the city counts is in the digest: one changed figure, note, date
   or name breaks it. What means the same has the same digest, in any order and spelling.
S2 A text that is not as it was made is no seal.
S3 What the rules ask is in the digest of the rules, the words about them are not.
S4 Each state has its sentence; figures that were changed claim nothing of what was found before.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, FORM, MINI, submission
from tests.support.communes import A, B, good, report
from xl_automation.checks.check import check
from xl_automation.checks.seal import (
    SEAL_WORDS,
    JudgedSeal,
    Seal,
    SealState,
    figures_digest,
    judge_seal,
    rules_digest,
    seal_of,
)
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK, Reading
from xl_automation.reading.submission import Submission

ELSE = "0 đã giải trình, 0 không xét được"
TIME = datetime(2022, 6, 14, 10, 30, 59)
SEAL = Seal(
    datetime(2022, 6, 14, 10, 30),
    "0 lỗi, 2 cảnh báo, 1 lưu ý",
    "2022.1",
    "3f9a0b1c2d3e4f50",
    "77c1a2b3c4d5e6f7",
)
TEXT = (
    "14/06/2022 10:30 · 0 lỗi, 2 cảnh báo, 1 lưu ý · mẫu 2022.1 · quy tắc 3f9a0b1c2d3e4f50"
    " · số liệu 77c1a2b3c4d5e6f7 · dấu 86cb052372b4acd2"
)


def whole() -> Submission:
    """Return a report with something in each place that a sender fills."""
    read = good(A)
    return replace(
        read,
        readings={**read.readings, "1.1": Reading(50.0), "2.2": Reading(text="-")},
        notes={"1.1": "Theo Kế hoạch số 12", "3.3.3": "Tăng do tách thôn"},
        dates={"@report_date": date(2022, 6, 14)},
        report_number="66/BC-UBND",
    )


def sealed(form: Form = FORM, said: Submission | None = None) -> Submission:
    """Return a report with the seal of a check by *form*."""
    said = said or whole()
    return replace(said, seal=seal_of(form, said, check(form, said), 0, TIME).text)


# --- the text ----------------------------------------------------------------------------------


def test_text_is_what_people_and_programs_read() -> None:
    """When, what was found, by which form and rules, of which figures: as it was made for good."""
    assert SEAL.text == TEXT
    assert Seal.parse(TEXT) == SEAL


def test_label_of_a_row_is_part_of_what_was_checked() -> None:
    """A label of a table's row that changes breaks the seal; without one it is as it always was."""
    report = good(A)
    named = replace(report, row_labels={"II06.1": "Đất đai"})
    other = replace(report, row_labels={"II06.1": "Tư pháp"})
    assert len({figures_digest(said) for said in (report, named, other)}) == 3
    assert figures_digest(named) == figures_digest(
        replace(report, row_labels={"II06.1": "Đất  đai"})
    )


def test_seal_of_a_check_says_what_was_found() -> None:
    """The findings of each severity, those that are answered, what was undecided, the minute."""
    said = good(A, c1_1_b=9, c1_3_1=None, c6_1_b=4861)
    said = replace(said, notes={"6.1.b": "Giải ngân vốn kéo dài năm 2021"})
    seal = seal_of(FORM, said, check(FORM, said), 2, TIME)
    assert (seal.time, seal.counts) == (
        SEAL.time,
        "1 lỗi, 2 cảnh báo, 0 lưu ý, 1 đã giải trình, 2 không xét được",
    )
    assert (seal.version, len(seal.rules), len(seal.figures)) == (FORM.version, 16, 16)


def test_text_of_another_spelling_is_the_same_seal() -> None:
    """White space and Unicode form do not matter: programs save texts each in its own way."""
    assert Seal.parse(unicodedata.normalize("NFD", TEXT).replace(" ", "\u00a0\n")) == SEAL


@pytest.mark.parametrize("place", range(len(TEXT)))
def test_text_with_one_character_changed_is_no_seal(place: int) -> None:
    """Be it in the time, the counts, the version or a digest."""
    other = "1" if TEXT[place] != "1" else "2"
    assert Seal.parse(f"{TEXT[:place]}{other}{TEXT[place + 1 :]}") is None
    assert Seal.parse(TEXT[:place]) is None


@pytest.mark.parametrize(
    "text", ["", "đã kiểm tra", f"{TEXT} ", f"x{TEXT}", TEXT.replace("14/06", "31/06"), TEXT * 2]
)
def test_other_text(text: str) -> None:
    """What is no seal is told apart from a seal with spaces around it."""
    assert Seal.parse(text) == (SEAL if text.strip() == TEXT else None)


@given(st.text() | st.from_regex(r"[0-9/ :·a-zạ-ỹ,.]{0,200}"))
def test_any_text_is_a_seal_or_none(text: str) -> None:
    """Nobody's text stops a program."""
    assert Seal.parse(text) is None


def test_a_later_version_may_count_more() -> None:
    """What else is counted is shown as it is said."""
    more = replace(SEAL, counts="0 lỗi, 2 cảnh báo, 1 lưu ý, 2 giải trình")
    assert Seal.parse(more.text) == more


# --- the digest of the figures -----------------------------------------------------------------


def test_digest_stays_the_same_for_good() -> None:
    """A workbook that was sealed by this version is intact for every later one."""
    said = submission({"I.2": 100, "I.3": "1.050,5", "I.5": "abc", "I.1": 50}, form=MINI)
    said = replace(said, unit_code="1", unit_name="Xã Một", notes={"I.2": "Ước"})
    assert figures_digest(replace(said, report_number="12/BC")) == "e608d95082ae443d"


CHANGES: dict[str, Callable[[Submission], Submission]] = {
    "unit": lambda said: replace(said, unit_code=B.code),
    "unit-name": lambda said: replace(said, unit_name=B.name),
    "no-unit": lambda said: replace(said, unit_code=None, unit_name=None),
    "level": lambda said: replace(said, level="district"),
    "period": lambda said: replace(said, period=FORM.period("2022-Q1")),
    "no-period": lambda said: replace(said, period=None),
    "report-number": lambda said: replace(said, report_number="67/BC-UBND"),
    "date": lambda said: replace(said, dates={"@report_date": date(2022, 6, 15)}),
    "date-of-another": lambda said: replace(said, dates={"@to": date(2022, 6, 14)}),
    "note": lambda said: replace(said, notes={**said.notes, "1.1": "Theo Kế hoạch số 13"}),
    "note-moved": lambda said: replace(
        said, notes={"1.1.a": said.notes["1.1"], "3.3.3": said.notes["3.3.3"]}
    ),
    "note-gone": lambda said: replace(said, notes={}),
    "typed-over": lambda said: typed(said, "2.4", Reading(20.0)),
    "no-longer-typed-over": lambda said: replace(
        said, readings={id: value for id, value in said.readings.items() if id != "1.1"}
    ),
    "figures-swapped": lambda said: typed(
        typed(said, "1.1.a", said.readings["1.1.b"]), "1.1.b", said.readings["1.1.a"]
    ),
    "zero-led": lambda said: typed(said, "1.1.a", Reading(8.0, "08", leading_zero=True)),
    "number-as-unreadable": lambda said: typed(said, "1.1.a", Reading(text="8")),
}


def typed(said: Submission, id: str, reading: Reading) -> Submission:
    """Return a report with another reading."""
    return replace(said, readings={**said.readings, id: reading})


@pytest.mark.parametrize("change", CHANGES)
def test_change_breaks_the_seal(change: str) -> None:
    """Whoever it is about, whatever is said."""
    changed = CHANGES[change](sealed())
    assert judge_seal(FORM, changed).state == "changed"


@given(
    st.sampled_from(sorted(whole().readings)),
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False, width=32).map(Reading),
        st.text("abcđ-?", min_size=1).map(lambda text: Reading(text=text)),
        st.just(BLANK),
    ),
)
def test_any_changed_reading_breaks_the_seal(id: str, reading: Reading) -> None:
    """In a row, a helper, a supporting table, or typed over a formula."""
    said = whole()
    before = said.readings[id]
    is_same = (before.number, before.text) == (reading.number, reading.text)
    assert (figures_digest(typed(said, id, reading)) == figures_digest(said)) == is_same


SAME: dict[str, Callable[[Submission], Submission]] = {
    "order": lambda said: replace(
        said,
        readings=dict(reversed(said.readings.items())),
        notes=dict(reversed(said.notes.items())),
    ),
    "file": lambda said: replace(said, sha256="0" * 64, size=1, saved=1.0),
    "number-typed-as-text": lambda said: typed(said, "1.1.a", Reading(8.0, "8")),
    "spaces": lambda said: replace(said, notes={**said.notes, "1.1": " Theo  Kế hoạch\nsố 12 "}),
    "letters": lambda said: replace(
        said, notes={id: unicodedata.normalize("NFD", note) for id, note in said.notes.items()}
    ),
    "minus-zero": lambda said: typed(said, "1.5", Reading(-0.0)),
    "digits-that-no-cell-keeps": lambda said: typed(said, "2.3", Reading(10.000000000000002)),
}


@pytest.mark.parametrize("change", SAME)
def test_what_means_the_same_keeps_the_seal(change: str) -> None:
    """Another file, another order, another way of typing."""
    assert whole().readings["1.5"] == Reading(0.0)
    assert whole().readings["2.3"] == Reading(10.0)
    assert judge_seal(FORM, SAME[change](sealed())).state == "intact"


def test_code_in_other_letters_keeps_the_seal() -> None:
    """How a code was typed is nothing; another code is."""
    first = sealed(said=typed(whole(), "2.3", Reading(text="kad ", absence="KAD")))
    again = typed(first, "2.3", Reading(text="KAD", absence="KAD"))
    other = typed(first, "2.3", Reading(text="CCS", absence="CCS"))
    assert [judge_seal(FORM, one).state for one in (again, other)] == ["intact", "changed"]


def test_half_a_character_is_no_hindrance() -> None:
    """Text that no encoding has, in a note of a damaged file."""
    said = replace(whole(), notes={"1.1": "x\ud800"})
    assert judge_seal(FORM, sealed(said=said)).state == "intact"


# --- rules and states --------------------------------------------------------------------------

RULE = FORM.rules[0]
OTHER_RULES = {
    "version": replace(FORM, version="2099.1"),
    "one-less": replace(FORM, rules=FORM.rules[1:]),
    "milder": replace(FORM, rules=(replace(RULE, stated_severity="info"), *FORM.rules[1:])),
    "other-expression": replace(
        FORM, rules=(replace(RULE, holds=FORM.rules[1].holds), *FORM.rules[1:])
    ),
    "percentage": replace(
        FORM, indicators=tuple(replace(item, percent=None) for item in FORM.indicators)
    ),
}


@pytest.mark.parametrize("form", OTHER_RULES.values(), ids=OTHER_RULES)
def test_check_by_other_rules_is_told(form: Form) -> None:
    """Of another version, or of a form whose rules are not those of the city."""
    said = whole()
    text = seal_of(form, said, [], 0, TIME).text
    judged = judge_seal(FORM, replace(said, seal=text))
    assert judged.state == "other-rules"
    assert judged.sentence == (
        "đã kiểm tra bằng quy tắc khác 14/06/2022 10:30: 0 lỗi, 0 cảnh báo, 0 lưu ý, "
        "0 đã giải trình, 0 không xét được"
    )


def test_words_about_rules_are_no_other_rules() -> None:
    """A message that is put better, an act that is cited, and a prompt, change no check."""
    rules = tuple(replace(rule, message="…", fix="…", basis="…") for rule in FORM.rules)
    rows = tuple(replace(item, help="…") for item in FORM.indicators)
    assert rules_digest(replace(FORM, rules=rules, indicators=rows)) == rules_digest(FORM)


STATES: dict[SealState, tuple[Submission, str]] = {
    "none": (whole(), "chưa kiểm tra"),
    "intact": (
        sealed(),
        f"đã kiểm tra 14/06/2022 10:30: 1 lỗi, 0 cảnh báo, 0 lưu ý, {ELSE}",
    ),
    "changed": (
        typed(sealed(), "1.1.a", Reading(9.0)),
        "đã sửa sau khi kiểm tra 14/06/2022 10:30",
    ),
    "other-rules": (
        sealed(OTHER_RULES["version"]),
        f"đã kiểm tra bằng quy tắc khác 14/06/2022 10:30: 1 lỗi, 0 cảnh báo, 0 lưu ý, {ELSE}",
    ),
    "unreadable": (
        replace(whole(), seal=re.sub("[0-9]+ lỗi", "0 lỗi", str(sealed().seal))),
        "không đọc được dấu kiểm tra",
    ),
}


@pytest.mark.parametrize("state", SEAL_WORDS)
def test_each_state_has_its_sentence(state: SealState) -> None:
    """What the city reads of each."""
    said, sentence = STATES[state]
    judged = judge_seal(FORM, said)
    assert (judged.state, judged.text, judged.sentence) == (state, said.seal, sentence)


def test_seal_of_other_figures_does_not_count() -> None:
    """Nobody's seal serves for another report."""
    other = report(B, COMMUNE, seal=sealed().seal)
    assert judge_seal(FORM, other).state == "changed"
    assert judge_seal(FORM, good(B)) == JudgedSeal("none")
