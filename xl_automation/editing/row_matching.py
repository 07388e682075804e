"""Which row of an old workbook is which row of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xl_automation.editing.old_workbook import OldRow
from xl_automation.forms.form import Form
from xl_automation.forms.words import plain_text, same_text

# --- which row is which ------------------------------------------------------------------------


def match_rows(old: Mapping[str, OldRow], form: Form) -> dict[str, str]:
    """Return the new id of each old row that is surely found again.

    Rows of one label, such as the parts of two percentages, are told apart by the row above them.
    """
    labels = {item.id: item.label for item in form.indicators}
    new = {
        item.id: OldRow(item.id, 0, item.label, item.unit, labels.get(_parent(item.id), ""))
        for item in form.figures
    }
    names, groups = _keys(old.values(), new.values(), 1), _keys(old.values(), new.values(), 3)
    found = {}
    for id, row in old.items():
        twin = new.get(id)
        if twin and same_text(row.label, twin.label):
            alone = names.get(_key(row, 1)) == (row, twin)
            if alone or same_text(row.parent, twin.parent):
                found[id] = id
    for pairs in (_keys(old.values(), new.values(), 2), groups):
        for mine, theirs in pairs.values():
            if mine.id not in found and theirs.id not in found.values():
                found[mine.id] = theirs.id
    return found


def _parent(id: str) -> str:
    return id.rpartition(".")[0]


def _key(row: OldRow, length: int) -> tuple[str, ...]:
    return tuple(plain_text(text) for text in (row.label, row.unit, row.parent)[:length])


def _keys(
    old: Iterable[OldRow], new: Iterable[OldRow], length: int
) -> dict[tuple[str, ...], tuple[OldRow, OldRow]]:
    """Return the pairs of rows that alone, each in its version, have a key."""
    by_key: list[dict[tuple[str, ...], list[OldRow]]] = [{}, {}]
    for rows, keys in zip((old, new), by_key, strict=True):
        for row in rows:
            keys.setdefault(_key(row, length), []).append(row)
    mine, theirs = by_key
    return {
        key: (rows[0], theirs[key][0])
        for key, rows in mine.items()
        if len(rows) == 1 and len(theirs.get(key, ())) == 1
    }
