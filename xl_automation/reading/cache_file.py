"""The SQLite file in which results of reading are kept from run to run.

It lies in a folder that others can write to, and only saves time. So it is looked at like
anybody's file: nothing in it is run, a row that changed is no row, and whatever is wrong with the
whole (gone, locked, damaged, not ours, not to be written) is one exception that says why.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from stat import S_ISREG

OTHER_ROWS = 2_000  # kept of what the latest run did not use: other periods, other forms
MAX_FILE = 256 << 20  # bytes; ten times what 10,500 workbooks need
MAX_RECORD = 1 << 20  # characters; an honest one has some thousand
BUSY_SECONDS = 2.0  # another run holds the file for a moment at its end, no longer
APPLICATION = int.from_bytes(b"CCHC", "big")  # in the file's header: only then it is ours
_HEAD, _APPLICATION_AT = b"SQLite format 3\0", 68  # SQLite's file format, 1.3
_TABLE = (
    "CREATE TABLE results (reader TEXT NOT NULL, sha256 TEXT NOT NULL, used INTEGER NOT NULL, "
    "record TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (reader, sha256))"
)
_SCHEMA = {("table", "results", _TABLE), ("index", "sqlite_autoindex_results_1", None)}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DENIED = {
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
}


class UnusableCache(Exception):
    """The file cannot be used; the message says why, in Vietnamese."""


class _NotOursError(Exception):
    """The file is none that this program wrote."""


# A damaged file can also have texts that are none, and lengths that no memory holds.
_TROUBLES = (OSError, sqlite3.Error, ValueError, MemoryError, _NotOursError)


def load(path: Path, reader: str) -> dict[str, bytes]:
    """Return the records that *reader* has kept, by the hash of their workbooks.

    Returns:
        None of those that changed since they were written.

    Raises:
        UnusableCache: If the file cannot be read or is not ours.
    """
    try:
        if not os.path.lexists(path):
            return {}
        with _connected(path) as connection:
            if not _has_table(connection):
                return {}
            rows = connection.execute(
                "SELECT sha256, record, digest FROM results WHERE reader = ? "
                "AND typeof(sha256) = 'text' AND typeof(record) = 'text' "
                f"AND typeof(digest) = 'text' AND length(record) <= {MAX_RECORD}",
                (reader,),
            ).fetchall()
    except _TROUBLES as error:
        raise _unusable(error) from error
    return {
        sha256.decode("ascii", "replace"): record
        for sha256, record, digest in rows
        if digest == _digest(reader, sha256, record).encode()
    }


def save(path: Path, reader: str, records: Mapping[str, str], used: Iterable[str]) -> None:
    """Add *records*, and forget what has not been used for long.

    A damaged file of ours is made anew.

    Args:
        path: The file.
        reader: What read the workbooks.
        records: Records by the hash of their workbooks.
        used: The hashes of other workbooks whose records were of use in this run.

    Raises:
        UnusableCache: If the file cannot be written or is not ours.
    """
    try:
        _write(path, reader, records, used)
    except _TROUBLES as error:
        if not _is_damage(error, path):
            raise _unusable(error) from error
        try:
            path.unlink()
            _write(path, reader, records, used)
        except _TROUBLES as again:
            raise _unusable(again) from again


def _write(path: Path, reader: str, records: Mapping[str, str], used: Iterable[str]) -> None:
    now = int(time.time())
    with _connected(path) as connection:
        connection.execute("BEGIN IMMEDIATE")
        if not _has_table(connection):
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.executemany(
            "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
            (
                (reader, sha256, now, record, _digest(reader, sha256.encode(), record.encode()))
                for sha256, record in records.items()
            ),
        )
        connection.executemany(
            "UPDATE results SET used = ? WHERE reader = ? AND sha256 = ?",
            ((now, reader, sha256) for sha256 in used),
        )
        connection.execute(
            "DELETE FROM results WHERE used <> ?1 AND rowid NOT IN "
            f"(SELECT rowid FROM results WHERE used <> ?1 ORDER BY used DESC LIMIT {OTHER_ROWS})",
            (now,),
        )
        connection.execute("COMMIT")


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Give the open file; one that is no ordinary file, or far too big, is not opened.

    No write-ahead log: it needs memory that two computers on one network folder do not share.
    """
    with suppress(FileNotFoundError):
        status = path.lstat()
        if not S_ISREG(status.st_mode) or status.st_size > MAX_FILE:
            raise _NotOursError
    with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
        connection.text_factory = bytes  # text that is not UTF-8 is one damaged row, no error
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _has_table(connection: sqlite3.Connection) -> bool:
    """Return whether the file has our table; False where it has nothing at all.

    Raises:
        _NotOursError: If it has anything else: views and triggers would be run.
    """

    def text(value: bytes | None) -> str | None:
        return None if value is None else value.decode("utf-8", "replace")

    ((application,),) = connection.execute("PRAGMA application_id")
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master LIMIT 9").fetchall()
    if not (application or rows):
        return False
    if application != APPLICATION or {tuple(map(text, row)) for row in rows} != _SCHEMA:
        raise _NotOursError
    return True


def _digest(reader: str, sha256: bytes, record: bytes) -> str:
    """Return the digest of a row: of damage it tells, not of forgery."""
    row = b" ".join((reader.encode(), sha256, record))
    return hashlib.blake2b(row, digest_size=16).hexdigest()


def _is_damage(error: Exception, path: Path) -> bool:
    """Return whether a file that was ours is damaged; any other is left alone."""
    if isinstance(error, (OSError, _NotOursError)) or _code(error) in _BUSY | _DENIED:
        return False
    try:
        with path.open("rb") as file:
            head = file.read(_APPLICATION_AT + 4)
    except OSError:
        return False
    return head.startswith(_HEAD) and head[_APPLICATION_AT:] == APPLICATION.to_bytes(4, "big")


def _code(error: Exception) -> int:
    """Return SQLite's primary code of an error, -1 of any other."""
    code: int = getattr(error, "sqlite_errorcode", -1)
    return code & 0xFF if code >= 0 else -1


def _unusable(error: Exception) -> UnusableCache:
    code = _code(error)
    if code in _BUSY:
        return UnusableCache("đang có chương trình khác dùng")
    if code in _DENIED or isinstance(error, OSError):
        return UnusableCache("không đọc hoặc ghi được ở thư mục đó")
    return UnusableCache("tệp bị hỏng hoặc không phải do chương trình này lập")
