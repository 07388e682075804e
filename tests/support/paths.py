"""The folders of this checkout that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
DOCS = ROOT / "docs"
MACROS = ROOT / "macros"
PRODUCT = ROOT / "xl_automation"
WORKBOOK = ROOT / "workbook"
EXAMPLES = WORKBOOK / "examples"
