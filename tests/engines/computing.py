"""Spreadsheet engines that others wrote, each computing whole workbooks.

An engine opens a workbook as a clerk's program left it, computes every formula anew and gives
the values of all its cells, or of those that hold formulas.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, time
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter
from openpyxl.utils.datetime import to_excel

from tests.engines.book_cells import BookCells, Value, Values, cells_of
from tests.support.office import Office, OfficeError
from tests.support.paths import ROOT
from tests.support.writers import quiet

Compute = Callable[[Sequence[Path]], Iterator[Values]]
NODE_SECONDS = 600
LOGICAL = 1024  # com.sun.star.util.NumberFormat


class Engine(NamedTuple):
    """An engine by name.

    Attributes:
        name: As its makers write it.
        licence: Its licence, by SPDX.
        package: Where it comes from: ``PyPI ironcalc``, ``npm hyperformula``, ``Debian gnumeric``.
        compute: Opens workbooks and yields the values of each.
        by_hand: Whether it is too slow for every run of the tests.
    """

    name: str
    licence: str
    package: str
    compute: Compute
    by_hand: bool = False


def cells_in_office(office: Office, path: Path, typed: Values) -> Values:
    """Return what LibreOffice computes where some cells are typed over; 1 and 0 for logical.

    A logical value in a cell with a format for numbers is one for LibreOffice, until it is told.
    """
    sheets = _areas(_cells(path))
    with office.open(path) as book:
        for sheet in sheets:
            book.sheet(sheet).unprotect("")
        book.document.enableAutomaticCalculation(False)
        logical = book.document.NumberFormats.getStandardFormat(LOGICAL, book.document.CharLocale)
        for place, value in typed.items():
            sheet, _, address = place.rpartition("!")
            if isinstance(value, bool):
                book.sheet(sheet).getCellRangeByName(address).NumberFormat = logical
            else:
                book.type(sheet, address, value if isinstance(value, float) else str(value or ""))
        book.document.enableAutomaticCalculation(True)
        book.document.calculate()
        return {
            f"{sheet}!{get_column_letter(x + 1)}{y + 1}": value
            for sheet, area in sheets.items()
            for y, row in enumerate(book.values(sheet, area))
            for x, value in enumerate(row)
        }


def _areas(cells: BookCells) -> dict[str, str]:
    """Return for each sheet the area from A1 that holds all of its cells."""
    ends: dict[str, tuple[int, int]] = {}
    for place in cells.formulas:
        sheet, _, address = place.rpartition("!")
        row, column = coordinate_to_tuple(address)
        last_row, last_column = ends.get(sheet, (1, 1))
        ends[sheet] = max(row, last_row), max(column, last_column)
    return {sheet: f"A1:{get_column_letter(x)}{y}" for sheet, (y, x) in ends.items()}


def by_gnumeric(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what Gnumeric computes and saves."""
    program = shutil.which("ssconvert")
    assert program, "gnumeric is not installed"
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            target = Path(folder, path.name)
            command = [program, "--recalc", path, target]
            subprocess.run(command, capture_output=True, check=True, timeout=NODE_SECONDS)
            yield cells_of(target).values


def by_ironcalc(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what IronCalc computes."""
    import ironcalc

    for path in paths:
        cells = _cells(path)
        with quiet():
            model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
            model.evaluate()
        yield {
            place: OfficeError(str(value))
            if model.get_cell_type(sheet, row, column) == ironcalc.CellType.ErrorValue
            else _value(value)
            for place, sheet, row, column in _formula_places(cells)
            for value in [model.get_cell_value(sheet, row, column)]
        }


def by_formualizer(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what formualizer computes."""
    import formualizer

    for path in paths:
        cells = _cells(path)
        book = formualizer.load_workbook(str(path))
        book.evaluate_all()
        yield {
            place: _value(book.get_value(cells.sheets[sheet], row, column))
            for place, sheet, row, column in _formula_places(cells)
        }


def by_betteroffice(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what BetterOffice computes."""
    import betteroffice_xlsx

    for path in paths:
        book = betteroffice_xlsx.Workbook.open(path.read_bytes())
        book.recalculate()
        yield {place: _value(book.value(*place.rsplit("!", 1))) for place in _cells(path).formulas}


def by_formulon(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what formulon computes as an Excel 365 on Windows does."""
    from formulon import ValueKind, Workbook, error_display_name

    for path in paths:
        with Workbook.load(path.read_bytes()) as book:
            book.set_excel_profile_id("win-365-en_US")
            book.recalc()
            yield {
                place: OfficeError(error_display_name(value.error_code))
                if value.kind is ValueKind.ERROR
                else _value(value.to_python())
                for place, sheet, row, column in _formula_places(_cells(path))
                for value in [book.get_value(sheet, row - 1, column - 1)]
            }


def by_formulas(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what formulas computes."""
    import formulas

    for path in paths:
        model = formulas.ExcelModel().loads(str(path)).finish()
        solution = model.calculate()
        yield {
            place: _of_array(solution, f"'[{path.name}]{sheet.upper()}'!{address}")
            for place in _cells(path).formulas
            for sheet, _, address in [place.rpartition("!")]
        }


def by_hyperformula(paths: Sequence[Path]) -> Iterator[Values]:
    """Yield what HyperFormula computes of the same contents, formulas and names."""
    for path in paths:
        cells = _cells(path)
        names = {name: f"={text}" for name, text in cells.names.items()}
        (values,) = _node("hyperformula_compute.js", [{"sheets": _rows(cells), "names": names}])
        yield {
            place: _value(_at(values[cells.sheets[sheet]], row, column))
            for place, sheet, row, column in _formula_places(cells)
        }


def _rows(cells: BookCells) -> dict[str, list[list[object]]]:
    """Return the contents of the sheets as rows, as one types them into HyperFormula.

    There a product of ranges within ``SUMPRODUCT`` must be said to be one.
    """
    sheets: dict[str, list[list[object]]] = {sheet: [] for sheet in cells.sheets}
    for place, value in cells.values.items():
        sheet, _, address = place.rpartition("!")
        row, column = coordinate_to_tuple(address)
        rows = sheets[sheet]
        rows.extend([] for _ in range(row - len(rows)))
        line = rows[row - 1]
        line.extend([None] * (column - len(line)))
        if place in cells.formulas:
            formula = cells.formulas[place]
            whole = f"ARRAYFORMULA({formula})" if "SUMPRODUCT(" in formula else formula
            line[column - 1] = f"={whole}"
        elif isinstance(value, OfficeError):
            line[column - 1] = value.code
        else:
            line[column - 1] = f"'{value}" if isinstance(value, str) else value
    return sheets


def _node(script: str, books: object) -> Any:
    """Return what a script for Node makes of JSON."""
    modules = os.pathsep.join([str(ROOT / "node_modules"), os.environ.get("NODE_PATH", "")])
    done = subprocess.run(
        ["node", ROOT / "tests" / "support" / script],
        input=json.dumps(books),
        env={**os.environ, "NODE_PATH": modules},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=NODE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _at(rows: list[list[object]], row: int, column: int) -> object:
    line = rows[row - 1] if row <= len(rows) else []
    return line[column - 1] if column <= len(line) else None


def _of_array(solution: Any, key: str) -> Value:
    from formulas.tokens.operand import XlError

    found = solution.get(key)
    value = None if found is None else found.value[0, 0]
    return OfficeError(str(value)) if isinstance(value, XlError) else _value(value)


def _formula_places(cells: BookCells) -> Iterator[tuple[str, int, int, int]]:
    """Yield each formula's place, and its sheet from 0, row and column from 1."""
    for place in cells.formulas:
        sheet, _, address = place.rpartition("!")
        yield place, cells.sheets.index(sheet), *coordinate_to_tuple(address)


_cells = cache(cells_of)


def _value(given: object) -> Value:
    """Return an engine's value as ours."""
    if isinstance(given, dict):  # HyperFormula's and formualizer's errors
        return OfficeError(str(given.get("value") or given.get("kind")))
    if given is None or isinstance(given, bool | OfficeError):
        return given
    if isinstance(given, int | float) and not isinstance(given, np.generic):
        return float(given)
    if isinstance(given, date | time):
        return float(to_excel(given))
    if isinstance(given, np.generic):
        return _value(given.item())
    text = str(given)
    return OfficeError(text) if text.startswith("#") and not isinstance(given, str) else text


ENGINES = (
    Engine("Gnumeric", "GPL-2.0-only OR GPL-3.0-only", "Debian gnumeric", by_gnumeric),
    Engine("HyperFormula", "GPL-3.0-only", "npm hyperformula", by_hyperformula),
    Engine("IronCalc", "MIT OR Apache-2.0", "PyPI ironcalc", by_ironcalc),
    Engine("formualizer", "MIT OR Apache-2.0", "PyPI formualizer", by_formualizer),
    Engine("BetterOffice", "Apache-2.0", "PyPI betteroffice-xlsx", by_betteroffice),
    Engine("formulon", "Apache-2.0", "PyPI formulon", by_formulon, by_hand=True),
    Engine("formulas", "EUPL-1.1+", "PyPI formulas", by_formulas, by_hand=True),
)


def installed(package: str) -> str:
    """Return the version of a package that is installed, such as ``PyPI ironcalc``."""
    source, _, name = package.partition(" ")
    if source == "PyPI":
        return metadata.version(name)
    if source == "npm":
        manifest = ROOT / "node_modules" / name / "package.json"
        return str(json.loads(manifest.read_text("utf-8"))["version"])
    query = ["dpkg-query", "--show", "--showformat=${Version}", name]
    return subprocess.run(query, capture_output=True, encoding="utf-8", check=True).stdout
