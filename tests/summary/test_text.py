"""Requirements of what clerks wrote, in the summary.

S3 Text from clerks stays text; links reach files whatever they are called.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from tests.support.builders import MINI
from tests.support.communes import (
    FEW_RULES,
    A,
    cells,
    formula_cells,
    good,
    reconciliation,
    report,
    written,
)
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.summary.file_links import FileLinks
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.log_sheet import LOG
from xl_automation.summary.places import MATRIX, TOTALS
from xl_automation.wording import printable
from xl_automation.xlsx.limits import NO_TEXT

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
    assert formula_cells(out, TOTALS) <= {f"{c}{row}" for c in "DEGHIJKMNOPQR" for row in figures}
    assert reconciliation(out)
    for sheet in (MATRIX, FINDINGS, LOG):
        assert formula_cells(out, sheet) == set()
    matrix = cells(out, MATRIX)
    assert (matrix["A5"], matrix["B5"]) == ("=1", printable(name))
    assert text[:32_000] in matrix.values()
    assert printable(path.name) in cells(out, FINDINGS).values()


def test_file_whose_name_is_no_text_is_named_as_well_as_can_be(tmp_path):
    """A name with bytes that are no UTF-8 does not stop the summary."""
    path = tmp_path / os.fsdecode(b"x\xe3.xlsx")
    files = [replace(good(A, c1_1_b=9), path=path), RefusedFile(path, "wrong-form", "…")]
    out = written(consolidate(FEW_RULES, files, (A,)), tmp_path / "th.xlsx")
    assert "x<0xE3>.xlsx" in cells(out, FINDINGS).values()
    assert str(tmp_path / "x<0xE3>.xlsx") in cells(out, LOG).values()


@pytest.mark.parametrize("sign", ["\x1b", "\x01", "\ufffe", "\udc80"], ids=ascii)
def test_what_is_no_character_is_shown_and_never_linked(tmp_path, sign):
    """In names of files and units, in figures and notes: visible signs, and Excel can open it."""
    path = tmp_path / "in" / f"a{sign}.xlsx"
    unit = replace(A, name=f"Xã{sign}")
    bad = replace(good(A, c1_1_b=9, c1_3_1=f"năm{sign}"), path=path, unit_name=unit.name)
    refused = RefusedFile(path.with_name(f"b{sign}.xlsx"), "unreadable", f"hỏng{sign}")
    out = written(consolidate(FEW_RULES, [bad, refused], (unit,)), tmp_path / "th.xlsx")
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not any(NO_TEXT.search(part) for part in parts.values())
    assert not any(".xlsx" in part for name, part in parts.items() if name.endswith(".rels"))
    for sheet, begun in ((FINDINGS, r"a.+\.xlsx"), (MATRIX, "Xã.+"), (MATRIX, "năm.+")):
        shown = [text for text in map(str, cells(out, sheet).values()) if re.fullmatch(begun, text)]
        assert shown, begun
        assert sign not in "".join(shown)


@pytest.mark.parametrize("folders", [6, 40], ids=["for-excel", "for-any-disk"])
def test_very_long_paths_are_written_without_a_link(tmp_path, folders):
    """A path longer than Excel's links can be, or than a disk's, is there as text."""
    path = tmp_path.joinpath(*[" " * 150 + "a"] * folders, "tệp.xlsx")
    out = written(consolidate(FEW_RULES, [replace(good(A), path=path)], (A,)), tmp_path / "th.xlsx")
    cell = openpyxl.load_workbook(out)[MATRIX]["B5"]
    assert (cell.value, cell.hyperlink) == (A.name, None)


def test_link_follows_a_file_that_is_one_itself(tmp_path):
    """A file that only points to another is linked to where it lies."""
    (tmp_path / "thật").mkdir()
    (tmp_path / "thật" / "a.xlsx").touch()
    (tmp_path / "b.xlsx").symlink_to(tmp_path / "thật" / "a.xlsx")
    links = FileLinks(tmp_path / "ra")
    target = os.path.join("..", "thật", "a.xlsx")
    assert links.target(tmp_path / "b.xlsx") == links.target(tmp_path / "thật" / "a.xlsx") == target


def test_link_to_another_drive_is_absolute(monkeypatch, tmp_path):
    """On Windows a file on another drive has no relative path."""

    def no_relative_path(*_):
        raise ValueError("path is on mount 'C:', start on mount 'D:'")

    monkeypatch.setattr(os.path, "relpath", no_relative_path)
    assert FileLinks(tmp_path).target(tmp_path / "a b.xlsx") == f"{tmp_path}/a%20b.xlsx"
