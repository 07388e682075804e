"""Which files count: of the period, of a unit that owes one, the last one that it saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from xl_automation.consolidation.consolidation import Duplicate
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal

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


def admitted(
    form: Form,
    submissions: Iterable[Submission],
    owed: Sequence[ReportingUnit],
    period: Period | None,
) -> tuple[list[Submission], list[RefusedFile]]:
    """Return the submissions of the period by units that owe one, and the refusals of others."""
    accepted, refused = [], []
    for one in submissions:
        try:
            _admit(form, one, owed, period)
            accepted.append(one)
        except Refusal as refusal:
            refused.append(RefusedFile.of(one, refusal))
    return accepted, refused


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


def latest_of_each(accepted: Sequence[Submission]) -> tuple[list[Submission], list[Duplicate]]:
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


def one_city(
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
