"""What our reader makes of a workbook that another program opened and saved again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from tests.engines.book_cells import cells_of
from tests.support import writers
from tests.support.builders import FORM
from tests.support.office import Office
from tests.support.writers import Save
from xl_automation.checks.check import check
from xl_automation.reading.reader import read_submission
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import read_parts
from xl_automation.xlsx.refusal import Refusal

LAYOUT = Layout(FORM)


class Saver(NamedTuple):
    """A program that saves workbooks.

    Attributes:
        name: As its makers write it.
        licence: Its licence, by SPDX.
        package: Where it comes from: ``PyPI openpyxl``, ``npm exceljs``, ``Debian gnumeric``.
        save: Opens a workbook and saves it as another.
        refusal: The code by which all that it saves is refused, "" where that is not so.
        by_hand: Whether it is too slow for every run of the tests.
    """

    name: str
    licence: str
    package: str
    save: Save
    refusal: str = ""
    by_hand: bool = False


SAVERS = (
    Saver("Gnumeric", "GPL-2.0-only OR GPL-3.0-only", "Debian gnumeric", writers.by_gnumeric),
    Saver("openpyxl", "MIT", "PyPI openpyxl", writers.by_openpyxl),
    Saver("exceljs", "MIT", "npm exceljs", writers.by_exceljs),
    Saver("SheetJS", "Apache-2.0", "npm xlsx", writers.by_sheetjs),
    Saver("excelize", "BSD-3-Clause", "PyPI excelize", writers.by_excelize),
    Saver("IronCalc", "MIT OR Apache-2.0", "PyPI ironcalc", writers.by_ironcalc),
    Saver("BetterOffice", "Apache-2.0", "PyPI betteroffice-xlsx", writers.by_betteroffice),
    Saver(
        "formualizer",
        "MIT OR Apache-2.0",
        "PyPI formualizer",
        writers.by_formualizer,
        refusal="altered-form",
        by_hand=True,
    ),
)


def office_saver(office: Office) -> Saver:
    """Return LibreOffice, which must run already."""
    return Saver("LibreOffice", "MPL-2.0", "Debian libreoffice-calc", partial(_by_office, office))


def _by_office(office: Office, source: Path, target: Path) -> None:
    with office.open(source) as book:
        book.save_as(target)


class Change(NamedTuple):
    """What is read otherwise after a program saved it.

    Attributes:
        path: The workbook as it was.
        what: ``figure``, ``finding``, ``note``, ``about the report`` or ``remark``.
        id: The figure or row, or the finding's first one.
        before: What was read, None where nothing was.
        after: What is read now, likewise.
    """

    path: Path
    what: str
    id: str
    before: object
    after: object


class Habit(NamedTuple):
    """How a program is known to save something otherwise than it was.

    Attributes:
        name: Its name.
        programs: Those that have it.
        words: What they do, and what becomes of it.
        explains: Whether a change is one of these.
    """

    name: str
    programs: tuple[str, ...]
    words: str
    explains: Callable[[Change], bool]


def _logical_as_number(change: Change) -> bool:
    """Whether a figure was a logical value and is its number, or a finding is about such a one."""
    return _is_about(change, lambda value: isinstance(value, bool))


def _delete_sign(change: Change) -> bool:
    """Whether a figure had the sign U+007F, or a finding is about such a one."""
    return _is_about(change, lambda value: isinstance(value, str) and "\x7f" in value)


def _is_about(change: Change, is_one: Callable[[object], bool]) -> bool:
    """Whether a change is one of a figure in whose cell such a value stood, or of a finding."""
    cells = cells_of(change.path).values
    ids = {id for id in LAYOUT.rows if is_one(cells.get(LAYOUT.place(id)))}
    if change.what == "finding":
        return not ids.isdisjoint(_ids(change))
    return change.what == "figure" and change.id in ids


def _ids(change: Change) -> set[str]:
    """Return the rows that a finding, and the rules of its rows, are about."""
    named = {id for one in (change.before, change.after) if isinstance(one, tuple) for id in one[1]}
    related = {
        id
        for instance in (*FORM.instances("commune"), *FORM.instances("district"))
        if named & set(instance.refs)
        for id in instance.refs
    }
    return named | related


HABITS = (
    Habit(
        "logical-as-number",
        ("LibreOffice",),
        "TRUE in a cell with a format for numbers is 1 in LibreOffice, on screen and in what it "
        "saves: read as the number that its user sees",
        _logical_as_number,
    ),
    Habit(
        "sign-lost",
        ("Gnumeric", "exceljs"),
        "the sign U+007F, which nobody sees, is lost when they open the file: the figure is read "
        "as they show it",
        _delete_sign,
    ),
)


KEPT = {  # what else a workbook has; the reader needs none of it
    "sheets protected": "sheetProtection",
    "with validations": "dataValidation",
    "with conditional formats": "cfRule",
    "structure protected": "workbookProtection",
}


def holds(path: Path) -> Counter[str]:
    """Return in how many parts of a workbook's file each thing of ``KEPT`` stands."""
    found: Counter[str] = Counter()
    for name, content in read_parts(path.read_bytes()).items():
        if name.startswith("xl/w") and name.endswith(".xml"):
            tags = {etree.QName(item).localname for item in etree.fromstring(content).iter("{*}*")}
            found.update(what for what, tag in KEPT.items() if tag in tags)
    return found


@dataclass
class Saved:
    """What became of workbooks that a program saved.

    Attributes:
        saver: The program.
        workbooks: How many there were.
        read: How many figures were compared.
        habits: The changes that a known habit is the reason of, by its name.
        refused: How many workbooks are refused, by code.
        unexplained: All other changes.
        before: What the first workbook had beside its contents, as `holds` says.
        after: What of it was still there.
    """

    saver: Saver
    workbooks: int = 0
    read: int = 0
    habits: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    unexplained: list[Change] = field(default_factory=list)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)


def saved_by(saver: Saver, paths: Sequence[Path], folder: Path) -> Saved:
    """Return what is read of workbooks once a program has saved them, in *folder*."""
    result = Saved(saver)
    for path in paths:
        target = folder / f"{saver.name}-{path.name}"
        saver.save(path, target)
        result.workbooks += 1
        if path == paths[0]:
            result.before, result.after = holds(path), holds(target)
        before = read(path)
        try:
            after = read(target)
        except Refusal as refusal:
            result.refused[refusal.code] += 1
            continue
        result.read += sum(what == "figure" for what, _ in before)
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                change = Change(path, key[0], key[1], before.get(key), after.get(key))
                known = (one for one in HABITS if saver.name in one.programs)
                habit = next((one for one in known if one.explains(change)), None)
                if habit is None:
                    result.unexplained.append(change)
                else:
                    result.habits[habit.name] += 1
    return result


def read(path: Path) -> dict[tuple[str, str], object]:
    """Return what the reader and the checks say of a workbook, by kind and id.

    Raises:
        Refusal: If the file cannot be read or trusted.
    """
    submission = read_submission(path, FORM)
    found = check(FORM, submission)
    return {
        **{("figure", id): reading for id, reading in submission.readings.items()},
        **{("note", id): note for id, note in submission.notes.items()},
        **{
            ("finding", f"{one.rule} {'/'.join(one.indicators)} {one.message}"): (
                one.severity, one.indicators, one.message, one.settled,
            )
            for one in found
        },
        **{("remark", f"{one.rule} {one.indicators}"): one.rule for one in submission.remarks},
        **{("about the report", id): day for id, day in submission.dates.items()},
        ("about the report", "unit"): submission.unit_code,
        ("about the report", "period"): submission.period,
        ("about the report", "number"): submission.report_number,
        ("about the report", "rows"): dict(submission.row_labels),
    }  # fmt: skip
