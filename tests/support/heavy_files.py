"""Small files that hold as much as they may, or more; what each costs to read, as a child says it.

    python -m tests.support.heavy_files FOLDER

reads every file of a folder and prints a line of JSON for each.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

from tests.support import hostile
from tests.support.hostile import BOOK, LINKS, STRINGS, STYLES, TYPES
from xl_automation.forms.loader import load_form
from xl_automation.reading.reader import read_submission
from xl_automation.xlsx.refusal import Refusal

# What does not compress, so that the ratio of a bomb is not what refuses the file.
_NOISE = Random(1).randbytes(900_000)
_QUOTE = "'"
_DATA, _NAMES, _TEXTS, _RELATIONS = "</sheetData>", "</definedNames>", "</sst>", "</Relationships>"


def _before(part: str, mark: str, xml: str) -> bytes:
    """Return the form as issued with *xml* before a mark in one part."""
    return hostile.replaced(part, mark, xml + mark, {"xl/media/a.png": _NOISE})


def _cell(text: str) -> bytes:
    return _before("", _DATA, f'<row r="500"><c r="D500" t="str"><v>{text}</v></c></row>')


def _everywhere(text: str) -> bytes:
    """Return the form with a long text in four of its parts."""
    ends = {
        "": "</worksheet>", STYLES: "</styleSheet>", BOOK: "</workbook>", TYPES: "</Types>"
    }  # fmt: skip
    changes = {
        part: partial(lambda end, xml: xml.replace(end, text + end), end)
        for part, end in ends.items()
    }
    return hostile.issued(changes, {"xl/media/a.png": _NOISE})


def _rows(row: str, count: int) -> str:
    return "".join(f'<row r="{number}">{row}</row>' for number in range(500, 500 + count))


READ = "read"
HEAVY: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    # What becomes of it, and what makes it.
    "names-100000": (READ, lambda: _before(BOOK, _NAMES, "".join(
        f"<definedName name='a{number}'>'Phụ lục'!$D$11</definedName>" for number in range(100_000)
    ))),
    "styles-60000": (READ, lambda: _before(
        STYLES, "</cellXfs>", '<xf numFmtId="0" fontId="0" fillId="0" xfId="0"/>' * 60_000
    )),
    "formats-50000": (READ, lambda: _before(STYLES, "</numFmts>", "".join(
        f'<numFmt numFmtId="{number}" formatCode="{"[" * 250}"/>' for number in range(1000, 51_000)
    ))),
    "types-190000": (READ, lambda: _before(TYPES, "</Types>", "".join(
        f'<Override PartName="/a{number}" ContentType="a/{number}"/>' for number in range(190_000)
    ))),
    "relations-190000": ("unreadable", lambda: _before(LINKS, _RELATIONS, "".join(
        f'<Relationship Id="x{number}" Type="a/{number}" Target="a.xml"/>'
        for number in range(190_000)
    ))),
    "cells-known-way": (READ, lambda: _before("", _DATA, "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}.{row}</v></c></row>' for row in range(500, 45_000)
    ))),
    "cells-other-way": (READ, lambda: _before("", _DATA, _rows("<c><v>1</v></c>" * 53, 1000))),
    "cells-1000000": ("unsafe-xml", lambda: _before("", _DATA, _rows("<c/>" * 16_000, 62))),
    "rows-900000": ("unsafe-xml", lambda: _before("", _DATA, "<row/>" * 900_000)),
    "rows-known-way": ("unsafe-xml", lambda: _before("", _DATA, _rows("", 600_000))),
    "strings-48000": (READ, lambda: _before(STRINGS, _TEXTS, "".join(
        f"<si><t>{number}</t></si>" for number in range(48_000)
    ))),
    "runs-240000": ("unsafe-xml", lambda: _before(
        STRINGS, _TEXTS, f"<si>{'<r><t>a</t></r>' * 240_000}</si>"
    )),
    "looks-200000": (READ, lambda: _before(
        STRINGS, _TEXTS, f"<si><r><rPr>{'<b/>' * 200_000}</rPr><t>a</t></r></si>"
    )),
    "formulas-long": (READ, lambda: _before("", _DATA, "".join(
        f'<row r="{row}"><c r="D{row}"><f>{row}{"+1" * 4000}</f></c></row>'
        for row in range(500, 2000)
    ))),
    "text-quotes": ("unreadable", partial(_cell, '"' * (15 << 20))),
    "text-references": ("unreadable", partial(_cell, "&amp;" * (3 << 20))),
    "text-emoji": ("unreadable", partial(_cell, "😀" * 3_900_000)),
    "text-groups": ("unreadable", partial(_cell, f"1{'.111' * (3 << 20)},")),
    "number-long": ("unreadable", lambda: hostile.with_cell(
        f'<c r="D10"><v>{"1" * (15 << 20)}</v></c>'
    )),
    "name-of-quotes": (READ, lambda: _before(
        BOOK, _NAMES, f"<definedName name='a'>{_QUOTE * (10 << 20)}</definedName>"
    )),
    "texts-of-14-MB": (READ, partial(_everywhere, "x " * (7 << 20))),
}  # fmt: skip


def write(folder: Path) -> None:
    """Write all of them into a folder."""
    for name, (_, build) in HEAVY.items():
        Path(folder, f"{name}.xlsx").write_bytes(build())


def _peak() -> int:
    """Return the most memory that this process has had since it was last asked to forget, in KB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def measure(folder: Path) -> None:
    """Print what it costs to read each file beyond what reading the last has left."""
    form = load_form()
    for path in sorted(folder.glob("*.xlsx")):
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5", "ascii")
        before, begin = _peak(), time.process_time()
        try:
            read_submission(path, form)
            outcome = READ
        except Refusal as refusal:
            outcome = refusal.code
        seconds = time.process_time() - begin
        facts = {"name": path.stem, "outcome": outcome, "seconds": seconds}
        print(json.dumps({**facts, "MB": (_peak() - before) >> 10}), flush=True)


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
