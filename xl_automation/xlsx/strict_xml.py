"""XML read by a grammar: what the grammar does not have is refused, never guessed at.

Comments, processing instructions, CDATA and references are what they are to XML: of
``<v>1<!-- -->8</v>`` the text is 18. It is read in one pass and nothing of it is kept, so that a
part costs no more than its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

from xl_automation.xlsx.refusal import Refusal, damaged

IGNORED = ""  # the state in which an element and all within it says nothing
OTHERS = "*"  # in a grammar, any element that it does not name, and any text
_SPACE = " \t\r\n"
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Grammar:
    """The elements that are known, each by its local name in one namespace.

    Attributes:
        namespace: That of all of them.
        children: What may stand in an element: the state of each child by its name, where a
            state is the name or ``IGNORED``. The root stands in ``""``. An element that is named
            in no list ends what is followed.
        texts: The elements that hold text; in the others there is only white space.
        once: The elements that stand at most once in their parent.
        nowhere_else: The elements that may not even stand where all is ignored.
    """

    namespace: str
    children: Mapping[str, Mapping[str, str]]
    texts: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    nowhere_else: frozenset[str] = frozenset()


class StrictReader:
    """Follows the XML of one part."""

    def __init__(
        self,
        grammar: Grammar,
        begin: Callable[[str, dict[str, str]], None],
        end: Callable[[str, str], None],
        place: Callable[[], str],
    ):
        """Make a reader.

        Args:
            grammar: What is known.
            begin: Called with the name and the attributes of each element that is not ignored.
            end: Called with its name and its text.
            place: Says where one is, for a refusal.
        """
        self._grammar, self._begin, self._end, self._place = grammar, begin, end, place
        self._prefix = f"{grammar.namespace} "
        self._states: list[str] = [""]
        self._seen: list[frozenset[str]] = [_NOTHING]  # of `once`, in each element that is open
        self._text: list[str] = []
        self._ignored = 0  # elements that are open and ignored

    def read(self, content: bytes) -> None:
        """Follow *content*, XML that was checked.

        Raises:
            Refusal: If the grammar does not have it.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._stop
        parser.CharacterDataHandler = self._characters
        try:
            parser.Parse(content, True)
        except expat.ExpatError as error:
            raise damaged(f"XML lỗi trong {self._place()}") from error

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        # An element of another namespace, or of none, has no name here.
        name = tag.removeprefix(self._prefix) if tag.startswith(self._prefix) else f" {tag}"
        if self._ignored:
            if name in self._grammar.nowhere_else:
                raise self._ambiguous(name)
            self._ignored += 1
            return
        known = self._grammar.children.get(self._states[-1], {})
        state = known.get(name) if name in known else known.get(OTHERS)
        if state is None:
            raise damaged(f"{self._place()} có phần tử lạ “{_shown(tag)}”")
        if state == IGNORED:
            if name in self._grammar.nowhere_else:
                raise self._ambiguous(name)
            self._ignored = 1
            return
        if state in self._grammar.once:
            if state in self._seen[-1]:
                raise self._ambiguous(name)
            self._seen[-1] |= {state}
        self._states.append(state)
        self._seen.append(_NOTHING)
        self._begin(state, attributes)

    def _stop(self, _tag: str) -> None:
        if self._ignored:
            self._ignored -= 1
            return
        self._seen.pop()
        state = self._states.pop()
        if self._text:
            self._end(state, "".join(self._text))
            self._text.clear()
        else:
            self._end(state, "")

    def _characters(self, text: str) -> None:
        state = self._states[-1]
        if self._ignored or OTHERS in self._grammar.children.get(state, ()):
            return
        if state in self._grammar.texts:
            self._text.append(text)
        elif text.strip(_SPACE):
            raise damaged(f"{self._place()} có chữ ngoài ô: “{_shown(text)}”")

    def _ambiguous(self, name: str) -> Refusal:
        return ambiguous(f"hai phần tử “{name}” ở {self._place()}")


def ambiguous(what: str) -> Refusal:
    """Return the refusal of a file in which something has two meanings."""
    return Refusal("ambiguous", what=what)


def _shown(text: str) -> str:
    return text.rpartition(" ")[2].strip()[:40]
