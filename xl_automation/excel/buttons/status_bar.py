"""Excel's status bar while a button works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import xlwings as xw


@contextmanager
def working(app: xw.App, task: str, total: int = 0) -> Iterator[Callable[[], None]]:
    """Show *task* in the status bar; give the function to call after each of *total* steps.

    The status bar and the screen are Excel's own again afterwards, also after an error.
    """
    updating, done = app.screen_updating, 0

    def step() -> None:
        nonlocal done
        done += 1
        app.status_bar = f"CCHC: {task} {done}/{total} …"

    app.status_bar = f"CCHC: {task} …"
    try:
        app.screen_updating = False
        yield step
    finally:
        app.screen_updating = updating
        app.status_bar = False
