"""Requirements of the summary workbook.

S1 Sheets, figures, findings, links and log say all that the consolidation knows.
S2 Every total is a live formula with its value; after a hard recalculation the two are equal.
S3 Text from clerks stays text; links reach files whatever they are called.
S4 Only a summary is ever overwritten, and a file is written whole or not at all.
S5 A summary read back gives the figures of each unit; anything else is refused.
"""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import xlsxwriter

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    FEW_RULES,
    FOLDER,
    A,
    B,
    C,
    F,
    cells,
    differences,
    formula_cells,
    golden,
    good,
    reconciliation,
    report,
    table,
    workbook,
)
from tests.support.office import Office, OfficeError
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_files
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.summary.places import FINDINGS, LOG, MATRIX, OVERVIEW, TOTALS
from xl_automation.summary.read_back import is_summary, read_summary
from xl_automation.summary.summary_workbook import link_target
from xl_automation.summary.write import write_summary
from xl_automation.xlsx.refusal import Refusal

SHEETS = ["Tổng quan", "Tổng hợp", "Theo đơn vị", "Điểm cần xem lại", "Nhật ký"]


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    """The summary workbook of the golden case."""
    path = tmp_path_factory.mktemp("summary") / "Tổng hợp.xlsx"
    write_summary(golden(), path)
    return path


def written(result, path):
    """Write *result* to *path* and return the path."""
    write_summary(result, path)
    return path


# --- what it says ------------------------------------------------------------------------------


def test_sheets(summary):
    """The five sheets stand in the order in which an officer reads them."""
    book = openpyxl.load_workbook(summary)
    assert book.sheetnames == SHEETS
    assert [book[name].freeze_panes for name in (TOTALS, MATRIX, FINDINGS)] == ["C5", "C5", "C5"]
    assert book[MATRIX].auto_filter.ref.startswith("A4:")
    assert len(book[OVERVIEW]._charts) == 3


def test_overview_counts_the_files(tmp_path):
    """Received, counted, refused and replaced files, and who is missing, by name."""
    files = [
        good(A),
        replace(good(A), path=FOLDER / "lần 2.xlsx", saved=2e9),
        good(CITY, c3_4_2_a=None, c3_4_2_b=None),
        RefusedFile(Path("hỏng.xlsx"), "unreadable", "Tệp bị hỏng."),
    ]
    path = written(consolidate(FORM, files, (A, B, CITY)), tmp_path / "a.xlsx")
    found = cells(path, OVERVIEW)
    facts = {found[f"A{row}"].strip(): found[f"B{row}"] for row in range(4, 18)}
    assert facts == {
        "Kỳ báo cáo": "2022-6T",
        "Biểu mẫu": "cchc-2022 (2022.1)",
        "Số xã, phường phải gửi": 2,
        "Số xã, phường được tính": 1,
        "Sổ của thành phố": 1,
        "Tệp nhận được": 4,
        "Tệp được tính": 2,
        "Tệp bị từ chối": 1,
        "Tệp bị thay bằng bản sau": 1,
        "Đơn vị chưa gửi": 1,
        "Số lỗi": 2,  # one unit is missing, one sent twice
        "Số cảnh báo": 0,
        "Số lưu ý": 0,
        "Đối soát: nhận = tính + từ chối + thay thế": "✓ Khớp",
    }
    texts = set(map(str, found.values()))
    assert {B.name, B.code, "hỏng.xlsx", "unreadable", "Tệp bị hỏng."} <= texts
    assert "lần 2.xlsx trong: 05431.xlsx, lần 2.xlsx" in texts


def test_totals_have_formulas_and_values(summary):
    """Each figure row: the printed texts, live formulas and the values they will give."""
    values, formulas = cells(summary, TOTALS), formula_cells(summary, TOTALS)
    for row, item in enumerate(FORM.indicators, start=5):
        assert values.get(f"A{row}", "") == item.stt
        assert values[f"B{row}"] == item.label
        here = {address[0] for address in formulas if address[1:] == str(row)}
        if not item.is_figure:
            assert here == set()
            continue
        total = golden().totals[item.id]
        assert here - {"I"} == {"D", "E", "G", "H"}
        assert values.get(f"D{row}") == total.value
        assert values.get(f"E{row}") == total.filled
        assert values[f"F{row}"] == (1 if item.aggregate == "city" else 6)
        assert values[f"I{row}"] == total.note


def row_of(id):
    return 5 + [item.id for item in FORM.indicators].index(id)


@pytest.mark.parametrize(
    ("id", "communes", "city", "appendix"),
    [
        ("1.1.a", 25, 20, 20),  # the communes' plans are not the city's
        ("3.1.3.a", 174, 174, 174),
        ("3.4.1", 98.89, 98.89, 98.89),
        ("3.4.2", 99, 97.5, 99),  # a row of the communes only
        ("3.4.2.a", 450, 400, 450),
        ("3.1.1", 24, None, None),
        ("7.5.1", 50, 97, 50),
        ("2.2", None, None, None),
    ],
)
def test_city_appendix_takes_its_own_figures(summary, id, communes, city, appendix):
    """The city's own appendix takes from the communes only what no city has in its books."""
    values, row = cells(summary, TOTALS), row_of(id)
    assert [values.get(f"{column}{row}") for column in "DGH"] == [communes, city, appendix]


def test_matrix_has_a_row_per_unit_and_a_column_per_figure(summary):
    """Figures as read, unreadable text as text, blank as blank, and who has not sent."""
    rows = openpyxl.load_workbook(summary)[MATRIX].iter_rows(min_row=3, values_only=True)
    ids, _, *lines = rows
    by_code = {line[0]: dict(zip(ids, line, strict=True)) for line in lines if line[0]}
    assert list(by_code) == [unit.code for unit in COMMUNES[:6]] + [CITY.code]
    figures = [item.id for item in FORM.figures]
    assert [id for id in ids if id] == figures + list(FORM.helper_ids)
    one = by_code[A.code]
    assert [one[id] for id in ("1.1.a", "1.1", "1.4.1", "2.4.a", "7.5.2", "7.5.2.mau")] == [
        8, 50, 3, "abc", 90, 100,
    ]  # fmt: skip
    assert by_code[B.code]["6.1.a"] == 1200.5
    assert by_code[C.code]["2.4.a"] == "-"
    assert {by_code[F.code][id] for id in figures} == {None}
    assert [line[2] for line in lines if line[0]] == ["Đã gửi"] * 5 + ["Chưa có", "Đã gửi"]
    assert by_code[CITY.code]["2.2"] == "-"


def test_every_finding_is_listed_with_links(summary):
    """Each finding: severity, unit, row, what was seen, what to do, and links to file and cell."""
    lines = table(summary, FINDINGS, 4)
    assert [(line["Quy tắc"], line["Thấy"], line["Việc cần làm"])
            for line in lines] == [
        (one.finding.rule, one.finding.seen or None, one.finding.message)
        for one in golden().findings
    ]  # fmt: skip
    page = openpyxl.load_workbook(summary)[FINDINGS]
    for row, one in enumerate(golden().findings, start=5):
        cell, file = page.cell(row, 5), page.cell(row, 9)
        assert (file.hyperlink is not None) == (one.path is not None)
        if one.finding.cells:
            sheet, _, address = one.finding.cells[0].rpartition("!")
            assert (cell.value, cell.hyperlink.location) == (address, f"'{sheet}'!{address}")
            assert file.value == one.path.name
            assert file.hyperlink.location == cell.hyperlink.location


def test_log_lists_every_file_received(tmp_path):
    """The log has each file with its hash and size, or why it is not counted."""
    one = workbook(tmp_path / "một.xlsx", A, COMMUNE)
    two = workbook(tmp_path / "hai.xlsx", A, COMMUNE)
    os.utime(two, (1, 1))
    broken = tmp_path / "hỏng.xlsx"
    broken.write_bytes(b"abc")
    result = consolidate(FORM, read_files([one, two, broken], FORM), (A,))
    lines = table(written(result, tmp_path / "th.xlsx"), LOG, 4)
    assert [line["Tệp"] for line in lines] == [str(one), str(broken), str(two)]
    assert [line["Tình trạng"] for line in lines] == [
        "Được tính", "Từ chối: not-a-workbook", "Bị thay bằng bản sau",
    ]  # fmt: skip
    assert lines[0]["SHA-256"] == hashlib.sha256(one.read_bytes()).hexdigest()
    assert lines[0]["Cỡ (byte)"] == one.stat().st_size
    assert (lines[0]["Biểu mẫu"], lines[0]["Phiên bản"]) == ("cchc-2022", "2022.1")
    assert abs(lines[0]["Lưu lúc"].timestamp() - one.stat().st_mtime) < 2


@pytest.mark.parametrize("files", [[], [RefusedFile(Path("x.xlsx"), "unreadable", "hỏng")]])
def test_summary_without_any_figures(tmp_path, files):
    """Nothing counted still gives a summary that says who is missing."""
    path = written(consolidate(FORM, files), tmp_path / "th.xlsx")
    assert cells(path, OVERVIEW)["B13"] == 32
    assert cells(path, TOTALS)[f"E{row_of('1.1.a')}"] == 0


# --- text stays text ---------------------------------------------------------------------------

EVIL = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", '=HYPERLINK("http://x.example","y")', "{=1+1}",
    "http://x.example", "internal:A1", "=" + "x" * 40_000,
]  # fmt: skip


@pytest.mark.parametrize("text", EVIL, ids=[text[:12] for text in EVIL])
def test_text_from_clerks_never_becomes_a_formula(tmp_path, text):
    """A figure, a unit's name and a file's name that look like formulas are written as text."""
    year = MINI.period("2024-N")
    path = tmp_path / "in" / (text.replace("/", "")[:60] + ".xlsx")
    name = text[:100]
    sent = report(ReportingUnit("=1", name), {"I.2": text}, year, path, MINI)
    refused = RefusedFile(path.with_name(f"{path.stem} b.xlsx"), "unreadable", text[:100])
    out = written(consolidate(MINI, [sent, refused]), tmp_path / "th.xlsx")
    figures = range(5, 5 + len(MINI.indicators))
    assert formula_cells(out, TOTALS) <= {f"{c}{row}" for c in "DEGHI" for row in figures}
    assert reconciliation(out)
    for sheet in (MATRIX, FINDINGS, LOG):
        assert formula_cells(out, sheet) == set()
    matrix = cells(out, MATRIX)
    assert (matrix["A5"], matrix["B5"]) == ("=1", name)
    assert text[:32_000] in matrix.values()
    assert path.name in cells(out, FINDINGS).values()


NAMES = [
    "xã Thịnh Đức.xlsx", "it's.xlsx", "a #1.xlsx", "100%.xlsx", "a%20b.xlsx", "[1] (2).xlsx",
    "a{b}^`~&+=,;!.xlsx", "<a>\"b\".xlsx", "=1+1.xlsx",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_links_reach_files_whatever_they_are_called(tmp_path, name):
    """The target, unescaped, is the file relative to the summary; the place is the cell."""
    path = workbook(tmp_path / "Đã gửi" / name, A, {"1.1.a": 5, "1.1.b": 6})
    out = tmp_path / "Kết quả" / "th.xlsx"
    result = consolidate(FEW_RULES, read_files([path], FEW_RULES), (A,))
    book = openpyxl.load_workbook(written(result, out))
    links = [cell for (cell,) in book[FINDINGS]["I5:I9"] if cell.hyperlink]
    assert len(links) == 2  # K09 and C-1.1
    for cell in (book[MATRIX]["B5"], *links):
        target = unquote(cell.hyperlink.target).replace("\\", "/")
        assert (out.parent / target).resolve() == path
    assert book[MATRIX]["B5"].hyperlink.location == "'Phụ lục'!A1"


def test_file_whose_name_is_no_text_is_named_as_well_as_can_be(tmp_path):
    """A name with bytes that are no UTF-8 does not stop the summary."""
    path = tmp_path / os.fsdecode(b"x\xe3.xlsx")
    files = [replace(good(A, c1_1_b=9), path=path), RefusedFile(path, "wrong-form", "…")]
    out = written(consolidate(FEW_RULES, files, (A,)), tmp_path / "th.xlsx")
    assert "x?.xlsx" in cells(out, FINDINGS).values()
    assert str(tmp_path / "x?.xlsx") in cells(out, LOG).values()


def test_very_long_paths_are_written_without_a_link(tmp_path):
    """A path longer than Excel's links can be is there as text."""
    path = tmp_path.joinpath(*[" " * 150 + "a"] * 6, "tệp.xlsx")
    out = written(consolidate(FEW_RULES, [replace(good(A), path=path)], (A,)), tmp_path / "th.xlsx")
    cell = openpyxl.load_workbook(out)[MATRIX]["B5"]
    assert (cell.value, cell.hyperlink) == (A.name, None)


def test_link_to_another_drive_is_absolute(monkeypatch, tmp_path):
    """On Windows a file on another drive has no relative path."""

    def no_relative_path(*_):
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.setattr(os.path, "relpath", no_relative_path)
    assert link_target(tmp_path / "a b.xlsx", tmp_path) == f"{tmp_path}/a%20b.xlsx"


# --- formulas hold -----------------------------------------------------------------------------


@pytest.mark.office
def test_recalculation_gives_the_written_values(office: Office, summary):
    """LibreOffice computes every total, count, note and the reconciliation line as written."""
    assert differences(office, summary) == {}


@pytest.mark.office
def test_totals_follow_the_matrix(office: Office, summary):
    """A figure changed in the matrix changes its total, its rate and what rests on them."""
    columns = {
        cell.value: cell.column_letter
        for cell in openpyxl.load_workbook(summary)[MATRIX][3]
        if cell.value
    }

    def total(book, id, column="D"):
        return book.value(TOTALS, f"{column}{row_of(id)}")

    with office.open(summary) as book:
        book.set_many(
            MATRIX,
            {
                f"{columns['1.1.b']}5": 6,  # A: 4 -> 6
                f"{columns['1.1.a']}8": 2,  # D: blank -> 2
                f"{columns['3.1.1']}6": 23,  # B: 24 -> 23
                f"{columns['3.2.2.a']}7": 36,  # C: 30 -> 36, as the others
                f"{columns['3.2.2.b']}6": 36,  # B: 18 -> 36, as the others
                f"{columns['7.3']}7": 1,  # C: 9 -> 1
                f"{columns['7.5.1']}8": "100",  # D: a text is no number
                f"{columns['3.3.4']}5": None,  # A: 100 -> blank
                f"{columns['3.4.1.a']}12": 890,  # the city: 900 -> 890
            },
        )
        assert (total(book, "1.1.b"), total(book, "1.1.a")) == (14, 27)
        assert total(book, "1.1") == 58.33  # 100 × (6 + 5 + 2 + 1) / (8 + 10 + 2 + 4)
        assert total(book, "1.1", "E") == 4
        assert (total(book, "3.1.1"), total(book, "3.1.1", "E")) == ("", 5)
        assert total(book, "3.2.2") == 100  # agreed now: 36 of 36
        assert total(book, "7.3", "I") == "Chưa: 0; Đang làm: 1; Hoàn thành: 2; mã 9: 0"
        assert (total(book, "7.5.1"), total(book, "7.5.1", "E")) == (66.67, 3)
        assert total(book, "3.3.4") == 64.63  # (50 × 126 + 80 × 120) / 246
        assert [total(book, "3.4.1.a", column) for column in "DGH"] == [890] * 3


@pytest.mark.office
def test_labels_with_quotes_and_semicolons(office: Office, tmp_path):
    """Codes of any wording give the note as written."""
    codes = {1: 'Nước "mặt"; sông: hồ', 2: "Nước ngầm"}
    items = [replace(i, codes=codes) if i.id == "I.5" else i for i in MINI.indicators]
    form, year = replace(MINI, indicators=tuple(items)), MINI.period("2024-N")
    sent = [report(ReportingUnit("1", "Xã Một"), {"I.2": 8, "I.3": 4, "I.5": 1}, year, form=form)]
    path = written(consolidate(form, sent), tmp_path / "th.xlsx")
    assert 'Nước "mặt"; sông: hồ: 1; Nước ngầm: 0' in cells(path, TOTALS).values()
    assert differences(office, path) == {}


@pytest.mark.office
def test_errors_would_be_seen(office: Office, summary):
    """No cell of the recalculated totals shows an error, and the comparison would notice one."""
    with office.open(summary) as book:
        shown = [v for line in book.values(TOTALS, "A1:I126") for v in line]
        assert not any(isinstance(value, OfficeError) for value in shown)
        book.type_formula(TOTALS, "D5", "=1/0")
        assert book.value(TOTALS, "D5") == OfficeError("#DIV/0!")


def test_note_too_long_for_a_formula_is_text(tmp_path):
    """A hundred codes off the list make a note that no formula could hold: plain text then."""
    units = tuple(ReportingUnit(str(n), f"Xã {n}") for n in range(120))
    year = MINI.period("2024-N")
    sent = [report(unit, {"I.5": 100 + n}, year, form=MINI) for n, unit in enumerate(units)]
    path = written(consolidate(MINI, sent, units), tmp_path / "th.xlsx")
    row = 5 + [item.id for item in MINI.indicators].index("I.5")
    assert f"I{row}" not in formula_cells(path, TOTALS)
    assert "mã 219: 1" in str(cells(path, TOTALS)[f"I{row}"])
    longest = max(len(str(f)) for f in cells(path, TOTALS, cached=False).values())
    assert longest < 8192


# --- writing -----------------------------------------------------------------------------------


def test_summary_replaces_an_earlier_summary(tmp_path, summary):
    """Consolidating again writes over the summary of the last time."""
    path = tmp_path / "th.xlsx"
    path.write_bytes(summary.read_bytes())
    write_summary(consolidate(FEW_RULES, [good(A)]), path)
    assert read_summary(path, FORM).numbers.at[A.code, "1.1.a"] == 8
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["commune", "text", "folder"])
def test_nothing_else_is_ever_overwritten(tmp_path, kind):
    """A clerk's workbook, any other file and a folder stay what they are."""
    path = tmp_path / "xã.xlsx"
    if kind == "commune":
        workbook(path, A, COMMUNE)
    elif kind == "text":
        path.write_text("TH_KY", encoding="utf-8")
    else:
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(FileExistsError):
        write_summary(golden(), path)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_leaves_the_old_summary_and_no_half_file(tmp_path, summary):
    """A disk that is full stops the writing; what was there before is still whole."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "th.xlsx"
    path.write_bytes(summary.read_bytes())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(OSError, match="large") as error:
            write_summary(golden(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.value.errno == errno.EFBIG
    assert path.read_bytes() == summary.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_summary_makes_its_folder(tmp_path):
    """The folder of the summary is made where it is missing."""
    assert is_summary(written(consolidate(FORM, []), tmp_path / "a" / "b" / "th.xlsx"))


# --- reading back ------------------------------------------------------------------------------


def test_summary_read_back_is_the_figures(summary):
    """Period, names and every figure of every unit come back; text and blank as no number."""
    back, table_ = read_summary(summary, FORM), golden().table
    assert back.period == PERIOD
    assert back.names == {unit.code: unit.name for unit in (*COMMUNES[:6], CITY)}
    for at, one in enumerate(golden().counted):
        for id in [item.id for item in FORM.figures] + list(FORM.helper_ids):
            expected, found = table_.numbers.at[at, id], back.numbers.at[one.unit_code, id]
            assert found == expected or (found != found and expected != expected), id
    assert back.numbers.loc[F.code].isna().all()


@pytest.mark.office
def test_summary_saved_by_another_program_reads_the_same(office: Office, tmp_path, summary):
    """A summary that an officer opened and saved is still an earlier period, and a summary."""
    path = tmp_path / "saved.xlsx"
    with office.open(summary) as book:
        book.save_as(path)
    assert is_summary(path)
    one, other = (read_summary(p, FORM) for p in (summary, path))
    assert one.numbers.equals(other.numbers)
    assert (one.period, one.names) == (other.period, other.names)


def crafted(path, period="2022-6T", form="cchc-2022 (2022.1)", sheets=(OVERVIEW, MATRIX)):
    """Write a workbook that has only some of what a summary has."""
    book = xlsxwriter.Workbook(path)
    for name in sheets:
        book.add_worksheet(name)
    if OVERVIEW in sheets:
        page = book.get_worksheet_by_name(OVERVIEW)
        page.write_string("B4", period)
        page.write_string("B5", form)
    book.close()
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: workbook(p, A, COMMUNE), "không phải sổ tổng hợp"),
        (lambda p: crafted(p), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, sheets=(OVERVIEW,)), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, sheets=(MATRIX,)), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, period="2022-Q9"), "không phải sổ tổng hợp"),
        (lambda p: p.write_bytes(b"abc"), "không phải sổ làm việc Excel"),
        (lambda p: None, "Không tìm thấy tệp"),
    ],
    ids=["template", "empty", "no-matrix", "no-overview", "period", "text", "none"],
)
def test_what_is_no_summary_of_the_form_is_refused(tmp_path, make, message):
    """Anything else given as an earlier period is refused, never a traceback."""
    path = tmp_path / "x.xlsx"
    make(path)
    with pytest.raises(Refusal, match=message):
        read_summary(path, FORM)


def test_summary_of_another_form_is_refused(tmp_path):
    """A summary of another form says which."""
    sent = report(ReportingUnit("1", "Xã Một"), {"I.2": 8}, MINI.period("2024-N"), form=MINI)
    path = written(consolidate(MINI, [sent]), tmp_path / "th.xlsx")
    other = replace(MINI, id="khac")
    with pytest.raises(Refusal, match="sổ tổng hợp biểu nuoc-sach"):
        read_summary(path, other)


def test_template_is_no_summary(tmp_path):
    """A template, filled or not, is not taken for a summary."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(builders.blank())
    assert not is_summary(path)
    assert not is_summary(tmp_path / "none.xlsx")
