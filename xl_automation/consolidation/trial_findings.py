"""What the rules on trial would do to a round: which units each of them would stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xl_automation.checks.finding import Finding
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.form import Form
from xl_automation.forms.rule import TRIAL
from xl_automation.forms.vocabulary import Severity

_WOULD: Mapping[Severity, str] = {
    "error": "sẽ chặn",
    "warning": "sẽ cảnh báo",
    "info": "sẽ lưu ý",
}


def trial_findings(form: Form, unit_findings: Sequence[UnitFinding]) -> tuple[UnitFinding, ...]:
    """Return one finding about the city for each rule on trial that some unit breaks.

    Args:
        form: The form.
        unit_findings: What is wrong with each unit by itself.
    """
    trials = {rule.id: rule for rule in form.rules if rule.trial and rule.scope != "city"}
    rule_of = {
        id: rule.id
        for rule in trials.values()
        for id in (rule.id, *(instance.id for instance in rule.instances()))
    }
    units: dict[str, dict[str, str]] = {}  # by rule: names by code
    for located in unit_findings:
        rule = rule_of.get(located.finding.rule)
        # Rules of one id may be about different rows, and not all on trial.
        if rule is not None and located.finding.message.startswith(TRIAL):
            units.setdefault(rule, {})[located.code] = located.unit
    return tuple(
        UnitFinding(Finding.of(rule, _would(rule.stated_severity, [*units[id].values()])))
        for id, rule in trials.items()
        if id in units
    )


def _would(severity: Severity, names: Sequence[str]) -> str:
    """Return what a rule would do: ``sẽ chặn 2 đơn vị: Xã A, Xã B``."""
    return f"{_WOULD[severity]} {len(names)} đơn vị: {', '.join(names)}"
