"""The register that a summary keeps, read back from its sheets."""

from __future__ import annotations

from pathlib import Path

from xl_automation.consolidation.register import Register
from xl_automation.forms.form import Form
from xl_automation.summary.read_back import read_summary


def read_register(path: Path, form: Form) -> Register:
    """Return what the summary at *path* keeps.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    return Register(period=read_summary(path, form).period.code)
