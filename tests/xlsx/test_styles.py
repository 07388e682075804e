"""Requirement: another look of a cell is another style in the list, and named looks stay known."""

from __future__ import annotations

import pytest

from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.styles import NORMAL, Look, StyleEditor
from xl_automation.xlsx.xml_part import MAIN

PART = "xl/styles.xml"
FILLS = (
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FF00FF00"/></patternFill></fill></fills>'
)
NAMES = '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
LOOKS = (
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
)
STYLES = (
    '<cellXfs count="3"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="9" fillId="2" xfId="0"><protection locked="0"/></xf>'
    '<xf numFmtId="0"><alignment wrapText="1"/><extLst/></xf></cellXfs>'
)


def editor(looks: str = LOOKS, names: str = NAMES) -> StyleEditor:
    """Return the styles of a workbook with these lists."""
    content = f'<styleSheet xmlns="{MAIN}">{FILLS}{looks}{STYLES}{names}<dxfs/></styleSheet>'
    return StyleEditor({PART: content.encode()})


def tags(parent) -> list[str]:
    """Return the names of the elements within another."""
    return [item.tag.removeprefix(f"{{{MAIN}}}") for item in parent]


def test_look_is_what_the_style_says():
    """Lock, fill and cell style; what a style leaves out, and a number off the list, is plain."""
    styles = editor()
    assert [styles.look(number) for number in (0, 1, 2, 99)] == [
        Look(True, None, NORMAL), Look(False, "00FF00", NORMAL), Look(True, None, NORMAL),
        Look(True, None, NORMAL),
    ]  # fmt: skip


def test_variant_differs_in_its_look_alone():
    """The same look is the same style; another is added once and keeps all else."""
    styles = editor()
    assert styles.variant(1, styles.look(1)) == 1
    wanted = Look(True, "FF0000", NORMAL)
    number = styles.variant(1, wanted)
    assert (number, styles.variant(1, wanted), len(styles.styles)) == (3, 3, 4)
    assert styles.look(number) == wanted
    made = styles.styles[number]
    assert (made.get("numFmtId"), made.get("applyFill")) == ("9", "1")
    assert styles.styles.get("count") == "4"
    plain = styles.variant(2, Look(False, None, NORMAL))
    assert tags(styles.styles[plain]) == ["alignment", "protection", "extLst"]


@pytest.mark.parametrize(
    ("looks", "names"),
    [(LOOKS, NAMES), ("", NAMES), (LOOKS, ""), ("", ""), ("<cellStyleXfs/>", NAMES)],
    ids=["both", "no-looks", "no-names", "neither", "empty"],
)
def test_named_look_is_added_where_the_format_wants_it(looks, names):
    """The lists stand in the order of CT_Stylesheet with right counts, and the name is found."""
    styles = editor(looks, names)
    assert styles.cell_style_named("Trả lại") is None
    number = styles.add_cell_style("Trả lại", "E6D9F2")
    again = StyleEditor({PART: styles.to_bytes()})
    assert (number, again.cell_style_named("Trả lại")) == (1, 1)
    assert tags(again.root) == ["fills", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"]
    for item in again.root[:4]:
        assert item.get("count") == str(len(item))
    assert [item.get("name") for item in again.root.iter("{*}cellStyle")] == ["Normal", "Trả lại"]
    fill = again.fills[int(again.root[1][1].get("fillId"))]
    assert fill[0][0].get("rgb") == "FFE6D9F2"


def test_mark_of_a_style_is_kept_and_can_be_taken_off():
    """A style based on a named look says so, and without it is as it was."""
    styles = editor()
    mark = styles.add_cell_style("Trả lại", "E6D9F2")
    marked = styles.variant(0, Look(True, "E6D9F2", mark))
    repainted = styles.variant(marked, styles.look(marked)._replace(fill="FFFFFF"))
    assert styles.look(repainted) == Look(True, "FFFFFF", mark)
    cleared = styles.variant(repainted, Look(True, None, NORMAL))
    assert styles.look(cleared) == styles.look(0)


@pytest.mark.parametrize("lost", ["cellXfs", "fills"])
def test_damaged_styles_are_refused(lost):
    """Without its lists a part of styles is damaged, and so is a package without the part."""
    content = editor().to_bytes().replace(lost.encode(), b"lost")
    with pytest.raises(Refusal):
        StyleEditor({PART: content})
    with pytest.raises(Refusal):
        StyleEditor({})
