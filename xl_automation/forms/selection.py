"""The rows and cells that a rule of the form selects with ``each``."""

from __future__ import annotations

from typing import Any

from xl_automation.errors import FormError
from xl_automation.forms.aggregates import AGGREGATES
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.validity import one_of, only, require
from xl_automation.forms.vocabulary import Kind, Level, Nature


def as_list(each: dict[str, Any] | list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """Return the tables of a rule's ``each``, which may be one, several or none."""
    return each if isinstance(each, list) else [each] if each is not None else []


def select(each: dict[str, Any], form: Form, where: str) -> tuple[str, ...]:
    """Return the ids that a rule's ``each`` table selects, in printed order."""
    if "table" in each:
        return _select_cells(each, form, where)
    only(each, {"ids", "except", "kind", "level", "nature", "aggregate", "formula", "input"}, where)
    for id in (*each.get("ids", ()), *each.get("except", ())):
        require(id in form.by_id, where, f"selects {id}, which the form does not have")
    for key, words in (("kind", Kind), ("level", Level), ("nature", Nature)):
        for word in each.get(key, ()):
            one_of(words, word, where, key)
    for word in each.get("aggregate", ()):
        require(word in AGGREGATES, where, f"aggregate {word!r} is unknown")

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
    only(each, {"table", "cells"}, where)
    for table in form.tables:
        if table.id == each["table"]:
            if not each.get("cells"):
                return tuple(table.row_ids())
            return tuple(id for id in form.table_inputs if form.table_cells[id][0] is table)
    raise FormError(f"{where}: selects table {each['table']}, which the form does not have")
