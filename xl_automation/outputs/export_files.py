"""The long table as a file that other programs read: CSV, JSON, Parquet, a DuckDB database.

The suffix of the file says which. No text in a CSV is a formula to a spreadsheet program.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd

from xl_automation.errors import UserError
from xl_automation.forms.numbers import plain
from xl_automation.outputs.long_table import COLUMNS
from xl_automation.xlsx.files import refuse_foreign, write_whole

TABLE = "cchc"  # the table of a DuckDB database
INSTALL = 'pip install "xl_automation[export]"'
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # how what a spreadsheet takes for one begins
_NOT_OURS = "đã có và không phải bảng do lệnh này xuất. Tệp ấy được giữ nguyên. Chọn tên khác."


def csv_file(table: pd.DataFrame, semicolon: bool = False) -> bytes:
    """Return the table as CSV, UTF-8 with its mark.

    Args:
        table: The long table.
        semicolon: Whether fields are parted by a semicolon and decimals by a comma, as a
            spreadsheet program that is set to Vietnamese takes them for numbers.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if semicolon else ",")
    writer.writerow(COLUMNS)
    for row in _rows(table):
        writer.writerow([_csv_field(value, semicolon) for value in row])
    return text.getvalue().encode("utf-8-sig")


def json_file(table: pd.DataFrame) -> bytes:
    """Return the table as a JSON array, an object a row, a row a line."""
    lines = (
        json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False, allow_nan=False)
        for row in _rows(table)
    )
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def parquet_file(table: pd.DataFrame) -> bytes:
    """Return the table as Parquet."""
    duckdb = _duckdb()
    with _place(".parquet") as path, duckdb.connect() as database:
        database.register(TABLE, table)
        database.sql(f"FROM {TABLE}").write_parquet(str(path))
        return path.read_bytes()


def duckdb_file(table: pd.DataFrame) -> bytes:
    """Return the table as a DuckDB database with the one table ``cchc``."""
    duckdb = _duckdb()
    with _place(".duckdb") as path:
        with duckdb.connect(str(path)) as database:
            database.register("long_table", table)
            database.execute(f"CREATE TABLE {TABLE} AS FROM long_table")
        return path.read_bytes()


def write_export(table: pd.DataFrame, out: Path, semicolon: bool = False) -> None:
    """Write the long table, whole or not at all; only an earlier export is replaced.

    Raises:
        UserError: If the suffix is none of those known, DuckDB is needed and not installed, any
            other file is there, or it cannot be written.
    """
    write = check_target(out, semicolon)
    write_whole(out, write(table))


def check_target(out: Path, semicolon: bool = False) -> Callable[[pd.DataFrame], bytes]:
    """Return what makes the file at *out*, before anything is read.

    Raises:
        UserError: As :func:`write_export`.
    """
    suffix = out.suffix.lower()
    if suffix not in _WRITERS:
        raise UserError(f"{out}: chưa biết xuất ra kiểu tệp này. Ghi đuôi {', '.join(_WRITERS)}.")
    if semicolon and suffix != ".csv":
        raise UserError(f"--semicolon chỉ dùng cho tệp .csv; {out} không phải.")
    if suffix in _BY_DUCKDB:
        _duckdb()
    refuse_foreign(out, _is_export, _NOT_OURS)
    if semicolon:
        return lambda table: csv_file(table, semicolon=True)
    return _WRITERS[suffix]


_WRITERS: Mapping[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": csv_file,
    ".json": json_file,
    ".parquet": parquet_file,
    ".duckdb": duckdb_file,
}
_BY_DUCKDB = (".parquet", ".duckdb")


def _rows(table: pd.DataFrame) -> Iterator[Sequence[Any]]:
    """Yield the rows with numbers as they are written: 3718, 58.85, None."""
    columns = [table[name].tolist() for name in COLUMNS]
    place = COLUMNS.index("value")
    columns[place] = [None if value != value else plain(value) for value in columns[place]]
    return zip(*columns, strict=True)


def _csv_field(value: object, comma: bool) -> object:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return repr(value).replace(".", ",") if comma and value is not None else value


def _is_export(path: Path) -> bool:
    """Return whether a file is what one of the functions above made."""
    if path.suffix.lower() not in _BY_DUCKDB:
        with path.open("rb") as file:
            head = file.read(1000)
        kinds = (",".join(COLUMNS), ";".join(COLUMNS), '[\n{"form": ', "[\n\n]")
        return head.decode("utf-8-sig", "replace").startswith(kinds)
    duckdb = _duckdb()
    try:
        if path.suffix.lower() == ".parquet":
            return list(duckdb.read_parquet(str(path)).columns) == list(COLUMNS)
        with duckdb.connect(str(path), read_only=True) as database:
            return list(database.table(TABLE).columns) == list(COLUMNS)
    except duckdb.Error:
        return False


def _duckdb() -> ModuleType:
    try:
        import duckdb
    except ModuleNotFoundError:
        raise UserError(
            f"Xuất ra {' và '.join(_BY_DUCKDB)} cần thêm thư viện duckdb. Cài bằng lệnh: "
            f"{INSTALL}; hoặc xuất ra .csv, .json."
        ) from None
    return duckdb


@contextmanager
def _place(suffix: str) -> Iterator[Path]:
    """Give where a file may stand for a while that only DuckDB can write."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / f"{TABLE}{suffix}"
