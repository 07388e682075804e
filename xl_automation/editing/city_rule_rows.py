"""What only the city sees, as rows of the workbook's hidden sheet of rules.

A workbook lists there what its own rules find; with these rows it also lists why the city gave it
back, each reason until the value that it is about is another one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xl_automation.checks.finding import Finding
from xl_automation.editing.return_plan import places_of
from xl_automation.forms.numbers import BLANK
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.words import SEVERITY_LABELS, row_name
from xl_automation.reading.figures import FigureRow
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.form_workbook import live_rules
from xl_automation.template.layout import Layout
from xl_automation.template.rules_sheet import (
    CITY_ROWS,
    INDICATOR,
    MESSAGE,
    NAME,
    NOTED,
    PLACE,
    RULE,
    SEEN,
    SEVERITY,
    WAS,
    WATCHED,
)
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.sheet_editor import CellContent


def city_rule_rows(
    layout: Layout, figures: FigureRow, findings: Sequence[Finding]
) -> list[Mapping[str, CellContent]]:
    """Return the rows for what the workbook cannot see itself, each as its cells by column.

    Args:
        layout: Where everything stands.
        figures: Those of the workbook.
        findings: Why it goes back.
    """
    listed = _beyond_live_rules(figures.submission, layout, findings)
    return [_columns(layout, figures, finding) for finding in listed[:CITY_ROWS]]


def _beyond_live_rules(
    submission: Submission, layout: Layout, findings: Sequence[Finding]
) -> list[Finding]:
    """Return the findings by rules that the workbook does not check itself."""
    earlier = submission.previous[0] if submission.previous else None
    rules = live_rules(layout.form, submission.level, submission.period, earlier)
    live = {instance.id for instance in rules}
    return [finding for finding in findings if finding.rule not in live]


def _columns(layout: Layout, figures: FigureRow, finding: Finding) -> Mapping[str, CellContent]:
    """Return what is written of a finding, by column."""
    first = next(iter(finding.indicators), None)
    watched, was = _watched(layout, figures, finding)
    return {
        RULE: finding.rule,
        SEVERITY: SEVERITY_LABELS[finding.severity],
        INDICATOR: first,
        NAME: row_name(layout.form, first) if first else None,
        PLACE: places_of(layout, finding)[0].link,
        SEEN: finding.seen or None,
        MESSAGE: finding.message or None,
        NOTED: _noted(layout, finding),
        WATCHED: watched,
        WAS: was,
    }


def _noted(layout: Layout, finding: Finding) -> str | None:
    """Return the rows whose notes can answer a finding, as the workbook looks for them.

    A note answers the warnings of rules about the unit's own figures, not what the reader or the
    city remarks.
    """
    rules = {instance.id for instance in layout.form.instances(None, "period")}
    if finding.severity != "warning" or finding.rule not in rules:
        return None
    return f" {' '.join(str(layout.rows[id]) for id in finding.indicators)} "


def _watched(layout: Layout, figures: FigureRow, finding: Finding) -> tuple[str, CellContent]:
    """Return the address of the value that a finding is about, and what it is now."""
    submission = figures.submission
    if finding.indicators:
        id = finding.indicators[0]
        number, reading = figures.number(id), figures.reading(id) or BLANK
        instead = None if reading.blank else reading.absence or positions.UNREADABLE
        was = instead if number is None else number
        return Address.of(layout.form.sheet, positions.NUMBER, layout.rows[id]).link, was
    if finding.rule == "unknown-unit":
        code, name = submission.unit_code, submission.unit_name
        unit = ReportingUnit(code, name) if code and name else None
        return "TT_DON_VI", positions.unit_text(unit) if unit else name
    period = submission.period
    return "TT_KY_DEN_NGAY", period.window[1] if period else None
