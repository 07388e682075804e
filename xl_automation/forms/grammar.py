"""The grammar of the language in which a form states percentages and rules: text to tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from xl_automation.errors import FormError
from xl_automation.forms.expression import (
    COMPARISONS,
    NUMBER_FUNCTIONS,
    STATE_FUNCTIONS,
    Apply,
    Node,
    Number,
    Ref,
)
from xl_automation.forms.vocabulary import Source

# --- reading -----------------------------------------------------------------------------------

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|\[([^\]]+)\]|([A-Za-z_]+)|(<=|>=|==|!=|[-+*/<>(),]))")


def parse(text: str) -> Node:
    """Return the expression in *text* as a tree.

    Raises:
        FormError: Where the text breaks the grammar.

    >>> parse("[1.1.b] <= 8")
    Apply(op='<=', args=(Ref(id='1.1.b', source='number'), Number(value=8.0)))
    """
    parser = _Parser(text)
    node = parser.either()
    if parser.token is not None:
        raise FormError(f"unexpected {parser.token!r} in {text!r}")
    return node


_SOURCES: Mapping[str, Source] = {word: word for word in (*STATE_FUNCTIONS, *NUMBER_FUNCTIONS)}


class _Parser:
    """Recursive descent; each method reads one level of precedence."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = self._split()
        self.token = next(self.tokens, None)

    def _split(self) -> Iterator[str]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise FormError(f"cannot read {self.text[at:]!r} in {self.text!r}")
            at = match.end()
            number, ref, word, sign = match.groups()
            yield f"[{ref}" if ref else number or word or sign

    def take(self, *expected: str) -> str | None:
        token = self.token
        if token is None or (expected and token not in expected):
            return None
        self.token = next(self.tokens, None)
        return token

    def need(self, expected: str) -> None:
        if self.take(expected) is None:
            raise FormError(f"{expected!r} expected before {self.token!r} in {self.text!r}")

    def _chain(self, part: Callable[[], Node], *signs: str) -> Node:
        node = part()
        while sign := self.take(*signs):
            node = Apply(sign, (node, part()))
        return node

    def either(self) -> Node:
        return self._chain(self.both, "or")

    def both(self) -> Node:
        return self._chain(self.negation, "and")

    def negation(self) -> Node:
        return Apply("not", (self.negation(),)) if self.take("not") else self.comparison()

    def comparison(self) -> Node:
        node = self.sum()
        if sign := self.take(*COMPARISONS):
            return Apply(sign, (node, self.sum()))
        if self.take("in"):
            return self._membership(node)
        return node

    def _membership(self, node: Node) -> Node:
        if self.take("codes"):
            if not (isinstance(node, Ref) and node.source == "number"):
                raise FormError(f"'in codes' follows one [id] in {self.text!r}")
            return Ref(node.id, "codes")
        self.need("(")
        options = [Apply("==", (node, self.sum()))]
        while self.take(","):
            options.append(Apply("==", (node, self.sum())))
        self.need(")")
        tree: Node = options[0]
        for option in options[1:]:
            tree = Apply("or", (tree, option))
        return tree

    def sum(self) -> Node:
        return self._chain(self.product, "+", "-")

    def product(self) -> Node:
        return self._chain(self.factor, "*", "/")

    def factor(self) -> Node:
        if self.take("-"):
            return Apply("-", (Number(0.0), self.factor()))
        if self.take("("):
            node = self.either()
            self.need(")")
            return node
        token = self.take()
        if token is None:
            raise FormError(f"{self.text!r} ends too soon")
        if token[0] == "[":
            return Ref(token[1:].strip())
        if token[0].isdigit():
            return Number(float(token))
        if source := _SOURCES.get(token):
            self.need("(")
            ref = self.factor()
            self.need(")")
            if not (isinstance(ref, Ref) and ref.source == "number"):
                raise FormError(f"{token}() takes one [id] in {self.text!r}")
            return Ref(ref.id, source)
        if token in ("abs", "int"):
            self.need("(")
            node = self.sum()
            self.need(")")
            return Apply(token, (node,))
        raise FormError(f"unknown word {token!r} in {self.text!r}")
