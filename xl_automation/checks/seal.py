"""The seal of a check (dấu kiểm tra): what a workbook says of its own last check.

It names the moment, what was found, the rules, and digests by which anyone sees whether figures
were changed since. It is no signature: whoever has the program can make one. What it says of a
file is a claim of the sender; the city checks everything again.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from xl_automation.checks.finding import SETTLED_WORDS, Finding
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import Reading
from xl_automation.forms.words import SEVERITY_LABELS, UNDECIDED, plain_text
from xl_automation.reading.remark import REMARKS
from xl_automation.reading.submission import Submission

SealState = Literal["none", "intact", "changed", "other-rules", "unreadable"]
SEAL_WORDS: Mapping[SealState, str] = {
    "intact": "đã kiểm tra",
    "changed": "đã sửa sau khi kiểm tra",
    "other-rules": "đã kiểm tra bằng quy tắc khác",
    "unreadable": "không đọc được dấu kiểm tra",
    "none": "chưa kiểm tra",
}
_TIME = "%d/%m/%Y %H:%M"
_BETWEEN = " · "
_DIGITS = 16  # of a digest: nobody meets the same by chance, and a cell can show it
_DIGEST = f"[0-9a-f]{{{_DIGITS}}}"
# Whatever is counted, in words: a later version may count more.
_WORDS = r"[^\W\d_]{1,12}(?: [^\W\d_]{1,12}){0,3}"
_COUNTS = f"[0-9]{{1,6}} {_WORDS}(?:, [0-9]{{1,6}} {_WORDS}){{0,7}}"
_SEAL = re.compile(
    _BETWEEN.join(
        (
            "(?P<time>[0-9/]{10} [0-9:]{5})",
            f"(?P<counts>{_COUNTS})",
            "mẫu (?P<version>[^·]+)",
            f"quy tắc (?P<rules>{_DIGEST})",
            f"số liệu (?P<figures>{_DIGEST})",
            f"dấu {_DIGEST}",
        )
    )
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One check, as its seal tells it.

    Attributes:
        time: When, by the clock of the computer that checked, to the minute.
        counts: What was found: ``0 lỗi, 2 cảnh báo, 1 lưu ý, 1 đã giải trình, 0 không xét được``.
        version: The version of the form.
        rules: The digest of its rules (:func:`rules_digest`).
        figures: The digest of what was checked (:func:`figures_digest`).
    """

    time: datetime
    counts: str
    version: str
    rules: str
    figures: str

    @classmethod
    def parse(cls, text: str) -> Seal | None:
        """Return the seal that *text* is, None where it is none, or not as it was made."""
        match = _SEAL.fullmatch(plain_text(text))
        if match is None:
            return None
        facts = match.groupdict()
        try:
            seal = cls(datetime.strptime(facts.pop("time"), _TIME), **facts)
        except ValueError:
            return None
        return seal if seal.text == match[0] else None

    @property
    def text(self) -> str:
        """The seal as its cell holds it; the last digest is of all that stands before it."""
        facts = (
            f"{self.time:{_TIME}}",
            self.counts,
            f"mẫu {self.version}",
            f"quy tắc {self.rules}",
            f"số liệu {self.figures}",
        )
        return _BETWEEN.join((*facts, f"dấu {_digest(facts)}"))


@dataclass(frozen=True, slots=True)
class JudgedSeal:
    """What the seal of a submission is worth.

    Attributes:
        state: Whether there is one, and whether it is about these figures and rules.
        seal: The seal, None where there is none that can be read.
        text: What stands in its cell, None where nothing does.
    """

    state: SealState
    seal: Seal | None = None
    text: str | None = None

    @property
    def sentence(self) -> str:
        """The state in words: ``đã kiểm tra 14/06/2022 10:30: 0 lỗi, 2 cảnh báo, 0 lưu ý``."""
        words = SEAL_WORDS[self.state]
        if self.seal is None:
            return words
        when = f"{words} {self.seal.time:{_TIME}}"
        # What was found then is nothing that these figures can claim.
        return when if self.state == "changed" else f"{when}: {self.seal.counts}"


def seal_of(
    form: Form,
    submission: Submission,
    findings: Sequence[Finding],
    undecided: int,
    time: datetime,
) -> Seal:
    """Return the seal of a check of *submission*.

    Args:
        form: The form.
        submission: What the workbook says.
        findings: What was found in it.
        undecided: How many rules it leaves undecided.
        time: When.
    """
    counts = [
        f"{sum(finding.severity == severity for finding in findings)} {label.lower()}"
        for severity, label in SEVERITY_LABELS.items()
    ]
    settled = sum(finding.settled is not None for finding in findings)
    counts += [f"{settled} {SETTLED_WORDS['note']}", f"{undecided} {UNDECIDED}"]
    minute = time.replace(second=0, microsecond=0, tzinfo=None)
    digests = rules_digest(form), figures_digest(submission)
    return Seal(minute, ", ".join(counts), form.version, *digests)


def judge_seal(form: Form, submission: Submission) -> JudgedSeal:
    """Return what the seal in *submission* is worth by its figures and the rules of *form*."""
    text = submission.seal
    if text is None:
        return JudgedSeal("none")
    seal = Seal.parse(text)
    if seal is None:
        return JudgedSeal("unreadable", None, text)
    if seal.figures != figures_digest(submission):
        return JudgedSeal("changed", seal, text)
    is_same = (seal.version, seal.rules) == (form.version, rules_digest(form))
    return JudgedSeal("intact" if is_same else "other-rules", seal, text)


@lru_cache(8)
def rules_digest(form: Form) -> str:
    """Return a digest of what is checked: it changes with a rule, not with the words about it."""
    rules = [replace(rule, message="", fix="", basis="") for rule in form.rules]
    rows = [
        (item.id, item.kind, item.level, item.percent, sorted(item.codes))
        for item in form.indicators
    ]
    codes = [(absence.code, absence.means) for absence in form.absences]
    noticed = [(rule, kind.severity) for rule, kind in REMARKS.items()]
    # Frozen data all through: what they print is what they are.
    facts = (form.id, form.version, repr(rules), repr(rows), repr(noticed))
    return _digest((*facts, codes) if codes else facts)


def figures_digest(submission: Submission) -> str:
    """Return a digest of what the sender entered: who reports, and every figure, note and date.

    Another program may save the file, a sheet may move: the digest is the same as long as each
    cell means the same. An issued formula is no entry: nobody's program computes it otherwise.
    """
    period = submission.period
    labels = {id: _words(label) for id, label in submission.row_labels.items()}
    return _digest(
        (
            submission.form_id,
            submission.level,
            *map(_words, (submission.unit_code, submission.unit_name)),
            period.code if period else None,
            {id: _entry(reading) for id, reading in submission.readings.items()},
            {id: _words(note) for id, note in submission.notes.items()},
            {id: day.isoformat() for id, day in submission.dates.items()},
            _words(submission.report_number),
            *([labels] if labels else []),  # seals are older than these: without any, none changes
        )
    )


def _entry(reading: Reading) -> list[str | None]:
    """Return what a cell means: its number, the text that is none, how it was led by a 0."""
    if reading.number is None:
        return ["text", reading.absence or _words(reading.text)]
    number = f"{reading.number + 0.0:.15g}"  # more digits than these no program shows or keeps
    return ["0" if reading.leading_zero else "number", number]


def _words(text: str | None) -> str | None:
    return None if text is None else plain_text(text)


def _digest(facts: object) -> str:
    """Return the first digits of the SHA-256 of *facts*, which are plain data."""
    # ASCII alone: a text that no encoding has, half of a pair, has its escape too.
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGITS]
