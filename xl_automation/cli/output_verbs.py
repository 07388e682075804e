"""The verbs about what leaves the house: made of a summary, for units and for paper."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from xl_automation.cli.console import CLEAN, FAILED, FINDINGS, progress, say
from xl_automation.cli.inputs import form_file, read_form
from xl_automation.cli.verb import argument, option, verb
from xl_automation.forms.numbers import show
from xl_automation.xlsx.files import keep_apart, obstacles_told, refusals_told


@verb(
    "remind",
    "Soạn lời nhắc cho từng đơn vị chưa gửi, gửi muộn hoặc còn điểm phải xem lại.",
    argument("summary", "sổ tổng hợp", type=Path, metavar="SUMMARY.xlsx"),
    option("--out", "thư mục nhận các lời nhắc", type=Path, required=True, metavar="DIR"),
)
def remind(options: argparse.Namespace) -> int:
    """Write a ready text for each unit that owes something."""
    from xl_automation.outputs.reminder_files import write_reminders
    from xl_automation.outputs.reminders import WHY_WORDS, reminders
    from xl_automation.summary.read_register import read_register

    form = read_form(options.form, [options.summary])
    with obstacles_told(options.summary):
        register = read_register(options.summary, form)
    owing = reminders(form, register)
    files = write_reminders(owing, options.out)
    for path in files.taken:
        say(f"✗ {path}: đã có, không phải lời nhắc như chương trình soạn, nên giữ nguyên", "yellow")
    for path in files.removed:
        say(f"Xoá {path}: đơn vị không còn phải nhắc", "dim")
    rest = len(register.units) - len(owing)
    if not owing:
        say(f"✓ Không có đơn vị nào phải nhắc ({rest} đơn vị).", "green")
        return CLEAN
    counts = Counter(why for reminder in owing for why in reminder.why)
    told = ", ".join(f"{counts[why]} {words}" for why, words in WHY_WORDS.items() if counts[why])
    if files.written:
        say(f"✓ Đã soạn lời nhắc cho {len(owing)} đơn vị ({told}) vào {options.out}")
    say(f"  {rest} đơn vị không phải nhắc.")
    return FINDINGS if files.written else FAILED


@verb(
    "export",
    "Xuất mọi số liệu của sổ tổng hợp thành một bảng dài cho chương trình khác.",
    argument("summary", "sổ tổng hợp", type=Path, nargs="+", metavar="SUMMARY.xlsx"),
    option(
        "--to",
        "tệp sẽ ghi; đuôi .csv, .json, .parquet hoặc .duckdb",
        type=Path,
        required=True,
        metavar="FILE",
    ),
    option(
        "--semicolon",
        "CSV ngăn bằng dấu chấm phẩy, dấu phẩy thập phân: mở đúng trong Excel tiếng Việt",
        action="store_true",
    ),
)
def export(options: argparse.Namespace) -> int:
    """Write the long table of one or more summaries."""
    from xl_automation.outputs.export_files import check_target, write_export
    from xl_automation.outputs.exported import changed_words, exported

    form = read_form(options.form, options.summary)
    keep_apart([options.to], [*options.summary, *form_file(options.form)])
    check_target(options.to, options.semicolon)
    with progress("Đọc sổ tổng hợp", len(options.summary)) as step:
        table, changed = exported(options.summary, form, step)
    write_export(table, options.to, options.semicolon)
    for words in changed_words(changed):
        say(f"! {words}", "yellow")
    say(f"✓ Đã xuất {show(len(table))} dòng vào {options.to}")
    return FINDINGS if changed else CLEAN


@verb(
    "report",
    "Lập báo cáo cải cách hành chính bằng Word từ sổ tổng hợp hoặc từ biểu mẫu của một đơn vị.",
    argument("source", "sổ tổng hợp, hoặc biểu mẫu đã điền", type=Path, metavar="FILE.xlsx"),
    option("--out", "báo cáo sẽ lập", type=Path, required=True, metavar="BC.docx"),
    option("--template", "mẫu Word (mặc định: mẫu kèm chương trình)", type=Path, metavar="T.docx"),
)
def report(options: argparse.Namespace) -> int:
    """Write the report in Word of a city or of one unit."""
    from xl_automation.outputs.exported import changed_words
    from xl_automation.outputs.report_source import report_of
    from xl_automation.outputs.word_report import TEMPLATE, write_report

    form, template = read_form(options.form, [options.source]), options.template or TEMPLATE
    keep_apart([options.out], [options.source, template, *form_file(options.form)])
    context, changed = report_of(options.source, form)
    with refusals_told(template):
        write_report(context, options.out, template)
    for words in changed_words({options.source: changed} if changed else {}):
        say(f"! {words}", "yellow")
    say(f"✓ Đã lập báo cáo: {options.out}. Chỗ tô vàng là phần phải viết thêm.")
    return FINDINGS if changed else CLEAN
