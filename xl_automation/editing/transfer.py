"""What becomes of cells of an old workbook: carried, dropped with a reason, or left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from xl_automation.editing.old_workbook import Content, OldWorkbook
from xl_automation.forms.numbers import show
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something typed into the old workbook that has no sure place in the new one.

    Attributes:
        place: The cell it stood in.
        what: What the cell is about, in words; may be empty.
        value: What stood there.
        why: Why it was not carried.
    """

    place: Address
    what: str
    value: Content
    why: str

    @property
    def line(self) -> str:
        """The place, what stood there, and why it was not carried."""
        where = " · ".join(map(quoted, filter(None, (self.place, self.what))))
        return f"{where}: {show(self.value)} – {self.why}"


@dataclass(frozen=True, slots=True)
class StatedPercentage:
    """What the old workbook says of a percentage that the new one computes itself.

    Attributes:
        id: The row of the new form.
        place: The cell in the old workbook.
        what: What the cell is about, in words.
        value: What it says.
        within: How far that may be from what is computed.
    """

    id: str
    place: Address
    what: str
    value: Content
    within: float


@dataclass(frozen=True, slots=True)
class Transfer:
    """What becomes of some cells of the old workbook.

    Attributes:
        writes: What is written, by the cell of the new workbook.
        dropped: What is not carried and is listed.
        changed: Sentences on rows that are to be filled in another way now.
        stated: Percentages to compare with what the new workbook computes.
        settled: The cells of the old workbook whose fate this is; nobody else need look at them.
    """

    writes: Mapping[Address, Content | date] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    changed: tuple[str, ...] = ()
    stated: tuple[StatedPercentage, ...] = ()
    settled: frozenset[Address] = frozenset()


def together(transfers: Iterable[Transfer]) -> Transfer:
    """Return several transfers as one; of two that write one cell the later counts."""
    parts = list(transfers)
    return Transfer(
        writes={place: content for part in parts for place, content in part.writes.items()},
        dropped=tuple(dropped for part in parts for dropped in part.dropped),
        changed=tuple(sentence for part in parts for sentence in part.changed),
        stated=tuple(percentage for part in parts for percentage in part.stated),
        settled=frozenset().union(*(part.settled for part in parts)),
    )


def carried(old: OldWorkbook, source: Address, target: Address) -> Transfer:
    """Return that a cell goes to *target* as it is, if anything stands in it."""
    content = old.content(source)
    writes = {} if content is None else {target: content}
    return Transfer(writes=writes, settled=frozenset({source}))


def dropped(old: OldWorkbook, source: Address, what: str, why: str) -> Transfer:
    """Return that what stands in a cell, if anything, is listed and not carried."""
    content = old.content(source)
    if content is None and (formula := old.formula(source)) is not None:
        content, why = formula, f"{why}; công thức không có kết quả đã lưu"
    lines = () if content is None else (Dropped(source, what, content, why),)
    return Transfer(dropped=lines, settled=frozenset({source}))


def dropped_if_typed(old: OldWorkbook, source: Address, what: str, why: str) -> Transfer:
    """As :func:`dropped` for what a clerk typed; what an issued formula computed is left out."""
    if old.holds_formula(source) and source not in old.unlocked:
        return Transfer()
    return dropped(old, source, what, why)


def left_out(*sources: Address) -> Transfer:
    """Return that cells are neither carried nor listed: nothing was typed there."""
    return Transfer(settled=frozenset(sources))
