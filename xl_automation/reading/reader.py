"""Workbook → submission.

The form says where every figure stands; the file gives only values. Labels, units, defined names,
form and version must be those that were issued, else the file is refused by name. Percentages are
never taken from the file: :mod:`figures` recomputes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK, CellValue, Reading, read_number
from xl_automation.forms.period import Period
from xl_automation.forms.rule import SHOWN_META
from xl_automation.forms.words import plain_text, same_text
from xl_automation.reading.cells import Cell, FormCells, Formula, same_formula
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.identity import as_date, level_of, period_of
from xl_automation.reading.locate import Located, find_sheets, locate
from xl_automation.reading.places import places_of
from xl_automation.reading.remark import Remark
from xl_automation.reading.strict_reading import read_strictly
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import open_for_reading
from xl_automation.xlsx.refusal import Refusal


def read_submission(path: Path | str, form: Form) -> Submission:
    """Return what the workbook at *path* says.

    Raises:
        Refusal: If the file cannot be read or trusted.
    """
    package = open_for_reading(Path(path))
    try:
        place = locate(package, form)
        cells = read_fast(place) or _read_exactly(place)
        submission = understand(form, cells, place.book.names, package.path)
    except Refusal:
        package.check_all()  # that it is broken or hostile is told before anything else
        raise
    return replace(submission, sha256=package.sha256, size=package.size, saved=package.saved)


def _read_exactly(place: Located) -> FormCells:
    from xl_automation.reading.exact_cells import read_exactly  # seldom needed

    return read_exactly(place)


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
        self.places = places_of(form)

    def submission(self) -> Submission:
        self._verify_identity()
        self._verify_names()
        self._verify_labels()
        code, name = self._unit()
        period = self._period()
        return Submission(
            path=self.path,
            form_id=self.form.id,
            form_version=self.form.version,
            level=level_of(self.form, self._info_text("TT_CAP") or ""),
            unit_code=code,
            unit_name=name,
            period=period,
            readings=self._readings(),
            notes=self._notes(),
            dates=self._dates(),
            report_number=self._info_text("TT_SO_BAO_CAO"),
            previous=self._previous(),
            remarks=tuple(self._remarks(name, period)),
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
        for name, expected in self.places.names.items():
            place = self.names.get(name)
            if place != f"{self.page}!{expected}":
                raise Refusal(
                    "altered-form",
                    where=f"ô tên {name}",
                    expected=expected,
                    found=place.cell if place else "không có",
                )

    def _verify_labels(self) -> None:
        for address, expected in self.places.labels.items():
            printed = self.cells.page.get(address, "")
            if printed != expected and not same_text(printed, expected):
                raise Refusal(
                    "altered-form",
                    where=f"ô {address}",
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

    def _remarks(self, unit: str | None, period: Period | None) -> Iterator[Remark]:
        if unit is None:
            yield Remark("no-unit", cells=(positions.info_place("TT_DON_VI"),))
        if period is None:
            names = ("TT_KY", "TT_NAM")
            seen = " ".join(filter(None, map(self._info_text, names)))
            yield Remark("no-period", cells=tuple(map(positions.info_place, names)), seen=seen)

    def _dates(self) -> dict[str, date]:
        days = {id: as_date(self._info(positions.META_CELLS[id])) for id in SHOWN_META}
        return {id: day for id, day in days.items() if day}

    def _notes(self) -> dict[str, str]:
        notes = {}
        for id, address in self.places.notes.items():
            value = self.cells.page.get(address)
            if value is None:
                continue
            note = read_number(self._value(self.page, address, value), "count")
            if text := plain_text(note.text if note.number is None else note.value):
                notes[id] = text
        return notes

    def _readings(self) -> dict[str, Reading]:
        readings = {}
        for item, address in self.places.rows:
            value = self.cells.page.get(address)
            if value is None:
                readings[item.id] = BLANK
            elif isinstance(value, Formula) and self._is_issued(item.id, value):
                continue  # computed from its parts
            elif item.is_computed:  # typed over a formula
                readings[item.id] = read_strictly(self._value(self.page, address, value))
            else:
                readings[item.id] = read_number(self._value(self.page, address, value), item.kind)
        for id, address in self.places.helpers.items():
            readings[id] = self._strictly(self.page, self.cells.page, address)
        for id, table, name, address in self.places.tables:
            if table_cells := self.cells.tables.get(table):
                readings[id] = self._strictly(self.names[name].sheet, table_cells, address)
        return readings

    def _strictly(self, sheet: str, cells: Mapping[str, Cell], address: str) -> Reading:
        value = cells.get(address)
        return BLANK if value is None else read_strictly(self._value(sheet, address, value))

    def _is_issued(self, id: str, formula: Formula) -> bool:
        """Whether a percentage's cell holds the formula that it was issued with."""
        issued = self.places.issued.get(id)
        return issued is not None and (formula.text == issued or same_formula(formula.text, issued))

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
        for id, address in self.places.previous.items():
            value = self.cells.page.get(address)
            if not isinstance(value, (int, float)) or isinstance(value, bool):
                continue
            number = read_number(value, "count").number
            if number is not None:
                numbers[id] = number
        return period, numbers
