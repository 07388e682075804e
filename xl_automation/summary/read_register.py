"""The register of a summary, read back."""

from __future__ import annotations

from pathlib import Path

from xl_automation.consolidation.register import Register
from xl_automation.forms.form import Form


def read_register(path: Path, form: Form) -> Register:
    """Return what the summary at *path* says of its round."""
    return Register()
