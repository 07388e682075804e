"""Requirement of the draft form of 2025: a form is what differs from another, and no code.

Y1 The draft, which states differences alone, goes through issue, fill, check, consolidate, return,
   upgrade in both directions, the live formulas and the custom functions as it is.
Y2 What it drops is nowhere, what it renames keeps its figure, what it states anew does not, and
   what has no place is listed with its value.
Y3 What is made of it calls its levels by their names.

Figures are invented; the totals are worked out by hand.
"""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.support.office import Office
from xl_automation.cli.main import main
from xl_automation.editing.upgrade import Upgrade, upgrade
from xl_automation.excel.functions.file_functions import CCHC_DOC, CCHC_TONGHOP
from xl_automation.excel.functions.form_functions import CCHC_KIEMTRA
from xl_automation.forms.loader import load_form
from xl_automation.summary.places import TOTALS
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import read_parts

ID, PERIOD = "cchc-2025-du-thao", "2026-Q1"
OLD, NEW = load_form("cchc-2022"), load_form(ID)
UNITS = {"05443": "Phường Phan Đình Phùng", "05488": "Xã Đại Phúc", "05503": "Xã Tân Cương"}
SHARED = {
    "3.1.3": "400", "3.1.3.b": "400", "3.2.1.a": "100", "3.2.1.b": "80", "3.2.2.a": "400",
    "3.2.2.b": "120", "3.2.3.a": "200", "3.2.3.b": "190", "3.3.3": "1.703", "7.2": "1",
}  # fmt: skip
VALUES = {
    "05443": {
        "2.1": "3", "4.3.1": "210", "4.3.2": "205", "6.2.1": "9", "6.2.4": "4", "6.2.4.a": "4",
        "6.2.5": "5", "5.4": "1", "5.4.a": "1", "3.4.2.a": "900", "3.4.2.b": "890",
    },
    "05488": {
        "2.1": "0", "4.3.1": "90", "4.3.2": "91", "6.2.1": "6", "6.2.4": "1", "6.2.4.c": "1",
        "6.2.5": "5", "5.4": "0", "5.4.a": "0", "3.4.2.a": "100", "3.4.2.b": "60",
    },
    "05503": {
        "2.1": "2", "4.3.1": "120", "4.3.2": "100", "6.2.1": "7", "6.2.5": "6", "5.3": "2",
        "3.4.2.a": "1.000", "3.4.2.b": "1.000",
    },
}  # fmt: skip
TOTAL = {
    "2.1": 5, "4.3.1": 420, "4.3.2": 396, "6.2.1": 22, "6.2.5": 16, "5.4.a": 1,
    "3.2.1": 80,  # 80 of 100: one catalogue, never added
    "3.2.2": 30,  # 120 of all 400, not of those that could be online
    "3.2.3": 95, "3.3.3": 1703,
    "3.4.2": 97.5,  # 1950 of 2000
    "5.3": None,  # a row of the province, which sent nothing
}  # fmt: skip
GONE = {"3.1.3.a", "3.4.1", "3.4.1.a", "3.4.1.b", "5.2.3", "7.6.1"}
ANEW = {f"3.2.{n}{part}" for n in (1, 2) for part in ("", ".a", ".b", ".c")} | {
    *("3.2.3", "3.2.3.a", "3.2.3.b", "7.2")
}
RENAMED = {"2.1", "3.2.4", "5.4.a", "5.4.b", "7.5.1"}


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of workbooks issued and filled from the command line, one of each commune."""
    folder = tmp_path_factory.mktemp("du-thao")
    units = folder / "units.csv"
    units.write_text("code,name\n" + "".join(f"{c},{n}\n" for c, n in UNITS.items()), "utf-8")
    call = ["issue", "--form", ID, "--units", str(units), "--period", PERIOD]
    assert main([*call, "--out", str(folder / "phat-hanh")]) == 0
    for code, values in VALUES.items():
        (workbook,) = (folder / "phat-hanh").glob(f"*_{code}_*.xlsx")
        rows = folder / f"{code}.csv"
        lines = [f'{id},"{value}"' for id, value in {**SHARED, **values}.items()]
        rows.write_text("\n".join(["id,value", *lines]), encoding="utf-8")
        out = folder / "da-gui" / workbook.name
        assert main(["fill", str(workbook), str(rows), "--out", str(out)]) == 0
    return folder / "da-gui"


def _of(sent: Path, code: str) -> Path:
    (path,) = sent.glob(f"*_{code}_*.xlsx")
    return path


def test_draft_states_differences_alone() -> None:
    """What is gone, new or renamed is what the draft says; all else is the form of 2022."""
    assert {item.id for item in OLD.indicators} - {item.id for item in NEW.indicators} == GONE
    assert NEW.former_labels.keys() == RENAMED
    same = {item.id for item in NEW.indicators if OLD.by_id.get(item.id) == item}
    moved = {item.id for item in NEW.indicators if item.level != OLD.by_id[item.id].level}
    assert {"4.3.1", "5.1.1", "5.2.4", "5.4.c", "6.2.6"} <= moved
    assert len(same) > 75
    named = {id for rule in NEW.rules for id in rule.each}
    assert not named & GONE
    assert NEW.title[0].endswith(NEW.notice) or NEW.notice in " ".join(NEW.title)


def test_check_finds_by_the_rules_of_the_draft(sent: Path, tmp_path: Path) -> None:
    """A rule of 2022 is left, one has a row of communes now, and those about a district are not."""
    out = tmp_path / "check.json"
    assert main(["check", str(sent), "--json", str(out)]) == 1
    files = {file["unit"]["code"]: file for file in json.loads(out.read_text("utf-8"))["files"]}
    found = {
        code: {(one["rule"], *one["indicators"]) for one in file["findings"]}
        for code, file in files.items()
    }
    assert not {rule for each in found.values() for rule, *_ in each} & {"L02", "C-3.4.1", "B17"}
    assert ("C-4.3", "4.3.2", "4.3.1") in found["05488"]
    assert ("L03", "6.2.4") in found["05503"]
    assert ("L01", "5.3") in found["05503"]
    (message,) = {one["message"] for one in files["05503"]["findings"] if one["rule"] == "L01"}
    assert "cấp tỉnh" in message
    assert files["05443"]["values"]["3.2.1"] == 80
    assert not GONE & files["05443"]["values"].keys()


def test_totals_are_those_worked_out_by_hand(sent: Path, tmp_path: Path, office: Office) -> None:
    """Totals of rows that a district alone had are sums; live formulas say the same."""
    out, report = tmp_path / "tong-hop.xlsx", tmp_path / "tong-hop.json"
    call = ["consolidate", str(sent), "--units", str(sent.parent / "units.csv")]
    assert main([*call, "--out", str(out), "--report", str(report)]) == 1
    said = json.loads(report.read_text("utf-8"))
    assert (said["received"], said["counted"], said["missing"]) == (3, 3, [])
    assert {id: said["totals"][id] for id in TOTAL} == TOTAL
    assert said["code_counts"]["7.2"] == {"0": 0, "1": 3}
    with office.open(out) as book:
        shown = book.values(TOTALS, f"D5:D{4 + len(NEW.indicators)}")
    column = {item.id: value for item, (value,) in zip(NEW.indicators, shown, strict=True)}
    assert {id: column[id] or None for id in TOTAL} == TOTAL


def test_return_opens_what_is_to_be_corrected(sent: Path, tmp_path: Path) -> None:
    """A commune with an error gets its workbook back, of the draft."""
    (tmp_path / "sai").mkdir()
    path = _of(sent, "05503")
    (tmp_path / "sai" / path.name).write_bytes(path.read_bytes())
    call = ["return", str(tmp_path / "sai"), "--out", str(tmp_path / "tra-lai")]
    assert main(call) == 1
    page = openpyxl.load_workbook(tmp_path / "tra-lai" / path.name)[NEW.sheet]
    assert not page[Layout(NEW).cell("5.3")].protection.locked


def test_province_is_called_what_it_is(sent: Path, tmp_path: Path) -> None:
    """No form, summary, appendix, reminder or report of the draft speaks of a city."""
    units, out = str(sent.parent / "units.csv"), tmp_path / "th.xlsx"
    city = ["--city-out", str(tmp_path / "pl.xlsx")]
    assert main(["consolidate", str(sent), "--units", units, "--out", str(out), *city]) == 1
    assert main(["remind", str(out), "--out", str(tmp_path / "nhac")]) == 1
    assert main(["report", str(out), "--out", str(tmp_path / "bc.docx")]) == 0
    made = [path for folder in (tmp_path, sent) for path in folder.rglob("*.*")]
    assert {path.suffix for path in made} >= {".xlsx", ".docx", ".txt"}
    said = "".join(map(_text_of, made))
    assert "thành phố" not in said.casefold()
    for words in ("gửi tỉnh", "Tỉnh trả lại", "Sổ của tỉnh", "(B) Phụ lục của tỉnh"):
        assert words in said


def _text_of(path: Path) -> str:
    """Return all that a file holds, without the kinds that begin the names of units."""
    if path.suffix not in (".xlsx", ".docx"):
        return path.read_text("utf-8", errors="ignore")
    parts = b"".join(read_parts(path.read_bytes()).values()).decode("utf-8", errors="ignore")
    return parts.replace('"Thành phố "', "")


def _dropped(report: Upgrade) -> dict[str, object]:
    return {line.what.split()[0]: line.value for line in report.dropped}


def test_upgrade_there_and_back(sent: Path, tmp_path: Path) -> None:
    """What was typed is in the other form, or listed with its value; nothing is lost or guessed."""
    there = upgrade(_of(sent, "05443"), tmp_path / "2022.xlsx", OLD)
    typed = {**SHARED, **VALUES["05443"]}
    assert _dropped(there).keys() == ANEW & typed.keys()
    assert {line.split(":")[0] for line in there.changed} >= RENAMED
    assert {line.split()[0] for line in there.added} == GONE | ANEW
    back = upgrade(tmp_path / "2022.xlsx", tmp_path / "2025.xlsx", NEW)
    assert not back.dropped
    assert {line.split()[0] for line in back.gone} == GONE | ANEW
    ids = [[id for id in VALUES["05443"]]]
    assert CCHC_DOC(str(tmp_path / "2025.xlsx"), ids) == CCHC_DOC(str(_of(sent, "05443")), ids)


def test_upgrade_of_a_city_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A city's report is none of a province, and the refusal names the level."""
    call = ["template", str(tmp_path / "tp.xlsx"), "--level", "district", "--period", "2025-6T"]
    assert main(call) == 0
    call = ["upgrade", str(tmp_path / "tp.xlsx"), str(tmp_path / "tinh.xlsx"), "--form", ID]
    assert main(call) == 2
    said = "mẫu này không có cấp báo cáo “thành phố, thị xã, huyện”"
    assert said in capsys.readouterr().err


def test_functions_know_the_draft(sent: Path) -> None:
    """Cells compute with the form that a file names, or whose labels stand in a range."""
    first = _of(sent, "05443")
    assert CCHC_DOC(str(first), [["3.2.2", "6.2.1", "3.3.3"]]) == [[30, 9, 1703]]
    assert CCHC_TONGHOP(str(sent), [["2.1"], ["6.2.1"], ["3.4.2"]]) == [[5], [22], [97.5]]
    typed = {"6.2.1": 5.0, "6.2.2": 1.0, "6.2.3": 0.0, "6.2.4": 0.0, "6.2.5": 3.0}
    block = [[item.stt, item.label, item.unit, typed.get(item.id)] for item in NEW.indicators]
    found = {row[0] for row in CCHC_KIEMTRA(block)}
    assert "C-6.2" in found
    assert not found & {"L01", "L02"}
