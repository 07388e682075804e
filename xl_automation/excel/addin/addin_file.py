"""The add-in's zip package, and the settings that xlwings' module reads from its hidden sheet."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

from xl_automation.excel.addin.signatures import MODULE

PROJECT = "CCHC"
XLWINGS = "0.37.8"  # its module names its DLL by this version; pyproject.toml pins it too
HOME = "%LOCALAPPDATA%\\CCHC"
PYTHON = HOME + "\\python\\python.exe"
# Looked up in the sheet "<project>.conf"; environment variables expand there.
SETTINGS = {
    "Interpreter_Win": PYTHON,
    "ADD_WORKBOOK_TO_PYTHONPATH": "false",  # a workbook on OneDrive has no local folder
    "UDF Modules": MODULE,
    "TEMP DIR": HOME + "\\log",  # VBA's own choice breaks on a user name that is not ASCII
}
_STRINGS = "xl/sharedStrings.xml"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def read_package(path: Path) -> dict[str, bytes]:
    """Return the parts of a package in their order."""
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def write_package(out: Path, parts: Mapping[str, bytes]) -> None:
    """Write *parts* as a zip that depends on nothing but them."""
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, content)


def settled(parts: Mapping[str, bytes], home: Path, python: Path) -> dict[str, bytes]:
    """Return *parts* with the settings naming this PC's *home* and *python*."""
    strings = parts[_STRINGS].decode()
    for shipped, here in ((PYTHON, python), (HOME, home)):
        strings = strings.replace(escape(shipped), escape(str(here)))
    return {**parts, _STRINGS: strings.encode()}


def interpreter(parts: Mapping[str, bytes]) -> str | None:
    """Return the interpreter that the settings name; None if this is no add-in of ours."""
    strings = parts.get(_STRINGS, b"").decode("utf-8", "replace")
    found = re.search("<t>Interpreter_Win</t></si><si><t>(.*?)</t>", strings)
    return found and unescape(found[1])
