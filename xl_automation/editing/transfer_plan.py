"""The whole plan of carrying a workbook into another version of the form, and its execution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.editing.identity_transfer import Identity, identity_of, identity_transfers
from xl_automation.editing.old_workbook import Content, OldWorkbook
from xl_automation.editing.row_transfer import row_transfers
from xl_automation.editing.table_transfer import table_transfers
from xl_automation.editing.transfer import (
    Dropped,
    StatedPercentage,
    Transfer,
    dropped,
    together,
)
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import read_number, show
from xl_automation.reading.figures import FigureRow
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address


@dataclass(frozen=True, slots=True)
class TransferPlan:
    """What is written where, and what becomes of the rest.

    Attributes:
        identity: What the new workbook is issued with.
        writes: What is written into its cells.
        carried_rows: The old ids of the rows of which something is carried.
        dropped: What has no sure place in the new workbook.
        changed: Sentences on rows that are to be filled in another way now.
        stated: Percentages to compare with what the new workbook computes.
    """

    identity: Identity
    writes: Mapping[Address, Content | date]
    carried_rows: frozenset[str]
    dropped: tuple[Dropped, ...]
    changed: tuple[str, ...]
    stated: tuple[StatedPercentage, ...]


def plan_transfer(old: OldWorkbook, form: Form, matched: Mapping[str, str]) -> TransferPlan:
    """Return what becomes of everything that was typed into *old*.

    Args:
        old: The old workbook.
        form: The form of the new one.
        matched: The new ids of the old rows that are surely found again.

    Raises:
        Refusal: If the form has no such level.
    """
    rows = row_transfers(old, Layout(form), matched)
    subjects = together([*rows.values(), table_transfers(old, form), identity_transfers(old, form)])
    transfer = together([subjects, _rest(old, subjects.settled)])
    return TransferPlan(
        identity=identity_of(old, form, matched),
        writes=transfer.writes,
        carried_rows=frozenset(id for id, row in rows.items() if row.writes),
        dropped=transfer.dropped,
        changed=transfer.changed,
        stated=transfer.stated,
    )


def _rest(old: OldWorkbook, settled: frozenset[Address]) -> Transfer:
    """Return what stands in a heading's row, or in any other cell open to a clerk: it is listed."""
    headings = together(
        dropped(old, place, "dòng tiêu đề", "dòng này không ghi số liệu")
        for place in _heading_cells(old)
    )
    left = old.unlocked - settled - headings.settled
    in_order = sorted(left, key=lambda place: (place.sheet, place.cell))
    elsewhere = (dropped(old, place, "", "mẫu mới không có ô này") for place in in_order)
    return together([headings, *elsewhere])


def _heading_cells(old: OldWorkbook) -> Iterator[Address]:
    """Yield the cells for figures and notes in the rows that have no figure."""
    rows = {row.row for row in old.rows.values()}
    for place in (Address(f"{old.page}!{cell}") for cell in old.cells[old.page]):
        is_beside = place.column in (positions.VALUE, positions.NOTE)
        if is_beside and positions.FIRST_ROW <= place.row <= max(rows) and place.row not in rows:
            yield place


def transferred_workbook(form: Form, plan: TransferPlan) -> bytes:
    """Return the new workbook with everything in it that *plan* carries."""
    issued = plan.identity
    return blank_workbook(
        form,
        issued.level,
        issued.unit,
        issued.period,
        previous=issued.previous,
        due=issued.due,
        typed=plan.writes,
    )


def disagreeing(plan: TransferPlan, figures: FigureRow) -> tuple[Dropped, ...]:
    """Return each stated percentage that the new workbook computes otherwise.

    Args:
        plan: What was carried.
        figures: Those of the new workbook.
    """
    lines = []
    for stated in plan.stated:
        computed = figures.number(stated.id)
        said = read_number(stated.value, "percent").number
        if said is None or computed is None or abs(said - computed) > stated.within:
            why = f"ô này tự tính, được {show(computed)}"
            lines.append(Dropped(stated.place, stated.what, stated.value, why))
    return tuple(lines)
