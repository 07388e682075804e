"""Builds ``CCHC.xlam`` from text, without Excel: the same sources give the same bytes.

XlsxWriter writes the workbook, pyOpenVBA its VBA project, of which the source alone is kept; what
neither knows, the ribbon and the add-in's content type, is set in the package.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import xlsxwriter
from pyopenvba import ExcelFile

from xl_automation.excel.addin.addin_file import HOME, PYTHON, XLWINGS
from xl_automation.excel.addin.vba import descriptions, to_ascii, wrappers
from xl_automation.excel.addin.vba_project import PART, source_only
from xl_automation.excel.functions.catalogue import MODULES, signatures
from xl_automation.shipped import MACROS
from xl_automation.xlsx.files import write_whole
from xl_automation.xlsx.package import read_parts, zip_parts

PROJECT = "CCHC"
# What xlwings' module looks up in the sheet "<project>.conf"; environment variables expand there.
SETTINGS = {
    "Interpreter_Win": PYTHON,
    "ADD_WORKBOOK_TO_PYTHONPATH": "false",  # a workbook on OneDrive has no local folder
    "UDF Modules": ";".join(MODULES),
    "TEMP DIR": HOME + "\\log",  # VBA's own choice breaks on a user name that is not ASCII
}
ABOUT = (
    "Tiện ích CCHC: các nút trên thẻ CCHC và các hàm CCHC_… dùng trong ô.",
    "Cấu hình nằm ở sheet ẩn CCHC.conf; lệnh cài đặt tự điền, không cần sửa tay.",
)
CREATED = datetime(2026, 1, 1)
_PLAIN_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBON = (
    '<Relationship Id="rIdRibbon" Target="customUI/customUI14.xml" '
    'Type="http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"/>'
)


def build_addin(out: Path, sources: Mapping[str, str] | None = None) -> None:
    """Write the add-in to *out*.

    Args:
        out: The ``.xlam`` to write.
        sources: The VBA modules as stored, by name; by default `modules`.

    Raises:
        UserError: If it cannot be written.
    """
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder, "base.xlsm")
        _write_workbook(base)
        with ExcelFile(base) as excel:
            project = excel.add_vba_project()
            for name, source in (sources or modules()).items():
                project.add_module(name, source)
            excel.save()
        parts = read_parts(base.read_bytes())
    _as_addin(parts)
    write_whole(out, zip_parts(parts))


def modules() -> dict[str, str]:
    """Return the add-in's VBA modules as stored, by name."""
    functions = signatures()
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(MACROS.glob("*.bas"))}
    sources |= {
        "CCHC_Help": descriptions(functions),
        "xlwings": _xlwings_module(),
        "xlwings_udfs": wrappers(functions),
    }
    return {name: to_ascii(name, source) for name, source in sources.items()}


def _xlwings_module() -> str:
    if version("xlwings") != XLWINGS:
        raise RuntimeError(f"the add-in is built with xlwings {XLWINGS}, not {version('xlwings')}")
    spec = importlib.util.find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).with_name("xlwings_custom_addin.bas").read_text(encoding="ascii")
    before, name, after = source.partition('PROJECT_NAME As String = "myaddin"')
    assert name
    return before + f'PROJECT_NAME As String = "{PROJECT}"' + after


def _write_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": PROJECT, "created": CREATED})
        book.add_worksheet(PROJECT).write_column(0, 0, ABOUT)
        settings = book.add_worksheet(f"{PROJECT}.conf")
        settings.hide()
        for row, pair in enumerate(SETTINGS.items()):
            settings.write_row(row, 0, pair)


def _as_addin(parts: dict[str, bytes]) -> None:
    """Turn the parts of a plain workbook into those of an add-in with a ribbon."""
    parts[PART] = source_only(parts[PART])
    parts["customUI/customUI14.xml"] = (MACROS / "ribbon.xml").read_bytes()
    _replace(parts, "[Content_Types].xml", _PLAIN_WORKBOOK, _ADDIN)
    _replace(parts, "_rels/.rels", "</Relationships>", _RIBBON + "</Relationships>")


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    text = parts[name].decode()
    assert text.count(old) == 1, (name, old)
    parts[name] = text.replace(old, new).encode()
