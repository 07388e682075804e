"""One rule of the form (quy tắc kiểm tra)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xl_automation.forms.expression import Node, bind, refs

META = ("@from", "@to", "@period_from", "@period_to", "@report_date")  # dates in expressions


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule (quy tắc kiểm tra): an expression that must hold, or a named check."""

    id: str
    severity: str
    message: str
    fix: str
    holds: Node | None
    check: str | None
    each: tuple[str, ...]
    level: str | None
    scope: str
    against: str | None

    def instances(self) -> Iterator[RuleInstance]:
        """Yield the rule once for each row it is about, or once if it names its rows itself."""
        if self.holds is None:
            return
        for target in self.each or (None,):
            bound = bind(self.holds, target) if target else self.holds
            rule_id = self.id.replace("[*]", target or "")
            yield RuleInstance(self, rule_id, bound, target)


@dataclass(frozen=True, slots=True)
class RuleInstance:
    """A rule applied to one row."""

    rule: Rule
    id: str
    holds: Node
    target: str | None

    @property
    def refs(self) -> tuple[str, ...]:
        """The ids it looks at, the one it is about first."""
        ids = refs(self.holds)
        own = (self.target,) if self.target in ids else ()
        return tuple(dict.fromkeys(own + ids))
