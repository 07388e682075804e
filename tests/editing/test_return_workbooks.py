"""Requirement: a workbook with findings goes back marked, with reasons, open only where it must."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import openpyxl
import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, DISTRICT, FORM, PERIOD, UNIT, Fill
from tests.support.cells import filled, typed
from tests.support.communes import A, B, C, past
from xl_automation.checks.check import check
from xl_automation.cli.main import main
from xl_automation.editing.return_marks import MARK, MARK_STYLE
from xl_automation.editing.return_plan import plan_return
from xl_automation.editing.return_workbooks import ReturnRound, return_workbooks
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_files
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.template.review_sheet import FIRST_FINDING_ROW
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import WORKBOOK_PART, edit_sheet, read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor
from xl_automation.xlsx.styles import Look, StyleEditor

PAGE, INFO = FORM.sheet, positions.INFO_SHEET
LAYOUT = Layout(FORM)
TABLES = [table.sheet for table in FORM.tables]


@cache
def issued(unit: ReportingUnit | None, period: Period | None) -> bytes:
    """Return the workbook that a unit was given."""
    return build_template(FORM, unit.level if unit else "commune", unit, period)


def sent(
    path: Path,
    fill: Fill,
    unit: ReportingUnit | None = UNIT,
    period: Period | None = PERIOD,
    info: Mapping[str, CellContent] | None = None,
) -> Path:
    """Write the workbook that a unit sends with *fill* in its cells."""
    return filled(path, FORM, fill, content=issued(unit, period), info=info)


def returned(paths: Sequence[Path], out: Path, **options) -> ReturnRound:
    """Give back what has to be corrected of *paths*."""
    return return_workbooks(FORM, read_files(paths, FORM), out, **options)


def all_looks(path: Path) -> dict[Address, Look]:
    """Return what each cell's style says, by sheet and address."""
    parts = read_parts(path.read_bytes())
    styles = StyleEditor(parts)
    return {
        Address(f"{sheet}!{cell}"): styles.look(editor.style(cell))
        for sheet, part in sheet_parts(parts).items()
        for editor in [SheetEditor(parts[part])]
        for cell in editor.cells
    }


def looks(path: Path) -> dict[Address, tuple[bool, str | None]]:
    """Return lock and fill of each cell, by sheet and address."""
    return {place: (look.locked, look.fill) for place, look in all_looks(path).items()}


def opened(path: Path) -> set[Address]:
    """Return the cells that accept typing."""
    return {place for place, (locked, _) in looks(path).items() if not locked}


def marked(path: Path) -> set[Address]:
    """Return the cells that carry the mark; those and no others have its colour."""
    mark = StyleEditor(read_parts(path.read_bytes())).cell_style_named(MARK_STYLE)
    cell_looks = all_looks(path)
    cells = {place for place, look in cell_looks.items() if look.cell_style == mark}
    colored = {place for place, look in cell_looks.items() if look.fill == MARK}
    assert cells == {place for place in colored if place.sheet != positions.GUIDE_SHEET}
    return cells


def reasons(path: Path) -> dict[str, str]:
    """Return the reasons by sheet and row, wherever they stand."""
    parts = read_parts(path.read_bytes())
    columns = {PAGE: (positions.RETURNED, positions.FIRST_ROW), INFO: (positions.INFO_RETURNED, 4)}
    columns |= {
        table.sheet: (positions.table_returned(table), positions.TABLE_FIRST_ROW)
        for table in FORM.tables
    }
    texts = {}
    for sheet, (column, first) in columns.items():
        for address, cell in SheetEditor(parts[sheet_parts(parts)[sheet]]).cells.items():
            place = Address(address)
            text = "".join(cell.itertext())
            if place.column == column and place.row >= first and text:
                texts[f"{sheet}!{place.row}"] = text
    return texts


def places(*ids: str, notes: bool = True) -> set[str]:
    """Return the cells of figures, and of their notes."""
    cells = {LAYOUT.place(id) for id in ids}
    noted = [item for item in FORM.figures if notes and item.id in ids]
    return cells | {f"{PAGE}!{positions.NOTE}{LAYOUT.rows[item.id]}" for item in noted}


def table(id: str, column: str) -> set[str]:
    """Return the cells that a clerk fills of a supporting table's column."""
    cells = FORM.table_cells.items()
    return places(
        *(cell for cell, (owner, col, row) in cells if (owner.id, col.id) == (id, column) and row)
    )


# What is wrong, which cells open, and which of the marked cells stay locked.
CASES: dict[str, tuple[Fill, set[str], set[str]]] = {
    # What follows for 1.1 is no finding of its own: it stays as issued.
    "rule-over-two": ({"1.1.b": 9}, places("1.1.a", "1.1.b"), set()),
    "unreadable": ({"1.3.1": "năm"}, places("1.3.1"), set()),
    "warning": ({"1.3.1": "05"}, places("1.3.1"), set()),
    "heading": ({"2": 4}, places("2"), set()),
    "typed-over": ({"1.1": 99}, places("1.1", "1.1.a", "1.1.b"), set()),
    "helped": (
        {"3.3.4": 180},
        places("3.3.4") | places("3.3.4.tu", "3.3.4.mau", notes=False),
        set(),
    ),
    "table-row": (
        {"II06.1.c4": 50, "II06.1.c5": 6642, "II06.1.c6": 5, "II06.1.c8": 6690, "II06.1.c10": 2},
        places(*(f"II06.1.c{n}" for n in (4, 5, 6, 8, 9, 10, 12, 13))),
        places("II06.1.c3", "II06.1.c7", "II06.1.c11"),
    ),
    "table-total": ({"TTHC.1.so": 5}, table("TTHC", "so") | places("3.1.3.b"), places("TTHC.so")),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_exactly_the_cells_in_question_are_open_and_marked(tmp_path, case):
    """Inputs that a finding is about open with their notes; every other cell is locked."""
    fill, expected, locked = CASES[case]
    path = sent(tmp_path / "báo cáo.xlsx", {**COMMUNE, **fill})
    (workbook,) = returned([path], tmp_path / "trả").returned
    assert workbook.copy == tmp_path / "trả" / "báo cáo.xlsx"
    assert opened(workbook.copy) == set(workbook.opened) == expected
    notes = {f"{PAGE}!{positions.NOTE}{row}" for row in LAYOUT.rows.values()}
    helpers = places(*FORM.helper_ids)
    assert marked(workbook.copy) == (expected - notes - helpers) | locked
    # The mark is never alone: each row has in words what is wrong and by which rule.
    said = reasons(workbook.copy)
    assert said.keys() == {re.sub("![A-Z]+", "!", place) for place in marked(workbook.copy)}
    for finding in workbook.findings:
        assert any(f"{finding.message} [{finding.rule}]" in text for text in said.values())


def test_nothing_else_changes(tmp_path):
    """Values, formulas, names, validations and every other part are those that were sent."""
    fill = {**COMMUNE, "1.1.b": 9, "1.1": 99, "2": "ghi nhầm", "1.3.1": "năm"}
    path = sent(tmp_path / "a.xlsx", fill)
    path = typed(path, {LAYOUT.place("1.5"): ("1-2", -1)}, path.read_bytes())  # a clerk's formula
    (workbook,) = returned([path], tmp_path / "out").returned
    before, after = (read_parts(file.read_bytes()) for file in (path, workbook.copy))
    sheets = sheet_parts(before)
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {*sheets.values(), "xl/styles.xml"}
    assert sheets["Danh mục"] not in changed
    for part in sheets.values():
        assert bare(before[part]) == bare(after[part])
    then, now = (read_submission(file, FORM) for file in (path, workbook.copy))
    assert (now.readings, now.notes, now.dates) == (then.readings, then.notes, then.dates)
    assert check(FORM, now) == check(FORM, then)


def bare(content: bytes) -> bytes:
    """Return a sheet without looks, blank cells, and what the city writes into it."""
    editor = SheetEditor(content)
    for address, cell in editor.cells.items():
        row = cell.getparent()
        assert row is not None
        is_reason = Address(address).column in (positions.RETURNED, positions.INFO_RETURNED)
        if is_reason or not len(cell):
            row.remove(cell)
        cell.attrib.pop("s", "")
        row.attrib.pop("spans", "")
    editor.show_column(positions.RETURNED)
    return editor.to_bytes()


def test_next_round_starts_anew(tmp_path):
    """Marks, reasons and locks after a correction are those of the corrected workbook alone."""
    wrong = {**COMMUNE, "1.1.b": 9, "1.3.1": "năm", "3.3.4": 180, "2": 4, "TTHC.1.so": 5}
    half = {**wrong, "1.3.1": 5, "1.1.b": 4, "2": None, "TTHC.1.so": 126}
    (workbook,) = returned([sent(tmp_path / "a.xlsx", wrong)], tmp_path / "một").returned
    fixed = filled(tmp_path / "sửa" / "a.xlsx", FORM, half, content=workbook.copy.read_bytes())
    (again,) = returned([fixed], tmp_path / "hai").returned
    (fresh,) = returned([sent(tmp_path / "b.xlsx", half)], tmp_path / "ba").returned
    assert again.findings == fresh.findings
    before, now = looks(fresh.copy), looks(again.copy)
    assert {place: look for place, look in now.items() if place in before} == before
    assert marked(again.copy) == marked(fresh.copy)
    assert reasons(again.copy) == reasons(fresh.copy)


def repainted(path: Path, place: Address, fill: str) -> Path:
    """Give a cell of a workbook another fill, as a clerk does; return *path*."""
    parts = read_parts(path.read_bytes())
    styles = StyleEditor(parts)

    def paint(editor: SheetEditor) -> None:
        style = editor.style(place.cell)
        look = styles.look(style)._replace(fill=fill)
        editor.restyle(place.cell, styles.variant(style, look))

    edit_sheet(parts, place.sheet, paint)
    parts[styles.part] = styles.to_bytes()
    path.write_bytes(zip_parts(parts))
    return path


def test_cell_that_only_looks_marked_is_left_alone(tmp_path):
    """What a clerk painted in the colour of the mark keeps it, in every round."""
    painted = LAYOUT.place("1.5")
    path = repainted(sent(tmp_path / "a.xlsx", {**COMMUNE, "1.1.b": 9}), painted, MARK)
    (first,) = returned([path], tmp_path / "một").returned
    (second,) = returned([first.copy], tmp_path / "hai").returned
    for workbook in (first, second):
        look = all_looks(workbook.copy)[painted]
        assert (look.locked, look.fill, look.cell_style) == (True, MARK, 0)


def test_marked_cell_is_known_whatever_its_colour(tmp_path):
    """A mark that was painted over is cleared once its cell is right, else put anew."""
    wrong = {**COMMUNE, "1.1.b": 9, "1.3.1": "năm"}
    (first,) = returned([sent(tmp_path / "a.xlsx", wrong)], tmp_path / "một").returned
    settled, unsettled = LAYOUT.place("1.3.1"), LAYOUT.place("1.1.b")
    fixed = filled(tmp_path / "b.xlsx", FORM, {"1.3.1": 5}, content=first.copy.read_bytes())
    for place in (settled, unsettled):
        repainted(fixed, place, "FFFF00")
    (second,) = returned([fixed], tmp_path / "hai").returned
    issued_look = all_looks(sent(tmp_path / "c.xlsx", COMMUNE))[settled]
    assert all_looks(second.copy)[settled] == issued_look._replace(locked=True)
    assert marked(second.copy) == places("1.1.a", "1.1.b", notes=False)


@pytest.mark.parametrize("missing", [b"cellStyles", b"cellStyleXfs"])
def test_mark_is_added_to_a_list_of_styles_without_names(tmp_path, open_xml_errors, missing):
    """A file that names no cell styles, as some programs leave it, gets the mark in its place."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.3.1": "năm"})
    parts = read_parts(path.read_bytes())
    pattern = b"<%b.*</%b>" % (missing, missing)
    parts["xl/styles.xml"], times = re.subn(pattern, b"", parts["xl/styles.xml"])
    assert times == 1
    path.write_bytes(zip_parts(parts))
    (workbook,) = returned([path], tmp_path / "out").returned
    assert marked(workbook.copy) == {LAYOUT.place("1.3.1")}
    assert open_xml_errors(workbook.copy) == []


def test_returned_workbook_is_valid_open_xml(tmp_path, open_xml_errors):
    """Microsoft's validator finds nothing wrong with what goes back, in any round."""
    wrong = {**COMMUNE, "1.1.b": 9, "1.3.1": "năm", "TTHC.1.so": 5}
    (first,) = returned([sent(tmp_path / "a.xlsx", wrong)], tmp_path / "một").returned
    fixed = filled(tmp_path / "b.xlsx", FORM, {"1.3.1": 5}, content=first.copy.read_bytes())
    (second,) = returned([fixed], tmp_path / "hai").returned
    assert [open_xml_errors(workbook.copy) for workbook in (first, second)] == [[], []]
    styles = StyleEditor(read_parts(second.copy.read_bytes()))
    names = [item.get("name") for item in styles.root.iter("{*}cellStyle")]
    assert names == ["Normal", MARK_STYLE]


def test_mark_survives_openpyxl(tmp_path):
    """A workbook that a script loaded and saved still says which cells were marked."""
    wrong = {**COMMUNE, "1.1.b": 9, "1.3.1": "năm"}
    (workbook,) = returned([sent(tmp_path / "a.xlsx", wrong)], tmp_path / "out").returned
    before = marked(workbook.copy)
    saved = tmp_path / "lưu.xlsx"
    openpyxl.load_workbook(workbook.copy).save(saved)
    assert marked(saved) == before


def test_plan_is_made_from_the_findings_alone(tmp_path):
    """The same findings give the same plan, with a reason beside each row that is marked."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.1.b": 9, "1.3.1": "năm"})
    submission = read_submission(path, FORM)
    findings = check(FORM, submission)
    plan = plan_return(LAYOUT, submission, findings)
    assert plan == plan_return(LAYOUT, submission, findings)
    assert set(plan.opened) == places("1.1.a", "1.1.b", "1.3.1")
    said = {place for place, text in plan.reasons.items() if text}
    assert said == {Address.of(PAGE, positions.RETURNED, place.row) for place in plan.marked}


def test_corrected_workbook_is_clean(tmp_path):
    """A returned and corrected file is read as any other; nothing of it goes back again."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.3.1": "năm"})
    (workbook,) = returned([path], tmp_path / "x").returned
    fixed = filled(tmp_path / "a2.xlsx", FORM, COMMUNE, content=workbook.copy.read_bytes())
    result = returned([fixed], tmp_path / "y")
    assert (result.returned, result.clean) == ((), (fixed,))
    assert not (tmp_path / "y").exists()
    assert check(FORM, read_submission(fixed, FORM)) == []


def test_deleted_sheet_of_rules_is_no_hindrance(tmp_path):
    """Without the hidden sheet of rules the reasons still stand beside their rows."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.1.b": 9})
    parts = read_parts(path.read_bytes())
    book = parts[WORKBOOK_PART].decode().replace(f"'{positions.RULE_SHEET}'!", "#REF!")
    book = re.sub(f'<sheet name="{positions.RULE_SHEET}"[^>]*/>', "", book)
    book = book.replace("#REF!$", "'#REF'!$")
    path.write_bytes(zip_parts({**parts, WORKBOOK_PART: book.encode()}))
    (workbook,) = returned([path], tmp_path / "out").returned
    assert list(reasons(workbook.copy)) == [
        f"{PAGE}!{LAYOUT.rows[id]}" for id in ("1.1.a", "1.1.b")
    ]


def test_lost_protection_comes_back(tmp_path):
    """A workbook whose protection was taken off goes back protected."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.3.1": "năm"})
    parts = read_parts(path.read_bytes())
    for name, data in parts.items():
        data = re.sub(rb"<sheetProtection[^>]*/>", b"", data)
        parts[name] = re.sub(rb"<workbookProtection[^>]*/>", b"", data)
    path.write_bytes(zip_parts(parts))
    (workbook,) = returned([path], tmp_path / "out").returned
    after = read_parts(workbook.copy.read_bytes())
    protected = (
        b'<sheetProtection formatCells="0" formatColumns="0" formatRows="0" sheet="1" objects="1"'
    )
    for part in sheet_parts(after).values():
        assert after[part].count(protected) == 1
    assert after[WORKBOOK_PART].count(b'<workbookProtection lockStructure="1"/>') == 1


def test_text_that_no_cell_can_hold_is_replaced(tmp_path):
    """A control character in what was typed does not stop its workbook from going back."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.3.1": "năm_x0007_"})
    (workbook,) = returned([path], tmp_path / "out").returned
    assert "1.3.1 = “năm" in reasons(workbook.copy)[f"{PAGE}!{LAYOUT.rows['1.3.1']}"]


def test_date_opens_with_its_reason(tmp_path):
    """A finding about a date opens that date and gives its reason on the information sheet."""
    info = {"TT_NGAY_BAO_CAO": 44_000}
    path = sent(tmp_path / "a.xlsx", COMMUNE, info=info)
    (workbook,) = returned([path], tmp_path / "out").returned
    assert [finding.rule for finding in workbook.findings] == ["B12"]
    assert opened(workbook.copy) == {f"{INFO}!B10"}
    assert "[B12]" in reasons(workbook.copy)[f"{INFO}!10"]


# --- several files -----------------------------------------------------------------------------


def test_batch_tells_returned_clean_replaced_and_refused(tmp_path):
    """Each file ends in exactly one list, and only the last file of a unit goes back."""
    import os

    good = sent(tmp_path / "in" / "a.xlsx", COMMUNE, A)
    old = sent(tmp_path / "in" / "b1.xlsx", {**COMMUNE, "1.1.b": 9}, B)
    new = sent(tmp_path / "in" / "b2.xlsx", {**COMMUNE, "1.3.1": "năm"}, B)
    os.utime(old, (1, 1))
    bad = tmp_path / "in" / "c.xlsx"
    bad.write_bytes(b"abc")
    result = returned([good, old, new, bad], tmp_path / "out")
    assert [workbook.path for workbook in result.returned] == [new]
    assert (result.clean, result.superseded) == ((good,), (old,))
    assert [(file.path, file.code) for file in result.refused] == [(bad, "not-a-workbook")]


def test_figure_that_all_share_goes_back_to_those_who_differ(tmp_path):
    """The unit that states another catalogue figure is asked, not all of them (K05)."""
    paths = [sent(tmp_path / f"{unit.code}.xlsx", COMMUNE, unit) for unit in (A, B)]
    paths.append(sent(tmp_path / "c.xlsx", {**COMMUNE, "3.1.1": 25}, C))
    result = returned(paths, tmp_path / "out")
    (workbook,) = result.returned
    assert (workbook.path.name, [f.rule for f in workbook.findings]) == ("c.xlsx", ["K05"])
    assert opened(workbook.copy) == places("3.1.1")
    assert result.clean == tuple(paths[:2])


def test_without_a_majority_nobody_is_asked(tmp_path):
    """Where nobody is known to be wrong, the city is told to settle the figure itself."""
    units = {A: 20, B: 21}
    paths = [
        sent(tmp_path / f"{unit.code}.xlsx", {**COMMUNE, "3.1.1": figure}, unit)
        for unit, figure in units.items()
    ]
    result = returned(paths, tmp_path / "out")
    assert result.clean == tuple(paths)
    assert [(finding.rule, finding.indicators) for finding in result.unsettled] == [
        ("K05", ("3.1.1",))
    ]


def test_outlier_goes_back(tmp_path):
    """What only the median of all shows is asked of the unit that it is about (K07)."""
    units = {A: 1, B: 1, C: 100}
    paths = [
        sent(tmp_path / f"{unit.code}.xlsx", {**COMMUNE, "1.3.1": 5 * n, "1.3.2": 3 * n}, unit)
        for unit, n in units.items()
    ]
    (workbook,) = returned(paths, tmp_path / "out").returned
    assert {finding.rule for finding in workbook.findings} == {"K07"}
    assert opened(workbook.copy) == places("1.3.1", "1.3.2")


def test_earlier_period_is_compared_with(tmp_path):
    """A cumulative figure that fell since the last period goes back with both figures (T01)."""
    before = sent(tmp_path / "q1.xlsx", {**COMMUNE, "1.1.b": 6}, A, FORM.period("2022-Q1"))
    earlier = past(tmp_path, "2022-Q1", read_files([before], FORM))
    path = sent(tmp_path / "a.xlsx", COMMUNE, A)
    assert returned([path], tmp_path / "x").clean == (path,)
    (workbook,) = returned([path], tmp_path / "y", previous=[earlier]).returned
    assert {finding.rule for finding in workbook.findings} == {"T01"}
    assert "kỳ trước = 6" in reasons(workbook.copy)[f"{PAGE}!{LAYOUT.rows['1.1.b']}"]


@pytest.mark.parametrize(
    ("unit", "period", "code", "cells"),
    [
        (A, FORM.period("2022-Q1"), "wrong-period", {f"{INFO}!B5", f"{INFO}!B6"}),
        (ReportingUnit("99999", "Xã Không Có"), PERIOD, "unknown-unit", {f"{INFO}!B4"}),
        (None, PERIOD, "unknown-unit", {f"{INFO}!B4"}),
    ],
    ids=["period", "unit", "no-unit"],
)
def test_wrong_identity_goes_back_too(tmp_path, unit, period, code, cells):
    """A report of another period or unit cannot be counted: its identity opens for correction."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.3.1": "năm"}, unit, period)
    result = returned([path], tmp_path / "out", period=PERIOD)
    (workbook,) = result.returned
    assert [finding.rule for finding in workbook.findings] == [code, "F02"]
    assert opened(workbook.copy) == cells | places("1.3.1")
    for cell in cells:
        assert f"[{code}]" in reasons(workbook.copy)[cell.replace("!B", "!")]
    assert result.refused == ()


def test_city_workbook_goes_back_to_the_city(tmp_path):
    """The city's own workbook is one of those that go back."""
    city = FORM.unit("164")
    path = sent(tmp_path / "tp.xlsx", {**DISTRICT, "6.2.4.a": "hai"}, city)
    (workbook,) = returned([path], tmp_path / "out").returned
    assert places("6.2.4.a") <= opened(workbook.copy)


def test_equal_names_go_into_folders_and_nothing_is_overwritten(tmp_path):
    """Two files of one name keep it in folders of their own; what is in a place stays there."""
    units = {"Xã A": A, "Xã B": B}
    wrong = {**COMMUNE, "1.3.1": "năm"}
    paths = [sent(tmp_path / name / "Báo cáo.xlsx", wrong, unit) for name, unit in units.items()]
    out = tmp_path / "trả"
    copies = [workbook.copy for workbook in returned(paths, out).returned]
    assert copies == [out / "Báo cáo.xlsx", out / "Xã B" / "Báo cáo.xlsx"]
    contents = [copy.read_bytes() for copy in copies]
    copies[0].unlink()
    copies[1].write_bytes(b"theirs")
    again = returned(paths, out)
    assert [workbook.copy for workbook in again.returned] == copies[:1]
    assert again.taken == ((paths[1], copies[1]),)
    assert [copy.read_bytes() for copy in copies] == [contents[0], b"theirs"]


def test_damaged_styles_are_refused_by_name(tmp_path):
    """A file without a list of styles is listed, and the others go back."""
    paths = [sent(tmp_path / f"{u.code}.xlsx", {**COMMUNE, "1.3.1": "năm"}, u) for u in (A, B)]
    with zipfile.ZipFile(paths[0]) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    parts["xl/styles.xml"] = re.sub(rb"<fills.*</fills>", b"", parts["xl/styles.xml"])
    paths[0].write_bytes(zip_parts(parts))
    result = returned(paths, tmp_path / "out")
    assert [workbook.path for workbook in result.returned] == [paths[1]]
    assert [(file.path, file.code) for file in result.refused] == [(paths[0], "unreadable")]


# --- what is answered --------------------------------------------------------------------------

REASON = "Giải ngân vốn kéo dài năm 2021"


def test_answered_warning_stays_with_the_city(tmp_path):
    """A report whose warnings all have reasons goes back for nothing; a short one is none."""
    fill = {**COMMUNE, "6.1.b": 4861}
    answered = builders.workbook(tmp_path / "có.xlsx", fill, notes={"6.1.a": REASON})
    assert returned([answered], tmp_path / "a").clean == (answered,)
    short = builders.workbook(tmp_path / "ngắn.xlsx", fill, notes={"6.1.a": "Đúng"})
    (given,) = returned([short], tmp_path / "b").returned
    assert [finding.rule for finding in given.findings] == ["C-6.1"]
    error = builders.workbook(tmp_path / "lỗi.xlsx", {**fill, "1.1.b": 9}, notes={"6.1.a": REASON})
    (given,) = returned([error], tmp_path / "c").returned
    assert [finding.rule for finding in given.findings] == ["C-1.1"]
    (given,) = returned([answered], tmp_path / "d", period=FORM.period("2022-Q1")).returned
    assert [finding.rule for finding in given.findings] == ["wrong-period"]
    assert given.findings[0].seen == "khác kỳ báo cáo"


@pytest.mark.office
def test_what_the_city_warns_of_is_answered_in_the_returned_workbook(tmp_path, clerk_office):
    """A reason typed beside a row settles the city's warning about an earlier period at once."""
    earlier = past(
        tmp_path,
        "2022-Q1",
        read_files(
            [sent(tmp_path / "q1.xlsx", {**COMMUNE, "3.1.3": 90}, A, FORM.period("2022-Q1"))], FORM
        ),
    )
    paths = [sent(tmp_path / f"{unit.code}.xlsx", COMMUNE, unit) for unit in (A, B)]
    paths.append(sent(tmp_path / "c.xlsx", {**COMMUNE, "3.1.1": 25}, C))  # K05: no note settles it
    done = returned(paths, tmp_path / "out", previous=[earlier]).returned
    copies = {workbook.path: workbook.copy for workbook in done}
    with clerk_office.open(copies[paths[0]]) as book:
        book.recalculate()
        assert book.value(positions.REVIEW_SHEET, f"H{FIRST_FINDING_ROW}") == "T06"
        assert book.value(positions.REVIEW_SHEET, "B7") == 0
        note = f"{positions.NOTE}{LAYOUT.rows['3.1.1']}"  # the second row that it names
        assert book.try_type(PAGE, note, "Bổ sung TTHC ngành giáo dục")
        assert book.value(positions.REVIEW_SHEET, f"B{FIRST_FINDING_ROW}") == "Đã giải trình"
        assert book.value(PAGE, f"{positions.CHECK}{LAYOUT.rows['3.1.3']}") == "Đã giải trình"
        assert book.value(positions.REVIEW_SHEET, "B7") == 1
        again = book.save_as(tmp_path / "lại.xlsx")
    assert returned([again], tmp_path / "hai", previous=[earlier]).clean == (again,)
    with clerk_office.open(copies[paths[2]]) as book:
        book.recalculate()
        assert book.try_type(PAGE, f"{positions.NOTE}{LAYOUT.rows['3.1.1']}", REASON)
        assert book.value(positions.REVIEW_SHEET, "B7") == 0


# --- the command -------------------------------------------------------------------------------


def test_command_tells_and_exits_by_what_it_did(tmp_path, capsys):
    """0: nothing to give back; 1: some; 2: nothing could be done. Its own output is not read."""
    folder, out = tmp_path / "gửi", tmp_path / "gửi" / "trả"
    sent(folder / "tốt.xlsx", COMMUNE, A)
    run = partial(main, ["return", str(folder), "--out", str(out)])
    assert run() == 0
    assert "tốt.xlsx: không có gì phải trả lại" in capsys.readouterr().out
    sent(folder / "sai.xlsx", {**COMMUNE, "1.3.1": "năm"}, B)
    assert run() == 1
    shown = capsys.readouterr().out
    assert "sai.xlsx: 1 lỗi, mở 2 ô" in shown
    assert "không đọc được thành số" in shown
    assert "Trả lại 1 trong 2 tệp." in shown
    assert run() == 1  # again: it is there already
    assert "Trả lại 1 trong 2 tệp." in capsys.readouterr().out
    (out / "sai.xlsx").write_bytes(b"theirs")
    assert run() == 1
    assert f"{out / 'sai.xlsx'} đã có, khác bản trả lại" in capsys.readouterr().out
    (folder / "sai.xlsx").write_bytes(b"abc")
    assert run() == 1
    assert "sai.xlsx: bị từ chối – không phải sổ Excel [not-a-workbook]" in capsys.readouterr().out
    (folder / "tốt.xlsx").unlink()
    assert run() == 2


# --- in a spreadsheet program ------------------------------------------------------------------


@pytest.mark.office
def test_only_what_is_returned_accepts_typing(tmp_path, clerk_office):
    """A person can type where the city asks and nowhere else, and the live check follows."""
    path = sent(tmp_path / "a.xlsx", {**COMMUNE, "1.1.b": 9, "1.3.1": "năm"})
    (workbook,) = returned([path], tmp_path / "out").returned
    asked = {LAYOUT.cell(id) for id in ("1.1.a", "1.1.b", "1.3.1")}
    check_cell = f"{positions.CHECK}{LAYOUT.rows['1.1.b']}"
    with clerk_office.open(workbook.copy) as book:
        for item in FORM.inputs:
            cell = LAYOUT.cell(item.id)
            assert book.is_locked(PAGE, cell) == (cell not in asked)
        assert all(book.is_protected(sheet) for sheet in book.sheets())
        book.recalculate()
        assert "Lỗi" in str(book.value(PAGE, check_cell))
        for id in ("1.2.3.a", "1.1", "1.3.2", "1.5", "3.3.4.tu", "7.6.2"):
            assert not book.try_type(PAGE, LAYOUT.cell(id), "7")
        assert not book.try_type(PAGE, f"{positions.NOTE}{LAYOUT.rows['1.5']}", "x")
        assert not book.try_type(PAGE, f"{positions.RETURNED}{LAYOUT.rows['1.1.b']}", "x")
        assert not book.try_type(INFO, "B9", "1/BC")
        assert not book.try_type(TABLES[0], "C7", "1")
        assert book.try_type(PAGE, f"{positions.NOTE}{LAYOUT.rows['1.1.b']}", "đã sửa")
        assert not book.try_type(PAGE, LAYOUT.cell("1.1.b"), "x")  # its validation still stands
        assert book.try_type(PAGE, LAYOUT.cell("1.1.b"), "4")
        assert book.try_type(PAGE, LAYOUT.cell("1.3.1"), "5")
        assert book.value(PAGE, check_cell) == "✓"
        assert book.value(PAGE, LAYOUT.cell("1.1")) == 50
        saved = book.save_as(tmp_path / "sửa.xlsx")
    result = returned([saved], tmp_path / "lại")
    assert result.clean == (saved,)
    assert read_submission(saved, FORM).notes == {"1.1.b": "đã sửa"}


@pytest.mark.office
def test_review_lists_what_only_the_city_sees(tmp_path, clerk_office):
    """The sheet Kiểm tra has the city's reasons too, each until its figure is another one."""

    def listed() -> list[tuple[object, ...]]:
        book.recalculate()
        rows = book.values(positions.REVIEW_SHEET, f"B{FIRST_FINDING_ROW}:H{FIRST_FINDING_ROW + 3}")
        assert all(row[4] for row in rows if row[0])
        assert not any(row[5] == 0 for row in rows)
        return [(row[2], row[6]) for row in rows if row[0]]

    paths = [sent(tmp_path / f"{unit.code}.xlsx", COMMUNE, unit) for unit in (A, B)]
    wrong = {**COMMUNE, "3.1.1": 25, "1.1.b": 4}
    earlier = past(
        tmp_path,
        "2022-Q1",
        read_files(
            [sent(tmp_path / "q1.xlsx", {**wrong, "1.1.b": 5}, C, FORM.period("2022-Q1"))], FORM
        ),
    )
    paths.append(sent(tmp_path / "c.xlsx", wrong, C))
    (workbook,) = returned(paths, tmp_path / "out", previous=[earlier]).returned
    fell, shared = LAYOUT.cell("1.1.b"), LAYOUT.cell("3.1.1")
    with clerk_office.open(workbook.copy) as book:
        findings = listed()
        assert {(fell, "T01"), (shared, "K05")} <= set(findings)
        assert sum(book.column(positions.REVIEW_SHEET, "B4:B6")) == len(findings)
        assert "các đơn vị" in str(book.value(PAGE, f"{positions.CHECK}{LAYOUT.rows['3.1.1']}"))
        assert book.try_type(PAGE, shared, str(COMMUNE["3.1.1"]))
        assert set(findings) - set(listed()) == {(shared, "K05")}
    with clerk_office.open(sent(tmp_path / "x.xlsx", COMMUNE, A, FORM.period("2022-Q1"))) as book:
        assert listed() == []
    (other,) = returned([tmp_path / "x.xlsx"], tmp_path / "y", period=PERIOD).returned
    with clerk_office.open(other.copy) as book:
        assert listed() == [(f"'{INFO}'!B5", "wrong-period")]
        assert book.try_type(INFO, "B5", positions.short_period(PERIOD.kind.label))
        assert listed() == []


@pytest.mark.office
def test_marks_are_cleared_after_another_program_saved(tmp_path, office):
    """LibreOffice writes the styles anew; the next round still knows its own marks."""
    wrong = {**COMMUNE, "1.1.b": 9, "1.3.1": "năm"}
    (workbook,) = returned([sent(tmp_path / "a.xlsx", wrong)], tmp_path / "một").returned
    with office.open(workbook.copy) as book:
        book.type(PAGE, LAYOUT.cell("1.3.1"), 5)
        saved = book.save_as(tmp_path / "lưu.xlsx")
    assert marked(saved) == marked(workbook.copy)
    (again,) = returned([saved], tmp_path / "hai").returned
    path = sent(tmp_path / "b.xlsx", {**wrong, "1.3.1": 5})
    (fresh,) = returned([path], tmp_path / "ba").returned
    assert opened(again.copy) == opened(fresh.copy)
    assert marked(again.copy) == marked(fresh.copy)
    cell = LAYOUT.place("1.3.1")
    assert looks(again.copy)[cell] == (True, "FFFFFF")
    assert reasons(again.copy) == reasons(fresh.copy)
    with office.open(again.copy) as book:
        assert book.try_type(PAGE, LAYOUT.cell("1.1.b"), "4")
        assert not book.try_type(PAGE, LAYOUT.cell("1.3.1"), "7")
