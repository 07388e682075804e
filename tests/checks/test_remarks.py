"""Requirements of remarks: what reading noticed beside the figures.

R1 A workbook that does not say whose it is, or for which period, is not clean: ``check`` says so
   by name, in words and in JSON, and its exit status is 1.
R2 The cells that are to be filled are named.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM, workbook
from xl_automation.checks.check import check
from xl_automation.cli.main import main
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.xlsx.package import read_parts, set_cells, zip_parts


def without(path: Path, names: Sequence[str]) -> Path:
    """Empty cells of the information sheet of a workbook; return *path*."""
    parts = read_parts(path.read_bytes())
    set_cells(parts, {positions.info_place(name): None for name in names})
    path.write_bytes(zip_parts(parts))
    return path


CASES = {
    "nothing": ((), {}),
    "unit": (("TT_DON_VI",), {"no-unit": ("Thông tin!B4",)}),
    "year": (("TT_NAM",), {"no-period": ("Thông tin!B5", "Thông tin!B6")}),
}


@pytest.mark.parametrize(("cleared", "expected"), CASES.values(), ids=CASES)
def test_missing_identity_is_remarked(tmp_path, cleared, expected):
    """Flawless figures of nobody, or for no period, are not clean (R1, R2)."""
    path = without(workbook(tmp_path / "a.xlsx", COMMUNE), cleared)
    findings = check(FORM, read_submission(path, FORM))
    assert {one.rule: one.cells for one in findings} == expected


def test_command_says_so(tmp_path, capsys):
    """In words, in JSON and by its exit status (R1)."""
    path = without(workbook(tmp_path / "a.xlsx", COMMUNE), ("TT_DON_VI",))
    assert main(["check", str(path)]) == 1
    assert "Ô Thông tin!B4 · chưa chọn đơn vị" in capsys.readouterr().out
    assert main(["check", str(path), "--json", "-"]) == 1
    (report,) = json.loads(capsys.readouterr().out)["files"]
    assert report["status"] == "findings"
    (finding,) = report["findings"]
    assert (finding["rule"], finding["severity"]) == ("no-unit", "error")
