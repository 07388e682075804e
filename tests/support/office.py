"""Drive a real LibreOffice Calc from the tests, through UNO.

`Office` runs one headless soffice with a throw-away profile; `Office.open` gives a `Book`.
Tests take the fixtures ``office`` and ``clerk_office`` of ``conftest.py`` instead of making one.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Self

SYSTEM_PACKAGES = "/usr/lib/python3/dist-packages"  # where Debian's python3-uno puts uno.py
XLSX = "Calc MS Excel 2007 XML"
RECALC_MODES = {"always": 0, "never": 1, "prompt": 2}  # OOXMLRecalcMode; "never" is the default
START_SECONDS = 90
STOP_SECONDS = 20

_ENVIRONMENT = {
    "LC_ALL": "C.UTF-8",  # or file names must be ASCII
    "PATH": os.defpath,  # its own Python takes its library from the first python3 on the PATH
}

_SPREADSHEET = "com.sun.star.sheet.SpreadsheetDocument"
_RETURN, _DELETE = 1280, 1286  # com.sun.star.awt.Key

_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{mode}</value></prop></item>
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>{locale}</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Misc">
<prop oor:name="UseLocking" oor:op="fuse"><value>false</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True, slots=True)
class OfficeError:
    """The error a cell shows, such as ``OfficeError("#DIV/0!")``. A value, not an exception."""

    code: str


CellValue = float | str | OfficeError


class OfficeMissingError(RuntimeError):
    """LibreOffice or its Python bridge is not installed; the message says what to install."""


def import_uno() -> ModuleType:
    """Return LibreOffice's ``uno`` module, leaving ``sys.path`` and ``import`` as they were.

    ``uno`` replaces the built-in ``__import__`` by one that knows UNO types; nothing here needs
    it, and the code under test must not run with it.
    """
    plain_import = builtins.__import__
    sys.path.append(SYSTEM_PACKAGES)
    try:
        import uno
    except ImportError as error:
        raise OfficeMissingError(
            f"Python {sys.version.split()[0]} cannot import uno ({error}): "
            "install python3-uno and run the tests with the Python it was built for"
        ) from error
    finally:
        sys.path.remove(SYSTEM_PACKAGES)
        builtins.__import__ = plain_import
    return uno


def find_soffice() -> str:
    """Return the path of the soffice program."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        raise OfficeMissingError("soffice is not on the PATH: install libreoffice-calc")
    return found


class Office:
    """One headless LibreOffice, started on first use and again if it died.

    Args:
        recalc: Whether formulas of an .xlsx are recalculated on opening; ``"never"`` is what an
            untouched LibreOffice does.
        locale: How typed text is read and numbers are shown, such as ``vi-VN``.
    """

    def __init__(
        self,
        recalc: Literal["always", "never", "prompt"] = "always",
        locale: str = "en-US",
    ) -> None:
        self._settings = _SETTINGS.format(mode=RECALC_MODES[recalc], locale=locale)
        self._uno = import_uno()
        self._soffice = find_soffice()
        self._home: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._context: Any = None
        self._desktop: Any = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id of the running soffice, ``None`` when there is none."""
        return self._process.pid if self._process else None

    def open(self, path: Path | str, **options: object) -> Book:
        """Return the workbook at *path*, opened.

        Args:
            path: The workbook.
            options: LibreOffice's own load options, such as ``Password="…"``.
        """
        self.start()
        url = Path(path).resolve(strict=True).as_uri()
        document = self._desktop.loadComponentFromURL(url, "_blank", 0, self.properties(**options))
        if document is None or not document.supportsService(_SPREADSHEET):
            raise ValueError(f"LibreOffice does not open {path} as a workbook")
        return Book(self, document)

    @contextlib.contextmanager
    def text(self, path: Path) -> Iterator[Any]:
        """Give the text document at *path*, opened in Writer."""
        self.start()
        hidden = self.properties(Hidden=True)
        document = self._desktop.loadComponentFromURL(path.as_uri(), "_blank", 0, hidden)
        if document is None:
            raise ValueError(f"LibreOffice does not open {path}: install libreoffice-writer")
        try:
            yield document
        finally:
            document.close(True)

    def store_text(self, document: Any, path: Path, filter_name: str) -> Path:
        """Write a text document to *path*; return the path."""
        document.storeToURL(path.as_uri(), self.properties(FilterName=filter_name))
        return path

    def properties(self, **values: object) -> tuple[Any, ...]:
        """Return *values* as UNO's named arguments."""
        return tuple(
            self.struct("com.sun.star.beans.PropertyValue", Name=name, Value=value)
            for name, value in values.items()
        )

    def start(self) -> None:
        """Start soffice unless it is running and answers."""
        if self._answers():
            return
        self.stop()
        self._home = Path(tempfile.mkdtemp(prefix="office-"))
        settings = self._home / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(self._settings, encoding="utf-8")
        pipe = f"office-{uuid.uuid4().hex}"
        with (self._home / "soffice.log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    self._soffice,
                    f"-env:UserInstallation={(self._home / 'profile').as_uri()}",
                    f"--accept=pipe,name={pipe};urp;",
                    *("--headless", "--norestore", "--nologo", "--nodefault"),
                ],
                env=os.environ | _ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._context = self._connect(pipe)
        self._desktop = self.create("com.sun.star.frame.Desktop")

    def stop(self) -> None:
        """Stop soffice, by force if it does not obey, and remove its profile."""
        process, self._process = self._process, None
        if process is not None:
            try:
                if process.poll() is None and self._desktop is not None:
                    self._desktop.terminate()
                process.wait(STOP_SECONDS)
            except (self.uno_exception(), subprocess.TimeoutExpired):
                pass  # it hangs or fell over while stopping: the kill below settles it
            _kill_group(process)
        self._context = self._desktop = None
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def kill(self) -> None:
        """Kill soffice; whatever waits for its answer gets an exception."""
        if self._process is not None:
            _kill_group(self._process)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None or self._desktop is None:
            return False
        try:
            return bool(self._desktop.getImplementationName())
        except self.uno_exception():
            return False

    def _connect(self, pipe: str) -> Any:
        local = self._uno.getComponentContext()
        resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
        url = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(url)
            except self.uno_exception():
                if time.monotonic() > deadline or self._process.poll() is not None:
                    log = (self._home / "soffice.log").read_text(errors="replace")
                    self.stop()
                    raise RuntimeError(f"soffice did not start:\n{log}") from None
            time.sleep(0.05)

    def create(self, service: str) -> Any:
        """Return a new object of the UNO *service*."""
        return self._context.ServiceManager.createInstanceWithContext(service, self._context)

    def singleton(self, name: str) -> Any:
        """Return the one UNO object called *name* that soffice has."""
        return self._context.getValueByName(f"/singletons/{name}")

    def struct(self, kind: str, **fields: object) -> Any:
        """Return a new UNO structure of the *kind* with its *fields* filled."""
        made = self._uno.createUnoStruct(kind)
        for name, value in fields.items():
            setattr(made, name, value)
        return made

    def char(self, character: str) -> Any:
        """Return *character* as UNO's type of that name."""
        return self._uno.Char(character)

    def enum(self, kind: str, name: str) -> Any:
        """Return the value called *name* of the UNO enumeration *kind*."""
        return self._uno.Enum(kind, name)

    def any(self, kind: str, value: object) -> Any:
        """Return *value* as UNO's any of the type *kind*, such as a sequence of structures."""
        return self._uno.Any(kind, value)

    def uno_exception(self) -> type[Exception]:
        """Return the class of every exception that LibreOffice raises."""
        return self._uno.getClass("com.sun.star.uno.Exception")


class Book:
    """An open workbook. Rows, columns and sheets are named as in Excel: ``Phụ lục!D12``."""

    def __init__(self, office: Office, document: Any) -> None:
        self._office = office
        self.document = document

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Reading

    def sheets(self) -> tuple[str, ...]:
        """Return the names of the sheets, in order."""
        return tuple(self.document.Sheets.ElementNames)

    def sheet(self, name: str) -> Any:
        """Return the UNO sheet *name*, for what `Book` does not cover."""
        return self.document.Sheets.getByName(name)

    def value(self, sheet: str, cell: str) -> CellValue:
        """Return what *cell* holds: a number, a text, ``""`` when blank, or an `OfficeError`."""
        return self.values(sheet, cell)[0][0]

    def values(self, sheet: str, area: str) -> tuple[tuple[CellValue, ...], ...]:
        """Return what the cells of *area* (``D8:D129``) hold, row by row, as `value` does."""
        cells = self.sheet(sheet).getCellRangeByName(area)
        return tuple(
            tuple(
                OfficeError(cells.getCellByPosition(x, y).String) if value is None else value
                for x, value in enumerate(row)
            )
            for y, row in enumerate(cells.getDataArray())
        )

    def column(self, sheet: str, area: str) -> tuple[CellValue, ...]:
        """Return what the cells of the one-column *area* hold, from top to bottom."""
        return tuple(value for (value,) in self.values(sheet, area))

    def shown(self, sheet: str, cell: str) -> str:
        """Return the text *cell* displays, number format applied."""
        return str(self._cell(sheet, cell).String)

    def formula(self, sheet: str, cell: str) -> str:
        """Return the formula of *cell* with its ``=``, or the entry as text when it has none."""
        return str(self._cell(sheet, cell).Formula)

    def names(self) -> dict[str, str]:
        """Return the workbook's defined names and what they refer to, in Calc's notation."""
        ranges = self.document.NamedRanges
        return {name: ranges.getByName(name).Content for name in ranges.ElementNames}

    def is_protected(self, sheet: str) -> bool:
        """Return whether *sheet* is protected."""
        return bool(self.sheet(sheet).isProtected())

    def is_locked(self, sheet: str, cell: str) -> bool:
        """Return whether *cell* is marked locked (which counts once its sheet is protected)."""
        return bool(self._cell(sheet, cell).CellProtection.IsLocked)

    def invalid(self, sheet: str) -> list[str]:
        """Return the cells of *sheet* whose content breaks their validation, such as ``D12``.

        This is Calc's own "Mark Invalid Data"; its circles are removed again.
        """
        page = self.sheet(sheet).DrawPage
        before = page.Count
        self.sheet(sheet).showInvalid()
        circles = [page.getByIndex(index) for index in range(before, page.Count)]
        cells = [circle.Anchor.AbsoluteName.rpartition(".")[2] for circle in circles]
        self.sheet(sheet).clearArrows()
        return [cell.replace("$", "") for cell in cells]

    # Writing past protection and validation, as a program can

    def type(self, sheet: str, cell: str, value: float | str | None) -> None:
        """Store a number as a number, a text as the text it is, ``None`` as a blank cell.

        Protection and validation are not asked: see `try_type` for what a person can do.
        """
        if isinstance(value, str | None):
            self._cell(sheet, cell).setString(value or "")
        else:
            self._cell(sheet, cell).setValue(value)

    def type_formula(self, sheet: str, cell: str, formula: str) -> None:
        """Store *formula*, written in English with ``;`` between arguments."""
        self._cell(sheet, cell).setFormula(formula)

    def set_many(self, sheet: str, values: Mapping[str, float | str | None]) -> None:
        """Store many cells as `type` does and recalculate once."""
        self.document.enableAutomaticCalculation(False)
        for cell, value in values.items():
            self.type(sheet, cell, value)
        self.document.enableAutomaticCalculation(True)
        self.document.calculate()

    # What a person at the keyboard can do

    def try_type(self, sheet: str, cell: str, text: str) -> bool:
        """Type *text* into *cell*, key by key as a person does; return whether the cell changed.

        Calc reads the text by the locale of the office: in ``vi-VN``, ``4.860.000`` is a number.
        A locked cell of a protected sheet and one that cannot be selected stay as they are. So
        does a cell whose validation stops or warns: the message box is answered with Cancel.
        Empty *text* is the Delete key.
        """
        controller = self.document.CurrentController
        controller.setActiveSheet(self.sheet(sheet))
        helper = self._office.create("com.sun.star.frame.DispatchHelper")
        point = self._office.properties(ToPoint=cell)
        helper.executeDispatch(controller.Frame, ".uno:GoToCell", "", 0, point)
        target = self._cell(sheet, cell)
        selected = self.document.CurrentSelection
        if selected.AbsoluteName.partition(":")[0] != target.AbsoluteName:
            return False
        before = target.Formula
        self._press(text)
        return bool(target.Formula != before)

    def recalculate(self, hard: bool = True) -> None:
        """Recalculate every formula, or with ``hard=False`` only those that need it."""
        if hard:
            self.document.calculateAll()
        else:
            self.document.calculate()

    # Out

    def save_as(self, path: Path | str, filter_name: str = XLSX) -> Path:
        """Write a copy of the workbook to *path*; return the path."""
        return self._store(path, filter_name)

    def to_pdf(self, path: Path | str) -> Path:
        """Print the workbook to a PDF at *path*; return the path."""
        return self._store(path, "calc_pdf_Export")

    def close(self) -> None:
        """Close without saving. Closing twice is allowed."""
        if self.document is not None:
            document, self.document = self.document, None
            document.close(True)

    def _cell(self, sheet: str, cell: str) -> Any:
        return self.sheet(sheet).getCellRangeByName(cell).getCellByPosition(0, 0)

    def _press(self, text: str) -> None:
        """Send the keys of *text* and Return, or Delete alone, and wait until they are handled."""
        toolkit = self._office.create("com.sun.star.awt.Toolkit")
        window = self.document.CurrentController.Frame.ComponentWindow
        window.setFocus()
        keys = [(0, key) for key in text] + [(_RETURN, "\r")] if text else [(_DELETE, "\x7f")]
        for code, key in keys:
            event = self._office.struct(
                "com.sun.star.awt.KeyEvent",
                Source=window,
                KeyCode=code,
                KeyChar=self._office.char(key),
            )
            toolkit.keyPress(event)
            toolkit.keyRelease(event)
        toolkit.processEventsToIdle()

    def _store(self, path: Path | str, filter_name: str) -> Path:
        target = Path(path).resolve()
        arguments = self._office.properties(FilterName=filter_name, Overwrite=True)
        self.document.storeToURL(target.as_uri(), arguments)
        return target


def pdf_pages(path: Path, dpi: int = 60) -> list[Path]:
    """Return one PNG picture per page of the PDF at *path*, written beside it, in order."""
    path = Path(path)
    prefix = path.with_suffix("")
    subprocess.run(
        [_poppler("pdftoppm"), "-r", str(dpi), "-png", str(path), str(prefix)],
        check=True,
        capture_output=True,
    )
    return sorted(path.parent.glob(f"{prefix.name}-*.png"))


def pdf_text(path: Path) -> str:
    """Return the text of the PDF at *path*, laid out as printed; pages end in a form feed."""
    command = [_poppler("pdftotext"), "-layout", str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def _poppler(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        raise OfficeMissingError(f"{program} is not on the PATH: install poppler-utils")
    return found


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process that leads its own group, and reap it."""
    with contextlib.suppress(ProcessLookupError):  # all gone already
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
