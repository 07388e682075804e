"""The custom functions as an add-in of LibreOffice Calc, built from their signatures, for tests.

`build` writes the extension; `install` puts it into a running `Office`, whose profile forgets it
when it stops. ``calc_component.py`` is what LibreOffice runs, ``calc_answers.py`` what computes.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tests.support.office import Office, import_uno
from tests.support.paths import ROOT
from xl_automation.excel.functions.cell_function import Argument, Signature

HERE = Path(__file__).parent
SECONDS = 60  # the longest a function may think

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="functions.idl"
 manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="component.py"
 manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
<manifest:file-entry manifest:full-path="CalcAddIns.xcu"
 manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""
_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006">
<identifier value="{service}"/><version value="1"/></description>
"""
_REGISTRY = """<?xml version="1.0" encoding="UTF-8"?>
<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:package="org.openoffice.Office"
 oor:name="CalcAddIns"><node oor:name="AddInInfo"><node oor:name="{service}" oor:op="replace">
<node oor:name="AddInFunctions">{functions}</node></node></node></oor:component-data>
"""
_FUNCTION = """
<node oor:name="{name}" oor:op="replace">{texts}
<prop oor:name="Category"><value>Add-In</value></prop>
<node oor:name="Parameters">{parameters}</node></node>"""
_PARAMETER = """
<node oor:name="{name}" oor:op="replace">{texts}</node>"""
# English is what LibreOffice falls back on in every other language.
_TEXT = """
<prop oor:name="{name}"><value xml:lang="en">{text}</value></prop>"""

# A range: only so do error cells get through, and blanks are not 0.
_REQUIRED = "com::sun::star::table::XCellRange"
_OPTIONAL = "any"  # the only type that Calc lets out


def build(
    target: Path,
    signatures: Sequence[Signature],
    name: str = "Cchc",
    path: Sequence[Path] = (ROOT,),
    seconds: float = SECONDS,
) -> Path:
    """Write the extension with some custom functions to *target*; return *target*.

    Args:
        target: The .oxt file.
        signatures: The functions.
        name: Tells extensions in one LibreOffice apart.
        path: Where their modules are imported from.
        seconds: The longest a function may think.
    """
    settings = {
        "service": f"vn.cchc.{name}",
        "interface": f"vn.cchc.X{name}",
        "functions": {signature.name: signature.module for signature in signatures},
        "command": [sys.executable, str(HERE / "calc_answers.py")],
        "path": ":".join(map(str, path)),
        "seconds": seconds,
    }
    functions = "".join(map(_function, signatures))
    with zipfile.ZipFile(target, "w") as parts:
        parts.writestr("META-INF/manifest.xml", _MANIFEST)
        parts.writestr("description.xml", _DESCRIPTION.format(**settings))
        parts.writestr("functions.idl", _types(name, signatures))
        parts.writestr("CalcAddIns.xcu", _REGISTRY.format(**settings | {"functions": functions}))
        parts.writestr("settings.json", json.dumps(settings))
        parts.write(HERE / "calc_component.py", "component.py")
    return target


def _types(name: str, signatures: Sequence[Signature]) -> str:
    """Return the interface that Calc asks about types; the first argument is the document.

    UNO takes no argument with an underscore in its name.
    """
    methods = [
        f"sequence< sequence< any > > {signature.name}("
        + ", ".join(
            ["[in] com::sun::star::beans::XPropertySet document"]
            + [
                f"[in] {_OPTIONAL if argument.optional else _REQUIRED} p{position}"
                for position, argument in enumerate(signature.arguments)
            ]
        )
        + ");"
        for signature in signatures
    ]
    return f"module vn {{ module cchc {{ interface X{name} {{ {' '.join(methods)} }}; }}; }};"


def _function(signature: Signature) -> str:
    parameters = [
        _PARAMETER.format(name=f"p{position}", texts=_texts(argument))  # taken in order of name
        for position, argument in enumerate(signature.arguments)
    ]
    return _FUNCTION.format(
        name=signature.name, texts=_texts(signature), parameters="".join(parameters)
    )


def _texts(item: Signature | Argument) -> str:
    texts = {"DisplayName": item.name, "Description": item.doc}
    return "".join(_TEXT.format(name=name, text=escape(text)) for name, text in texts.items())


def install(office: Office, extension: Path) -> None:
    """Install *extension* in a running *office*, which must not have opened a workbook yet.

    `unopkg` would do it too, but not for root.
    """
    manager = office.singleton("com.sun.star.deployment.ExtensionManager")
    try:
        manager.addExtension(extension.resolve().as_uri(), (), "user", None, _Consent())
    except office.uno_exception() as error:  # which no context manager can let through
        raise RuntimeError(f"LibreOffice does not install {extension}: {error.Message}") from None


class _Consent:
    """Whoever LibreOffice asks whether to install; the answer is yes."""

    def __init__(self) -> None:
        self._uno = import_uno()

    def getTypes(self) -> tuple[Any, ...]:
        names = "ucb.XCommandEnvironment", "task.XInteractionHandler"
        return tuple(self._uno.getTypeByName(f"com.sun.star.{name}") for name in names)

    def getImplementationId(self) -> Any:
        return self._uno.ByteSequence(b"")

    def getInteractionHandler(self) -> _Consent:
        return self

    def getProgressHandler(self) -> None:
        return None

    def handle(self, request: Any) -> None:
        approve = self._uno.getTypeByName("com.sun.star.task.XInteractionApprove")
        for way in request.getContinuations():
            if chosen := way.queryInterface(approve):
                chosen.select()
