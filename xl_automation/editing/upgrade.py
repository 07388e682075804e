"""Carries a filled workbook into another version of the form (chuyển phiên bản).

A row is found again by its id where the label is the same, else by label and unit where only one
row of each version has them. Nothing is guessed and nothing is lost: what has no sure place in
the new workbook is listed with its value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from xl_automation.editing.old_workbook import OldWorkbook, read_old_workbook
from xl_automation.editing.row_matching import match_rows
from xl_automation.editing.transfer import Dropped
from xl_automation.editing.transfer_plan import (
    TransferPlan,
    disagreeing,
    plan_transfer,
    transferred_workbook,
)
from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named
from xl_automation.forms.words import plain_text
from xl_automation.reading.figures import tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.wording import quoted
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
    """What became of the old workbook's rows and of what was typed into it.

    Attributes:
        old_form: The form of the old workbook, by its id.
        old_version: The version of that form.
        new_form: The form of the new workbook, by its id.
        new_version: The version of that form.
        carried: How many cells were carried.
        moved: The rows that have another id now.
        changed: Sentences on rows that are to be filled in another way now.
        dropped: What has no sure place in the new workbook.
        added: The rows that only the new form has, as id and label.
        gone: The rows that only the old workbook has, likewise.
    """

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
        return not self.dropped and not any(row.carried for row in self.moved)

    def sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each list for the reader with its title, empty ones too."""
        yield from self.row_sections()
        yield "Không chuyển được, cần xem lại", [dropped.line for dropped in self.dropped]

    def row_sections(self) -> Iterator[tuple[str, list[str]]]:
        """Yield those of the lists that are about rows of the two forms."""
        moves = [f"{row.old} → {row.new}: {row.label}" for row in self.moved]
        yield "Chỉ tiêu chuyển sang mã khác", moves
        yield "Chỉ tiêu đổi cách ghi", list(self.changed)
        yield "Chỉ tiêu mới, cần điền", list(self.added)
        yield "Chỉ tiêu cũ không còn", list(self.gone)


@dataclass(frozen=True)
class UpgradeDraft:
    """A workbook as it will be written, and what its report is made of."""

    content: bytes
    form: Form
    plan: TransferPlan
    report: Upgrade

    def report_on(self, new: Path) -> Upgrade:
        """Return what became of everything, now that the workbook is at *new*.

        Raises:
            Refusal: If it cannot be read there.
        """
        figures = tabulate(self.form, [read_submission(new, self.form)]).row(0)
        dropped = self.report.dropped + disagreeing(self.plan, figures)
        return replace(self.report, dropped=dropped)


def upgrade(old: Path, new: Path, form: Form) -> Upgrade:
    """Write to *new* a workbook of *form* with what was typed into *old*; report the rest.

    Raises:
        Refusal: If *old* is no issued workbook, or has no row in common with *form*.
        UserError: If *new* is another file, or cannot be written.
    """
    draft = draft_upgrade(old, form)
    write_new(new, draft.content)
    return draft.report_on(new)


def draft_upgrade(old: Path, form: Form) -> UpgradeDraft:
    """Return a workbook of *form* with what was typed into *old*.

    Raises:
        Refusal: If *old* is no issued workbook, or has no row in common with *form*.
    """
    workbook = read_old_workbook(old)
    if positions.APPENDIX_NAME in workbook.names:
        raise Refusal("city-appendix")
    former = form_named(workbook.named_text(positions.FORM_CELL))
    matched = match_rows(workbook.rows, form, former)
    if not matched:
        raise Refusal(
            "wrong-form", expected=form.name, reason="không có dòng nào giống biểu mẫu này"
        )
    plan = plan_transfer(workbook, form, matched)
    report = _report(workbook, form, matched, plan)
    return UpgradeDraft(transferred_workbook(form, plan), form, plan, report)


def _report(
    old: OldWorkbook, form: Form, matched: Mapping[str, str], plan: TransferPlan
) -> Upgrade:
    """Return what becomes of everything by *plan*."""
    moved = tuple(
        Moved(id, new, plain_text(form.by_id[new].label), id in plan.carried_rows)
        for id, new in matched.items()
        if id != new
    )
    labels = {item.id: item.label for item in form.figures}
    added = {id: label for id, label in labels.items() if id not in matched.values()}
    gone = {id: row.label for id, row in old.rows.items() if id not in matched}
    return Upgrade(
        old_form=old.named_text(positions.FORM_CELL),
        old_version=old.named_text("TT_PHIEN_BAN"),
        new_form=form.id,
        new_version=form.version,
        carried=len(plan.writes),
        moved=moved,
        changed=plan.changed,
        dropped=plan.dropped,
        added=tuple(f"{id} {plain_text(label)}" for id, label in added.items()),
        gone=tuple(f"{id} {quoted(plain_text(label))}" for id, label in gone.items()),
    )
