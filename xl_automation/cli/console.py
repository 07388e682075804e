"""What the command line prints: lines, tables, progress; Vietnamese throughout."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from xl_automation.checks.finding import Finding, tally
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.editing.return_workbooks import ReturnedWorkbook
from xl_automation.editing.upgrade import Upgrade
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.folder import FoundFiles
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.files import write_whole

CLEAN, FINDINGS, FAILED = 0, 1, 2  # exit statuses
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def fail(message: str) -> int:
    """Say on standard error why nothing could be done; return that exit status."""
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    console.print(f"[bold red]✗[/] {escape(message)}")
    return FAILED


def note(text: str) -> None:
    """Print beside the output, which may be JSON that another program reads."""
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    console.print(escape(text), style="yellow")


def say(text: str = "", style: str = "") -> None:
    """Print a line of output."""
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    console.print(escape(text), style=style or None)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar on standard error; give the function that moves it on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def write_json(data: dict[str, object], target: str) -> None:
    """Write *data* to the file *target*, or to standard output for ``-``."""
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        # A file name that is no text on disk stays what it is, as a JSON escape.
        write_whole(Path(target), text.encode("utf-8", "backslashreplace"))


def print_passed_over(gathered: FoundFiles) -> None:
    """Print what a folder holds beside workbooks."""
    if gathered.locks:
        say(f"Bỏ qua {gathered.locks} tệp khoá tạm của Excel (~$…).", "dim")
    if gathered.others:
        names = ", ".join(path.name for path in gathered.others[:5])
        more = "…" if len(gathered.others) > 5 else ""
        say(f"Bỏ qua {len(gathered.others)} tệp không phải Excel: {names}{more}", "dim")


def print_file(one: Submission | RefusedFile, findings: Sequence[Finding]) -> None:
    """Print one workbook and its findings, or why it was refused."""
    if isinstance(one, RefusedFile):
        say(f"✗ {one.path}: bị từ chối [{one.code}]", "bold red")
        say(f"  {one.message}")
        return
    who = one.unit_name or "chưa chọn đơn vị ở sheet Thông tin"
    when = one.period.label if one.period else "chưa chọn kỳ báo cáo"
    if not findings:
        say(f"✓ {one.path} – {who}, {when}: không có điểm cần xem lại", "green")
        return
    say(f"! {one.path} – {who}, {when}: {tally(findings)}", "bold")
    for finding in findings:
        say(f"  {SEVERITY_LABELS[finding.severity]}: {finding.sentence}", STYLES[finding.severity])


def print_given_back(one: ReturnedWorkbook) -> None:
    """Print what was given back, and what was not."""
    say(f"↩ {one.path} → {one.copy}: {tally(one.findings)}, mở {len(one.opened)} ô", "bold")
    for finding in one.findings:
        say(f"  {SEVERITY_LABELS[finding.severity]}: {finding.sentence}", STYLES[finding.severity])


def print_upgrade(report: Upgrade, out: Path) -> None:
    """Print what became of each row of the old workbook."""
    versions = f"{report.old_form} phiên bản {report.old_version}"
    if report.is_same_version:
        say(f"Tệp đã là phiên bản {report.old_version}; vẫn chuyển sang sổ mới.", "yellow")
    for title, lines in report.sections():
        if lines:
            say(f"{title} ({len(lines)}):", "yellow")
            for line in lines:
                say(f"  {line}")
    say(f"✓ Đã chuyển {report.carried} ô từ {versions} vào {out}", "bold green")


def print_consolidation(result: Consolidation, out: Path) -> None:
    """Print what a consolidation found, and where the summary is."""
    console = Console(highlight=False)
    period = result.period.label if result.period else "chưa rõ kỳ"
    table = Table(title=f"Tổng hợp {period}", show_header=False, title_justify="left")
    severities = [one.finding.severity for one in result.findings]
    rows: list[tuple[str, object]] = [
        ("Xã, phường phải gửi", len(result.units)),
        ("Tệp nhận được", result.received),
        ("  được tính", len(result.counted)),
        ("  bị từ chối", len(result.refused)),
        ("  bị thay bằng bản sau", result.superseded),
        ("Đơn vị chưa có báo cáo", len(result.missing)),
        *((SEVERITY_LABELS[one], severities.count(one)) for one in SEVERITY_LABELS),
    ]
    for label, value in rows:
        table.add_row(label, str(value))
    console.print(table)
    for refused in result.refused:
        say(f"✗ {refused.path.name} [{refused.code}]: {refused.message}", "red")
    if result.missing:
        say("Chưa có: " + ", ".join(unit.name for unit in result.missing), "yellow")
    say(f"✓ Sổ tổng hợp: {out}", "bold green")
