"""The verb about the add-in for Excel."""

from __future__ import annotations

import argparse
from pathlib import Path

from xl_automation.cli.verb import argument, verb
from xl_automation.errors import UserError
from xl_automation.excel.addin import commands
from xl_automation.xlsx.files import obstacles_told

TASKS_WITH_FILE = {"build": commands.build, "bundle": commands.bundle}
TASKS = {
    "install": commands.install,
    "uninstall": commands.uninstall,
    "doctor": commands.doctor,
}


@verb(
    "addin",
    "Tiện ích (add-in) cho Excel: lập, cài, gỡ, chẩn đoán, đóng gói.",
    argument(
        "task",
        "build: lập CCHC.xlam; install: cài; uninstall: gỡ; doctor: chẩn đoán; "
        "bundle: tệp zip cho máy không có mạng",
        choices=("build", "install", "uninstall", "doctor", "bundle"),
    ),
    argument("out", "tệp sẽ lập (build, bundle)", type=Path, nargs="?", metavar="OUT"),
)
def addin(options: argparse.Namespace) -> int:
    """Build, install, remove or examine the add-in."""
    from xl_automation.excel.addin.home import places

    task, out = options.task, options.out
    if (task in TASKS_WITH_FILE) != (out is not None):
        wanted = "cần tên tệp sẽ lập" if out is None else "không nhận tên tệp"
        raise UserError(f"Lệnh “addin {task}” {wanted}.")
    with obstacles_told(out or places().home):
        return TASKS[task]() if out is None else TASKS_WITH_FILE[task](out)
