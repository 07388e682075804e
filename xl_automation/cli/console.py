"""What the command line prints: lines, tables, progress; Vietnamese throughout.

rich is loaded with the first line, the rooms by who has results of theirs to print: help, and a
verb that is misspelt, wait for neither.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from xl_automation.checks.finding import SETTLED_WORDS, Finding, tally
from xl_automation.forms.words import SEVERITY_LABELS, UNDECIDED
from xl_automation.wording import printable, quoted

if TYPE_CHECKING:
    from rich.console import Console

    from xl_automation.checks.seal import JudgedSeal
    from xl_automation.consolidation.consolidation import Consolidation
    from xl_automation.editing.return_workbooks import ReturnedWorkbook
    from xl_automation.editing.upgrade import Upgrade
    from xl_automation.editing.upgrade_many import UpgradedWorkbook
    from xl_automation.forms.rule import RuleInstance
    from xl_automation.outputs.json_report import CheckedReport
    from xl_automation.reading.folder import FoundFiles
    from xl_automation.reading.refused_file import RefusedFile
    from xl_automation.reading.submission_cache import SubmissionCache

CLEAN, FINDINGS, FAILED, FAULT = 0, 1, 2, 3  # exit statuses
NOTHING_FOUND = "không có điểm cần xem lại"
MAX_NAMED = 10  # rules that a line names
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


def fail(message: str, status: int = FAILED) -> int:
    """Say on standard error why nothing could be done; return *status*."""
    console = _console(stderr=True)
    console.print("✗", style="bold red", end=" ")
    console.print(printable(message), markup=False)
    return status


def note(text: str) -> None:
    """Print beside the output, which may be JSON that another program reads."""
    _console(stderr=True).print(printable(text), style="yellow", markup=False)


def say(text: str = "", style: str = "") -> None:
    """Print a line of output, one whatever it quotes."""
    _console().print(printable(text), style=style or None, markup=False)


def _console(stderr: bool = False) -> Console:
    """Return where lines are printed, as they are and unbroken."""
    return _console_on(sys.stderr if stderr else sys.stdout)


@lru_cache(2)  # to look at a terminal takes longer than to print a line
def _console_on(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, highlight=False, soft_wrap=True, emoji=False)


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar on standard error; give the function that moves it on.

    Of a single step nothing is shown: its bar would be empty, then full.
    """
    if total == 1:
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def print_passed_over(files: FoundFiles) -> None:
    """Print what folders hold beside the workbooks that are read."""
    from xl_automation.reading.passed_over import counted, unread

    for line in unread(files.passed_over):
        say(f"! {line}", "yellow")
    for line in counted(files.passed_over):
        say(line, "dim")


def print_refused(file: RefusedFile) -> None:
    """Print why a file was refused."""
    say(f"✗ {file.path}: bị từ chối – {file.cause}", "bold red")
    say(f"  {file.message}")


def print_checked(report: CheckedReport) -> None:
    """Print one workbook, where to look first, its findings, and what could not be looked at."""
    submission, findings, undecided = report.row.submission, report.findings, report.undecided
    unit = quoted(submission.unit_name or "chưa chọn đơn vị ở sheet Thông tin")
    period = submission.period.label if submission.period else "chưa chọn kỳ báo cáo"
    where, counts = f"{submission.path} – {unit}, {period}", tally(findings, len(undecided))
    if findings:
        say(f"! {where}: {counts}", "bold")
    else:
        say(f"✓ {where}: {', '.join(filter(None, [NOTHING_FOUND, counts]))}", "green")
    if report.look_first:
        say(f"  {report.look_first.sentence(report.row.form)}", "bold")
    _print_findings(findings)
    if undecided:
        say(f"  {UNDECIDED.capitalize()}: {_named(undecided)}", "dim")


def _named(undecided: Sequence[RuleInstance]) -> str:
    """Return the first of the rules that a workbook leaves undecided, and how many more."""
    from xl_automation.checks.undecided import named_rules

    more = len(undecided) - MAX_NAMED
    return named_rules(undecided[:MAX_NAMED]) + (f" và {more} quy tắc nữa" if more > 0 else "")


def print_seal(seal: JudgedSeal) -> None:
    """Print what the seal of a workbook is worth, if it has one."""
    if seal.state != "none":
        say(f"  Dấu kiểm tra: {seal.sentence}", "dim" if seal.state == "intact" else "yellow")


def print_returned(workbook: ReturnedWorkbook) -> None:
    """Print what was returned, and why."""
    opened = f"{tally(workbook.findings)}, mở {len(workbook.opened)} ô"
    say(f"↩ {workbook.path} → {workbook.copy}: {opened}", "bold")
    _print_findings(workbook.findings)


def _print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        reason = f" Lý do: {quoted(finding.settled.reason)}" if finding.settled else ""
        style = "dim" if finding.settled else STYLES[finding.severity]
        say(f"  {finding.label}: {finding.sentence}{reason}", style)


def print_upgrade(report: Upgrade, out: Path) -> None:
    """Print what became of each row of the old workbook."""
    _print_upgrade(report, report.sections(), out)


def print_upgrades(workbooks: Sequence[UpgradedWorkbook]) -> None:
    """Print what became of each old workbook; what is said of its rows only where it is new.

    Most workbooks are of one version, and so of the same rows.
    """
    told: list[list[tuple[str, list[str]]]] = []
    for workbook in workbooks:
        report, rows = workbook.report, list(workbook.report.row_sections())
        say(f"{workbook.old}:", "bold")
        sections = list(report.sections())
        if rows in told and any(lines for _, lines in rows):
            say("Các dòng của biểu mẫu: như tệp đã nêu ở trên.", "dim")
            sections = sections[len(rows) :]
        told.append(rows)
        _print_upgrade(report, sections, workbook.new)


def _print_upgrade(
    report: Upgrade, sections: Iterable[tuple[str, Sequence[str]]], out: Path
) -> None:
    if report.is_same_version:
        say(f"Tệp đã là phiên bản {report.old_version}; vẫn chuyển sang sổ mới.", "yellow")
    for title, lines in sections:
        if lines:
            say(f"{title} ({len(lines)}):", "yellow")
            for line in lines:
                say(f"  {line}")
    versions = f"{quoted(report.old_form)} phiên bản {quoted(report.old_version)}"
    say(f"✓ Đã chuyển {report.carried} ô từ {versions} vào {out}", "bold green")


def print_consolidation(consolidation: Consolidation, out: Path) -> None:
    """Print what a consolidation found, and where the summary is."""
    from rich.console import Console
    from rich.table import Table

    from xl_automation.summary.facts import seal_tally

    console = Console(highlight=False)
    period = consolidation.period.label if consolidation.period else "chưa rõ kỳ"
    table = Table(title=f"Tổng hợp {period}", show_header=False, title_justify="left")
    severities = [located.finding.severity for located in consolidation.findings]
    settled = Counter(
        located.finding.settled.how for located in consolidation.findings if located.finding.settled
    )
    rows: list[tuple[str, int]] = [
        ("Xã, phường phải gửi", len(consolidation.units)),
        ("Tệp nhận được", consolidation.received),
        ("  được tính", len(consolidation.counted)),
        ("  bị từ chối", len(consolidation.refused)),
        ("  bị thay bằng bản sau", consolidation.superseded),
        ("Đơn vị chưa có báo cáo", len(consolidation.missing)),
        *_timeliness(consolidation),
        *((label, severities.count(severity)) for severity, label in SEVERITY_LABELS.items()),
        *((f"  {word}", settled[how]) for how, word in SETTLED_WORDS.items() if settled[how]),
        (f"Quy tắc {UNDECIDED}", sum(consolidation.undecided)),
        ("Số liệu không vào tổng", len(consolidation.left_out)),
    ]
    for label, count in rows:
        table.add_row(label, str(count))
    console.print(table)
    for refused in consolidation.refused:
        say(f"✗ {refused.path.name}: {refused.cause}. {refused.message}", "red")
    if consolidation.seal_counts.keys() - {"none"}:
        say(f"Dấu kiểm tra: {seal_tally(consolidation)}")
    for lower in consolidation.lower:
        counts = f"{len(lower.submissions)} trong {len(lower.units)} đơn vị"
        say(f"Sổ cấp dưới {lower.path.name} ({quoted(lower.name)}): {counts}")
    if consolidation.missing:
        say("Chưa có: " + ", ".join(unit.name for unit in consolidation.missing), "yellow")
    say(f"✓ Sổ tổng hợp: {out}", "bold green")


def _timeliness(consolidation: Consolidation) -> list[tuple[str, int]]:
    """Return how many units were in time, late, or of no known time; nothing without a day."""
    if consolidation.due is None or consolidation.on_time is None:
        return []
    due = f"{consolidation.due:%d/%m/%Y}"
    records = consolidation.records.values()
    unknown = sum(record.timeliness == "unknown" for record in records)
    return [
        (f"Đúng hạn {due}", consolidation.on_time),
        ("Muộn", len(consolidation.late)),
        *([("Không rõ lúc lưu", unknown)] if unknown else []),
    ]


def print_reused(cache: SubmissionCache | None) -> None:
    """Print how many files needed no reading, and why nothing is remembered where that is so."""
    if cache and cache.reused:
        say(f"Đọc {cache.read} tệp, dùng lại {cache.reused} kết quả đã có.", "dim")
    if cache and cache.problem:
        note(cache.problem)
