"""Requirement of wide supporting tables: the reader looks as far right as a form may have columns.

W1 A table that runs past column Z is written, named and read like any other, on both ways.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.paths import DATA
from xl_automation.checks.check import check
from xl_automation.errors import FormError
from xl_automation.forms.loader import load_form
from xl_automation.reading.cells import FAR_COLUMN
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.locate import locate
from xl_automation.reading.reader import read_submission
from xl_automation.reading.remark import REMARKS
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.template.positions import table_column, table_returned
from xl_automation.xlsx.address import column_number
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts

SCHOOL = load_form(DATA / "truong-hoc.toml")
(TABLE,) = SCHOOL.tables


def filled(path: Path) -> Path:
    """Write the school's workbook with a figure in the last column that is filled."""
    parts = read_parts(build_template(SCHOOL))
    place = Layout(SCHOOL).place("LOP.2.c28")
    edit_sheet(parts, place.sheet, lambda sheet: sheet.set(place.cell, 31))
    edit_sheet(parts, SCHOOL.sheet, lambda sheet: sheet.set(Layout(SCHOOL).cell("A.1.hs"), 30))
    path.write_bytes(zip_parts(parts))
    return path


def test_columns_after_z_are_where_the_layout_says() -> None:
    """The last column, its totals and the one for reasons stand beyond Z."""
    assert Layout(SCHOOL).place("LOP.2.c28") == "Sĩ số!AD8"
    assert table_column(TABLE, TABLE.columns[-1]) == "AE"
    assert table_returned(TABLE) == "AF"


def test_figure_after_z_is_read_and_checked(tmp_path: Path) -> None:
    """Its total differs from the form's, and the finding names both cells."""
    submission = read_submission(filled(tmp_path / "a.xlsx"), SCHOOL)
    assert submission.readings["LOP.2.c28"].number == 31
    (finding,) = (one for one in check(SCHOOL, submission) if one.rule not in REMARKS)
    assert finding.rule == "SI-SO"
    assert finding.cells == ("Sĩ số!AE10", "Trường học!D10")


def test_both_ways_read_it(tmp_path: Path) -> None:
    """The fast way sees the same cells of the table as the exact one."""
    package = open_package(filled(tmp_path / "a.xlsx"))
    place = locate(package, SCHOOL)
    fast, exact = read_fast(place), read_exactly(place)
    assert fast is not None
    assert fast.tables["LOP"]["AD8"] == exact.tables["LOP"]["AD8"] == 31


def test_no_form_has_a_column_that_is_not_read(tmp_path: Path) -> None:
    """A table of more columns than the reader looks at is refused by the loader."""
    assert column_number(table_returned(TABLE)) <= FAR_COLUMN
    columns = ",".join(f'{{ id = "x{n}", label = "{n}" }}' for n in range(71))
    text = (DATA / "truong-hoc.toml").read_text("utf-8")
    head, _, tail = text.partition("columns = [")
    path = tmp_path / "form.toml"
    path.write_text(
        f"{head}columns = [{columns},{tail}".replace("truong-hoc.csv", "x.csv"), "utf-8"
    )
    (tmp_path / "x.csv").write_text("code,name\n1,Một\n", "utf-8")
    with pytest.raises(FormError, match=r"^table LOP: has too many columns"):
        load_form(path)
