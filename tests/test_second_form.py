"""Requirement of a second form: one file, and no code.

Z1 A form of another subject, with other rows, levels, rule ids and periods, every way of combining
   and a table past column Z goes through template, issue, fill, check, consolidate, return and the
   custom functions as it is. Its figures are invented; the totals are worked out by hand.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.support.office import Office
from tests.support.paths import DATA
from xl_automation.cli.main import main
from xl_automation.excel.functions.file_functions import CCHC_DOC, CCHC_THIEU, CCHC_TONGHOP
from xl_automation.excel.functions.form_functions import CCHC_KIEMTRA
from xl_automation.forms import loader
from xl_automation.forms.loader import load_form
from xl_automation.summary.places import TOTALS
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts

FORM = DATA / "truong-hoc.toml"
UNITS = DATA / "truong-hoc.csv"
PERIOD = "2025-HK1"
VALUES = {
    "T1": {
        "A.1.hs": "200", "A.1.len": "190", "A.2": "13", "A.3": "5", "A.5": "1", "A.6": "100",
        "A.7.tu": "45", "A.7.mau": "50", "A.9": "-3", "A.10": "120",
    },
    "T2": {
        "A.1.hs": "300", "A.1.len": "285", "A.2": "13", "A.3": "5", "A.5": "0", "A.6": "98,5",
        "A.7": "80", "A.9": "2,5", "A.10": "1.250",
    },
    "T3": {
        "A.1.hs": "1.000", "A.1.len": "900", "A.2": "14", "A.3": "5", "A.5": "1", "A.6": "100",
        "A.7.tu": "30", "A.7.mau": "100", "A.9": "60", "A.10": "95,5", "LOP.1.c28": "999",
    },
    "P0": {"A.8": "12"},
}  # fmt: skip
TOTAL = {
    "A.1": 91.67,  # 1375 of 1500
    "A.1.hs": 1500, "A.1.len": 1375,
    "A.2": None,  # 13 and 14
    "A.3": 5,
    "A.4": 37.5,  # no one value for A.2: 15 of 40
    "A.5": None,
    "A.6": 66.67,  # 2 of 3 schools at 100
    "A.7": 50,  # (90 × 50 + 30 × 100) / 150; T2 gave no number of people asked
    "A.8": 12, "A.9": None, "A.10": 1465.5,
}  # fmt: skip


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of workbooks issued and filled from the command line, one of each unit."""
    folder = tmp_path_factory.mktemp("truong-hoc")
    issued, filled = folder / "phat-hanh", folder / "da-gui"
    form = ["--form", str(FORM)]
    call = ["issue", *form, "--units", str(UNITS), "--period", PERIOD, "--out", str(issued)]
    assert main(call) == 0
    for code, values in VALUES.items():
        (workbook,) = issued.glob(f"*_{code}_*.xlsx")
        rows = folder / f"{code}.csv"
        lines = [f'{id},"{value}"' for id, value in values.items()]
        rows.write_text("\n".join(["id,value", *lines]), encoding="utf-8")
        call = ["fill", str(workbook), str(rows), *form, "--out", str(filled / workbook.name)]
        assert main(call) == 0
    return filled


@pytest.fixture(scope="module")
def summary(sent: Path) -> tuple[Path, dict[str, object]]:
    """The summary of the folder, and the report of it."""
    out, report = sent.parent / "tong-hop.xlsx", sent.parent / "tong-hop.json"
    call = ["consolidate", str(sent), "--form", str(FORM), "--out", str(out)]
    assert main([*call, "--report", str(report)]) == 1
    return out, json.loads(report.read_text("utf-8"))


def test_check_finds_what_the_form_says(sent: Path, tmp_path: Path) -> None:
    """Two findings of one school, named by the form's own rules; the others are clean."""
    out = tmp_path / "check.json"
    assert main(["check", str(sent), "--form", str(FORM), "--json", str(out)]) == 1
    files = json.loads(out.read_text("utf-8"))["files"]
    found = {
        file["unit"]["code"]: [(one["rule"], one["severity"]) for one in file["findings"]]
        for file in files
    }
    third = [("TANG", "error"), ("SI-SO", "warning")]
    assert found == {"P0": [], "T1": [], "T2": [], "T3": third}
    (values,) = (file["values"] for file in files if file["unit"]["code"] == "T2")
    assert (values["A.10"], values["A.7"], values["A.1"]) == (1250, 80, 95)


def test_totals_are_those_worked_out_by_hand(summary: tuple[Path, dict[str, object]]) -> None:
    """Every way of combining gives what the form's definition of it says."""
    _, report = summary
    assert report["totals"] == TOTAL
    assert report["code_counts"] == {"A.5": {"0": 1, "1": 2}}
    assert (report["received"], report["counted"], report["missing"]) == (4, 4, [])
    found = {one["rule"] for one in report["findings"]}
    assert found == {"TANG", "SI-SO", "P-CHUNG", "P-DU"}


def test_summary_computes_the_same_totals(
    summary: tuple[Path, dict[str, object]], office: Office
) -> None:
    """The live formulas of the summary, recalculated, give the totals of the report."""
    path, _ = summary
    form = load_form(FORM)
    with office.open(path) as book:
        shown = book.values(TOTALS, f"D5:D{4 + len(form.indicators)}")
    column = {item.id: value for item, (value,) in zip(form.indicators, shown, strict=True)}
    assert {id: column[id] or None for id in TOTAL} == TOTAL


def test_return_opens_what_is_to_be_corrected(sent: Path, tmp_path: Path) -> None:
    """The school with an error gets its workbook back."""
    call = ["return", str(sent), "--form", str(FORM), "--out", str(tmp_path / "tra-lai")]
    assert main(call) == 1
    returned = [path.name for path in (tmp_path / "tra-lai").rglob("*.xlsx")]
    assert any("_T3_" in name for name in returned)


def test_returned_helpers_can_be_corrected(sent: Path, tmp_path: Path) -> None:
    """Cells that a rule about helpers alone names are open in what goes back."""
    (first,) = sent.glob("*_T1_*.xlsx")
    parts, layout = read_parts(first.read_bytes()), Layout(load_form(FORM))
    part, whole = (layout.cell(f"A.7{end}") for end in (".tu", ".mau"))
    edit_sheet(parts, layout.form.sheet, lambda sheet: sheet.set(part, 60))
    (tmp_path / "sua.xlsx").write_bytes(zip_parts(parts))
    call = ["return", str(tmp_path / "sua.xlsx"), "--form", str(FORM)]
    assert main([*call, "--out", str(tmp_path / "tra-lai")]) == 1
    page = openpyxl.load_workbook(tmp_path / "tra-lai" / "sua.xlsx")[layout.form.sheet]
    assert not page[part].protection.locked
    assert not page[whole].protection.locked
    assert page[layout.cell("A.10")].protection.locked


def test_functions_know_the_form_that_a_file_names(
    sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its file lies among the forms, cells compute with it; nothing else is told."""
    for name in ("truong-hoc.toml", "truong-hoc.csv"):
        shutil.copy(DATA / name, tmp_path)
    for name in ("cchc-2022.toml", "thai-nguyen.csv"):
        shutil.copy(loader.FORMS / name, tmp_path)
    monkeypatch.setattr(loader, "FORMS", tmp_path)
    (second,) = sent.glob("*_T2_*.xlsx")
    assert CCHC_DOC(str(second), [["A.10", "A.7"]]) == [[1250, 80]]
    assert CCHC_TONGHOP(str(sent), [["A.1"], ["A.10"]]) == [[91.67], [1465.5]]
    assert CCHC_THIEU(str(sent)) == [["Đủ 3 đơn vị đã gửi báo cáo."]]
    typed = {"A.1": 90.0, "A.1.hs": 10.0, "A.1.len": 9.0, "A.9": 60.0}
    block = [
        [item.stt, item.label, item.unit, typed.get(item.id)] for item in load_form(FORM).indicators
    ]
    (finding,) = CCHC_KIEMTRA(block)
    assert finding[:3] == ["TANG", "Lỗi", "A.9"]
