"""The form as data: indicators, rules, periods, reporting units, supporting tables.

Everything else derives from a :class:`Form`; :mod:`form` loads one from its file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from xl_automation import expression
from xl_automation.expression import Node

FIGURE_KINDS = ("count", "amount", "percent", "code")
# How the defined names of cells begin: figures, helpers, first cells of supporting tables.
FIGURE, HELPER, TABLE = "CT_", "PT_", "BANG_"
META = ("@from", "@to", "@period_from", "@period_to", "@report_date")  # dates in expressions


class FormError(ValueError):
    """A mistake in a form file; the message names the block."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as numerator and denominator: 100 × part / whole."""

    part: Node
    whole: Node

    @property
    def refs(self) -> tuple[str, ...]:
        """The ids it is computed from."""
        return tuple(dict.fromkeys(expression.refs(self.part) + expression.refs(self.whole)))


@dataclass(frozen=True, slots=True)
class Helper:
    """Labels of the optional numerator and denominator of a percentage that has no parts."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One printed row of the form (chỉ tiêu)."""

    id: str
    stt: str
    label: str
    kind: str
    unit: str = ""
    unit_printed: str | None = None
    unit_means: str | None = None
    codes: Mapping[int, str] = field(default_factory=dict)
    percent: Percent | None = None
    helper: Helper | None = None
    level: str = "both"
    aggregate: str = "none"
    weight: Node | None = None
    nature: str | None = None
    style: str | None = None
    help: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether the row carries a figure; headings do not."""
        return self.kind in FIGURE_KINDS

    @property
    def is_input(self) -> bool:
        """Whether a clerk enters the figure; the others are computed from their parts."""
        return self.is_figure and (self.percent is None or self.helper is not None)

    @property
    def is_computed(self) -> bool:
        """Whether the figure is a locked formula over other rows."""
        return self.is_figure and not self.is_input

    @property
    def name(self) -> str:
        """The defined name of the figure's cell."""
        return f"{FIGURE}{self.id}"

    def concerns(self, level: str) -> bool:
        """Whether a workbook of *level* (commune or district) answers for this row."""
        return self.level in (level, "both", "shared")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a supporting table; with ``sum`` it is computed from others of its row."""

    id: str
    label: str
    group: str = ""
    number: str = ""
    sum: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SupportTable:
    """An optional table on a sheet of its own, whose totals are checked against the form.

    Its cells have the ids ``<table>.<row>.<column>``, rows counted from 1, and its totals
    ``<table>.<column>``.
    """

    id: str
    sheet: str
    title: str
    note: str
    row_label: str
    columns: tuple[Column, ...]
    rows: tuple[str, ...] = ()
    open_rows: int = 0

    @property
    def name(self) -> str:
        """The defined name of its first cell to fill."""
        return f"{TABLE}{self.id}"

    @property
    def size(self) -> int:
        """How many rows it has; those without a label are labelled by the clerk."""
        return len(self.rows) + self.open_rows

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that a clerk fills."""
        return tuple(column for column in self.columns if not column.sum)

    def row_ids(self) -> Iterator[str]:
        """Yield the id of each row."""
        return (f"{self.id}.{row}" for row in range(1, self.size + 1))


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
            bound = expression.bind(self.holds, target) if target else self.holds
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
        ids = expression.refs(self.holds)
        own = (self.target,) if self.target in ids else ()
        return tuple(dict.fromkeys(own + ids))


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of reporting period (kỳ báo cáo) and its official data window."""

    code: str
    label: str
    start: tuple[int, int]
    start_year: int
    end: tuple[int, int]
    within: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period of one year, such as ``2022-6T``."""

    year: int
    kind: PeriodKind

    @property
    def code(self) -> str:
        """The period as written in files and on the command line."""
        return f"{self.year}-{self.kind.code}"

    @property
    def label(self) -> str:
        """The period as a Vietnamese reader says it."""
        return self.kind.label.format(year=self.year)

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the data, both included."""
        return (
            date(self.year + self.kind.start_year, *self.kind.start),
            date(self.year, *self.kind.end),
        )

    def compares(self, against: str | None, earlier: Period) -> bool:
        """Whether a rule *against* this kind of earlier period applies to this pair."""
        match against:
            case "same-year":
                return earlier.year == self.year
            case "within" | "within-each":
                inside = (earlier.kind.code,) in self.kind.within
                return earlier.year == self.year and inside
        return True


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A unit that reports (đơn vị báo cáo)."""

    code: str
    name: str
    level: str = "commune"
    alias: str = ""

    def is_named(self, name: str) -> bool:
        """Whether *name* is this unit's, letter case and the place of tone marks aside.

        Codes have been used again for other units, so a code alone does not identify one.
        """
        return _folded(name) in (_folded(self.name), _folded(self.alias))


# Old and new places of the tone mark: hoà = hòa, thuỷ = thủy.
_TONES = {
    old: new
    for pair, tones in (("oa", "òóỏõọ"), ("oe", "òóỏõọ"), ("uy", "ùúủũụ"))
    for new_vowel, old_vowel in zip(
        tones, {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}[pair[1]], strict=True
    )
    for old, new in [(pair[0] + old_vowel, new_vowel + pair[1])]
}


def _folded(name: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    for old, new in _TONES.items():
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Form:
    """A form (biểu mẫu) and all that is derived from it."""

    id: str
    version: str
    name: str
    sheet: str
    title: tuple[str, ...]
    attached: str
    header: Mapping[str, str]
    levels: Mapping[str, str]
    years: tuple[int, int]
    period_kinds: tuple[PeriodKind, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    units: tuple[ReportingUnit, ...] = ()
    tables: tuple[SupportTable, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {item.id: item for item in self.indicators}

    @cached_property
    def figures(self) -> tuple[Indicator, ...]:
        """The rows that carry a figure."""
        return tuple(item for item in self.indicators if item.is_figure)

    @cached_property
    def inputs(self) -> tuple[Indicator, ...]:
        """The rows that a clerk fills."""
        return tuple(item for item in self.indicators if item.is_input)

    @cached_property
    def in_order_of_computation(self) -> tuple[Indicator, ...]:
        """The rows with a percentage formula, each after those it is computed from."""
        order: list[Indicator] = []
        for item in self.indicators:
            self._visit(item, order, ())
        return tuple(order)

    def _visit(self, item: Indicator, order: list[Indicator], path: tuple[str, ...]) -> None:
        if item.id in path:
            raise FormError(f"indicator {item.id}: computed from itself: {' → '.join(path)}")
        if item.percent is None or item in order:
            return
        for ref in item.percent.refs:
            if ref in self.by_id:
                self._visit(self.by_id[ref], order, (*path, item.id))
        order.append(item)

    @cached_property
    def helper_ids(self) -> Mapping[str, Indicator]:
        """Ids of the optional numerators (``.tu``) and denominators (``.mau``)."""
        return {
            f"{item.id}{end}": item
            for item in self.indicators
            if item.helper is not None
            for end in (".tu", ".mau")
        }

    @cached_property
    def table_cells(self) -> Mapping[str, tuple[SupportTable, Column, int]]:
        """Table, column and row of each cell of the supporting tables; totals have row 0."""
        found = {}
        for table in self.tables:
            for column in table.columns:
                found[f"{table.id}.{column.id}"] = (table, column, 0)
                for row, row_id in enumerate(table.row_ids(), start=1):
                    found[f"{row_id}.{column.id}"] = (table, column, row)
        return found

    @cached_property
    def table_inputs(self) -> tuple[str, ...]:
        """Ids of the supporting cells that a clerk fills."""
        return tuple(
            id for id, (_, column, row) in self.table_cells.items() if row and not column.sum
        )

    @cached_property
    def _instances(self) -> Mapping[str, tuple[RuleInstance, ...]]:
        """All rule instances by scope."""
        found: dict[str, list[RuleInstance]] = {}
        for rule in self.rules:
            found.setdefault(rule.scope, []).extend(rule.instances())
        return {scope: tuple(some) for scope, some in found.items()}

    def instances(self, level: str, scope: str = "workbook") -> tuple[RuleInstance, ...]:
        """Return the rule instances that apply to a workbook of *level*."""
        return tuple(
            one for one in self._instances.get(scope, ()) if one.rule.level in (None, level)
        )

    def rule(self, check: str) -> Rule | None:
        """Return the rule that runs the named *check*, if the form has it."""
        return next((rule for rule in self.rules if rule.check == check), None)

    def period(self, code: str) -> Period:
        """Return the period written as *code*, such as ``2022-6T``.

        Raises:
            ValueError: In Vietnamese, where the code is not one of the form's periods.
        """
        year, _, kind = code.partition("-")
        for item in self.period_kinds:
            if item.code == kind and re.fullmatch(r"[0-9]{4}", year):
                return Period(int(year), item)
        allowed = ", ".join(f"2022-{item.code}" for item in self.period_kinds)
        raise ValueError(f"Kỳ báo cáo “{code}” không có; ghi như {allowed}.")

    def unit(self, code: str) -> ReportingUnit:
        """Return the reporting unit with *code*.

        Raises:
            ValueError: In Vietnamese, where the form's list has no such unit.
        """
        for item in self.units:
            if item.code == code:
                return item
        raise ValueError(f"Mã đơn vị “{code}” không có trong danh sách đơn vị của biểu mẫu.")
