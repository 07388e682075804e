"""Which row of an old workbook is which row of the form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xl_automation.editing.old_workbook import OldRow
from xl_automation.forms.form import Form
from xl_automation.forms.words import plain_text, same_text


def match_rows(old: Mapping[str, OldRow], form: Form, former: Form | None = None) -> dict[str, str]:
    """Return the new id of each old row that is surely found again.

    Rows of one label, such as the parts of two percentages, are told apart by the row above them.
    Where one of two forms extends the other, a row that it names otherwise is the same.

    Args:
        old: The rows of the old workbook by id.
        form: The form whose rows they may be.
        former: The form of the old workbook, where it is known.
    """
    new = _rows_of(form)
    by_label, by_unit, by_parent = (_pairs(old.values(), new.values(), n) for n in (1, 2, 3))
    matched = {}
    for id, row in old.items():
        twin = new.get(id)
        if twin and _is_renamed(row, twin, form, former):
            matched[id] = id
        elif twin and same_text(row.label, twin.label):
            alone = by_label.get(_key(row, 1)) == (row, twin)
            if alone or same_text(row.parent, twin.parent):
                matched[id] = id
    for pairs in (by_unit, by_parent):
        for old_row, new_row in pairs.values():
            if old_row.id not in matched and new_row.id not in matched.values():
                matched[old_row.id] = new_row.id
    return matched


def _is_renamed(row: OldRow, twin: OldRow, form: Form, former: Form | None) -> bool:
    """Return whether the one form says that the row of the other had this label."""
    ways = [(form, row.label)]
    if former is not None and (known := former.by_id.get(row.id)):
        ways += [(former, twin.label)] if same_text(known.label, row.label) else []
    return any(
        same_text(label, before)
        for extending, label in ways
        for before in extending.former_labels.get(row.id, ())
    )


def _rows_of(form: Form) -> dict[str, OldRow]:
    """Return the rows of *form* by id, as those of a workbook."""
    labels = {item.id: item.label for item in form.indicators}
    return {
        item.id: OldRow(
            item.id, 0, item.label, item.unit, labels.get(item.id.rpartition(".")[0], "")
        )
        for item in form.figures
    }


def _key(row: OldRow, length: int) -> tuple[str, ...]:
    return tuple(plain_text(text) for text in (row.label, row.unit, row.parent)[:length])


def _pairs(
    old: Iterable[OldRow], new: Iterable[OldRow], length: int
) -> dict[tuple[str, ...], tuple[OldRow, OldRow]]:
    """Return the pairs of rows that alone, each in its version, have a key of that *length*."""
    old_rows, new_rows = _by_key(old, length), _by_key(new, length)
    return {
        key: (rows[0], new_rows[key][0])
        for key, rows in old_rows.items()
        if len(rows) == 1 and len(new_rows.get(key, ())) == 1
    }


def _by_key(rows: Iterable[OldRow], length: int) -> dict[tuple[str, ...], list[OldRow]]:
    by_key: dict[tuple[str, ...], list[OldRow]] = {}
    for row in rows:
        by_key.setdefault(_key(row, length), []).append(row)
    return by_key
