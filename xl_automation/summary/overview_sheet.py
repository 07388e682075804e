"""The sheet ``Tổng quan``: how many files came, who is missing, what was refused, and charts."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.charts import files_chart, findings_chart, rates_chart
from xl_automation.summary.places import FORM_CELL, FORM_NAME, OVERVIEW, PERIOD_CELL, PERIOD_NAME
from xl_automation.summary.summary_workbook import MAX_TEXT, SummaryWorkbook, height, set_widths

FIRST_FACT_ROW = 3  # 0-based
WIDTHS = (44, 16, 70)
Line = tuple[str, str, str]


def write_overview(draft: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the counts, the lists of units and files behind them, and the charts."""
    draft.title(sheet, "TỔNG QUAN")
    set_widths(sheet, WIDTHS)
    row = _write_facts(draft, sheet)
    _write_lists(draft, sheet, row + 2)
    # One below the other, however tall the rows beside them are.
    sheet.insert_chart("E4", files_chart(draft))
    sheet.insert_chart("E4", rates_chart(draft), {"y_offset": 275})
    if draft.result.communes:
        sheet.insert_chart("E4", findings_chart(draft), {"y_offset": 710})


# --- facts -------------------------------------------------------------------------------------


def _write_facts(draft: SummaryWorkbook, sheet: Worksheet) -> int:
    """Write the counts and whether they agree; return the row of the last line."""
    result = draft.result
    name, value = draft.format(border=1), draft.format(border=1, bold=True, align="left")
    facts = _facts(result)
    for row, (label, fact) in enumerate(facts, start=FIRST_FACT_ROW):
        sheet.write_string(row, 0, label, name)
        write = sheet.write_number if isinstance(fact, int) else sheet.write_string
        write(row, 1, fact, value)
    for defined, cell in ((PERIOD_NAME, PERIOD_CELL), (FORM_NAME, FORM_CELL)):
        draft.book.define_name(defined, f"='{OVERVIEW}'!${cell[0]}${cell[1:]}")
    agrees = result.received == len(result.counted) + len(result.refused) + result.superseded
    row = FIRST_FACT_ROW + len(facts)
    sheet.write_string(row, 0, "Đối soát: nhận = tính + từ chối + thay thế", name)
    sheet.write_formula(
        row, 1, '=IF(B9=B10+B11+B12,"✓ Khớp","✗ Lệch")', value, "✓ Khớp" if agrees else "✗ Lệch"
    )
    return row


def _facts(result: Consolidation) -> list[tuple[str, int | str]]:
    severities = [located.finding.severity for located in result.findings]
    return [
        ("Kỳ báo cáo", result.period.code if result.period else ""),
        ("Biểu mẫu", f"{result.form.id} ({result.form.version})"),
        ("Số xã, phường phải gửi", len(result.units)),
        ("Số xã, phường được tính", len(result.communes)),
        ("Sổ của thành phố", 1 if result.city else 0),
        ("Tệp nhận được", result.received),
        ("  Tệp được tính", len(result.counted)),
        ("  Tệp bị từ chối", len(result.refused)),
        ("  Tệp bị thay bằng bản sau", result.superseded),
        ("Đơn vị chưa gửi", len(result.missing)),
        *((f"Số {label.lower()}", severities.count(one)) for one, label in SEVERITY_LABELS.items()),
    ]


# --- lists -------------------------------------------------------------------------------------


def _write_lists(draft: SummaryWorkbook, sheet: Worksheet, row: int) -> None:
    """Write who is missing, what was refused and what was replaced, from *row* on."""
    cell = draft.format(border=1, text_wrap=True)
    for captions, lines in _lists(draft.result):
        draft.head(sheet, row, captions)
        for line in lines or [("(không có)", "", "")]:
            row += 1
            sheet.set_row(row, height(zip(line, WIDTHS, strict=True)))
            for column, text in enumerate(line):
                sheet.write_string(row, column, text[:MAX_TEXT], cell)
        row += 2


def _lists(result: Consolidation) -> list[tuple[Line, list[Line]]]:
    """Return the captions and the lines of each list."""
    return [
        (
            ("Đơn vị chưa gửi", "Mã", "Việc cần làm"),
            [(unit.name, unit.code, "Đôn đốc đơn vị gửi tệp") for unit in result.missing],
        ),
        (
            ("Tệp bị từ chối", "Mã lý do", "Lý do và cách xử lý"),
            [(file_name(one.path), one.code, one.message) for one in result.refused],
        ),
        (
            ("Đơn vị gửi nhiều tệp", "Mã", "Tệp được tính (lưu sau cùng) trong các tệp"),
            [
                (
                    one.name,
                    one.unit,
                    f"{file_name(one.chosen)} trong: " + ", ".join(map(file_name, one.paths)),
                )
                for one in result.duplicates
            ],
        ),
    ]
