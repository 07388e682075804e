"""Loads a form from its TOML file.

:mod:`validity` says what it must be. A mistake in the file is reported with the block that holds
it, before anything is built from it.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from xl_automation.errors import FormError, UserError
from xl_automation.forms.absence import Absence
from xl_automation.forms.expression import Node, Ref, is_condition, refs
from xl_automation.forms.extension import Labels, extended, former_labels
from xl_automation.forms.form import Form
from xl_automation.forms.grammar import parse
from xl_automation.forms.indicator import PART_END, WHOLE_END, Helper, Indicator, Percent
from xl_automation.forms.period import PeriodKind
from xl_automation.forms.quantity import Quantity
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.rule import TRIAL, Rule
from xl_automation.forms.selection import as_list, select
from xl_automation.forms.support_table import SupportTable, TableColumn
from xl_automation.forms.unit_list import read_units
from xl_automation.forms.validity import (
    check_absences,
    check_frame,
    check_indicators,
    check_quantities,
    check_rule,
    check_tables,
    one_of,
    only,
    require,
    unique,
)
from xl_automation.forms.vocabulary import DEFAULT_FORM, Kind, Severity

FORMS = Path(__file__).parent
_NEEDED = (
    *("id", "version", "name", "sheet", "title", "attached", "header", "levels", "years"),
    *("period", "indicator"),
)
_CHECK = "Xem lại các ô nêu trên: ghi nhầm thì sửa; đúng thì giải trình ở Ghi chú."
DEFAULT_FIX: Mapping[Severity, str] = {
    "error": "Xem lại các ô nêu trên và sửa ô ghi nhầm.",
    "warning": _CHECK,
    "info": _CHECK,
}


def load_form(source: str | Path = DEFAULT_FORM) -> Form:
    """Return the form in *source*: an id such as ``cchc-2022``, or the path of a TOML file.

    Raises:
        FormError: Where a block of the file is wrong, or the form does not exist.
    """
    return _build(*_stated(str(source), Path(), ()))


def _stated(source: str, folder: Path, above: tuple[Path, ...]) -> tuple[dict[str, Any], Labels]:
    """Return what a file states, that of the form which it extends included.

    Args:
        source: The id or path of the form.
        folder: From which a path is meant.
        above: The files that extend it.

    Returns:
        The blocks, and the labels that its rows had in the forms that it extends.
    """
    path = folder / source
    if path.suffix != ".toml":
        path = FORMS / f"{source}.toml"
    if not path.is_file():
        raise FormError(f"Không có biểu mẫu “{source}”.")
    require(path.resolve() not in above, "form", f"{path.name} extends itself")
    try:
        text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FormError(f"{path.name}: {error}") from error
    if "units" in data:
        data["units"] = str(path.parent / data["units"])
    if "extends" not in data:
        return data, {}
    require({"id", "version"} <= data.keys(), "form", "needs id and version of its own")
    base, former = _stated(data["extends"], path.parent, (*above, path.resolve()))
    return extended(base, data), former_labels(base, data, former)


def form_named(id: str) -> Form | None:
    """Return the form with this *id* if it is one of those that ship, else None."""
    return _shipped(FORMS, id)


def default_form() -> Form:
    """Return the form that is meant where nothing names another."""
    return form_named(DEFAULT_FORM) or load_form()


@lru_cache(64)  # a workbook may name anything
def _shipped(folder: Path, id: str) -> Form | None:
    is_there = id in {path.stem for path in folder.glob("*.toml")}
    return load_form(folder / f"{id}.toml") if is_there else None


def _build(data: dict[str, Any], former: Labels) -> Form:
    only(data, {*_NEEDED, "units", "table", "absence", "quantity", "rule", "notice"}, "form")
    for key in _NEEDED:
        require(key in data, "form", f"needs {key}")
    years = data["years"]
    require(len(years) == 2 and all(isinstance(year, int) for year in years), "form", "two years")
    form = Form(
        id=data["id"],
        version=data["version"],
        name=_noted(data["name"], data),
        sheet=data["sheet"],
        title=(_noted(data["title"][0], data), *data["title"][1:]) if data["title"] else (),
        attached=data["attached"],
        header=data["header"],
        levels=data["levels"],
        years=(years[0], years[1]),
        period_kinds=tuple(_period(block) for block in data["period"]),
        indicators=tuple(_indicator(block) for block in data["indicator"]),
        rules=(),
        units=_units(Path(data["units"])) if "units" in data else (),
        tables=tuple(_table(block) for block in data.get("table", ())),
        absences=tuple(_absence(block) for block in data.get("absence", ())),
        quantities=tuple(_quantity(block) for block in data.get("quantity", ())),
        notice=data.get("notice", ""),
        former_labels=former,
    )
    check_frame(form)
    check_absences(form)
    check_indicators(form)
    check_tables(form)
    check_quantities(form)
    rules = tuple(_rule(block, form) for block in data.get("rule", ()))
    unique(
        [f"{rule.id} {target}".strip() for rule in rules for target in rule.each or ("",)], "rule"
    )
    return replace(form, rules=rules)


def _noted(text: str, data: dict[str, Any]) -> str:
    """Return a name or title of the form with its notice, so that it stands wherever that does."""
    return f"{text} ({data['notice']})" if "notice" in data else text


def _units(path: Path) -> tuple[ReportingUnit, ...]:
    try:
        return read_units(path)
    except UserError as error:
        raise FormError(f"form: {error}") from error


def _node(text: str, where: str, wants_condition: bool = False) -> Node:
    try:
        node = parse(text)
        condition = is_condition(node)
    except FormError as error:
        raise FormError(f"{where}: {error}") from error
    require(refs(node), where, f"{text!r} mentions no figure")
    require(
        condition == wants_condition,
        where,
        f"{text!r} is not a {'condition' if wants_condition else 'number'}",
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
            within=tuple(map(tuple, block["within"])) if "within" in block else None,
        )
    except (KeyError, ValueError, IndexError) as error:
        raise FormError(f"{where}: {error}") from error


def _table(block: dict[str, Any]) -> SupportTable:
    where = f"table {block.get('id')}"
    only(block, set(SupportTable.__dataclass_fields__), where)
    try:
        columns = tuple(
            TableColumn(**{**column, "sum": tuple(column.get("sum", ()))})
            for column in block["columns"]
        )
        rows = tuple(block.get("rows", ()))
        dates = tuple(block.get("dates", ()))
        return SupportTable(**{**block, "columns": columns, "rows": rows, "dates": dates})
    except (KeyError, TypeError) as error:
        raise FormError(f"{where}: {error}") from error


def _absence(block: dict[str, Any]) -> Absence:
    where = f"absence {block.get('code')}"
    keys = Absence.__dataclass_fields__
    only(block, set(keys), where)
    for key in keys:
        require(isinstance(block.get(key), str), where, f"needs {key}")
    return Absence(**block)


def _quantity(block: dict[str, Any]) -> Quantity:
    where = f"quantity {block.get('name')}"
    only(block, set(Quantity.__dataclass_fields__), where)
    for key in Quantity.__dataclass_fields__:
        require(isinstance(block.get(key), str), where, f"needs {key}")
    return Quantity(block["name"], block["unit"], _node(block["of"], where))


def _indicator(block: dict[str, Any]) -> Indicator:
    where = f"indicator {block.get('id')}"
    fields = dict(block)
    only(fields, set(Indicator.__dataclass_fields__), where)
    for key in ("id", "label", "kind", "stt"):
        require(isinstance(fields.get(key), str), where, f"needs {key}")
    one_of(Kind, fields["kind"], where, "kind")
    for key in ("percent", "helper"):
        two = isinstance(fields.get(key), dict) and fields[key].keys() == {"part", "whole"}
        require(two or key not in fields, where, f"{key} needs part and whole, and no more")
    if "percent" in fields:
        percent = fields["percent"]
        fields["percent"] = Percent(_node(percent["part"], where), _node(percent["whole"], where))
    if "helper" in fields:
        require("percent" not in fields, where, "has both percent and helper")
        fields["helper"] = Helper(**fields["helper"])
        fields["percent"] = Percent(Ref(fields["id"] + PART_END), Ref(fields["id"] + WHOLE_END))
    if "weight" in fields:
        fields["weight"] = _node(fields["weight"], where)
    if "codes" in fields:
        numeric = all(code.isdecimal() for code in fields["codes"])
        require(numeric, where, "codes are whole numbers")
        fields["codes"] = {int(code): label for code, label in fields["codes"].items()}
        # The printed unit of a coded row is its list of codes.
        fields["unit"] = "\n".join(f"{text} = {code}" for code, text in fields["codes"].items())
    return Indicator(**fields)


def _rule(block: dict[str, Any], form: Form) -> Rule:
    where = f"rule {block.get('id')}"
    only(block, {"severity", *Rule.__dataclass_fields__} - {"stated_severity"}, where)
    for key in ("id", "severity", "message"):
        require(isinstance(block.get(key), str), where, f"needs {key}")
    trial, waits = (block.get(key, False) for key in ("trial", "waits"))
    for key, flag in (("trial", trial), ("waits", waits)):
        require(isinstance(flag, bool), where, f"{key} is true or false")
    rule = Rule(
        id=block["id"],
        stated_severity=block["severity"],
        message=f"{TRIAL}{block['message']}" if trial else block["message"],
        fix=block.get("fix", DEFAULT_FIX.get(block["severity"], "")),
        holds=_node(block["holds"], where, wants_condition=True) if "holds" in block else None,
        check=block.get("check"),
        each=tuple(id for each in as_list(block.get("each")) for id in select(each, form, where)),
        level=block.get("level"),
        scope=block.get("scope", "workbook"),
        against=block.get("against"),
        basis=block.get("basis", ""),
        trial=trial,
        # A rule of one level speaks of one unit of that level, unless it says otherwise.
        totals=block.get("totals", "level" not in block),
        waits=waits,
    )
    check_rule(rule, form, where, wants_each="each" in block)
    return rule
