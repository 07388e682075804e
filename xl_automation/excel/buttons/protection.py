"""The protection of open workbooks: lifted for a moment, put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

import xlwings as xw

from xl_automation.errors import UserError

# What an issued sheet allows while it is protected. Excel has to be told each time.
SHEET_PERMISSIONS = {
    "AllowFormattingCells": True,
    "AllowFormattingColumns": True,
    "AllowFormattingRows": True,
}
BOOK_PERMISSIONS = {"Structure": True}


@contextmanager
def unlocked(*things: xw.Book | xw.Sheet) -> Iterator[None]:
    """Lift the protection of sheets, or of a workbook's structure, and put it back.

    Raises:
        UserError: If there is a password on one; then nothing is unlocked.
    """
    with ExitStack() as stack:
        for thing in things:
            stack.enter_context(_unlocked(thing))
        yield


@contextmanager
def _unlocked(thing: xw.Book | xw.Sheet) -> Iterator[None]:
    is_book = isinstance(thing, xw.Book)
    api = thing.api
    if not (api.ProtectStructure if is_book else api.ProtectContents):
        yield
        return
    try:
        api.Unprotect(Password="")
    except Exception as error:  # of the COM library, which is there on Windows only
        raise UserError(
            f"“{thing.name}” bị khoá bằng mật khẩu nên không ghi được. Bỏ mật khẩu (thẻ Review, "
            f"nút {'Protect Workbook' if is_book else 'Unprotect Sheet'}) rồi bấm lại nút này."
        ) from error
    try:
        yield
    finally:
        lock(thing)


def lock(thing: xw.Book | xw.Sheet) -> None:
    """Protect a sheet, or a workbook's structure, without a password."""
    permissions: Mapping[str, bool] = (
        BOOK_PERMISSIONS if isinstance(thing, xw.Book) else SHEET_PERMISSIONS
    )
    thing.api.Protect(**permissions)
