"""The page that says what other programs make of our workbooks, from the counts of a run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.engines.computing import installed
from tests.engines.gaps import GAPS
from tests.engines.saving import HABITS, KEPT, Saved
from tests.engines.tally import Tally
from tests.support.paths import DOCS

PAGE = DOCS / "engines.md"
NUMBERS = ("percentages", "numbers read", "rules")
KINDS = (
    *NUMBERS, "checks beside the rows", "findings and counts",
    "helpers", "the rest",
)  # fmt: skip
SHOWS = ("number", "percentage", "date")

HEAD = """# What other programs make of the workbooks

Generated: `pip install -e .[test,engines]`, `python -m tests.engines.report`. Every run of the
tests does the same with fewer workbooks (`tests/engines/`), and a difference that is not on this
page fails.

The workbooks are issued ones of both levels, filled at random with what clerks type: numbers,
texts with commas and dots, percentages, dates, blanks, notes, logical and error values; and one
summary. Nobody here has an Excel: formulon follows what its makers measured in Excel 365.
"""
COMPUTING = """
## Computed

Every formula cell of every sheet, computed by each engine and by LibreOffice. LibreOffice is the
measure because it is held equal to the program, cell by cell, by other tests. What `CELL("format")`
says is each program's own: its answer is taken as it is, and all that rests on it is compared.
Two numbers are equal up to the twelfth digit, two errors are equal.
"""
EXPLAINED = """
*Begin here*: cells that are the first to differ, each for a reason of the list below. *Rest on
those*: cells that differ because one does that they look at. *Unseen*: other words in the hidden
text of a rule that is broken in neither program, which nobody is shown.

Cells that are equal, by what they are for:
"""
LETTERS = """
What `CELL("format")` makes of a cell that shows a number as a percentage or as a date. An engine
that does not know the function says nothing; the workbook says what it makes of that.
"""
GAP_HEAD = """
### Known differences

| difference | engines | what they do | cells |
|---|---|---|---|
"""
SAVING = """
## Opened and saved

Workbooks that a program opened and saved again, read by our reader: figures, findings, notes, what
is said about the report, and remarks must be as before, or the file is refused by name.
"""
KEPT_HEAD = """
What a saved workbook still has: sheets, of how many. The reader rests on none of it: where things
stand and what they mean it knows from the form, and what is computed it computes anew.
"""
HABIT_HEAD = """
### Known habits

| habit | programs | what they do | cases |
|---|---|---|---|
"""
LEFT_OUT = """
## Not asked

- Aspose.Cells FOSS (MIT) does not open the workbooks: it wants columns wider than 0.
- excelize also computes, but each cell anew with all that it rests on: half a minute a workbook.
- pandas and calamine read values only: `tests/reading/` compares them with our readers.
"""


def page(tallies: Sequence[Tally], saved: Sequence[Saved]) -> str:
    """Return the page."""
    return "".join(
        (
            HEAD,
            COMPUTING,
            _table(
                ("engine", "version", "licence", "from", "workbooks", "formula cells", "equal",
                 "begin here", "rest on those", "unseen"),
                map(_counts, tallies),
            ),
            EXPLAINED,
            _table(("engine", *KINDS), map(_by_kind, tallies)),
            LETTERS,
            _table(("engine", *(f"shown as {one}" for one in SHOWS[1:])), map(_letters, tallies)),
            GAP_HEAD,
            "".join(
                f"| {gap.name} | {', '.join(gap.engines)} | {gap.words} "
                f"| {_many(sum(tally.gaps[gap.name] for tally in tallies))} |\n"
                for gap in GAPS
            ),
            SAVING,
            _table(
                ("program", "version", "licence", "from", "workbooks", "figures compared",
                 "read otherwise", "refused"),
                map(_saved, saved),
            ),
            KEPT_HEAD,
            _table(("program", *KEPT), map(_kept, saved)),
            HABIT_HEAD,
            "".join(
                f"| {habit.name} | {', '.join(habit.programs)} | {habit.words} "
                f"| {_many(sum(one.habits[habit.name] for one in saved))} |\n"
                for habit in HABITS
            ),
            LEFT_OUT,
        )
    )  # fmt: skip


def _counts(tally: Tally) -> tuple[str, ...]:
    numbers = (
        tally.workbooks, tally.cells.total(), tally.equal, tally.gaps.total(), tally.following,
        tally.unseen,
    )  # fmt: skip
    return (*_source(tally.engine), *map(_many, numbers))


def _by_kind(tally: Tally) -> tuple[str, ...]:
    shares = []
    for kind in KINDS:
        cells, different = tally.cells[kind], tally.different[kind]
        shares.append(f"{_many(cells - different)} of {_many(cells)}" if different else "all")
    return tally.engine.name, *shares


def _letters(tally: Tally) -> tuple[str, ...]:
    said = []
    for shown in SHOWS[1:]:
        answers = {answer: n for (how, answer), n in tally.letters.items() if how == shown}
        said.append(", ".join(f"{answer} {_many(n)}" for answer, n in sorted(answers.items())))
    return tally.engine.name, *said


def _saved(saved: Saved) -> tuple[str, ...]:
    refused = ", ".join(f"{n} × `{code}`" for code, n in saved.refused.items()) or "0"
    numbers = saved.workbooks, saved.read, saved.habits.total()
    return (*_source(saved.saver), *map(_many, numbers), refused)


def _kept(saved: Saved) -> tuple[str, ...]:
    return saved.saver.name, *(f"{saved.after[what]} of {saved.before[what]}" for what in KEPT)


def _source(program: object) -> tuple[str, ...]:
    name, licence, package = program.name, program.licence, program.package  # type: ignore[attr-defined]
    return name, installed(package), licence, package


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = tuple(head)
    lines = (head, ("---",) * len(head), *rows)
    return "\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _many(number: int) -> str:
    return f"{number:,}"


def write_page(tallies: Sequence[Tally], saved: Sequence[Saved]) -> Path:
    """Write the page; return its path."""
    PAGE.write_text(page(tallies, saved), encoding="utf-8")
    return PAGE
