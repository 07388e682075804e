"""The file that a report in Word is made of: a summary, or the workbook of one unit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from xl_automation.consolidation.lower import ChangedFigure
from xl_automation.forms.form import Form
from xl_automation.outputs.report_context import Context, Source, city_context, unit_context
from xl_automation.reading.figures import tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.summary.read_back import is_summary
from xl_automation.summary.read_round import read_round
from xl_automation.xlsx.files import refusals_told


def report_of(path: Path, form: Form) -> tuple[Context, Sequence[ChangedFigure]]:
    """Return what a report is filled with, and the figures of a summary that were changed by hand.

    Raises:
        UserError: If the file is neither a summary nor a workbook of *form*, or cannot be read.
    """
    with refusals_told(path):
        if not is_summary(path):
            submission = read_submission(path, form)
            (row,) = tabulate(form, [submission]).rows()
            return unit_context(row, Source(path.name, submission.sha256)), ()
        found = read_round(path, form)
        source = Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        return city_context(found.consolidated(), source), found.changed
