"""Programs that others wrote, each saving a workbook again in its own way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pandas as pd
import xlsxwriter

from tests.support.paths import ROOT

Save = Callable[[Path, Path], None]


def by_openpyxl(source: Path, target: Path) -> None:
    """Load and save with openpyxl."""
    openpyxl.load_workbook(source).save(target)


def by_xlsxwriter(source: Path, target: Path) -> None:
    """Write every value, number format and name anew with XlsxWriter."""
    old = openpyxl.load_workbook(source)
    with xlsxwriter.Workbook(target, {"strings_to_numbers": False}) as new:
        for sheet in old:
            written = new.add_worksheet(sheet.title)
            for cell in (cell for line in sheet.iter_rows() for cell in line):
                look = new.add_format({"num_format": cell.number_format})
                place = cell.row - 1, cell.column - 1
                if cell.data_type == "f":
                    written.write_formula(*place, str(cell.value), look, "")
                elif cell.data_type == "e":
                    written.write_string(*place, str(cell.value), look)
                elif isinstance(cell.value, str):
                    written.write_string(*place, cell.value, look)
                elif cell.value is not None:
                    written.write(*place, cell.value, look)
        for name, item in old.defined_names.items():
            new.define_name(name, f"={item.attr_text}")


def by_pandas(source: Path, target: Path) -> None:
    """Write the sheets anew as tables with pandas, which keeps no names."""
    sheets = pd.read_excel(source, sheet_name=None, header=None, engine="openpyxl")
    with pd.ExcelWriter(target, engine="xlsxwriter") as writer:
        for name, table in sheets.items():
            table.to_excel(writer, sheet_name=name, header=False, index=False)


def by_gnumeric(source: Path, target: Path) -> None:
    """Load and save with Gnumeric."""
    program = shutil.which("ssconvert")
    assert program, "gnumeric is not installed"
    done = subprocess.run([program, source, target], capture_output=True, check=False, timeout=120)
    assert target.exists(), done.stderr.decode()


def by_exceljs(source: Path, target: Path) -> None:
    """Load and save with exceljs."""
    _by_node("exceljs_save.js", source, target)


def by_sheetjs(source: Path, target: Path) -> None:
    """Load and save with SheetJS."""
    _by_node("sheetjs_save.js", source, target)


def _by_node(script: str, source: Path, target: Path) -> None:
    modules = os.pathsep.join([str(ROOT / "node_modules"), os.environ.get("NODE_PATH", "")])
    subprocess.run(
        ["node", Path(__file__).with_name(script), source, target],
        env={**os.environ, "NODE_PATH": modules},
        check=True,
        timeout=120,
    )


def by_excelize(source: Path, target: Path) -> None:
    """Load and save with excelize."""
    import excelize

    book = excelize.open_file(str(source))
    book.save_as(str(target))
    book.close()


def by_ironcalc(source: Path, target: Path) -> None:
    """Load, compute and save with IronCalc."""
    import ironcalc

    with quiet():
        model = ironcalc.load_from_xlsx(str(source), "en", "UTC", "en")
        model.evaluate()
        target.unlink(missing_ok=True)  # it overwrites none
        model.save_to_xlsx(str(target))


def by_betteroffice(source: Path, target: Path) -> None:
    """Load and save with BetterOffice."""
    import betteroffice_xlsx

    target.write_bytes(betteroffice_xlsx.Workbook.open(source.read_bytes()).save())


def by_formualizer(source: Path, target: Path) -> None:
    """Load and save with formualizer."""
    import formualizer

    target.write_bytes(formualizer.load_workbook(str(source)).to_xlsx_bytes())


@contextmanager
def quiet() -> Iterator[None]:
    """Send what a library writes past Python's streams nowhere."""
    sys.stdout.flush()
    kept, nowhere = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        yield
    finally:
        for number, copy in zip((1, 2), kept, strict=True):
            os.dup2(copy, number)
            os.close(copy)
        os.close(nowhere)


WRITERS: Mapping[str, Save] = {
    "openpyxl": by_openpyxl,
    "XlsxWriter": by_xlsxwriter,
    "pandas": by_pandas,
    "Gnumeric": by_gnumeric,
    "exceljs": by_exceljs,
}
