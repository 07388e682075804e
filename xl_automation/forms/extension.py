"""A form that is another one with differences (``extends``): its file states these alone.

A difference that changes nothing, or that names what is not there, is a mistake in the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xl_automation.forms.validity import require, unique

Block = Mapping[str, Any]
Labels = Mapping[str, tuple[str, ...]]

KEYS: Mapping[str, str] = {
    "period": "code",
    "indicator": "id",
    "table": "id",
    "absence": "code",
    "quantity": "name",
    "rule": "id",
}  # the key that names a block
DROPS: Mapping[str, str] = {
    "drop": "indicator",
    "drop_periods": "period",
    "drop_tables": "table",
    "drop_absences": "absence",
    "drop_quantities": "quantity",
    "drop_rules": "rule",
}
_PER_KEY = ("header", "levels")  # of which only the keys that differ are stated


def extended(base: Block, own: Block) -> dict[str, Any]:
    """Return the form *base* with the differences *own*, both as a file states them.

    Raises:
        FormError: If a difference changes nothing or names what is not there; it names the block.
    """
    data = dict(base)
    for key, value in own.items():
        if key in _PER_KEY:
            data[key] = _changed(base.get(key, {}), value, key)
        elif key not in KEYS and key not in DROPS and key != "extends":
            same = key != "version" and base.get(key) == value
            require(not same, "form", f"{key} is as in {base['id']}")
            data[key] = value
    for drop, name in DROPS.items():
        require(isinstance(own.get(drop, []), list), "form", f"{drop} is a list")
        if name in own or drop in own:
            data[name] = [*_Blocks(name, base, own, tuple(own.get(drop, ()))).merged()]
    return data


def former_labels(base: Block, own: Block, before: Labels) -> Labels:
    """Return the labels that rows had in *base* and what it extends, where *own* has others, by id.

    A row that is dropped and stated anew is another one and had none.

    Args:
        base: The form that is extended, as a file states it.
        own: The differences.
        before: The former labels of *base*.
    """
    dropped = own.get("drop", ())
    labels = {id: known for id, known in before.items() if not _is_in(id, dropped)}
    known = {block.get("id"): block["label"] for block in base["indicator"] if "label" in block}
    for block in own.get("indicator", ()):
        id = block["id"]
        if "label" in block and id in known and not _is_in(id, dropped):
            labels[id] = (*labels.get(id, ()), known[id])
    return labels


def _changed(base: Block, own: Block, where: str) -> dict[str, Any]:
    require(own and isinstance(own, dict), where, "states no difference")
    for key, value in own.items():
        require(key not in base or base[key] != value, where, f"{key} is as it was")
    return {**base, **own}


def _is_in(id: str, dropped: tuple[str, ...]) -> bool:
    """Return whether a row is one of those dropped, or below one."""
    return any(id == one or id.startswith(f"{one}.") for one in dropped)


class _Blocks:
    """The blocks of one *name*: those of the base, in their order, with the differences."""

    def __init__(self, name: str, base: Block, own: Block, dropped: tuple[str, ...]):
        self._name, self._key = name, KEYS[name]
        self._base: list[Block] = list(base.get(name, ()))
        self._ids: list[str] = [block.get(self._key, "") for block in self._base]
        self._gone = self._dropped(dropped)
        self._changes: dict[str, Block] = {}
        self._anew: dict[str, list[Block]] = {}
        self._after: dict[str, list[Block]] = {}
        self._last: list[Block] = []
        for block in own.get(name, ()):
            require(self._key in block, name, f"needs {self._key}")
            self._sort(block, block[self._key], f"{name} {block[self._key]}")

    def merged(self) -> Iterator[Block]:
        """Yield all blocks. What is dropped and stated anew stands in the place of the dropped."""
        for id, block in zip(self._ids, self._base, strict=True):
            if id not in self._gone:
                own = self._changes.get(id)
                where = f"{self._name} {id}"
                differs = {key: own[key] for key in own if key != self._key} if own else None
                yield block if differs is None else _changed(block, differs, where)
                yield from self._following(id)
            for new in self._anew.pop(id, ()):
                yield new
                yield from self._following(id)
        yield from self._last
        for id, blocks in self._after.items():
            where = f"{self._name} {blocks[0][self._key]}"
            require(False, where, f"stands after {id}, which the form does not have")

    def _following(self, id: str) -> Iterator[Block]:
        for block in self._after.pop(id, ()):
            yield {key: value for key, value in block.items() if key != "after"}
            yield from self._following(block[self._key])

    def _dropped(self, dropped: tuple[str, ...]) -> set[str]:
        unique([*dropped], f"{self._name} dropped:")
        gone: set[str] = set()
        for id in dropped:
            where = f"{self._name} {id}"
            below = self._name == "indicator"
            found = {one for one in self._ids if one == id or (below and _is_in(one, (id,)))}
            require(found, where, "is dropped, but not there")
            require(not found & gone, where, "is dropped with another one already")
            gone |= found
        return gone

    def _sort(self, block: Block, id: str, where: str) -> None:
        if id in self._ids:
            require("after" not in block, where, "has its place: after is for a new one")
        if id in self._gone:
            self._anew.setdefault(id, []).append(block)
        elif id in self._ids:
            several = self._ids.count(id) > 1
            require(not several, where, "is there more than once: drop them, and state them anew")
            require(id not in self._changes, where, "is changed more than once")
            self._changes[id] = block
        elif self._name == "indicator":
            require("after" in block, where, "is new: needs after, the row that it stands below")
            self._after.setdefault(block["after"], []).append(block)
        else:
            self._last.append(block)
