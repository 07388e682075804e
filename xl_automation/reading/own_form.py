"""The form that a workbook names itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named
from xl_automation.forms.words import plain_text
from xl_automation.reading.cells import Formula
from xl_automation.reading.exact_cells import read_sheet
from xl_automation.reading.locate import defined_names
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.xlsx.guard import open_for_reading


def form_in(path: Path) -> Form | None:
    """Return the form that the workbook at *path* names.

    Returns:
        None where the file cannot be read, or names no form that ships.
    """
    with suppress(Exception):  # whoever reads it says why
        package = open_for_reading(path)
        place = defined_names(package).get(positions.FORM_CELL)
        value = place and read_sheet(package, place.sheet).get(place.cell)
        if value is not None and not isinstance(value, Formula):
            return form_named(plain_text(value))
    return None


def form_of_most(results: Iterable[Submission | RefusedFile], expected: Form) -> Form:
    """Return the form that most files name, the *expected* one where as many name that.

    Args:
        results: The files as read or refused by the expected form. Only the refused ones are asked
            again: the others have said.
        expected: That form.
    """
    forms = (
        expected if isinstance(result, Submission) else form_in(result.path) for result in results
    )
    return form_named_most(forms, expected)


def form_named_most(named: Iterable[Form | None], expected: Form) -> Form:
    """Return the form that is named most often, the *expected* one where none is more often."""
    forms, counts = {expected.id: expected}, Counter({expected.id: 0})
    for form in named:
        if form is not None:
            forms[form.id] = form
            counts[form.id] += 1
    return forms[counts.most_common(1)[0][0]]
