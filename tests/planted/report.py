"""Plants mistakes in invented cities and writes how many are found.

    python -m tests.planted.report [--show] [SEED...]

Args:
    SEED: The rounds; by default those of the page.
    --show: Prints the page instead of writing it.

Needs the dependencies ``test`` of this project; a round takes some twenty seconds.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.planted.page import PAGE, text_of_page
from tests.planted.rounds import Measured, measured

SEEDS = (1, 2, 3, 4, 5)


def report(seeds: Sequence[int]) -> str:
    """Return the page of some rounds."""
    with_past, without = Measured(), Measured()
    for seed in seeds:
        with_past += measured(seed)
        without += measured(seed, with_past=False)
    return text_of_page(seeds, with_past, without)


if __name__ == "__main__":
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    text = report([int(seed) for seed in sys.argv[1:] if seed not in options] or SEEDS)
    if "--show" in options:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
