"""One rule of the form (quy tắc kiểm tra)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from xl_automation.forms.expression import Node, bind, refs
from xl_automation.forms.vocabulary import (
    Against,
    CityCheck,
    PeriodCheck,
    Scope,
    Severity,
    UnitLevel,
    WorkbookCheck,
)

# Dates in expressions. Those of the period follow from it and have no cell that people see.
SHOWN_META = ("@from", "@to", "@report_date")
DAYS = (*SHOWN_META, "@period_from", "@period_to")
# The number that begins the number and sign of the report: 66 of ``66/BC-UBND``.
REPORT_NUMBER = "@report_number"
META = (*DAYS, REPORT_NUMBER)
TRIAL = "Thử nghiệm: "  # how the message of a rule on trial begins


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule (quy tắc kiểm tra): an expression that must hold, or a named check.

    Attributes:
        stated_severity: How bad it is to break it, once it is not on trial any more.
        message: What is wrong; of a rule on trial it begins with saying so.
        basis: The act or document that it rests on, as people cite it; empty where none is known.
        trial: Whether it is on trial: it says what it would find, and blocks nothing.
        totals: Whether it also holds of the totals of many units.
        waits: Whether it asks for a figure that a clerk may not have come to yet: the workbook
            finds nothing before the row's part of the form is begun or the form is said to be done.
    """

    id: str
    stated_severity: Severity
    message: str
    fix: str
    holds: Node | None
    check: WorkbookCheck | PeriodCheck | CityCheck | None
    each: tuple[str, ...]
    level: UnitLevel | None
    scope: Scope
    against: Against | None
    basis: str = ""
    trial: bool = False
    totals: bool = False
    waits: bool = False

    @property
    def severity(self) -> Severity:
        """How bad it is to break it now: whatever it will be, a rule on trial only informs."""
        return "info" if self.trial else self.stated_severity

    @property
    def advice(self) -> str:
        """What to do, and what the rule rests on."""
        return f"{self.fix} Căn cứ: {self.basis}." if self.basis else self.fix

    @property
    def words(self) -> str:
        """What is wrong, what to do, and what the rule rests on."""
        return f"{self.message} {self.advice}"

    def instances(self) -> Iterator[RuleInstance]:
        """Yield the rule once for each row it is about, or once if it names its rows itself."""
        if self.holds is None:
            return
        for target in self.each or (None,):
            bound = bind(self.holds, target) if target else self.holds
            rule_id = self.id.replace("[*]", target or "")
            yield RuleInstance(self, rule_id, bound, target)


@dataclass(frozen=True)
class RuleInstance:
    """A rule applied to one row."""

    rule: Rule
    id: str
    holds: Node
    target: str | None

    @cached_property
    def key(self) -> str:
        """The rule and the row that it is about, or those that it names itself: whose it is."""
        return f"{self.rule.id} {self.target or ' '.join(self.refs)}"

    @cached_property
    def refs(self) -> tuple[str, ...]:
        """The ids it looks at, the one it is about first."""
        ids = refs(self.holds)
        own = (self.target,) if self.target in ids else ()
        return tuple(dict.fromkeys(own + ids))

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """The figures among them: not the dates."""
        return tuple(id for id in self.refs if id not in META)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The ids whose cells a finding names: the figures, or else the dates that have a cell."""
        return self.figures or tuple(id for id in self.refs if id in SHOWN_META)
