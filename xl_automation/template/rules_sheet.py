"""The hidden sheet ``Quy tắc``: every rule with its live result."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.indicator import Indicator
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.words import SEVERITY_LABELS, UNDECIDED, row_name
from xl_automation.template import blanks, positions
from xl_automation.template.blanks import IS_TO_FILL, TO_FILL
from xl_automation.template.form_workbook import PALE, FormWorkbook
from xl_automation.template.seen_formula import seen_formula
from xl_automation.xlsx.address import Address

# Columns of the rules sheet.
ORDINAL, RULE, SEVERITY, INDICATOR, PLACE, HOLDS, SEEN, MESSAGE, FIX, BROKEN, ORDER = "ABCDEFGHIJK"
WATCHED, WAS = "L", "M"  # of what the city found: the address of a value, and what it was then
IS_SETTLED, IS_UNDECIDED = (
    "N",
    "O",
)  # 1 where a note answers a warning; where a rule cannot be looked at
NOTED = "P"  # of what the city found: the rows whose notes can answer it, each between spaces
REASONS = "Q"  # in the rows of the form's sheet: 1 where the note there is a reason
IS_WAITING = "U"  # 1 where a rule waits for a blank to be filled
NAME = "V"  # what the row is called that a rule is about first
ANSWERED = "Đã giải trình"  # what people see of a warning that a note answers
PASSED = "✓"  # of a row about which nothing is found
NOT_WHOLLY = f"{PASSED} ("  # how that begins where a rule could not be looked at
CAPTIONS = {
    ORDINAL: "TT",
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
    IS_SETTLED: ANSWERED,
    IS_UNDECIDED: UNDECIDED.capitalize(),
    NOTED: "Dòng giải trình",
    REASONS: "Giải trình",
    **blanks.CAPTIONS,
    IS_WAITING: "Chưa tính",
    NAME: "Tên dòng",
}
FIRST_RULE_ROW = 2
ROW_SEPARATOR = " – "  # between the id of a row and its name
SEE_PARTS = "Xem các dòng thành phần"
NOT_OWED = "Không thuộc cấp này: để trống"
CITY_ROWS = 60  # rows after the live rules for what only the city sees, filled in on returning
CITY_NAME = "QT_THANH_PHO"  # the defined name of the first of them


def rule_column(book: FormWorkbook, column: str) -> str:
    """Return the cells of all rules in a column, as formulas refer to them."""
    last = FIRST_RULE_ROW + len(book.rules) + CITY_ROWS - 1
    return f"'{positions.RULE_SHEET}'!${column}${FIRST_RULE_ROW}:${column}${last}"


def write_rules(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write each rule, whether it holds, and what it says if not."""
    head = book.format(bold=True, bg_color=PALE, border=1)
    for column, caption in CAPTIONS.items():
        sheet.write_string(f"{column}1", caption, head)
    sheet.set_column(f"{SEEN}:{FIX}", 60)
    waiting: dict[str, list[str]] = {}
    for row, instance in enumerate(book.rules, start=FIRST_RULE_ROW):
        rule = instance.rule
        sheet.write_number(f"{ORDINAL}{row}", row - FIRST_RULE_ROW + 1)
        sheet.write_string(f"{RULE}{row}", instance.id)
        sheet.write_string(f"{SEVERITY}{row}", SEVERITY_LABELS[rule.severity])
        sheet.write_string(f"{INDICATOR}{row}", _indicator(book, instance))
        sheet.write_string(f"{NAME}{row}", row_name(book.form, instance.shown[0]))
        sheet.write_string(f"{PLACE}{row}", place_of(book, instance).link)
        holds = book.layout.holds_formula(instance, _causes(book, instance))
        sheet.write_formula(f"{HOLDS}{row}", holds, None, "")
        seen = seen_formula(book.layout, instance, book.followers.get(instance.key, ()))
        sheet.write_formula(f"{SEEN}{row}", seen, None, "")
        sheet.write_string(f"{MESSAGE}{row}", rule.message)
        sheet.write_string(f"{FIX}{row}", rule.advice)
        if settled := _settled_formula(book, instance, row):
            sheet.write_formula(f"{IS_SETTLED}{row}", settled, None, "")
        if undecided := _undecided_formula(book, instance):
            sheet.write_formula(f"{IS_UNDECIDED}{row}", undecided, None, "")
        if rule.waits and instance.target:
            waiting.setdefault(instance.target, []).append(f"{HOLDS}{row}")
            cells = f"{HOLDS}{row}", f"{IS_SETTLED}{row}"
            waits = blanks.waits_formula(book, instance.target, *cells)
            sheet.write_formula(f"{IS_WAITING}{row}", waits, None, "")
        _write_order(sheet, row, rule.waits)
    first = FIRST_RULE_ROW + len(book.rules)
    book.name(CITY_NAME, Address.of(positions.RULE_SHEET, ORDINAL, first))
    for row in range(first, first + CITY_ROWS):
        # Settled once the value is another than when the workbook was returned.
        same = f"IFERROR(INDIRECT({WATCHED}{row})={WAS}{row},FALSE)"
        holds = f'=IF({WATCHED}{row}="","",IF({same},0,1))'
        sheet.write_formula(f"{HOLDS}{row}", holds, None, "")
        sheet.write_formula(f"{IS_SETTLED}{row}", _settled_city_formula(book, row), None, "")
        _write_order(sheet, row)
    for item in book.form.figures:
        reason = book.layout.reason_formula(item.id)
        sheet.write_formula(f"{REASONS}{book.layout.rows[item.id]}", reason, None, "")
    blanks.write_blanks(book, sheet, waiting)
    sheet.hide()


def _write_order(sheet: Worksheet, row: int, waits: bool = False) -> None:
    """Write which cell a rule finds wrong unless a note answers it, and which in the list it is."""
    waiting = f"{IS_WAITING}{row}=1"
    quiet = f"OR({IS_SETTLED}{row}=1,{waiting})" if waits else f"{IS_SETTLED}{row}=1"
    broken = f'=IF({HOLDS}{row}=0,IF({quiet},"",{PLACE}{row}),"")'
    sheet.write_formula(f"{BROKEN}{row}", broken, None, "")
    listed = f"IF({waiting},0,1)" if waits else "1"
    before = f"{ORDER}{row - 1}+" if row > FIRST_RULE_ROW else ""
    order = f"={before}IF({HOLDS}{row}=0,{listed},0)"
    sheet.write_formula(f"{ORDER}{row}", order, None, "")


def _causes(book: FormWorkbook, instance: RuleInstance) -> list[str]:
    """Return the cells that say whether the rules hold that a rule may only follow from."""
    keys = {cause.key for cause in book.form.folds.get(instance.key, ())}
    places = sorted(book.rule_places[key] for key in keys & book.rule_places.keys())
    return [f"'{positions.RULE_SHEET}'!${HOLDS}${FIRST_RULE_ROW + place}" for place in places]


def _indicator(book: FormWorkbook, instance: RuleInstance) -> str:
    """Return the row that a rule is about first; empty where it is about none."""
    item = book.form.row_of(instance.shown[0])
    return item.id if item else ""


def place_of(book: FormWorkbook, instance: RuleInstance) -> Address:
    """Return the first cell that a rule looks at."""
    return book.layout.place(instance.shown[0])


def row_shown(book: FormWorkbook, instance: RuleInstance) -> str:
    """Return what people see of the row that a rule is about first: its id and its name."""
    name = row_name(book.form, instance.shown[0])
    return ROW_SEPARATOR.join(filter(None, (_indicator(book, instance), name)))


def _causes_of(book: FormWorkbook, item: Indicator) -> list[str]:
    """Return the cells of all rules that those about a computed percentage may follow from."""
    about = (one for one in book.rules if one.target == item.id and one.key in book.form.folds)
    return list(dict.fromkeys(cause for one in about for cause in _causes(book, one)))


def live_check_formula(book: FormWorkbook, item: Indicator) -> str:
    """Return the formula beside a row: the first rule it breaks, in words, or a check mark.

    A check mark says how many rules placed there could not be looked at.
    """
    cell, row = _literal_place(book, item.id), book.layout.rows[item.id]
    blank = '""' if item.concerns(book.level) else f'"{NOT_OWED}"'
    if item in blanks.owed_rows(book):
        blank = f'IF(\'{positions.RULE_SHEET}\'!${IS_TO_FILL}${row}=1,"{TO_FILL}","")'
    undecided = _count_of(book, IS_UNDECIDED, cell)
    some = f'"{NOT_WHOLLY}"&{undecided}&" quy tắc {UNDECIDED})"'
    passed = f'IF({undecided}=0,"{PASSED}",{some})'
    done = f'IF({positions.NUMBER}{row}="",{blank},{passed})' if item.is_figure else '""'
    if causes := _causes_of(book, item):
        # What only follows from its parts is not shown twice, but nothing to tick off either.
        broken = ",".join(f"{cause}=0" for cause in causes)
        done = f'IF(OR({broken}),"{SEE_PARTS}",{done})'
    done = f'IF({_count_of(book, IS_SETTLED, cell)}>0,"{ANSWERED}",{done})'
    return _first_words(book, cell, done)


def date_check_formula(book: FormWorkbook, id: str) -> str:
    """Return the formula beside a date of the information sheet, likewise; empty without a find."""
    cell = _literal_place(book, id)
    answered = f'IF({_count_of(book, IS_SETTLED, cell)}>0,"{ANSWERED}","")'
    return _first_words(book, cell, answered)


def _literal_place(book: FormWorkbook, id: str) -> str:
    """Return where a figure or a date stands, as it is written within a text of a formula."""
    return book.layout.place(id).link.replace('"', '""')


def _first_words(book: FormWorkbook, cell: str, otherwise: str) -> str:
    """Return the formula of the first finding at a cell and how many more, or else another's."""
    first = f'MATCH("{cell}",{rule_column(book, BROKEN)},0)'
    parts = [f"INDEX({rule_column(book, column)},{first})" for column in (SEVERITY, SEEN, MESSAGE)]
    more = f'COUNTIF({rule_column(book, BROKEN)},"{cell}")-1'
    words = f'{parts[0]}&": "&{parts[1]}&" – "&{parts[2]}'
    return f'=IFERROR({words}&IF({more}>0," (+"&{more}&")",""),{otherwise})'


def _count_of(book: FormWorkbook, state: str, place: str) -> str:
    """Return the formula of how many rules placed at a cell are in a state, by its column."""
    return f'COUNTIFS({rule_column(book, PLACE)},"{place}",{rule_column(book, state)},1)'


def _settled_formula(book: FormWorkbook, instance: RuleInstance, row: int) -> str:
    """Return the formula that is 1 where a note answers what a rule finds; empty where none can."""
    rows = [book.layout.rows[item.id] for item in book.form.rows_noted(instance)]
    if instance.rule.severity != "warning" or not rows:
        return ""
    reasons = "+".join(f"{REASONS}${row}" for row in rows)
    return f'=IF({HOLDS}{row}=0,IF({reasons}>0,1,0),"")'


def _settled_city_formula(book: FormWorkbook, row: int) -> str:
    """Return the same formula for what the city found, by the rows that it named for it."""
    first, last = positions.FIRST_ROW, book.layout.last_row
    reasons = f"${REASONS}${first}:${REASONS}${last}"
    named = f'ISNUMBER(FIND(" "&ROW({reasons})&" ",{NOTED}{row}))'
    answered = f"SUMPRODUCT({named}*({reasons}=1))>0"
    return f'=IF({HOLDS}{row}=0,IF({NOTED}{row}="",0,IF({answered},1,0)),"")'


def _undecided_formula(book: FormWorkbook, instance: RuleInstance) -> str:
    """Return the formula that is 1 where a rule cannot be looked at; empty where it always can."""
    if instance.rule.scope != "workbook":
        return ""
    return book.layout.undecided_formula(instance, book.level)
