"""The texts that titles and signatures are made of, and the days of the period."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import product

from xl_automation.editing.results.state import (
    DECIMAL_MARK,
    NotKnownError,
    Plain,
    Results,
    WorkbookState,
    as_text,
)
from xl_automation.forms.period import PeriodKind
from xl_automation.template import positions
from xl_automation.template.form_sheet import (
    DATED,
    DRAWN_UP_BY,
    SIGNED_AS,
    SIGNED_BY,
    SIGNED_FOR,
    SIGNING_UNIT,
)
from xl_automation.template.form_workbook import due_words
from xl_automation.template.guide_sheet import DECIMALS, decimals_formula
from xl_automation.template.lists_sheet import (
    DEPUTY,
    PLACEHOLDERS,
    place_name,
    signed_day,
    text_formula,
)
from xl_automation.template.table_sheet import whose
from xl_automation.wording import uncapitalized
from xl_automation.xlsx.excel_days import EXCEL_EPOCH
from xl_automation.xlsx.sheet_editor import Result

_NOT_CHOSEN, _NOT_WRITTEN = "…", "……"
_LONGEST_NAME = 99
_WILD = frozenset("*?~")  # what a look-up takes for more than itself


def text_results(state: WorkbookState) -> Results:
    """Return the results on the lists, of the information sheet, and of what is printed."""
    named = named_results(state)
    results: Results = {}
    for name, result in named.items():
        place = state.names[name]
        results.setdefault(place.sheet, {})[place.cell] = result
    for name, source in positions.INFO_COMPUTED.items():
        place = positions.info_place(name)
        results.setdefault(place.sheet, {})[place.cell] = named[source]
    # Nothing differs on a computer that is set to Vietnamese, in a program that tells formats.
    results.setdefault(state.form.sheet, {})[positions.NOTICE_CELL] = due_words(
        state.submission.due
    )
    printed = _printed(state, named)
    for sheet, formulas in state.formulas.items():
        for cell, formula in formulas.items():
            if formula in printed:
                results.setdefault(sheet, {})[cell] = printed[formula]
    return results


def named_results(state: WorkbookState) -> dict[str, Result]:
    """Return the results on the hidden sheet of lists, by the names of their cells."""
    unit = as_text(state.info("TT_DON_VI"))
    _, between, name = unit.partition(positions.UNIT_SEPARATOR)
    name = name[:_LONGEST_NAME] if between else _NOT_CHOSEN
    kind_of_period = _period_kind(state)
    year, number = state.info("TT_NAM"), state.info("TT_SO_BAO_CAO")
    label = kind_of_period.label.replace("{year}", as_text(year)) if kind_of_period else _NOT_CHOSEN
    first, last = _window(kind_of_period, year)
    day = _day(state.info("TT_NGAY_BAO_CAO"))
    written = f"{day.day}/{day.month}/{day.year}" if day else _NOT_WRITTEN
    leading = as_text(number).partition("/")[0].strip(" ")
    is_number = leading.isascii() and leading.isdigit() and len(leading) < 10
    return {
        "TT_TEN_DON_VI": name,
        "TT_UBND": f"UBND {uncapitalized(name)}",
        "TT_DIA_DANH": place_name(name),
        "TT_KY_THAY": as_text(state.info("TT_CHUC_VU")).casefold() == DEPUTY.casefold(),
        "TT_KY_NHAN": label,
        "TT_KY_TU_NGAY": first,
        "TT_KY_DEN_NGAY": last,
        "TT_SO_NHAN": as_text(number) or _NOT_WRITTEN,
        "TT_NGAY_NHAN": written,
        "TT_SO_DAU_BAO_CAO": float(leading) if is_number else "",
        positions.DECIMAL_MARK: DECIMAL_MARK,
        "TT_NGAY_KY": signed_day(day),
    }


def _period_kind(state: WorkbookState) -> PeriodKind | None:
    """Return the kind of period that is chosen, None where none of the list is."""
    chosen = state.info("TT_KY")
    if isinstance(chosen, str) and _WILD & set(chosen):
        raise NotKnownError(f"the period {chosen}")
    for kind in state.form.period_kinds:
        if isinstance(chosen, str) and positions.short_period(kind.label).lower() == chosen.lower():
            return kind
    return None


def _window(kind: PeriodKind | None, year: Plain) -> tuple[Result, Result]:
    """Return the serials of a period's first and last day, empty without one."""
    if kind is None or not isinstance(year, float):
        return "", ""
    try:
        days = date(int(year) + kind.start_year, *kind.start), date(int(year), *kind.end)
    except ValueError as error:
        raise NotKnownError(f"the year {year}") from error
    if days[0].year < 1901:
        raise NotKnownError(f"the year {year}")
    first, last = ((day - EXCEL_EPOCH).days for day in days)
    return float(first), float(last)


def _day(serial: Plain) -> date | None:
    """Return the day of a serial, None where a cell holds none."""
    if not isinstance(serial, float):
        return None
    if not 61 <= serial < 2_958_466:  # programs differ on the days before
        raise NotKnownError(f"the day {serial}")
    return EXCEL_EPOCH + timedelta(int(serial))


def _printed(state: WorkbookState, named: Mapping[str, Result]) -> dict[str, Result]:
    """Return what is printed, by the formula that gives it, without ``=``."""
    is_deputy = bool(named["TT_KY_THAY"])
    texts = (*state.form.title, state.form.attached, DATED, SIGNING_UNIT)
    texts += tuple(whose(table) for table in state.form.tables)
    by_formula = {
        SIGNED_AS: "KT. CHỦ TỊCH" if is_deputy else "CHỦ TỊCH",
        SIGNED_FOR: "PHÓ CHỦ TỊCH" if is_deputy else "",
        decimals_formula(): DECIMALS,
        DRAWN_UP_BY: as_text(state.info("TT_NGUOI_LAP")),
        SIGNED_BY: as_text(state.info("TT_NGUOI_KY")),
        **{
            text_formula(text, upper): _filled_in(text, named, str.upper if upper else str)
            for text, upper in product(texts, (False, True))
        },
    }
    return {formula.removeprefix("="): result for formula, result in by_formula.items()}


def _filled_in(text: str, named: Mapping[str, Result], case: Callable[[str], str]) -> str:
    """Return a text whose placeholders are filled in: ``text_formula``."""
    pieces = text.replace("}", "{").split("{")
    return "".join(
        case(str(named[PLACEHOLDERS[piece]])) if number % 2 else piece
        for number, piece in enumerate(pieces)
    )
