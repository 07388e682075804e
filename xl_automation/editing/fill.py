"""Types rows of ``id,value[,note]`` into a workbook and reports what did not fit.

Only the cells meant are changed. A value that is a JSON number is stored as a number, anything
else as the text it is: what is wrong stays visible to the checks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from xl_automation.checks.finding import Finding
from xl_automation.checks.rules import find
from xl_automation.editing.values_file import Entry, cell_value, read_date
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import Reading, read_number, show
from xl_automation.reading.figures import tabulate
from xl_automation.reading.locate import defined_names, find_sheets
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import edit_sheet, forget_results, zip_parts
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor

# Ids of the information sheet that a values file may fill too.
INFO_IDS = {
    "so_bao_cao": "TT_SO_BAO_CAO",
    "ngay_bao_cao": "TT_NGAY_BAO_CAO",
    "nguoi_lap": "TT_NGUOI_LAP",
    "chuc_vu": "TT_CHUC_VU",
    "nguoi_ky": "TT_NGUOI_KY",
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0, 2.2: no Char


@dataclass(frozen=True, slots=True)
class FillReport:
    """What became of the rows: how many were typed, and what did not fit."""

    placed: int
    unplaced: tuple[str, ...]
    findings: tuple[Finding, ...]


def fill(workbook: Path, entries: Iterable[Entry], out: Path, form: Form) -> FillReport:
    """Type *entries* into *workbook*, write *out*, and return what did not fit.

    Raises:
        Refusal: If *workbook* is not an issued workbook of *form*.
        FileExistsError: If *out* exists.
    """
    read_submission(workbook, form)  # refuses what is not ours
    opened = open_package(workbook)
    parts = dict(opened.parts)
    sheets = find_sheets(defined_names(opened), form)
    filler = _Filler(form)
    filler.sort(entries)
    for sheet, cells in filler.cells.items():
        found = sheets.name_of(sheet, form)
        edit_sheet(parts, found, partial(SheetEditor.set_all, contents=cells))
    forget_results(parts)
    write_new(out, zip_parts(parts))
    return FillReport(
        filler.placed,
        tuple(filler.unplaced),
        tuple(filler.disagreements(read_submission(out, form))),
    )


class _Filler:
    """Sorts entries into cells, and keeps what did not fit."""

    def __init__(self, form: Form):
        self.form, self.layout = form, Layout(form)
        self.placed = 0
        self.unplaced: list[str] = []
        self.percentages: dict[str, Reading] = {}
        self.cells: dict[str, dict[str, CellContent]] = defaultdict(dict)

    def sort(self, entries: Iterable[Entry]) -> None:
        """Decide for each entry which cell takes it, or why none does."""
        seen: dict[str, int] = {}
        for entry in entries:
            if entry.id in seen:
                self._leave(entry, f"lặp lại dòng {seen[entry.id]}; giữ giá trị ở dòng đó.")
                continue
            seen[entry.id] = entry.line
            if _CONTROL.search(entry.value + entry.note):
                self._leave(entry, "có ký tự điều khiển, ô Excel không chứa được.")
                continue
            self._sort(entry)

    def _sort(self, entry: Entry) -> None:
        item = self.form.by_id.get(entry.id)
        if entry.id in INFO_IDS:
            day = read_date(entry.value) if entry.id == "ngay_bao_cao" else None
            cell = positions.info_cell(INFO_IDS[entry.id])
            self._put(f"{positions.INFO_SHEET}!{cell}", day or entry.value or None)
        elif entry.id in self.form.helper_ids or entry.id in self.form.table_inputs:
            self._put(self.layout.place(entry.id), cell_value(entry.value))
        elif item is None:
            self._leave(entry, "biểu mẫu không có chỉ tiêu này.")
        elif not item.is_figure:
            if entry.value:
                self._leave(entry, self._why_heading(item.id))
        else:
            if item.percent is not None:
                self.percentages[item.id] = read_number(entry.value, item.kind)
            if not item.is_computed:
                self._put(self.layout.place(item.id), cell_value(entry.value))
            if entry.note:
                row = self.layout.rows[item.id]
                self.cells[self.form.sheet][f"{positions.NOTE}{row}"] = entry.note

    def _put(self, place: str, content: CellContent) -> None:
        sheet, _, cell = place.rpartition("!")
        self.cells[sheet][cell] = content
        self.placed += content is not None

    def _why_heading(self, id: str) -> str:
        """Return why a heading takes no figure, in the words of the form's rule."""
        for rule in self.form.rules:
            if id in rule.each and rule.scope == "workbook":
                return f"{rule.message} {rule.fix} [{rule.id}]"
        return "dòng này không có ô số liệu."

    def _leave(self, entry: Entry, why: str) -> None:
        self.unplaced.append(f"Dòng {entry.line}: {entry.id} = {show(entry.value)} – {why}")

    def disagreements(self, submission: Submission) -> list[Finding]:
        """Return the findings of typed percentages that their parts do not give."""
        typed = {id: reading for id, reading in self.percentages.items() if not reading.blank}
        claimed = replace(submission, readings={**submission.readings, **typed})
        rules = tuple(rule for rule in self.form.rules if rule.id.startswith("R-"))
        found = find(replace(self.form, rules=rules), [claimed], tabulate(self.form, [claimed]))[0]
        return [one for one in found if one.indicators[0] in typed]
