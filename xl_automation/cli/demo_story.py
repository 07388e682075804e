"""The whole story on the shipped example data: issue, fill, check, consolidate.

Thịnh Đức's figures are real, the others are invented and say so. As in life, one unit sends
nothing, one sends twice, one sends a damaged file and one a file of another period.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from xl_automation.checks.check import check
from xl_automation.checks.finding import tally
from xl_automation.cli.console import FINDINGS, print_consolidation, progress, say
from xl_automation.cli.inputs import find_reports, read_reports
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.values_file import Entry, read_entries
from xl_automation.excel.addin.shipped import WORKBOOK
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.reading.submission import Submission
from xl_automation.summary.write import write_summary
from xl_automation.xlsx.files import obstacles_told, refuse_existing, write_whole

EXAMPLES = WORKBOOK / "examples"
PERIOD = "2022-6T"
REAL = "05497"
SENDS_NOTHING, SENDS_TWICE, SENDS_DAMAGED, SENDS_OTHER_PERIOD = "05488", "05446", "05914", "05653"
DEMO_MARK = "cchc-demo.txt"  # what tells an earlier demo's folder from anybody else's


def tell(folder: Path) -> int:
    """Issue, fill, check and consolidate all example workbooks in *folder*; return the status.

    Raises:
        UserError: If that folder holds anything but an earlier demo.
    """
    sent = folder / "2-da-gui"
    form = load_form()
    period = form.period(PERIOD)
    with obstacles_told(folder):
        _make_room(folder)
    with progress("1/4 Phát hành biểu mẫu", len(form.units)) as step:
        issued = issue_workbooks(form, form.units, period, folder / "1-phat-hanh", progress=step)
    with progress("2/4 Các đơn vị điền và gửi", len(issued)) as step, obstacles_told(sent):
        _fill_all(form, issued, sent, step)
    results = read_reports(find_reports([sent]), form, "3/4 Đọc và kiểm tra")
    out = folder / "tong-hop-2022-6T.xlsx"
    with progress("4/4 Lập sổ tổng hợp", 2) as step:
        consolidation = consolidate(form, results, period=period)
        step()
        write_summary(consolidation, out)
        step()
    submissions = [result for result in results if isinstance(result, Submission)]
    real = next(submission for submission in submissions if submission.unit_code == REAL)
    counts = tally(check(form, real))
    say(f"Báo cáo thật của xã Thịnh Đức: {counts}. Các đơn vị khác là số liệu giả định.")
    print_consolidation(consolidation, out)
    return FINDINGS


def _make_room(folder: Path) -> None:
    """Make *folder* empty but for the mark."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / DEMO_MARK).is_file():
            refuse_existing(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = "Thư mục này do lệnh “cchc demo” lập; lần chạy sau sẽ xoá đi lập lại.\n"
    (folder / DEMO_MARK).write_text(text, encoding="utf-8")


def _entries() -> dict[str, list[Entry]]:
    """Return the example rows of each unit, by its code."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    with (EXAMPLES / "invented-2022-6T.csv").open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            entries[row["unit"]].append(Entry(line, row["id"], row["value"], row["note"]))
    entries[REAL] = read_entries(EXAMPLES / "thinh-duc-2022-6T.csv")
    return entries


def _fill_all(form: Form, issued: Sequence[Path], sent: Path, step: Callable[[], None]) -> None:
    """Write to *sent* what each unit sends of the workbook it was issued."""
    entries_by_unit = _entries()
    for unit, path in zip(form.units, issued, strict=True):
        entries = entries_by_unit[unit.code]
        if unit.code == SENDS_OTHER_PERIOD:
            quarter = form.period("2022-Q1")
            (path,) = issue_workbooks(form, [unit], quarter, path.parent)
        if unit.code != SENDS_NOTHING:
            fill(path, entries, sent / path.name, form)
        if unit.code == SENDS_TWICE:
            first_half = entries[: len(entries) // 2]
            fill(path, first_half, sent / f"{path.stem} (ban dau).xlsx", form)
            (sent / path.name).touch()
        if unit.code == SENDS_DAMAGED:
            whole = (sent / path.name).read_bytes()
            write_whole(sent / path.name, whole[: len(whole) // 2])
        step()
