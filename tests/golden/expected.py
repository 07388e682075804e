"""What a round comes to, asked of DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from tests.golden.invented_round import DECISIONS, DUE, PERIODS, SentFile
from tests.support.builders import FORM, printed_rows

SQL = Path(__file__).with_name("expected.sql")
BEFORE = {period: list(PERIODS[:place]) for place, period in enumerate(PERIODS)}


class Expected:
    """The round as a database that nothing of the product has written."""

    def __init__(self, files: Iterable[SentFile], decided_in: str):
        self._database = duckdb.connect()
        self._database.execute(SQL.read_text("utf-8"))
        self._load(list(files), decided_in)

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a query; ``?`` stands for each of *values*."""
        return self._database.execute(query, list(values)).fetchall()

    def _load(self, files: Sequence[SentFile], decided_in: str) -> None:
        columns = ("id", "kind", "level", "aggregate", "part", "whole")
        figures = [row for row in printed_rows() if row["kind"] not in ("section", "group")]
        for (
            row
        ) in figures:  # of a reduction (a − b) / a the part is b: the SQL knows the one there is
            row["part"] = row["part"].rpartition("-")[2]
        self._insert("form", ([row[column] or None for column in columns] for row in figures))
        units = enumerate(FORM.units_at(FORM.period("2022-6T")))
        self._insert("unit", ([unit.code, unit.level, place] for place, unit in units))
        self._insert(
            "file",
            (
                [file.period, file.unit.code, file.name, file.written, file.after_lock]
                for file in files
            ),
        )
        self._insert(
            "cell",
            (
                [file.period, file.name, id, value, file.notes.get(id)]
                for file in files
                for id, value in file.values.items()
            ),
        )
        self._insert(
            "line",
            (
                [file.period, file.name, int(number), label, column, value]
                for file in files
                for number, (label, counts) in enumerate(file.lines, start=1)
                for column, value in counts.items()
            ),
        )
        self._insert("due", ([period, date.fromisoformat(day)] for period, day in DUE.items()))
        self._insert("before", map(list, BEFORE.items()))
        self._insert(
            "decision",
            (
                [*what, period]
                for *what, _, _, until in DECISIONS
                for period in (decided_in, until)
                if period
            ),
        )

    def _insert(self, table: str, rows: Iterable[Sequence[object]]) -> None:
        self._database.register("loaded", pd.DataFrame(list(rows), dtype="object"))
        self._database.execute(f"insert into {table} select * from loaded")
