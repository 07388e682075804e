"""Three periods of 32 communes and a city (invented), as one long table and as real workbooks.

The table is what ``expected.sql`` works on; the workbooks are what the program gets. Both are
written from the same rows, and nothing of the program is used but the blank workbook and where its
cells are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from tests.support.builders import COMMUNE, DISTRICT, FORM, blank
from tests.support.communes import CITY, COMMUNES
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts
from xl_automation.xlsx.sheet_editor import SheetEditor

PERIODS = ("2022-Q1", "2022-6T", "2022-N")  # the first lies within the second, both in the third
DUE = {"2022-Q1": "2022-03-20", "2022-6T": "2022-06-20", "2022-N": "2022-12-20"}
# What grows from period to period, so that no rule about earlier periods is broken by chance.
GROWING = (
    *("1.1.b", "1.2.3.a", "1.2.3.b", "1.3.1", "1.3.2", "1.3.3", "1.4.1", "2.1", "2.3", "2.4.a"),
    *("2.4.b", "3.2.4.a", "3.2.4.b", "3.4.2.a", "3.4.2.b", "4.2.4", "5.2.1", "5.2.2", "5.2.3"),
    *("5.4", "6.1.b"),
)
REASON = "Vốn năm trước chuyển sang, đã có văn bản"
LOCKED, GONE = COMMUNES[20], COMMUNES[21]
Values = dict[str, float | None]


@dataclass(frozen=True)
class SentFile:
    """One file that a unit sent.

    Attributes:
        period: The code of its period.
        unit: Who sent it.
        name: What the file is called, with its folder.
        written: When it was last saved, local time.
        values: What its cells hold, by id; None for a blank one.
        notes: Its *Ghi chú*, by id.
        lines: Biểu 06: a field and its counts by column, in the order of the rows.
        after_lock: Whether it came after its unit was locked.
    """

    period: str
    unit: ReportingUnit
    name: str
    written: datetime
    values: Values
    notes: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[tuple[str, Mapping[str, int]], ...] = ()
    after_lock: bool = False


def sent_files() -> list[SentFile]:
    """Return every file of the three periods; the same ones each time."""
    made = random.Random(20221214)
    files = []
    for number, unit in enumerate(COMMUNES):
        start = _start(made)
        for step, period in enumerate(PERIODS, start=1):
            files += _files_of(made, number, unit, period, _grown(start, step))
    for step, period in enumerate(PERIODS, start=1):
        saved = datetime.fromisoformat(f"{DUE[period]} 16:00")
        values = _grown(dict(DISTRICT), step)
        files.append(SentFile(period, CITY, f"{period}/thành phố.xlsx", saved, values))
    return files


def _start(made: random.Random) -> Values:
    """Return the figures of a commune in the first period, consistent in themselves."""
    values: Values = dict(COMMUNE)
    part_of = {
        "1.1.a": "1.1.b",
        "1.2.3.a": "1.2.3.b",
        "2.4.a": "2.4.b",
        "3.2.4.a": "3.2.4.b",
        "3.4.2.a": "3.4.2.b",
    }
    for whole, part in part_of.items():
        values[whole] = made.randint(30, 5000)
        values[part] = made.randint(13, int(values[whole] or 0))
    values["1.1.a"], values["1.1.b"] = 90, made.randint(1, 25)
    values["2.3"] = (values["2.4.a"] or 0) + made.randint(0, 40)
    values["1.3.1"], values["1.3.2"], values["1.3.3"] = made.randint(20, 60), 11, made.randint(0, 9)
    values["4.2.1"] = made.randint(18, 25)
    values["6.1.a"], values["6.1.b"] = made.randint(3000, 9000), made.randint(100, 900)
    values["3.3.4"] = made.choice([81.75, 100, 97.62])
    values["7.5.1"], values["7.3"] = made.choice([0, 100, 100]), made.choice([0, 1, 2])
    values["4.2.5"] = None
    return values


def _grown(start: Values, step: int) -> Values:
    return {
        id: value * step if id in GROWING and value is not None else value
        for id, value in start.items()
    }


def _files_of(
    made: random.Random, number: int, unit: ReportingUnit, period: str, values: Values
) -> Iterator[SentFile]:
    """Yield what a unit sends in a period: nothing, one file, or two."""
    notes: dict[str, str] = {}
    values = dict(values)
    if period == "2022-6T":
        _spoil(number, values, notes)
    if unit == GONE and period != "2022-Q1":
        return
    hours = made.randint(-200, 7)  # until 23 o'clock of the day that is due
    if number % 6 == 1:
        hours = made.randint(8, 90)  # late
    saved = datetime.fromisoformat(f"{DUE[period]} 16:00") + timedelta(hours=hours)
    name = f"{period}/{unit.code}.xlsx"
    if number % 8 == 3:  # an earlier version, in a folder that sorts after it
        old = {**values, "5.4": 77, "4.2.2": 11}
        earlier = saved - timedelta(hours=30)
        yield SentFile(period, unit, f"{period}/z cũ/{unit.code}.xlsx", earlier, old)
    lines = _lines(made, number) if number % 2 else ()
    yield SentFile(period, unit, name, saved, values, notes, lines)
    if unit == LOCKED and period == "2022-6T":
        later = {**values, "3.4.2.a": 999_999, "3.4.2.b": 999_999}
        after = saved + timedelta(days=9)
        yield SentFile(period, unit, f"{period}/sau.xlsx", after, later, after_lock=True)


def _lines(made: random.Random, number: int) -> tuple[tuple[str, Mapping[str, int]], ...]:
    """Return a balanced Biểu 06: what is received is solved or waits."""
    names = ["Đất đai", ("Hộ tịch", "  HỘ  tịch")[number % 3 == 1], "Chứng thực"]
    lines = []
    for name in names[: 2 + number % 2]:
        solved = [made.randint(0, 90) for _ in range(3)]
        waits = [made.randint(0, 9) for _ in range(2)]
        online = made.randint(0, sum(solved))
        columns = ("c4", "c5", "c6", "c8", "c9", "c10", "c12", "c13")
        counts = (online, sum(solved) - online, sum(waits), *solved, *waits)
        lines.append((name, dict(zip(columns, counts, strict=True))))
    return tuple(lines)


def _spoil(number: int, values: Values, notes: dict[str, str]) -> None:
    """Make the mistakes that the half year has: blanks, and figures that break a rule."""
    blanked = {2: ("3.4.2.a",), 5: ("3.4.2.b", "6.1.a"), 9: ("1.1.a", "1.1.b"), 14: ("2.4.b",)}
    for id in blanked.get(number, ()):
        values[id] = None
    if number in (4, 6, 7, 8, 11):  # spends more than planned
        values["6.1.b"] = (values["6.1.a"] or 0) + 10
    if number in (4, 6):
        notes["6.1.b"] = REASON
    if number == 7:
        notes["6.1.a"] = "đã xem xét"  # ten characters, on the other row of the rule
    if number == 8:
        notes["6.1.b"] = "  đã xem   "  # six
    if number == 10:  # an error is not explained away
        values["1.1.b"] = 95
        notes["1.1.b"] = REASON
    if number in (12, 13):
        values["4.2.2"] = 40
    if number == 16:
        values["3.1.3"] = values["3.1.3.b"] = 125  # not what the others say
    if number == 17:
        values["6.1.a"], values["6.1.b"] = 4_860_000, 2_860_000  # thousands for millions
    if number == 18:
        values["3.4.2.b"] = 1  # less than in the first quarter, and left out by a decision


# --- decisions ---------------------------------------------------------------------------------

# unit, indicator, rule, decision, reason, by, until
DECISIONS = (
    (COMMUNES[17].code, "6.1.a", "", "exclude", "Sai đơn vị tiền, chờ sửa", "Phòng Nội vụ", ""),
    (COMMUNES[17].code, "6.1.b", "", "exclude", "Sai đơn vị tiền, chờ sửa", "Phòng Nội vụ", ""),
    (COMMUNES[18].code, "*", "", "exclude", "Số liệu đang thanh tra", "Phòng Nội vụ", "2022-N"),
    (COMMUNES[12].code, "*", "C-4.2", "accept", "Đang chờ điều chuyển", "Phòng Nội vụ", ""),
    (COMMUNES[25].code, "*", "C-4.2", "accept", "Từ kỳ trước, nay đã đúng", "Phòng Nội vụ", ""),
)


def write_decisions(path: Path) -> Path:
    """Write the decisions of the half year as a CSV file."""
    lines = ["unit,indicator,rule,decision,reason,by,until"]
    lines += [",".join(f'"{text}"' if "," in text else text for text in row) for row in DECISIONS]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


# --- workbooks ---------------------------------------------------------------------------------


@cache
def _blank(level: str) -> Mapping[str, bytes]:
    return read_parts(blank(level, prefilled=False))


def write_workbook(sent: SentFile, folder: Path) -> Path:
    """Write a file as the clerk saved it; return where it lies."""
    parts = dict(_blank(sent.unit.level))
    layout, period = Layout(FORM), FORM.period(sent.period)

    def identify(sheet: SheetEditor) -> None:
        sheet.set(positions.info_cell("TT_DON_VI"), positions.unit_text(sent.unit))
        sheet.set(positions.info_cell("TT_KY"), positions.short_period(period.kind.label))
        sheet.set(positions.info_cell("TT_NAM"), period.year)

    def type_all(sheet: SheetEditor) -> None:
        for id, value in sent.values.items():
            if value is not None:
                sheet.set(layout.cell(id), value)
        for id, note in sent.notes.items():
            sheet.set(f"{positions.NOTE}{layout.rows[id]}", note)

    def type_lines(sheet: SheetEditor) -> None:
        for number, (label, counts) in enumerate(sent.lines, start=1):
            sheet.set(positions.table_label(number), label)
            for column, value in counts.items():
                sheet.set(layout.cell(f"II06.{number}.{column}"), value)

    edit_sheet(parts, positions.INFO_SHEET, identify)
    edit_sheet(parts, FORM.sheet, type_all)
    if sent.lines:
        edit_sheet(parts, FORM.tables[1].sheet, type_lines)
    utc = sent.written - timedelta(hours=7)
    stamp = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
    core = parts["docProps/core.xml"]
    parts["docProps/core.xml"] = stamp.sub(rb"\g<1>%s" % f"{utc:%FT%TZ}".encode(), core)
    path = folder / sent.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zip_parts(parts))
    return path
