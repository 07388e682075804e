"""The counts and the list of the sheet ``Kiểm tra``."""

from __future__ import annotations

from xl_automation.editing.results.rules import RuleRow, RuleRows
from xl_automation.editing.results.state import Plain, Results, WorkbookState
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.template import positions
from xl_automation.template.review_sheet import FIRST_FINDING_ROW, LISTED
from xl_automation.template.rules_sheet import (
    ANSWERED,
    FIRST_RULE_ROW,
    FIX,
    INDICATOR,
    MESSAGE,
    RULE,
    SEVERITY,
)
from xl_automation.xlsx.sheet_editor import Result


def review_results(state: WorkbookState, rules: RuleRows, known: Results) -> Results:
    """Return the results on the sheet ``Kiểm tra``.

    Args:
        state: The workbook.
        rules: Its rules.
        known: The results of the columns that read the figures.
    """
    broken = [rule for rule in rules.rows if rule.is_broken]
    results = _counts(state, rules, broken, known[state.form.sheet])
    for number in range(1, LISTED + 1):
        row = FIRST_FINDING_ROW + number - 1
        if number <= len(broken):
            results |= _listed(state, broken[number - 1], number, row)
        else:
            results |= dict.fromkeys((f"{column}{row}" for column in "ABCDEFGHI"), "")
    counted = sum(rule.texts[SEVERITY] in SEVERITY_LABELS.values() for rule in broken)
    more = "Còn nữa: sửa các điểm trên rồi xem tiếp." if counted > LISTED else ""
    results[f"A{FIRST_FINDING_ROW + LISTED}"] = more
    return {positions.REVIEW_SHEET: results}


def _counts(
    state: WorkbookState, rules: RuleRows, broken: list[RuleRow], page: dict[str, Result]
) -> dict[str, Result]:
    results: dict[str, Result] = {
        f"B{row}": sum(rule.texts[SEVERITY] == label for rule in broken)
        for row, label in enumerate(SEVERITY_LABELS.values(), start=4)
    }
    results["B7"] = sum(bool(rule.is_settled) for rule in rules.rows)
    owed = [
        state.layout.rows[item.id]
        for item in state.form.figures
        if item.is_input and item.concerns(state.submission.level)
    ]
    filled = sum(page[f"{positions.NUMBER}{row}"] != "" for row in owed)
    return results | {
        "D4": f"{filled}/{len(owed)}",
        "D5": len(owed) - filled,
        "D6": _general(state.info("TT_DON_VI"), state.info("TT_KY"), state.info("TT_NAM")),
        "D7": sum(rule.is_undecided for rule in rules.rows),
    }


def _general(unit: Plain, period: Plain, year: Plain) -> str:
    if not unit:
        return "Chưa chọn đơn vị"
    return "Đủ" if period and year else "Chưa chọn kỳ báo cáo"


def _listed(state: WorkbookState, rule: RuleRow, number: int, row: int) -> dict[str, Result]:
    """Return the cells of a finding in the list."""
    texts, message = rule.texts, rule.texts[MESSAGE]
    cells: dict[str, Result] = {
        "A": number,
        "B": ANSWERED if rule.is_settled else texts[SEVERITY],
        "C": texts[INDICATOR],
        "D": rule.place.replace(f"'{state.form.sheet}'!", ""),
        "E": rule.seen,
        "F": message[:1].upper() + message[1:],
        "G": texts[FIX],
        "H": texts[RULE],
        "I": rule.row - FIRST_RULE_ROW + 1,
    }
    return {f"{column}{row}": result for column, result in cells.items()}
