"""Requirement of a form's version.

V1 A form that changed is another version: else an honest workbook of before would be called
   altered. What a reader compares with the file stands here as a digest, beside the version.
"""

from __future__ import annotations

import hashlib
import json

import pytest

from xl_automation.forms.form import Form
from xl_automation.forms.loader import FORMS, load_form
from xl_automation.reading.cells import issued_formulas
from xl_automation.template import positions
from xl_automation.template.layout import Layout

# Of each form that ships: its version, and the digest of its structure. Where a test fails, the
# form has changed for its reader: give the form file a new version, then state both here anew.
SHIPPED = {
    "cchc-2022": (
        "2022.2",
        "b9e657d68138a0783ddd67b26fa4a0b0d157c9ec2782faed1e78a4ca88575e57",
    ),
    "cchc-2025-du-thao": (
        "2025.1",
        "983163d23bc6577d3d2ae563e368dcbb810e8c0eca34a26c99c7a34fa20adba6",
    ),
}


def structure(form: Form) -> str:
    """Return a digest of all that a reader looks for in a file, and of where it looks."""
    layout = Layout(form)
    formulas = issued_formulas(layout)
    facts = {
        "sheet": form.sheet,
        "levels": dict(form.levels),
        "periods": [positions.short_period(kind.label) for kind in form.period_kinds],
        # A workbook from before there were the later cells is read as one where they are blank.
        "information": {
            name: positions.info_place(name)
            for name in positions.INFO_ROWS
            if name not in positions.LATER_CELLS
        },
        "rows": [
            (item.id, item.stt, item.label, item.unit, item.kind, formulas.get(item.id))
            for item in form.indicators
        ],
        "cells": {
            id: layout.place(id) for id in (*form.by_id, *form.helper_ids, *form.table_cells)
        },
        "names": [*(item.name for item in form.figures), *(table.name for table in form.tables)],
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize("id", sorted(path.stem for path in FORMS.glob("*.toml")))
def test_changed_form_has_a_new_version(id: str) -> None:
    """Version and structure of each shipped form are those that were stated together."""
    form = load_form(id)
    assert SHIPPED.get(id) == (form.version, structure(form))


@pytest.mark.parametrize(
    "change",
    [
        ('label = "Tổng số nhiệm vụ được giao"', 'label = "Số nhiệm vụ được giao"'),
        ('unit = "Nhiệm vụ"', 'unit = "Việc"'),
        ('stt = "1.3.1."', 'stt = "1.3.1"'),
        ('percent = { part = "[1.1.b]"', 'percent = { part = "[1.1.a]"'),
        ('sheet = "Phụ lục"', 'sheet = "Phụ lục 1"'),
    ],
    ids=lambda change: change[0].partition(" ")[0],
)
def test_digest_sees_what_a_reader_sees(tmp_path, change: tuple[str, str]) -> None:
    """Another label, unit, number, formula or sheet is another structure."""
    text = (FORMS / "cchc-2022.toml").read_text("utf-8").replace('units = "', '# units = "')
    assert change[0] in text
    path = tmp_path / "form.toml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    assert structure(load_form(path)) != SHIPPED["cchc-2022"][1]


def test_digest_leaves_rules_and_help_alone(tmp_path) -> None:
    """What only checks and guides may be mended within a version."""
    text = (FORMS / "cchc-2022.toml").read_text("utf-8").replace('units = "', '# units = "')
    path = tmp_path / "form.toml"
    path.write_text(text[: text.index("[[rule]]")].replace('help = "', 'help = "Xem: '), "utf-8")
    assert structure(load_form(path)) == SHIPPED["cchc-2022"][1]
