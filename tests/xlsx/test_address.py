"""Requirements of addresses: one cell, whatever its sheet is called and however far out it is."""

from __future__ import annotations

from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from xl_automation.xlsx.address import Address, column_after, column_letters, column_number

# Excel allows no other sheet names; an apostrophe may stand inside.
SHEETS = st.text(
    st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="[]:*?/\\"),
    min_size=1,
    max_size=31,
).filter(lambda name: not name.startswith("'") and not name.endswith("'"))


@given(SHEETS, st.integers(1, 16_384), st.integers(1, 1_048_576))
def test_reference_leads_back_to_its_address(sheet: str, column: int, row: int) -> None:
    """What a defined name says of a cell is read as that cell."""
    place = Address.of(sheet, column, row)
    assert Address.parse(place.reference) == place
    assert (place.sheet, column_number(place.column), place.row) == (sheet, column, row)


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ("'Phụ lục'!$D$12", "Phụ lục!D12"),
        ("Sheet1!$AE$7", "Sheet1!AE7"),
        ("'Tý''s'!$A$1", "Tý's!A1"),
        ("#REF!$D$12", "#REF!D12"),
        ("'A!B'!$C$3", "A!B!C3"),
        ("Sheet1!$A$1:$B$2", None),
        ("Sheet1!$A$1,Sheet1!$B$2", None),
        ("Sheet1!A1", None),
        ("#REF!", None),
        ("5", None),
        ("", None),
    ],
)
def test_only_one_cell_is_an_address(reference: str, place: str | None) -> None:
    """Ranges, several cells, relative cells and constants are none."""
    assert Address.parse(reference) == place


@pytest.mark.parametrize(("steps", "letters"), [(0, "Y"), (1, "Z"), (2, "AA"), (28, "BA")])
def test_columns_go_on_after_z(steps: int, letters: str) -> None:
    """The column after Z is AA."""
    assert column_after("Y", steps) == letters


def test_columns_have_the_letters_of_excel() -> None:
    """Each of the 16,384 columns is called as openpyxl calls it, there and back."""
    letters = [column_letters(number) for number in range(1, 16_385)]
    assert letters == [get_column_letter(number) for number in range(1, 16_385)]
    assert [column_number(column) for column in letters] == list(range(1, 16_385))


@pytest.mark.parametrize("text", ["Phụ lục", "#REF!", "Phụ lục!12", "Phụ lục!D", "d12", ""])
def test_what_is_no_cell_has_no_column_and_no_row(text: str) -> None:
    """Nor does it pass for a reference."""
    for ask in (attrgetter("column"), attrgetter("row"), attrgetter("reference")):
        with pytest.raises(ValueError, match="is no cell"):
            ask(Address(text))


def test_address_is_its_text() -> None:
    """An address compares, sorts and prints as what people write."""
    place = Address.of("Phụ lục", "D", 12)
    assert place == "Phụ lục!D12"
    assert f"{place.cell} {place.reference}" == "D12 'Phụ lục'!$D$12"
    assert Address("D12").reference == "$D$12"
