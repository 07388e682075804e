"""The fast reader and the exact one, proved equal.

For every workbook the two give the same submission or the same refusal, or the fast one declines.
And both are strict: where openpyxl reads a workbook, they read the same or refuse it.
CI tries some thousand workbooks; by hand, with the number of them:

    python -m tests.reading.test_two_readers 100000
"""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from openpyxl.styles.numbers import is_date_format

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, MINI
from tests.support.odd_workbooks import odd_workbooks
from tests.support.office import Office
from tests.support.second_form import SCHOOL
from tests.support.writers import WRITERS, Save
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.reading.cells import FAR_COLUMN, FAR_ROW, FormCells, Formula
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.locate import Located, locate
from xl_automation.reading.old_letter_remarks import runs_of_file
from xl_automation.reading.reader import understand
from xl_automation.reading.submission import Submission
from xl_automation.template.build import build_template
from xl_automation.xlsx.address import column_letters
from xl_automation.xlsx.guard import open_for_reading
from xl_automation.xlsx.number_format import shows_percent, shows_truth
from xl_automation.xlsx.refusal import Refusal

Outcome = Submission | tuple[str, str] | None  # a refusal by code and sentence; None: declined


def outcome(place: Located, form: Form, read: Callable[[Located], FormCells | None]) -> Outcome:
    """Return what a reader makes of a workbook."""
    try:
        cells = read(place)
        runs = runs_of_file(place)
        return cells and understand(form, cells, place.book.names, Path("x"), runs)
    except Refusal as refusal:
        return refusal.code, str(refusal)


def compare(path: Path, form: Form, ask_others: bool = True) -> str:
    """Return what became of a workbook: ``read``, ``refused`` or ``declined``.

    Args:
        path: The workbook.
        form: Its form.
        ask_others: Whether openpyxl is asked too, which takes long.

    Raises:
        AssertionError: If the two readers differ.
    """
    try:
        place = locate(open_for_reading(path), form)
    except Refusal:
        return "refused before"  # by what both have in common
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fast, exact = outcome(place, form, read_fast), outcome(place, form, read_exactly)
        other = by_others(path, place, form) if ask_others else None
    if isinstance(exact, Submission) and other is not None:
        assert other == exact, path
    if fast is None:
        return "declined"
    assert fast == exact, path
    return "read" if isinstance(fast, Submission) else "refused"


def by_others(path: Path, place: Located, form: Form) -> Submission | None:
    """Return what the workbook says to openpyxl; None where it cannot read it, or ours would not.

    It knows no formula of several cells or of a table by its text.
    """
    try:
        content = path.read_bytes()  # so that no file stays open, whatever fails
        books = [
            openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=only)
            for only in (False, True)
        ]
        sheets = {name: [_cells(book[name]) for book in books] for name in place.sheets.all}
    except Exception:
        return None
    tables = {id: sheets[name][0] for id, name in place.sheets.table_sheets.items()}
    page, info = (sheets[name][0] for name in (place.sheets.page, place.sheets.info))

    def result(sheet: str, address: str) -> CellValue:
        return sheets[sheet][1].get(address)

    try:
        cells = FormCells(page, info, tables, result)
        return understand(form, cells, place.book.names, Path("x"))
    except Refusal:
        return None


def _cells(sheet: Any) -> dict[str, Any]:
    sheet.reset_dimensions()
    cells: dict[str, Any] = {}
    for cell in chain.from_iterable(sheet.iter_rows(max_row=FAR_ROW, max_col=FAR_COLUMN)):
        value = cell.value
        if value is None or value == "":
            continue
        if cell.data_type == "f":
            value = Formula(str(getattr(value, "text", value)))
        elif cell.data_type == "e" and is_date_format(cell.number_format):
            raise ValueError("perhaps a date beyond the last, which openpyxl takes for an error")
        elif isinstance(value, datetime) and value.year < 1904:
            raise ValueError("perhaps a date before the first")
        elif cell.data_type == "e":
            value = CellError(str(value))
        elif cell.data_type == "n" and shows_percent(cell.number_format):
            value = Share(value)
        elif cell.data_type == "n" and shows_truth(cell.number_format):
            value = bool(value)
        cells[f"{column_letters(cell.column)}{cell.row}"] = value
    return cells


def compare_many(seed: int, form: Form, base: bytes, count: int, folder: Path) -> Counter[str]:
    """Return what became of *count* odd workbooks; one over which the readers differ is kept."""
    results: Counter[str] = Counter()
    for number, content in enumerate(islice(odd_workbooks(Random(seed), form, base), count)):
        path = folder / f"{form.id}-{seed}-{number}.xlsx"
        path.write_bytes(content)
        results[compare(path, form, number % 5 == 0)] += 1
        path.unlink()
    return results


# --- ordinary workbooks, saved again by programs that others wrote -----------------------------


def reports(seed: int, count: int, folder: Path) -> list[Path]:
    """Write *count* reports of communes: a consistent one, some of its figures typed anew."""
    random, made = Random(seed), []
    counts = [item.id for item in FORM.inputs if item.kind == "count" and item.id in COMMUNE]
    for number in range(count):
        some = {id: random.choice((0, 7, 12_345, "4.860", "-")) for id in random.sample(counts, 9)}
        notes = {id: f"Giải trình {id} – “&<>”\n{number}" for id in random.sample(counts, 3)}
        path = folder / f"{number}.xlsx"
        made.append(builders.workbook(path, {**COMMUNE, **some}, notes=notes))
    return made


def saved_again(paths: Sequence[Path], save: Save) -> Iterator[Path]:
    """Yield each workbook as another program saves it."""
    for path in paths:
        target = path.with_name(f"again-{path.name}")
        save(path, target)
        yield target
        target.unlink()


@pytest.mark.office
@pytest.mark.parametrize("name", [*WRITERS, "LibreOffice"])
def test_ordinary_workbooks_are_read_fast(
    name: str, clerk_office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever saved it, an ordinary report is read fast, as the exact way reads it."""
    writers = {**WRITERS, "LibreOffice": partial(by_libreoffice, clerk_office)}
    paths = reports(1, 3, tmp_path)
    results = Counter(compare(path, FORM) for path in saved_again(paths, writers[name]))
    with capsys.disabled():
        print(f" [{name}: {dict(results)}]", end="")
    assert results == {"refused before" if name == "pandas" else "read": len(paths)}


def by_libreoffice(office: Office, source: Path, target: Path) -> None:
    """Load, calculate and save with LibreOffice."""
    with office.open(source) as book:
        book.recalculate()
        book.save_as(target)


# --- odd ones ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "count"), [(MINI, 300), (SCHOOL, 50), (FORM, 16)], ids=["small", "wide", "printed"]
)
@pytest.mark.parametrize("seed", range(2))
def test_odd_workbooks_are_read_alike(form: Form, count: int, seed: int, tmp_path: Path) -> None:
    """Typed, written and broken in every way, a workbook gives the same whoever reads it."""
    base = build_template(form, "commune")
    results = compare_many(seed, form, base, count, tmp_path)
    assert results["read"] > count / 8
    assert results.total() == count


def by_hand(count: int) -> None:
    """Compare *count* odd workbooks of each form, and print what became of them.

    Then a hundredth as many ordinary ones of each program: the share that the fast way declines.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        for form in (MINI, SCHOOL, FORM):
            base = build_template(form, "commune")
            print(form.id, dict(compare_many(1000, form, base, count, folder)), flush=True)
        paths = reports(2, max(1, count // 100), folder)
        with Office("never", "vi-VN") as office:
            writers = {**WRITERS, "LibreOffice": partial(by_libreoffice, office)}
            for writer, save in writers.items():
                results = Counter(compare(path, FORM) for path in saved_again(paths, save))
                print(writer, dict(results), flush=True)


if __name__ == "__main__":
    by_hand(int(sys.argv[1]))
