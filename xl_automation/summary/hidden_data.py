"""Data in cells that only the program reads: JSON that no program changes by saving it.

It holds no letter outside ASCII, and no ``_x0041_``, which a cell takes for an escape.
"""

from __future__ import annotations

import json
from typing import Any


def to_hidden(data: object) -> str:
    r"""Return *data* as the text of a cell.

    >>> to_hidden(["xã", "a_b"])
    '["x\\u00e3", "a\\u005fb"]'
    """
    return json.dumps(data).replace("_", "\\u005f")


def from_hidden(text: object) -> Any:
    """Return what :func:`to_hidden` made a text of.

    Raises:
        ValueError: If it made none such.
    """
    if not isinstance(text, str):
        raise ValueError(f"no hidden data: {text!r}")
    return json.loads(text)
