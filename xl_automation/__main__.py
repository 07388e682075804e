"""``python -m xl_automation`` is the command ``cchc``."""

import sys

from xl_automation.cli.entry import run

if __name__ == "__main__":
    sys.exit(run())
