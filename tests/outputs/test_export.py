"""Requirements of the long table.

X1 It has every figure of the summary, of units and totals, each with its file and cell there.
X2 CSV, JSON, Parquet and DuckDB say the same; a spreadsheet program set to Vietnamese takes its
   numbers for numbers, and no text for a formula.
X3 Several summaries make one table; the same unit and period twice is refused.
X4 Nothing but an earlier export is written over; what cannot be done is said before it is tried.
X5 A figure that was changed by hand in the summary is told; the report's own is exported.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import (
    CITY,
    COMMUNES,
    A,
    B,
    golden,
    report,
    schools,
    workbook,
    written,
)
from tests.support.office import Office
from tests.support.paths import DATA, ROOT
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.errors import UserError
from xl_automation.outputs.export_files import write_export
from xl_automation.outputs.exported import exported
from xl_automation.outputs.long_table import COLUMNS
from xl_automation.summary.places import ID_ROW, MATRIX
from xl_automation.summary.read_back import read_summary

FORMULAS = ("=HYPERLINK(A1)", "+1", "-2", "@x", "\t=1", "thường")
VIETNAMESE_CSV = "59,34,76,1,,1066,false,true"  # semicolon, quotes, UTF-8, from line 1, vi-VN


def read_csv(path: Path, **options: object) -> pd.DataFrame:
    """Return an exported CSV; only a missing value is none."""
    types = {name: str for name in COLUMNS if name != "value"}
    table: pd.DataFrame = pd.read_csv(path, dtype=types, **options)  # type: ignore[call-overload]
    return table.fillna({name: "" for name in types})


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with the summary of the golden case, and its table as CSV."""
    folder = tmp_path_factory.mktemp("xuất")
    written(golden(), folder / "th.xlsx")
    assert main(["export", str(folder / "th.xlsx"), "--to", str(folder / "x.csv")]) == 0
    return folder


def test_every_figure_of_the_summary_is_there(folder: Path) -> None:
    """Units as the matrix says, totals (A) and (B) as their sheet says, and nothing twice."""
    table = read_csv(folder / "x.csv")
    assert tuple(table.columns) == COLUMNS
    assert not table.duplicated(["unit_code", "id", "measure", "label"]).any()
    face = read_summary(folder / "th.xlsx", FORM).numbers
    units = table[(table.scope == "unit") & table.id.isin(face.columns)]
    wide = units.pivot(index="unit_code", columns="id", values="value")
    ids = [id for id in face.columns if id in wide.columns]
    absent = face.columns.difference(ids)
    assert face[[id for id in absent if id not in FORM.table_totals]].isna().all(axis=None)
    pd.testing.assert_frame_equal(
        wide[ids].sort_index(), face.loc[wide.index, ids].sort_index(), check_names=False
    )
    assert set(table.unit_code) - {""} == {unit.code for unit in (*COMMUNES[:6], CITY)}
    missing = table[table.state == "missing"]
    assert set(missing.unit_code) == {unit.code for unit in golden().missing}
    owed = [item.id for item in FORM.figures if item.concerns("commune")]
    assert list(missing.id) == owed * len(golden().missing)
    others = table[(table.state == "not-owed") & (table.unit_code != CITY.code)]
    assert not set(others.id) & set(owed)


def test_what_is_in_no_total_says_so(folder: Path) -> None:
    """A figure that is left out keeps its number, and has the reason beside it."""
    table = read_csv(folder / "x.csv")
    found = table[table.state == "left-out"]
    said = {(row.unit_code, row.id, row.value, row.note) for row in found.itertuples()}
    assert said == {(one.unit, one.indicator, one.value, one.reason) for one in golden().left_out}
    assert said


def test_every_cell_that_is_named_says_so(folder: Path) -> None:
    """The cell of each total holds its value; that of each unit's figure is the form's."""
    table = read_csv(folder / "x.csv")
    book = openpyxl.load_workbook(folder / "th.xlsx", data_only=True)
    totals = table[(table.scope == "total") & table.measure.isin(["total", "appendix", "filled"])]
    assert set(totals.file) == {"th.xlsx"}
    assert set(totals.sha256) == {sha256((folder / "th.xlsx").read_bytes()).hexdigest()}
    for row in totals.itertuples():
        sheet, _, cell = row.cell.partition("!")
        shown = book[sheet][cell].value
        number = shown if isinstance(shown, (int, float)) else np.nan
        assert np.isclose(number, row.value, equal_nan=True), row
    assert table[(table.id == "3.4.2.a") & (table.unit_code == A.code)].cell.item() == (
        str(golden().figures.row(0).place("3.4.2.a"))
    )


def test_all_kinds_of_file_say_the_same(folder: Path) -> None:
    """Pandas and DuckDB read the same figures from each."""
    table = read_csv(folder / "x.csv")
    whole, _ = exported([folder / "th.xlsx"], FORM)
    for suffix in ("json", "parquet", "duckdb"):
        write_export(whole, folder / f"x.{suffix}")
    with duckdb.connect(str(folder / "x.duckdb"), read_only=True) as database:
        of_duckdb = database.sql("FROM cchc").df()
    objects = json.loads((folder / "x.json").read_text("utf-8"))
    of_json = pd.DataFrame(objects, columns=list(COLUMNS)).astype({"value": "float64"})
    of_parquet = duckdb.read_parquet(str(folder / "x.parquet")).df()
    for other in (of_parquet, of_duckdb, pd.read_json(folder / "x.json", dtype=False)[[*COLUMNS]]):
        pd.testing.assert_frame_equal(other, of_json, check_dtype=False)
    # CSV alone marks what a spreadsheet program would take for a formula.
    marked = of_json.note.str.startswith(("=", "+", "-", "@"))
    assert (table.note[~marked] == of_json.note[~marked]).all()
    assert (table.note[marked] == "'" + of_json.note[marked]).all()
    pd.testing.assert_series_equal(table.value, of_json.value)


def test_examples_of_the_page_run(folder: Path, tmp_path: Path, monkeypatch) -> None:
    """What it shows in Python and SQL gives the units' figures."""
    page = (ROOT / "docs" / "xuat-so-lieu.md").read_text("utf-8")
    python, sql = (
        re.search(rf"```{language}\n(.*?)```", page, re.DOTALL)[1]  # type: ignore[index]
        for language in ("python", "sql")
    )
    monkeypatch.chdir(tmp_path)
    Path("so-lieu.csv").write_bytes((folder / "x.csv").read_bytes())
    names: dict[str, pd.DataFrame] = {}
    exec(compile(python, "trang", "exec"), names)
    figures = names["xa"].loc[("2022-6T", A.code)]
    assert figures["3.4.2.a"] == golden().figures.row(0).number("3.4.2.a")
    with duckdb.connect() as database:
        database.register("cchc", read_csv(folder / "x.csv"))
        (rate,) = (value for name, value in database.sql(sql).fetchall() if name == A.name)
    assert rate == figures["3.4.2"]


@pytest.fixture(scope="module")
def with_notes(tmp_path_factory) -> Path:
    """A summary of a unit whose clerk typed what looks like formulas, in notes and in a figure."""
    notes = dict(zip((item.id for item in FORM.inputs), FORMULAS, strict=False))
    submission = report(A, {**COMMUNE, "2.2": "=1+1", "LV.8.so": 66, "LV.9.so": 44726})
    result = consolidate(FORM, [replace(submission, notes=notes)], (A,))
    return written(result, tmp_path_factory.mktemp("ghi chú") / "th.xlsx")


def test_no_text_is_a_formula(with_notes: Path, tmp_path: Path, office: Office) -> None:
    """LibreOffice with Vietnamese settings: numbers are numbers, no cell is a formula."""
    out = tmp_path / "x.csv"
    assert main(["export", str(with_notes), "--to", str(out), "--semicolon"]) == 0
    table = read_csv(out, sep=";", decimal=",")
    assert {f"'{text}" for text in FORMULAS[:-1]} | {"thường", "'=1+1"} <= set(table.note)
    (day,) = table[table.id == "LV.9.so"].itertuples()
    assert (day.state, day.note) == ("reported", "2022-06-14")
    assert np.isnan(day.value)
    filter_name = "Text - txt - csv (StarCalc)"
    options = {"FilterName": filter_name, "FilterOptions": VIETNAMESE_CSV}
    with office.open(out, **options) as book:
        cells = book.sheet("x").getCellRangeByName(f"A2:O{len(table) + 1}")
        data, formulas = cells.getDataArray(), cells.getFormulaArray()
        assert not [text for row in formulas for text in row if text.startswith("=")]
    column = COLUMNS.index("value")
    shown = [row[column] if isinstance(row[column], float) else np.nan for row in data]
    np.testing.assert_allclose(shown, table.value.to_numpy(), equal_nan=True)
    assert any(not number.is_integer() for number in shown if number == number)


def test_several_summaries_make_one_table(folder: Path, tmp_path: Path, capsys) -> None:
    """Another period is more rows; a second copy of the same one is refused by name."""
    earlier = FORM.period("2022-Q1")
    other = consolidate(FORM, [report(A, COMMUNE, earlier)], (A, B), earlier)
    both = [str(folder / "th.xlsx"), str(written(other, tmp_path / "quý 1.xlsx"))]
    out = str(tmp_path / "x.csv")
    assert main(["export", *both, "--to", out]) == 0
    counts = read_csv(Path(out)).groupby("period").size()
    assert set(counts.index) == {"2022-6T", "2022-Q1"}
    Path(tmp_path / "bản sao.xlsx").write_bytes((folder / "th.xlsx").read_bytes())
    assert main(["export", both[0], str(tmp_path / "bản sao.xlsx"), "--to", out]) == 2
    error = capsys.readouterr().err
    assert "bản sao.xlsx" in error
    assert A.name in error
    assert both[0] in error


@pytest.mark.parametrize("suffix", ["csv", "json", "parquet", "duckdb"])
def test_only_an_export_is_written_over(folder: Path, tmp_path: Path, suffix: str) -> None:
    """A second run replaces the first; a file of anybody else stays as it is."""
    table, out = read_csv(folder / "x.csv"), tmp_path / f"x.{suffix}"
    for rows in (table.head(3), table.head(2), table.head(0)):
        write_export(rows, out)
    write_export(table.head(2), out)
    out.write_text("số của tôi", encoding="utf-8")
    with pytest.raises(UserError, match=f"x.{suffix} đã có"):
        write_export(table, out)
    assert out.read_text("utf-8") == "số của tôi"


def test_what_cannot_be_done_is_said_first(folder: Path, tmp_path: Path, monkeypatch, capsys):
    """Another suffix, a semicolon in JSON, no DuckDB, a workbook that is no summary."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    workbook(tmp_path / "a.xlsx", A, COMMUNE)
    summary = str(folder / "th.xlsx")
    for arguments, words in (
        ([summary, "--to", "x.xls"], ".csv, .json, .parquet, .duckdb"),
        ([summary, "--to", "x.json", "--semicolon"], "--semicolon"),
        ([summary, "--to", "x.parquet"], 'pip install "xl_automation[export]"'),
        ([str(tmp_path / "a.xlsx"), "--to", str(tmp_path / "x.csv")], "sổ tổng hợp"),
        ([summary, "--to", summary], "th.xlsx"),
    ):
        assert main(["export", *arguments]) == 2
        assert words in capsys.readouterr().err
    assert not list(tmp_path.glob("x.*"))


def test_a_figure_changed_by_hand_is_told(folder: Path, tmp_path: Path, capsys) -> None:
    """The report's own figure is exported, and the status is 1."""
    book = openpyxl.load_workbook(folder / "th.xlsx")
    sheet = book[MATRIX]
    column = next(cell.column for cell in sheet[ID_ROW] if cell.value == "3.4.2.a")
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == A.code)
    sheet.cell(row, column).value = 7
    book.save(tmp_path / "sửa.xlsx")
    out = tmp_path / "x.csv"
    assert main(["export", str(tmp_path / "sửa.xlsx"), "--to", str(out)]) == 1
    assert "3.4.2.a: 7" in capsys.readouterr().out
    table, before = read_csv(out), read_csv(folder / "x.csv")
    pd.testing.assert_series_equal(table.value, before.value)


def test_a_form_of_another_subject(tmp_path: Path) -> None:
    """Every figure of the schools, by the form's file."""
    path = written(schools(), tmp_path / "th.xlsx")
    form = str(DATA / "truong-hoc.toml")
    assert main(["export", str(path), "--to", str(tmp_path / "x.csv"), "--form", form]) == 0
    table = read_csv(tmp_path / "x.csv")
    assert set(table[table.scope == "unit"].id) >= {item.id for item in schools().form.figures}
