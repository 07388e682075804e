"""Plants mistakes in invented cities and writes how many are found.

    python -m tests.planted.report [--show] [SEED...]

Args:
    SEED: The rounds; by default those of the page.
    --show: Prints the page instead of writing it.

Needs the dependencies ``test`` of this project; all takes some three minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.planted.city import invented
from tests.planted.page import PAGE, text_of_page
from tests.planted.rounds import Measured, measured

SEEDS = (11, 12, 13, 14, 15)
OTHER_CITIES = {
    # what is said of it: how many units, and how much they vary
    "8 units": (8, 1.0),
    "16 units": (16, 1.0),
    "128 units": (128, 1.0),
    "32 units that vary twice as much": (32, 2.0),
}
SOME = 200  # mistakes in each of those


def report(seeds: Sequence[int]) -> str:
    """Return the page of some rounds."""
    with_past, without = Measured(), Measured()
    for seed in seeds:
        with_past += measured(seed)
        without += measured(seed, with_past=False)
    others = {
        name: measured(seeds[0], SOME, city=invented(seeds[0], size, rough))
        for name, (size, rough) in OTHER_CITIES.items()
    }
    return text_of_page(seeds, with_past, without, others)


if __name__ == "__main__":
    options = [argument for argument in sys.argv[1:] if argument.startswith("-")]
    text = report([int(seed) for seed in sys.argv[1:] if seed not in options] or SEEDS)
    if "--show" in options:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
