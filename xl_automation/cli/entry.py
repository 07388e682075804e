"""Where the command starts: whatever happens, its exit status says whose fault it was.

Python itself ends with 1 after an error that nobody caught, which is here the status of findings.
So the program is imported within what catches.
"""

from __future__ import annotations

import sys
import traceback

FAULT = 3  # as `console.FAULT`, which may be what cannot be imported
INTERRUPTED = 130  # as shells have it for Ctrl+C


def run() -> int:
    """Run the command line and return its exit status."""
    try:
        from xl_automation.cli.main import main

        return main()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _told(error)


def _told(error: Exception) -> int:
    """Say what could not even be imported, and log it where that is possible."""
    try:
        from xl_automation.cli.fault import told_and_logged

        said = told_and_logged(error, sys.argv[1:])
    except Exception:
        traceback.print_exception(error)
        said = f"Có sự cố ngoài dự kiến ({type(error).__name__}): lỗi của chương trình."
    if hasattr(sys.stderr, "reconfigure"):
        sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")
    print(f"✗ {said}", file=sys.stderr)
    return FAULT
