"""Carries a filled workbook into another version of the form (chuyển phiên bản).

A row is found again by its id where the label is the same, else by label and unit where only one
row of each version has them. Nothing is guessed and nothing is lost: what has no sure place in
the new workbook is listed with its value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xl_automation.editing.old_workbook import read_older
from xl_automation.editing.row_matching import match_rows
from xl_automation.editing.transfer import Carrier, Dropped
from xl_automation.forms.form import Form
from xl_automation.forms.words import plain_text
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that has another id now, and whether something of it was carried."""

    old: str
    new: str
    label: str
    carried: bool


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What became of the old workbook's rows and of what was typed into it."""

    old_form: str
    old_version: str
    new_form: str
    new_version: str
    carried: int
    moved: tuple[Moved, ...]
    changed: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    added: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def is_same_version(self) -> bool:
        """Whether there was nothing to upgrade."""
        return (self.old_form, self.old_version) == (self.new_form, self.new_version)

    @property
    def all_carried(self) -> bool:
        """Whether everything typed is in the new workbook, in the row it was in."""
        return not self.dropped and not any(one.carried for one in self.moved)

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each list for the reader with its title, empty ones too."""
        moves = [f"{one.old} → {one.new}: {one.label}" for one in self.moved]
        yield "Chỉ tiêu chuyển sang mã khác", moves
        yield "Chỉ tiêu đổi cách ghi", list(self.changed)
        yield "Chỉ tiêu mới, cần điền", list(self.added)
        yield "Chỉ tiêu cũ không còn", list(self.gone)
        yield "Không chuyển được, cần xem lại", [one.line for one in self.dropped]


def upgrade(old: Path, new: Path, form: Form) -> Upgrade:
    """Write to *new* a workbook of *form* with what was typed into *old*; report the rest.

    Raises:
        Refusal: If *old* is no issued workbook, or has no row in common with *form*.
        FileExistsError: If *new* exists.
    """
    book = read_older(old)
    matched = match_rows(book.rows, form)
    if not matched:
        raise Refusal(
            "wrong-form", expected=form.name, reason="không có dòng nào giống biểu mẫu này"
        )
    carrier = Carrier(book, form, matched)
    carrier.carry()
    write_new(new, carrier.workbook())
    carrier.compare(new)
    return _report(carrier)


def _report(carrier: Carrier) -> Upgrade:
    """Return what became of everything."""
    old, new = carrier.old, carrier.form.by_id
    rows = {id: f"{id} {plain_text(row.label)}" for id, row in old.rows.items()}
    found = set(carrier.matched.values())
    return Upgrade(
        old_form=plain_text(old.named("TT_BIEU")),
        old_version=plain_text(old.named("TT_PHIEN_BAN")),
        new_form=carrier.form.id,
        new_version=carrier.form.version,
        carried=len(carrier.writes),
        moved=tuple(
            Moved(id, to, plain_text(new[to].label), id in carrier.carried_rows)
            for id, to in carrier.matched.items()
            if id != to
        ),
        changed=tuple(carrier.changed),
        dropped=tuple(carrier.dropped),
        added=tuple(
            f"{item.id} {plain_text(item.label)}"
            for item in carrier.form.figures
            if item.id not in found
        ),
        gone=tuple(text for id, text in rows.items() if id not in carrier.matched),
    )
