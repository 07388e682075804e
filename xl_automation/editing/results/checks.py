"""The live check beside each row of the form."""

from __future__ import annotations

from collections import defaultdict

from xl_automation.editing.results.rules import RuleRow, RuleRows
from xl_automation.editing.results.state import Results, WorkbookState
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.words import UNDECIDED
from xl_automation.template import positions
from xl_automation.template.blanks import TO_FILL
from xl_automation.template.rules_sheet import (
    ANSWERED,
    MESSAGE,
    NOT_OWED,
    NOT_WHOLLY,
    PASSED,
    SEE_PARTS,
    SEVERITY,
)
from xl_automation.xlsx.sheet_editor import Result


def check_results(state: WorkbookState, rules: RuleRows) -> Results:
    """Return the results of the column of checks: ``live_check_formula``, and what is above it."""
    at: defaultdict[str, list[RuleRow]] = defaultdict(list)
    for rule in rules.rows:
        at[rule.place].append(rule)
    checks: dict[str, Result] = {}
    for item in state.form.indicators:
        row = state.layout.rows[item.id]
        placed = at[state.layout.place(item.id).link]
        checks[f"{positions.CHECK}{row}"] = _check(state, rules, item, placed)
    header, caption = positions.HEADER_ROW, positions.CAPTIONS[positions.CHECK]
    checks[f"{positions.CHECK}{header}"] = len(state.owed) - len(rules.blanks)
    if rules.blanks:
        next_id = state.id_at(rules.blanks[0])
        caption = f"{caption}{positions.CAPTION_END} ô trống tiếp theo {next_id}"
    checks[f"{positions.CHECK}{header + 1}"] = caption
    return {state.form.sheet: checks}


def _check(state: WorkbookState, rules: RuleRows, item: Indicator, placed: list[RuleRow]) -> str:
    broken = [rule for rule in placed if rule.is_open]
    if broken:
        first, more = broken[0], len(broken) - 1
        said = f"{first.texts[SEVERITY]}: {first.seen} – {first.texts[MESSAGE]}"
        return said + (f" (+{more})" if more else "")
    if any(rule.is_settled for rule in placed):
        return ANSWERED
    if _follows(state, rules, item):
        return SEE_PARTS
    if not item.is_figure:
        return ""
    if rules.read(state.layout.rows[item.id]) == "":
        if state.layout.rows[item.id] in rules.blanks:
            return TO_FILL
        return "" if item.concerns(state.submission.level) else NOT_OWED
    undecided = sum(rule.is_undecided for rule in placed)
    return f"{NOT_WHOLLY}{undecided} quy tắc {UNDECIDED})" if undecided else PASSED


def _follows(state: WorkbookState, rules: RuleRows, item: Indicator) -> bool:
    """Whether what is wrong with a computed percentage is only what is wrong with its parts."""
    about = (one for one in state.rules if one.target == item.id and one.key in state.form.folds)
    return any(rules.holds(cause) is False for one in about for cause in rules.causes(one))
