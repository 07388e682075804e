"""Requirements of the page about planted mistakes.

P6 The page is what the report writes: its words, a row for each kind, place, past and city.
P7 What the long run found is within the limits, of every kind of mistake as of all together.
"""

from __future__ import annotations

import re

import pytest

from tests.planted.kinds import KINDS
from tests.planted.page import PAGE, text_of_page
from tests.planted.report import OTHER_CITIES, SEEDS
from tests.planted.rounds import Measured
from tests.planted.test_planted import FLAGGED, FOUND

TEXT, _, _ = PAGE.read_text("utf-8").partition("## Visible and not found")
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| ") and not line.startswith("| ---")
]


def without_figures(text: str) -> list[str]:
    """Return the lines of a page; of a table's rows only what they are about."""
    lines = text.splitlines()
    return [line.split(" | ")[0] if line.startswith("| ") else line for line in lines]


def row(name: str) -> list[str]:
    """Return the row of the page that is about something."""
    (found,) = (cells for cells in ROWS if cells[0] == name)
    return found


def percent(cell: str) -> float:
    """Return a percentage of the page as a share of 1."""
    return float(cell.removesuffix("%")) / 100


def test_page_is_what_the_report_writes():
    """All but the counts, which come from the long run."""
    nothing = Measured()
    written = text_of_page(SEEDS, nothing, nothing, dict.fromkeys(OTHER_CITIES, nothing))
    assert without_figures(TEXT) == without_figures(written.partition("## Visible and not")[0])


def test_long_run_found_enough():
    """With earlier periods, in the first one, and in other cities."""
    for name in ("**all**", "with earlier periods", "in the first period", *OTHER_CITIES):
        (share, *_) = (cell for cell in row(name)[1:] if re.fullmatch(r"[\d.]+%", cell))
        assert percent(share) >= FOUND, name


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_long_run_has_each_kind(kind):
    """Planted, and of those that can be seen most found."""
    _, places, seen, found, share, *_ = row(kind.name)
    assert int(places) > 0
    assert int(seen.replace(",", "")) >= int(found.replace(",", "")) > 0
    assert percent(share) >= 0.6


def test_long_run_left_clean_figures_alone():
    """In cities without mistakes and beside mistakes."""
    for where in ("cities without mistakes", "beside mistakes"):
        for when in ("", ", first period"):
            assert percent(row(f"{where}{when}")[3]) <= FLAGGED
