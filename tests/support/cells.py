"""Types values and formulas into any cells of a workbook, as they stand in its XML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from lxml import etree

from xl_automation.forms.form import Form
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor
from xl_automation.xlsx.xml_part import MAIN


def filled(
    path: Path,
    form: Form,
    fill: Mapping[str, CellContent],
    notes: Mapping[str, str] | None = None,
    content: bytes | None = None,
    info: Mapping[str, CellContent] | None = None,
) -> Path:
    """Write a workbook with values in its figures, helpers and tables, notes and identity."""
    layout = Layout(form)
    cells: dict[str, object] = {layout.place(id): value for id, value in fill.items()}
    for id, text in (notes or {}).items():
        cells[f"{form.sheet}!{positions.NOTE}{layout.rows[id]}"] = text
    for name, value in (info or {}).items():
        cells[f"{positions.INFO_SHEET}!{positions.INFO_VALUE}{positions.INFO_ROWS[name][0]}"] = (
            value
        )
    return typed(path, cells, content or build_template(form))


def typed(path: Path, cells: Mapping[str, object], content: bytes) -> Path:
    """Write a workbook with values, or formulas as ``(formula, result)``, in its cells."""
    parts = read_parts(content)
    for sheet in {place.rpartition("!")[0] for place in cells}:
        mine = {p.rpartition("!")[2]: v for p, v in cells.items() if p.startswith(f"{sheet}!")}
        edit_sheet(parts, sheet, partial(_type, mine))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zip_parts(parts))
    return path


def _type(cells: Mapping[str, object], editor: SheetEditor) -> None:
    for address, value in cells.items():
        editor.need(address)
        if isinstance(value, tuple):
            _type_formula(editor.cells[address], *value)
        elif isinstance(value, bool):
            _store(editor.cells[address], "b", str(int(value)))
        elif isinstance(value, str) and value.startswith("#"):
            _store(editor.cells[address], "e", value)
        else:
            editor.set(address, value)  # type: ignore[arg-type]


def _type_formula(cell: etree._Element, formula: str, result: float | str | None) -> None:
    _store(cell, "str" if isinstance(result, str) else "n", None if result is None else str(result))
    element = etree.Element(f"{{{MAIN}}}f")
    element.text = formula
    cell.insert(0, element)


def _store(cell: etree._Element, kind: str, text: str | None) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.set("t", kind)
    if text is not None:
        etree.SubElement(cell, f"{{{MAIN}}}v").text = text
