"""Submissions → one consolidation: totals, who is missing, what is wrong. Pure; no file is read.

Each row of the form is combined by its own ``aggregate``. A percentage is never averaged: it is
recomputed from combined parts. A total says how many units filled it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from xl_automation import expression
from xl_automation.derive import percent
from xl_automation.findings import Finding, find, sorted_findings
from xl_automation.history import (
    PastPeriod,
    check_previous,
    findings_against,
    findings_against_own_past,
)
from xl_automation.model import Form, Indicator, Period, ReportingUnit, Rule
from xl_automation.numbers import plain, show
from xl_automation.refusal import Refusal
from xl_automation.submission import Figures, Submission, figures

OUTLIER_TIMES = 20
MIN_PEERS = 3  # fewer figures than this have no median worth comparing with


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not counted, and why; what is known of it, for the log."""

    path: Path
    code: str
    message: str
    sha256: str = ""
    size: int | None = None
    saved: float | None = None

    @classmethod
    def of(cls, one: Submission, refusal: Refusal) -> RefusedFile:
        """Return the refusal of a file that was read."""
        return cls(one.path, refusal.code, str(refusal), one.sha256, one.size, one.saved)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A unit that sent several files for the period; only ``chosen`` is counted."""

    unit: str
    name: str
    paths: tuple[Path, ...]
    chosen: Path
    replaced: tuple[Submission, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """The combined figure of one row: None where there is none, and how many units filled it."""

    value: float | int | None
    filled: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with the file it is about, or none when it is about all of them."""

    finding: Finding
    submission: Submission | None = None
    path: Path | None = None
    unit: str = ""


@dataclass(frozen=True)
class Consolidation:
    """What a city has of one period."""

    form: Form
    period: Period | None
    units: tuple[ReportingUnit, ...]
    communes: tuple[Submission, ...]
    city: Submission | None
    refused: tuple[RefusedFile, ...]
    duplicates: tuple[Duplicate, ...]
    table: Figures
    totals: Mapping[str, Total]
    code_counts: Mapping[str, Mapping[str, int]]
    findings: tuple[Located, ...]

    @property
    def counted(self) -> tuple[Submission, ...]:
        """The submissions in the totals: communes, then the city's own workbook."""
        return (*self.communes, *((self.city,) if self.city else ()))

    @property
    def superseded(self) -> int:
        """How many files a later one of the same unit replaced."""
        return sum(len(one.paths) - 1 for one in self.duplicates)

    @property
    def received(self) -> int:
        """How many files came: counted + refused + superseded."""
        return len(self.counted) + len(self.refused) + self.superseded

    @cached_property
    def missing(self) -> tuple[ReportingUnit, ...]:
        """The units that owe a report and have none counted."""
        sent = {one.unit_code for one in self.communes}
        return tuple(unit for unit in self.units if unit.code not in sent)

    @property
    def expected(self) -> int:
        """How many units a total can have at most."""
        return len(self.units) or len(self.communes)


def consolidate(
    form: Form,
    results: Iterable[Submission | RefusedFile],
    units: Sequence[ReportingUnit] | None = None,
    period: Period | None = None,
    previous: Sequence[PastPeriod] = (),
) -> Consolidation:
    """Return the consolidation of *results*, the files as read or refused.

    Args:
        form: The form of all of them.
        results: One entry per file received.
        units: Who owes a report; the form's own list by default.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.

    Raises:
        ValueError: In Vietnamese, when *period* is left open and the files do not settle it, or
            when *previous* are not distinct earlier periods.
    """
    results = list(results)
    owed = tuple(one for one in (form.units if units is None else units))
    refused = [one for one in results if isinstance(one, RefusedFile)]
    submissions = [one for one in results if isinstance(one, Submission)]
    period = period or common_period(submissions)
    check_previous(form, period, previous)
    accepted = []
    for one in submissions:
        try:
            _admit(form, one, owed, period)
            accepted.append(one)
        except Refusal as refusal:
            refused.append(RefusedFile.of(one, refusal))
    chosen, duplicates = _latest(accepted)
    order = {unit.code: at for at, unit in enumerate(owed)}
    communes = sorted(
        (one for one in chosen if one.level == "commune"),
        key=lambda one: (order.get(one.unit_code or "", len(order)), str(one.path)),
    )
    city, others = _one_city([one for one in chosen if one.level != "commune"], order)
    refused += others
    result = Consolidation(
        form=form,
        period=period,
        units=tuple(unit for unit in owed if unit.level == "commune"),
        communes=tuple(communes),
        city=city,
        refused=tuple(sorted(refused, key=lambda one: str(one.path))),
        duplicates=tuple(duplicates),
        table=figures(form, (*communes, *((city,) if city else ()))),
        totals={},
        code_counts={},
        findings=(),
    )
    result = replace(result, code_counts=_code_counts(result))
    result = replace(result, totals=_totals(result))
    return replace(result, findings=tuple(_findings(result, previous)))


# --- which files count -------------------------------------------------------------------------


def common_period(submissions: Sequence[Submission]) -> Period | None:
    """Return the period that most submissions are for, None where none says one."""
    counts = Counter(one.period for one in submissions if one.period is not None)
    if not counts:
        return None
    (first, times), *rest = counts.most_common()
    if rest and rest[0][1] == times:
        codes = ", ".join(sorted(p.code for p in counts))
        raise ValueError(f"Các tệp thuộc nhiều kỳ ({codes}); chọn kỳ bằng --period.")
    return first


def _admit(
    form: Form, one: Submission, owed: Sequence[ReportingUnit], period: Period | None
) -> None:
    """Raise the refusal of a submission of another period or of an unknown unit."""
    if period is not None and one.period != period:
        found = one.period.label if one.period else "chưa chọn"
        raise Refusal("wrong-period", found=found, expected=period.label)
    listed = [unit for unit in owed if unit.level == one.level]
    found = " – ".join(text for text in (one.unit_code, one.unit_name) if text) or "chưa chọn"
    if one.level != "commune" and not listed:
        return
    for unit in listed:
        if unit.code == one.unit_code and one.unit_name and unit.is_named(one.unit_name):
            return
    if listed or one.unit_code is None:
        raise Refusal("unknown-unit", found=found)


def _latest(accepted: Sequence[Submission]) -> tuple[list[Submission], list[Duplicate]]:
    """Return one submission per unit, the last saved, and what it replaced."""
    by_unit: dict[tuple[str, str | None], list[Submission]] = {}
    for one in accepted:
        by_unit.setdefault((one.level, one.unit_code), []).append(one)
    chosen, duplicates = [], []
    for same in by_unit.values():
        last = max(same, key=lambda one: (one.saved, str(one.path)))
        chosen.append(last)
        if len(same) > 1:
            paths = tuple(sorted(one.path for one in same))
            replaced = tuple(one for one in same if one is not last)
            duplicates.append(
                Duplicate(last.unit_code or "", last.unit_name or "", paths, last.path, replaced)
            )
    return chosen, duplicates


def _one_city(
    cities: Sequence[Submission], order: Mapping[str, int]
) -> tuple[Submission | None, list[RefusedFile]]:
    """Return the city whose communes these are, and the refusals of any other city's workbook."""
    if not cities:
        return None, []
    first, *others = sorted(
        cities, key=lambda one: (order.get(one.unit_code or "", len(order)), str(one.path))
    )
    refusals = []
    for one in others:
        found, expected = (city.unit_name or "chưa chọn" for city in (one, first))
        refusal = Refusal("second-city", found=found, expected=expected)
        refusals.append(RefusedFile.of(one, refusal))
    return first, refusals


# --- totals ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Combine:
    """Combines the communes' figures of one row; a method per ``aggregate``."""

    result: Consolidation

    @cached_property
    def numbers(self) -> pd.DataFrame:
        return self.result.table.numbers.iloc[: len(self.result.communes)]

    def row(self, item: Indicator) -> Total:
        methods: dict[str, Callable[[Indicator], Total]] = {
            "sum": self.sum,
            "ratio": self.ratio,
            "shared": self.shared,
            "ratio_shared": self.ratio_shared,
            "code_count": self.code_count,
            "share_units": self.share_units,
            "weighted": self.weighted,
            "city": self.city,
            "no_aggregate": self.no_aggregate,
        }
        return methods[item.aggregate](item)

    def filled(self, *ids: str) -> pd.Series:
        """Return True for the communes that have a number in all of *ids*."""
        return self.numbers[list(ids)].notna().all(axis=1)

    def sum(self, item: Indicator) -> Total:
        known = self.numbers[item.id].dropna()
        total = _fsum(known)
        if math.isnan(total):
            return Total(None, len(known), "Không cộng được: có số quá lớn")
        value = plain(round(total, 6)) if len(known) else None
        return Total(value, len(known), "Cộng các đơn vị có số")

    def ratio(self, item: Indicator, note: str = "Tính lại từ tổng các thành phần") -> Total:
        assert item.percent is not None
        both = self.filled(*item.percent.refs)
        part, whole = (
            _fsum(self.numbers.loc[both, expression.refs(node)[0]])
            for node in (item.percent.part, item.percent.whole)
        )
        return Total(_percent(part, whole), int(both.sum()), note)

    def shared(self, item: Indicator) -> Total:
        known = self.numbers[item.id].dropna()
        if known.nunique() > 1:
            return Total(None, len(known), "Không thống nhất: " + self.who_says_what(item))
        value = plain(float(known.iloc[0])) if len(known) else None
        return Total(value, len(known), "Số chung của các đơn vị")

    def ratio_shared(self, item: Indicator) -> Total:
        assert item.percent is not None
        part, whole = (
            self.shared(self.result.form.by_id[expression.refs(node)[0]])
            for node in (item.percent.part, item.percent.whole)
        )
        if part.value is None or whole.value is None:
            differs = any(self.numbers[id].dropna().nunique() > 1 for id in item.percent.refs)
            mean = "Bình quân các xã (thành phần không thống nhất)"
            return self.ratio(item, mean if differs else "Chưa đủ thành phần")
        both = int(self.filled(*item.percent.refs).sum())
        return Total(_percent(part.value, whole.value), both, "Tính từ số chung")

    def code_count(self, item: Indicator) -> Total:
        filled = int(self.numbers[item.id].notna().sum())
        counts = self.result.code_counts[item.id]
        parts = [f"{code_label(item, code)}: {n}" for code, n in counts.items()]
        return Total(None, filled, "; ".join(parts))

    def share_units(self, item: Indicator) -> Total:
        known = self.numbers[item.id].dropna()
        share = _percent(float((known == 100).sum()), float(len(known)))
        return Total(share, len(known), "Số đơn vị đạt 100 / số đơn vị có số")

    def weighted(self, item: Indicator) -> Total:
        values, weights = self.numbers[item.id], self.weights(item)
        both = values.notna() & weights.notna()
        total = _fsum(weights[both])
        if total > 0:
            mean = _percent(_fsum(values[both] * weights[both]) / 100, total)
            return Total(mean, int(both.sum()), "Bình quân có quyền số")
        known = values.dropna()
        mean = _percent(_fsum(known) / 100, float(len(known)))
        return Total(mean, len(known), "Bình quân giản đơn, tham khảo (thiếu quyền số)")

    def weights(self, item: Indicator) -> pd.Series:
        """Return the weight of each commune, NaN where it has none."""
        assert item.weight is not None
        table = self.result.table
        weight = expression.evaluate(item.weight, table)
        known = expression.decided(item.weight, table) & (weight > 0)
        return pd.Series(np.where(known, weight, np.nan)).iloc[: len(self.result.communes)]

    def city(self, item: Indicator) -> Total:
        if self.result.city is None:
            return Total(None, 0, "Chờ sổ của thành phố")
        number = float(self.result.table.numbers[item.id].iloc[-1])
        value = None if math.isnan(number) else plain(number)
        return Total(value, int(value is not None), "Theo sổ của thành phố")

    def no_aggregate(self, item: Indicator) -> Total:
        known = self.numbers[item.id].dropna()
        if not len(known):
            return Total(None, 0, "Không gộp được")
        low, high = show(float(known.min())), show(float(known.max()))
        return Total(None, len(known), f"Không gộp được; từ {low} đến {high}")

    def who_says_what(self, item: Indicator) -> str:
        """Return each value with the units that say it, the commonest by their number only."""
        names: dict[float, list[str]] = {}
        for at, value in self.numbers[item.id].dropna().items():
            names.setdefault(value, []).append(self.result.communes[int(str(at))].unit_name or "")
        texts = []
        for value, mine in sorted(names.items(), key=lambda one: -len(one[1])):
            who = f"{len(mine)} đơn vị" if len(mine) > MIN_PEERS else ", ".join(mine)
            texts.append(f"{show(value)} ({who})")
        return "; ".join(texts)


def weights(result: Consolidation, item: Indicator) -> pd.Series:
    """Return the weight that each commune has in a weighted row, NaN where none."""
    return _Combine(result).weights(item)


def code_label(item: Indicator, code: str) -> str:
    """Return what a code of a row means, also of one that is not on its list."""
    return next((text for known, text in item.codes.items() if str(known) == code), f"mã {code}")


def _fsum(numbers: Iterable[float]) -> float:
    """Return the exact sum, NaN where no float can hold it."""
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):
        return math.nan


def _percent(part: float, whole: float) -> float | int | None:
    value = float(percent(part, whole))
    return plain(value) if math.isfinite(value) else None


def _totals(result: Consolidation) -> dict[str, Total]:
    combine = _Combine(result)
    return {item.id: combine.row(item) for item in result.form.figures}


def _code_counts(result: Consolidation) -> dict[str, dict[str, int]]:
    """Return how many communes chose each code; a code off the list counts under itself."""
    counts = {}
    numbers = result.table.numbers.iloc[: len(result.communes)]
    for item in result.form.figures:
        if item.aggregate == "code_count":
            found = Counter(plain(float(value)) for value in numbers[item.id].dropna())
            listed = {str(code): found.pop(code, 0) for code in item.codes}
            counts[item.id] = listed | {str(code): n for code, n in found.items()}
    return counts


# --- findings ----------------------------------------------------------------------------------


def _findings(result: Consolidation, previous: Sequence[PastPeriod]) -> list[Located]:
    """Return all findings: about the city, then about each unit in the order of the list."""
    own = find(result.form, result.counted, result.table)
    past = findings_against_own_past(result.form, result.counted, result.table)
    if previous and result.period:
        past = findings_against(
            result.form, result.period, result.counted, result.table, previous, result.units
        )
    located = []
    for submission, mine, earlier in zip(result.counted, own, past, strict=True):
        for one in sorted_findings(result.form, [*mine, *earlier]):
            located.append(Located(one, submission, submission.path, submission.unit_name or ""))
    return [*_city_findings(result, own, past), *located]


def _city_findings(
    result: Consolidation, own: Sequence[Sequence[Finding]], past: Sequence[Sequence[Finding]]
) -> list[Located]:
    checks: dict[str, Callable[[Rule], Iterable[Located]]] = {
        "missing": lambda rule: (
            _about(rule, unit.name, unit=unit.name) for unit in result.missing
        ),
        "duplicate": lambda rule: (
            _about(
                rule,
                f"{', '.join(map(file_name, one.paths))}; tính {file_name(one.chosen)}",
                path=one.chosen,
                unit=one.name,
            )
            for one in result.duplicates
        ),
        "period": lambda rule: _refused(result, rule, ("wrong-period",)),
        "form": lambda rule: _refused(
            result, rule, ("wrong-form", "wrong-version", "altered-form")
        ),
        "one-value": lambda rule: _one_value(result, rule),
        "outlier": lambda rule: _outliers(result, rule),
        "recomputed": lambda rule: _recomputed(result, rule),
        "unit-errors": lambda rule: _unit_errors(result, rule, own, past),
        "incomplete": lambda rule: _incomplete(result, rule),
    }
    rules = [rule for rule in result.form.rules if rule.scope == "city" and rule.check]
    return [located for rule in rules for located in checks[rule.check or ""](rule)]


def _about(
    rule: Rule,
    seen: str,
    ids: tuple[str, ...] = (),
    submission: Submission | None = None,
    path: Path | None = None,
    unit: str = "",
) -> Located:
    finding = Finding(rule.id, rule.severity, ids, (), seen, f"{rule.message} {rule.fix}")
    return Located(finding, submission, path or (submission.path if submission else None), unit)


def _refused(result: Consolidation, rule: Rule, codes: Sequence[str]) -> Iterable[Located]:
    for one in result.refused:
        if one.code in codes:
            yield _about(rule, file_name(one.path), path=one.path)


def file_name(path: Path) -> str:
    """Return a file's name as text that can be written, whatever bytes a disk had for it."""
    return printable(path.name)


def printable(text: str) -> str:
    """Return *text* with ``?`` for what is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _one_value(result: Consolidation, rule: Rule) -> Iterable[Located]:
    combine = _Combine(result)
    for id in rule.each:
        if combine.numbers[id].dropna().nunique() > 1:
            yield _about(rule, f"{id}: {combine.who_says_what(result.form.by_id[id])}", (id,))


def _outliers(result: Consolidation, rule: Rule) -> Iterable[Located]:
    numbers = _Combine(result).numbers
    for id in rule.each:
        known = numbers[id].dropna()
        median = float(known.median()) if len(known) >= MIN_PEERS else 0.0
        for at in known.index[known > OUTLIER_TIMES * median] if median > 0 else ():
            one = result.communes[at]
            seen = f"{id} = {show(float(known[at]))}; trung vị {show(median)}"
            yield _about(rule, seen, (id,), one, unit=one.unit_name or "")


def _recomputed(result: Consolidation, rule: Rule) -> Iterable[Located]:
    """Yield the percentages that the city states otherwise than the communes' sums give."""
    if result.city is None:
        return
    for id in rule.each:
        stated = float(result.table.numbers[id].iloc[-1])
        computed = result.totals[id].value
        if not math.isnan(stated) and stated != computed:
            seen = f"{id} = {show(stated)}; tính lại {show(computed)}"
            yield _about(rule, seen, (id,), result.city, unit=result.city.unit_name or "")


def _unit_errors(
    result: Consolidation,
    rule: Rule,
    own: Sequence[Sequence[Finding]],
    past: Sequence[Sequence[Finding]],
) -> Iterable[Located]:
    for one, mine, earlier in zip(result.counted, own, past, strict=True):
        errors = sum(finding.severity == "error" for finding in (*mine, *earlier))
        if errors:
            yield _about(rule, f"{one.unit_name}: {errors} lỗi", (), one, unit=one.unit_name or "")


def _incomplete(result: Consolidation, rule: Rule) -> Iterable[Located]:
    n = len(result.communes)
    short = [
        item.id
        for item in result.form.figures
        if item.aggregate != "city" and result.totals[item.id].filled < n
    ]
    if short:
        seen = ", ".join(f"{id} {result.totals[id].filled}/{n}" for id in short)
        yield _about(rule, seen, tuple(short))
