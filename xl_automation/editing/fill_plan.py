"""Which cell takes which row of a values file, or why none does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xl_automation.editing.stored_value import StoredValue, stored_date, stored_number
from xl_automation.editing.values_file import Entry
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import Reading, read_number, show
from xl_automation.forms.old_letters import ADVICE, old_text
from xl_automation.forms.words import is_date
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.limits import NO_TEXT
from xl_automation.xlsx.sheet_editor import CellContent

# Ids of the information sheet that a values file may fill too.
INFO_IDS = {
    "so_bao_cao": "TT_SO_BAO_CAO",
    "ngay_bao_cao": "TT_NGAY_BAO_CAO",
    "nguoi_lap": "TT_NGUOI_LAP",
    "chuc_vu": "TT_CHUC_VU",
    "nguoi_ky": "TT_NGUOI_KY",
}
DATE_ID = "ngay_bao_cao"


@dataclass(frozen=True, slots=True)
class Placement:
    """What becomes of one row of a values file, or of all of them.

    Attributes:
        cells: What is typed, by cell; None empties one.
        placed: How many values that is, notes and emptied cells aside.
        unplaced: Sentences on values that no cell takes.
        doubtful: Sentences on values that could not be read by the rules of their row.
        percentages: What was stated of percentages that have parts, by id.
    """

    cells: Mapping[Address, CellContent] = field(default_factory=dict)
    placed: int = 0
    unplaced: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    percentages: Mapping[str, Reading] = field(default_factory=dict)


def plan_fill(form: Form, entries: Iterable[Entry]) -> Placement:
    """Return which cells take *entries*; of a repeated id the first counts."""
    layout = Layout(form)
    first: dict[str, Entry] = {}
    placements = []
    for entry in entries:
        earlier = first.setdefault(entry.id, entry)
        if earlier is not entry:
            why = f"lặp lại dòng {earlier.line}; giữ giá trị ở dòng đó."
            placements.append(_unplaced(entry, why))
        else:
            placements += (_place(layout, entry), _in_old_letters(entry))
    return _together(placements)


def _together(placements: Iterable[Placement]) -> Placement:
    parts = list(placements)
    return Placement(
        cells={place: content for part in parts for place, content in part.cells.items()},
        placed=sum(part.placed for part in parts),
        unplaced=tuple(line for part in parts for line in part.unplaced),
        doubtful=tuple(line for part in parts for line in part.doubtful),
        percentages={id: said for part in parts for id, said in part.percentages.items()},
    )


def _place(layout: Layout, entry: Entry) -> Placement:
    """Return what becomes of an entry whose id has not come before."""
    form, item = layout.form, layout.form.by_id.get(entry.id)
    if NO_TEXT.search(entry.value + entry.note):
        return _unplaced(entry, "có ký tự điều khiển, ô Excel không chứa được.")
    if entry.id in INFO_IDS:
        is_day = entry.id == DATE_ID
        value = stored_date(entry.value) if is_day else StoredValue(entry.value or None)
        return _typed(entry, positions.info_place(INFO_IDS[entry.id]), value)
    if is_date(form, entry.id):
        return _typed(entry, layout.place(entry.id), stored_date(entry.value))
    if entry.id in form.helper_ids or entry.id in form.table_inputs:
        return _typed(entry, layout.place(entry.id), stored_number(entry.value, "count"))
    if item is None:
        return _unplaced(entry, "biểu mẫu không có chỉ tiêu này.")
    if item.is_figure:
        return _figure(layout, entry, item)
    return _unplaced(entry, _why_heading(form, item.id)) if entry.value else Placement()


def _figure(layout: Layout, entry: Entry, item: Indicator) -> Placement:
    """Return what becomes of the figure of a row and of its note."""
    place, codes = layout.place(item.id), layout.form.absence_codes
    value = stored_number(entry.value, item.kind, codes)
    figure = _computed(entry, value) if item.is_computed else _typed(entry, place, value)
    beside = Address.of(place.sheet, positions.NOTE, place.row)
    reading = read_number(entry.value, item.kind, codes)
    said = {item.id: reading} if item.percent is not None else {}
    note = Placement(cells={beside: entry.note} if entry.note else {}, percentages=said)
    return _together([figure, note])


def _typed(entry: Entry, place: Address, value: StoredValue) -> Placement:
    doubt = f"{value.doubt} Ô {place} ghi nguyên văn; sửa dòng này rồi ghi lại, hoặc sửa ở ô đó."
    return Placement(
        cells={place: value.content},
        placed=int(value.content is not None),
        doubtful=(_line(entry, doubt),) if value.doubt else (),
    )


def _computed(entry: Entry, value: StoredValue) -> Placement:
    """Return what becomes of a percentage that its workbook computes: it is only compared."""
    doubt = f"{value.doubt} Ô này tự tính, không ghi giá trị vào; sửa hoặc bỏ dòng này."
    return Placement(doubtful=(_line(entry, doubt),) if value.doubt else ())


def _in_old_letters(entry: Entry) -> Placement:
    """Return what is to be said of an entry typed in old letters: it is typed as it is."""
    olds = filter(None, map(old_text, (entry.value, entry.note)))
    return Placement(doubtful=tuple(_line(entry, f"{old.told}. {ADVICE}") for old in olds))


def _unplaced(entry: Entry, why: str) -> Placement:
    return Placement(unplaced=(_line(entry, why),))


def _line(entry: Entry, text: str) -> str:
    return f"Dòng {entry.line}: {quoted(entry.id)} = {show(entry.value)} – {text}"


def _why_heading(form: Form, id: str) -> str:
    """Return why a heading takes no figure, in the words of the form's rule."""
    for rule in form.rules:
        if id in rule.each and rule.scope == "workbook":
            return f"{rule.words} [{rule.id}]"
    return "dòng này không có ô số liệu."
