"""Requirements of the number rules.

N1 Text is read by the declared rules of its kind; what they do not cover is text, never a number.
N2 Blank stays blank: it is neither 0 nor text.
N3 A cell that is no text and no number (error, truth value, date) is unreadable.
N4 What ``show`` writes, ``read_number`` reads back.
N5 A value that stands in many cells is kept once.
N6 ``read_numbers`` is ``read_number``, only faster.
"""

from __future__ import annotations

import math
import pickle
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xl_automation.forms.numbers import (
    BLANK,
    CellError,
    Reading,
    Share,
    Undated,
    clean,
    plain,
    read_number,
    read_numbers,
    show,
)

KINDS = ("count", "amount", "code", "percent")
COUNTED = ("count", "amount", "code")

# text -> number in count, amount and code rows; None where it is unreadable
COUNTS = {
    "0": 0, "3": 3, "03": 3, "007": 7, "126": 126, "-5": -5, "-05": -5, "-0": 0,
    "1.234": 1234, "12.345": 12345, "123.456": 123456, "4.860.000": 4860000,
    "-4.860.000": -4860000, "100.000.000.000": 100000000000,
    "58,85": 58.85, "0,5": 0.5, "00,5": 0.5, "-58,85": -58.85, "1.234,5": 1234.5,
    "1.234.567,25": 1234567.25, "12,": None, ",5": None, "-": None, "--5": None, "- 5": None,
    "5-": None, "+5": None, "abc": None, "5 hồ sơ": None, "#DIV/0!": None, "#REF!": None,
    "1.2.3,4": None, "1.23": None, "12.34": None, "1234.567": None, "1.2345": None, ".123": None,
    "1..234": None, "1.234.": None, "1,2,3": None, "1,234.5": None, "1 234": None, "1e5": None,
    "0x10": None, "12 %": None, "12%": None, "½": None, "١٢": None, "−5": None, "–": None,
    "0.500": None, "0.123.456": None, "03.456": None, "000.123": None,
    "=1+1": None, "TRUE": None, "14/6/2022": None, "31\n36": None, "31\t36": None,
    "999999999999999": 999999999999999, "9999999999999999": None, "0000000000000001": None,
    "0,12345678901234": 0.12345678901234, "0,123456789012345": None,
    "999.999.999.999.999": 999999999999999, "9.999.999.999.999.999": None,
    " 12 ": 12, "\u00a012\u00a0": 12, "12\n": 12, "\t12": 12, "  4.860.000\u00a0": 4860000,
    "1\u00a0234": None, "\u200b12": None, "\x0712": None,
}  # fmt: skip
# where a percent row differs: a dot could be either mark, and a sign % may stand
PERCENTS = {
    **{text: None for text, number in COUNTS.items() if "." in text and number is not None},
    "12%": 12, "12 %": 12, "58,85%": 58.85, "58,85 %": 58.85, "-2,5\u00a0%": -2.5, "03 %": 3,
    "12 % %": None, "%": None, "% 12": None, "12 phần trăm": None, "58.85": None, "100.0": None,
    "100%\n": 100,
}  # fmt: skip
TABLE = [(kind, text, number) for kind in COUNTED for text, number in COUNTS.items()] + [
    ("percent", text, number) for text, number in {**COUNTS, **PERCENTS}.items()
]


@pytest.mark.parametrize(
    ("kind", "text", "number"), TABLE, ids=[f"{kind}-{text!r}" for kind, text, _ in TABLE]
)
def test_text_is_read_by_the_rules_of_its_kind(kind, text, number):
    """A text gives its number, or stays the text that was typed."""
    reading = read_number(text, kind)
    assert (reading.number, reading.text) == (number, text)
    assert not reading.blank
    assert reading.value == (text if number is None else number)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [None, "", " ", "\u00a0", "\r\n\t "], ids=repr)
def test_blank_is_blank(kind, value):
    """Nothing, and white space, are blank: neither number nor text."""
    assert read_number(value, kind) == BLANK
    assert BLANK.blank
    assert BLANK.value is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "TRUE"),
        (False, "FALSE"),
        (CellError("#DIV/0!"), "#DIV/0!"),
        (CellError("#N/A"), "#N/A"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (10**400, "1" + "0" * 400),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_other_cells_are_unreadable(kind, value, text):
    """Truth values, errors and what is beyond a number are text, never 0 or 1."""
    assert read_number(value, kind) == Reading(text=text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2022, 6, 14), "14/06/2022"),
        (datetime(2022, 6, 14, 9, 30), "14/06/2022"),
        (time(9, 30), "09:30:00"),
        (timedelta(hours=30), "1 day, 6:00:00"),
        (Undated(4_860_000), "########"),
    ],
    ids=repr,
)
def test_number_shown_as_a_date_is_unreadable(kind, value, text):
    """It is text, and known to be none only because of its cell's format."""
    assert read_number(value, kind) == Reading(text=text, shown_as="date")


@pytest.mark.parametrize(
    ("number", "shown", "text"),
    [
        (0.95, 95, "95%"),
        (0.5885, 58.85, "58,85%"),
        (1, 100, "100%"),
        (-0.125, -12.5, "-12,5%"),
        (1e308, None, None),
        (math.inf, None, "inf%"),
    ],
)
def test_number_shown_as_a_percentage(number, shown, text):
    """It is read as shown where a percentage belongs, and is no number elsewhere."""
    reading = read_number(Share(number), "percent")
    assert reading.number == shown
    assert text is None or reading.text == text
    for kind in COUNTED:
        assert read_number(Share(number), kind) == Reading(text=reading.text, shown_as="percent")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [0, 3, -5, 58.85, 1e12, 0.1 + 0.2])
def test_number_is_itself(kind, value):
    """A number is taken as it is, whatever the row."""
    assert read_number(value, kind) == Reading(float(value))


@pytest.mark.parametrize(
    ("text", "led"),
    [("03", True), ("007", True), ("-05", True), ("00,5", True), (" 03 ", True), ("00", True),
     ("0", False), ("0,5", False), ("-0,5", False), ("30", False), ("1.003", False)],
)  # fmt: skip
def test_leading_zero_is_noticed(text, led):
    """“03” is 3 with a mark; the zero before a decimal comma is not one."""
    assert read_number(text, "count").leading_zero is led


def test_leading_zero_of_unreadable_text_is_not_noticed():
    """A text that is no number has one thing wrong with it, not two."""
    assert not read_number("03x", "count").leading_zero


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "(trống)"), (0, "0"), (3, "3"), (-5.0, "-5"), (4860000.0, "4.860.000"),
     (58.85, "58,85"), (1234.5, "1.234,5"), (-0.0, "0"), (-1e-9, "0"), (0.1 + 0.2, "0,3"),
     (1e15, "1.000.000.000.000.000"), ("-", "“-”"), ("03", "“03”")],
)  # fmt: skip
def test_show_writes_as_a_vietnamese_reader_does(value, shown):
    """Dots group, a comma is the decimal mark, text is quoted, blank is said."""
    assert show(value) == shown


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_survive_show_and_read(number):
    """A count that is shown reads back as itself."""
    assert read_number(show(number), "count").number == number


@given(st.integers(-(10**9), 10**9), st.integers(0, 6), st.sampled_from(("count", "amount")))
def test_decimals_survive_show_and_read(digits, places, kind):
    """A figure with up to six decimals that is shown reads back as itself."""
    number = digits / 10**places
    assert read_number(show(number), kind).number == number


@given(st.integers(-99999, 99999), st.sampled_from(("", "%", " %", "\u00a0%")))
def test_percentages_survive_show_and_read(hundredths, mark):
    """A percentage below 1000 that is shown, with or without its sign, reads back as itself."""
    assert read_number(show(hundredths / 100) + mark, "percent").number == hundredths / 100


@given(st.text(max_size=12), st.sampled_from(KINDS))
def test_any_text_is_blank_number_or_itself(text, kind):
    """Whatever is typed, a number comes only from digits and the declared marks."""
    reading = read_number(text, kind)
    if reading.blank:
        assert clean(text) == ""
    else:
        assert reading.text == text
    if reading.number is not None:
        assert set(clean(text)) <= set("0123456789-.,% ")
        assert math.isfinite(reading.number)


@given(st.text("0123456789.,-% ", max_size=16), st.sampled_from(COUNTED))
def test_a_number_has_the_digits_of_its_text(text, kind):
    """No digit is lost or made up, and a dot never becomes a decimal mark."""
    reading = read_number(text, kind)
    if reading.number is not None:
        whole, _, fraction = clean(text).replace(".", "").partition(",")
        assert reading.number == float(f"{whole}.{fraction or 0}")


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("  a  b ", "a b"), ("a\u00a0\u00a0b", "a b"), ("a\nb", "a b"), ("\ta\r\n", "a"), ("", "")],
)
def test_clean_collapses_white_space(text, cleaned):
    """Spaces, no-break spaces and line breaks count as one space, and none at the ends."""
    assert clean(text) == cleaned


def test_plain_gives_whole_numbers_as_int():
    """5.0 is 5; 5.5 stays."""
    assert (plain(5.0), plain(5.5)) == (5, 5.5)
    assert isinstance(plain(5.0), int)


def test_value_that_stands_in_many_cells_is_kept_once():
    """Read again, or brought from another process, it is the reading that is here already."""
    values = [(8, "count"), ("4.860.000", "amount"), ("-", "count"), (Share(0.95), "percent")]
    for value, kind in values:
        first = read_number(value, kind)
        assert read_number(value, kind) is first
        brought = [pickle.loads(pickle.dumps(first)) for _ in range(2)]
        assert brought[0] is brought[1]
        assert brought[0] == first


@pytest.mark.parametrize(
    "pair",
    [
        {1: Reading(1.0), "1": Reading(1.0, "1")},
        {0.95: Reading(0.95), Share(0.95): Reading(95.0, "95%")},
    ],
)
def test_values_that_look_alike_are_read_apart(pair):
    """Whichever was read first."""
    for value, reading in (*pair.items(), *reversed(pair.items())):
        assert read_number(value, "percent") == reading


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), (0.0, -0.0), (5, 5.0)])
def test_values_that_python_calls_equal_are_read_apart(one, other):
    """Whichever was read first, and whether or not it came from another process."""
    fresh = [repr(read_number(other, "amount")), repr(read_number(one, "amount"))]
    again = [read_number(value, "amount") for value in (other, one, one, other)]
    assert list(map(repr, again)) == [*fresh, *reversed(fresh)]
    assert [repr(pickle.loads(pickle.dumps(reading))) for reading in again[:2]] == fresh
    assert repr(read_number(True, "amount").text) == "'TRUE'"
    assert repr(read_number(-0.0, "amount").number) == "-0.0"
    assert repr(read_number(0.0, "amount").number) == "0.0"


MARKED = st.text("0123456789.,-% \u00a0\nx", max_size=20)
MONEY = st.builds("{:,.2f}".format, st.floats(-1e13, 1e13)).map(
    lambda text: text.translate(str.maketrans(",.", ".,"))
)
CELLS = st.one_of(
    MARKED,
    MONEY,
    st.integers(-(10**16), 10**16).map(str),
    st.sampled_from(list(COUNTS)),
    st.floats(),
    st.none(),
    st.booleans(),
    st.floats(-2, 2).map(Share),
    st.just(CellError("#N/A")),
)


@given(st.lists(CELLS, max_size=30), st.sampled_from(KINDS))
def test_many_at_once_are_read_as_one_by_one(values, kind):
    """Whatever stands beside a cell: the same number to the last bit, or none."""
    numbers = [read_number(value, kind).number for value in values]
    assert list(map(repr, read_numbers(values, kind))) == list(map(repr, numbers))


@given(st.lists(MONEY, max_size=30), st.sampled_from(KINDS))
def test_many_texts_at_once_are_read_as_one_by_one(values, kind):
    """A column of money, as mostly asked."""
    numbers = [read_number(value, kind).number for value in values]
    assert list(map(repr, read_numbers(values, kind))) == list(map(repr, numbers))
