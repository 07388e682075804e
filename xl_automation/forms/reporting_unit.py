"""The units that report (đơn vị báo cáo): who they are, since when, and what they were before."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from xl_automation.forms.vocabulary import UnitLevel


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A unit that reports (đơn vị báo cáo).

    Codes have been used again for other units: a unit is its code and its name.

    Attributes:
        code: Its code.
        name: Its name.
        level: Whose workbook it fills.
        alias: Another way to write its name.
        valid_from: The first day on which there is such a unit; None for as long as anyone asks.
        valid_to: The last day, likewise.
        merged_from: What it was made of on its first day; empty where that was none, or where
            nobody said.
    """

    code: str
    name: str
    level: UnitLevel = "commune"
    alias: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    merged_from: tuple[Origin, ...] = ()

    def is_named(self, name: str) -> bool:
        """Whether *name* is this unit's, letter case and the place of tone marks aside."""
        return folded(name) in (folded(self.name), folded(self.alias))

    @property
    def is_dated(self) -> bool:
        """Whether anything is said of when there is such a unit."""
        return self.valid_from is not None or self.valid_to is not None

    def is_there(self, day: date | None) -> bool:
        """Return whether there is such a unit on *day*; on None, whether it has no end."""
        if day is None:
            return self.valid_to is None
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def at(self, day: date) -> tuple[Origin, ...]:
        """Return what this unit was on an earlier day: itself, or the units it was made of.

        Of these, what was itself made of others meanwhile is told by those.
        """
        if self.valid_from is None or self.valid_from <= day:
            return (Origin(self),)
        return tuple(
            Origin(older.unit, origin.is_whole and older.is_whole)
            for origin in self.merged_from
            for older in origin.unit.at(day)
        )

    @property
    def file_stem(self) -> str:
        """Code and name as every file system keeps them.

        >>> ReportingUnit("05497", "Xã Thịnh Đức").file_stem
        '05497_xa-thinh-duc'
        """
        decomposed = unicodedata.normalize("NFD", self.name.replace("đ", "d").replace("Đ", "D"))
        ascii_name = decomposed.encode("ascii", "ignore").decode().lower()
        slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")
        return f"{re.sub(r'[^0-9A-Za-z]+', '-', self.code)}_{slug}"


@dataclass(frozen=True, slots=True)
class Origin:
    """A unit that another was made of.

    Attributes:
        unit: The older unit.
        is_whole: Whether all of it came into the newer one; otherwise it was split, and nobody
            knows which part of its figures went with it.
    """

    unit: ReportingUnit
    is_whole: bool = True


# Old and new places of the tone mark: hoà = hòa, thuỷ = thủy.
_TONES = {
    old: new
    for pair, tones in (("oa", "òóỏõọ"), ("oe", "òóỏõọ"), ("uy", "ùúủũụ"))
    for new_vowel, old_vowel in zip(
        tones, {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}[pair[1]], strict=True
    )
    for old, new in [(pair[0] + old_vowel, new_vowel + pair[1])]
}


def folded(name: str) -> str:
    """Return a name without what does not tell it apart: letter case, spaces, place of tones."""
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    for old, new in _TONES.items():
        text = text.replace(old, new)
    return text
