"""The ribbon tab.

Requirements: each button is one function with ``@button``, and the reverse; Vietnamese labels and
tips; icons that exist; ids and lengths that Excel accepts.
"""

from __future__ import annotations

import inspect
import re
import unicodedata

import pytest
import xlwings as xw
from lxml import etree

from xl_automation.excel.addin.build import modules
from xl_automation.excel.buttons import runner
from xl_automation.shipped import MACROS

NAMESPACE = {"r": "http://schemas.microsoft.com/office/2009/07/customui"}
# Names from Microsoft's lists of Office control identifiers.
ICONS = {
    "AdvancedFileProperties",
    "CalculateNow",
    "ErrorChecking",
    "ExportWord",
    "FileNew",
    "FileSaveAsPdfOrXps",
    "FileSendAsAttachment",
    "Help",
    "PivotTableInsert",
    "RefreshAll",
    "ReviewNewComment",
    "ReviewShowAllComments",
    "SignatureLineInsert",
}
MAX_LENGTHS = {"id": 1024, "label": 1024, "screentip": 1024, "supertip": 1024}  # [MS-CUSTOMUI2]

RIBBON = etree.parse(MACROS / "ribbon.xml").getroot()
BUTTONS = {button.get("id"): button for button in RIBBON.iterfind(".//r:button", NAMESPACE)}


def test_ribbon_ids_are_unique() -> None:
    """No id is used twice: Excel would drop the whole ribbon."""
    ids = [element.get("id") for element in RIBBON.iter("{*}*") if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("id", BUTTONS)
def test_button_runs_the_function_of_its_name(id: str) -> None:
    """A button's id is a function that needs a workbook only, and says which button it is."""
    press = runner.BUTTONS[id]
    book, *asked = inspect.signature(press, eval_str=True).parameters.values()
    assert press.__name__ == id
    assert book.annotation is xw.Book
    assert all(parameter.default is not parameter.empty for parameter in asked)
    assert (inspect.getdoc(press) or "").startswith(f"{BUTTONS[id].get('label')}: ")


def test_every_function_of_a_button_has_its_button() -> None:
    """No function is decorated without a button on the ribbon."""
    assert set(runner.BUTTONS) == set(BUTTONS)


def test_buttons_are_documented() -> None:
    """The page of the buttons has a section for each, in the ribbon's order and no other."""
    page = (MACROS.parent / "docs" / "buttons.md").read_text(encoding="utf-8")
    sections = re.findall("^## (.+)$", page, re.MULTILINE)
    assert sections[: len(BUTTONS)] == [button.get("label") for button in BUTTONS.values()]
    for button in BUTTONS.values():
        assert f"`{button.get('id')}`" in page


@pytest.mark.parametrize("id", BUTTONS)
def test_button_is_complete(id: str) -> None:
    """A button has a callback that exists, a known icon, and tips that Excel accepts."""
    button = BUTTONS[id]
    callback = f"Public Sub {button.get('onAction')}(control As IRibbonControl)"
    assert callback in modules()["CCHC_Ribbon"]
    assert button.get("imageMso") in ICONS
    for name, longest in MAX_LENGTHS.items():
        text = button.get(name) or ""
        assert 0 < len(text) <= longest
        assert unicodedata.is_normalized("NFC", text)
