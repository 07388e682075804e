"""A workbook as read or refused, as plain data: what travels between processes and is remembered.

A record has only lists, texts, numbers and None, so that JSON and any process can carry it, and it
says nothing of where the file lay. Whoever hands one back may have changed it: each value is
looked at again, and a record that no reader could have made is damaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate
from math import isfinite
from pathlib import Path
from typing import Any, TypeVar

from xl_automation.forms.cell_formats import UNFIT
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK, Reading, absence_in, kept_reading
from xl_automation.forms.period import Period
from xl_automation.forms.rule import SHOWN_META
from xl_automation.reading.own_time import moment
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.remark import REMARKS, Remark
from xl_automation.reading.submission import Submission
from xl_automation.wording import sentence
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.refusal import MESSAGES

Record = list[Any]
Value = TypeVar("Value")
READ, REFUSED = "read", "refused"
_BLANK_CELL = 0  # no reading has an int, so this is no number


class DamagedRecord(Exception):
    """A record that was not made by ``Records.of`` for this form."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a record does not say of its file.

    Attributes:
        path: The file.
        sha256: The hash of its bytes.
        size: Its length in bytes.
        saved: When it was last written, seconds since 1970.
    """

    path: Path
    sha256: str
    size: int | None
    saved: float | None


class Records:
    """Makes records of the workbooks of one form, and reads them."""

    def __init__(self, form: Form):
        self._form = form
        # Records name no ids but have their places: short, and the ids of thousands of
        # submissions are the form's own texts instead of copies.
        self._ids = [*form.by_id, *form.helper_ids, *form.table_inputs]
        self._own = {id: id for id in self._ids}
        self._codes = {item.id: form.codes_in(item) for item in form.inputs if form.absences}
        self._open_rows = {id: id for table in form.tables for id in table.open_row_ids()}
        of_tables = Counter(form.table_cells[id][0].id for id in form.table_inputs)
        self._last_tables = {*accumulate(reversed(of_tables.values()))}  # how many cells they have
        self._kinds = {kind.code: kind for kind in form.period_kinds}

    def of(self, result: Submission | RefusedFile) -> Record:
        """Return the record of a workbook."""
        if isinstance(result, RefusedFile):
            return [REFUSED, result.code, result.message]
        strange = result.readings.keys() - self._own.keys()
        assert not strange, f"readings that the form does not have: {strange}"
        return [
            READ,
            result.level,
            result.unit_code,
            result.unit_name,
            _of_period(result.period),
            [_cell(result.readings.get(id)) for id in self._ids],
            dict(result.notes),
            {id: day.isoformat() for id, day in result.dates.items()},
            result.report_number,
            [[r.rule, [*r.indicators], [*r.cells], r.seen] for r in result.remarks],
            result.seal,
            result.previous and [_of_period(result.previous[0]), dict(result.previous[1])],
            result.due and result.due.isoformat(),
            result.is_city_appendix,
            dict(result.row_labels),
            result.written and result.written.isoformat(),
            self._form.version,
        ]

    def read(self, record: object, file: FileFacts) -> Submission | RefusedFile:
        """Return the workbook that *record* was made of, as it lies at *file* now.

        Raises:
            DamagedRecord: If it is none of this form.
        """
        try:
            kind, *facts = _list(record)
            if kind == REFUSED:
                return _refused_file(facts, file)
            _require(kind == READ)
            return self._submission(facts, file)
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise DamagedRecord(repr(error)) from error

    def _submission(self, facts: Record, file: FileFacts) -> Submission:
        level, code, name, period, cells, notes, dates, number, remarks, seal, *rest = facts
        previous, due, is_city_appendix, labels, written, *version = rest
        _require(version in ([], [self._form.version]) and type(is_city_appendix) is bool)
        _require(level in self._form.levels and file.size is not None and file.saved is not None)
        assert file.size is not None
        assert file.saved is not None
        days = self._mapping(dates, _text, {id: id for id in SHOWN_META})
        return Submission(
            path=file.path,
            form_id=self._form.id,
            form_version=self._form.version,
            level=level,
            unit_code=_text_or_none(code),
            unit_name=_text_or_none(name),
            period=None if period is None else self._period(period),
            readings={
                id: BLANK if cell == _BLANK_CELL and type(cell) is int else self._reading(id, cell)
                for id, cell in zip(self._ids, self._whole(_list(cells), version), strict=True)
                if cell is not None
            },
            notes=self._mapping(notes, _text, self._own),
            row_labels=self._mapping(labels, _text, self._open_rows),
            dates={id: date.fromisoformat(day) for id, day in days.items()},
            report_number=_text_or_none(number),
            remarks=tuple(map(self._remark, _list(remarks))),
            seal=_text_or_none(seal),
            sha256=file.sha256,
            size=file.size,
            previous=None if previous is None else self._previous(previous),
            due=None if due is None else date.fromisoformat(_text(due)),
            is_city_appendix=is_city_appendix,
            saved=file.saved,
            written=None if written is None else _moment(written),
        )

    def _whole(self, cells: Record, version: Record) -> Record:
        """Return a cell for each id.

        Records from before they had a version are also of forms that lacked the last tables.
        """
        lacks = len(self._ids) - len(cells)
        _require(lacks == 0 or (not version and lacks in self._last_tables))
        return [*cells, *[_BLANK_CELL] * lacks]

    def _reading(self, id: str, cell: object) -> Reading:
        """Return what a cell says; which text is a code follows from the text."""
        if type(cell) is str and id in self._codes:
            return kept_reading(text=cell, absence=absence_in(cell, self._codes[id]))
        return _reading(cell)

    def _remark(self, record: object) -> Remark:
        rule, ids, cells, seen = _list(record)
        _require(rule in REMARKS)
        places = tuple(map(Address, map(_text, _list(cells))))
        return Remark(rule, tuple(self._own[id] for id in _list(ids)), places, _text(seen))

    def _period(self, record: object) -> Period:
        year, kind = _list(record)
        _require(type(year) is int and 0 <= year <= 9999)
        return Period(year, self._kinds[kind])

    def _previous(self, record: object) -> tuple[Period, dict[str, float]]:
        period, numbers = _list(record)
        return self._period(period), self._mapping(numbers, _number, self._own)

    @staticmethod
    def _mapping(
        record: object, value: Callable[[object], Value], ids: Mapping[str, str]
    ) -> dict[str, Value]:
        _require(type(record) is dict)
        assert isinstance(record, dict)
        return {ids[id]: value(stated) for id, stated in record.items()}


def _refused_file(facts: Record, file: FileFacts) -> RefusedFile:
    code, message = facts
    _require(code in MESSAGES)
    return RefusedFile(
        file.path, code, sentence(_text(message)), file.sha256, file.size, file.saved
    )


def _moment(stated: object) -> datetime:
    time = moment(_text(stated))
    _require(time is not None)
    assert time is not None
    return time


def _of_period(period: Period | None) -> Record | None:
    return None if period is None else [period.year, period.kind.code]


def _cell(reading: Reading | None) -> object:
    """Return the shortest that says what stands in a cell: most are blank or a number."""
    if reading is None or reading.blank:
        return None if reading is None else _BLANK_CELL
    number = None if reading.number is None else float(reading.number)
    if reading.leading_zero or reading.shown_as or None not in (number, reading.text):
        return [number, reading.text, reading.leading_zero, reading.shown_as]
    return reading.text if number is None else number


def _reading(cell: object) -> Reading:
    if type(cell) is str:
        return kept_reading(text=cell)
    if type(cell) is float:
        return kept_reading(_number(cell))
    number, text, leading_zero, shown_as = _list(cell)
    _require(type(leading_zero) is bool)
    _require(shown_as is None or shown_as in UNFIT)
    stated = None if number is None else _number(number)
    return kept_reading(stated, _text_or_none(text), leading_zero, shown_as)


def _require(fits: bool) -> None:
    if not fits:
        raise ValueError("no such record")


def _list(value: object) -> Record:
    _require(type(value) is list)
    assert isinstance(value, list)
    return value


def _number(value: object) -> float:
    _require(type(value) is float and isfinite(value))
    assert isinstance(value, float)
    return value


def _text(value: object) -> str:
    _require(type(value) is str)
    assert isinstance(value, str)
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)
