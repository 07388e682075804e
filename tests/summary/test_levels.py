"""Requirements of consolidation over several levels.

V1 A tree of summaries, of any depth, comes to the same as one consolidation of all its reports, to
   the digit: totals, counts, codes, tables, what is left out and who is missing.
V2 Each figure keeps the way that it came: names of the summaries, a link to its cell in the lower
   one, and from there to the file.
V3 What a lower level decided holds above and says whose it is; its states and locks do not.
V4 A unit in two summaries counts once. A summary of another period, or made of files that are here
   too, is refused by name; a damaged one likewise; a figure changed by hand is told and not used.
V5 What the lower level reports of itself is added nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import unquote

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, DISTRICT, FORM
from tests.support.communes import CITY, SCHOOL, SCHOOL_YEAR, A, B, C, D, report, workbook
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.lower import CHANGED
from xl_automation.forms.form import Form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.places import ID_ROW, LOWER, MATRIX, PROGRESS
from xl_automation.summary.read_round import read_round
from xl_automation.summary.round import run_round

NOW = datetime(2024, 7, 1, 8, 30)
FIGURES = (None, 0, 1, 2, 7.5, 100, 1200.25, "1.000", "KAD", "CCS", "x")  # all invented


def sent(unit: ReportingUnit, fill: dict[str, object], form: Form = FORM) -> Submission:
    """Return a report with a hash of its own, as a file has."""
    name = f"{unit.code} báo cáo.xlsx"
    period = SCHOOL_YEAR if form is SCHOOL else FORM.period("2022-6T")
    facts = {"path": Path("/gửi") / unit.code / name, "form": form, "period": period}
    made = report(unit, fill, **facts)  # type: ignore[arg-type]
    digest = hashlib.sha256(f"{unit} {fill}".encode()).hexdigest()
    return replace(made, sha256=digest, written=datetime(2024, 6, 1, tzinfo=UTC))


def named(path: Path) -> RefusedFile:
    """Return a summary as the reader of workbooks sees it: no form."""
    return RefusedFile(path, "wrong-form", "")


def said(result: Consolidation) -> dict[str, object]:
    """Return all that must be the same, whatever way the reports came."""
    return {
        "totals": {
            id: (one.value, one.filled, dict(one.absent)) for id, one in result.totals.items()
        },
        "codes": result.code_counts,
        "appendix": result.appendix,
        "tables": {
            id: (table.total, sorted(table.rows, key=lambda row: row.label))
            for id, table in result.tables.items()
        },
        "left out": {(one.unit, one.indicator, one.cause, one.value) for one in result.left_out},
        "missing": {unit.code for unit in result.missing},
        "expected": result.expected,
    }


def consolidated(
    form: Form, tree: object, folder: Path, units: dict[str, ReportingUnit], out: Decision
) -> tuple[Consolidation, Path]:
    """Consolidate a tree: a list of reports and of trees; each node owes for all below it."""
    files: list[Submission | RefusedFile] = []
    assert isinstance(tree, list)
    for number, node in enumerate(tree):
        if isinstance(node, list):
            below = folder / f"{number}"
            below.mkdir()
            files.append(named(consolidated(form, node, below, units, out)[1]))
        else:
            files.append(node)
    path = folder / "Tổng hợp.xlsx"
    own = [units[one.unit_code or ""] for one in files if isinstance(one, Submission)]
    owed = None if any(isinstance(one, RefusedFile) for one in files) else own
    decisions = [out] if any(unit.code == out.unit for unit in own) else []
    return run_round(form, files, path, NOW, units=owed, decisions=decisions), path


def tree_of(form: Form, seed: int) -> tuple[list[object], dict[str, ReportingUnit]]:
    """Return invented reports in a random tree of two or three levels, and who they are."""
    random = Random(seed)
    count = random.randint(2, 6)
    units = [ReportingUnit(f"{number:02d}", f"Đơn vị {number}") for number in range(1, count + 1)]
    ids = [*(item.id for item in form.inputs), *form.helper_ids]
    nodes: list[object] = []
    for unit in units:
        fill = {id: random.choice(FIGURES) for id in ids}
        given = {id: figure for id, figure in fill.items() if figure is not None}
        nodes.append(sent(unit, given, form))
    for _ in range(random.randint(1, 2)):  # put neighbours together, level by level
        cut = random.randint(1, len(nodes))
        nodes = [nodes[:cut], *([nodes[cut:]] if nodes[cut:] else [])]
    return nodes, {unit.code: unit for unit in units}


def flattened(tree: object) -> list[Submission]:
    """Return all reports of a tree."""
    if isinstance(tree, Submission):
        return [tree]
    assert isinstance(tree, list)
    return [one for node in tree for one in flattened(node)]


@settings(max_examples=2, deadline=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**32))
@pytest.mark.parametrize("kind", ["schools", "communes"])
def test_a_tree_is_one_level(tmp_path_factory, kind: str, seed: int) -> None:
    """V1, with a decision of whichever level the unit belongs to (V3)."""
    form, row = (SCHOOL, "A.1.hs") if kind == "schools" else (FORM, "2.3")
    tree, units = tree_of(form, seed)
    out = Decision("02", row, "", "exclude", "Ghi nhầm")
    result, path = consolidated(form, tree, tmp_path_factory.mktemp("cây"), units, out)
    reports = flattened(tree)
    flat = consolidate(form, reports, [*units.values()], reports[0].period, decisions=[out])
    assert said(result) == said(flat)
    again = read_round(path, form)
    assert said(again.consolidated()) == said(flat)
    assert {one.way.names[:2] for one in again.submissions if one.way} == {(path.name,) * 2}


@pytest.fixture(scope="module")
def province(tmp_path_factory) -> Path:
    """Real files: two cities with their own workbooks, of the second one commune missing."""
    folder = tmp_path_factory.mktemp("tỉnh")
    wrong = {**COMMUNE, "1.1.b": 12, "3.4.2.a": None}
    for city, fills in (("A", {A: COMMUNE, B: wrong}), ("B", {C: COMMUNE})):
        for unit, fill in fills.items():
            workbook(folder / f"thành phố {city}" / f"{unit.code}.xlsx", unit, fill)
        workbook(folder / f"thành phố {city}" / "tp.xlsx", CITY, DISTRICT)
        owed = [*fills, *([D] if city == "B" else [])]
        listed = "\n".join(["code,name", *(f"{unit.code},{unit.name}" for unit in owed)])
        (folder / f"{city}.csv").write_text(listed, encoding="utf-8")
        arguments = [str(folder / f"thành phố {city}"), "--units", str(folder / f"{city}.csv")]
        assert main(["consolidate", *arguments, "--out", str(folder / f"TP {city}.xlsx")]) == 1
    (folder / "sổ").mkdir()
    summaries = [str(folder / f"TP {city}.xlsx") for city in "AB"]
    out, json = folder / "sổ" / "Tỉnh.xlsx", folder / "Tỉnh.json"
    assert main(["consolidate", *summaries, "--out", str(out), "--report", str(json)]) == 1
    return folder


def test_the_way_of_each_figure_is_kept(province: Path) -> None:
    """V2, V5: names in the progress, each figure's link on its own cell one level below."""
    out = province / "sổ" / "Tỉnh.xlsx"
    book = openpyxl.load_workbook(out)
    files = {row[0].value: row[5].value for row in book[PROGRESS].iter_rows() if row[0].value}
    assert files[A.code] == f"{A.code}.xlsx (qua TP A.xlsx)"
    here, seen = book[MATRIX], 0
    below = {path.name: openpyxl.load_workbook(path)[MATRIX] for path in province.glob("TP *.xlsx")}
    for cell in (cell for row in here.iter_rows() for cell in row):
        if cell.hyperlink and cell.hyperlink.target and isinstance(cell.value, (int, float)):
            name = cell.hyperlink.target.replace("%20", " ").replace("\\", "/")
            there = below[(out.parent / name).resolve().name]
            place = there[cell.hyperlink.location.rpartition("!")[2]]
            assert place.value == cell.value
            assert there.cell(ID_ROW, place.column).value == here.cell(ID_ROW, cell.column).value
            assert there.cell(place.row, 1).value == here.cell(cell.row, 1).value
            seen += 1
    assert seen > 150
    result = read_round(out, FORM).consolidated()
    assert result.city is None  # V5
    assert result.totals["1.2.1"].value is None
    assert result.totals["2.3"].value == 3 * COMMUNE["2.3"]
    assert [unit.code for unit in result.missing] == [D.code]


def test_each_summary_has_a_column(province: Path) -> None:
    """The totals of each, their sum, and that it is the total of all."""
    sheet = openpyxl.load_workbook(province / "sổ" / "Tỉnh.xlsx", data_only=True)[LOWER]
    captions = [cell.value for cell in sheet[4]]
    row = next(cells for cells in sheet.iter_rows(values_only=True) if cells[0] == "2.3.")
    figure = COMMUNE["2.3"]
    assert row[2:] == (2 * figure, figure, 3 * figure, 3 * figure, "✓")
    assert captions[2:4] == [CITY.name, CITY.name]
    assert [sheet.cell(6, column).value for column in (3, 4)] == ["2 / 2", "1 / 2"]


def test_decisions_of_the_lower_level_hold(tmp_path: Path) -> None:
    """V3: an excluded figure, an accepted finding; a lock does not come along."""
    out = Decision(B.code, "2.3", "", "exclude", "Ghi nhầm")
    accepted = Decision("*", "*", "L03", "accept", "Đơn vị mới tách")
    files = [sent(A, {**COMMUNE, "1.3.1": None}), sent(B, COMMUNE)]
    lower = tmp_path / "TP.xlsx"
    below = run_round(FORM, files, lower, NOW, units=(A, B), decisions=[out, accepted])
    top = run_round(FORM, [named(lower)], tmp_path / "tỉnh.xlsx", NOW)
    assert top.totals["2.3"].value == COMMUNE["2.3"]
    reasons = {(one.unit, one.indicator): one.reason for one in top.left_out}
    assert reasons[B.code, "2.3"] == "Ghi nhầm (theo sổ TP.xlsx)"
    settled = [one.finding.settled for one in top.findings if one.finding.rule == "L03"]
    assert [one.reason for one in settled if one] == ["Đơn vị mới tách (theo sổ TP.xlsx)"]
    assert below.settled == top.settled
    assert not top.decisions  # it is no decision of the upper level
    country = run_round(FORM, [named(tmp_path / "tỉnh.xlsx")], tmp_path / "nước.xlsx", NOW)
    assert country.totals["2.3"].value == COMMUNE["2.3"]


def test_a_unit_in_two_summaries_counts_once(tmp_path: Path) -> None:
    """V4: the one that was saved last."""
    paths = []
    for number, figure in enumerate((5, 7)):
        made = sent(A, {**COMMUNE, "2.3": figure})
        made = replace(made, written=datetime(2024, 6, 1 + number, tzinfo=UTC))
        paths.append(tmp_path / f"TP {number}.xlsx")
        run_round(FORM, [made], paths[-1], NOW, units=(A,))
    top = run_round(FORM, [named(path) for path in paths], tmp_path / "tỉnh.xlsx", NOW)
    assert top.totals["2.3"].value == 7
    assert [(one.old, one.new) for one in top.duplicates[0].changes] == [(5, 7)]
    assert (top.received, len(top.counted), top.superseded) == (2, 1, 1)
    (twice,) = [one.finding.sentence for one in top.findings if one.finding.rule == "K02"]
    first, last = (f"{A.code} báo cáo.xlsx (qua TP {number}.xlsx)" for number in range(2))
    assert f"{first}, {last}; tính {last}" in twice
    assert links_of(tmp_path / "tỉnh.xlsx") == {path.name for path in paths}


def links_of(path: Path) -> set[str]:
    """Return the names of the files that links of a summary lead to; each must be there."""
    cells = (cell for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row)
    targets = {cell.hyperlink.target for cell in cells if cell.hyperlink and cell.hyperlink.target}
    names = {unquote(target).replace("\\", "/") for target in targets}
    assert all((path.parent / name).is_file() for name in names), names
    return names


def changed(path: Path, out: Path, sheet: str, key: object, column: object, value: object) -> Path:
    """Write *out*, a copy of a summary with one cell of a matrix or the like changed."""
    book = openpyxl.load_workbook(path)
    there = book[sheet]
    row = next(cells[0].row for cells in there.iter_rows() if str(cells[0].value) == key)
    place = column if isinstance(column, int) else _column(there, column)
    there.cell(row, place).value = value
    book.save(out)
    return out


def _column(sheet: object, id: object) -> int:
    return next(cell.column for cell in sheet[ID_ROW] if cell.value == id)  # type: ignore[index]


def test_what_is_no_lower_summary_is_refused_by_name(tmp_path: Path) -> None:
    """V4: another period, made of files that are here too, a damaged record."""
    report_a, period = sent(A, COMMUNE), FORM.period("2022-Q1")
    run_round(FORM, [replace(report_a, period=period)], tmp_path / "Q1.xlsx", NOW, units=(A,))
    run_round(FORM, [report_a], tmp_path / "cũ.xlsx", NOW, units=(A,))
    run_round(FORM, [sent(B, COMMUNE)], tmp_path / "B.xlsx", NOW, units=(B,))
    key = f'["{B.code}", 1]'
    damaged = changed(tmp_path / "B.xlsx", tmp_path / "hỏng.xlsx", "Sổ ghi", key, 2, "{}")
    files = [report_a, *(named(tmp_path / f"{name}.xlsx") for name in ("Q1", "cũ", "B", "hỏng"))]
    top = run_round(FORM, files, tmp_path / "tỉnh.xlsx", NOW)
    assert damaged.exists()
    assert {one.path.stem: one.code for one in top.refused} == {
        "Q1": "wrong-period",
        "cũ": "own-summary",
        "hỏng": "unreadable",
    }
    assert {one.unit_code for one in top.communes} == {A.code, B.code}
    assert (top.received, len(top.counted), len(top.refused)) == (5, 2, 3)


def test_a_figure_changed_by_hand_is_told_above(tmp_path: Path) -> None:
    """V4: a finding with both numbers; the report's own is added."""
    run_round(FORM, [sent(A, COMMUNE)], tmp_path / "TP.xlsx", NOW, units=(A,))
    by_hand = changed(tmp_path / "TP.xlsx", tmp_path / "sửa.xlsx", MATRIX, A.code, "2.3", 99_999)
    top = run_round(FORM, [named(by_hand)], tmp_path / "tỉnh.xlsx", NOW)
    (finding,) = [one.finding for one in top.findings if one.finding.rule == CHANGED]
    assert "sửa.xlsx: 2.3 = 99.999" in finding.sentence
    assert top.totals["2.3"].value == COMMUNE["2.3"]


def test_list_of_units(tmp_path: Path) -> None:
    """Stated, it says who owes; who is not on it is refused."""
    run_round(FORM, [sent(A, COMMUNE), sent(B, COMMUNE)], tmp_path / "TP.xlsx", NOW, units=(A, B))
    owed: Sequence[ReportingUnit] = (A, C)
    top = run_round(FORM, [named(tmp_path / "TP.xlsx")], tmp_path / "t.xlsx", NOW, units=owed)
    assert [one.code for one in top.refused] == ["unknown-unit"]
    assert links_of(tmp_path / "t.xlsx") == {"TP.xlsx"}
    assert [unit.code for unit in top.missing] == [C.code]
