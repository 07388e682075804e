"""The rules of the domain that a workbook, two periods or a folder of workbooks can decide.

They are facts about the form of 2022. A form may have more rules than these.
"""

from __future__ import annotations


def _ids(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORKBOOK_RULES = _ids(
    """
    F01 F02 F03 F04 F05 F06 F07 F09 F10
    R-1.1 R-1.2.3 R-2.4 R-3.2.1 R-3.2.2 R-3.2.3 R-3.2.4 R-3.2.5 R-3.4.1 R-3.4.2 R-4.1.5 R-6.1
    C-1.1 C-1.2.3 C-1.3 C-1.4 C-2.4 C-2.4w C-3.1.3 C-3.1.1 C-3.2.1 C-3.2.1c C-3.2.2 C-3.2.2c
    C-3.2w C-3.2.1w C-3.2.2w C-3.2.3 C-3.2.3b C-3.2.4 C-3.2.4c C-3.2.4d C-3.2.5 C-3.2.5w C-3.3
    C-3.3.3 C-3.4.1 C-3.4.2 C-3.4m C-3.4x C-4.1.5 C-4.2 C-4.2.4 C-4.3 C-5.4 C-6.1 C-6.1u C-6.2
    C-6.2.4 C-7.5s C-7.5e C-7.6 L01 L02 L03 L04 B01 B02 B03 B04 B05 B06 B07 B08 B09 B10
    B11 B12 B13 B14 B15 B16 B17
    """
)
PERIOD_RULES = _ids("T01 T02 T03 T04 T05 T06 T07")
CITY_RULES = _ids("K01 K02 K03 K04 K05 K06 K07 K08 K09 K10 K11 K12 K13")
WARNINGS = _ids(
    """
    F03 F07 F10 C-2.4w C-3.1.1 C-3.2w C-3.2.1w C-3.2.2w C-3.2.4d C-3.3 C-3.3.3 C-4.1.5
    C-4.2 C-4.2.4 C-4.3 C-6.1 C-6.1u L03 L04 B01 B02 B03 B04 B05 B06 B07 B09 B11 B12 B13 B14 B15
    T02 T04 T06 K05 K06 K07 K09 K11 K12 K13
    """
)
HINTS = _ids("C-3.4x C-7.6 L02 B08 B10 B17 T05 T07 K10")
