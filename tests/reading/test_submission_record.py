"""Requirements of records.

R1 A record gives back exactly what was read or refused, for the file at hand, as JSON too.
R3 A record that a summary kept before the form's last tables came is read without them.
R2 Whatever else comes in its place is damaged, and said so: never a crash, never half a result.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, FORM, PERIOD
from tests.support.communes import A, report
from xl_automation.forms.numbers import BLANK, Reading
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.remark import Remark
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_record import DamagedRecord, FileFacts, Records
from xl_automation.wording import MAX_SENTENCE
from xl_automation.xlsx.address import Address

RECORDS = Records(FORM)
HERE = FileFacts(Path("nơi khác/tên khác.xlsx"), "7" * 64, 77, 1_700_000_000.5)


def whole() -> Submission:
    """Return a submission with something in each of its fields."""
    read = report(A, COMMUNE, report_number="12/BC-UBND")
    odd = {
        "1.1.a": Reading(text="abc"),
        "1.1.b": Reading(3.0, "03", leading_zero=True),
        "1.2.3.a": Reading(4860000.0, "4.860.000"),
        "1.2.3.b": Reading(-0.0),
        "1.3.1": Reading(text=""),
        "1.3.3": Reading(text=" kad ", absence="KAD"),
        "3.3.4.tu": Reading(text="KAD"),  # where no code is taken
        "1.3.2": BLANK,
    }
    return replace(
        read,
        readings={**read.readings, **odd},
        notes={"1.1.a": "Xem biểu “đính kèm”\n\ud800"},
        row_labels={"II06.1": "Đất đai"},
        dates={"@from": date(2021, 12, 15), "@report_date": date(2022, 6, 14)},
        remarks=(
            Remark("no-unit", cells=(Address("Thông tin!B4"),)),
            Remark("no-period", ("1.1.a",), (), "Quý V 2022"),
        ),
        seal="14/06/2022 10:30 · …",
        previous=(FORM.period("2022-Q1"), {"1.1.a": 7.0, "1.1": 0.1 + 0.2}),
        due=date(2022, 6, 20),
        is_city_appendix=True,
        written=datetime(2022, 6, 14, 3, 30, 5, tzinfo=UTC),
    )


def carried(record: object) -> object:
    """Return what is left of a record after it was JSON."""
    return json.loads(json.dumps(record, allow_nan=False))


def test_submission_comes_back_as_it_was() -> None:
    """Every field, but for those of the file, which are of the file at hand."""
    before = whole()
    unset = {field.name for field in fields(before) if not getattr(before, field.name)}
    # The way that it came is no matter of the report: whoever reads the record knows it.
    assert unset == {"way"}, "a field of the submission that this test does not see"
    after = RECORDS.read(carried(RECORDS.of(before)), HERE)
    assert after == replace(before, path=HERE.path, sha256=HERE.sha256, size=77, saved=HERE.saved)
    assert isinstance(after, Submission)
    assert str(after.readings["1.2.3.b"].number) == "-0.0"


def test_empty_submission_comes_back_as_it_was() -> None:
    """What is not known stays not known."""
    before = report(None, {}, None, HERE.path, sha256=HERE.sha256, size=77, saved=HERE.saved)
    assert RECORDS.read(carried(RECORDS.of(before)), HERE) == before


def test_record_from_before_the_last_tables_comes_back_without_them() -> None:
    """R3: records had no version then; one that says another version is not of this form."""
    before = report(A, COMMUNE)
    *record, version = RECORDS.of(before)
    assert version == FORM.version
    last = len([id for id in FORM.table_inputs if id.startswith(f"{FORM.tables[-1].id}.")])
    old = at(record, CELLS, record[CELLS][:-last])
    expected = RECORDS.read(carried(RECORDS.of(before)), HERE)
    assert RECORDS.read(carried(old), HERE) == expected
    for other in ([*old, version], [*old, "2022.1"], [*record, "2022.1"],
                  at(record, CELLS, record[CELLS][: -last - 1])):  # fmt: skip
        with pytest.raises(DamagedRecord):
            RECORDS.read(carried(other), HERE)


def test_refusal_comes_back_as_it_was() -> None:
    """Code, sentence, and the file at hand."""
    before = RefusedFile(HERE.path, "wrong-form", "Đây không phải.", HERE.sha256, 77, HERE.saved)
    assert RECORDS.read(carried(RECORDS.of(before)), HERE) == before


def test_sentence_of_a_record_can_be_shown() -> None:
    """Whoever could write it could write anything."""
    refused = RECORDS.read(["refused", "unreadable", "a\x1b[2J\n" + "x" * 500_000], HERE)
    assert isinstance(refused, RefusedFile)
    assert refused.message.startswith("a␛[2J⏎xxx")
    assert len(refused.message) <= MAX_SENTENCE


def test_records_are_short_and_share_ids() -> None:
    """A thousand submissions hold the ids of their form once, not a thousand times."""
    assert len(json.dumps(RECORDS.of(report(A, COMMUNE)))) < 2000
    back = RECORDS.read(carried(RECORDS.of(whole())), HERE)
    assert isinstance(back, Submission)
    own = {*FORM.by_id, *FORM.helper_ids, *FORM.table_inputs}
    again = RECORDS.read(carried(RECORDS.of(whole())), HERE)
    assert isinstance(again, Submission)
    assert own == back.readings.keys() | {item.id for item in FORM.in_order_of_computation}
    assert all(one is two for one, two in zip(back.readings, again.readings, strict=True))
    assert all(one is two for one, two in zip(back.notes, again.notes, strict=True))


PLACES = (
    READ,
    LEVEL,
    CODE,
    NAME,
    PERIOD_AT,
    CELLS,
    NOTES,
    DATES,
    NUMBER,
    REMARKS,
    SEAL,
    PREVIOUS,
    DUE,
    APPENDIX,
    LABELS,
    WRITTEN,
) = range(16)
WRONG: dict[str, Callable[[list[Any]], object]] = {
    "nothing": lambda record: None,
    "text": lambda record: "read",
    "empty": lambda record: [],
    "mapping": lambda record: {"0": "read"},
    "kind": lambda record: ["seen", *record[1:]],
    "kind-list": lambda record: [[], *record[1:]],
    "short": lambda record: record[:-2],
    "long": lambda record: [*record, None],
    "level": lambda record: at(record, LEVEL, "tỉnh"),
    "level-list": lambda record: at(record, LEVEL, []),
    "code-number": lambda record: at(record, CODE, 5),
    "name-bool": lambda record: at(record, NAME, True),
    "period-text": lambda record: at(record, PERIOD_AT, "2022-6T"),
    "period-kind": lambda record: at(record, PERIOD_AT, [2022, "X"]),
    "period-year": lambda record: at(record, PERIOD_AT, [10**9, "6T"]),
    "period-year-float": lambda record: at(record, PERIOD_AT, [2022.0, "6T"]),
    "cells-short": lambda record: at(record, CELLS, record[CELLS][1:]),
    "cells-long": lambda record: at(record, CELLS, [*record[CELLS], 0]),
    "cells-mapping": lambda record: at(record, CELLS, {}),
    "cell-int": lambda record: cell(record, 5),
    "cell-bool": lambda record: cell(record, True),
    "cell-false": lambda record: cell(record, False),
    "cell-infinite": lambda record: cell(record, float("inf")),
    "cell-nan": lambda record: cell(record, [float("nan"), "x", False]),
    "cell-two": lambda record: cell(record, [1.0, "x"]),
    "cell-text-number": lambda record: cell(record, ["1", "x", False]),
    "cell-zero-led": lambda record: cell(record, [1.0, "x", 1]),
    "cell-mapping": lambda record: cell(record, {"number": 1.0}),
    "notes-list": lambda record: at(record, NOTES, []),
    "notes-id": lambda record: at(record, NOTES, {"9.9.9": "x"}),
    "notes-number": lambda record: at(record, NOTES, {"1.1.a": 5}),
    "dates-id": lambda record: at(record, DATES, {"@period_to": "2022-01-01"}),
    "dates-no-date": lambda record: at(record, DATES, {"@from": "2022-13-01"}),
    "dates-number": lambda record: at(record, DATES, {"@from": 44000}),
    "number-list": lambda record: at(record, NUMBER, ["12"]),
    "remarks-text": lambda record: at(record, REMARKS, "no-unit"),
    "seal-number": lambda record: at(record, SEAL, 5.0),
    "previous-text": lambda record: at(record, PREVIOUS, "2022-Q1"),
    "previous-infinite": lambda record: at(record, PREVIOUS, [[2022, "Q1"], {"1.1": 1e999}]),
    "previous-id": lambda record: at(record, PREVIOUS, [[2022, "Q1"], {"x": 1.0}]),
    "due-no-date": lambda record: at(record, DUE, "2022-06-31"),
    "due-number": lambda record: at(record, DUE, 44000),
    "appendix-number": lambda record: at(record, APPENDIX, 1),
    "labels-text": lambda record: at(record, LABELS, "Đất đai"),
    "labels-number": lambda record: at(record, LABELS, {"II06.1": 5.0}),
    "labels-printed-row": lambda record: at(record, LABELS, {"TTHC.1": "Đất đai"}),
    "written-number": lambda record: at(record, WRITTEN, 5.0),
    "written-no-time": lambda record: at(record, WRITTEN, "2022-06-14T25:00:00Z"),
    "written-no-zone": lambda record: at(record, WRITTEN, "2022-06-14T03:30:05"),
    "refused-code": lambda record: ["refused", "vì thế", "x"],
    "refused-code-list": lambda record: ["refused", [], "x"],
    "refused-message": lambda record: ["refused", "wrong-form", 5],
    "refused-short": lambda record: ["refused", "wrong-form"],
}


def at(record: list[Any], place: int, value: object) -> list[Any]:
    """Return a record with *value* in one place."""
    return [*record[:place], value, *record[place + 1 :]]


def cell(record: list[Any], value: object) -> list[Any]:
    """Return a record with *value* as what stands in the first cell."""
    return at(record, CELLS, at(record[CELLS], 0, value))


@pytest.mark.parametrize("name", WRONG)
def test_what_no_reader_made_is_damaged(name: str) -> None:
    """Wrong kinds, wrong numbers of things, ids and codes that are not there."""
    record = carried(RECORDS.of(whole()))
    assert isinstance(record, list)
    with pytest.raises(DamagedRecord):
        RECORDS.read(WRONG[name](record), HERE)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=12) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(ANYTHING, st.sampled_from(PLACES))
def test_anything_is_a_result_or_damaged(value: object, place: int) -> None:
    """Any JSON, or any in one place of an honest record, is read or refused, and nothing else."""
    record = RECORDS.of(report(A, COMMUNE, PERIOD))
    for stated in (value, at(record, place, value)):
        try:
            result = RECORDS.read(stated, HERE)
        except DamagedRecord:
            continue
        assert result.path == HERE.path
        assert RECORDS.read(RECORDS.of(result), HERE) == result
