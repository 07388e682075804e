"""The rows and figures of a form that a cell names by their ids."""

from __future__ import annotations

import math
from datetime import date, datetime
from itertools import chain
from typing import Any

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import quote
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import clean, plain
from xl_automation.forms.support_table import FIGURE


def read_id(form: Form, cell: Any) -> str:
    """Return the id that a cell names, as printed or as in a defined name (``CT_1.1.a``).

    Raises:
        UserError: Where the form has no such id.
    """
    if isinstance(cell, (datetime, date)):
        day = f"{cell:%d/%m/%Y}"
        raise UserError(
            f"mã đã bị Excel đổi thành ngày {day}; định dạng ô là Văn bản (Text) rồi ghi lại mã."
        )
    if isinstance(cell, float) and math.isfinite(cell):
        cell = str(plain(cell))
    text = clean(str(cell)).rstrip(".")
    if text in form.by_id:  # as it mostly is: the rest looks at every id
        return text
    written = text.casefold().removeprefix(FIGURE.casefold())
    for id in chain(form.by_id, form.helper_ids, form.table_cells):
        if id.casefold() == written:
            return id
    raise UserError(f"không có chỉ tiêu {quote(cell)} trong biểu mẫu.")


def row_named(form: Form, cell: Any) -> Indicator:
    """Return the row of the form that a cell names.

    Raises:
        UserError: Where the form has no such row.
    """
    id = read_id(form, cell)
    if id not in form.by_id:
        raise UserError(f"{id} là ô phụ, không phải chỉ tiêu của biểu mẫu.")
    return form.by_id[id]


def figure_named(form: Form, cell: Any) -> str:
    """Return the id of the figure that a cell names: a row's, a helper's, a supporting table's.

    Raises:
        UserError: Where the form has no such figure.
    """
    id = read_id(form, cell)
    if id in form.by_id and not form.by_id[id].is_figure:
        raise UserError(f"{id} là dòng tiêu đề, không có số liệu.")
    return id
