"""Workbook → submission.

The form says where every figure stands; the file gives only values. Labels, units, defined names,
form and version must be those that were issued, else the file is refused by name. Percentages are
never taken from the file: :mod:`figures` recomputes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellValue, Reading, read_number
from xl_automation.forms.period import Period
from xl_automation.forms.rule import SHOWN_META
from xl_automation.forms.words import plain_text, same_text
from xl_automation.reading.cells import Cell, FormCells, Formula, issued_formulas, same_formula
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.identity import as_date, level_of, period_of
from xl_automation.reading.locate import defined_names, find_sheets
from xl_automation.reading.strict_reading import read_strictly
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.refusal import Refusal


def read_submission(path: Path | str, form: Form) -> Submission:
    """Return what the workbook at *path* says.

    Raises:
        Refusal: If the file cannot be read or trusted.
    """
    package = open_package(Path(path))
    names = defined_names(package)
    sheets = find_sheets(names, form)
    cells = read_fast(package, sheets, form) or read_exactly(package, sheets)
    submission = understand(form, cells, names, package.path)
    return replace(submission, sha256=package.sha256, size=package.size, saved=package.saved)


def understand(
    form: Form, cells: FormCells, names: Mapping[str, Address], path: Path
) -> Submission:
    """Return what the cells of a workbook say, of a file or of one open in Excel.

    Args:
        form: The form.
        cells: The cells of its sheets.
        names: The cell of each defined name.
        path: What the workbook is called.

    Raises:
        Refusal: If it is not the form as issued.
    """
    return _Reader(form, cells, names, find_sheets(names, form).page, path).submission()


class _Reader:
    """Reads one workbook whose cells are known."""

    def __init__(
        self,
        form: Form,
        cells: FormCells,
        names: Mapping[str, Address],
        page: str,
        path: Path,
    ):
        self.form, self.cells, self.names = form, cells, names
        self.page, self.path = page, path
        self.layout = Layout(form)
        self._issued = issued_formulas(self.layout)

    def submission(self) -> Submission:
        self._verify_identity()
        self._verify_names()
        self._verify_labels()
        code, name = self._unit()
        return Submission(
            path=self.path,
            form_id=self.form.id,
            form_version=self.form.version,
            level=level_of(self.form, self._info_text("TT_CAP") or ""),
            unit_code=code,
            unit_name=name,
            period=self._period(),
            readings=self._readings(),
            notes=self._notes(),
            dates=self._dates(),
            report_number=self._info_text("TT_SO_BAO_CAO"),
            previous=self._previous(),
        )

    def _info(self, name: str) -> Cell:
        return self.cells.info.get(positions.info_cell(name))

    def _info_text(self, name: str) -> str | None:
        value = self._info(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return plain_text(value) or None

    def _verify_identity(self) -> None:
        id = self._info_text(positions.FORM_CELL)
        if id != self.form.id:
            raise Refusal("wrong-form", expected=self.form.name, reason=f"mã biểu là “{id}”")
        version = self._info_text("TT_PHIEN_BAN")
        if version != self.form.version:
            raise Refusal("wrong-version", found=version, expected=self.form.version)

    def _verify_names(self) -> None:
        for item in self.form.figures:
            expected, place = self.layout.cell(item.id), self.names.get(item.name)
            if place != f"{self.page}!{expected}":
                raise Refusal(
                    "altered-form",
                    where=f"ô tên {item.name}",
                    expected=expected,
                    found=place.cell if place else "không có",
                )

    def _verify_labels(self) -> None:
        for item in self.form.indicators:
            row = self.layout.rows[item.id]
            issued = (
                (positions.STT, item.stt),
                (positions.LABEL, item.label),
                (positions.UNIT, item.unit),
            )
            for column, expected in issued:
                printed = self.cells.page.get(f"{column}{row}")
                if not same_text(printed, expected):
                    raise Refusal(
                        "altered-form",
                        where=f"ô {column}{row}",
                        expected=expected,
                        found=plain_text(printed),
                    )

    def _unit(self) -> tuple[str | None, str | None]:
        text = self._info_text("TT_DON_VI")
        if text is None:
            return None, None
        code, separator, name = text.partition(positions.UNIT_SEPARATOR)
        return (code.strip(), name.strip()) if separator else (None, text)

    def _period(self) -> Period | None:
        kind, year = self._info_text("TT_KY"), self._info_text("TT_NAM")
        return period_of(self.form, kind or "", year or "")

    def _dates(self) -> dict[str, date]:
        days = {id: as_date(self._info(positions.META_CELLS[id])) for id in SHOWN_META}
        return {id: day for id, day in days.items() if day}

    def _notes(self) -> dict[str, str]:
        notes = {}
        for item in self.form.figures:
            address = f"{positions.NOTE}{self.layout.rows[item.id]}"
            note = read_number(
                self._value(self.page, address, self.cells.page.get(address)), "count"
            )
            if text := plain_text(note.text if note.number is None else note.value):
                notes[item.id] = text
        return notes

    def _readings(self) -> dict[str, Reading]:
        readings = {}
        for item in self.form.indicators:
            address = self.layout.cell(item.id)
            value = self.cells.page.get(address)
            if isinstance(value, Formula) and self._is_issued(item.id, value):
                continue  # computed from its parts
            if item.is_computed:  # typed over a formula
                readings[item.id] = read_strictly(self._value(self.page, address, value))
            else:
                readings[item.id] = read_number(self._value(self.page, address, value), item.kind)
        for id in self.form.helper_ids:
            address = self.layout.cell(id)
            value = self.cells.page.get(address)
            readings[id] = read_strictly(self._value(self.page, address, value))
        for id in self.form.table_inputs:
            table, column, row = self.form.table_cells[id]
            if table_cells := self.cells.tables.get(table.id):
                address = positions.table_cell(table, column, row)
                sheet = self.names[table.name].sheet
                readings[id] = read_strictly(self._value(sheet, address, table_cells.get(address)))
        return readings

    def _is_issued(self, id: str, formula: Formula) -> bool:
        """Whether a percentage's cell holds the formula that it was issued with."""
        issued = self._issued.get(id)
        return issued is not None and (
            formula.text is None or same_formula(formula.text, issued)  # None: compared already
        )

    def _value(self, sheet: str, address: str, value: Cell) -> CellValue:
        """Return a cell's value; of a formula that a clerk typed, the result that was saved."""
        if not isinstance(value, Formula):
            return value
        result = self.cells.cached(sheet, address)
        return value.text if result is None else result

    def _previous(self) -> tuple[Period, dict[str, float]] | None:
        """Return the earlier period that the workbook was issued with, and its figures."""
        code = self._info_text("TT_KY_TRUOC")
        if code is None:
            return None
        try:
            period = self.form.period(code)
        except UserError:
            return None
        numbers = {}
        for item in self.form.figures:
            value = self.cells.page.get(f"{positions.PREVIOUS}{self.layout.rows[item.id]}")
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                numbers[item.id] = float(value)
        return period, numbers
