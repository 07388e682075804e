"""What the register keeps of the file that counts, so that a locked round stays what it was.

A snapshot is the record of a submission as JSON. It lay in a workbook that anybody could change:
it is looked at again, and what is not whole is no snapshot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from xl_automation.checks.finding import Finding
from xl_automation.consolidation.choice import Choices, Frozen, Sender
from xl_automation.consolidation.intake import Intake
from xl_automation.consolidation.register import Register, UnitRecord
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_record import DamagedRecord, FileFacts, Records
from xl_automation.wording import quoted, sentence

LOST = "locked"  # the rule of what is said of a locked unit that cannot be counted
_LOST_MESSAGE = (
    "đơn vị đã khóa, nhưng tệp được tính không còn và bản lưu trong sổ tổng hợp không đọc được, "
    "nên không được tính. Đưa lại đúng tệp đó vào, hoặc mở khóa."
)


def snapshot_of(records: Records, submission: Submission) -> str:
    """Return a submission as text in ASCII, of any length; empty where it has what JSON has not."""
    try:
        return json.dumps(records.of(submission), allow_nan=False, separators=(",", ":"))
    except ValueError:
        return ""


def submission_from(records: Records, record: UnitRecord) -> Submission | None:
    """Return the submission that the register keeps of a unit, None where it is not whole."""
    facts = FileFacts(Path(record.file), record.sha256, 0, 0.0)
    try:
        kept = records.read(json.loads(record.snapshot), facts)
    except (DamagedRecord, ValueError, RecursionError):
        return None
    return kept if isinstance(kept, Submission) and kept.unit_code == record.code else None


def frozen_in(form: Form, register: Register, period: Period | None) -> Choices:
    """Return what counts of the units that are locked in the register of *period*."""
    records, city = Records(form), register.city[0] if register.city else None
    frozen: dict[Sender, Frozen] = {}
    for record in register.units.values():
        if register.is_locked or record.state == "locked":
            kept = submission_from(records, record) if record.sha256 else None
            level = "commune" if record.code != city else "district"
            is_whole = kept and kept.period == period and kept.level == level
            frozen[level, record.code] = Frozen(record.sha256, kept if is_whole else None)
    return Choices(all_frozen=register.is_locked, frozen=frozen)


def lost_findings(register: Register, intake: Intake) -> Iterator[UnitFinding]:
    """Yield the locked units of which neither the file nor a whole snapshot is there any more."""
    counted = {submission.unit_code for submission in intake.counted}
    for record in register.units.values():
        is_locked = register.is_locked or record.state == "locked"
        if is_locked and record.sha256 and record.code not in counted:
            seen = sentence(f"{quoted(record.name)}: {quoted(record.file)}")
            finding = Finding(LOST, "error", (), (), seen, _LOST_MESSAGE)
            yield UnitFinding(finding, unit=record.name, code=record.code)
