"""Summaries, read whole, as one long table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from xl_automation.consolidation.lower import ChangedFigure
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import show
from xl_automation.outputs.long_table import SourceFile, long_table
from xl_automation.summary.places import MATRIX
from xl_automation.summary.read_round import read_round
from xl_automation.xlsx.files import obstacles_told, refusals_told

Changed = Mapping[Path, Sequence[ChangedFigure]]


def exported(
    paths: Sequence[Path], form: Form, step: Callable[[], None] = lambda: None
) -> tuple[pd.DataFrame, Changed]:
    """Return the long table of some summaries, and which of their figures were changed by hand.

    Args:
        paths: The summaries, of any periods; a unit stands in one of each period only.
        form: Their form.
        step: Called after each.

    Raises:
        UserError: If one is no summary of the form, cannot be read whole, or two hold the same
            unit of the same period; it names them.
    """
    tables, changed = [], {}
    seen: dict[tuple[str, str], Path] = {}
    for path in paths:
        with refusals_told(path):
            found = read_round(path, form)
        for submission in found.submissions:
            key = found.period.code, submission.unit_code or ""
            other = seen.setdefault(key, path)
            if other is not path:
                raise UserError(
                    f"{path}: {submission.unit_name} kỳ {found.period.label} đã có trong {other}. "
                    "Mỗi đơn vị của một kỳ chỉ xuất từ một sổ; bỏ bớt một trong hai sổ."
                )
        with obstacles_told(path):
            source = SourceFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
        tables.append(long_table(found.consolidated(), source))
        if found.changed:
            changed[path] = found.changed
        step()
    return pd.concat(tables, ignore_index=True), changed


def changed_words(changed: Changed) -> Iterator[str]:
    """Yield a sentence for each summary of which figures were changed by hand."""
    for path, figures in changed.items():
        first = figures[0]
        yield (
            f"{path}: {len(figures)} số ở sheet “{MATRIX}” khác báo cáo của đơn vị (đơn vị "
            f"{first.unit}, chỉ tiêu {first.id}: {show(first.shown)}, báo cáo ghi "
            f"{show(first.kept)}). Bảng xuất ra lấy số của báo cáo."
        )
