"""Requirements of the register that a summary is.

R1 Read back, a summary gives the register of what it was written from, to the letter.
R2 The same consolidation gives the same bytes, and so does one with what was read back.
R3 What officers write is kept as it stands, also where nobody can understand it; a cell of which
   only some words make sense is named with them, and nothing is guessed.
R4 A summary without a register gives a blank one; a damaged one is refused by name.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from tests.support.builders import COMMUNE, FORM, MINI
from tests.support.communes import A, F, golden, schools, workbook, written
from tests.support.rounds import DECISIONS, RECORDS, full_round, small_round
from xl_automation.consolidation.decisions import KIND_WORDS, Decision, JudgedDecision
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import STATE_LABELS, Event, Register, UnitRecord
from xl_automation.errors import UserError
from xl_automation.summary.decisions_sheet import DECISIONS as DECISIONS_SHEET
from xl_automation.summary.findings_sheet import ANSWER, COLUMNS, FINDINGS, HIDDEN, OWNER
from xl_automation.summary.places import HEADER_ROW, OVERVIEW, PROGRESS
from xl_automation.summary.progress_tallies import DUE_CELL, LOCKED_CELL
from xl_automation.summary.progress_tallies import FIRST_ROW as FIRST_UNIT
from xl_automation.summary.read_register import REGISTER_NAMES, read_register
from xl_automation.summary.record_sheet import RECORD
from xl_automation.summary.write import CREATED
from xl_automation.xlsx.refusal import Refusal


@pytest.fixture(scope="module")
def small_path(tmp_path_factory):
    """The summary of a round with few cells."""
    return written(small_round(), tmp_path_factory.mktemp("small") / "th.xlsx")


@pytest.mark.parametrize("make", [full_round, golden, schools], ids=["full", "first", "schools"])
def test_register_read_back_is_that_of_the_consolidation(tmp_path, make):
    """Of a round with everything, of one that begins, and of a form of another subject."""
    path = written(make(), tmp_path / "th.xlsx")
    assert read_register(path, make().form) == register_of(make())


# What people can type or paste into a cell: not the words of a list, which stand for something,
# nor the signs by which files write what XML cannot hold.
_SIGNS = re.compile("x[0-9A-Fa-f]{4}_")
_TYPED = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc", "Cn"], include_characters="\n\r\t"
    ),
    max_size=60,
).filter(lambda text: text not in KIND_WORDS.values() and not _SIGNS.search(text))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.generate],  # each example is a file: a smaller one would take minutes to find
)
@given(
    texts=st.lists(st.tuples(*[_TYPED] * 8), max_size=4),
    answers=st.tuples(_TYPED, _TYPED),
    snapshot=st.text(max_size=300),
    what=st.text(max_size=80),
    day=st.dates(date(1901, 1, 1)),
)
def test_words_of_any_kind_are_kept(tmp_path_factory, texts, answers, snapshot, what, day):
    """Whatever is typed or noted comes back, and what is written then is the same again."""
    path = tmp_path_factory.mktemp("any") / "th.xlsx"
    decisions = tuple(
        JudgedDecision(Decision(*fields), "unclear", "")
        for fields in texts
        if "".join(fields).strip()
    )
    moment = datetime(2022, 6, 1, 8, 30)
    record = UnitRecord(
        "1", "Xã Một", "locked", (("received", day),), what, "f" * 64,
        moment.replace(tzinfo=UTC), "late", snapshot,
    )  # fmt: skip
    kept = register_of(small_round()).findings
    result = replace(
        small_round(),
        decisions=decisions,
        answers={finding.key: answers for finding in kept[:3]},
        records={"1": record},
        events=(Event(moment, what, snapshot),),
        due=day,
    )
    written(result, path)
    assert read_register(path, MINI) == register_of(result)


def test_same_round_is_the_same_bytes(tmp_path, round_path):
    """Written twice, and written from what was read back."""
    register = read_register(round_path, FORM)
    again = replace(
        full_round(),
        records=register.units,
        due=register.due,
        is_locked=register.is_locked,
        left_out=register.left_out,
        events=register.events,
        answers={finding.key: (finding.owner, finding.answer) for finding in register.findings},
        decisions=tuple(
            JudgedDecision(decision, judged.state, judged.told)
            for decision, judged in zip(register.decisions, DECISIONS, strict=True)
        ),
    )
    for number, result in enumerate((full_round(), again)):
        (tmp_path / str(number)).mkdir()
        # Links are relative to the folder: both lie as deep as the first one.
        path = written(result, tmp_path / str(number) / "Tổng hợp.xlsx")
        once = path.read_bytes()
        assert written(result, path).read_bytes() == once
    one, two = ((tmp_path / name / "Tổng hợp.xlsx").read_bytes() for name in "01")
    assert one == two
    properties = openpyxl.load_workbook(round_path, read_only=True).properties
    assert (properties.created, properties.modified) == (CREATED, CREATED)


# --- what officers write -----------------------------------------------------------------------


def edited(path, made, edits):
    """Save to *made* the summary at *path* with cells of other contents, by sheet and cell."""
    book = openpyxl.load_workbook(path)
    for (sheet, cell), value in edits.items():
        book[sheet][cell] = value
    book.save(made)
    return made


def place(caption, row, sheet=FINDINGS, header=HEADER_ROW, path=None):
    """Return the cell of a column of a list."""
    cells = openpyxl.load_workbook(path)[sheet][header]
    (letter,) = (cell.column_letter for cell in cells if cell.value == caption)
    return sheet, f"{letter}{row}"


def test_typed_cells_are_read(tmp_path, round_path):
    """A new decision with numbers, a state in other letters, a day as text, an answer."""
    row = HEADER_ROW + len(DECISIONS) + 4
    path = edited(
        round_path,
        tmp_path / "th.xlsx",
        {
            (DECISIONS_SHEET, f"A{row}"): f"{F.code} – {F.name}",
            (DECISIONS_SHEET, f"B{row}"): 1.1,
            (DECISIONS_SHEET, f"D{row}"): "Loại khỏi tổng",
            (DECISIONS_SHEET, f"E{row}"): datetime(2022, 6, 30),
            (DECISIONS_SHEET, f"F{row}"): 7,
            (DECISIONS_SHEET, f"G{row}"): " 2022-N ",
            (PROGRESS, f"C{FIRST_UNIT}"): "  ĐẠT ",
            (PROGRESS, f"C{FIRST_UNIT + 1}"): None,
            (PROGRESS, DUE_CELL.cell): "20/6/2022",
            (PROGRESS, LOCKED_CELL.cell): None,
            place(OWNER, HEADER_ROW + 3, path=round_path): "Bà Mai",
            place(ANSWER, HEADER_ROW + 1, path=round_path): None,
        },
    )
    register = read_register(path, FORM)
    assert register.decisions == (
        *(judged.decision for judged in DECISIONS),
        Decision(F.code, "1.1", "", "exclude", "30/06/2022", "7", " 2022-N "),
    )
    states = {code: record.state for code, record in register.units.items()}
    assert states == {code: record.state for code, record in RECORDS.items()} | {A.code: "accepted"}
    assert register.due == date(2022, 6, 20)
    assert not register.is_locked
    assert [f.owner for f in register.findings[:3]] == ["Ông Hùng", "", "Bà Mai"]
    assert register.findings[0].answer == ""


KEY_CELL, ANSWER_CELL = (
    f"{get_column_letter([*COLUMNS].index(caption) + 1)}{row}"
    for caption, row in ((HIDDEN, HEADER_ROW + 1), (ANSWER, 90))
)


@pytest.mark.parametrize(
    ("cell", "value", "words"),
    [
        ((PROGRESS, f"C{FIRST_UNIT}"), "tốt", ["C12", "tốt", *STATE_LABELS.values()]),
        ((PROGRESS, f"A{FIRST_UNIT}"), "99999", ["A12", "99999", "mã của một đơn vị"]),
        ((PROGRESS, f"A{FIRST_UNIT}"), "2", ["C13", "hai dòng"]),
        ((PROGRESS, DUE_CELL.cell), "mai", ["C4", "mai", "15/06/2022"]),
        ((PROGRESS, DUE_CELL.cell), True, ["C4", "TRUE"]),
        ((PROGRESS, LOCKED_CELL.cell), "chưa", ["C5", "chưa", "Có hoặc Không"]),
        ((FINDINGS, ANSWER_CELL), "gọi sau", [ANSWER_CELL, "gọi sau", "không phải điểm"]),
    ],
    ids=["state", "code", "twice", "due", "truth", "locked", "row"],
)
def test_what_cannot_be_understood_is_named(tmp_path, small_path, cell, value, words):
    """The file, the cell, what stands there and what may; no word is passed over."""
    path = edited(small_path, tmp_path / "sửa.xlsx", {cell: value})
    with pytest.raises(UserError) as error:
        read_register(path, MINI)
    assert not isinstance(error.value, Refusal)
    for word in ("sửa.xlsx", *words):
        assert word in str(error.value)


# --- what is no register -----------------------------------------------------------------------


def test_summary_without_register_gives_a_blank_one(tmp_path, small_path):
    """One from before there were registers has a period, and nothing is made up."""
    path = tmp_path / "th.xlsx"
    book = openpyxl.load_workbook(small_path)
    for name in REGISTER_NAMES:
        del book.defined_names[name]
    book.save(path)
    assert read_register(path, MINI) == Register(period="2024-N")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda book: book.__delitem__(DECISIONS_SHEET), "TH_QUYET_DINH"),
        (lambda book: book.__delitem__(RECORD), "TH_SO_GHI"),
        (lambda book: book[RECORD].__setitem__("B2", '{"city": 1'), RECORD),
        (lambda book: book[RECORD].delete_rows(2), RECORD),
        (lambda book: book[RECORD].delete_rows(4), RECORD),  # a piece of a long snapshot
        (lambda book: book[RECORD].__setitem__("B2", "[]"), RECORD),
        (lambda book: book[PROGRESS].__setitem__("A11", "Số"), "mất cột “Mã”"),
        (lambda book: book[DECISIONS_SHEET].delete_cols(5), "mất cột “Lý do”"),
        (lambda book: book[FINDINGS].__setitem__(KEY_CELL, "x"), f"Điểm cần xem lại!{KEY_CELL}"),
        (lambda book: book[FINDINGS].__setitem__(KEY_CELL, "[1]"), f"Điểm cần xem lại!{KEY_CELL}"),
    ],
    ids=[
        "no-decisions", "no-record", "cut", "no-round", "piece", "shape", "caption", "column",
        "key", "key-shape",
    ],
)  # fmt: skip
def test_damaged_register_is_refused_by_name(tmp_path, small_path, damage, words):
    """What is gone or changed of the program's own part is named; nothing of it is guessed."""
    path = tmp_path / "th.xlsx"
    book = openpyxl.load_workbook(small_path)
    damage(book)
    book.save(path)
    with pytest.raises(Refusal, match="sổ tổng hợp") as refusal:
        read_register(path, MINI)
    assert words in str(refusal.value)


def test_what_is_no_summary_is_refused(tmp_path, round_path):
    """A commune's workbook, and the summary of another form."""
    with pytest.raises(Refusal, match="không phải sổ tổng hợp"):
        read_register(workbook(tmp_path / "x.xlsx", A, COMMUNE), FORM)
    with pytest.raises(Refusal, match="sổ tổng hợp biểu cchc-2022"):
        read_register(round_path, MINI)


def test_hidden_parts_are_out_of_sight(round_path):
    """Only a macro shows the record; the lists and the keys are hidden; what is open is open."""
    book = openpyxl.load_workbook(round_path)
    assert book[RECORD].sheet_state == "veryHidden"
    assert book["Lựa chọn"].sheet_state == "hidden"
    (letter,) = (c.column_letter for c in book[FINDINGS][HEADER_ROW] if c.value == HIDDEN)
    assert book[FINDINGS].column_dimensions[letter].hidden
    assert book[OVERVIEW].sheet_state == "visible"
    pieces = [cell.value for cell in book[RECORD]["B"][1:]]
    assert max(map(len, pieces)) == 32_000  # a snapshot that no one cell could hold
    texts = "".join(pieces)
    assert texts.isascii()
    assert "_" not in texts
    assert json.loads(pieces[0])["expected"] == full_round().expected
