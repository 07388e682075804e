"""Every kind of workbook that we write is what the Open XML standard says.

Requirements: Microsoft's own validator finds nothing in the template of either level,
with an earlier period beside it, filled, issued, given back or carried into another version, nor in
the city's summary; Excel 2010 is promised the form, so its version of the standard is asked too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, DISTRICT, FORM, LEVELS, PERIOD, UNIT
from xl_automation.cli.main import main
from xl_automation.template.build import build_template
from xl_automation.xlsx.package import read_parts, sheet_parts, zip_parts

EARLIER = FORM.period("2022-Q1")
DAMAGED = {**COMMUNE, "1.1.b": 9, "1.1": 50, "3.1": 126, "6.1.a": "=1+1", "3.3.4": 103}
NOTES = {"1.1": "Theo Kế hoạch số 12 <&>", "3.3.3": "dòng 1\ndòng 2"}


def template(folder: Path, level: str = "commune", past: bool = False) -> Path:
    """Write a template as issued to a unit, with or without the figures of an earlier period."""
    previous = (EARLIER, {"1.1.a": 8.0, "1.1.b": 2.0, "3.3.4": 81.75}) if past else None
    path = folder / f"{level}.xlsx"
    path.write_bytes(build_template(FORM, level, UNIT, PERIOD, previous=previous))
    return path


def any_unit(folder: Path, level: str) -> Path:
    """Write a template in which unit and period are still to be chosen."""
    path = folder / f"{level}.xlsx"
    path.write_bytes(builders.blank(level, prefilled=False))
    return path


def filled(folder: Path) -> Path:
    """Fill a template from a file of values."""
    (folder / "a.csv").write_text("id,value,note\n1.1.a,8,<&>\n2.2,-,\n", encoding="utf-8")
    made = folder / "filled.xlsx"
    call = ["fill", str(template(folder)), str(folder / "a.csv"), "--out", str(made)]
    assert main(call) == 1  # one value is no number
    return made


def issued(folder: Path) -> Path:
    """Issue the workbooks of a list of units; return one of them."""
    listed = folder / "units.csv"
    listed.write_text("code,name\n05497,Xã Thịnh Đức\n", encoding="utf-8")
    out = folder / "issued"
    call = ["issue", "--units", str(listed), "--period", PERIOD.code, "--out", str(out)]
    assert main(call) == 0
    (made,) = out.iterdir()
    return made


def given_back(folder: Path) -> Path:
    """Give a damaged workbook back."""
    sent = builders.workbook(folder / "a.xlsx", DAMAGED, notes=NOTES)
    assert main(["return", str(sent), "--out", str(folder / "out")]) == 1
    return folder / "out" / "a.xlsx"


def given_back_again(folder: Path) -> Path:
    """Give a workbook back that was given back before."""
    assert main(["return", str(given_back(folder)), "--out", str(folder / "again")]) == 1
    return folder / "again" / "a.xlsx"


def upgraded(folder: Path) -> Path:
    """Carry a filled workbook into the form's present version."""
    old = builders.workbook(folder / "old.xlsx", DAMAGED, notes=NOTES)
    assert main(["upgrade", str(old), str(folder / "new.xlsx")]) in (0, 1)
    return folder / "new.xlsx"


def summary(folder: Path) -> Path:
    """Consolidate a commune with findings, the city and a file that is refused."""
    builders.workbook(folder / "in" / "a.xlsx", DAMAGED, notes=NOTES)
    builders.workbook(folder / "in" / "b.xlsx", DISTRICT, "district")
    (folder / "in" / "c.xlsx").write_bytes(b"PK")
    out = folder / "summary.xlsx"
    assert main(["consolidate", str(folder / "in"), "--out", str(out)]) == 1
    return out


KINDS: dict[str, Callable[[Path], Path]] = {
    **{f"template-{level}": lambda f, level=level: any_unit(f, level) for level in LEVELS},
    **{
        f"template-{level}-previous": lambda f, level=level: template(f, level, past=True)
        for level in LEVELS
    },
    "filled": filled,
    "issued": issued,
    "given-back": given_back,
    "given-back-again": given_back_again,
    "upgraded": upgraded,
    "summary": summary,
}


@pytest.mark.parametrize("kind", KINDS)
def test_open_xml_sdk_finds_nothing_wrong(kind, tmp_path, open_xml_errors, capsys):
    """Microsoft's own validator accepts each kind of workbook."""
    (tmp_path / "in").mkdir()
    path = KINDS[kind](tmp_path)
    assert open_xml_errors(path) == []


@pytest.mark.parametrize("level", LEVELS)
def test_excel_2010_reads_the_template(level, tmp_path, open_xml_errors):
    """Nothing in the form is newer than Excel 2010."""
    assert open_xml_errors(template(tmp_path, level, past=True), "Office2010") == []


def test_validator_is_not_fooled(tmp_path, open_xml_errors):
    """A file that is no workbook, and one with a cell too much, are found out."""
    (tmp_path / "a.xlsx").write_bytes(b"PK")
    assert open_xml_errors(tmp_path / "a.xlsx")
    parts = read_parts(builders.blank())
    name = sheet_parts(parts)[FORM.sheet]
    parts[name] = parts[name].replace(b"</sheetData>", b"<c/></sheetData>")
    (tmp_path / "b.xlsx").write_bytes(zip_parts(parts))
    assert open_xml_errors(tmp_path / "b.xlsx")
