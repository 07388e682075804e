"""Requirements of the ways in which a city combines a row.

G1 A way is one record: what it says and does is said there, whole, and nowhere else by its name.
G2 The loader refuses a row that its way cannot combine, naming the block.
G3 A way added as a record goes the whole way: loader, total, summary, with no other code.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.builders import FORM
from tests.support.communes import SCHOOL, cells, golden, report, schools
from tests.support.paths import DATA, PRODUCT
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.errors import FormError
from xl_automation.forms.aggregate import Aggregate, Total
from xl_automation.forms.aggregates import AGGREGATES, HEADING, aggregate_of
from xl_automation.forms.loader import load_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.summary.places import TOTALS, SummaryPlaces
from xl_automation.summary.write import write_summary

TEXT = (DATA / "truong-hoc.toml").read_text("utf-8").replace('units = "truong-hoc.csv"\n', "")


def loaded(folder: Path, *changes: tuple[str, str]):
    """Return the form of the schools with some of its text replaced."""
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "x.toml"
    path.write_text(text, encoding="utf-8")
    return load_form(path)


# --- the records -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", AGGREGATES)
def test_record_says_all_of_itself(name):
    """It is known by its own name, and has words; so has its note where a row has a figure."""
    aggregate = AGGREGATES[name]
    assert aggregate.name == name
    assert aggregate.words
    assert aggregate.note or aggregate.counts_codes or name == HEADING


def test_forms_of_the_tests_use_every_way():
    """No record is left out of what the other tests combine and recalculate."""
    used = {item.aggregate for form in (FORM, SCHOOL) for item in form.indicators}
    assert used == set(AGGREGATES)


def test_every_total_has_a_formula_in_its_place():
    """Where there is a figure, the summary has a formula for it that is more than a blank."""
    for result in (golden(), schools()):
        places = SummaryPlaces(result.form, result.expected)
        for item in result.form.figures:
            formula = aggregate_of(item).formula(places, item)
            assert formula.startswith("=")
            assert result.totals[item.id].value is None or formula != '=""'


def test_no_other_module_decides_by_the_name_of_a_way():
    """What differs between them is asked of the record, never of the row's word."""
    for path in sorted(PRODUCT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare | ast.Match):
                asked = node.left if isinstance(node, ast.Compare) else node.subject
                options = getattr(node, "comparators", [])
                by_name = isinstance(node, ast.Match) or any(
                    isinstance(part, ast.Constant | ast.Tuple) for part in options
                )
                decides = isinstance(asked, ast.Attribute) and asked.attr == "aggregate"
                assert not (decides and by_name), f"{path}:{node.lineno}"


# --- what the loader refuses -------------------------------------------------------------------

LACKING = {
    "unknown": (('aggregate = "ratio"', 'aggregate = "mean"'), r"indicator A\.1: .*mean"),
    "none": (('aggregate = "ratio"', 'aggregate = "none"'), r"indicator A\.1: .*aggregate"),
    "ratio-entered": (
        ('aggregate = "share_units"', 'aggregate = "ratio"'),
        r"indicator A\.6: .*parts",
    ),
    "ratio-sum": (
        ('part = "[A.1.len]"', 'part = "[A.1.len] + [A.2]"'),
        r"indicator A\.1: .*one \[id\]",
    ),
    "ratio-of-a-heading": (('part = "[A.1.len]"', 'part = "[A]"'), r"indicator A\.1: .*figure"),
    "ratio-shared-of-sums": (
        ('part = "[A.3]", whole = "[A.2]"', 'part = "[A.1.len]", whole = "[A.1.hs]"'),
        r"indicator A\.4: .*shared",
    ),
    "codes-of-a-count": (
        ('aggregate = "city"', 'aggregate = "code_count"'),
        r"indicator A\.8: .*codes",
    ),
    "no-weight": (('weight = "[A.7.mau]"\n', ""), r"indicator A\.7: .*weight"),
}


@pytest.mark.parametrize("case", LACKING)
def test_row_that_cannot_be_combined_so_is_refused(tmp_path, case):
    """The message names the block and what it would need."""
    change, message = LACKING[case]
    with pytest.raises(FormError, match=message):
        loaded(tmp_path, change)


# --- one place ---------------------------------------------------------------------------------


def test_way_added_as_a_record_goes_the_whole_way(tmp_path, monkeypatch):
    """A form may use it at once; its total, formula and note stand in the summary."""
    largest = Aggregate(
        name="largest",
        words="số lớn nhất",
        note="Số lớn nhất của các đơn vị",
        total=lambda reports, item: Total(float(max(reports.known(item.id))), 2),
        formula=lambda cells, item: f"=MAX({cells.units(item.id)})",
        is_rate=True,
    )
    monkeypatch.setitem(AGGREGATES, largest.name, largest)  # type: ignore[arg-type]
    form = loaded(tmp_path, ('aggregate = "share_units"', 'aggregate = "largest"'))
    units = (ReportingUnit("1", "Một"), ReportingUnit("2", "Hai"))
    period = form.period("2024-NH")
    reports = [
        report(unit, {"A.6": value}, period, form=form)
        for unit, value in zip(units, (60, 80), strict=True)
    ]
    result = consolidate(form, reports, units)
    assert result.totals["A.6"] == Total(80, 2, largest.note)
    path = tmp_path / "th.xlsx"
    write_summary(result, path)
    cell = SummaryPlaces(form, len(units)).totals_cell("total", "A.6").cell
    assert cells(path, TOTALS)[cell] == 80
    assert str(cells(path, TOTALS, cached=False)[cell]).startswith("=MAX('Theo đơn vị'!")
    assert largest.note in cells(path, TOTALS).values()
