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
from xl_automation.reading.exact_cells import read_cells
from xl_automation.reading.locate import defined_names
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.refusal import Refusal


def form_in(path: Path) -> Form | None:
    """Return the form that the workbook at *path* names.

    Returns:
        None where the file cannot be read, or names no form that ships.
    """
    with suppress(Refusal):
        package = open_package(path)
        place = defined_names(package).get("TT_BIEU")
        value = place and read_cells(package, place.sheet).get(place.cell)
        if value is not None and not isinstance(value, Formula):
            return form_named(plain_text(value))
    return None


def commonest_form(paths: Iterable[Path], default: Form) -> Form:
    """Return the form that most of the workbooks name, *default* where none names any."""
    forms = [form for path in paths if (form := form_in(path))]
    counts = Counter(form.id for form in forms)
    by_id = {form.id: form for form in forms}
    return by_id[counts.most_common(1)[0][0]] if counts else default
