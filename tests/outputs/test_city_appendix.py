"""Requirements of the city's own appendix.

A1 It reads back, from the file, to exactly (B); a spreadsheet program computes the same.
A2 A total that does not come from all communes says so in *Ghi chú*, with who is left out.
A3 Each figure leads to its row of the summary.
A4 Only an earlier appendix of the same period is replaced; what an officer added to it stays.
A5 It is never counted as a report, whatever was done to it.
A6 ``cchc consolidate --city-out`` writes it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import openpyxl
import pytest

from tests.support.builders import COMMUNE, DISTRICT, FORM, PERIOD
from tests.support.cells import filled
from tests.support.communes import CITY, A, B, C, good
from tests.support.communes import workbook as report_workbook
from tests.support.office import Office, pdf_text
from xl_automation.checks.earlier import past_periods
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.intake import common_period
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import LeftOut, Register
from xl_automation.editing.fill import fill
from xl_automation.editing.upgrade import upgrade
from xl_automation.editing.values_file import Entry
from xl_automation.errors import UserError
from xl_automation.outputs.city_appendix import NOTED, write_city_appendix
from xl_automation.reading.figures import tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.summary.write import write_summary
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.template.pagination import page_breaks
from xl_automation.xlsx.refusal import Refusal

LAYOUT = Layout(FORM)
UNITS = (A, B, C, CITY)


class Made(NamedTuple):
    """An appendix, the summary that it is made of, and what that says."""

    path: Path
    summary: Path
    register: Register


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Made:
    """The appendix of a city with two of three communes."""
    folder = tmp_path_factory.mktemp("phụ lục")
    summary = folder / "sổ & số" / "Tổng hợp 2022-6T.xlsx"
    summary.parent.mkdir()
    result = consolidate(FORM, [good(A), good(B, c3_4_2_b=6000), good(CITY)], UNITS)
    write_summary(result, summary)
    left = LeftOut(A.code, A.name, "3.4.2.a", "decision", "nhầm đơn vị tính", 6692.0)
    register = replace(register_of(result), left_out=(left,))
    path = folder / "Phụ lục thành phố.xlsx"
    write_city_appendix(FORM, register, summary, path)
    return Made(path, summary, register)


def copied(made: Made, folder: Path) -> Path:
    """Return a copy of the appendix, as it is."""
    path = folder / "phụ lục.xlsx"
    path.write_bytes(made.path.read_bytes())
    return path


def test_appendix_reads_back_to_exactly_b(made: Made, capsys) -> None:
    """Unit, period and every figure; nothing about its structure is remarked."""
    main(["check", str(made.path), "--json", "-"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert (file["unit"]["code"], file["period"]) == (CITY.code, PERIOD.code)
    expected = {id: made.register.appendix[id] for id in (item.id for item in FORM.figures)}
    assert {id: file["values"].get(id) for id in expected} == expected
    assert len([value for value in expected.values() if value is not None]) > 60
    submission = read_submission(made.path, FORM)
    assert submission.remarks == ()
    assert submission.is_city_appendix


def test_program_computes_the_same(made: Made, office: Office, tmp_path: Path) -> None:
    """After a hard recalculation each cell shows (B); on paper the figures and notes stand."""
    with office.open(made.path) as book:
        book.recalculate()
        for item in FORM.figures:
            shown = book.value(FORM.sheet, LAYOUT.cell(item.id))
            expected = made.register.appendix[item.id]
            assert (shown or None) == (expected or None), item.id
        pdf = book.to_pdf(tmp_path / "in.pdf")
    pages, notes = pdf_text(pdf).split("\f")[:-1], read_submission(made.path, FORM).notes
    (first,) = (number for number, page in enumerate(pages) if page.strip().startswith("PHỤ LỤC"))
    text = "\f".join(pages[first:-1])  # without the findings; the annexes are hidden
    assert len(pages[first:-1]) == len(page_breaks(FORM, notes)) + 1 > len(page_breaks(FORM)) + 1
    printed = " ".join(text.split())
    assert "CỦA UBND THÀNH PHỐ THÁI NGUYÊN" in printed
    assert "12,690" in printed  # 3.4.2.b
    assert "2/3 xã," in printed
    assert "CHỦ TỊCH" in printed
    assert "Mở dòng này" not in printed


def test_incomplete_total_says_so(made: Made) -> None:
    """Rows that (B) takes from the communes say how many; the city's own rows say nothing."""
    notes = read_submission(made.path, FORM).notes
    assert notes["3.4.2.b"] == "Tổng hợp từ 2/3 xã, phường"
    assert notes["3.4.2.a"] == f"Tổng hợp từ 2/3 xã, phường; không tính: {A.name}"
    assert "1.1.a" not in notes
    assert set(notes) <= {id for id, value in made.register.appendix.items() if value is not None}


def test_complete_total_needs_no_note(tmp_path: Path) -> None:
    """Nothing is written where every commune is in."""
    register = register_of(consolidate(FORM, [good(A), good(CITY)], (A, CITY)))
    write_city_appendix(FORM, register, tmp_path / "th.xlsx", tmp_path / "pl.xlsx")
    assert read_submission(tmp_path / "pl.xlsx", FORM).notes == {}


def test_each_figure_leads_to_its_row(made: Made) -> None:
    """The link of each figure lands on the row of its label, on the very figure."""
    page = openpyxl.load_workbook(made.path)[FORM.sheet]
    summary = openpyxl.load_workbook(made.summary, data_only=True)
    for item in FORM.figures:
        link = page[LAYOUT.cell(item.id)].hyperlink
        target = made.path.parent / unquote(link.target).replace("\\", "/")
        assert target.samefile(made.summary)
        sheet, _, cell = link.location.rpartition("!")
        place = summary[sheet.strip("'")][cell]
        assert summary[sheet.strip("'")].cell(place.row, 2).value == item.label
        assert (None if place.value == "" else place.value) == made.register.appendix[item.id]


def test_pressed_link_lands(made: Made, office: Office) -> None:
    """A spreadsheet program that follows links opens the summary at the figure."""
    page = openpyxl.load_workbook(made.path)[FORM.sheet]
    for id in ("1.1", "3.4.2.b", "7.6.2"):  # computed, of the communes, the last one
        link = page[LAYOUT.cell(id)].hyperlink
        way = quote(unquote(link.target).replace("\\", "/"))
        address = f"{made.path.parent.as_uri()}/{way}#{quote(link.location)}"
        desktop = office.create("com.sun.star.frame.Desktop")
        document = desktop.loadComponentFromURL(address, "_blank", 0, ())
        try:
            assert document.CurrentSelection.Value == made.register.appendix[id]
        finally:
            document.close(True)


def test_officers_words_stay(made: Made, tmp_path: Path) -> None:
    """Who signs, number, day and notes are in the appendix that is made again."""
    path = copied(made, tmp_path)
    info = {"TT_SO_BAO_CAO": 66, "TT_NGAY_BAO_CAO": date(2022, 6, 14), "TT_NGUOI_KY": "Lê Văn B"}
    notes = {"1.1.a": "Đã thống nhất", "3.4.2.b": f"{NOTED} 1/3 xã, phường · số Cổng DVC"}
    content = path.read_bytes()
    filled(path, FORM, {"1.1.a": 1}, notes, content, info)  # type: ignore[arg-type]
    write_city_appendix(FORM, made.register, made.summary, path)
    sheet = openpyxl.load_workbook(path)[positions.INFO_SHEET]
    values = {name: sheet[positions.info_cell(name)].value for name in info}
    assert values == info | {"TT_NGAY_BAO_CAO": datetime(2022, 6, 14)}
    after = read_submission(path, FORM)
    assert after.notes["1.1.a"] == "Đã thống nhất"
    assert after.notes["3.4.2.b"] == "Tổng hợp từ 2/3 xã, phường · số Cổng DVC"
    assert after.readings["1.1.a"].number == made.register.appendix["1.1.a"]
    again = path.read_bytes()
    write_city_appendix(FORM, made.register, made.summary, path)
    assert path.read_bytes() == again


@pytest.mark.parametrize("kind", ["other", "own-workbook", "other-period", "damaged"])
def test_nothing_else_is_replaced(made: Made, tmp_path: Path, kind: str) -> None:
    """A file of any other kind, the city's own workbook, another period's appendix stay."""
    path, register = tmp_path / "pl.xlsx", made.register
    if kind == "other":
        path.write_bytes(b"x")
    elif kind == "own-workbook":
        report_workbook(path, CITY, DISTRICT)
    elif kind == "other-period":
        path, register = copied(made, tmp_path), replace(register, period="2022-Q1")
    else:
        book = openpyxl.load_workbook(copied(made, tmp_path))
        book[FORM.sheet].delete_rows(LAYOUT.rows["4.2.1"])
        book.save(path)
    before = path.read_bytes()
    with pytest.raises(UserError, match=r"Tệp ấy giữ nguyên\. Chọn tên khác"):
        write_city_appendix(FORM, register, made.summary, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_appendix_is_no_report(made: Made, tmp_path: Path, damaged: bool) -> None:
    """Also with a row deleted, it is refused by name, settles no period, and is no past one."""
    path = copied(made, tmp_path)
    if damaged:
        book = openpyxl.load_workbook(path)
        book[FORM.sheet].delete_rows(LAYOUT.rows["4.2.1"])
        book.save(path)
    appendix = read_submission(path, FORM)
    assert bool(appendix.remarks) == damaged
    result = consolidate(FORM, [good(A), appendix], UNITS)
    assert result.city is None
    assert [(file.path, file.code) for file in result.refused] == [(path, "city-appendix")]
    assert common_period([appendix]) is None
    assert past_periods(FORM, [appendix]) == []


def test_appendix_is_not_carried_on(made: Made, tmp_path: Path) -> None:
    """No other workbook is made of it: that would have no mark."""
    with pytest.raises(Refusal, match="phụ lục thành phố"):
        fill(made.path, [Entry(1, "1.1.a", "9", "")], tmp_path / "a.xlsx", FORM)
    with pytest.raises(Refusal, match="phụ lục thành phố"):
        upgrade(made.path, tmp_path / "b.xlsx", FORM)
    assert not [*tmp_path.iterdir()]


def test_command_writes_it(tmp_path: Path, capsys) -> None:
    """Beside the summary; it is left out of the next run, and replaces nothing else."""
    sent = tmp_path / "gửi"
    report_workbook(sent / "a.xlsx", A, COMMUNE)
    report_workbook(sent / "tp.xlsx", CITY, DISTRICT)
    out, city = sent / "th.xlsx", sent / "phụ lục.xlsx"
    command = ["consolidate", str(sent), "--out", str(out), "--city-out"]
    for _ in range(2):
        main([*command, str(city)])
        said = capsys.readouterr().out
        assert f"✓ Phụ lục của thành phố: {city}" in said
        assert "city-appendix" not in said
    values = tabulate(FORM, [read_submission(city, FORM)]).row(0).values()
    assert values["3.4.2.a"] == COMMUNE["3.4.2.a"]
    before = (sent / "tp.xlsx").read_bytes()
    assert main([*command, str(sent / "tp.xlsx")]) == 2
    assert "không phải phụ lục thành phố" in capsys.readouterr().err
    assert main([*command, str(out)]) == 2
    assert (sent / "tp.xlsx").read_bytes() == before
