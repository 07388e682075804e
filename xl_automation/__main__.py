"""``python -m xl_automation`` is the command ``cchc``."""

import sys

from xl_automation.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
