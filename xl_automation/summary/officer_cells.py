"""What officers write in cells of a summary, as text: lists by their captions, days, yes or no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from xl_automation.errors import UserError
from xl_automation.forms.words import plain_text, same_text
from xl_automation.summary.progress_tallies import LOCKED_WORDS
from xl_automation.summary.summary_file import SummaryFile
from xl_automation.wording import printable, quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import EXCEL_EPOCH
from xl_automation.xlsx.refusal import damaged

_DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list.

    Attributes:
        summary: The file.
        sheet: The name of its sheet.
        number: The number of the row.
        columns: The number of each column, from 1, by its caption.
        cells: What stands in the row.
    """

    summary: SummaryFile
    sheet: str
    number: int
    columns: Mapping[str, int]
    cells: Sequence[object]

    def __getitem__(self, caption: str) -> str:
        """Return the text in a column; empty where the cell is blank."""
        column = self.columns[caption]
        return cell_words(self.cells[column - 1] if column <= len(self.cells) else None)

    def where(self, caption: str) -> str:
        """Return the cell of a column as people name it."""
        return f"ô {Address.of(self.sheet, self.columns[caption], self.number)}"

    def not_understood(self, caption: str, advice: str) -> UserError:
        """Return the error that what stands in a column cannot be understood."""
        return _not_understood(self.summary, self.where(caption), self[caption], advice)


def list_rows(summary: SummaryFile, name: str, captions: Sequence[str]) -> Iterator[ListRow]:
    """Yield the rows of a list below its captions.

    Args:
        summary: The file.
        name: The name of the first caption's cell.
        captions: The captions of the columns that are read, wherever they stand.

    Raises:
        Refusal: If a caption is missing.
    """
    sheet = summary.names[name].sheet
    rows = summary.rows(name)
    _, head = next(rows, (0, ()))
    found = {plain_text(text): column for column, text in enumerate(head, start=1) if text}
    columns = {}
    for caption in captions:
        if caption not in found:
            raise damaged(f"sheet “{printable(sheet)}” của sổ tổng hợp mất cột “{caption}”")
        columns[caption] = found[caption]
    for number, cells in rows:
        yield ListRow(summary, sheet, number, columns, cells)


def cell_words(value: object) -> str:
    """Return what an officer sees in a cell, as text.

    >>> cell_words(1.1), cell_words(5431.0), cell_words(None)
    ('1.1', '5431', '')
    """
    match value:
        case None:
            return ""
        case str():
            return value.replace("_x000D_", "\r")  # how a file writes the sign that XML drops
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def typed_day(summary: SummaryFile, name: str) -> date | None:
    """Return the day in a named cell, None where it is blank.

    Raises:
        UserError: If something else stands there.
    """
    match value := summary.value(name):
        case None:
            return None
        case datetime():
            return value.date()
        case date():
            return value
        case int() | float() if not isinstance(value, bool) and 0 < value < 2_958_466:
            return EXCEL_EPOCH + timedelta(days=int(value))
    text = cell_words(value).strip()
    for pattern in _DAYS if text else ():
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    if not text:
        return None
    raise _not_understood(summary, f"ô {summary.names[name]}", text, "phải là một ngày: 15/06/2022")


def is_yes(summary: SummaryFile, name: str) -> bool:
    """Return whether *Có* stands in a named cell; blank is *Không*.

    Raises:
        UserError: If something else stands there.
    """
    text = cell_words(summary.value(name))
    for truth, words in LOCKED_WORDS.items():
        if same_text(text.casefold(), words.casefold()):
            return truth
    if not text.strip():
        return False
    allowed = " hoặc ".join(LOCKED_WORDS.values())
    raise _not_understood(summary, f"ô {summary.names[name]}", text, f"phải là {allowed}")


def _not_understood(summary: SummaryFile, where: str, found: str, advice: str) -> UserError:
    return UserError(
        f"Sổ tổng hợp {printable(summary.path.name)}, {where} ghi “{quoted(found)}”: {advice}. "
        "Sửa ô ấy, lưu lại rồi chạy lại."
    )
