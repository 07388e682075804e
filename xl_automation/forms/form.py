"""A form (biểu mẫu) as data, and all that is derived from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from xl_automation.errors import FormError, UserError
from xl_automation.forms.absence import Absence
from xl_automation.forms.bounds import Bounds, range_rules
from xl_automation.forms.folding import folds
from xl_automation.forms.indicator import PART_END, WHOLE_END, Indicator
from xl_automation.forms.period import Period, PeriodKind
from xl_automation.forms.quantity import Quantity
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.rule import Rule, RuleInstance
from xl_automation.forms.support_table import SupportTable, TableColumn
from xl_automation.forms.vocabulary import AbsenceMeaning, Scope, UnitLevel
from xl_automation.wording import quoted


@dataclass(frozen=True)
class Form:
    """A form (biểu mẫu) and all that is derived from it.

    Its ``units`` are those of all times; :meth:`units_at` says who reports for a period. What its
    ``notice`` says is in its name and title, and stands on each page of the workbook.
    ``former_labels`` are those that rows had in the forms which this one extends, by id.
    """

    id: str
    version: str
    name: str
    sheet: str
    title: tuple[str, ...]
    attached: str
    header: Mapping[str, str]
    levels: Mapping[UnitLevel, str]
    years: tuple[int, int]
    period_kinds: tuple[PeriodKind, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    units: tuple[ReportingUnit, ...] = ()
    tables: tuple[SupportTable, ...] = ()
    absences: tuple[Absence, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    notice: str = ""
    former_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:  # the mappings in it have none
        return hash((self.id, self.version))

    @property
    def city(self) -> str:
        """What sentences call the level that combines the reports: ``thành phố``, ``tỉnh``."""
        return self.levels.get("district", "cấp trên").partition(",")[0]

    @cached_property
    def by_id(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {item.id: item for item in self.indicators}

    @cached_property
    def printed_order(self) -> Mapping[str, int]:
        """The place of each indicator in the form as printed, from 0."""
        return {item.id: position for position, item in enumerate(self.indicators)}

    @cached_property
    def figures(self) -> tuple[Indicator, ...]:
        """The rows that carry a figure."""
        return tuple(item for item in self.indicators if item.is_figure)

    @cached_property
    def inputs(self) -> tuple[Indicator, ...]:
        """The rows that a clerk fills."""
        return tuple(item for item in self.indicators if item.is_input)

    @cached_property
    def parts(self) -> tuple[tuple[Indicator, ...], ...]:
        """The rows of each part of the form: a section's heading and those up to the next."""
        parts: list[list[Indicator]] = []
        for item in self.indicators:
            if item.kind == "section" or not parts:
                parts.append([])
            parts[-1].append(item)
        return tuple(map(tuple, parts))

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

    def row_of(self, id: str) -> Indicator | None:
        """Return the row in which a figure, or a helper, stands; None of any other id."""
        return self.by_id.get(id) or self.helper_ids.get(id)

    def rows_noted(self, instance: RuleInstance) -> list[Indicator]:
        """Return the rows whose notes can answer what a rule finds, were it a warning."""
        rows = map(self.row_of, instance.figures)
        return list({row.id: row for row in rows if row and row.is_figure}.values())

    def owed(self, level: str) -> tuple[Indicator, ...]:
        """Return the rows whose figures a unit of *level* owes."""
        return tuple(item for item in self.inputs if item.concerns(level))

    @cached_property
    def helper_ids(self) -> Mapping[str, Indicator]:
        """Ids of the optional numerators (``.tu``) and denominators (``.mau``)."""
        return {
            f"{item.id}{end}": item
            for item in self.indicators
            if item.helper is not None
            for end in (PART_END, WHOLE_END)
        }

    @cached_property
    def table_cells(self) -> Mapping[str, tuple[SupportTable, TableColumn, int]]:
        """Table, column and row of each cell of the supporting tables; totals have row 0."""
        cells = {}
        for table in self.tables:
            for column in table.columns:
                if table.has_totals:
                    cells[f"{table.id}.{column.id}"] = (table, column, 0)
                for row, row_id in enumerate(table.row_ids(), start=1):
                    cells[f"{row_id}.{column.id}"] = (table, column, row)
        return cells

    @cached_property
    def table_totals(self) -> tuple[str, ...]:
        """Ids of the totals of the supporting tables."""
        return tuple(id for table in self.tables for id in table.total_ids)

    @cached_property
    def table_inputs(self) -> tuple[str, ...]:
        """Ids of the supporting cells that a clerk fills."""
        return tuple(
            id for id, (_, column, row) in self.table_cells.items() if row and not column.sum
        )

    @cached_property
    def absence(self) -> Mapping[str, Absence]:
        """What may stand in a figure's cell instead of a number, by code."""
        return {absence.code: absence for absence in self.absences}

    @cached_property
    def absence_codes(self) -> tuple[str, ...]:
        """The codes of these."""
        return tuple(self.absence)

    def places_of_absences(self, *meanings: AbsenceMeaning) -> tuple[int, ...]:
        """Return which of these codes, counted from 1, have one of *meanings*."""
        return tuple(
            place
            for place, absence in enumerate(self.absences, start=1)
            if absence.means in meanings
        )

    def is_whole(self, filled: int, absent: Mapping[str, int], expected: int) -> bool:
        """Return whether a total lacks no unit: each has a number, or a code that there is none.

        Args:
            filled: How many units it comes from.
            absent: How many have a code in place of a number, by code.
            expected: How many there are.
        """
        settled = (count for code, count in absent.items() if self.absence[code].means != "later")
        return filled + sum(settled) >= expected

    def codes_in(self, item: Indicator) -> tuple[str, ...]:
        """Return the codes that the cell of a row takes instead of a number: of an input, all."""
        return self.absence_codes if item.is_input else ()

    def range_rule(self, id: str) -> tuple[Rule | None, Bounds]:
        """Return the rule that says by itself what the figure of *id* may be, and its bounds."""
        return self._range_rules.get(id, (None, Bounds()))

    @cached_property
    def _range_rules(self) -> Mapping[str, tuple[Rule, Bounds]]:
        return range_rules(self.rules)

    @cached_property
    def _instances(self) -> Mapping[str, tuple[RuleInstance, ...]]:
        """All rule instances by scope."""
        by_scope: dict[str, list[RuleInstance]] = {}
        for rule in self.rules:
            by_scope.setdefault(rule.scope, []).extend(rule.instances())
        return {scope: tuple(instances) for scope, instances in by_scope.items()}

    @cached_property
    def folds(self) -> Mapping[str, tuple[RuleInstance, ...]]:
        """By the key of a workbook's rule that may only follow from others: those others."""
        return folds(self._instances.get("workbook", ()), self.by_id)

    def instances(self, level: str | None, scope: Scope = "workbook") -> tuple[RuleInstance, ...]:
        """Return the rule instances that apply to a workbook of *level*; None is any level."""
        return tuple(
            instance
            for instance in self._instances.get(scope, ())
            if level is None or instance.rule.level in (None, level)
        )

    def period(self, code: str) -> Period:
        """Return the period written as *code*, such as ``2022-6T``.

        Raises:
            UserError: Where the code is not one of the form's periods.
        """
        year, _, kind = code.partition("-")
        for item in self.period_kinds:
            if item.code == kind and re.fullmatch(r"[0-9]{4}", year):
                return Period(int(year), item)
        allowed = ", ".join(f"2022-{item.code}" for item in self.period_kinds)
        raise UserError(f"Kỳ báo cáo “{quoted(code)}” không có; ghi như {allowed}.")

    def unit(self, code: str, period: Period | None = None) -> ReportingUnit:
        """Return the reporting unit with *code* for *period*; without one, of all times.

        Raises:
            UserError: Where the form's list has no such unit, or without a period several.
        """
        listed = self.units if period is None else self.units_at(period)
        units = [unit for unit in listed if unit.code == code]
        if len(units) == 1:
            return units[0]
        if units:
            names = ", ".join(unit.name for unit in units)
            raise UserError(
                f"Mã đơn vị “{quoted(code)}” đã dùng cho nhiều đơn vị: {names}; nêu kỳ báo cáo."
            )
        when = f" {period.label}" if period else ""
        raise UserError(
            f"Mã đơn vị “{quoted(code)}” không có trong danh sách đơn vị{when} của biểu mẫu."
        )

    def units_at(
        self, period: Period | None, units: Iterable[ReportingUnit] | None = None
    ) -> tuple[ReportingUnit, ...]:
        """Return who reports for a period: the units that there are on the last day of its data.

        Args:
            period: The period; of None those that have no end.
            units: A list of units of all times; by default the form's own. Of one that says
                nothing of its times, what the form's list knows is added.
        """
        day = period.window[1] if period else None
        listed = self.units if units is None else units
        return tuple(self.dated(unit, period) for unit in listed if unit.is_there(day))

    def dated(self, unit: ReportingUnit, period: Period | None) -> ReportingUnit:
        """Return a unit of *period* with its times and origins, by the form's list if need be."""
        if unit.is_dated:
            return unit
        day = period.window[1] if period else None
        for known in self._units_by_code.get(unit.code, ()):
            if known.is_there(day) and known.is_named(unit.name):
                times = (known.valid_from, known.valid_to, known.merged_from)
                return ReportingUnit(unit.code, unit.name, unit.level, unit.alias, *times)
        return unit

    @cached_property
    def _units_by_code(self) -> Mapping[str, tuple[ReportingUnit, ...]]:
        """The units of the form's list, of all times, by code."""
        by_code: dict[str, tuple[ReportingUnit, ...]] = {}
        for unit in self.units:
            by_code[unit.code] = (*by_code.get(unit.code, ()), unit)
        return by_code
