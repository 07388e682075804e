"""The counts and the list of the sheet ``Kiểm tra``."""

from __future__ import annotations

from xl_automation.editing.results.rules import RuleRow, RuleRows
from xl_automation.editing.results.state import Plain, Results, WorkbookState
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.template import positions
from xl_automation.template.blank_list import ABOVE, LISTED_BLANKS, SEE_LIST
from xl_automation.template.review_sheet import (
    BLANK_LIST_ROW,
    CLEAN,
    FIRST_FINDING_ROW,
    LISTED,
    MORE,
    NEXT_BLANK,
    NO_BLANK,
    NO_PERIOD,
    NO_UNIT,
    SAID_DONE,
    SAY_DONE,
    WHOLE,
)
from xl_automation.template.rules_sheet import (
    ANSWERED,
    FIRST_RULE_ROW,
    FIX,
    INDICATOR,
    MESSAGE,
    NAME,
    ROW_SEPARATOR,
    RULE,
    SEVERITY,
)
from xl_automation.wording import capitalized
from xl_automation.xlsx.sheet_editor import Result


def review_results(state: WorkbookState, rules: RuleRows, known: Results) -> Results:
    """Return the results on the sheet ``Kiểm tra``.

    Args:
        state: The workbook.
        rules: Its rules.
        known: The results of the column of checks.
    """
    broken = [rule for rule in rules.rows if rule.is_broken]
    results = _counts(state, rules, broken) | _links(state, rules)
    for number in range(1, LISTED + 1):
        row = FIRST_FINDING_ROW + number - 1
        if number <= len(broken):
            results |= _listed(state, broken[number - 1], number, row)
        else:
            results |= dict.fromkeys((f"{column}{row}" for column in "ABCDEFGHI"), "")
    counted = sum(rule.texts[SEVERITY] in SEVERITY_LABELS.values() for rule in broken)
    results["E7"] = "" if counted else CLEAN
    more = MORE if counted > LISTED else ""
    results[f"A{FIRST_FINDING_ROW + LISTED}"] = more
    results |= _blank_list(state, rules, known[state.form.sheet])
    return {positions.REVIEW_SHEET: results}


def _counts(state: WorkbookState, rules: RuleRows, broken: list[RuleRow]) -> dict[str, Result]:
    results: dict[str, Result] = {
        f"B{row}": sum(rule.texts[SEVERITY] == label for rule in broken)
        for row, label in enumerate(SEVERITY_LABELS.values(), start=4)
    }
    results["B7"] = sum(bool(rule.is_settled) for rule in rules.rows)
    return results | {
        "D4": len(state.owed) - len(rules.blanks),
        "D5": len(rules.blanks),
        "D6": _general(state.info("TT_DON_VI"), state.info("TT_KY"), state.info("TT_NAM")),
        "D7": sum(rule.is_undecided for rule in rules.rows),
    }


def _links(state: WorkbookState, rules: RuleRows) -> dict[str, Result]:
    """Return what the links to the blanks, and to the cell that says that none is left, say."""
    count = len(rules.blanks)
    is_done = state.info(positions.DONE_CELL) is not None
    return {
        "E4": f"{NEXT_BLANK}{state.id_at(rules.blanks[0])}" if count else NO_BLANK,
        "E5": f"{SEE_LIST}{count}{LISTED_BLANKS}" if count else "",
        "E6": SAID_DONE if is_done else SAY_DONE,
    }


def _blank_list(
    state: WorkbookState, rules: RuleRows, page: dict[str, Result]
) -> dict[str, Result]:
    """Return the list of blanks."""
    results: dict[str, Result] = {}
    for number in range(1, len(state.owed) + 1):
        line = BLANK_LIST_ROW + ABOVE + number - 1
        if number > len(rules.blanks):
            results |= dict.fromkeys((f"{column}{line}" for column in "ABCDEI"), "")
            continue
        row = rules.blanks[number - 1]
        item = state.form.by_id[state.id_at(row)]
        results |= {
            f"A{line}": number,
            f"B{line}": str(page[f"{positions.CHECK}{row}"]).partition(":")[0],
            f"C{line}": item.id,
            f"D{line}": f"{positions.VALUE}{row}",
            f"E{line}": item.label.partition("\n")[0],
            f"I{line}": row - positions.FIRST_ROW + 1,
        }
    return results


def _general(unit: Plain, period: Plain, year: Plain) -> str:
    if not unit:
        return NO_UNIT
    return WHOLE if period and year else NO_PERIOD


def _listed(state: WorkbookState, rule: RuleRow, number: int, row: int) -> dict[str, Result]:
    """Return the cells of a finding in the list."""
    texts, message = rule.texts, rule.texts[MESSAGE]
    cells: dict[str, Result] = {
        "A": number,
        "B": ANSWERED if rule.is_settled else texts[SEVERITY],
        "C": ROW_SEPARATOR.join(filter(None, (texts[INDICATOR], texts[NAME]))),
        "D": rule.place.replace(f"'{state.form.sheet}'!", ""),
        "E": rule.seen,
        "F": capitalized(message),
        "G": texts[FIX],
        "H": texts[RULE],
        "I": rule.row - FIRST_RULE_ROW + 1,
    }
    return {f"{column}{row}": result for column, result in cells.items()}
