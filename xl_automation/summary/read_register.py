"""The register of a summary, read back: what the program keeps, and what officers wrote in it.

Rows may have been sorted, columns moved, sheets renamed: lists are found by the names of their
first captions, columns by their captions, units by their codes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from xl_automation.consolidation.decisions import KIND_WORDS, Decision
from xl_automation.consolidation.register import (
    STATE_LABELS,
    KeptFinding,
    Register,
    UnitRecord,
    UnitState,
)
from xl_automation.forms.form import Form
from xl_automation.summary import decisions_sheet, findings_sheet, progress_sheet
from xl_automation.summary.choices_sheet import unit_label
from xl_automation.summary.hidden_data import from_hidden
from xl_automation.summary.officer_cells import is_yes, list_rows, typed_day
from xl_automation.summary.places import (
    DECISIONS_NAME,
    DUE_NAME,
    FINDINGS_NAME,
    FORM_NAME,
    LOCKED_NAME,
    PERIOD_NAME,
    PROGRESS_NAME,
    RECORD_NAME,
)
from xl_automation.summary.record_sheet import RECORD, register_from
from xl_automation.summary.summary_file import (
    SummaryFile,
    check_form,
    no_summary,
    open_summary,
    refused_otherwise,
)
from xl_automation.xlsx.refusal import damaged

REGISTER_NAMES = (
    DUE_NAME,
    LOCKED_NAME,
    RECORD_NAME,
    PROGRESS_NAME,
    DECISIONS_NAME,
    FINDINGS_NAME,
)
_KINDS = {words: kind for kind, words in KIND_WORDS.items()}
_STATES = {label.casefold(): state for state, label in STATE_LABELS.items()}


def read_register(path: Path, form: Form) -> Register:
    """Return what a summary says of its round: ``register_of`` what it was written from.

    A summary from before there were registers gives a blank one of its period.

    Raises:
        Refusal: If the file is not a summary of *form*, or a part of the register is damaged.
        UserError: If an officer wrote what cannot be understood; it names the cell.
    """
    summary = _opened(path, form, REGISTER_NAMES)
    with refused_otherwise(no_summary()):
        period = str(summary.value(PERIOD_NAME) or "")
    if not any(name in summary.names for name in REGISTER_NAMES):
        return Register(period=period)
    register = _recorded(summary, REGISTER_NAMES)
    return replace(
        register,
        period=period,
        due=typed_day(summary, DUE_NAME),
        is_locked=is_yes(summary, LOCKED_NAME),
        units=_units(summary, register.units),
        decisions=tuple(_decisions(summary, register)),
        findings=tuple(_findings(summary)),
    )


def read_decisions(path: Path, form: Form) -> Sequence[Decision]:
    """Return the decisions in a summary alone; of one from before there were registers, none.

    Raises:
        Refusal: If the file is not a summary of *form*, or these sheets are damaged.
    """
    names = (RECORD_NAME, DECISIONS_NAME)
    summary = _opened(path, form, names)
    if not any(name in summary.names for name in names):
        return ()
    return tuple(_decisions(summary, _recorded(summary, names)))


def _opened(path: Path, form: Form, names: Sequence[str]) -> SummaryFile:
    with refused_otherwise(no_summary()):
        summary = open_summary(path, (PERIOD_NAME, FORM_NAME, *names))
        check_form(summary, form)
    return summary


def _recorded(summary: SummaryFile, names: Sequence[str]) -> Register:
    """Return what the hidden sheet of a summary keeps, in which each of *names* must be there."""
    for name in names:
        if name not in summary.names:
            raise damaged(f"sổ tổng hợp mất phần mang tên {name} (một sheet đã bị xoá)")
    with refused_otherwise(damaged(f"sheet ẩn “{RECORD}” của sổ tổng hợp")):
        return register_from(summary.rows(RECORD_NAME))


def _units(summary: SummaryFile, records: Mapping[str, UnitRecord]) -> Mapping[str, UnitRecord]:
    """Return the records, each with the state that stands in its row; blank cells change none.

    Raises:
        UserError: If a state is none of the list, or the row is of no unit.
    """
    states: dict[str, UnitState] = {}
    for row in list_rows(summary, PROGRESS_NAME, (progress_sheet.CODE, progress_sheet.STATE)):
        code, label = row[progress_sheet.CODE].strip(), row[progress_sheet.STATE].strip()
        if not label:
            continue
        if label.casefold() not in _STATES:
            allowed = "; ".join(STATE_LABELS.values())
            raise row.not_understood(progress_sheet.STATE, f"chỉ nhận: {allowed}")
        state = _STATES[label.casefold()]
        if code not in records:
            raise row.not_understood(progress_sheet.CODE, "phải là mã của một đơn vị trong sổ")
        if states.setdefault(code, state) != state:
            raise row.not_understood(
                progress_sheet.STATE, "đơn vị này có hai dòng với hai tình trạng; chỉ để một dòng"
            )
    return {
        code: replace(record, state=states.get(code, record.state))
        for code, record in records.items()
    }


def _decisions(summary: SummaryFile, register: Register) -> Iterator[Decision]:
    """Yield the decisions as they were written, in the order in which they stand."""
    names = {code: record.name for code, record in register.units.items()}
    names |= dict([register.city] if register.city else [])
    codes = {unit_label(code, name): code for code, name in names.items()}
    captions = decisions_sheet.COLUMNS
    for row in list_rows(summary, DECISIONS_NAME, tuple(captions)):
        texts = {column.field: row[caption] for caption, column in captions.items()}
        if any(text.strip() for text in texts.values()):
            texts["unit"] = codes.get(texts["unit"], texts["unit"])
            texts["decision"] = _KINDS.get(texts["decision"], texts["decision"])
            yield Decision(**texts)


def _findings(summary: SummaryFile) -> Iterator[KeptFinding]:
    """Yield the findings, with what officers wrote beside them.

    Raises:
        UserError: If words stand in a row that is of no finding any more.
        Refusal: If what a finding is known by is damaged.
    """
    sheet = findings_sheet
    captions = (sheet.SEEN, sheet.MESSAGE, sheet.SETTLED, sheet.OWNER, sheet.ANSWER, sheet.HIDDEN)
    for row in list_rows(summary, FINDINGS_NAME, captions):
        if not row[sheet.HIDDEN]:
            for caption in (sheet.OWNER, sheet.ANSWER):
                if row[caption].strip():
                    raise row.not_understood(caption, "dòng này không phải điểm cần xem lại nào")
            continue
        with refused_otherwise(damaged(f"{row.where(sheet.HIDDEN)} của sổ tổng hợp")):
            unit, name, rule, severity, ids, cells = from_hidden(row[sheet.HIDDEN])
            yield KeptFinding(
                unit=unit,
                name=name,
                rule=rule,
                severity=severity,
                indicators=tuple(ids),
                cells=tuple(cells),
                seen=row[sheet.SEEN],
                message=row[sheet.MESSAGE],
                settled=row[sheet.SETTLED],
                owner=row[sheet.OWNER],
                answer=row[sheet.ANSWER],
            )
