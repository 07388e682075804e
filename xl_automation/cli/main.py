"""The command line ``cchc``: the same verbs for people without Excel.

Exit status: 0 clean; 1 done, with findings or with files refused; 2 nothing could be done.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from xl_automation.cli.console import fail
from xl_automation.cli.grammar import build_parser
from xl_automation.cli.verbs import VERBS
from xl_automation.errors import FormError, UserError
from xl_automation.excel.addin.home import InstallError
from xl_automation.xlsx.refusal import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = build_parser(VERBS).parse_args(arguments)
    try:
        status: int = options.run(options)
        return status
    except FileExistsError as error:
        name = error.filename or error.args[0]
        return fail(f"{name} đã có. Chọn tên khác; chương trình không ghi đè tệp đã có.")
    except (UserError, FormError, Refusal, InstallError) as error:
        return fail(str(error))
    except OSError as error:
        # What could not be put in place is known by its name there, not by a passing one.
        name = error.filename2 or error.filename or ""
        return fail(f"Không đọc hoặc ghi được {name} ({error.strerror or error}).")
