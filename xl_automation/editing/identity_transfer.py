"""Who reports, and when: what was chosen is carried, what was issued fixed stays fixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xl_automation.editing.old_workbook import OldWorkbook
from xl_automation.editing.row_transfer import unit_changed
from xl_automation.editing.transfer import Transfer, carried, dropped, left_out, together
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.identity import as_date, level_of, period_of
from xl_automation.template import positions
from xl_automation.template.positions import INFO_COMPUTED
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.refusal import Refusal

CHOSEN = (
    *("TT_DON_VI", "TT_KY", "TT_NAM", "TT_SO_BAO_CAO", "TT_NGAY_BAO_CAO"),
    *("TT_NGUOI_LAP", "TT_CHUC_VU", "TT_NGUOI_KY", positions.DONE_CELL),
)
WINDOW = ("TT_TU_NGAY", "TT_DEN_NGAY")
_ANY_YEAR = "2000"


@dataclass(frozen=True, slots=True)
class Identity:
    """What the new workbook is issued with.

    Attributes:
        level: The level of its unit.
        unit: The unit, if the old workbook was issued for it.
        period: The period, if the old workbook was issued for it.
        previous: The earlier period that the old workbook shows, with its figures by new id.
        due: The day by which the old workbook says that the report is due.
    """

    level: UnitLevel
    unit: ReportingUnit | None
    period: Period | None
    previous: tuple[Period, Mapping[str, float]] | None
    due: date | None


def identity_of(old: OldWorkbook, form: Form, matched: Mapping[str, str]) -> Identity:
    """Return what the new workbook is issued with.

    Args:
        old: The old workbook.
        form: The form of the new one.
        matched: The new ids of the old rows that are surely found again.

    Raises:
        Refusal: If the form has no such level.
    """
    level = _level(old, form)
    code, separator, name = old.named_text("TT_DON_VI").partition(positions.UNIT_SEPARATOR)
    is_issued_for = separator and _is_fixed(old, "TT_DON_VI")
    unit = ReportingUnit(code, name, level) if is_issued_for else None
    period = _period(old, form) if _is_fixed(old, "TT_KY", "TT_NAM") else None
    return Identity(level, unit, period, _previous(old, form, matched), _due(old))


def _level(old: OldWorkbook, form: Form) -> UnitLevel:
    said = old.named_text("TT_CAP")
    try:
        return level_of(form, said)
    except Refusal as refusal:
        reason = f"mẫu này không có cấp báo cáo “{quoted(said)}”"
        raise Refusal("wrong-form", expected=form.name, reason=reason) from refusal


def _due(old: OldWorkbook) -> date | None:
    place = old.names.get(positions.DUE_CELL)
    return as_date(old.value(place)) if place else None


def _is_fixed(old: OldWorkbook, *names: str) -> bool:
    """Whether these cells were filled in and locked when the old workbook was issued."""
    return all(name in old.names and old.names[name] not in old.unlocked for name in names)


def _period(old: OldWorkbook, form: Form) -> Period | None:
    """Return the period of the old workbook, whoever chose it."""
    return period_of(form, old.named_text("TT_KY"), old.named_text("TT_NAM"))


def _previous(
    old: OldWorkbook, form: Form, matched: Mapping[str, str]
) -> tuple[Period, dict[str, float]] | None:
    """Return the earlier period that the old workbook shows beside its figures."""
    try:
        period = form.period(old.named_text("TT_KY_TRUOC"))
    except UserError:
        return None
    numbers = {}
    for id, new in matched.items():
        row = old.rows[id]
        value = old.content(Address.of(old.page, positions.PREVIOUS, row.row))
        if isinstance(value, (int, float)) and not unit_changed(old, row, form.by_id[new]):
            numbers[new] = float(value)
    return period, numbers


def identity_transfers(old: OldWorkbook, form: Form) -> Transfer:
    """Return what becomes of the cells that say who reports and when."""
    return together([*_chosen(old, form), *_window(old, form)])


def _chosen(old: OldWorkbook, form: Form) -> Iterator[Transfer]:
    for name in CHOSEN:
        if name not in old.names:
            continue
        source, target = old.names[name], positions.info_place(name)
        if name == "TT_KY" and not period_of(form, old.text(source), _ANY_YEAR):
            yield dropped(old, source, "kỳ báo cáo", "mẫu mới không có kỳ này")
            continue
        yield carried(old, source, target)
        if name == "TT_NGAY_BAO_CAO" and (day := as_date(old.value(source))):
            yield Transfer(writes={target: day})


def _window(old: OldWorkbook, form: Form) -> Iterator[Transfer]:
    """Yield what becomes of the first and last day of the data where a clerk typed them."""
    period = _period(old, form)
    for name, day in zip(WINDOW, period.window if period else (None, None), strict=True):
        source = old.names.get(name)
        if source is None:
            continue
        is_issued = source not in old.unlocked or old.formula(source) == f"={INFO_COMPUTED[name]}"
        typed = as_date(old.value(source))
        if (is_issued and old.holds_formula(source)) or (typed is not None and typed == day):
            yield left_out(source)
            continue
        target = positions.info_place(name)
        yield carried(old, source, target)
        if typed:
            yield Transfer(writes={target: typed})
