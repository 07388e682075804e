"""Excel's errors as they arrive from cells: text such as ``#N/A``, or the numbers of COM."""

from __future__ import annotations

# By number: 2000 is Excel's xlErrNull, as COM hands it over.
COM_ERRORS = {
    number - 2000 - 2146826288: text
    for number, text in {
        2000: "#NULL!",
        2007: "#DIV/0!",
        2015: "#VALUE!",
        2023: "#REF!",
        2029: "#NAME?",
        2036: "#NUM!",
        2042: "#N/A",
        2043: "#GETTING_DATA",
        2045: "#SPILL!",
        2046: "#CONNECT!",
        2047: "#BLOCKED!",
        2048: "#UNKNOWN!",
        2049: "#FIELD!",
        2050: "#CALC!",
        2051: "#BUSY!",
    }.items()
}
OTHER_ERROR = "#UNKNOWN!"  # of a later Excel
ERRORS = frozenset({*COM_ERRORS.values(), "#EXTERNAL!", "#PYTHON!"})
_FAILURES = range(-0x80000000, -0x7F000000)  # COM's numbers of errors; a number is never an int


class GivenError(Exception):
    """An Excel error in place of an argument: the answer is that error."""


def com_error(value: object) -> str | None:
    """Return the text of an error that COM handed over as a number, None for anything else.

    >>> com_error(-2146826243), com_error(-2146826000), com_error(-2146826243.0)
    ('#SPILL!', '#UNKNOWN!', None)
    """
    if type(value) is not int or value not in _FAILURES:
        return None
    return COM_ERRORS.get(value, OTHER_ERROR)
