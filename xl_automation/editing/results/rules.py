"""The rows of the hidden sheet of rules: what holds, what is said, what a note answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xl_automation.editing.results.said import is_decided, is_true, said
from xl_automation.editing.results.state import (
    NotKnownError,
    Plain,
    Results,
    WorkbookState,
    as_text,
    plain_value,
)
from xl_automation.forms.asked import asked
from xl_automation.forms.folding import followers
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import clean
from xl_automation.forms.reason import is_reason
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.words import SEVERITY_LABELS, row_name
from xl_automation.template import positions
from xl_automation.template.blanks import FILL_ORDER, IS_DUE, IS_TO_FILL
from xl_automation.template.rules_sheet import (
    BROKEN,
    FIRST_RULE_ROW,
    FIX,
    HOLDS,
    INDICATOR,
    IS_SETTLED,
    IS_UNDECIDED,
    IS_WAITING,
    MESSAGE,
    NAME,
    NOTED,
    ORDER,
    PLACE,
    REASONS,
    RULE,
    SEEN,
    SEVERITY,
    WAS,
    WATCHED,
)
from xl_automation.xlsx.sheet_editor import Result


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A row of the sheet of rules.

    Attributes:
        row: Its number.
        texts: What stands in its cells for texts, by column.
        holds: Whether the rule holds, None where it is not decided.
        is_waiting: Whether it finds a blank to which the clerk may not have come yet.
        is_settled: Whether a note answers what it finds, None where that is not asked.
        is_undecided: Whether the rule asks something that cannot be looked at.
        seen: What it says; empty where it says nothing.
    """

    row: int
    texts: Mapping[str, str]
    holds: bool | None
    is_settled: bool | None
    is_waiting: bool
    is_undecided: bool
    seen: str

    @property
    def place(self) -> str:
        """The cell that it looks at first."""
        return self.texts[PLACE]

    @property
    def is_broken(self) -> bool:
        """Whether it finds something that is to be said."""
        return self.holds is False and not self.is_waiting

    @property
    def is_open(self) -> bool:
        """Whether it finds something that no note answers."""
        return self.is_broken and not self.is_settled


class RuleRows:
    """All rows of the sheet of rules of a workbook.

    Args:
        state: The workbook.
        known: The results that rules of the city look at.
    """

    def __init__(self, state: WorkbookState, known: Results):
        self._state, self._known = state, known
        self._by_key = {instance.key: instance for instance in state.rules}
        self._holds: dict[str, bool | None] = {}

    @cached_property
    def rows(self) -> tuple[RuleRow, ...]:
        """The live rules, then what the city found."""
        live = [
            self._live(instance, row)
            for row, instance in enumerate(self._state.rules, start=FIRST_RULE_ROW)
        ]
        if self._state.city_rows is None:
            raise NotKnownError("what the city wrote")
        first = FIRST_RULE_ROW + len(live)
        city = [self._city(cells, row) for row, cells in enumerate(self._state.city_rows, first)]
        return (*live, *city)

    @cached_property
    def reasons(self) -> frozenset[int]:
        """The rows of the form in which the note is a reason."""
        state = self._state
        notes = {
            state.layout.rows[item.id]: state.cells.page.get(
                f"{positions.NOTE}{state.layout.rows[item.id]}"
            )
            for item in state.form.figures
        }
        return frozenset(
            row for row, note in notes.items() if is_reason(clean(as_text(plain_value(note))))
        )

    def holds(self, instance: RuleInstance) -> bool | None:
        """Return whether a rule holds or only follows from others; None where it is not decided."""
        if instance.key not in self._holds:
            causes = any(self.holds(cause) is False for cause in self.causes(instance))
            decided = is_decided(self._state, instance.holds)
            holds = decided and (causes or is_true(self._state, instance.holds))
            self._holds[instance.key] = holds if decided else None
        return self._holds[instance.key]

    def causes(self, instance: RuleInstance) -> list[RuleInstance]:
        """Return the rules of the workbook that a rule may only follow from."""
        folds = self._state.form.folds.get(instance.key, ())
        return [self._by_key[cause.key] for cause in folds if cause.key in self._by_key]

    def causes_of(self, item: Indicator) -> list[RuleInstance]:
        """Return the rules that those about a row may follow from."""
        return self._causes_by_target.get(item.id, [])

    @cached_property
    def _causes_by_target(self) -> Mapping[str, list[RuleInstance]]:
        causes: dict[str, list[RuleInstance]] = {}
        for instance in self._state.rules:
            if instance.target is not None and instance.key in self._state.form.folds:
                causes.setdefault(instance.target, []).extend(self.causes(instance))
        return causes

    @cached_property
    def _followers(self) -> Mapping[str, tuple[RuleInstance, ...]]:
        return followers(self._state.rules, self._state.form.folds)

    def _live(self, instance: RuleInstance, row: int) -> RuleRow:
        state, rule = self._state, instance.rule
        holds = self.holds(instance)
        is_settled = self._is_settled(instance) if holds is False else None
        return RuleRow(
            row=row,
            texts={
                RULE: instance.id,
                SEVERITY: SEVERITY_LABELS[rule.severity],
                INDICATOR: self._indicator(instance),
                NAME: row_name(state.form, instance.shown[0]),
                PLACE: state.layout.place(instance.shown[0]).link,
                MESSAGE: rule.message,
                FIX: rule.advice,
            },
            holds=holds,
            is_settled=is_settled,
            is_waiting=holds is False and not is_settled and self._waits(instance),
            is_undecided=holds is None and self._is_asked(instance),
            seen=said(state, instance, self._followers.get(instance.key, ()))
            if holds is False
            else "",
        )

    def _indicator(self, instance: RuleInstance) -> str:
        item = self._state.form.row_of(instance.shown[0])
        return item.id if item else ""

    def _is_settled(self, instance: RuleInstance) -> bool | None:
        noted = self._state.form.rows_noted(instance)
        rows = {self._state.layout.rows[item.id] for item in noted}
        if instance.rule.severity != "warning" or not rows:
            return None
        return bool(rows & self.reasons)

    def _waits(self, instance: RuleInstance) -> bool:
        """Whether a rule that finds a blank waits: ``waits_formula``."""
        if not instance.rule.waits or instance.target is None:
            return False
        row = self._state.layout.rows[instance.target]
        return row not in self._state.returned and row not in self.begun_rows

    @cached_property
    def begun_rows(self) -> frozenset[int]:
        """The rows of the parts whose blanks are findings."""
        return frozenset(row for rows in self.parts if self.is_begun(rows) for row in rows)

    @cached_property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """The rows of each part of the form."""
        rows = self._state.layout.rows
        return tuple(tuple(rows[item.id] for item in part) for part in self._state.form.parts)

    def is_begun(self, rows: tuple[int, ...]) -> bool:
        """Whether anything stands in the inputs of a part, or the form is said to be done."""
        if self._state.info(positions.DONE_CELL) is not None:
            return True
        helpers = (positions.PART, positions.WHOLE)
        filled = self._state.cells.page
        return any(
            self.read(row) != "" or any(f"{column}{row}" in filled for column in helpers)
            for row in rows
        )

    def read(self, row: int) -> Result:
        """Return a figure as the workbook reads it."""
        return self._known[self._state.form.sheet][f"{positions.NUMBER}{row}"]

    @cached_property
    def blanks(self) -> tuple[int, ...]:
        """The rows of the figures that are still to be filled, in order."""
        waiting: dict[str, list[bool | None]] = {}
        for instance in self._state.rules:
            if instance.rule.waits and instance.target:
                waiting.setdefault(instance.target, []).append(self.holds(instance))
        return tuple(
            self._state.layout.rows[item.id]
            for item in self._state.owed
            if self.read(self._state.layout.rows[item.id]) == ""
            and not all(waiting.get(item.id, [False]))
        )

    def _is_asked(self, instance: RuleInstance) -> bool:
        if instance.rule.scope != "workbook":
            return False
        state = self._state
        return is_true(state, asked(state.form, instance, state.submission.level))

    def _city(self, cells: Mapping[str, Plain], row: int) -> RuleRow:
        """Return what the city found, until the value that it is about is another one."""
        texts = {column: as_text(plain_value(value)) for column, value in cells.items()}
        watched = texts.get(WATCHED, "")
        was = plain_value(cells.get(WAS))
        holds = not self._is_as_it_was(watched, was) if watched else None
        noted = texts.get(NOTED, "")
        rows = {int(number) for number in noted.split()}
        named = (RULE, SEVERITY, INDICATOR, NAME, PLACE, MESSAGE, FIX)
        return RuleRow(
            row=row,
            texts={column: texts.get(column, "") for column in named},
            holds=holds,
            is_settled=bool(rows & self.reasons) if holds is False else None,
            is_waiting=False,
            is_undecided=False,
            seen=texts.get(SEEN, ""),
        )

    def _is_as_it_was(self, watched: str, was: Plain) -> bool:
        now = self._watched(watched)
        if was is None:
            return now in ("", 0.0, None)
        if isinstance(now, str) and isinstance(was, str):
            return now.casefold() == was.casefold()
        return now == was

    def _watched(self, watched: str) -> Plain | Result:
        """Return what stands in a cell, by its name or its address."""
        if watched in self._state.names:
            place = self._state.names[watched]
            known = self._known.get(place.sheet, {})
            return known[place.cell] if place.cell in known else self._state.info(watched)
        sheet, _, cell = watched.rpartition("!")
        known = self._known.get(sheet.strip("'").replace("''", "'"), {})
        if cell not in known:
            raise NotKnownError(f"the cell {watched}")
        return known[cell]


def rule_results(state: WorkbookState, rows: RuleRows) -> Results:
    """Return the results on the sheet of rules; what a rule would say that holds is left out."""
    results: dict[str, Result] = {}
    count = 0
    for rule in rows.rows:
        at, count = rule.row, count + rule.is_broken
        results[f"{HOLDS}{at}"] = "" if rule.holds is None else int(rule.holds)
        if rule.is_broken:
            results[f"{SEEN}{at}"] = rule.seen
        results[f"{IS_WAITING}{at}"] = 1 if rule.is_waiting else ""
        results[f"{IS_SETTLED}{at}"] = "" if rule.is_settled is None else int(rule.is_settled)
        results[f"{IS_UNDECIDED}{at}"] = int(rule.is_undecided)
        results[f"{BROKEN}{at}"] = rule.place if rule.is_open else ""
        results[f"{ORDER}{at}"] = count
    for item in state.form.figures:
        row = state.layout.rows[item.id]
        results[f"{REASONS}{row}"] = int(row in rows.reasons)
    return {positions.RULE_SHEET: results | _blank_results(state, rows)}


def _blank_results(state: WorkbookState, rules: RuleRows) -> dict[str, Result]:
    """Return which figures are still to be filled, and which parts of the form are begun."""
    results: dict[str, Result] = {}
    count = 0
    for row in state.layout.rows.values():
        is_blank = row in rules.blanks
        count += is_blank
        results[f"{IS_TO_FILL}{row}"] = int(is_blank)
        results[f"{FILL_ORDER}{row}"] = count
    for rows in rules.parts:
        results[f"{IS_DUE}{rows[0]}"] = int(rules.is_begun(rows))
    return results
