"""Workbook → submission.

The form says where every figure stands; the file gives only values. Labels, units, defined names,
form and version must be those that were issued, else the file is refused by name. Percentages are
never taken from the file: :mod:`figures` recomputes them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK, CellValue, Reading, read_number
from xl_automation.forms.period import Period
from xl_automation.forms.rule import SHOWN_META
from xl_automation.forms.words import plain_text
from xl_automation.reading.cells import Cell, FormCells, Formula, printed_text, prints, same_formula
from xl_automation.reading.copies import other_sheets, remarks_of_copies
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.identity import as_date, level_of, period_of, verify_identity
from xl_automation.reading.locate import (
    Located,
    SheetNames,
    find_sheets,
    later_place,
    locate,
    located,
)
from xl_automation.reading.old_letter_remarks import (
    RunsOf,
    no_fonts,
    old_letter_remarks,
    runs_of_file,
)
from xl_automation.reading.own_time import own_time
from xl_automation.reading.places import places_of
from xl_automation.reading.remark import Remark
from xl_automation.reading.strict_reading import read_strictly
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.issued_sheet import IssuedSheet
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import Package, open_for_reading
from xl_automation.xlsx.refusal import Refusal

_MENDABLE = ("altered-form", "wrong-form")  # what may be said of a workbook that can be rescued


def read_submission(path: Path | str, form: Form) -> Submission:
    """Return what the workbook at *path* says.

    Raises:
        Refusal: If the file cannot be read or trusted.
    """
    package = open_for_reading(Path(path))
    try:
        submission = _read(package, form)
    except Refusal as refusal:
        package.check_all()  # that it is broken or hostile is told before anything else
        rescued = _rescued(package, form) if refusal.code in _MENDABLE else None
        if rescued is None:
            raise
        submission = rescued
    return replace(
        submission,
        sha256=package.sha256,
        size=package.size,
        saved=package.saved,
        written=own_time(package.parts),
    )


def _read(package: Package, form: Form) -> Submission:
    """Return what a workbook says that stands as issued."""
    place = locate(package, form)
    cells = read_fast(place) or _read_exactly(place)
    runs = runs_of_file(place)
    submission = understand(form, cells, place.book.names, package.path, runs)
    others = other_sheets(place)
    if not others:
        return submission
    remarks = _remarks_of_copies(form, place, others)
    return replace(submission, remarks=(*submission.remarks, *remarks))


def _remarks_of_copies(form: Form, place: Located, others: Sequence[str]) -> list[Remark]:
    """Return that other sheets are copies of the form; a sheet that nobody can read is none."""
    # All of them are read in one way, so that what is the same is read the same.
    page, names = place.sheets.page, (*place.sheets.all, *others)
    sheets = SheetNames(page, page, {name: name for name in names})
    try:
        beside = located(place.package, place.book, sheets)
        read = read_fast(beside) or _read_exactly(beside)
    except Refusal as refusal:
        if refusal.is_passing:
            raise
        return []
    return remarks_of_copies(form, place, read.tables, others)


def _rescued(package: Package, form: Form) -> Submission | None:
    """Return what a workbook says whose rows, columns or names were moved or lost."""
    from xl_automation.reading.rescue import rescue  # seldom needed

    rescued = rescue(package, form)
    if rescued is None:
        return None
    submission = understand(form, rescued.cells, rescued.names, package.path)
    return replace(submission, remarks=(*rescued.remarks, *submission.remarks))


def _read_exactly(place: Located) -> FormCells:
    from xl_automation.reading.exact_cells import read_exactly  # seldom needed

    return read_exactly(place)


def understand(
    form: Form,
    cells: FormCells,
    names: Mapping[str, Address],
    path: Path,
    runs: RunsOf = no_fonts,
) -> Submission:
    """Return what the cells of a workbook say, of a file or of one open in Excel.

    Args:
        form: The form.
        cells: The cells of its sheets.
        names: The cell of each defined name.
        path: What the workbook is called.
        runs: Tells the fonts of a cell.

    Raises:
        Refusal: If it is not the form as issued.
    """
    sheets = find_sheets(names, form)
    submission = _Reader(form, cells, names, sheets.page, path).submission()
    remarks = old_letter_remarks(form, places_of(form), cells, sheets, runs)
    return replace(submission, remarks=(*submission.remarks, *remarks))


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
        verify_identity(self.form, self.cells.info)
        self._verify_sheets()
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
            row_labels=self._row_labels(),
            dates=self._dates(),
            report_number=self._info_text("TT_SO_BAO_CAO"),
            previous=self._previous(),
            remarks=tuple(self._remarks(name, period)),
            seal=self._info_text(positions.SEAL_CELL) if self._has(positions.SEAL_CELL) else None,
            due=as_date(self._info(positions.DUE_CELL)) if self._has(positions.DUE_CELL) else None,
            is_city_appendix=positions.APPENDIX_NAME in self.names,
        )

    def _info(self, name: str) -> Cell:
        return self.cells.info.get(positions.info_cell(name))

    def _info_text(self, name: str) -> str | None:
        return printed_text(self._info(name)) or None

    def _has(self, name: str) -> bool:
        return later_place(self.names, name) is not None

    def _verify_sheets(self) -> None:
        """Refuse what is not printed and named as issued."""
        self._verify_names(self.places.page, self.page)
        self._verify_texts(self.places.page, self.cells.page)
        for address, heading in self.places.page.headings.items():
            printed, colon = plain_text(self.cells.page.get(address)), positions.CAPTION_END
            if not f"{printed}{colon}".startswith(f"{plain_text(heading)}{colon}"):
                raise Refusal("altered-form", where=f"ô {address}", expected=heading, found=printed)
        for id, cells in self.cells.tables.items():
            issued = self.places.issued_tables[id]
            sheet = self.names[next(iter(issued.names))].sheet
            self._verify_names(issued, sheet)
            self._verify_texts(issued, cells, f" sheet “{sheet}”")

    def _verify_names(self, issued: IssuedSheet, sheet: str) -> None:
        for name, expected in issued.names.items():
            place = self.names.get(name)
            if place != f"{sheet}!{expected}":
                raise Refusal(
                    "altered-form",
                    where=f"ô tên {name}",
                    expected=expected,
                    found=place.cell if place else "không có",
                )

    @staticmethod
    def _verify_texts(issued: IssuedSheet, cells: Mapping[str, Cell], on: str = "") -> None:
        for address, expected in issued.texts.items():
            printed = cells.get(address, "")
            if printed != expected and not prints(printed, expected):
                raise Refusal(
                    "altered-form",
                    where=f"ô {address}{on}",
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
            seen = quoted(" ".join(filter(None, map(self._info_text, names))))
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

    def _row_labels(self) -> dict[str, str]:
        labels = {}
        for id, table, name, address in self.places.row_labels:
            value = self.cells.tables.get(table, {}).get(address)
            if value is not None:
                text = printed_text(self._value(self.names[name].sheet, address, value))
                labels.update({id: text} if text else {})
        return labels

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
                content = self._value(self.page, address, value)
                readings[item.id] = read_number(content, item.kind, self.form.codes_in(item))
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
