"""The built add-in, as a file.

Requirements: two builds are identical; what lies in ``workbook/`` is what the sources
give; the package, its VBA project and its ribbon pass every check there is without Excel.
"""

from __future__ import annotations

import importlib.util
import io
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import olefile
import pytest
from pyopenvba import ExcelFile, check_file
from python_calamine import CalamineWorkbook

from tests.support.office import Office
from xl_automation.excel.addin.build import SETTINGS, build_addin, modules
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.package import read_parts


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A freshly built add-in."""
    path = tmp_path_factory.mktemp("addin") / "CCHC.xlam"
    build_addin(path)
    return path


def _parts(path: Path) -> dict[str, bytes]:
    return read_parts(path.read_bytes())


def test_build_twice_gives_identical_files(addin: Path, tmp_path: Path) -> None:
    """The same sources give the same bytes."""
    build_addin(tmp_path / "again.xlam")
    assert (tmp_path / "again.xlam").read_bytes() == addin.read_bytes()


def test_shipped_addin_is_what_the_sources_give(addin: Path) -> None:
    """The add-in in ``workbook/`` is up to date (else: remove it, ``cchc addin build`` it)."""
    assert _parts(WORKBOOK / "CCHC.xlam") == _parts(addin)


def test_olevba_reads_every_module(addin: Path) -> None:
    """The usual macro scanner finds our modules, letter by letter."""
    with warnings.catch_warnings(action="ignore"):  # its parser library's own
        from oletools.olevba import VBA_Parser

        macros = list(VBA_Parser(str(addin)).extract_macros())
    found = {name: code for _, _, name, code in macros if name.endswith(".bas")}
    with_code = {name.removesuffix(".bas"): code for name, code in found.items()}
    assert {name: code.rstrip() for name, code in with_code.items()} == {
        name: source.rstrip() for name, source in modules().items()
    }


def test_pyopenvba_finds_nothing_wrong(addin: Path) -> None:
    """The VBA project agrees with itself and with its package."""
    with ExcelFile(addin) as excel:
        assert excel.validate() == []
    report = check_file(addin)
    assert report.complete
    assert report.issues == ()


def test_open_xml_sdk_finds_nothing_wrong(
    addin: Path, open_xml_errors: Callable[..., list[str]]
) -> None:
    """Microsoft's own validator accepts the package."""
    assert open_xml_errors(addin) == []


def test_package_is_an_addin_with_ribbon(addin: Path) -> None:
    """Content type and ribbon relationship are the pair that Excel 2013 and later look for."""
    parts = _parts(addin)
    types = parts["[Content_Types].xml"].decode()
    assert 'ContentType="application/vnd.ms-excel.addin.macroEnabled.main+xml"' in types
    assert 'Extension="bin" ContentType="application/vnd.ms-office.vbaProject"' in types
    ribbon = (
        'Target="customUI/customUI14.xml" '
        'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"'
    )
    assert ribbon in parts["_rels/.rels"].decode()


def test_settings_stand_in_the_hidden_sheet(addin: Path) -> None:
    """The settings stand where xlwings' module looks: from A1 down in a hidden sheet."""
    book = CalamineWorkbook.from_path(addin)
    assert [sheet.name for sheet in book.sheets_metadata if "Hidden" in str(sheet.visible)] == [
        "CCHC.conf"
    ]
    rows = book.get_sheet_by_name("CCHC.conf").to_python()
    assert {str(name): value for name, value in rows} == SETTINGS


def test_code_names_are_those_of_the_document_modules(addin: Path) -> None:
    """Workbook and sheets name the document modules of the project; another name corrupts it."""
    parts = _parts(addin)
    sheets = sorted(name for name in parts if name.startswith("xl/worksheets/sheet"))
    names = [
        re.findall(r'codeName="(\w+)"', parts[name].decode())
        for name in ("xl/workbook.xml", *sheets)
    ]
    assert names == [["ThisWorkbook"], ["Sheet1"], ["Sheet2"]]
    assert [line for line in _project(parts["xl/vbaProject.bin"]) if "Document=" in line] == [
        f"Document={name}/&H00000000" for (name,) in names
    ]


def test_structure_is_that_of_the_addin_xlwings_ships(addin: Path) -> None:
    """Relations and project keys are those of an add-in known to work in Excel."""
    spec = importlib.util.find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    theirs = _parts(Path(spec.origin).with_name("quickstart_addin_ribbon.xlam"))
    ours = _parts(addin)
    for part in ("_rels/.rels", "xl/_rels/workbook.xml.rels"):
        relations = [
            re.findall(r'Type="([^"]+)"', parts[part].decode()) for parts in (theirs, ours)
        ]
        assert set(relations[0]) == set(relations[1])
    projects = [_project(parts["xl/vbaProject.bin"]) for parts in (theirs, ours)]
    heads = [project[: project.index("[Workspace]")] for project in projects]
    keys = [{line.partition("=")[0] for line in head} for head in heads]
    assert keys[0] - {"Class"} == keys[1]


def _project(binary: bytes) -> list[str]:
    with olefile.OleFileIO(io.BytesIO(binary)) as compound:
        return compound.openstream("PROJECT").read().decode("ascii").splitlines()


STUB = """Attribute VB_Name = "xlwings"
Public Function RunPython(PythonCommand As String)
    ThisWorkbook.Sheets("CCHC").Range("A9").Value = PythonCommand
End Function
Public Function GetConfig(configKey As String) As Variant
    GetConfig = "{file}"
End Function
Public Function XLPy()
End Function
"""


@pytest.mark.office
@pytest.mark.parametrize(
    ("file", "command"),
    [
        (__file__, "from xl_automation.excel.buttons.runner import run; run('check')"),
        ("/no/such/python.exe", ""),
    ],
    ids=["interpreter", "no-interpreter"],
)
def test_callback_in_libreoffice_runs_its_button(
    office: Office, tmp_path: Path, file: str, command: str
) -> None:
    """The ribbon's VBA runs in a real Basic and hands the button to Python, if there is one.

    LibreOffice cannot compile xlwings' module, nor the 64-bit words of a Declare: the module is
    stood in for, the words are left out. Two subs are emptied: the message box, and ``Auto_Open``,
    whose timer could start a second macro in the middle of the button's.
    """
    sources = modules() | {"xlwings": STUB.format(file=file).replace("\n", "\r\n")}
    ribbon = sources["CCHC_Ribbon"].replace("PtrSafe ", "").replace("LongPtr", "Long")
    body = r"(?s)(Sub (?:Tell|Auto_Open)\([^)]*\)\r\n).*?(?=End Sub)"
    sources["CCHC_Ribbon"], emptied = re.subn(body, r"\1", ribbon)
    assert emptied == 2
    build_addin(tmp_path / "CCHC.xlam", sources)
    options = {"FilterName": "Calc MS Excel 2007 VBA XML", "MacroExecutionMode": 4}
    with office.open(tmp_path / "CCHC.xlam", **options) as book:
        url = (
            "vnd.sun.star.script:VBAProject.CCHC_Ribbon.RunButton?language=Basic&location=document"
        )
        book.document.getScriptProvider().getScript(url).invoke(("check",), (), ())
        assert book.value("CCHC", "A9") == command
