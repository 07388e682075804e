"""What the tests of the consolidation build from: communes, a city, and summaries of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from tests.support.builders import BASELINES, FORM, PERIOD, Fill, blank, submission
from tests.support.office import Office
from tests.support.paths import DATA
from xl_automation.checks.earlier import PastPeriod
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.facts import FIRST_FACT_ROW
from xl_automation.summary.places import HEADER_ROW, OVERVIEW, PROGRESS, TOTALS
from xl_automation.summary.read_back import read_summary
from xl_automation.summary.write import write_summary
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address, column_number
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts
from xl_automation.xlsx.sheet_editor import SheetEditor

UNITS = FORM.units_at(FORM.period("2022-6T"))
COMMUNES = tuple(unit for unit in UNITS if unit.level == "commune")
CITY = FORM.unit("164")
A, B, C, D, E, F = COMMUNES[:6]
FOLDER = Path("Đã gửi")

# The form with few of its rules about one workbook, for tests of the rules about several.
FEW_RULES = replace(
    FORM,
    rules=tuple(
        rule for rule in FORM.rules if rule.scope != "workbook" or rule.id in ("C-1.1", "C-4.2")
    ),
)


def report(
    unit: ReportingUnit | None,
    fill: Fill,
    period: Period | None = PERIOD,
    path: Path | None = None,
    form: Form = FORM,
    **more: Any,
) -> Submission:
    """Return what the reader would make of a unit's workbook with *fill* in its cells."""
    level = unit.level if unit else "commune"
    facts: dict[str, Any] = {
        "unit_code": unit.code if unit else None,
        "unit_name": unit.name if unit else None,
        "period": period,
        "path": path or FOLDER / f"{unit.code if unit else 'x'}.xlsx",
        "sha256": "5" * 64,
        "size": 34567,
        "saved": 1_655_200_000.0,
        **more,
    }
    return replace(submission(fill, level, form), **facts)


def good(unit: ReportingUnit, **changes: Any) -> Submission:
    """Return a consistent report of *unit*; *changes* as ``c1_1_a=5`` for 1.1.a, None to blank."""
    fill = dict(BASELINES[unit.level])
    for id, value in changes.items():
        fill[id.removeprefix("c").replace("_", ".")] = value
    return report(unit, fill)


def rules(result: Consolidation, start: str = "K") -> dict[str, list[str]]:
    """Return, for each rule whose id begins with *start*, what its findings saw."""
    seen: dict[str, list[str]] = {}
    for finding in (located.finding for located in result.findings):
        if finding.rule.startswith(start):
            seen.setdefault(finding.rule, []).append(finding.seen)
    return seen


def past(
    folder: Path, period: str, results: Iterable[Submission | RefusedFile], form: Form = FORM
) -> PastPeriod:
    """Return an earlier period as it comes back from a summary file."""
    then = form.period(period)
    earlier = [
        replace(result, period=then) if isinstance(result, Submission) else result
        for result in results
    ]
    path = folder / f"Tổng hợp {period}.xlsx"
    write_summary(consolidate(form, earlier, period=then), path)
    return read_summary(path, form)


def workbook(
    path: Path,
    unit: ReportingUnit | None,
    fill: Fill,
    period: Period | None = PERIOD,
    form: Form = FORM,
) -> Path:
    """Write to *path* the workbook of *unit* with *fill* in its cells; return *path*."""
    parts = read_parts(blank(unit.level if unit else "commune", form))
    layout = Layout(form)

    def identify(sheet: SheetEditor) -> None:
        texts = {
            "TT_DON_VI": positions.unit_text(unit) if unit else None,
            "TT_KY": positions.short_period(period.kind.label) if period else None,
            "TT_NAM": period.year if period else None,
        }
        for name, text in texts.items():
            sheet.set(f"{positions.INFO_VALUE}{positions.INFO_ROWS[name][0]}", text)

    def type_all(sheet: SheetEditor) -> None:
        for id, value in fill.items():
            sheet.set(layout.cell(id), value)  # type: ignore[arg-type]

    edit_sheet(parts, positions.INFO_SHEET, identify)
    edit_sheet(parts, form.sheet, type_all)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zip_parts(parts))
    return path


def saved_by_itself(path: Path, out: Path, time: datetime) -> Path:
    """Write a workbook to *out* as saved at *time* by its own properties; return *out*."""
    parts = read_parts(path.read_bytes())
    before = '<dcterms:modified xsi:type="dcterms:W3CDTF">'
    head, mark, rest = parts["docProps/core.xml"].decode().partition(before)
    stated = time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts["docProps/core.xml"] = f"{head}{mark}{stated}{rest[rest.index('<') :]}".encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(zip_parts(parts))
    return out


def written(result: Consolidation, path: Path) -> Path:
    """Write the summary of *result* to *path* and return the path."""
    write_summary(result, path)
    return path


def row_of(id: str, form: Form = FORM) -> int:
    """Return the row of an indicator in the totals of a summary."""
    return HEADER_ROW + 1 + [item.id for item in form.indicators].index(id)


def cells(path: Path, sheet: str, cached: bool = True) -> dict[str, object]:
    """Return the cells of a sheet that hold something: values, or formulas with *cached* off."""
    # Read row by row: links, of which there may be thousands, are passed over.
    with closing(openpyxl.load_workbook(path, data_only=cached, read_only=True)) as book:
        return {
            cell.coordinate: cell.value
            for row in book[sheet].iter_rows()
            for cell in row
            if cell.value is not None
        }


def table(path: Path, sheet: str, header: int) -> list[dict[str, object]]:
    """Return the rows under the header row of a sheet, each as captions to values."""
    with closing(openpyxl.load_workbook(path, data_only=True, read_only=True)) as book:
        captions, *lines = list(book[sheet].iter_rows(values_only=True))[header - 1 :]
    return [dict(zip(map(str, captions), line, strict=True)) for line in lines]


def formula_cells(path: Path, sheet: str) -> set[str]:
    """Return the addresses of a sheet's formulas."""
    page = openpyxl.load_workbook(path)[sheet]
    return {cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"}


def reconciliation(path: Path) -> str:
    """Return the address of the cell that says whether the numbers of files agree."""
    return fact_cell(path, "Đối soát: nhận = tính + từ chối + thay thế")


def fact_cell(path: Path, label: str) -> str:
    """Return the address of what the fact with a label is."""
    (row,) = (cell[1:] for cell, text in cells(path, OVERVIEW).items() if text == label)
    return f"E{row}"


def facts_of(path: Path) -> dict[str, object]:
    """Return the facts at the top of a summary, each as it is said to what it is."""
    texts = cells(path, OVERVIEW)
    last = Address(fact_cell(path, "Đối soát: các đơn vị = tổng + không tính")).row
    return {
        str(texts[f"A{row}"]).strip(): texts.get(f"E{row}")
        for row in range(FIRST_FACT_ROW, last + 1)
    }


def differences(
    office: Office, path: Path, sheets: Sequence[str] = (TOTALS, OVERVIEW, PROGRESS)
) -> dict[str, tuple[object, object]]:
    """Return where LibreOffice, calculating everything anew, finds other than what was written.

    Each formula of *sheets*: address to (written, calculated).
    """
    differing: dict[str, tuple[object, object]] = {}
    with office.open(path) as book:
        book.recalculate()
        for sheet in sheets:
            written = cells(path, sheet)
            addresses = [Address(cell) for cell in sorted(formula_cells(path, sheet))]
            last_column = max(column_number(address.column) for address in addresses)
            last = Address.of("", last_column, max(address.row for address in addresses))
            calculated = book.values(sheet, f"A1:{last}")
            for address in addresses:
                before = written.get(address, "")
                after = calculated[address.row - 1][column_number(address.column) - 1]
                if not alike(before, after):
                    differing[f"{sheet}!{address}"] = (before, after)
    return differing


def alike(before: object, after: object) -> bool:
    """Return whether two cells are equal, but for the last digits of a sum of decimals."""
    if isinstance(before, datetime):
        before = (before - datetime(1899, 12, 30)).days
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return abs(before - after) <= 1e-9 * max(1.0, abs(before))
    return before == after


# --- the golden case: every figure below is combined by hand in test_consolidate.py ------------

GOLDEN_UNITS = (A, B, C, D, E, F, CITY)  # F sends nothing

GOLDEN: Mapping[str, Sequence[Any]] = {
    #                 A      B      C      D      E
    "1.1.a":         (8,     10,    3,     None,  4),
    "1.1.b":         (4,     5,     None,  2,     1),
    "1.2.3.a":       (0,     0,     None,  None,  None),
    "1.2.3.b":       (0,     0,     7,     None,  None),
    "1.3.1":         (0,     0,     None,  None,  None),
    "1.4.1":         ("03",  12,    None,  None,  None),
    "1.5":           (0,     1,     1,     1,     None),
    "2.3":           (678,   None,  None,  None,  None),
    "2.4.a":         ("abc", 3,     "-",   None,  None),
    "2.4.b":         (1,     2,     1,     None,  None),
    "3.1.1":         (24,    24,    24,    24,    24),
    "3.1.3":         (126,   126,   126,   126,   None),
    "3.1.3.b":       (126,   126,   120,   126,   None),
    "3.2.1.a":       (40,    40,    40,    None,  None),
    "3.2.1.b":       (31,    None,  31,    None,  None),
    "3.2.2.a":       (36,    36,    30,    None,  None),
    "3.2.2.b":       (36,    18,    None,  None,  None),
    "3.2.3.a":       (0,     0,     None,  None,  None),
    "3.2.3.b":       (0,     0,     None,  None,  None),
    "3.2.4.a":       (1000,  10,    None,  None,  None),
    "3.2.4.b":       (10,    10,    None,  None,  None),
    "3.3.4":         (100,   50,    80,    None,  90),
    "3.3.5":         (50,    100,   None,  None,  None),
    "3.4.2.a":       (100,   300,   50,    None,  None),
    "3.4.2.b":       (99,    297,   None,  50,    None),
    "4.2.5":         (-5,    12.5,  None,  None,  None),
    "6.1.a":         (4860,  1200.5, "1.000", None, None),
    "6.1.b":         (2860,  300.25, None, None,  None),
    "7.1":           (0,     0,     1,     None,  None),
    "7.3":           (2,     2,     9,     None,  None),
    "7.5.1":         (100,   100,   0,     50,    None),
    "7.5.2.tu":      (90,    30,    None,  None,  None),
    "7.5.2.mau":     (100,   300,   None,  None,  None),
    "7.5.2.a":       (60,    None,  70,    None,  None),
    "7.5.2.b":       (None,  None,  70,    20,    None),
    "7.6.2":         (100,   100,   0,     None,  None),
}  # fmt: skip

GOLDEN_CITY: Fill = {
    "1.1.a": 20, "1.1.b": 11, "1.2.1.tu": 4, "1.2.1.mau": 12, "2.1": 4, "2.2": "-",
    "3.1.3": 300, "3.1.3.a": 174, "3.4.1.a": 900, "3.4.1.b": 890, "3.4.2.a": 400, "3.4.2.b": 390,
    "4.1.5.a": 40, "4.1.5.b": 30, "6.2.6": 0, "7.5.1": 97,
}  # fmt: skip


@cache
def golden() -> Consolidation:
    """Return the consolidation of the golden case: five communes and the city."""
    communes = []
    for position, unit in enumerate((A, B, C, D, E)):
        figures = {id: row[position] for id, row in GOLDEN.items()}
        fill = {id: figure for id, figure in figures.items() if figure is not None}
        communes.append(report(unit, fill))
    return consolidate(FORM, [*communes, report(CITY, GOLDEN_CITY)], GOLDEN_UNITS, PERIOD)


# --- a form of another subject, with every way of combining; by hand in test_consolidate.py -----

SCHOOL = load_form(DATA / "truong-hoc.toml")
SCHOOL_YEAR = SCHOOL.period("2024-NH")

SCHOOLS: Mapping[str, Sequence[Any]] = {
    #            T1      T2    T3
    "A.1.hs":   (200,    300,  100),
    "A.1.len":  (190,    285,  None),
    "A.2":      (12,     12,   12),
    "A.3":      (6,      6,    9),
    "A.5":      (1,      0,    1),
    "A.6":      (100,    90,   100),
    "A.7.tu":   (80,     30,   None),
    "A.7.mau":  (100,    60,   None),
    "A.7":      (None,   None, 70),
    "A.9":      (-5,     4,    None),
    "A.10":     (1200.5, 800,  "1.000"),
}  # fmt: skip


@cache
def schools() -> Consolidation:
    """Return the consolidation of three schools and their office of education."""
    *units, office = SCHOOL.units
    reports = [report(office, {"A.8": 3}, SCHOOL_YEAR, form=SCHOOL)]
    for position, unit in enumerate(units):
        figures = {id: row[position] for id, row in SCHOOLS.items()}
        fill = {id: figure for id, figure in figures.items() if figure is not None}
        reports.append(report(unit, fill, SCHOOL_YEAR, form=SCHOOL))
    return consolidate(SCHOOL, reports)
