"""Requirements of typing values into a workbook.

I1 A value lands in its cell as the number that it is by the rules of its row; what is ambiguous
   or unreadable lands as the text it is and is reported; what fits nowhere is reported.
I2 Every typed percentage that its parts do not give is reported.
I3 Nothing else in the package changes, and no file is ever overwritten.
I4 The printed figures of Thịnh Đức give the findings that a reader of the report would make.
"""

from __future__ import annotations

import unicodedata
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.support import builders
from tests.support.builders import FORM
from tests.support.paths import EXAMPLES
from xl_automation.checks.check import check
from xl_automation.editing.fill import FillReport, fill
from xl_automation.editing.stored_value import stored_date, stored_number
from xl_automation.editing.values_file import Entry, read_entries
from xl_automation.errors import UserError
from xl_automation.forms.numbers import BLANK, Reading
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.excel_days import EXCEL_EPOCH
from xl_automation.xlsx.refusal import Refusal

LAYOUT = Layout(FORM)
PRINTED = EXAMPLES / "thinh-duc-2022-6T.csv"


def entries(*rows: tuple[str, ...]) -> list[Entry]:
    """Return *rows* of id, value and note as the lines of a file."""
    return [Entry(line, *row) for line, row in enumerate(rows, start=2)]


def filled(folder: Path, *rows: tuple[str, ...]) -> tuple[FillReport, Submission]:
    """Return what was reported and what is read after *rows* were typed."""
    out = folder / "filled.xlsx"
    report = fill(builders.workbook(folder / "blank.xlsx"), entries(*rows), out, FORM)
    return report, read_submission(out, FORM)


# --- old letters -------------------------------------------------------------------------------


def test_old_letters_are_typed_as_they_are_and_said(tmp_path: Path) -> None:
    """Values, notes and names of a values file (I1): nothing is converted."""
    rows = (("1.1.a", "8", "Kh«ng cã"), ("nguoi_lap", "NguyÔn V¨n A"), ("1.1.b", "4", "Không có"))
    report, submission = filled(tmp_path, *rows)
    first, second = report.doubtful
    assert "Dòng 2: 1.1.a = “8”" in first
    assert "“Kh«ng cã” là chữ TCVN3 (ABC), đọc là “Không có”" in first
    assert "đọc là “Nguyễn Văn A”" in second
    assert submission.notes == {"1.1.a": "Kh«ng cã", "1.1.b": "Không có"}


# --- Thịnh Đức ---------------------------------------------------------------------------------

SEED_FINDINGS = {
    "F02 2.2", "F03 4.2.3", "F04 3.3.4", "F04 7.5.2", "C-3.2.5w 3.2.5.a", "C-3.3.3 3.3.3",
    "C-3.4m 3.4.2.a", "C-6.1u 6.1.a", "C-7.5s 7.5.2.a", "C-7.5e 7.5.2", "L01 3.4.1.a",
    "L01 3.4.1.b", "L02 3.4.1.a", "L03 1.2.3.a", "L03 1.2.3.b", "L03 1.3.1", "L03 1.3.2",
    "L03 1.3.3", "L03 3.4.2.a", "B17 3.3.5",
    "B04 2.3", "B07 4.2.2", "B08 4.2.3", "B09 3.4.2.a", "B10 3.3.4",
}  # fmt: skip


@pytest.fixture(scope="module")
def seed(tmp_path_factory) -> tuple[FillReport, Submission]:
    """The printed figures of Thịnh Đức, typed and read."""
    folder = tmp_path_factory.mktemp("thinh-duc")
    out = folder / "out.xlsx"
    report = fill(builders.workbook(folder / "blank.xlsx"), read_entries(PRINTED), out, FORM)
    return report, read_submission(out, FORM)


def test_seed_reports_what_has_no_cell_and_what_disagrees(seed):
    """3.1 = 126 has no cell, 2.2 = - is no number; four percentages are not of their parts.

    A fifth is a count of the form.
    """
    report, _ = seed
    (unplaced,), (doubtful,) = report.unplaced, report.doubtful
    assert unplaced.startswith("Dòng 17: 3.1 = “126”")
    assert unplaced.endswith("[F07]")
    assert doubtful.startswith("Dòng 12: 2.2 = “-” – không đọc được thành số.")
    assert builders.pairs(report.findings) == {
        "R-2.4 2.4", "R-3.2.2 3.2.2", "R-3.2.4 3.2.4", "R-3.4.2 3.4.2", "Q02 3.3.5",
    }  # fmt: skip
    errors = {finding.rule for finding in report.findings if finding.severity == "error"}
    assert errors == {"R-2.4", "R-3.2.2", "R-3.2.4", "R-3.4.2"}


def test_seed_has_exactly_its_findings(seed):
    """The check of the filled workbook says what is wrong with the printed rows, and no more."""
    printed = {row["id"] for row in builders.printed_rows()}
    found = builders.pairs(check(FORM, seed[1]))
    assert {pair for pair in found if pair.split()[1] in printed} == SEED_FINDINGS


def test_seed_percentages_are_computed(seed):
    """The percentages are those of the parts; without parts or over 0 there is none."""
    numbers = builders.figures_of([seed[1].readings]).numbers.loc[0]
    computed = {item.id: numbers[item.id] for item in FORM.indicators if item.is_computed}
    known = {id: value for id, value in computed.items() if value == value}
    assert known == {
        "1.1": 50, "3.2.1": 100, "3.2.2": 100, "3.2.3": 100, "3.2.4": 0, "3.2.5": 100,
        "3.4.1": 100, "6.1": 58.85,
    }  # fmt: skip
    assert computed.keys() - known.keys() == {"1.2.3", "2.4", "3.4.2", "4.1.5"}


def test_seed_figures_stand_as_printed(seed):
    """Each printed figure is read as a number of its row, or stays the text that it is."""
    report, submission = seed
    rows = {e.id: e.value for e in read_entries(PRINTED)}
    inputs = {id: v for id, v in rows.items() if id in FORM.by_id and FORM.by_id[id].is_input}
    beside = rows.keys() & {"so_bao_cao", "ngay_bao_cao", *FORM.table_inputs}
    assert report.placed == len(inputs) + len(beside)
    odd = {
        "2.2": Reading(text="-"),
        "4.2.3": Reading(7, "07", True),
        "6.1.a": Reading(4860000),
        "6.1.b": Reading(2860000),
    }
    for id, value in inputs.items():
        assert submission.readings[id] == (odd.get(id) or Reading(float(value)))
    blank = {item.id for item in FORM.inputs if item.helper is None} - inputs.keys()
    assert {submission.readings[id] for id in blank} == {BLANK}
    assert submission.report_number == "66/BC-UBND"
    assert submission.dates["@report_date"] == date(2022, 6, 14)


# --- codes for no figure -----------------------------------------------------------------------


def test_codes_are_typed_in_capitals(tmp_path: Path) -> None:
    """In a figure's cell a code is a value, in helpers and tables it is none.

    Of a percentage that is computed it only says what its parts say too, or not.
    """
    rows = (
        ("1.3.1", " kad ", ""), ("1.4.2", "CCS", ""), ("3.3.4", "Gop", "Đã gộp vào dòng 3.3.5"),
        ("3.3.5.tu", "KAD", ""), ("TTHC.1.so", "CCS", ""), ("1.1", "KAD", ""), ("2.3", "KADD", ""),
        ("6.1", "KAD", ""), ("6.1.a", "8", ""), ("6.1.b", "4", ""),
    )  # fmt: skip
    report, submission = filled(tmp_path, *rows)
    assert (report.placed, report.unplaced) == (8, ())
    assert builders.pairs(report.findings) == {"R-6.1 6.1"}
    readings = {id: submission.readings[id] for id, *_ in rows if id not in ("1.1", "6.1")}
    assert {id: reading.absence for id, reading in readings.items() if reading.absence} == {
        "1.3.1": "KAD", "1.4.2": "CCS", "3.3.4": "GOP",
    }  # fmt: skip
    assert readings["1.3.1"].text == "KAD"
    assert [line.partition(" – ")[0] for line in report.doubtful] == [
        "Dòng 5: 3.3.5.tu = “KAD”", "Dòng 6: TTHC.1.so = “CCS”", "Dòng 8: 2.3 = “KADD”",
    ]  # fmt: skip
    assert "không có số liệu thì ghi KAD, CCS, GOP hoặc để trống." in report.doubtful[2]
    assert "ghi KAD" not in report.doubtful[0]


# --- where a value lands -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "content"),
    [
        ("3.718", "count", 3718), ("4.860.000", "amount", 4860000), ("1.200,5", "amount", 1200.5),
        ("58,85", "percent", 58.85), ("12 %", "percent", 12), ("12%", "percent", 12),
        ("8", "count", 8), ("-8", "count", -8), ("0", "code", 0), ("12,5", "count", 12.5),
        ("", "count", None), ("  ", "percent", None), ("2", "code", 2), ("0,5", "percent", 0.5),
        ("03", "count", "03"), ("07", "code", "07"), ("00", "amount", "00"),
        ("05,5", "percent", "05,5"),
    ],
)  # fmt: skip
def test_value_is_stored_by_the_rules_of_its_kind(text, kind, content):
    """A dot groups thousands and a comma is the decimal mark; a leading zero stays to be seen."""
    stored = stored_number(text, kind)
    assert stored.content == content
    assert type(stored.content) is type(content)
    assert stored.doubt == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("58.85", "percent"), ("1.234", "percent"), ("8.5", "count"), ("3.71", "amount"),
        ("-", "count"), ("abc", "code"), ("12 %", "count"), ("1e3", "count"), ("true", "count"),
        ("NaN", "percent"), ("Infinity", "amount"), ("0.500", "count"), ("+8", "count"),
        ("=1+1", "count"), ("[8]", "count"), ("1" + "0" * 400, "count"), ("9" * 16, "amount"),
    ],
)  # fmt: skip
def test_doubtful_value_is_stored_as_its_text_and_reported(text, kind):
    """What the rules do not read as one number is never guessed: the text stays, with a reason."""
    stored = stored_number(text, kind)
    assert stored.content == text
    assert stored.doubt.startswith("không đọc được thành số. ")
    assert "58,85" in stored.doubt or "4.860.000" in stored.doubt


@pytest.mark.parametrize(
    ("text", "content", "doubtful"),
    [
        ("2022-06-14", date(2022, 6, 14), False), ("14/6/2022", date(2022, 6, 14), False),
        ("", None, False), ("giữa tháng 6", "giữa tháng 6", True), ("14.6.2022", "14.6.2022", True),
    ],
)  # fmt: skip
def test_date_is_stored_as_a_date_or_reported(text, content, doubtful):
    """The date of the report is a date in both usual notations; anything else stays text."""
    stored = stored_date(text)
    assert stored.content == content
    assert bool(stored.doubt) is doubtful


def test_thousands_and_percentages_are_read_as_published(tmp_path):
    """Figures as communes publish them are the numbers that they mean, in every kind of cell."""
    rows = [("2.3", "3.718"), ("6.1.a", "4.860"), ("3.3.5", "58,85"), ("7.5.2", "12 %"),
            ("3.3.4.tu", "1.030"), ("3.3.4.mau", "1.260"), ("TTHC.1.so", "1.039")]  # fmt: skip
    report, submission = filled(tmp_path, *rows)
    numbers = {id: submission.readings[id].number for id, _ in rows}
    assert numbers == {
        "2.3": 3718, "6.1.a": 4860, "3.3.5": 58.85, "7.5.2": 12, "3.3.4.tu": 1030,
        "3.3.4.mau": 1260, "TTHC.1.so": 1039,
    }  # fmt: skip
    assert (report.placed, report.unplaced, report.doubtful, report.findings) == (7, (), (), ())


def test_doubtful_values_say_where_what_and_what_to_do(tmp_path):
    """Each line names its row, quotes the text, and says what is allowed and where it stands."""
    rows = [("3.3.5", "58.85"), ("2.3", "8.5"), ("1.1", "49.9"), ("ngay_bao_cao", "hôm qua"),
            ("so_bao_cao", "3.718"), ("1.3.1", "03"), ("TTHC.1.so", "ít")]  # fmt: skip
    report, submission = filled(tmp_path, *rows)
    assert [line.partition(" – ")[0] for line in report.doubtful] == [
        "Dòng 2: 3.3.5 = “58.85”", "Dòng 3: 2.3 = “8.5”", "Dòng 4: 1.1 = “49.9”",
        "Dòng 5: ngay_bao_cao = “hôm qua”", "Dòng 8: TTHC.1.so = “ít”",
    ]  # fmt: skip
    percentage, count, computed, day, cell = report.doubtful
    assert "không có dấu chấm" in percentage
    assert f"Ô {LAYOUT.place('3.3.5')} ghi nguyên văn" in percentage
    assert "dấu chấm tách từng ba chữ số" in count
    assert "Ô này tự tính, không ghi giá trị vào" in computed
    assert "14/6/2022" in day
    assert f"Ô {LAYOUT.place('TTHC.1.so')} ghi nguyên văn" in cell
    assert submission.report_number == "3.718"
    texts = {id: submission.readings[id].text for id in ("3.3.5", "2.3", "1.3.1", "TTHC.1.so")}
    assert texts == {"3.3.5": "58.85", "2.3": "8.5", "1.3.1": "03", "TTHC.1.so": "ít"}
    assert {"F02 3.3.5", "F02 2.3", "F03 1.3.1"} <= builders.pairs(check(FORM, submission))


def test_values_stand_in_their_cells(tmp_path):
    """Numbers as numbers, text as text that is no formula, notes beside, parts to the right."""
    rows = [("1.1.a", "8", "Kế hoạch 12"), ("1.1.b", "04"), ("2.3", "=1+1", "=HYPERLINK(1)"),
            ("3.3.4.tu", "103"), ("3.3.4.mau", "126"), ("2.1", "", "không có"),
            ("1.1", "50", "đúng"), ("TTHC.1.so", "39")]  # fmt: skip
    report, submission = filled(tmp_path, *rows)
    page = openpyxl.load_workbook(tmp_path / "filled.xlsx")[FORM.sheet]
    cells = {id: page[LAYOUT.cell(id)] for id in ("1.1.a", "1.1.b", "2.3", "3.3.4.tu", "2.1")}
    assert [(c.value, c.data_type) for c in cells.values()] == [
        (8, "n"), ("04", "s"), ("=1+1", "s"), (103, "n"), (None, "n"),
    ]  # fmt: skip
    assert (report.placed, report.unplaced, report.findings) == (6, (), ())
    assert [line.partition(" – ")[0] for line in report.doubtful] == ["Dòng 4: 2.3 = “=1+1”"]
    assert submission.notes == {"1.1.a": "Kế hoạch 12", "2.3": "=HYPERLINK(1)", "2.1": "không có",
                                "1.1": "đúng"}  # fmt: skip
    assert submission.readings["TTHC.1.so"] == Reading(39.0)
    assert builders.figures_of([submission.readings]).numbers.at[0, "3.3.4"] == 81.75


def test_a_second_fill_keeps_the_first(tmp_path):
    """Values are added to a filled workbook; an empty value clears its cell."""
    first = builders.workbook(tmp_path / "a.xlsx", {"1.1.a": 8, "1.1.b": 4, "2.2": "-"})
    fill(first, entries(("1.1.b", "5"), ("2.2", "")), tmp_path / "b.xlsx", FORM)
    readings = read_submission(tmp_path / "b.xlsx", FORM).readings
    assert [readings[id].value for id in ("1.1.a", "1.1.b", "2.2")] == [8, 5, None]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("9.9", "5")], ["Dòng 2: 9.9 = “5” – biểu mẫu không có chỉ tiêu này."]),
        ([("1.1.a", "8"), ("1.1.a", "9")], ["Dòng 3: 1.1.a = “9” – lặp lại dòng 2; "
                                            "giữ giá trị ở dòng đó."]),
        ([("3.1", "126")], ["Dòng 2: 3.1 = “126” – dòng tiêu đề"]),
        ([("1", "x"), ("1.2", "y")], ["Dòng 2: 1 = “x”", "Dòng 3: 1.2 = “y”"]),
        ([("3.1", "")], []),
        ([("1.1.a", "5\x07")], ["Dòng 2: 1.1.a = “5␇” – có ký tự điều khiển"]),
        ([("1.1.a", "5", "\x00")], ["Dòng 2: 1.1.a = “5” – có ký tự điều khiển"]),
        ([("CT_1.1.a", "5"), ("1.1.A", "5")], ["Dòng 2: CT_1.1.a", "Dòng 3: 1.1.A"]),
    ],
)  # fmt: skip
def test_what_fits_nowhere_is_reported(tmp_path, rows, said):
    """Unknown ids, repeated ids and headings are named with their line; the rest is typed."""
    report, submission = filled(tmp_path, *rows, ("1.5", "1"))
    assert len(report.unplaced) == len(said)
    for line, expected in zip(report.unplaced, said, strict=True):
        assert line.startswith(expected)
    assert submission.readings["1.5"] == Reading(1.0)


def test_first_of_two_values_stands(tmp_path):
    """Of a repeated id the first value is typed."""
    _, submission = filled(tmp_path, ("1.1.a", "8"), ("1.1.a", "9"))
    assert submission.readings["1.1.a"] == Reading(8.0)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("1.1.a", "8"), ("1.1.b", "4"), ("1.1", "50")], set()),
        ([("1.1.a", "8"), ("1.1.b", "4"), ("1.1", "50,4")], set()),
        ([("1.1", "51"), ("1.1.b", "4"), ("1.1.a", "8")], {"R-1.1 1.1"}),
        ([("1.1", "51")], {"R-1.1 1.1"}),
        ([("1.1", "")], set()),
        ([("1.1", "năm mươi"), ("1.1.b", "4"), ("1.1.a", "8")], {"R-1.1 1.1"}),
        ([("3.3.4", "50")], set()),
        ([("3.3.4", "50"), ("3.3.4.tu", "103"), ("3.3.4.mau", "126")], {"R-3.3.4 3.3.4"}),
        ([("3.3.4", "81,75"), ("3.3.4.tu", "103"), ("3.3.4.mau", "126")], set()),
    ],
)
def test_typed_percentage_is_compared_with_its_parts(tmp_path, rows, said):
    """A percentage in the file that its parts do not give is reported, wherever it stands."""
    report, submission = filled(tmp_path, *rows)
    assert builders.pairs(report.findings) == said
    assert "1.1" not in submission.readings


def test_rules_about_parts_are_known_by_what_they_ask(tmp_path):
    """A form may call its rules as it likes: the disagreement is reported under that name."""
    renamed = replace(FORM, rules=tuple(replace(rule, id=f"QT.{rule.id}") for rule in FORM.rules))
    blank = builders.workbook(tmp_path / "blank.xlsx")
    rows = entries(("1.1", "51"), ("1.1.b", "4"), ("1.1.a", "8"))
    report = fill(blank, rows, tmp_path / "out.xlsx", renamed)
    assert builders.pairs(report.findings) == {"QT.R-1.1 1.1"}


# --- nothing else changes ----------------------------------------------------------------------


def sheet_cells(content: bytes) -> dict[str, tuple[object, ...]]:
    book = openpyxl.load_workbook(BytesIO(content))
    return {
        f"{sheet.title}!{cell.coordinate}": (cell.value, cell.data_type, cell._style)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
    }


def test_only_the_cells_meant_change(tmp_path):
    """All other cells are the same, the results of formulas aside, and so are all other parts."""
    blank = builders.workbook(tmp_path / "blank.xlsx")
    out = tmp_path / "out.xlsx"
    rows = [
        ("1.1.a", "8", "ghi chú"),
        ("2.2", "-"),
        ("3.3.4.tu", "5"),
        ("ngay_bao_cao", "14/6/2022"),
    ]
    fill(blank, entries(*rows), out, FORM)
    with zipfile.ZipFile(blank) as before, zipfile.ZipFile(out) as after:
        assert before.namelist() == after.namelist()
        changed = {n for n in before.namelist() if before.read(n) != after.read(n)}
    assert changed <= set(builders.sheet_files(blank).values())
    old, new = sheet_cells(blank.read_bytes()), sheet_cells(out.read_bytes())
    assert old.keys() == new.keys()
    moved = {cell for cell in old if old[cell] != new[cell]}
    row, day = LAYOUT.rows["1.1.a"], positions.INFO_ROWS["TT_NGAY_BAO_CAO"][0]
    assert moved == {
        f"{FORM.sheet}!{LAYOUT.cell('1.1.a')}", f"{FORM.sheet}!{positions.NOTE}{row}",
        f"{FORM.sheet}!{LAYOUT.cell('2.2')}", f"{FORM.sheet}!{LAYOUT.cell('3.3.4.tu')}",
        f"{positions.INFO_SHEET}!{positions.INFO_VALUE}{day}",
    }  # fmt: skip
    assert all(old[cell][2] == new[cell][2] for cell in moved)


def test_workbook_itself_is_untouched(tmp_path):
    """The workbook that is filled from stays as it is."""
    blank = builders.workbook(tmp_path / "blank.xlsx")
    before = blank.read_bytes()
    fill(blank, entries(("1.1.a", "8")), tmp_path / "out.xlsx", FORM)
    assert blank.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["blank.xlsx", "out.xlsx"]


def test_existing_file_is_never_overwritten(tmp_path):
    """A file that is there, even the workbook itself, stops the fill and stays as it is."""
    blank = builders.workbook(tmp_path / "blank.xlsx")
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"theirs")
    before = blank.read_bytes()
    for out in (blank, other):
        with pytest.raises(UserError, match="đã có"):
            fill(blank, entries(("1.1.a", "8")), out, FORM)
    assert (blank.read_bytes(), other.read_bytes()) == (before, b"theirs")
    assert len(list(tmp_path.iterdir())) == 2


def test_two_fills_are_the_same_bytes(tmp_path):
    """The same values in the same workbook give the same file."""
    blank = builders.workbook(tmp_path / "blank.xlsx")
    for name in ("a.xlsx", "b.xlsx"):
        fill(blank, entries(("1.1.a", "8")), tmp_path / name, FORM)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_renamed_and_saved_elsewhere_is_filled_too(tmp_path):
    """A workbook that another program saved, its sheet renamed, takes values as well."""
    path = builders.workbook(tmp_path / "a.xlsx", {"1.1.a": 8})
    book = openpyxl.load_workbook(path)
    book[FORM.sheet].title = "Báo cáo (1)"
    for item in book.defined_names.values():
        item.attr_text = item.attr_text.replace(f"'{FORM.sheet}'", "'Báo cáo (1)'")
    book.save(path)
    fill(path, entries(("1.1.b", "4", "xong")), tmp_path / "b.xlsx", FORM)
    submission = read_submission(tmp_path / "b.xlsx", FORM)
    assert [submission.readings[id].value for id in ("1.1.a", "1.1.b")] == [8, 4]
    assert submission.notes == {"1.1.b": "xong"}


def test_foreign_workbook_is_refused(tmp_path):
    """What is not an issued workbook of the form is not filled."""
    path = builders.workbook(tmp_path / "a.xlsx", form=builders.MINI)
    with pytest.raises(Refusal):
        fill(path, entries(("1.1.a", "8")), tmp_path / "b.xlsx", FORM)
    assert not (tmp_path / "b.xlsx").exists()


# --- the values file ---------------------------------------------------------------------------


def test_values_file_is_read_line_by_line(tmp_path):
    """Id, value and note are trimmed and composed; line numbers are those of the file."""
    path = tmp_path / "values.csv"
    note = unicodedata.normalize("NFD", "Đã xong")
    path.write_text(f"id,value,note\n 1.1.a , 8 ,{note}\n1.1.b,\n", encoding="utf-8-sig")
    assert read_entries(path) == [Entry(2, "1.1.a", "8", "Đã xong"), Entry(3, "1.1.b", "", "")]


def test_note_column_is_optional(tmp_path):
    """A file of ids and values alone is enough."""
    path = tmp_path / "values.csv"
    path.write_text("id,value\n1.1.a,8\n", encoding="utf-8")
    assert read_entries(path) == [Entry(2, "1.1.a", "8", "")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"id,value\n",
        b"ma,so\n1.1.a,8\n",
        b"id;value\n1.1.a;8\n",
        b"\xff\xfe\x00",
        b"id,value\n\x80",
    ],
)
def test_wrong_values_file_is_named(tmp_path, content):
    """A file that is no such CSV is refused in Vietnamese by its name."""
    path = tmp_path / "values.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"values\.csv"):
        read_entries(path)


def test_missing_values_file_is_named(tmp_path):
    """So is a file that is not there."""
    with pytest.raises(UserError, match=r"values\.csv"):
        read_entries(tmp_path / "values.csv")


def test_values_of_a_check_can_be_typed_again(tmp_path, seed):
    """What was read goes back into a workbook unchanged, written as Vietnamese readers do."""
    values = {id: reading.value for id, reading in seed[1].readings.items() if not reading.blank}
    rows = [
        (id, value if isinstance(value, str) else str(value).replace(".", ","))
        for id, value in values.items()
    ]
    assert values["LV.9.so"] == (date(2022, 6, 14) - EXCEL_EPOCH).days
    rows[[id for id, _ in rows].index("LV.9.so")] = ("LV.9.so", "14/6/2022")
    _, submission = filled(tmp_path, *rows)
    again = {id: reading.value for id, reading in submission.readings.items() if not reading.blank}
    assert again == values
