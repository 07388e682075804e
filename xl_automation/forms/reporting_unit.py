"""The units that report (đơn vị báo cáo), and lists of them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from xl_automation.errors import UserError
from xl_automation.forms.csv_rows import csv_rows
from xl_automation.forms.old_letters import ADVICE, old_text
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.wording import quoted


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A unit that reports (đơn vị báo cáo)."""

    code: str
    name: str
    level: UnitLevel = "commune"
    alias: str = ""

    def is_named(self, name: str) -> bool:
        """Whether *name* is this unit's, letter case and the place of tone marks aside.

        Codes have been used again for other units, so a code alone does not identify one.
        """
        return folded(name) in (folded(self.name), folded(self.alias))

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


def read_units(path: Path) -> tuple[ReportingUnit, ...]:
    """Return the reporting units of a CSV with at least ``code,name``; ``level`` is optional.

    Raises:
        UserError: Where the file cannot be read, a column is missing, a code appears twice or a
            name is in old letters.
    """
    rows = csv_rows(path, f"danh sách đơn vị {path.name}")
    if not rows or not {"code", "name"} <= rows[0].keys():
        raise UserError(f"{path.name}: danh sách đơn vị phải có ít nhất hai cột code, name.")
    units: dict[str, ReportingUnit] = {}
    for line, row in enumerate(rows, start=2):
        code = (row["code"] or "").strip()
        name = unicodedata.normalize("NFC", (row["name"] or "").strip())
        if not code or not name:
            raise UserError(f"{path.name}, dòng {line}: thiếu mã hoặc tên đơn vị.")
        if code in units:
            raise UserError(f"{path.name}, dòng {line}: mã đơn vị {quoted(code)} lặp lại.")
        for text in (name, row.get("alias") or ""):
            if old := old_text(text):
                raise UserError(f"{path.name}, dòng {line}: tên đơn vị {old.told}. {ADVICE}")
        level, alias = ((row.get(key) or "").strip() for key in ("level", "alias"))
        allowed: tuple[UnitLevel, ...] = get_args(UnitLevel)
        known = [other for other in allowed if other == (level or "commune")]
        if not known:
            raise UserError(f"{path.name}, dòng {line}: level phải là {' hoặc '.join(allowed)}.")
        units[code] = ReportingUnit(code, name, known[0], alias)
    return tuple(units.values())
