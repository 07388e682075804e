"""Errors whose message is a sentence for the user.

The edges (command line, buttons, functions) show these as they are and nothing else so: any other
exception is a fault of the program, and is said and logged as one.
"""

from __future__ import annotations

from xl_automation.wording import sentence


class UserError(Exception):
    """Something in the user's hands stands in the way; the message says what to do.

    Whatever the message quotes, it can be shown anywhere.
    """

    def __init__(self, message: str):
        super().__init__(sentence(message))


class FormError(UserError):
    """A mistake in a form file; the message names the block."""
