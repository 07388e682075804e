"""The add-in's own VBA, xlwings' module included, run by a VBA interpreter instead of Excel.

Requirements: a button runs its Python function, custom functions start their server, with
the settings of the hidden sheet and from a workbook with a Vietnamese path. The commands that VBA
asks Windows for are those that ``test_wine.py`` really runs.
"""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath
from typing import Any

import pytest
from openpyxl import Workbook
from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.interpreter import MISSING, VBAInt, VBAObject, method, to_text

from tests.support.wine import pythonpath, run_command, server_command
from xl_automation.excel.addin.addin_file import settled
from xl_automation.excel.addin.build import modules
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.package import read_parts, zip_parts

HOME = "C:\\CCHC"
PYTHON = f"{HOME}\\python\\python.exe"

# What the interpreter does not know of Excel and of VBA, stated as Excel would have it.
KNOWN = {
    "Application.Hwnd": "65552",
    "Application.Path & ": '"C:\\Office" & ',
    "Kill LOG_FILE": "",
    "MkDir ": "MakeThere ",
    "In Range(sht.": "In sht.Range(sht.",
    'GetConfig("SHOW CONSOLE", False) = True': "False",
    'GetConfig("DEBUG UDFS", False)': "False",
    'GetConfig("USE UDF SERVER", False)': "False",
}
FILES = """
Public Function GetAttr(PathName As String) As Long
    If PathName <> "{existing}" Then Err.Raise 53
End Function
Public Function Environ(Name As String) As String
    Environ = "C:\\Users\\clerk"
End Function
Public Function MessageBoxW(hWnd, Text, Caption, Flags) As Long
    MsgBox Text
End Function
Public Sub MakeThere(Folder)
    MsgBox Folder
End Sub
Public Function StrPtr(Text)
    StrPtr = Text
End Function
"""


class Shell(VBAObject):
    """Windows' ``WScript.Shell``, which notes what it is asked to run."""

    vba_type_name = "IWshShell3"

    def __init__(self) -> None:
        self.ran: list[str] = []

    @method
    def ExpandEnvironmentStrings(self, text: object) -> object:  # noqa: D102
        return text

    @method
    def Run(self, command: object, style: object = MISSING, wait: object = MISSING) -> object:  # noqa: D102
        self.ran.append(to_text(command))
        return VBAInt(0, "Long")


class Excel:
    """An Excel in memory with the installed add-in and a clerk's workbook in front."""

    def __init__(self, folder: Path, existing: str) -> None:
        self.addin = folder / "CCHC.xlam"
        shipped = read_parts((WORKBOOK / "CCHC.xlam").read_bytes())
        places: list[Any] = [PureWindowsPath(HOME), PureWindowsPath(PYTHON)]
        self.addin.write_bytes(zip_parts(settled(shipped, *places)))
        self.app = ExcelApplication.open(self.addin, with_vba=False)
        self.shell = Shell()
        self.app.interpreter.host.create = lambda name: self.shell  # type: ignore[method-assign]
        self.app.add_module(FILES.format(existing=existing), name="Files")
        for name, source in modules().items():
            self.app.add_module(_understood(source), name=name)
        self.workbook = folder / "Báo cáo & xã Đắk Nông — tháng 7.xlsx"
        Workbook().save(self.workbook)
        self.app.activate_workbook(self.app.open_workbook(self.workbook))
        self.paths = pythonpath(str(self.workbook), str(self.addin), "")


def _understood(source: str) -> str:
    """Return a module's text without the comments on its directives, and with `KNOWN` filled in."""
    text = re.sub(r"(?m)^(\s*#[^'\r\n]*?)\s*'.*?(?=\r$)", r"\1", source)
    text = re.sub(r"(?s)Private Declare PtrSafe Function MessageBoxW.*?As Long\r\n\r\n", "", text)
    for theirs, ours in KNOWN.items():
        text = re.sub(re.escape(theirs), lambda _, ours=ours: ours, text, flags=re.IGNORECASE)
    return text


def test_server_command_of_vba_is_the_one_wine_runs(tmp_path: Path) -> None:
    """A custom function starts the server with the command that is tested under Wine."""
    excel = Excel(tmp_path, PYTHON)
    assert excel.app.run("XLPyCommand") == server_command(PYTHON, excel.paths)


@pytest.mark.parametrize("id", ["check", "consolidate"])
def test_button_command_of_vba_is_the_one_wine_runs(tmp_path: Path, id: str) -> None:
    """A button runs its function with the command that is tested under Wine."""
    excel = Excel(tmp_path, PYTHON)
    excel.app.run("RunButton", id)
    (ran,) = excel.shell.ran
    made = [message for _, message, _, _ in excel.app.dialogs]
    assert made == [HOME, f"{HOME}\\log"]  # where they were deleted, nothing would run
    (log,) = re.findall(r'2> "(.*?)"', ran)
    assert re.fullmatch(r"C:\\CCHC\\log\\xlwings-[0-9A-F-]{36}\.log", log)
    assert ran == run_command(PYTHON, excel.paths, id, excel.workbook.name, log)


def test_button_without_interpreter_says_what_to_do(tmp_path: Path) -> None:
    """Where Python is gone the user reads a Vietnamese sentence and nothing is run."""
    excel = Excel(tmp_path, "nowhere")
    excel.app.run("RunButton", "check")
    assert excel.shell.ran == []
    ((_, message, _, _),) = excel.app.dialogs
    assert message.startswith("Không tìm thấy Python của bộ CCHC:\n" + PYTHON)
