"""Requirements of a form that extends another.

X1 It is the other one with the differences that its file states: keys of the frame, of blocks that
   are there, blocks that are dropped (a row with all below it), stated anew, or new.
X2 A difference that changes nothing, or names what is not there, is refused by the block's name;
   so is a rule that still mentions a row that is gone.
X3 A row with another label is the same row; one that is dropped and stated anew is another.
X4 A notice stands wherever the form's name and title do, and on each page of a workbook.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.builders import MINI
from tests.support.paths import DATA
from xl_automation.errors import FormError
from xl_automation.forms.extension import extended
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.template.build import build_template

FRAME = 'extends = "{of}"\nid = "nuoc-sach-2"\nversion = "2"\n'
RENAMED = '[[indicator]]\nid = "I.2"\nlabel = "Tổng số hộ dân"\n'
ANEW = (
    '[[indicator]]\nid = "{id}"\n{more}stt = ""\nlabel = "Hộ mới"\nunit = "Hộ"\nkind = "count"\n'
    'aggregate = "sum"\nnature = "stock"\n'
)


def extension(folder: Path, differences: str, of: str = str(DATA / "mini.toml")) -> Form:
    """Return the form of a file that extends another with *differences*."""
    path = folder / "mini-2.toml"
    path.write_text(FRAME.format(of=of) + differences, encoding="utf-8")
    return load_form(path)


def test_what_is_not_stated_is_as_it_was(tmp_path: Path) -> None:
    """X1: nothing but what the file says is different."""
    form = extension(tmp_path, 'years = [2025, 2026]\n[levels]\ndistrict = "tỉnh"\n' + RENAMED)
    assert (form.id, form.version, form.years) == ("nuoc-sach-2", "2", (2025, 2026))
    assert form.levels == {**MINI.levels, "district": "tỉnh"}
    assert form.by_id["I.2"].label == "Tổng số hộ dân"
    others = [item for item in form.indicators if item.id != "I.2"]
    assert others == [item for item in MINI.indicators if item.id != "I.2"]
    assert (form.rules, form.period_kinds, form.tables) == (
        MINI.rules,
        MINI.period_kinds,
        MINI.tables,
    )


def test_rows_are_dropped_put_between_and_stated_anew() -> None:
    """X1: a row goes with all below it; what is anew stands in the old place."""
    base = {"id": "b", "indicator": [{"id": id} for id in ("A", "A.1", "A.1.a", "A.10", "B")]}
    new = [{"id": "N", "after": "M"}, {"id": "M", "after": "A"}, {"id": "A.1.a", "label": "x"}]
    found = extended(base, {"drop": ["A.1"], "indicator": new})["indicator"]
    assert [block["id"] for block in found] == ["A", "M", "N", "A.1.a", "A.10", "B"]
    assert found[1:4] == [{"id": "M"}, {"id": "N"}, {"id": "A.1.a", "label": "x"}]


def test_a_row_stated_anew_is_another(tmp_path: Path) -> None:
    """X3: of a row that has a new label the form knows the old ones, through all it extends."""
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        folder.mkdir()
    extension(first, RENAMED)
    again = second / "again.toml"
    frame = FRAME.format(of="../first/mini-2.toml").replace('"nuoc-sach-2"', '"nuoc-sach-3"')
    again.write_text(frame + RENAMED.replace("hộ dân", "hộ gia đình"), encoding="utf-8")
    form = load_form(again)
    assert form.former_labels == {"I.2": ("Tổng số hộ", "Tổng số hộ dân")}
    differences = 'drop = ["I.2"]\n' + ANEW.format(id="I.2", more="")
    again.write_text(frame + differences, encoding="utf-8")
    form = load_form(again)
    assert form.former_labels == {}
    assert [item.id for item in form.indicators] == [item.id for item in MINI.indicators]
    assert form.by_id["I.2"].label == "Hộ mới"


MISTAKES = {
    "frame-same": ("years = [2024, 2026]\n", "form: years is as in nuoc-sach"),
    "level-same": ('[levels]\ncommune = "xã"\n', "levels: commune is as it was"),
    "row-same": ('[[indicator]]\nid = "I.2"\nunit = "Hộ"\n', "indicator I.2: unit is as it was"),
    "row-empty": ('[[indicator]]\nid = "I.2"\n', "indicator I.2: states no difference"),
    "row-twice": (RENAMED + RENAMED, "indicator I.2: is changed more than once"),
    "row-nowhere": (ANEW.format(id="I.9", more=""), "indicator I.9: is new: needs after"),
    "row-after-none": (
        ANEW.format(id="I.9", more='after = "I.8"\n'),
        "indicator I.9: stands after I.8, which",
    ),
    "row-moved": (RENAMED + 'after = "I.3"\n', "indicator I.2: has its place"),
    "row-without-id": ('[[indicator]]\nlabel = "x"\n', "indicator: needs id"),
    "drop-unknown": ('drop = ["I.9"]\n', "indicator I.9: is dropped, but not there"),
    "drop-twice": ('drop = ["I", "I.2"]\n', "indicator I.2: is dropped with another one already"),
    "rule-unknown": ('drop_rules = ["X9"]\n', "rule X9: is dropped, but not there"),
    "rule-left": ('drop = ["I.3"]\n', r"indicator I\.1: mentions \[I\.3\]"),
    "drop-text": ('drop = "I.2"\n', "form: drop is a list"),
    "levels-text": ('levels = "tỉnh"\n', "levels: states no difference"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_difference_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    """X2: by the name of its block."""
    differences, said = MISTAKES[name]
    with pytest.raises(FormError, match=f"^{said}"):
        extension(tmp_path, differences)


def test_what_it_extends_must_be_there_and_another(tmp_path: Path) -> None:
    """X2: a form that is not there, itself, or one without a version of its own."""
    with pytest.raises(FormError, match="khong-co"):
        extension(tmp_path, "", of="khong-co")
    with pytest.raises(FormError, match="extends itself"):
        extension(tmp_path, "", of="mini-2.toml")
    path = tmp_path / "x.toml"
    path.write_text(f'extends = "{DATA / "mini.toml"}"\nid = "x"\n', encoding="utf-8")
    with pytest.raises(FormError, match="form: needs id and version of its own"):
        load_form(path)


def test_rules_of_one_id_are_dropped_and_stated_anew() -> None:
    """X1, X2: which of several is meant is never guessed."""
    base = {"id": "b", "indicator": [], "rule": [{"id": "F", "n": 1}, {"id": "F", "n": 2}]}
    with pytest.raises(FormError, match="rule F: is there more than once"):
        extended(base, {"rule": [{"id": "F", "n": 3}]})
    both = [{"id": "F", "n": 3}, {"id": "G", "n": 4}]
    assert extended(base, {"drop_rules": ["F"], "rule": both})["rule"] == both


def printed_foot(sheet: Worksheet) -> str:
    """Return what stands at the foot of a sheet's pages."""
    foot = sheet.oddFooter
    assert foot is not None
    return " ".join(str(part.text) for part in (foot.left, foot.center) if part)


def test_notice_stands_everywhere(tmp_path: Path) -> None:
    """X4: in the name and the title, on the guide, and at the foot of each printed page."""
    form = extension(tmp_path, 'notice = "Bản nháp"\n')
    assert form.name == f"{MINI.name} (Bản nháp)"
    assert form.title == (f"{MINI.title[0]} (Bản nháp)", MINI.title[1])
    path = tmp_path / "mau.xlsx"
    path.write_bytes(build_template(form, "commune"))
    book = openpyxl.load_workbook(path)
    for name in (form.sheet, *(table.sheet for table in form.tables)):
        assert "Bản nháp" in printed_foot(book[name])
    for name in ("Thông tin", "Hướng dẫn"):
        assert "Bản nháp" in printed_foot(book[name])
        assert str(book[name]["A2"].value).startswith("Bản nháp")
