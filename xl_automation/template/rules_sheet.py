"""The hidden sheet ``Quy tắc``: every rule with its live result."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.checks.rules import meta_cells
from xl_automation.forms.expression import Ref, leaves
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.words import SEVERITY_LABELS, shown_id
from xl_automation.template import positions
from xl_automation.template.form_workbook import PALE, FormWorkbook

# Columns of the rules sheet.
NUMBER, RULE, SEVERITY, INDICATOR, PLACE, HOLDS, SEEN, MESSAGE, FIX, BROKEN, ORDER = "ABCDEFGHIJK"
WATCHED, WAS = "L", "M"  # of what the city found: the address of a value, and what it was then
CAPTIONS = {
    NUMBER: "TT",
    RULE: "Quy tắc",
    SEVERITY: "Mức độ",
    INDICATOR: "Chỉ tiêu",
    PLACE: "Ô",
    HOLDS: "Đạt (1), không đạt (0)",
    SEEN: "Thấy",
    MESSAGE: "Điều chưa đúng",
    FIX: "Việc cần làm",
    BROKEN: "Ô vi phạm",
    ORDER: "Thứ tự",
    WATCHED: "Theo dõi",
    WAS: "Khi trả lại",
}
FIRST_RULE_ROW = 2
NOT_OWED = "Không thuộc cấp này: để trống"
CITY_ROWS = 60  # rows after the live rules for what only the city sees, filled in on returning
CITY_NAME = "QT_THANH_PHO"  # the defined name of the first of them


def rule_column(draft: FormWorkbook, column: str) -> str:
    last = FIRST_RULE_ROW + len(draft.rules) + CITY_ROWS - 1
    return f"'{positions.RULE_SHEET}'!${column}${FIRST_RULE_ROW}:${column}${last}"


def write_rules(draft: FormWorkbook, sheet: Worksheet) -> None:
    """Write each rule, whether it holds, and what it says if not."""
    head = draft.format(bold=True, bg_color=PALE, border=1)
    for column, caption in CAPTIONS.items():
        sheet.write_string(f"{column}1", caption, head)
    sheet.set_column(f"{SEEN}:{FIX}", 60)
    for row, instance in enumerate(draft.rules, start=FIRST_RULE_ROW):
        rule, place = instance.rule, _place(draft, instance)
        sheet.write_number(f"{NUMBER}{row}", row - FIRST_RULE_ROW + 1)
        sheet.write_string(f"{RULE}{row}", instance.id)
        sheet.write_string(f"{SEVERITY}{row}", SEVERITY_LABELS[rule.severity])
        sheet.write_string(f"{INDICATOR}{row}", _indicator(draft, instance))
        sheet.write_string(f"{PLACE}{row}", place)
        holds = draft.layout.holds_formula(instance)
        sheet.write_formula(f"{HOLDS}{row}", holds, None, "")
        sheet.write_formula(f"{SEEN}{row}", _seen_formula(draft, instance), None, "")
        sheet.write_string(f"{MESSAGE}{row}", rule.message)
        sheet.write_string(f"{FIX}{row}", rule.fix)
        _write_order(sheet, row)
    first = FIRST_RULE_ROW + len(draft.rules)
    draft.name(CITY_NAME, positions.RULE_SHEET, f"{NUMBER}{first}")
    for row in range(first, first + CITY_ROWS):
        # Settled once the value is another than when the workbook was returned.
        same = f"IFERROR(INDIRECT({WATCHED}{row})={WAS}{row},FALSE)"
        holds = f'=IF({WATCHED}{row}="","",IF({same},0,1))'
        sheet.write_formula(f"{HOLDS}{row}", holds, None, "")
        _write_order(sheet, row)
    sheet.hide()


def _write_order(sheet: Worksheet, row: int) -> None:
    """Write which cell a rule finds wrong, and the how-manieth broken rule it is."""
    broken = f'=IF({HOLDS}{row}=0,{PLACE}{row},"")'
    sheet.write_formula(f"{BROKEN}{row}", broken, None, "")
    order = f"=N({ORDER}{row - 1})+IF({HOLDS}{row}=0,1,0)"
    sheet.write_formula(f"{ORDER}{row}", order, None, "")


def _first(draft: FormWorkbook, instance: RuleInstance) -> str | None:
    """Return the first cell of the workbook that the rule looks at, by id."""
    form = draft.form
    return next((id for id in instance.refs if id in form.by_id or id in form.table_cells), None)


def _indicator(draft: FormWorkbook, instance: RuleInstance) -> str:
    first = _first(draft, instance)
    return first if first is not None and first in draft.form.by_id else ""


def _place(draft: FormWorkbook, instance: RuleInstance) -> str:
    first = _first(draft, instance)
    place = meta_cells(instance)[0] if first is None else draft.layout.place(first)
    sheet, _, cell = place.rpartition("!")
    return f"'{sheet}'!{cell}"


def _seen_formula(draft: FormWorkbook, instance: RuleInstance) -> str:
    """Return the formula of what stands in the cells that a rule looks at."""
    seen = []
    for id in instance.refs:
        shown = "LEFT({cell},100)"  # a cell's whole text may be too long to go on with
        if id in draft.form.by_id:
            cell = f"'{draft.form.sheet}'!{draft.layout.cell(id)}"
            is_share = f"'{draft.form.sheet}'!${positions.FORMAT}${draft.layout.rows[id]}=\"P\""
            shown = f'IF(AND({is_share},ISNUMBER({{cell}})),100*{{cell}}&"%",{shown})'
        elif id in draft.form.table_cells:
            cell = draft.layout.take(id, "number")
        else:
            continue
        shown = shown.format(cell=cell)
        name = shown_id(draft.form, id)
        seen.append(f'"{name} = "&IFERROR(IF({cell}="","(trống)",{shown}),"(lỗi)")')
    if instance.rule.scope == "period":
        for id in filter(draft.form.by_id.__contains__, instance.refs):
            past = f"'{draft.form.sheet}'!{positions.PREVIOUS}{draft.layout.rows[id]}"
            seen.append(f'"{id} kỳ trước = "&IF({past}="","(trống)",{past})')
    stated = [leaf for leaf in leaves(instance.holds) if isinstance(leaf, Ref)]
    seen += [_recomputed(draft, leaf.id) for leaf in stated if leaf.source == "agrees"]
    return "=" + '&"; "&'.join(seen) if seen else '=""'


def _recomputed(draft: FormWorkbook, id: str) -> str:
    """Return the formula of what a percentage's parts give, in words."""
    column = positions.NUMBER if draft.form.by_id[id].is_computed else positions.COMPUTED
    cell = f"'{draft.form.sheet}'!${column}${draft.layout.rows[id]}"
    return f'"tính lại: "&IF({cell}="","không tính được",{cell})'


def live_check_formula(draft: FormWorkbook, item: Indicator) -> str:
    """Return the formula beside a row: the first rule it breaks, in words, or a check mark."""
    cell = f"'{draft.form.sheet}'!{draft.layout.cell(item.id)}".replace('"', '""')
    row = draft.layout.rows[item.id]
    found = f'MATCH("{cell}",{rule_column(draft, BROKEN)},0)'
    parts = [f"INDEX({rule_column(draft, column)},{found})" for column in (SEVERITY, SEEN, MESSAGE)]
    more = f'COUNTIF({rule_column(draft, BROKEN)},"{cell}")-1'
    words = f'{parts[0]}&": "&{parts[1]}&" – "&{parts[2]}'
    blank = "" if item.concerns(draft.level) else NOT_OWED
    done = f'IF({positions.NUMBER}{row}="","{blank}","✓")' if item.is_figure else '""'
    return f'=IFERROR({words}&IF({more}>0," (+"&{more}&")",""),{done})'
