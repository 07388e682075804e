"""What a form must be, checked whole before anything is built from it.

:mod:`form` reads the blocks; a mistake is reported with the block that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from xl_automation.errors import FormError
from xl_automation.forms.expression import Ref, leaves, refs
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import FIGURE_KINDS, Indicator
from xl_automation.forms.rule import META, Rule

KINDS = ("section", "group", *FIGURE_KINDS)
LEVELS = ("commune", "district", "both", "shared")
NATURES = ("flow", "stock", "cumulative", "annual_constant")
AGGREGATES = (
    "sum",
    "ratio",
    "shared",
    "ratio_shared",
    "code_count",
    "share_units",
    "weighted",
    "city",
    "no_aggregate",
    "none",
)
SEVERITIES = ("error", "warning", "info")
SCOPES = ("workbook", "period", "city")
AGAINST = ("same-year", "within", "within-each", "any")
PERIOD_CHECKS = ("copied",)
CITY_CHECKS = (
    "missing",
    "duplicate",
    "period",
    "form",
    "one-value",
    "outlier",
    "recomputed",
    "unit-errors",
    "incomplete",
)
PLACEHOLDERS = ("period", "unit", "number", "date", "place", "signed")  # in title and attached
HEADERS = ("stt", "label", "result", "unit", "value", "note")
# Excel's limits on what the form's texts become.
MAX_PROMPT = 255
MAX_LIST = 255
MAX_LITERAL = 255  # a text within a formula, and the text of an error message
MAX_SHEET_NAME = 31
MAX_PERIODS = 9  # rows that the template keeps for them in its lists


def check_frame(form: Form) -> None:
    """Check what stands around the rows: sheet, titles, levels and periods."""
    require(len(form.sheet) <= MAX_SHEET_NAME, "form", "sheet name is too long for Excel")
    require(not re.search(r"[\[\]:*?/\\']", form.sheet), "form", "sheet name has one of []:*?/\\'")
    require(len(form.title) == 2, "form", "title needs two lines")
    for text in (*form.title, form.attached):
        unknown = set(re.findall(r"\{(.*?)\}", text)) - set(PLACEHOLDERS)
        require(not unknown, "form", f"unknown placeholder {', '.join(sorted(unknown))}")
    require(set(HEADERS) <= form.header.keys(), "form", f"header needs {', '.join(HEADERS)}")
    require(
        form.levels and form.levels.keys() <= {"commune", "district"},
        "form",
        "levels are commune and district",
    )
    codes = [kind.code for kind in form.period_kinds]
    unique(codes, "period")
    require(0 < len(codes) <= MAX_PERIODS, "form", f"needs one to {MAX_PERIODS} periods")
    for kind in form.period_kinds:
        inner = {code for some in kind.within for code in some}
        require(inner <= set(codes), f"period {kind.code}", "within mentions an unknown period")
        require("," not in kind.label, f"period {kind.code}", "label has a comma")


def check_indicators(form: Form) -> None:
    """Check the rows, and that percentages do not depend on themselves."""
    require(form.indicators, "form", "has no indicator")
    unique([*(item.id for item in form.indicators), *form.helper_ids], "indicator")
    known = set(form.by_id) | set(form.helper_ids)
    for item in form.indicators:
        _check_indicator(item, f"indicator {item.id}", known)
    assert form.in_order_of_computation is not None  # raises on a cycle


def _check_indicator(item: Indicator, where: str, known: set[str]) -> None:
    require(re.fullmatch(r"[0-9A-Za-z.]+", item.id), where, "id has other than 0-9 A-Z a-z .")
    require(item.level in LEVELS, where, f"level {item.level!r} is not one of {LEVELS}")
    require(item.aggregate in AGGREGATES, where, f"aggregate {item.aggregate!r} is unknown")
    if not item.is_figure:
        require(item.aggregate == "none" and not item.unit, where, "a heading has no figure")
        return
    require(item.aggregate != "none", where, "needs an aggregate")
    require(item.nature in NATURES, where, f"nature {item.nature!r} is not one of {NATURES}")
    # Rule F08 (the unit fits the row) is decided here once for every workbook.
    require(item.unit not in ("", "-"), where, "needs a unit")
    require(
        (item.kind == "percent") == (item.unit == "%"),
        where,
        "percent rows, and only they, have the unit %",
    )
    require(item.percent is None or item.kind == "percent", where, "only a percent is computed")
    require((item.kind == "code") == bool(item.codes), where, "codes belong to kind code")
    ratio = item.aggregate in ("ratio", "ratio_shared")
    require(not ratio or item.is_computed, where, f"{item.aggregate} needs percent parts")
    require(
        not ratio
        or (
            item.percent
            and isinstance(item.percent.part, Ref)
            and isinstance(item.percent.whole, Ref)
        ),
        where,
        f"{item.aggregate} needs one [id] as part and one as whole",
    )
    require(item.aggregate != "weighted" or item.weight, where, "weighted needs a weight")
    used = (
        *(item.percent.refs if item.percent else ()),
        *(refs(item.weight) if item.weight else ()),
    )
    for ref in used:
        require(ref in known, where, f"mentions [{ref}], which the form does not have")
    listed = ",".join(map(str, item.codes))
    require(len(listed) <= MAX_LIST, where, "too many codes for a drop-down list")
    require(len(item.help) <= MAX_PROMPT, where, "help is too long for an input message")


def check_tables(form: Form) -> None:
    """Check the supporting tables."""
    unique([table.id for table in form.tables], "table")
    unique([form.sheet, *(table.sheet for table in form.tables)], "sheet")
    for table in form.tables:
        where = f"table {table.id}"
        require(len(table.sheet) <= MAX_SHEET_NAME, where, "sheet name is too long for Excel")
        require(table.size > 0 and table.inputs, where, "has no cell to fill")
        unique([column.id for column in table.columns], f"{where}, column")
        inputs = {column.id for column in table.inputs}
        for column in table.columns:
            require(set(column.sum) <= inputs, where, f"{column.id} sums what is not entered")
    clash = form.table_cells.keys() & {*form.by_id, *form.helper_ids}
    require(not clash, "table", f"{', '.join(sorted(clash))} is also an indicator")


def check_rule(rule: Rule, form: Form, where: str, wants_each: bool) -> None:
    """Check one rule; *wants_each* where its block selects rows, of which there must be some."""
    require(rule.severity in SEVERITIES, where, f"severity {rule.severity!r} is unknown")
    require(rule.scope in SCOPES, where, f"scope {rule.scope!r} is unknown")
    require(rule.level in (None, "commune", "district"), where, f"level {rule.level!r}")
    require(
        (rule.scope == "period") == (rule.against in AGAINST),
        where,
        "against goes with scope period",
    )
    require((rule.holds is None) != (rule.check is None), where, "needs either holds or check")
    checks = {"period": PERIOD_CHECKS, "city": CITY_CHECKS}.get(rule.scope, ())
    require(rule.check is None or rule.check in checks, where, f"check {rule.check!r} unknown")
    require(not wants_each or rule.each, where, "each selects no row")
    known = {*form.by_id, *form.helper_ids, *form.table_cells, *META}
    for instance in rule.instances():
        for id in refs(instance.holds):
            require(id in known, where, f"mentions [{id}], which the form does not have")
    for leaf in leaves(rule.holds) if rule.holds else ():
        past = isinstance(leaf, Ref) and leaf.source == "previous"
        require(not past or rule.scope == "period", where, "previous() goes with scope period")
    longest = max(map(len, rule.each), default=0)
    sentence = len(f"{rule.message} {rule.fix} [{rule.id}]") + longest
    require(sentence <= MAX_LITERAL, where, "message and fix are too long for a formula")


def require(condition: object, block: str, problem: str) -> None:
    """Raise `FormError`, naming the *block*, unless the condition holds."""
    if not condition:
        raise FormError(f"{block}: {problem}")


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
