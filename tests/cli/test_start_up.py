"""Requirements of the start: nobody waits for what a command does not use.

S1 Help, the version and a mistyped verb load no library of figures, workbooks or colours.
S2 A check of one workbook loads what reads and checks it, and no room beyond.
S3 ``--version`` says the version of the program, which stands in one place.
"""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import xl_automation
from tests.support.builders import FORM
from tests.support.paths import ROOT
from xl_automation.cli.main import main
from xl_automation.template.build import build_template

FIGURES = {"numpy", "pandas"}
WORKBOOKS = {"openpyxl", "xlsxwriter", "lxml", "zipfile"}
OTHERS = {"dask", "distributed", "rich", "xlwings"}


def loaded(*arguments: object) -> set[str]:
    """Return the modules that Python loads for a command, as Python itself lists them."""
    command = [sys.executable, "-X", "importtime", "-m", "xl_automation", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT)
    assert "Traceback" not in done.stderr
    return set(re.findall(r"^import time:.*\| +(\S+)$", done.stderr, re.MULTILINE))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["check", "--help"], ["--version"], ["chek"], []], ids=" ".join
)
def test_nothing_is_loaded_for_help(arguments):
    """The first of them is what a person sees who only wants to know what there is."""
    modules = loaded(*arguments)
    assert "xl_automation.cli.main" in modules
    assert modules.isdisjoint(FIGURES | WORKBOOKS | OTHERS)


def test_check_loads_what_it_uses(tmp_path):
    """Neither what writes workbooks nor the rooms of the summary and of returned reports."""
    report = tmp_path / "xã.xlsx"
    report.write_bytes(build_template(FORM, "commune"))
    modules = loaded("check", report)
    assert modules >= {"pandas", "xl_automation.checks.rules"}
    assert modules.isdisjoint({"openpyxl", "xlsxwriter"} | OTHERS - {"rich"})
    rooms = {name.split(".")[1] for name in modules if name.startswith("xl_automation.")}
    assert rooms.isdisjoint({"consolidation", "summary", "editing"})


def test_version_is_that_of_the_program(capsys):
    """Name and number, and nothing else is done."""
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"cchc {xl_automation.__version__}\n"
