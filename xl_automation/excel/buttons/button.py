"""What makes a function the work of a ribbon button: ``@button``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Press = TypeVar("Press", bound=Callable[..., str])
BUTTONS: dict[str, Callable[..., str]] = {}  # of every button decorated so far, by its id


def button(press: Press) -> Press:
    """Make a function the work of the button whose id in ``ribbon.xml`` is its name.

    The function gets the workbook in front of the user, and as further arguments, all of them
    optional, what it would otherwise ask for. It returns the sentences for the user.
    """
    BUTTONS[press.__name__] = press
    return press
