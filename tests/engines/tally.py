"""The counts of one engine over many workbooks, and how they are come by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.engines.comparing import Comparison, Difference, Reference, compare, kind_of
from tests.engines.computing import Engine
from tests.engines.gaps import gap_of


@dataclass
class Tally:
    """What an engine made of workbooks, in formula cells.

    Attributes:
        engine: The engine.
        workbooks: How many there were.
        cells: Their formula cells, by kind.
        different: Those that differ and can be seen, by kind.
        gaps: Those that differ and of which a known gap is the reason, by its name.
        following: Those that differ because a cell does that they rest on.
        unseen: Those with other words that are shown to nobody.
        letters: How cells show numbers, and what the engine answers.
        unexplained: The differences that no known gap explains.
    """

    engine: Engine
    workbooks: int = 0
    cells: Counter[str] = field(default_factory=Counter)
    different: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    following: int = 0
    unseen: int = 0
    letters: Counter[tuple[str, str]] = field(default_factory=Counter)
    unexplained: list[Difference] = field(default_factory=list)

    @property
    def equal(self) -> int:
        """How many cells are equal."""
        return self.cells.total() - self.different.total() - self.unseen

    def add(self, comparison: Comparison) -> None:
        """Count one more workbook."""
        self.workbooks += 1
        self.cells += comparison.cells
        self.letters += comparison.letters
        self.following += len(comparison.following)
        self.unseen += len(comparison.unseen)
        for difference in (*comparison.first, *comparison.following):
            self.different[kind_of(difference.place)] += 1
        for difference in comparison.first:
            gap = gap_of(self.engine.name, difference)
            if gap is None:
                self.unexplained.append(difference)
            else:
                self.gaps[gap.name] += 1


def tally(engine: Engine, reference: Reference, paths: Sequence[Path]) -> Tally:
    """Return the counts of an engine over workbooks."""
    counts = Tally(engine)
    for path, values in zip(paths, engine.compute(paths), strict=True):
        counts.add(compare(reference, path, values))
    return counts
