"""What a form must be, checked whole before anything is built from it.

:mod:`loader` reads the blocks; a mistake is reported with the block that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from xl_automation.errors import FormError
from xl_automation.excel_limits import (
    MAX_CELL_TEXT,
    MAX_CHOICE,
    MAX_ERROR,
    MAX_FORMAT,
    MAX_LITERAL,
    MAX_NAME,
    MAX_PROMPT,
    MAX_TITLE,
    SHEET_NAME,
    length,
)
from xl_automation.forms.aggregates import AGGREGATES, HEADING, aggregate_of
from xl_automation.forms.bounds import range_rules
from xl_automation.forms.expression import leaves
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.rule import Rule, RuleInstance
from xl_automation.forms.sources import SOURCES, kind_of
from xl_automation.forms.vocabulary import (
    AbsenceMeaning,
    Against,
    CityCheck,
    Header,
    Level,
    Nature,
    PeriodCheck,
    Placeholder,
    Scope,
    Severity,
    TableAggregate,
    UnitLevel,
    WorkbookCheck,
)

_CHECKS = {"workbook": WorkbookCheck, "period": PeriodCheck, "city": CityCheck}

MAX_ABSENCES = 5  # codes that fit into the formula of what a cell takes
MAX_WORDS = 255  # of a rule: a finding is read in one breath
MAX_PERIODS = 60  # a drop-down list that people still read
MAX_TABLE_COLUMNS = 70  # the reader looks no further than column BZ


def check_frame(form: Form) -> None:
    """Check what stands around the rows: sheet, titles, levels and periods."""
    _check_sheet_name(form.sheet, "form")
    require(len(form.title) == 2, "form", "title needs two lines")
    for text in (*form.title, form.attached):
        unknown = set(re.findall(r"\{(.*?)\}", text)) - set(get_args(Placeholder))
        require(not unknown, "form", f"unknown placeholder {', '.join(sorted(unknown))}")
        fits(text, MAX_LITERAL, "form", "a title")
    headers = get_args(Header)
    require(set(headers) <= form.header.keys(), "form", f"header needs {', '.join(headers)}")
    levels = get_args(UnitLevel)
    require(
        form.levels and form.levels.keys() <= set(levels),
        "form",
        f"levels are {' and '.join(levels)}",
    )
    codes = [kind.code for kind in form.period_kinds]
    unique(codes, "period")
    require(0 < len(codes) <= MAX_PERIODS, "form", f"needs one to {MAX_PERIODS} periods")
    for kind in form.period_kinds:
        inner = {code for codes in kind.within or () for code in codes}
        require(inner <= set(codes), f"period {kind.code}", "within mentions an unknown period")
    first, last = form.years
    fits(",".join(map(str, range(first, last + 1))), MAX_CHOICE, "form", "the list of years")


def _check_sheet_name(name: str, where: str) -> None:
    """Check that a sheet may have that name, also within a formula."""
    fine = SHEET_NAME.fullmatch(name) and "'" not in name
    require(fine, where, "sheet name has more than 31 characters, none, or one of []:*?/\\'")


def check_absences(form: Form) -> None:
    """Check the codes that say why there is no figure: none may be taken for anything else."""
    unique([absence.code for absence in form.absences], "absence")
    require(len(form.absences) <= MAX_ABSENCES, "form", f"at most {MAX_ABSENCES} absences")
    for absence in form.absences:
        where = f"absence {absence.code}"
        require(re.fullmatch("[A-Z]{2,5}", absence.code), where, "code has other than 2 to 5 A-Z")
        one_of(AbsenceMeaning, absence.means, where, "means")
        require(absence.words and '"' not in absence.words, where, "words are none, or quoted")


def check_indicators(form: Form) -> None:
    """Check the rows, and that percentages do not depend on themselves."""
    require(form.indicators, "form", "has no indicator")
    unique([*(item.id for item in form.indicators), *form.helper_ids], "indicator")
    known = set(form.by_id) | set(form.helper_ids)
    for item in form.indicators:
        _check_indicator(form, item, f"indicator {item.id}", known)
    assert form.in_order_of_computation is not None  # raises on a cycle


def _check_indicator(form: Form, item: Indicator, where: str, known: set[str]) -> None:
    require(re.fullmatch(r"[0-9A-Za-z.]+", item.id), where, "id has other than 0-9 A-Z a-z .")
    one_of(Level, item.level, where, "level")
    require(item.aggregate in AGGREGATES, where, f"aggregate {item.aggregate!r} is unknown")
    fits(item.label, MAX_CELL_TEXT, where, "label")
    fits(item.title, MAX_TITLE, where, "with its id the title of an input message")
    if not item.is_figure:
        require(item.aggregate == HEADING and not item.unit, where, "a heading has no figure")
        return
    require(item.aggregate != HEADING, where, "needs an aggregate")
    one_of(Nature, item.nature, where, "nature")
    # Rule F08 (the unit fits the row) is decided here once for every workbook.
    require(item.unit not in ("", "-"), where, "needs a unit")
    require(
        (item.kind == "percent") == (item.unit == "%"),
        where,
        "percent rows, and only they, have the unit %",
    )
    require(item.percent is None or item.kind == "percent", where, "only a percent is computed")
    require((item.kind == "code") == bool(item.codes), where, "codes belong to kind code")
    parts = (item.percent.part, item.percent.whole) if item.percent else ()
    for node in (*parts, *((item.weight,) if item.weight else ())):
        for leaf in leaves(node):
            require(leaf.id in known, where, f"mentions [{leaf.id}], which the form does not have")
            require(leaf.source == "number", where, f"asks for {leaf.source} of [{leaf.id}]")
    if item.per is not None:
        whole = form.by_id.get(item.per)
        counted = ("count", "amount")
        require(
            item.kind in counted and whole and whole is not item and whole.kind in counted,
            where,
            f"per {item.per} is of a count or amount, and another one",
        )
    lacking = aggregate_of(item).lacks(form, item)
    require(not lacking, where, lacking)
    for label in item.codes.values():
        fits(label, MAX_FORMAT - len('0" = "'), where, "a code in its list")
        require('"' not in label, where, "a code has a quotation mark")
    fits(item.codes_explained, MAX_PROMPT, where, "codes")
    fits(item.help, MAX_PROMPT, where, "help")


def check_tables(form: Form) -> None:
    """Check the supporting tables."""
    unique([table.id for table in form.tables], "table")
    unique([form.sheet, *(table.sheet for table in form.tables)], "sheet")
    for table in form.tables:
        where = f"table {table.id}"
        _check_sheet_name(table.sheet, where)
        fits(table.name, MAX_NAME, where, "id")
        one_of(TableAggregate, table.aggregate, where, "aggregate")
        require(table.size > 0 and table.inputs, where, "has no cell to fill")
        require(len(table.columns) <= MAX_TABLE_COLUMNS, where, "has too many columns")
        for label in table.dates:
            require(label in table.rows, where, f"dates: no row {label!r}")
        require(not (table.dates and table.has_totals), where, "dates are never added")
        unique([column.id for column in table.columns], f"{where}, column")
        inputs = {column.id for column in table.inputs}
        for column in table.columns:
            require(set(column.sum) <= inputs, where, f"{column.id} sums what is not entered")
            fits(column.title, MAX_TITLE, where, f"number and label of {column.id}")
    clash = form.table_cells.keys() & {*form.by_id, *form.helper_ids}
    require(not clash, "table", f"{', '.join(sorted(clash))} is also an indicator")


def check_quantities(form: Form) -> None:
    """Check the counts without a row: their figures, and that rows count the same."""
    units = {item.unit for item in form.figures}
    for quantity in form.quantities:
        where = f"quantity {quantity.name}"
        require(quantity.unit in units, where, f"no row has the unit {quantity.unit!r}")
        for leaf in leaves(quantity.of):
            kind = kind_of(form, leaf.id)
            require(
                kind in ("row", "table total") and leaf.source in ("number", "nz"),
                where,
                f"asks for {leaf.source} of [{leaf.id}], which is no count of the form",
            )


def check_rule(rule: Rule, form: Form, where: str, wants_each: bool) -> None:
    """Check one rule; *wants_each* where its block selects rows, of which there must be some."""
    one_of(Severity, rule.stated_severity, where, "severity")
    one_of(Scope, rule.scope, where, "scope")
    one_of(UnitLevel | None, rule.level, where, "level")
    require(
        (rule.scope == "period") == (rule.against in get_args(Against)),
        where,
        "against goes with scope period",
    )
    require((rule.holds is None) != (rule.check is None), where, "needs either holds or check")
    require(rule.scope != "city" or rule.check, where, "a rule of scope city needs a check")
    checks = get_args(_CHECKS[rule.scope])
    require(rule.check is None or rule.check in checks, where, f"check {rule.check!r} unknown")
    require(not wants_each or rule.each, where, "each selects no row")
    waiting = rule.scope == "workbook" and {*rule.each} <= {item.id for item in form.inputs}
    require(
        not rule.waits or (rule.each and waiting),
        where,
        "waits goes with scope workbook and rows that are typed",
    )
    for instance in rule.instances():
        _check_instance(instance, form, where)
    # What the cells themselves say to a number out of the range.
    most = MAX_ERROR if range_rules([rule]) else MAX_WORDS
    fits(rule.words, most, where, "message, fix and basis")


def _check_instance(instance: RuleInstance, form: Form, where: str) -> None:
    """Check that a rule asks of each id only what both faces can answer."""
    for leaf in leaves(instance.holds):
        kind = kind_of(form, leaf.id)
        require(kind, where, f"mentions [{leaf.id}], which the form does not have")
        require(
            kind and leaf.source in SOURCES[kind],
            where,
            f"asks for {leaf.source} of [{leaf.id}], a {kind}, which has none",
        )
        require(
            leaf.source != "previous" or instance.rule.scope == "period",
            where,
            "previous() goes with scope period",
        )
    if instance.rule.scope == "workbook":
        require(instance.shown, where, "looks at no cell that a clerk can be shown")


def require(condition: object, block: str, problem: str) -> None:
    """Raise `FormError`, naming the *block*, unless the condition holds."""
    if not condition:
        raise FormError(f"{block}: {problem}")


def fits(text: str, most: int, block: str, what: str) -> None:
    """Require that Excel takes a text of the *block*."""
    found = length(text)
    require(found <= most, block, f"{what} too long: {found} characters, of at most {most}")


def only(block: Mapping[str, Any], allowed: set[str], where: str) -> None:
    """Require that a block has none but the allowed keys."""
    unknown = sorted(block.keys() - allowed)
    require(not unknown, where, f"unknown key {', '.join(unknown)}")


def unique(ids: list[str], what: str) -> None:
    """Require that no id appears twice."""
    seen: set[str] = set()
    for id in ids:
        # Excel does not tell defined names apart by letter case.
        require(id.casefold() not in seen, f"{what} {id}", "appears more than once")
        seen.add(id.casefold())


def one_of(words: Any, word: object, where: str, what: str) -> None:
    """Require that *word* is one of the closed set *words*, a `Literal` type."""
    allowed = [text for text in _words(words)]
    require(word in allowed, where, f"{what} {word!r} is not one of {', '.join(map(str, allowed))}")


def _words(words: Any) -> Iterator[object]:
    """Yield the members of a `Literal` type, or of a union of one with None."""
    for part in get_args(words):
        if part is type(None):
            yield None
        else:
            yield from _words(part) if get_args(part) else (part,)
