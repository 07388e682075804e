"""A range of cells → the figures of a form, for custom functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from xl_automation.checks.check import check_all
from xl_automation.checks.finding import Finding
from xl_automation.errors import UserError
from xl_automation.excel.functions.excel_errors import ERRORS
from xl_automation.excel.functions.grid import Grid, grid
from xl_automation.excel.functions.range_shapes import by_id, by_label, by_position
from xl_automation.forms import loader
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK, CellError, Reading, read_number, show
from xl_automation.forms.words import plain_text, with_label
from xl_automation.reading.figures import FigureRow, tabulate
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout


@dataclass(frozen=True)
class FormRange:
    """A commune's figures as they stand in a range.

    Attributes:
        listed: The ids that the range has.
        row: The figures.
    """

    listed: frozenset[str]
    row: FigureRow

    @property
    def form(self) -> Form:
        """The form whose figures these are."""
        return self.row.form

    def reading(self, id: str) -> Reading:
        """Return what stands in a cell, blank where nothing does."""
        return self.row.reading(id) or BLANK

    def typed(self, reading: Reading) -> str:
        """Return what stands in a cell that holds no number, in words; empty where nothing does."""
        if reading.absence:
            return f"ghi {self.form.absence[reading.absence].told}"
        return "" if reading.blank else f"ghi {show(reading.text)}, không phải là số"

    def named(self, id: str) -> str:
        """Return an id with its label."""
        return with_label(self.form, id)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks say, but for what is only about indicators that the range lacks."""
        (findings,) = check_all(self.row.figures)
        return tuple(
            finding
            for finding in findings
            if not finding.indicators or not self.listed.isdisjoint(finding.indicators)
        )


def read_range(value: Any, front: Form) -> FormRange:
    """Return the figures in a range.

    Args:
        value: The range.
        front: The form that they are of where the range has labels of none.

    Raises:
        UserError: If the range has none of the shapes understood.
    """
    rows = grid(value)
    # The types too: to Python, True and 1 are the same key.
    return _read_range(tuple(tuple((type(cell), cell) for cell in row) for row in rows), front.id)


@lru_cache(16)
def _read_range(cells: tuple[tuple[tuple[type, Any], ...], ...], front_id: str) -> FormRange:
    rows = [[cell for _, cell in row] for row in cells]
    form = _form_of(rows, front_id)
    values = by_label(form, rows) or by_position(form, rows) or by_id(form, rows)
    if values is None:
        first, last = (
            f"{positions.VALUE}{row}" for row in (positions.FIRST_ROW, Layout(form).last_row)
        )
        raise UserError(
            f"vùng phải là cột Số liệu đủ {len(form.indicators)} dòng ({first}:{last}), "
            "hoặc từ cột STT đến cột Số liệu, hoặc hai cột mã và số liệu; "
            f"vùng này có {len(rows)} dòng × {len(rows[0])} cột."
        )
    readings = dict.fromkeys((item.id for item in form.inputs if not item.percent), BLANK)
    readings |= {id: _reading(form, id, cell) for id, cell in values.items()}
    submission = Submission(
        path=Path(),
        form_id=form.id,
        form_version=form.version,
        level="commune",
        unit_code=None,
        unit_name=None,
        period=None,
        readings=readings,
    )
    return FormRange(frozenset(values), tabulate(form, [submission]).row(0))


def _form_of(rows: Grid, front_id: str) -> Form:
    """Return the form whose labels stand in a range; where there are none, the one in front."""
    texts = {plain_text(cell) for row in rows for cell in row if isinstance(cell, str)}
    return max(_forms(front_id), key=partial(_known, texts))  # of equals the first


def _known(texts: set[str], form: Form) -> int:
    """Return how many of *texts* are labels of a form."""
    return len(texts & {plain_text(item.label) for item in form.indicators})


def _forms(front_id: str) -> Iterator[Form]:
    """Yield the forms that ship, the one in front first."""
    others = sorted(path.stem for path in loader.FORMS.glob("*.toml") if path.stem != front_id)
    for id in (front_id, *others):
        form = loader.form_named(id)
        assert form is not None
        yield form


def _reading(form: Form, id: str, cell: Any) -> Reading:
    item = form.by_id.get(id)
    error = isinstance(cell, str) and cell in ERRORS
    kind, codes = (item.kind, form.codes_in(item)) if item else ("count", ())
    return read_number(CellError(cell) if error else cell, kind, codes)
