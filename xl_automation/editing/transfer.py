"""What was typed into a workbook of another version, and where it belongs in the new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from xl_automation.editing.old_workbook import Content, OldBook, OldLine, OldRow, Place
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import read_number, show
from xl_automation.forms.percentage import AGREES_BELOW
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.support_table import FIGURE, HELPER, TABLE, SupportTable
from xl_automation.forms.words import plain_text, same_text
from xl_automation.reading.cells import Formula
from xl_automation.reading.figures import tabulate
from xl_automation.reading.identity import as_date, level_of, period_of
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts
from xl_automation.xlsx.sheet_editor import SheetEditor, split_address

IDENTITY = (
    *("TT_DON_VI", "TT_KY", "TT_NAM", "TT_SO_BAO_CAO", "TT_NGAY_BAO_CAO"),
    *("TT_NGUOI_LAP", "TT_CHUC_VU", "TT_NGUOI_KY"),
)
WINDOW = ("TT_TU_NGAY", "TT_DEN_NGAY")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something typed into the old workbook that has no sure place in the new one."""

    place: str
    what: str
    value: Content
    why: str

    @property
    def line(self) -> str:
        """The place, what stood there, and why it was not carried."""
        where = " · ".join(filter(None, (self.place, self.what)))
        return f"{where}: {show(self.value)} – {self.why}"


@dataclass
class Carrier:
    """Carries one workbook; keeps what goes where, what was seen, and what found no place."""

    old: OldBook
    form: Form
    matched: Mapping[str, str]  # new ids by old ones
    writes: dict[Place, Content | date] = field(default_factory=dict)
    seen: set[Place] = field(default_factory=set)
    dropped: list[Dropped] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    computed: list[tuple[OldRow, Indicator, Place]] = field(default_factory=list)
    carried_rows: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.layout = Layout(self.form)
        self.level = self._level()

    def carry(self) -> None:
        """Decide about everything that was typed into the old workbook."""
        for row in self.old.rows.values():
            self._carry_row(row)
        for name in self.old.names:
            if name.startswith(TABLE):
                self._carry_table(name.removeprefix(TABLE))
        self._carry_identity()
        self._drop_the_rest()

    def put(self, source: Place, target: Place) -> None:
        """Carry a cell as it is."""
        self.seen.add(source)
        content = self.old.content(source)
        if content is not None:
            self.writes[target] = content

    def drop(self, source: Place, what: str, why: str) -> None:
        """List what stands in a cell, or nothing if it is blank."""
        self.seen.add(source)
        value, content = self.old.at(source), self.old.content(source)
        if content is None and isinstance(value, Formula):
            content, why = value.text, f"{why}; công thức không có kết quả đã lưu"
        if content is not None:
            self.dropped.append(Dropped("!".join(source), what, content, why))

    # --- rows ---

    def _carry_row(self, row: OldRow) -> None:
        page = self.old.page
        value = self.old.names[f"{FIGURE}{row.id}"]
        note = (page, f"{positions.NOTE}{row.row}")
        helpers = {
            end: self.old.names[name]
            for end in (".tu", ".mau")
            if (name := f"{HELPER}{row.id}{end}") in self.old.names
        }
        item = self.form.by_id.get(self.matched.get(row.id, ""))
        before = len(self.writes)
        why = self._why_lost(row) if item is None else self._unit_changed(row, item)
        what = f"{row.id} {plain_text(row.label)}"
        if item is None:
            self.drop(note, f"{what}, ghi chú", why)
        else:
            self.put(note, (self.form.sheet, f"{positions.NOTE}{self.layout.rows[item.id]}"))
            self._note_change(row, item, value)
        for end, place in helpers.items():
            if item is None or item.helper is None or why:
                part = "tử số" if end == ".tu" else "mẫu số"
                self.drop(place, f"{what}, {part}", why or "dòng mới không có ô này")
            else:
                self.put(place, (self.form.sheet, self.layout.cell(item.id + end)))
        self._carry_value(row, item, value, why)
        if item is not None and len(self.writes) > before:
            self.carried_rows.add(row.id)

    def _carry_value(self, row: OldRow, item: Indicator | None, place: Place, why: str) -> None:
        is_formula = isinstance(self.old.at(place), Formula)
        self.seen.add(place)
        if is_formula and (item is None or why) and place not in self.old.unlocked:
            return  # it was computed, not typed
        if self.old.is_fed(place) and (item is None or item.helper or why):
            return  # its parts were carried or listed
        if item is None or why:
            self.drop(place, f"{row.id} {plain_text(row.label)}", why)
        elif item.is_computed:
            self.computed.append((row, item, place))
        elif is_formula and self.old.content(place) is None:
            if place in self.old.unlocked and not self.old.is_fed(place):
                self.drop(place, f"{row.id} {plain_text(row.label)}", "không chuyển công thức")
        else:
            self.put(place, (self.form.sheet, self.layout.cell(item.id)))

    def _why_lost(self, row: OldRow) -> str:
        """Return why a row is not surely found again."""
        if twin := self.form.by_id.get(row.id):
            return f"mã {row.id} ở mẫu mới là “{plain_text(twin.label)}”"
        if any(same_text(item.label, row.label) for item in self.form.figures):
            return "không rõ ứng với dòng nào của mẫu mới"
        return "mẫu mới không có dòng này"

    def _unit_changed(self, row: OldRow, item: Indicator) -> str:
        """Return why a figure means something else in its new row; empty where it does not."""
        old, new = plain_text(row.unit), plain_text(item.unit)
        if old == new:
            return ""
        reading = read_number(self.old.content(self.old.names[f"{FIGURE}{row.id}"]), "code")
        for code, text in item.codes.items():
            lines = [plain_text(line) for line in row.unit.splitlines()]
            if reading.number == code and plain_text(f"{text} = {code}") in lines:
                return ""
        return f"đơn vị tính “{old}” nay là “{new}”"

    def _note_change(self, row: OldRow, item: Indicator, place: Place) -> None:
        """List a row that was computed and is entered now, or the reverse, or has another unit."""
        old, new = plain_text(row.unit), plain_text(item.unit)
        if old != new:
            self.changed.append(f"{item.id}: đơn vị tính “{old}” nay là “{new}”")
        is_formula = isinstance(self.old.at(place), Formula)
        was_locked = is_formula and place not in self.old.unlocked
        if was_locked and item.is_input and not self.old.is_fed(place):
            self.changed.append(f"{item.id}: trước tự tính, nay phải ghi")
        elif place in self.old.unlocked and not is_formula and item.is_computed:
            self.changed.append(f"{item.id}: trước phải ghi, nay tự tính")

    # --- supporting tables ---

    def _carry_table(self, id: str) -> None:
        """Carry the rows of a table by their labels, its columns by their headings."""
        table = next((one for one in self.form.tables if one.id == id), None)
        free = set(range(len(table.rows) + 1, table.size + 1)) if table else set()
        taken: set[int] = set()
        for line in self.old.lines(id):
            label = self.old.text(line.label)
            row = self._table_row(table, label, free) if table else None
            if row is None or row in taken or table is None:
                for place in (line.label, *line.cells):
                    if place != line.label or place in self.old.unlocked:
                        self._drop_typed(place, label, "biểu mới không có dòng này")
                continue
            taken.add(row)
            if row > len(table.rows):
                number = positions.TABLE_FIRST_ROW + row - 1
                self.put(line.label, (table.sheet, f"{positions.TABLE_LABEL}{number}"))
            self._carry_line(table, row, line)

    def _table_row(self, table: SupportTable, label: str, free: set[int]) -> int | None:
        """Return the row of a label: the printed one, or a free one that takes any label."""
        for number, printed in enumerate(table.rows, start=1):
            if same_text(printed, label):
                return number
        row = min(free, default=None)
        free.discard(row or 0)
        return row

    def _carry_line(self, table: SupportTable, row: int, line: OldLine) -> None:
        label = self.old.text(line.label)
        headings = [(one.label, one.number if one.group else "") for one in table.columns]
        for place, heading in line.cells.items():
            same = [
                column
                for column, other in zip(table.columns, headings, strict=True)
                if all(map(same_text, heading, other))
            ]
            if len(same) == 1 and not same[0].sum:
                self.put(place, (table.sheet, positions.table_cell(table, same[0], row)))
            else:
                self._drop_typed(place, label, "biểu mới không có cột này")

    def _drop_typed(self, place: Place, what: str, why: str) -> None:
        """List what was typed into a cell, and leave out what an issued formula computed."""
        if not isinstance(self.old.at(place), Formula) or place in self.old.unlocked:
            self.drop(place, what, why)

    # --- who reports, and when ---

    def _level(self) -> str:
        return level_of(self.form, plain_text(self.old.named("TT_CAP")))

    def _is_fixed(self, *names: str) -> bool:
        """Whether these cells were filled in and locked when the old workbook was issued."""
        places = [self.old.names.get(name) for name in names]
        return all(place and place not in self.old.unlocked for place in places)

    @property
    def _unit(self) -> ReportingUnit | None:
        """The unit, if it was fixed when the old workbook was issued."""
        code, separator, name = plain_text(self.old.named("TT_DON_VI")).partition(
            positions.UNIT_SEPARATOR
        )
        is_fixed = separator and self._is_fixed("TT_DON_VI")
        return ReportingUnit(code, name, self.level) if is_fixed else None

    @property
    def _period(self) -> Period | None:
        """The period, whoever chose it."""
        kind, year = (plain_text(self.old.named(name)) for name in ("TT_KY", "TT_NAM"))
        return period_of(self.form, kind, year)

    def _knows_period(self, kind: str) -> bool:
        kinds = (positions.short_period(one.label) for one in self.form.period_kinds)
        return any(same_text(one, kind) for one in kinds)

    def _carry_identity(self) -> None:
        for name in IDENTITY:
            if name not in self.old.names:
                continue
            place, target = self.old.names[name], (positions.INFO_SHEET, positions.info_cell(name))
            if name == "TT_KY" and not self._knows_period(self.old.text(place)):
                self.drop(place, "kỳ báo cáo", "mẫu mới không có kỳ này")
                continue
            self.put(place, target)
            if name == "TT_NGAY_BAO_CAO" and (day := as_date(self.old.value(place))):
                self.writes[target] = day
        period = self._period
        for name, day in zip(WINDOW, period.window if period else (None, None), strict=True):
            typed_over = self.old.names.get(name)
            if typed_over and not isinstance(self.old.at(typed_over), Formula):
                self.seen.add(typed_over)
                if day is None or as_date(self.old.value(typed_over)) != day:
                    label = positions.INFO_ROWS[name][1]
                    self.drop(typed_over, label, "ngày nay tự tính theo kỳ báo cáo")

    @property
    def _previous(self) -> tuple[Period, dict[str, float]] | None:
        """The earlier period that the old workbook shows beside its tabulate."""
        try:
            period = self.form.period(plain_text(self.old.named("TT_KY_TRUOC")))
        except ValueError:
            return None
        numbers = {}
        for id, new in self.matched.items():
            row = self.old.rows[id]
            value = self.old.content((self.old.page, f"{positions.PREVIOUS}{row.row}"))
            changed = self._unit_changed(row, self.form.by_id[new])
            if isinstance(value, (int, float)) and not changed:
                numbers[new] = float(value)
        return period, numbers

    # --- the end ---

    def _drop_the_rest(self) -> None:
        """List what stands in any other cell open to a clerk, or in a heading's row."""
        rows = {row.row for row in self.old.rows.values()}
        for address in self.old.cells[self.old.page]:
            column, row = split_address(address)
            is_beside = column in (
                positions.VALUE,
                positions.NOTE,
            ) and positions.FIRST_ROW <= row <= max(rows)
            if is_beside and row not in rows:
                self.drop((self.old.page, address), "dòng tiêu đề", "dòng này không ghi số liệu")
        for place in sorted(self.old.unlocked - self.seen):
            self.drop(place, "", "mẫu mới không có ô này")

    def workbook(self) -> bytes:
        """Return the new workbook with everything that has a place in it."""
        period = self._period if self._is_fixed("TT_KY", "TT_NAM") else None
        content = build_template(self.form, self.level, self._unit, period, previous=self._previous)
        parts = read_parts(content)
        for sheet in {sheet for sheet, _ in self.writes}:
            edit_sheet(parts, sheet, partial(self._write, sheet))
        return zip_parts(parts)

    def _write(self, sheet: str, editor: SheetEditor) -> None:
        for (name, address), content in self.writes.items():
            if name == sheet:
                editor.set(address, content)

    def compare(self, new: Path) -> None:
        """List each typed-over percentage that the new workbook computes otherwise."""
        table = tabulate(self.form, [read_submission(new, self.form)])
        for row, item, place in self.computed:
            content, number = self.old.content(place), table.number(0, item.id)
            if content is None:
                continue
            stated = read_number(content, "percent").number
            within = AGREES_BELOW if isinstance(self.old.at(place), Formula) else 0.0
            if stated is None or number is None or abs(stated - number) > within:
                why = f"ô này tự tính, được {show(number)}"
                self.drop(place, f"{row.id} {plain_text(row.label)}", why)
