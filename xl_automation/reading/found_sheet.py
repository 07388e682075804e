"""A sheet of the form wherever its rows and columns stand now, found by their hidden codes.

A row is one of the form only where its code stands once and what is printed in it is what was
issued with that code; a column only where its own code, or its heading, stands once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from xl_automation.forms.words import plain_text
from xl_automation.reading.cells import Cell, Formula, printed_text, prints
from xl_automation.template import positions
from xl_automation.template.issued_sheet import IssuedSheet
from xl_automation.xlsx.address import Address, column_letters, column_number
from xl_automation.xlsx.refusal import Refusal

Cells = Mapping[str, Cell]


@dataclass(frozen=True)
class FoundSheet:
    """A sheet of a file that is one of the form's.

    Attributes:
        name: Its name in the file.
        issued: What it was issued as.
        cells: What stands in it.
        rows: The row as issued of each row of the form that is there.
        columns: The column as issued of each column that is there.
    """

    name: str
    issued: IssuedSheet
    cells: Cells
    rows: Mapping[int, int]
    columns: Mapping[str, str]

    def as_issued(self, column: str, row: int) -> str | None:
        """Return where a cell stood when it was issued, None where it did not."""
        if column in self.columns and row in self.rows:
            return f"{self.columns[column]}{self.rows[row]}"
        return None

    def now(self, address: str) -> str | None:
        """Return where a cell as issued stands now, None where its row or column is gone."""
        cell = Address(address)
        row, column = self._rows_now.get(cell.row), self._columns_now.get(cell.column)
        return f"{column}{row}" if row and column else None

    @cached_property
    def _rows_now(self) -> Mapping[int, int]:
        return {issued: row for row, issued in self.rows.items()}

    @cached_property
    def _columns_now(self) -> Mapping[str, str]:
        return {issued: column for column, issued in self.columns.items()}

    @cached_property
    def in_issued_order(self) -> FoundSheet:
        """The sheet as it stood before its rows were sorted."""
        return replace(
            self, rows=dict(zip(sorted(self.rows), sorted(self.rows.values()), strict=True))
        )

    @cached_property
    def view(self) -> Mapping[str, Cell]:
        """What stands in the sheet, by the cells as issued; formulas as they are."""
        places = ((self.as_issued(*_split(address)), cell) for address, cell in self.cells.items())
        return {place: cell for place, cell in places if place is not None}

    @cached_property
    def figures(self) -> Mapping[str, Cell]:
        """What a clerk filled in, by id; blank cells and formulas as issued are left out."""
        filled = {id: self.view.get(cell) for id, cell in self.issued.figures.items()}
        return {
            id: cell
            for id, cell in filled.items()
            if cell is not None and not (isinstance(cell, Formula) and id in self.issued.computed)
        }

    @property
    def missing_codes(self) -> list[str]:
        """The codes of the rows that are gone, in their order."""
        return [code for code, row in self.issued.rows.items() if row not in self._rows_now]

    @property
    def missing_columns(self) -> list[str]:
        """The columns that are gone, as issued."""
        return [column for column in self.issued.columns if column not in self._columns_now]

    @property
    def moved_rows(self) -> list[int]:
        """The rows of the file that stand elsewhere than they were issued."""
        return [row for row, issued in sorted(self.rows.items()) if row != issued]

    @property
    def moved_columns(self) -> list[str]:
        """The columns of the file that stand elsewhere than they were issued, of those named."""
        return [
            column
            for column, issued in self.columns.items()
            if column != issued and issued in self.issued.columns
        ]

    @property
    def has_columns_in_order(self) -> bool:
        """Whether the columns are in the order in which they were issued."""
        found = sorted(self.columns, key=column_number)
        order = [column_number(self.columns[column]) for column in found]
        return order == sorted(order)

    @property
    def is_permuted(self) -> bool:
        """Whether the rows are in another order."""
        order = [issued for _, issued in sorted(self.rows.items())]
        return order != sorted(order)

    def added(self) -> Iterator[str]:
        """Yield the filled cells in the form's columns of rows that were put between its rows."""
        first, last = min(self.rows), max(self.rows)
        asked = {Address(cell).column for cell in self.issued.figures.values()}
        for address in self.cells:
            column, row = _split(address)
            if first < row < last and row not in self.rows and self.columns.get(column) in asked:
                yield address


def unmoved(name: str, issued: IssuedSheet, cells: Cells) -> FoundSheet:
    """Return a sheet whose rows and columns stand as they were issued."""
    last = column_number(issued.code_column)
    columns = {letters: letters for letters in map(column_letters, range(1, last + 1))}
    return FoundSheet(
        name, issued, cells, rows={row: row for row in issued.rows.values()}, columns=columns
    )


def find_sheet(name: str, issued: IssuedSheet, cells: Cells) -> FoundSheet | None:
    """Return a sheet of the form where its codes say that it stands.

    Args:
        name: Its name in the file.
        issued: What it was issued as.
        cells: What stands in it.

    Returns:
        None where it has not most of the codes, or no column that tells its rows apart.

    Raises:
        Refusal: If two rows or columns could be the same one.
    """
    found = _coded_rows(name, issued, cells)
    if found is None:
        return None
    code_column, rows = found
    columns = _columns(name, issued, cells, code_column, min(rows))
    if not issued.needed <= set(columns.values()):
        return None
    return FoundSheet(name, issued, cells, rows, columns)


def could_be(name: str, issued: IssuedSheet, cells: Cells) -> FoundSheet | None:
    """Return a sheet as one of the form's, by its codes or by what is printed where it was issued.

    Raises:
        Refusal: If two rows or columns could be the same one.
    """
    return find_sheet(name, issued, cells) or (
        unmoved(name, issued, cells) if _looks_like(issued, cells) else None
    )


def _looks_like(issued: IssuedSheet, cells: Cells) -> bool:
    """Whether most of what was printed in a sheet stands where it was issued."""
    printed = [prints(cells.get(address), text) for address, text in issued.texts.items() if text]
    return 2 * sum(printed) > len(printed)


def _coded_rows(
    name: str, issued: IssuedSheet, cells: Cells
) -> tuple[str, Mapping[int, int]] | None:
    """Return the column of the codes, and the row as issued of each row that has one."""
    places: dict[str, list[str]] = {}
    for address, cell in cells.items():
        if isinstance(cell, str) and (code := cell.strip()) in issued.rows:
            places.setdefault(code, []).append(address)
    if 2 * len(places) <= len(issued.rows):
        return None
    for code, addresses in places.items():
        if len(addresses) > 1:
            raise _ambiguous(name, f"các ô {', '.join(addresses[:3])} cùng có mã {code}")
    columns = {Address(address).column: address for [address] in places.values()}
    if len(columns) > 1:
        raise _ambiguous(name, f"mã dòng ở hai cột: ô {' và ô '.join([*columns.values()][:2])}")
    rows = {Address(address).row: issued.rows[code] for code, [address] in places.items()}
    return next(iter(columns)), rows


def _columns(
    name: str, issued: IssuedSheet, cells: Cells, code_column: str, first: int
) -> dict[str, str]:
    """Return the column as issued of each that is known by what stands above the *first* row."""
    marks: dict[str, str] = {plain_text(mark): column for column, mark in issued.columns.items()}
    columns = {code_column: issued.code_column}
    for address, cell in cells.items():
        column, row = _split(address)
        text = printed_text(cell) if row < first and isinstance(cell, str) else ""
        known = marks.get(text) or marks.get(text.partition(positions.CAPTION_END)[0])
        if not text or known is None:
            continue
        twin = next((other for other, what in columns.items() if what == known), column)
        if twin != column or columns.setdefault(column, known) != known:
            raise _ambiguous(name, f"cột {twin} và cột {column} cùng là cột “{text}”")
    return columns


def verify_texts(sheet: FoundSheet) -> None:
    """Refuse a row whose code is beside another text than it was issued with.

    Raises:
        Refusal: If there is one.
    """
    for address, expected in sheet.issued.texts.items():
        now = sheet.now(address)
        if now is not None and not prints(sheet.cells.get(now), expected):
            raise Refusal(
                "altered-form",
                where=f"ô {now} sheet “{sheet.name}”",
                expected=expected,
                found=plain_text(sheet.cells.get(now)),
            )


def verify_names(sheet: FoundSheet, names: Mapping[str, Address]) -> list[str]:
    """Return the names that were lost though their rows are there.

    Programs move names along with inserted, deleted and cut rows; sorted rows leave them behind,
    and so do programs that know no names. A name that did neither went with a single cell, and
    what stands in its row now is not known to be its figure.

    Args:
        sheet: The sheet.
        names: The cell of each name of the file.

    Raises:
        Refusal: If a name stands elsewhere.
    """
    issued = sheet.issued.names
    standing = {name: names[name].cell for name in issued if name in names}
    standing = {name: cell for name, cell in standing.items() if names[name].sheet == sheet.name}
    lost = [name for name in issued if name not in standing]
    now = {name: sheet.now(cell) for name, cell in issued.items()}
    strays = [name for name, cell in standing.items() if cell != now[name]]
    stayed = (
        not lost
        and sheet.has_columns_in_order  # nobody sorts columns: of two headings one is wrong
        and all(cell == issued[name] for name, cell in standing.items())
    )
    if strays and not stayed and not _left_behind(sheet, standing, now):
        raise Refusal(
            "altered-form",
            where=f"ô tên {strays[0]}",
            expected=now[strays[0]] or "không có",
            found=standing[strays[0]],
        )
    return [name for name in lost if now[name] is not None]


def _left_behind(
    sheet: FoundSheet, standing: Mapping[str, str], now: Mapping[str, str | None]
) -> bool:
    """Whether the names stand where rows were inserted and deleted before they were sorted."""
    in_order = sorted(standing, key=lambda name: Address(sheet.issued.names[name]).row)
    places = {name: Address(standing[name]) for name in in_order}
    rows = [place.row for place in places.values()]
    there = {name: Address(cell) for name, cell in now.items() if cell is not None}
    return (
        sheet.is_permuted
        and rows == sorted(rows)
        and set(rows) <= sheet.rows.keys()
        and len(standing) == len(there)
        and all(places[n].column == there[n].column for n in places.keys() & there.keys())
    )


def _ambiguous(sheet: str, reason: str) -> Refusal:
    return Refusal("ambiguous-form", reason=f"sheet “{sheet}”, {reason}")


def _split(address: str) -> tuple[str, int]:
    cell = Address(address)
    return cell.column, cell.row
