"""Requirements of a consolidation of the units that there really are.

N15 The 92 units of a province, and the 3,321 of the country, are consolidated as any others: every
    unit in its place, each total the sum of what they said, whatever their codes were before.

``units-2025.csv`` has facts only: codes and names as of 1/7/2025, as the resolutions 1654 to 1687
of the National Assembly's Standing Committee and the list 1027/CTK-CSCL of 25/6/2025 state them,
transcribed in github.com/dvhcvn/20250701 and compared with the statistics office's own table.
All figures here are invented.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tests.support.builders import COMMUNE, DATA, FORM
from tests.support.communes import good
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.csv_rows import csv_rows
from xl_automation.forms.unit_list import read_units
from xl_automation.summary.read_back import read_summary
from xl_automation.summary.write import write_summary

NOW = FORM.period("2025-Q3")
COUNTRY = DATA / "units-2025.csv"


def sent_by(units):
    """Return a report of each of *units*, all different."""
    return [replace(good(unit, c1_1_a=8 + n), period=NOW) for n, unit in enumerate(units)]


def test_province_is_consolidated_by_the_forms_own_list(tmp_path):
    """Without a list, the 92 of now are who reports; the summary gives back who they are."""
    units = [unit for unit in FORM.units_at(NOW) if unit.level == "commune"]
    result = consolidate(FORM, sent_by(units[:-1])[::-1], period=NOW)
    assert [commune.unit_code for commune in result.communes] == [u.code for u in units[:-1]]
    assert result.missing == (units[-1],)
    assert result.totals["1.1.a"].value == sum(8 + n for n in range(91))
    path = tmp_path / "tỉnh.xlsx"
    write_summary(result, path)
    assert read_summary(path, FORM).names == {unit.code: unit.name for unit in units}


def test_units_of_another_time_are_strangers():
    """A report of 2025's quý III by a unit of before counts nowhere, though its code is known."""
    old = FORM.unit("05467", FORM.period("2022-6T"))
    result = consolidate(FORM, sent_by([old]), period=NOW)
    (refused,) = result.refused
    assert refused.code == "unknown-unit"
    assert "05467 – Phường Cam Giá" in refused.message


def test_country_is_consolidated():
    """3,321 units; 1,2 seconds on two cores."""
    units = read_units(COUNTRY)
    provinces = Counter(row["province"] for row in csv_rows(COUNTRY, "cả nước"))
    assert (len(units), len(provinces)) == (3321, 34)
    of_province = [unit for unit in FORM.units_at(NOW) if unit.level == "commune"]
    assert {(u.code, u.name) for u in of_province} <= {(u.code, u.name) for u in units}
    assert provinces["Tỉnh Thái Nguyên"] == len(of_province)
    result = consolidate(FORM, sent_by(units), units, NOW)
    total = result.totals["1.1.a"]
    assert (total.value, total.filled) == (sum(8 + n for n in range(3321)), 3321)
    assert result.totals["3.1.1"].value == COMMUNE["3.1.1"]
    assert (result.missing, result.refused, result.duplicates) == ((), (), ())
