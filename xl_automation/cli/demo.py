"""The whole story on the shipped example data: issue, fill, check, consolidate.

Thịnh Đức's figures are real, the others are invented and say so. As in life, one unit sends
nothing, one sends twice, one sends a damaged file and one a file of another period.
"""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from xl_automation.checks.check import check_all
from xl_automation.cli.console import FINDINGS, print_consolidation
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.values_file import Entry, read_entries
from xl_automation.excel.addin.shipped import WORKBOOK
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.folder import find_workbooks, read_files
from xl_automation.reading.submission import Submission
from xl_automation.summary.write import write_summary
from xl_automation.xlsx.files import write_whole

EXAMPLES = WORKBOOK / "examples"
PERIOD = "2022-6T"
REAL = "05497"
SENDS_NOTHING, SENDS_TWICE, SENDS_DAMAGED, SENDS_OTHER_PERIOD = "05488", "05446", "05914", "05653"
MARK = "cchc-demo.txt"  # what tells an earlier demo's folder from anybody else's
ShowProgress = Callable[[str, int], AbstractContextManager[Callable[[], None]]]


def demo(folder: Path, show_progress: ShowProgress) -> int:
    """Build, fill, check and consolidate all example workbooks in *folder*; return 1: findings.

    Raises:
        FileExistsError: If *folder* holds anything but an earlier demo.
    """
    form = load_form()
    _make_room(folder)
    period = form.period(PERIOD)
    with show_progress("1/4 Phát hành biểu mẫu", len(form.units)) as step:
        issued = issue_workbooks(form, form.units, period, folder / "1-phat-hanh", progress=step)
    sent = folder / "2-da-gui"
    with show_progress("2/4 Các đơn vị điền và gửi", len(issued)) as step:
        _fill_all(form, issued, sent, step)
    gathered = find_workbooks([sent])
    with show_progress("3/4 Đọc và kiểm tra", len(gathered.paths)) as step:
        results = read_files(gathered.paths, form, progress=step)
    submissions = [one for one in results if isinstance(one, Submission)]
    found = check_all(form, submissions)
    out = folder / "tong-hop-2022-6T.xlsx"
    with show_progress("4/4 Lập sổ tổng hợp", 1) as step:
        result = consolidate(form, results, period=period)
        write_summary(result, out)
        step()
    real = next(at for at, one in enumerate(submissions) if one.unit_code == REAL)
    counts = ", ".join(
        f"{sum(one.severity == severity for one in found[real])} {label.lower()}"
        for severity, label in SEVERITY_LABELS.items()
    )
    print(f"Báo cáo thật của xã Thịnh Đức: {counts}. Các đơn vị khác là số liệu giả định.")
    print_consolidation(result, out)
    return FINDINGS


def _make_room(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file():
            raise FileExistsError(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    text = "Thư mục này do lệnh “cchc demo” lập; lần chạy sau sẽ xoá đi lập lại.\n"
    (folder / MARK).write_text(text, encoding="utf-8")


def _entries() -> dict[str, list[Entry]]:
    """Return the example rows of each unit."""
    rows: dict[str, list[Entry]] = defaultdict(list)
    with (EXAMPLES / "invented-2022-6T.csv").open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            rows[row["unit"]].append(Entry(line, row["id"], row["value"], row["note"]))
    rows[REAL] = read_entries(EXAMPLES / "thinh-duc-2022-6T.csv")
    return rows


def _fill_all(form: Form, issued: list[Path], sent: Path, step: Callable[[], None]) -> None:
    entries = _entries()
    for unit, path in zip(form.units, issued, strict=True):
        mine = entries[unit.code]
        if unit.code == SENDS_OTHER_PERIOD:
            quarter = form.period("2022-Q1")
            (path,) = issue_workbooks(form, [unit], quarter, path.parent)
        if unit.code != SENDS_NOTHING:
            fill(path, mine, sent / path.name, form)
        if unit.code == SENDS_TWICE:
            fill(path, mine[: len(mine) // 2], sent / f"{path.stem} (ban dau).xlsx", form)
            (sent / path.name).touch()
        if unit.code == SENDS_DAMAGED:
            whole = (sent / path.name).read_bytes()
            write_whole(sent / path.name, whole[: len(whole) // 2])
        step()
