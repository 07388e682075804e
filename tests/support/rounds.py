"""A round with everything that a register keeps: states, decisions, answers, what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from tests.support.builders import COMMUNE, FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    FOLDER,
    A,
    B,
    C,
    D,
    E,
    F,
    golden,
    good,
    past,
    report,
)
from xl_automation.checks.finding import Settled
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.decisions import Decision, JudgedDecision
from xl_automation.consolidation.intake import Duplicate, FigureChange, sender
from xl_automation.consolidation.kept import kept_finding
from xl_automation.consolidation.left_out import without
from xl_automation.consolidation.register import Event, LeftOut, UnitRecord
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission

EXCLUDED = ("1.4.1", B, 12.0)  # row, unit, figure
SNAPSHOT = '["read", "ô_x0041_\\r\\n", ' + "0, " * 30_000 + "0]"  # longer than a cell
DECISIONS = (
    JudgedDecision(
        Decision(B.code, "1.4.1", "", "exclude", "Cộng cả năm ngoái", "Bà Lan", "2022-N"),
        "applied",
        "12 không vào tổng 1.4.1",
    ),
    JudgedDecision(
        Decision("*", "*", "K05", "accept", "Đơn vị mới tách\nxem công văn 12", "", "", "a b.xlsx"),
        "unmatched",
        "",
    ),
    JudgedDecision(Decision("Xã Nào Đó", "1.1", "=1+1", "bỏ đi", "", "'x"), "unclear", "không rõ"),
)
RECORDS = {
    A.code: UnitRecord(
        A.code,
        A.name,
        "resent",
        (("received", date(2022, 6, 10)), ("returned", date(2022, 6, 12))),
        f"{A.code}.xlsx",
        "a" * 64,
        datetime(2022, 6, 14, 20, 30, tzinfo=UTC),
        "on-time",
        SNAPSHOT,
    ),
    B.code: UnitRecord(
        B.code, B.name, "accepted", (("received", date(2022, 6, 18)),), "b.xlsx", "b" * 64,
        datetime(2022, 6, 18, 1, 0, tzinfo=UTC), "late", '["read"]',
    ),
    C.code: UnitRecord(
        C.code, C.name, "locked", (("received", date(2022, 6, 9)),), "c.xlsx", "c" * 64,
        datetime(2022, 6, 8, 23, 59, 59, tzinfo=UTC), "on-time", '["read", 3]',
    ),
    D.code: UnitRecord(
        D.code, D.name, "received", (("received", date(2022, 6, 9)),), "d.xlsx", "d" * 64,
        None, "unknown", '["read", 4]',
    ),
    E.code: UnitRecord(
        E.code, E.name, "returned", (("received", date(2022, 6, 9)),), "e.xlsx", "e" * 64,
        datetime(2022, 6, 8, tzinfo=UTC), "on-time", '["read", 5]',
    ),
    F.code: UnitRecord(F.code, F.name, timeliness="missing"),
    CITY.code: UnitRecord(CITY.code, CITY.name, "missing"),  # it owes none, and no day is due
}  # fmt: skip
EVENTS = tuple(
    Event(datetime(2022, 6, 20, 9, 59 - n), unit.name if n % 3 else "", f"Đã nhận → Đạt ({n})")
    for n, unit in enumerate(COMMUNES[:20])
)


@cache
def small_round() -> Consolidation:
    """Return a round of two units and a form of few rows; its record is longer than a cell."""
    year, units = (
        MINI.period("2024-N"),
        (ReportingUnit("1", "Xã Một"), ReportingUnit("2", "Xã Hai")),
    )
    result = consolidate(MINI, [report(units[0], {"I.2": 8, "I.3": 9}, year, form=MINI)], units)
    first, last = (replace(RECORDS[unit.code], code=code) for unit, code in ((A, "1"), (F, "2")))
    return replace(result, records={"1": first, "2": last}, due=date(2025, 1, 5))


@cache
def full_round() -> Consolidation:
    """Return the golden case in the middle of its round; B's 1.4.1 is excluded by decision."""
    result = golden()
    id, unit, figure = EXCLUDED
    total = result.totals[id]
    less = replace(total, value=total.value - figure, filled=total.filled - 1)
    findings = list(result.findings)
    warnings = [n for n, one in enumerate(findings) if one.finding.cells]
    for place, how in zip(warnings, ("note", "decision"), strict=False):
        settled = replace(
            findings[place].finding, settled=Settled(how, "Do bão số 3, đã có báo cáo")
        )
        findings[place] = replace(findings[place], finding=settled)
    keys = [kept_finding(result, one).key for one in findings]
    left = LeftOut(unit.code, unit.name, id, "decision", "Cộng cả năm ngoái", figure)
    old, new = FOLDER / "lần 1.xlsx", FOLDER / f"{A.code}.xlsx"
    changes = (FigureChange(old, "1.1.a", 7, 8), FigureChange(old, "2.4.a", None, "abc"))
    communes = result.figures.subset(range(len(result.communes)))
    (who,) = (sender(one) for one in result.communes if one.unit_code == unit.code)
    usable = replace(result.reports, communes=without(communes, {who: {id: left.reason}}))
    duplicate = Duplicate(A.code, A.name, (old, new), new, changes=changes)
    return replace(
        result,
        findings=tuple(findings),
        reports=usable,
        totals={**result.totals, id: less},
        appendix=result.appendix,
        left_out=(*result.left_out, left),
        duplicates=(duplicate,),
        decisions=DECISIONS,
        records=RECORDS,
        due=date(2022, 6, 15),
        is_locked=True,
        answers={
            keys[0]: ("Ông Hùng", "Đã gọi điện"),
            keys[-1]: ("=HYPERLINK(1)", "Chờ\nđơn vị"),
            ("không", "còn", "nữa"): ("ai", "gì"),
        },
        events=EVENTS,
        undecided=tuple(range(len(result.counted))),
    )


LONG = "chưa tách được số của hai đơn vị mới sáp nhập, đang chờ văn bản hướng dẫn; " * 6


def whole_round(folder: Path) -> Consolidation:
    """Return a round of all communes that has something on every sheet, and more than a page.

    Two send nothing, one twice, one file is refused; some figures are wrong, unread, left out or
    long texts; tables are filled by few; there is an earlier period, written to *folder*.
    """
    sent = [_varied(unit, number) for number, unit in enumerate(COMMUNES[:-2])]
    again = replace(sent[0], path=FOLDER / "Phường Quán Triều gửi lại lần hai (bản cuối).xlsx")
    again = replace(again, saved=2e9, readings={**sent[3].readings})
    refused = RefusedFile(FOLDER / "hỏng.xlsx", "unreadable", "Tệp bị hỏng. Xin đơn vị gửi lại.")
    earlier = past(folder, "2022-Q1", [good(unit) for unit in COMMUNES])
    decided = [judged.decision for judged in DECISIONS]
    return consolidate(
        FORM,
        [*sent, again, refused, good(CITY)],
        (*COMMUNES, CITY),
        PERIOD,
        previous=[earlier],
        decisions=decided,
        due=date(2022, 6, 15),
        now=datetime(2022, 6, 20, 9),
    )


def _varied(unit: ReportingUnit, number: int) -> Submission:
    """Return a report whose figures are of the unit's own size, some of them wrong."""
    fill = dict(COMMUNE) | {
        "1.1.b": 9 if number % 10 == 3 else 4,
        "2.3": LONG if number % 15 == 2 else 10 + number,
        "3.2.4.a": 6692 + 37 * number,
        "3.4.2.a": 6692 + 37 * number,
        "3.1.3.b": 126 - number % 3,
        "6.1.a": 4860 * (number + 1) + 0.25,
        "7.5.2": 95 if number % 4 else 128,
    }
    if number < 3:
        fill |= {"TTHC.1.so": 90 + number, "TTHC.2.so": 36, "II06.1.c4": 5 + number}
    return replace(report(unit, fill), row_labels={"II06.1": "Đất đai, hoà giải ở cơ sở"})
