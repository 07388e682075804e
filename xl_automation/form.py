"""Loads a form from its TOML file and checks it whole.

A mistake in the file is reported with the block that holds it, before anything is built from it.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from xl_automation import expression
from xl_automation.expression import Node, Ref
from xl_automation.model import (
    FIGURE_KINDS,
    META,
    Column,
    Form,
    FormError,
    Helper,
    Indicator,
    Percent,
    PeriodKind,
    ReportingUnit,
    Rule,
    SupportTable,
)

FORMS = Path(__file__).parent / "forms"
DEFAULT_FORM = "cchc-2022"

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
AGAINST = ("same-year", "within", "any")
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

DEFAULT_FIX = "Xem lại các ô nêu trên và sửa ô ghi nhầm."

PLACEHOLDERS = ("period", "unit", "number", "date", "place", "signed")  # in title and attached
HEADERS = ("stt", "label", "result", "unit", "value", "note")

# Excel's limits on what the form's texts become.
MAX_PROMPT = 255
MAX_LIST = 255
MAX_LITERAL = 255  # a text within a formula, and the text of an error message
MAX_SHEET_NAME = 31
MAX_PERIODS = 9  # rows that the template keeps for them in its lists


def load_form(source: str | Path = DEFAULT_FORM) -> Form:
    """Return the form in *source*: an id such as ``cchc-2022``, or the path of a TOML file.

    Raises:
        FormError: Where a block of the file is wrong, or the form does not exist.
    """
    path = Path(source)
    if path.suffix != ".toml":
        path = FORMS / f"{source}.toml"
    if not path.is_file():
        raise FormError(f"Không có biểu mẫu “{source}”.")
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormError(f"{path.name}: {error}") from error
    return _build(data, path.parent)


def read_units(path: Path) -> tuple[ReportingUnit, ...]:
    """Return the reporting units of a CSV with at least ``code,name``; ``level`` is optional.

    Raises:
        ValueError: In Vietnamese, where a column is missing or a code appears twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"Không đọc được danh sách đơn vị {path.name} ({error}).") from error
    if not rows or not {"code", "name"} <= rows[0].keys():
        raise ValueError(f"{path.name}: danh sách đơn vị phải có ít nhất hai cột code, name.")
    units: dict[str, ReportingUnit] = {}
    for line, row in enumerate(rows, start=2):
        code = (row["code"] or "").strip()
        name = unicodedata.normalize("NFC", (row["name"] or "").strip())
        if not code or not name:
            raise ValueError(f"{path.name}, dòng {line}: thiếu mã hoặc tên đơn vị.")
        if code in units:
            raise ValueError(f"{path.name}, dòng {line}: mã đơn vị {code} lặp lại.")
        level, alias = ((row.get(key) or "").strip() for key in ("level", "alias"))
        if level not in ("", "commune", "district"):
            raise ValueError(f"{path.name}, dòng {line}: level phải là commune hoặc district.")
        units[code] = ReportingUnit(code, name, level or "commune", alias)
    return tuple(units.values())


def _build(data: dict[str, Any], folder: Path) -> Form:
    _only(data, {
        "id", "version", "name", "sheet", "title", "attached", "header", "levels", "years",
        "units", "period", "indicator", "table", "rule",
    }, "form")  # fmt: skip
    try:
        form = Form(
            id=data["id"],
            version=data["version"],
            name=data["name"],
            sheet=data["sheet"],
            title=tuple(data["title"]),
            attached=data["attached"],
            header=data["header"],
            levels=data["levels"],
            years=(data["years"][0], data["years"][1]),
            period_kinds=tuple(_period(block) for block in data["period"]),
            indicators=tuple(_indicator(block) for block in data["indicator"]),
            rules=(),
            units=read_units(folder / data["units"]) if "units" in data else (),
            tables=tuple(_table(block) for block in data.get("table", ())),
        )
    except KeyError as error:
        raise FormError(f"form: thiếu mục {error}") from error
    except (ValueError, IndexError) as error:
        raise FormError(str(error) if isinstance(error, FormError) else f"form: {error}") from error
    _check_frame(form)
    _check_indicators(form)
    _check_tables(form)
    rules = tuple(_rule(block, form) for block in data.get("rule", ()))
    _unique(
        [f"{rule.id} {target}".strip() for rule in rules for target in rule.each or ("",)], "rule"
    )
    return Form(**{**_fields(form), "rules": rules})


def _fields(form: Form) -> dict[str, Any]:
    return {name: getattr(form, name) for name in Form.__dataclass_fields__}


def _require(condition: object, block: str, problem: str) -> None:
    if not condition:
        raise FormError(f"{block}: {problem}")


def _only(block: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(block.keys() - allowed)
    _require(not unknown, where, f"unknown key {', '.join(unknown)}")


def _unique(ids: list[str], what: str) -> None:
    seen: set[str] = set()
    for id in ids:
        # Excel does not tell defined names apart by letter case.
        _require(id.casefold() not in seen, f"{what} {id}", "appears more than once")
        seen.add(id.casefold())


def _node(text: str, where: str, is_condition: bool = False) -> Node:
    try:
        node = expression.parse(text)
        condition = expression.is_condition(node)
    except expression.ExpressionError as error:
        raise FormError(f"{where}: {error}") from error
    _require(expression.refs(node), where, f"{text!r} mentions no figure")
    _require(
        condition == is_condition,
        where,
        f"{text!r} is not a {'condition' if is_condition else 'number'}",
    )
    return node


def _period(block: dict[str, Any]) -> PeriodKind:
    where = f"period {block.get('code')}"
    try:
        start, end = (tuple(map(int, block[key].split("-"))) for key in ("start", "end"))
        for month, day in (start, end):
            date(2001, month, day)  # raises ValueError where a year has no such day
        return PeriodKind(
            code=block["code"],
            label=block["label"],
            start=(start[0], start[1]),
            start_year=block["start_year"],
            end=(end[0], end[1]),
            within=tuple(tuple(codes) for codes in block["within"]),
        )
    except (KeyError, ValueError, IndexError) as error:
        raise FormError(f"{where}: {error}") from error


def _table(block: dict[str, Any]) -> SupportTable:
    where = f"table {block.get('id')}"
    _only(block, set(SupportTable.__dataclass_fields__), where)
    try:
        columns = tuple(
            Column(**{**column, "sum": tuple(column.get("sum", ()))}) for column in block["columns"]
        )
        rows = tuple(block.get("rows", ()))
        return SupportTable(**{**block, "columns": columns, "rows": rows})
    except (KeyError, TypeError) as error:
        raise FormError(f"{where}: {error}") from error


def _check_tables(form: Form) -> None:
    _unique([table.id for table in form.tables], "table")
    _unique([form.sheet, *(table.sheet for table in form.tables)], "sheet")
    for table in form.tables:
        where = f"table {table.id}"
        _require(len(table.sheet) <= MAX_SHEET_NAME, where, "sheet name is too long for Excel")
        _require(table.size > 0 and table.inputs, where, "has no cell to fill")
        _unique([column.id for column in table.columns], f"{where}, column")
        inputs = {column.id for column in table.inputs}
        for column in table.columns:
            _require(set(column.sum) <= inputs, where, f"{column.id} sums what is not entered")
    clash = form.table_cells.keys() & {*form.by_id, *form.helper_ids}
    _require(not clash, "table", f"{', '.join(sorted(clash))} is also an indicator")


def _indicator(block: dict[str, Any]) -> Indicator:
    where = f"indicator {block.get('id')}"
    fields = dict(block)
    _only(fields, set(Indicator.__dataclass_fields__), where)
    for key in ("id", "label", "kind", "stt"):
        _require(isinstance(fields.get(key), str), where, f"needs {key}")
    _require(fields["kind"] in KINDS, where, f"kind {fields['kind']!r} is not one of {KINDS}")
    for key in ("percent", "helper"):
        two = isinstance(fields.get(key), dict) and fields[key].keys() == {"part", "whole"}
        _require(two or key not in fields, where, f"{key} needs part and whole, and no more")
    if "percent" in fields:
        percent = fields["percent"]
        fields["percent"] = Percent(_node(percent["part"], where), _node(percent["whole"], where))
    if "helper" in fields:
        _require("percent" not in fields, where, "has both percent and helper")
        fields["helper"] = Helper(**fields["helper"])
        fields["percent"] = Percent(Ref(f"{fields['id']}.tu"), Ref(f"{fields['id']}.mau"))
    if "weight" in fields:
        fields["weight"] = _node(fields["weight"], where)
    if "codes" in fields:
        numeric = all(code.isdecimal() for code in fields["codes"])
        _require(numeric, where, "codes are whole numbers")
        fields["codes"] = {int(code): label for code, label in fields["codes"].items()}
        # The printed unit of a coded row is its list of codes.
        fields["unit"] = "\n".join(f"{text} = {code}" for code, text in fields["codes"].items())
    return Indicator(**fields)


def _check_frame(form: Form) -> None:
    """Check what stands around the rows: sheet, titles, levels and periods."""
    _require(len(form.sheet) <= MAX_SHEET_NAME, "form", "sheet name is too long for Excel")
    _require(not re.search(r"[\[\]:*?/\\']", form.sheet), "form", "sheet name has one of []:*?/\\'")
    _require(len(form.title) == 2, "form", "title needs two lines")
    for text in (*form.title, form.attached):
        unknown = set(re.findall(r"\{(.*?)\}", text)) - set(PLACEHOLDERS)
        _require(not unknown, "form", f"unknown placeholder {', '.join(sorted(unknown))}")
    _require(set(HEADERS) <= form.header.keys(), "form", f"header needs {', '.join(HEADERS)}")
    _require(
        form.levels and form.levels.keys() <= {"commune", "district"},
        "form",
        "levels are commune and district",
    )
    codes = [kind.code for kind in form.period_kinds]
    _unique(codes, "period")
    _require(0 < len(codes) <= MAX_PERIODS, "form", f"needs one to {MAX_PERIODS} periods")
    for kind in form.period_kinds:
        inner = {code for some in kind.within for code in some}
        _require(inner <= set(codes), f"period {kind.code}", "within mentions an unknown period")
        _require("," not in kind.label, f"period {kind.code}", "label has a comma")


def _check_indicators(form: Form) -> None:
    _require(form.indicators, "form", "has no indicator")
    _unique([*(item.id for item in form.indicators), *form.helper_ids], "indicator")
    known = set(form.by_id) | set(form.helper_ids)
    for item in form.indicators:
        _check_indicator(item, f"indicator {item.id}", known)
    assert form.in_order_of_computation is not None  # raises on a cycle


def _check_indicator(item: Indicator, where: str, known: set[str]) -> None:
    _require(re.fullmatch(r"[0-9A-Za-z.]+", item.id), where, "id has other than 0-9 A-Z a-z .")
    _require(item.level in LEVELS, where, f"level {item.level!r} is not one of {LEVELS}")
    _require(item.aggregate in AGGREGATES, where, f"aggregate {item.aggregate!r} is unknown")
    if not item.is_figure:
        _require(item.aggregate == "none" and not item.unit, where, "a heading has no figure")
        return
    _require(item.aggregate != "none", where, "needs an aggregate")
    _require(item.nature in NATURES, where, f"nature {item.nature!r} is not one of {NATURES}")
    # Rule F08 (the unit fits the row) is decided here once for every workbook.
    _require(item.unit not in ("", "-"), where, "needs a unit")
    _require(
        (item.kind == "percent") == (item.unit == "%"),
        where,
        "percent rows, and only they, have the unit %",
    )
    _require(item.percent is None or item.kind == "percent", where, "only a percent is computed")
    _require((item.kind == "code") == bool(item.codes), where, "codes belong to kind code")
    ratio = item.aggregate in ("ratio", "ratio_shared")
    _require(not ratio or item.is_computed, where, f"{item.aggregate} needs percent parts")
    _require(
        not ratio
        or (
            item.percent
            and isinstance(item.percent.part, Ref)
            and isinstance(item.percent.whole, Ref)
        ),
        where,
        f"{item.aggregate} needs one [id] as part and one as whole",
    )
    _require(item.aggregate != "weighted" or item.weight, where, "weighted needs a weight")
    used = (
        *(item.percent.refs if item.percent else ()),
        *(expression.refs(item.weight) if item.weight else ()),
    )
    for ref in used:
        _require(ref in known, where, f"mentions [{ref}], which the form does not have")
    listed = ",".join(map(str, item.codes))
    _require(len(listed) <= MAX_LIST, where, "too many codes for a drop-down list")
    _require(len(item.help) <= MAX_PROMPT, where, "help is too long for an input message")


def _rule(block: dict[str, Any], form: Form) -> Rule:
    where = f"rule {block.get('id')}"
    allowed = {
        "id",
        "severity",
        "message",
        "fix",
        "holds",
        "check",
        "each",
        "level",
        "scope",
        "against",
    }
    _only(block, allowed, where)
    for key in ("id", "severity", "message"):
        _require(isinstance(block.get(key), str), where, f"needs {key}")
    rule = Rule(
        id=block["id"],
        severity=block["severity"],
        message=block["message"],
        fix=block.get("fix", DEFAULT_FIX),
        holds=_node(block["holds"], where, is_condition=True) if "holds" in block else None,
        check=block.get("check"),
        each=tuple(id for each in _listed(block.get("each")) for id in _select(each, form, where)),
        level=block.get("level"),
        scope=block.get("scope", "workbook"),
        against=block.get("against"),
    )
    _check_rule(rule, form, where, wants_each="each" in block)
    return rule


def _check_rule(rule: Rule, form: Form, where: str, wants_each: bool) -> None:
    _require(rule.severity in SEVERITIES, where, f"severity {rule.severity!r} is unknown")
    _require(rule.scope in SCOPES, where, f"scope {rule.scope!r} is unknown")
    _require(rule.level in (None, "commune", "district"), where, f"level {rule.level!r}")
    _require(
        (rule.scope == "period") == (rule.against in AGAINST),
        where,
        "against goes with scope period",
    )
    _require((rule.holds is None) != (rule.check is None), where, "needs either holds or check")
    checks = {"period": PERIOD_CHECKS, "city": CITY_CHECKS}.get(rule.scope, ())
    _require(rule.check is None or rule.check in checks, where, f"check {rule.check!r} unknown")
    _require(not wants_each or rule.each, where, "each selects no row")
    known = {*form.by_id, *form.helper_ids, *form.table_cells, *META}
    for instance in rule.instances():
        for id in expression.refs(instance.holds):
            _require(id in known, where, f"mentions [{id}], which the form does not have")
    for leaf in expression.leaves(rule.holds) if rule.holds else ():
        past = isinstance(leaf, Ref) and leaf.source == "previous"
        _require(not past or rule.scope == "period", where, "previous() goes with scope period")
    longest = max(map(len, rule.each), default=0)
    sentence = len(f"{rule.message} {rule.fix} [{rule.id}]") + longest
    _require(sentence <= MAX_LITERAL, where, "message and fix are too long for a formula")


def _listed(each: dict[str, Any] | list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return each if isinstance(each, list) else [each] if each is not None else []


def _select(each: dict[str, Any], form: Form, where: str) -> tuple[str, ...]:
    """Return the ids that a rule's ``each`` table selects, in printed order."""
    if "table" in each:
        return _select_cells(each, form, where)
    _only(
        each, {"ids", "except", "kind", "level", "nature", "aggregate", "formula", "input"}, where
    )
    for id in (*each.get("ids", ()), *each.get("except", ())):
        _require(id in form.by_id, where, f"selects {id}, which the form does not have")

    def chosen(item: Indicator) -> bool:
        if item.id in each.get("except", ()) or ("kind" not in each and not item.is_figure):
            return False
        if item.id not in each.get("ids", (item.id,)):
            return False
        if (item.percent is not None) != each.get("formula", item.percent is not None):
            return False
        if item.is_input != each.get("input", item.is_input):
            return False
        keys = ("kind", "level", "nature", "aggregate")
        return all(getattr(item, key) in each[key] for key in keys if key in each)

    return tuple(item.id for item in form.indicators if chosen(item))


def _select_cells(each: dict[str, Any], form: Form, where: str) -> tuple[str, ...]:
    """Return the rows of a supporting table, or with ``cells`` the cells that a clerk fills."""
    _only(each, {"table", "cells"}, where)
    for table in form.tables:
        if table.id == each["table"]:
            if not each.get("cells"):
                return tuple(table.row_ids())
            return tuple(id for id in form.table_inputs if form.table_cells[id][0] is table)
    raise FormError(f"{where}: selects table {each['table']}, which the form does not have")
