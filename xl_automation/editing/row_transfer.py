"""The rows of the form's sheet: figures, helpers and notes, from the old rows into the new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from xl_automation.editing.old_workbook import OldRow, OldWorkbook
from xl_automation.editing.transfer import (
    StatedPercentage,
    Transfer,
    carried,
    dropped,
    left_out,
    together,
)
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import PART_END, WHOLE_END, Indicator
from xl_automation.forms.numbers import read_number
from xl_automation.forms.percentage import AGREES_BELOW
from xl_automation.forms.support_table import HELPER
from xl_automation.forms.words import plain_text, same_text
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address

HELPERS = {PART_END: "tử số", WHOLE_END: "mẫu số"}


def row_transfers(
    old: OldWorkbook, layout: Layout, matched: Mapping[str, str]
) -> dict[str, Transfer]:
    """Return what becomes of each row of the old workbook, by its old id.

    Args:
        old: The old workbook.
        layout: Where everything stands in the new one.
        matched: The new ids of the old rows that are surely found again.
    """
    transfers = {}
    for id, row in old.rows.items():
        item = layout.form.by_id.get(matched.get(id, ""))
        why = unit_changed(old, row, item) if item else _why_lost(layout.form, row)
        transfers[id] = together(_RowMove(old, layout, row, item, why).transfers())
    return transfers


def unit_changed(old: OldWorkbook, row: OldRow, item: Indicator) -> str:
    """Return why a figure means something else in its new row; empty where it does not."""
    before, now = plain_text(row.unit), plain_text(item.unit)
    if before == now:
        return ""
    reading = read_number(old.content(old.figure_place(row)), "code")
    for code, text in item.codes.items():
        lines = [plain_text(line) for line in row.unit.splitlines()]
        if reading.number == code and plain_text(f"{text} = {code}") in lines:
            return ""
    return f"đơn vị tính “{quoted(before)}” nay là “{now}”"


def _why_lost(form: Form, row: OldRow) -> str:
    """Return why a row is not surely found again."""
    if twin := form.by_id.get(row.id):
        return f"mã {row.id} ở mẫu mới là “{plain_text(twin.label)}”"
    if any(same_text(item.label, row.label) for item in form.figures):
        return "không rõ ứng với dòng nào của mẫu mới"
    return "mẫu mới không có dòng này"


@dataclass(frozen=True, slots=True)
class _RowMove:
    """One old row on its way: ``item`` is its new row, ``why`` is why its figure stays behind."""

    old: OldWorkbook
    layout: Layout
    row: OldRow
    item: Indicator | None
    why: str

    def transfers(self) -> Iterator[Transfer]:
        """Yield what becomes of the note, the helpers and the figure."""
        yield self._note()
        yield from self._helpers()
        yield self._figure()

    @property
    def _what(self) -> str:
        return f"{self.row.id} {plain_text(self.row.label)}"

    def _target(self, id: str) -> Address:
        return self.layout.place(id)

    def _note(self) -> Transfer:
        source = Address.of(self.old.page, positions.NOTE, self.row.row)
        if self.item is None:
            return dropped(self.old, source, f"{self._what}, ghi chú", self.why)
        sheet, row = self.layout.form.sheet, self.layout.rows[self.item.id]
        note = carried(self.old, source, Address.of(sheet, positions.NOTE, row))
        return together([note, Transfer(changed=tuple(self._changes(self.item)))])

    def _changes(self, item: Indicator) -> Iterator[str]:
        """Yield its new name or unit; that it was computed and is entered now, or the reverse."""
        if not same_text(self.row.label, item.label):
            was, called = quoted(plain_text(self.row.label)), plain_text(item.label)
            yield f"{item.id}: “{was}” nay là “{called}”"
        before, now = plain_text(self.row.unit), plain_text(item.unit)
        if before != now:
            yield f"{item.id}: đơn vị tính “{quoted(before)}” nay là “{now}”"
        place = self.old.figure_place(self.row)
        is_formula, is_open = self.old.holds_formula(place), place in self.old.unlocked
        if is_formula and not is_open and item.is_input and not self.old.is_fed(place):
            yield f"{item.id}: trước tự tính, nay phải ghi"
        elif is_open and not is_formula and item.is_computed:
            yield f"{item.id}: trước phải ghi, nay tự tính"

    def _helpers(self) -> Iterator[Transfer]:
        for end, part in HELPERS.items():
            source = self.old.names.get(f"{HELPER}{self.row.id}{end}")
            if source is None:
                continue
            if self.item is None or self.item.helper is None or self.why:
                why = self.why or "dòng mới không có ô này"
                yield dropped(self.old, source, f"{self._what}, {part}", why)
            else:
                yield carried(self.old, source, self._target(self.item.id + end))

    def _figure(self) -> Transfer:
        old, item, source = self.old, self.item, self.old.figure_place(self.row)
        is_formula = old.holds_formula(source)
        stays = item is None or bool(self.why)
        if is_formula and stays and source not in old.unlocked:
            return left_out(source)  # it was computed, not typed
        if old.is_fed(source) and (item is None or item.helper or self.why):
            return left_out(source)  # its parts were carried or listed
        if item is None or self.why:
            return dropped(old, source, self._what, self.why)
        if item.is_computed:
            return self._stated(item, source)
        if is_formula and old.content(source) is None:
            if source in old.unlocked and not old.is_fed(source):
                return dropped(old, source, self._what, "không chuyển công thức")
            return left_out(source)
        return carried(old, source, self._target(item.id))

    def _stated(self, item: Indicator, source: Address) -> Transfer:
        """Return what a percentage said that the new workbook computes itself."""
        value = self.old.content(source)
        if value is None:
            return left_out(source)
        # What a formula gave may be rounded; what was typed has to be what is computed.
        within = AGREES_BELOW if self.old.holds_formula(source) else 0.0
        stated = StatedPercentage(item.id, source, self._what, value, within)
        return Transfer(stated=(stated,), settled=frozenset({source}))
