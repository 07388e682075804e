"""Decisions of the city (quyết định): a figure left out of the totals, a finding waived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

DecisionKind = Literal["exclude", "accept"]
DecisionState = Literal["applied", "unmatched", "expired", "unclear"]
ALL = "*"  # of units, indicators or rules
KIND_WORDS: Mapping[DecisionKind, str] = {"exclude": "Loại khỏi tổng", "accept": "Chấp nhận"}
STATE_WORDS: Mapping[DecisionState, str] = {
    "applied": "Đang áp dụng",
    "unmatched": "Không còn khớp",
    "expired": "Hết hạn",
    "unclear": "Chưa rõ",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was written down; each field is the text of its cell.

    Attributes:
        unit: The code of the unit, ``*`` for all.
        indicator: The id of the row, ``*`` for all.
        rule: The id of the rule that is waived; blank for an exclusion.
        decision: ``exclude`` or ``accept``; whatever else was written is kept and said.
        reason: Why.
        by: Who decided.
        until: The code of the last period it holds for; blank for the period it was written in.
        file: The name of the file that counts among several of the unit, with ``accept``.
    """

    unit: str
    indicator: str
    rule: str
    decision: str
    reason: str
    by: str = ""
    until: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class JudgedDecision:
    """What became of a decision in this round.

    Attributes:
        decision: The decision.
        state: Whether it was applied.
        told: What it changed, or why it did not, in words.
    """

    decision: Decision
    state: DecisionState
    told: str
