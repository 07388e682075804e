"""Fixtures of the tests of the command line."""

from __future__ import annotations

from datetime import datetime

import pytest

from xl_automation.cli import report_verbs


class _Stopped(datetime):
    @classmethod
    def now(cls, tz=None) -> datetime:
        return datetime(2022, 6, 20, 8, 30, tzinfo=tz)


@pytest.fixture
def stopped_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all runs be at one time: a summary says its minute, and two runs may have two."""
    monkeypatch.setattr(report_verbs, "datetime", _Stopped)
