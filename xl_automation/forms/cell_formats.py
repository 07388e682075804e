"""What is said of a number that its cell's format makes unreadable, in both faces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

ShownAs = Literal["date", "percent"]  # how a cell shows a number

_WAY_OUT = "chọn ô, Home > Number > General (Ctrl+Shift+~), rồi ghi lại số"
# After what stands in the cell.
UNFIT: Mapping[ShownAs, str] = {
    "date": f"; ô đang ở dạng ngày, giờ: {_WAY_OUT}",
    "percent": f"; ô đang ở dạng %: {_WAY_OUT}",
}
# Likewise, where a program does not tell formats, and so 0.95 may be what was typed as 95 %.
UNTOLD = "; chương trình này không cho biết ô có dạng % hay không: mở bằng Excel trên máy tính"
NO_DATE = "########"  # what a cell with the format of a date shows of a number that is none
