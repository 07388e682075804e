"""Requirements of what is remembered.

R1 A result is made once for what comes again, and anew for all else.
R2 Nothing long is kept, and never more than so many.
R3 What was not understood is asked again.
"""

from __future__ import annotations

from xl_automation.xlsx.remembered import KnownPieces, remembered


def test_result_is_made_once_for_the_same_content():
    """Other content, or another argument beside it, is another question."""
    asked = []

    @remembered(8, longest=4)
    def asking(content: bytes, name: str) -> int:
        asked.append((content, name))
        return len(content)

    for content, name in [(b"ab", "x"), (b"ab", "x"), (b"ab", "y"), (b"abc", "x"), (b"ab", "x")]:
        assert asking(content, name) == len(content)
    assert asked == [(b"ab", "x"), (b"ab", "y"), (b"abc", "x")]


def test_long_content_is_not_kept():
    """It would fill the memory."""
    asked = []

    @remembered(8, longest=4)
    def asking(content: str) -> None:
        asked.append(content)

    for content in ("abcd", "abcd", "abcde", "abcde"):
        asking(content)
    assert asked == ["abcd", "abcde", "abcde"]


def test_pieces_are_known_within_limits():
    """Beyond so many all are forgotten; a long one, or one that means nothing, is never kept."""
    asked = []

    def understand(text: str) -> str | None:
        asked.append(text)
        return None if text == "?" else text.upper()

    known = KnownPieces(understand, entries=2, longest=3)
    assert [known[text] for text in ("a", "a", "b", "?", "?", "long", "long")] == [
        *("A", "A", "B", None, None, "LONG", "LONG")
    ]
    assert asked == ["a", "b", "?", "?", "long", "long"]
    assert known["c"] == "C"
    assert dict(known) == {"c": "C"}
