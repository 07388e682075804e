"""What Excel can hold."""

from __future__ import annotations

MAX_TEXT = 32_000  # characters that are written into a cell; it holds 32,767
