"""Every custom function of the add-in: which modules have them, and how Excel shows them."""

from __future__ import annotations

from operator import attrgetter

from xl_automation.excel.functions import file_functions, form_functions, number_functions
from xl_automation.excel.functions.cell_function import SIGNATURES, Signature

MODULES = tuple(module.__name__ for module in (file_functions, form_functions, number_functions))


def signatures() -> tuple[Signature, ...]:
    """Return how Excel shows each custom function, by module and name."""
    return tuple(sorted(SIGNATURES.values(), key=attrgetter("module", "name")))
