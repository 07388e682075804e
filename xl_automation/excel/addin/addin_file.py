"""The places that the add-in's settings name, as shipped and as set to one PC."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path

XLWINGS = "0.37.8"  # its module names its DLL by this version; pyproject.toml pins it too
HOME = "%LOCALAPPDATA%\\CCHC"
PYTHON = HOME + "\\python\\python.exe"
_STRINGS = "xl/sharedStrings.xml"


def settled(parts: Mapping[str, bytes], home: Path, python: Path) -> dict[str, bytes]:
    """Return *parts* with the settings naming this PC's *home* and *python*."""
    strings = parts[_STRINGS].decode()
    for shipped, here in ((PYTHON, python), (HOME, home)):
        strings = strings.replace(escape(shipped), escape(str(here)))
    return {**parts, _STRINGS: strings.encode()}


def interpreter(parts: Mapping[str, bytes]) -> str | None:
    """Return the interpreter that the settings name; None if this is no add-in of ours."""
    strings = parts.get(_STRINGS, b"").decode("utf-8", "replace")
    match = re.search("<t>Interpreter_Win</t></si><si><t>(.*?)</t>", strings)
    return match and unescape(match[1])
