"""How often something is called: work that must not grow with what it is not about."""

from __future__ import annotations

from typing import Any

import pytest


def calls(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[tuple[Any, ...]]:
    """Return a list that gets the arguments of each call of a function from now on."""
    made: list[tuple[Any, ...]] = []
    original = getattr(owner, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        made.append(arguments)
        return original(*arguments, **named)

    monkeypatch.setattr(owner, name, counted)
    return made
