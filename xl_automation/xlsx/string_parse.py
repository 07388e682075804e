"""The shared strings of a workbook, however they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from xl_automation.excel_limits import MAX_CELL_TEXT
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.strict_xml import IGNORED, Grammar, StrictReader
from xl_automation.xlsx.xml_part import MAIN

# CT_Rst: one text, or runs of it; the reading aids of Japanese (rPh) are no part of it.
RICH_TEXT: Mapping[str, Mapping[str, str]] = {
    "si": {"t": "t", "r": "r", "rPh": IGNORED, "phoneticPr": IGNORED, "extLst": IGNORED},
    "r": {"t": "t", "rPr": IGNORED},
}
RICH_TEXT_ONCE = frozenset({"t"})
_GRAMMAR = Grammar(
    MAIN,
    children={"": {"sst": "sst"}, "sst": {"si": "si", "extLst": IGNORED}, **RICH_TEXT},
    texts=frozenset({"t"}),
    once=RICH_TEXT_ONCE,
)


def parse_strings(content: bytes) -> list[str]:
    """Return the shared strings of a workbook, runs put together.

    Args:
        content: The XML, well-formed and within the limits.

    Raises:
        Refusal: If it is not what the format says.
    """
    strings: list[str] = []
    texts: list[str] = []

    def begin(name: str, _attributes: dict[str, str]) -> None:
        if name == "si":
            texts.clear()

    def end(name: str, text: str) -> None:
        if name == "t":
            texts.append(text)
        elif name == "si":
            strings.append(whole_text(texts, place))

    def place() -> str:
        return f"chữ dùng chung số {len(strings)}"

    StrictReader(_GRAMMAR, begin, end, place).read(content)
    return strings


def whole_text(texts: Iterable[str], place: Callable[[], str]) -> str:
    """Return the text of a cell from its runs.

    Raises:
        Refusal: If it is longer than a cell holds.
    """
    text = "".join(texts)
    if len(text) > MAX_CELL_TEXT:
        raise damaged(f"{place()} dài hơn {MAX_CELL_TEXT} ký tự")
    return text
