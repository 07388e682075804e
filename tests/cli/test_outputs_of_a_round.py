"""Requirement: what is made of a summary says what the summary says, from files to files.

O1 The city's appendix reads back to exactly (B) where figures were left out, and says so.
O2 Reminders of a real summary name who is missing, late and wrong; an officer's state counts.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, DISTRICT, FORM
from tests.support.communes import CITY, A, B, C, workbook
from xl_automation.cli.main import main
from xl_automation.reading.reader import read_submission
from xl_automation.summary.read_register import read_register

PAIR = {**COMMUNE, "3.4.2.a": None}
WRONG = {**COMMUNE, "1.1.b": 12}


@pytest.fixture(scope="module")
def round_of(tmp_path_factory) -> Path:
    """A folder with the summary and the appendix of A with half a pair, B wrong, C missing."""
    folder = tmp_path_factory.mktemp("kỳ")
    units = folder / "đơn vị.csv"
    listed = [f"{unit.code},{unit.name},{unit.level}" for unit in (A, B, C, CITY)]
    units.write_text("\n".join(["code,name,level", *listed]), encoding="utf-8")
    for name, unit, fill in (("a", A, PAIR), ("b", B, WRONG), ("tp", CITY, DISTRICT)):
        workbook(folder / "gửi" / f"{name}.xlsx", unit, fill)
    command = ["consolidate", str(folder / "gửi"), "--units", str(units), "--due", "2022-06-20"]
    paths = ["--out", str(folder / "th.xlsx"), "--city-out", str(folder / "pl.xlsx")]
    assert main([*command, *paths]) == 1
    return folder


def test_appendix_is_exactly_b(round_of: Path, capsys) -> None:
    """Every figure; the row that leaves A out names it."""
    register = read_register(round_of / "th.xlsx", FORM)
    main(["check", str(round_of / "pl.xlsx"), "--json", "-"])
    values = json.loads(capsys.readouterr().out)["files"][0]["values"]
    assert {id: values.get(id) for id in register.appendix} == dict(register.appendix)
    assert register.appendix["3.4.2.b"] == COMMUNE["3.4.2.b"]
    notes = read_submission(round_of / "pl.xlsx", FORM).notes
    assert notes["3.4.2.b"] == f"Tổng hợp từ 1/3 xã, phường; không tính: {A.name}"


def test_reminders_of_the_summary(round_of: Path, capsys) -> None:
    """B for its figures, A for its blank, C for its report; the city for nothing."""
    assert main(["remind", str(round_of / "th.xlsx"), "--out", str(round_of / "nhắc")]) == 1
    texts = {
        path.name[:5]: path.read_text("utf-8-sig") for path in (round_of / "nhắc").glob("*.txt")
    }
    assert texts.keys() == {A.code, B.code, C.code, "tat-c"}
    assert "1.1.b = 12" in texts[B.code]
    assert "“b.xlsx”" in texts[B.code]
    assert "chưa nhận được báo cáo hợp lệ" in texts[C.code]
    assert all("hạn gửi: 20/06/2022" in text for text in texts.values())
