"""The verb that shows all the others at work."""

from __future__ import annotations

import argparse
from pathlib import Path

from xl_automation.cli.verb import argument, verb


@verb(
    "demo",
    "Làm thử trọn vẹn trên số liệu ví dụ.",
    argument(
        "folder",
        "thư mục kết quả (mặc định: demo)",
        type=Path,
        nargs="?",
        default=Path("demo"),
        metavar="DIR",
    ),
)
def demo(options: argparse.Namespace) -> int:
    """Tell the whole story on the shipped example data."""
    from xl_automation.cli.demo_story import tell

    return tell(options.folder)
