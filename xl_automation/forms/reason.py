"""A reason (giải trình): a note that is long enough to explain what a warning asks about.

A letter counts once, however it was typed: the marks of Vietnamese that a program may store as
characters of their own count nothing. White space counts as ``TRIM`` leaves it.
"""

from __future__ import annotations

MIN_REASON = 10  # characters
# Of decomposed Vietnamese text: à á â ã ă ả ơ ạ, each as its letter and one of these.
_MARKS = "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323"
_WITHOUT_MARKS = str.maketrans("", "", _MARKS)


def is_reason(note: str) -> bool:
    """Return whether a note explains something, by its length.

    Args:
        note: What stands in *Ghi chú*, without white space around it and no two spaces in a row.

    >>> is_reason("Đúng rồi"), is_reason("Tách hai thôn từ tháng 3")
    (False, True)
    """
    return len(note.translate(_WITHOUT_MARKS)) >= MIN_REASON


def reason_formula(trimmed: str) -> str:
    """Return the Excel formula, without ``=``, that is TRUE where a note explains something.

    Args:
        trimmed: The formula of the note, white space as above.
    """
    for mark in _MARKS:
        trimmed = f'SUBSTITUTE({trimmed},"{mark}","")'
    return f"LEN({trimmed})>={MIN_REASON}"
