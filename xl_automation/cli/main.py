"""The command line ``cchc``: the same verbs for people without Excel.

Exit status: 0 clean; 1 done, with findings or with files refused; 2 nothing could be done; 3 a
fault of the program.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from xl_automation.cli import addin_verb, demo_verb, form_verbs, output_verbs, report_verbs
from xl_automation.cli.console import FAULT, FINDINGS, fail
from xl_automation.cli.fault import told_and_logged
from xl_automation.cli.parser import build_parser
from xl_automation.cli.verb import verbs_of
from xl_automation.errors import UserError
from xl_automation.xlsx.files import FULL

VERBS = verbs_of((form_verbs, report_verbs, output_verbs, addin_verb, demo_verb))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        options = build_parser(VERBS).parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except UserError as error:
        return fail(str(error))
    except BrokenPipeError:  # whoever reads the output has seen enough: `cchc check . | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for the flush at exit
        return FINDINGS
    except OSError as error:
        if error.errno not in FULL:
            return fail(told_and_logged(error, arguments), FAULT)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return fail("Nơi nhận kết quả in ra đã đầy nên kết quả bị thiếu. Chọn ổ khác rồi chạy lại.")
    except Exception as error:
        return fail(told_and_logged(error, arguments), FAULT)
