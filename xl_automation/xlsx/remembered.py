"""Results that are kept for what comes again, within limits.

All workbooks of a round come from one template, so most of their small parts, and most cells, are
the same byte for byte. What a pure function made of one holds for the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar, cast

SMALL = 1 << 17  # bytes or characters; what is longer is not kept
Function = TypeVar("Function", bound=Callable[..., Any])
Result = TypeVar("Result")


def remembered(entries: int, longest: int = SMALL) -> Callable[[Function], Function]:
    """Keep the results of a pure function whose first argument is some content.

    Args:
        entries: How many are kept.
        longest: The length of content beyond which nothing is kept.
    """

    def decorate(function: Function) -> Function:
        kept = lru_cache(entries)(function)

        @wraps(function)
        def call(content: bytes | str, *rest: Any) -> Any:
            return (kept if len(content) <= longest else function)(content, *rest)

        return cast(Function, call)

    return decorate


class KnownPieces(dict[str, Result]):
    """What pieces of text mean, understood when they are first met.

    ``None`` is what is not understood, and is not kept. Once there are *entries* of them, all are
    forgotten: that costs less than to know which was used last.
    """

    def __init__(self, understand: Callable[[str], Result | None], entries: int, longest: int):
        super().__init__()
        self._understand, self._entries, self._longest = understand, entries, longest

    def __missing__(self, text: str) -> Result | None:
        piece = self._understand(text)
        if piece is not None and len(text) <= self._longest:
            if len(self) >= self._entries:
                self.clear()
            self[text] = piece
        return piece
