"""The cells of a file in one go, or None where they are written in an uncommon way.

What comes out is what :mod:`exact_cells` gives, for the columns that are read.
"""

from __future__ import annotations

from xl_automation.reading.cell_values import CellValues, without_escapes
from xl_automation.reading.cells import NEAR_COLUMNS, FormCells
from xl_automation.reading.locate import Located
from xl_automation.template import positions
from xl_automation.xlsx.remembered import remembered
from xl_automation.xlsx.sheet_scan import scan_sheet
from xl_automation.xlsx.string_scan import scan_strings

# The columns of the form's sheet that are read; the others hold formulas and checks.
_PAGE_COLUMNS = frozenset((*positions.PRINTED, positions.PREVIOUS, positions.PART, positions.WHOLE))
_scanned = remembered(32)(scan_sheet)  # supporting tables are left alone by most


@remembered(8)
def _shared_strings(content: bytes) -> tuple[str, ...] | None:
    strings = scan_strings(content)
    return None if strings is None else without_escapes(strings)


def read_fast(place: Located) -> FormCells | None:
    """Return the cells, or None where only :func:`exact_cells.read_exactly` can tell.

    Raises:
        Refusal: If a part is missing or damaged.
    """
    parts = place.package.parts
    part = place.strings_part
    strings = () if part is None else _shared_strings(parts.unchecked(part))
    if strings is None:
        return None
    values = CellValues(place, strings, days_are_numbers=True)
    for sheet in place.sheets.all:
        scanned = _scanned(parts.unchecked(place.part(sheet)))
        if scanned is None or scanned.strings > len(strings) or scanned.styles > place.last_style:
            return None
        wanted = _PAGE_COLUMNS if sheet == place.sheets.page else NEAR_COLUMNS
        values.take(sheet, scanned.cells, wanted)
    return values.form_cells()
