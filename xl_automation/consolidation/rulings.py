"""Decisions as they were written down → what they mean, or why that is not clear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from xl_automation.consolidation.choice import Sender
from xl_automation.consolidation.decisions import ALL, KIND_WORDS, Decision, DecisionKind
from xl_automation.errors import UserError
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.words import plain_text
from xl_automation.reading.remark import REMARKS
from xl_automation.template.positions import UNIT_SEPARATOR
from xl_automation.wording import quoted

_KINDS: Mapping[str, DecisionKind] = {
    text.casefold(): kind for kind, words in KIND_WORDS.items() for text in (kind, words)
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a decision means.

    Attributes:
        decision: The decision as it was written down.
        meant: The same in one way of writing: unit, rule and kind as codes, ``*`` for all.
        kind: ``exclude`` or ``accept``; None where it is not clear.
        unit: The unit; None for all.
        indicator: The row; None for all.
        rule: The rule that is waived; None for all.
        problem: Why it is not clear; empty where it is.
        is_expired: Whether the period is later than the last one that it holds for.
    """

    decision: Decision
    meant: Decision
    kind: DecisionKind | None = None
    unit: ReportingUnit | None = None
    indicator: str | None = None
    rule: str | None = None
    problem: str = ""
    is_expired: bool = False

    @property
    def holds(self) -> bool:
        """Whether it is to be applied."""
        return not (self.problem or self.is_expired)

    @property
    def sender(self) -> Sender:
        """Whose files it is about."""
        assert self.unit is not None
        return self.unit.level, self.unit.code


class _Unclear(Exception):
    """A decision that cannot be understood; the message says why."""


@dataclass(frozen=True)
class Rulebook:
    """What decisions may name: the units, rows, rules and periods of a round.

    Attributes:
        form: The form.
        units: Who reports, communes and city.
        period: The period.
    """

    form: Form
    units: Sequence[ReportingUnit]
    period: Period | None

    def rulings(self, decisions: Iterable[Decision]) -> tuple[Ruling, ...]:
        """Return what decisions mean, in their order; of those that mean the same the first."""
        rulings: dict[Decision, Ruling] = {}
        for ruling in map(self._ruling, decisions):
            rulings.setdefault(ruling.meant, ruling)
        return tuple(rulings.values())

    def family(self, rule: str) -> str:
        """Return the rule of the form that *rule*, of a finding, is an instance of."""
        return self._families.get(rule, rule)

    def is_of_duplicates(self, rule: str | None) -> bool:
        """Return whether a rule is about a unit that sent several files."""
        checks = {known.id: known.check for known in self.form.rules}
        return checks.get(rule or "") == "duplicate"

    def _ruling(self, written: Decision) -> Ruling:
        texts = {field.name: plain_text(getattr(written, field.name)) for field in fields(written)}
        meant = Decision(**texts | {name: texts[name] or ALL for name in ("unit", "indicator")})
        kind = _KINDS.get(meant.decision.casefold())
        try:
            unit = self._unit(meant.unit)
            meant = replace(meant, unit=unit.code if unit else ALL, decision=kind or meant.decision)
            rule = self._rule(meant.rule)
            meant = replace(meant, rule=rule or meant.rule)
            indicator = self._indicator(meant.indicator)
            self._check(meant, kind, unit, indicator, rule)
            is_over = self._is_over(meant.until)
        except _Unclear as problem:
            return Ruling(written, meant, problem=str(problem))
        return Ruling(written, meant, kind, unit, indicator, rule, is_expired=is_over)

    def _unit(self, text: str) -> ReportingUnit | None:
        """Return the unit called so, by code, by name or by both."""
        if text == ALL:
            return None
        code, _, name = text.partition(UNIT_SEPARATOR)
        for unit in self.units:
            if text == unit.code or (code == unit.code and unit.is_named(name)):
                return unit
        named = [unit for unit in self.units if unit.is_named(text)]
        if len(named) == 1:
            return named[0]
        raise _Unclear(f"không rõ đơn vị “{quoted(text)}”; ghi mã đơn vị trong danh sách")

    def _indicator(self, id: str) -> str | None:
        if id == ALL:
            return None
        if id not in self.form.by_id or not self.form.by_id[id].is_figure:
            raise _Unclear(f"không có chỉ tiêu “{quoted(id)}” có số liệu; ghi mã như 1.1.a")
        return id

    def _rule(self, id: str) -> str | None:
        if id in ("", ALL):
            return None
        known = self._known_rules.get(id.casefold())
        if known is None:
            raise _Unclear(f"không có quy tắc “{quoted(id)}”; ghi mã như ở danh sách điểm")
        return known

    def _check(
        self,
        meant: Decision,
        kind: DecisionKind | None,
        unit: ReportingUnit | None,
        indicator: str | None,
        rule: str | None,
    ) -> None:
        """Require that what a decision names goes together.

        Raises:
            _Unclear: If it does not.
        """
        if kind is None:
            words = " hoặc ".join(f"“{words}”" for words in KIND_WORDS.values())
            raise _Unclear(f"“{quoted(meant.decision)}” không phải {words}")
        if not meant.reason:
            raise _Unclear("chưa ghi lý do")
        if kind == "exclude":
            if unit is None:
                raise _Unclear("loại khỏi tổng phải ghi rõ đơn vị")
            if rule and not indicator:
                raise _Unclear("loại cả đơn vị hay chỉ một chỉ tiêu? Ghi chỉ tiêu hoặc bỏ quy tắc")
            item = self.form.by_id[indicator] if indicator else None
            if item and item.is_computed and aggregate_of(item).is_rate:
                assert item.percent is not None
                parts = ", ".join(item.percent.refs)
                raise _Unclear(f"{item.id} được tính từ {parts}: loại các chỉ tiêu đó")
        elif rule is None and (meant.rule != ALL or unit is None):
            raise _Unclear("chấp nhận phải ghi rõ quy tắc")
        if meant.file and not (kind == "accept" and unit and self.is_of_duplicates(rule)):
            raise _Unclear("tên tệp chỉ đi với một đơn vị và quy tắc về nhiều tệp của một đơn vị")

    def _is_over(self, until: str) -> bool:
        if not until:
            return False
        try:
            last = self.form.period(until)
        except UserError as error:
            raise _Unclear(str(error)) from error
        return self.period is not None and self.period.follows(last)

    @cached_property
    def _families(self) -> Mapping[str, str]:
        return {instance.id: rule.id for rule in self.form.rules for instance in rule.instances()}

    @cached_property
    def _known_rules(self) -> Mapping[str, str]:
        ids = (*REMARKS, *(rule.id for rule in self.form.rules), *self._families)
        return {id.casefold(): id for id in ids}


def still_valid(form: Form, decisions: Iterable[Decision], period: Period) -> tuple[Decision, ...]:
    """Return the decisions of an earlier period that reach to *period*."""
    return tuple(decision for decision in decisions if _reaches(form, decision.until, period))


def told_apart(
    decisions: Iterable[Decision], then: Mapping[str, str], units: Sequence[ReportingUnit]
) -> tuple[Decision, ...]:
    """Return decisions, those about a unit whose code is another's now with the name it had.

    Args:
        decisions: Decisions of an earlier round.
        then: The names of its units, by code.
        units: The units now.
    """
    others = {unit.code for unit in units if not unit.is_named(then.get(unit.code, unit.name))}
    return tuple(
        replace(one, unit=f"{code}{UNIT_SEPARATOR}{then[code]}") if code in others else one
        for one in decisions
        for code in [plain_text(one.unit)]
    )


def _reaches(form: Form, until: str, period: Period) -> bool:
    try:
        return bool(until) and not period.follows(form.period(until))
    except UserError:  # said where it was written
        return False
