"""Requirements of remarks: what reading noticed beside the figures.

R1 A workbook that does not say whose it is, or for which period, is not clean: ``check`` says so
   by name, in words and in JSON, and its exit status is 1.
R2 The cells that are to be filled are named.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD, UNIT, workbook
from xl_automation.checks.check import check
from xl_automation.cli.main import main
from xl_automation.reading.reader import read_submission
from xl_automation.reading.remark import REMARKS
from xl_automation.template.build import build_template


def remarked(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the remarks about a workbook with their cells."""
    findings = check(FORM, read_submission(path, FORM))
    return {one.rule: one.cells for one in findings if one.rule in REMARKS}


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ({"unit": UNIT, "period": PERIOD}, {}),
        ({"period": PERIOD}, {"no-unit": ("Thông tin!B4",)}),
        ({"unit": UNIT}, {"no-period": ("Thông tin!B5", "Thông tin!B6")}),
    ],
)
def test_missing_identity_is_remarked(tmp_path, issued, expected):
    """R1, R2"""
    path = tmp_path / "a.xlsx"
    path.write_bytes(build_template(FORM, "commune", **issued))
    assert remarked(path) == expected


def test_flawless_figures_of_nobody_are_not_clean(tmp_path, capsys):
    """R1"""
    path = workbook(tmp_path / "a.xlsx", COMMUNE)
    assert main(["check", str(path), "--json", "-"]) == 1
    (report,) = json.loads(capsys.readouterr().out)["files"]
    assert report["status"] == "findings"
    assert {(one["rule"], one["severity"]) for one in report["findings"]} == {
        ("no-unit", "error"),
        ("no-period", "error"),
    }
    assert all("Chọn" in one["message"] for one in report["findings"])
