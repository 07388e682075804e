"""The hidden sheet ``Quy tắc``: every rule with its live result, and the sheet ``Kiểm tra``."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation import expression
from xl_automation import layout as at
from xl_automation.expression import Ref
from xl_automation.findings import SEVERITY_LABELS, meta_cells, shown_id
from xl_automation.model import Indicator, RuleInstance
from xl_automation.sheets.draft import ASIDE, BLUE, PALE, RED, Draft, not_for_printing

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
LISTED = 100  # findings shown on the sheet Kiểm tra
FIRST_FINDING_ROW = 9


def _column(draft: Draft, column: str) -> str:
    last = FIRST_RULE_ROW + len(draft.rules) + CITY_ROWS - 1
    return f"'{at.RULE_SHEET}'!${column}${FIRST_RULE_ROW}:${column}${last}"


def write_rules(draft: Draft, sheet: Worksheet) -> None:
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
    draft.name(CITY_NAME, at.RULE_SHEET, f"{NUMBER}{first}")
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


def _first(draft: Draft, instance: RuleInstance) -> str | None:
    """Return the first cell of the workbook that the rule looks at, by id."""
    form = draft.form
    return next((id for id in instance.refs if id in form.by_id or id in form.table_cells), None)


def _indicator(draft: Draft, instance: RuleInstance) -> str:
    first = _first(draft, instance)
    return first if first is not None and first in draft.form.by_id else ""


def _place(draft: Draft, instance: RuleInstance) -> str:
    first = _first(draft, instance)
    place = meta_cells(instance)[0] if first is None else draft.layout.place(first)
    sheet, _, cell = place.rpartition("!")
    return f"'{sheet}'!{cell}"


def _seen_formula(draft: Draft, instance: RuleInstance) -> str:
    """Return the formula of what stands in the cells that a rule looks at."""
    seen = []
    for id in instance.refs:
        shown = "LEFT({cell},100)"  # a cell's whole text may be too long to go on with
        if id in draft.form.by_id:
            cell = f"'{draft.form.sheet}'!{draft.layout.cell(id)}"
            is_share = f"'{draft.form.sheet}'!${at.FORMAT}${draft.layout.rows[id]}=\"P\""
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
            past = f"'{draft.form.sheet}'!{at.PREVIOUS}{draft.layout.rows[id]}"
            seen.append(f'"{id} kỳ trước = "&IF({past}="","(trống)",{past})')
    leaves = [leaf for leaf in expression.leaves(instance.holds) if isinstance(leaf, Ref)]
    seen += [_recomputed(draft, leaf.id) for leaf in leaves if leaf.source == "agrees"]
    return "=" + '&"; "&'.join(seen) if seen else '=""'


def _recomputed(draft: Draft, id: str) -> str:
    """Return the formula of what a percentage's parts give, in words."""
    column = at.NUMBER if draft.form.by_id[id].is_computed else at.COMPUTED
    cell = f"'{draft.form.sheet}'!${column}${draft.layout.rows[id]}"
    return f'"tính lại: "&IF({cell}="","không tính được",{cell})'


def live_check_formula(draft: Draft, item: Indicator) -> str:
    """Return the formula beside a row: the first rule it breaks, in words, or a check mark."""
    cell = f"'{draft.form.sheet}'!{draft.layout.cell(item.id)}".replace('"', '""')
    row = draft.layout.rows[item.id]
    found = f'MATCH("{cell}",{_column(draft, BROKEN)},0)'
    parts = [f"INDEX({_column(draft, column)},{found})" for column in (SEVERITY, SEEN, MESSAGE)]
    more = f'COUNTIF({_column(draft, BROKEN)},"{cell}")-1'
    words = f'{parts[0]}&": "&{parts[1]}&" – "&{parts[2]}'
    blank = "" if item.concerns(draft.level) else NOT_OWED
    done = f'IF({at.NUMBER}{row}="","{blank}","✓")' if item.is_figure else '""'
    return f'=IFERROR({words}&IF({more}>0," (+"&{more}&")",""),{done})'


def write_review(draft: Draft, sheet: Worksheet) -> None:
    """Write the sheet ``Kiểm tra``: counts, then every open finding with a link to its cell."""
    widths = {"A": 11, "B": 12, "C": 17, "D": 12, "E": 34, "F": 52, "G": 52, "H": 11}
    for column, width in widths.items():
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_column("I:I", None, None, {"hidden": True})
    sheet.write_string("A1", "KIỂM TRA", draft.format(bold=True, font_size=14))
    hint = "Bấm vào địa chỉ ở cột “Ô” để đến ô cần sửa. Sửa xong, dòng tự mất."
    sheet.write_string("A2", hint, draft.format(italic=True, font_color=ASIDE))
    _write_counts(draft, sheet)
    head = draft.format(bold=True, bg_color=PALE, border=1, align="center")
    shown = (NUMBER, SEVERITY, INDICATOR, PLACE, SEEN, MESSAGE, FIX, RULE)
    for column, of in zip("ABCDEFGH", shown, strict=True):
        sheet.write_string(f"{column}{FIRST_FINDING_ROW - 1}", CAPTIONS[of], head)
    for number in range(1, LISTED + 1):
        _write_finding(draft, sheet, FIRST_FINDING_ROW + number - 1, number)
    more = f'=IF($B$4+$B$5+$B$6>{LISTED},"Còn nữa: sửa các điểm trên rồi xem tiếp.","")'
    sheet.write_formula(f"A{FIRST_FINDING_ROW + LISTED}", more, None, "")
    sheet.freeze_panes(FIRST_FINDING_ROW - 1, 0)
    not_for_printing(sheet)


def _write_counts(draft: Draft, sheet: Worksheet) -> None:
    label, number = draft.format(border=1), draft.format(border=1, bold=True, align="center")
    for row, caption in enumerate(SEVERITY_LABELS.values(), start=4):
        count = f'=COUNTIFS({_column(draft, HOLDS)},0,{_column(draft, SEVERITY)},"{caption}")'
        sheet.write_string(f"A{row}", caption, label)
        sheet.write_formula(f"B{row}", count, number, "")
    rows = (at.FIRST_ROW, draft.layout.last_row)
    owed, read = (
        f"'{draft.form.sheet}'!${column}${rows[0]}:${column}${rows[1]}"
        for column in (at.OWED, at.NUMBER)
    )
    filled = f'SUMPRODUCT({owed}*({read}<>""))'
    facts = {
        4: ("Ô đã điền", f'={filled}&"/"&SUM({owed})'),
        5: ("Ô còn trống", f"=SUM({owed})-{filled}"),
        6: (
            "Thông tin chung",
            '=IF(TT_DON_VI="","Chưa chọn đơn vị",IF(OR(TT_KY="",TT_NAM=""),'
            '"Chưa chọn kỳ báo cáo","Đủ"))',
        ),
    }
    for row, (caption, formula) in facts.items():
        sheet.write_string(f"C{row}", caption, label)
        sheet.write_formula(f"D{row}", formula, number, "")


def _write_finding(draft: Draft, sheet: Worksheet, row: int, number: int) -> None:
    text = draft.format(text_wrap=True, valign="top", font_size=11)
    strong = draft.format(bold=True, valign="top", font_size=11, font_color=RED)
    link = draft.format(valign="top", font_size=11, font_color=BLUE, underline=1)
    sheet.set_row(row - 1, 32)
    sheet.write_formula(
        f"I{row}", f'=IFERROR(MATCH({number},{_column(draft, ORDER)},0),"")', None, ""
    )

    def of(column: str) -> str:
        return f"INDEX({_column(draft, column)},$I{row})"

    place = of(PLACE)
    short = f'SUBSTITUTE({place},"\'{draft.form.sheet}\'!","")'
    cells = {
        "A": (str(number), draft.format(align="center", valign="top", font_size=11)),
        "B": (of(SEVERITY), strong),
        "C": (f'{of(INDICATOR)}&""', text),  # a blank cell would be 0
        "D": (f'HYPERLINK("#"&{place},{short})', link),
        "E": (f'{of(SEEN)}&""', text),
        "F": (f"UPPER(LEFT({of(MESSAGE)}))&MID({of(MESSAGE)},2,32000)", text),
        "G": (f'{of(FIX)}&""', text),
        "H": (of(RULE), text),
    }
    for column, (formula, look) in cells.items():
        sheet.write_formula(f"{column}{row}", f'=IF($I{row}="","",{formula})', look, "")
