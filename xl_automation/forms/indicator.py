"""One printed row of the form (chỉ tiêu)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from xl_automation.forms.expression import Node, refs
from xl_automation.forms.support_table import FIGURE
from xl_automation.forms.vocabulary import FigureKind, Kind, Level, Nature

FIGURE_KINDS: tuple[FigureKind, ...] = get_args(FigureKind)
# How the ids of a percentage's optional numerator and denominator end.
PART_END, WHOLE_END = ".tu", ".mau"


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as numerator and denominator: 100 × part / whole."""

    part: Node
    whole: Node

    @property
    def refs(self) -> tuple[str, ...]:
        """The ids it is computed from."""
        return tuple(dict.fromkeys(refs(self.part) + refs(self.whole)))


@dataclass(frozen=True, slots=True)
class Helper:
    """Labels of the optional numerator and denominator of a percentage that has no parts.

    Their cells have the percentage's id with ``PART_END`` and ``WHOLE_END``.
    """

    part: str
    whole: str

    def label(self, id: str) -> str:
        """Return the label of the one with this id."""
        return self.part if id.endswith(PART_END) else self.whole


@dataclass(frozen=True, slots=True)
class Indicator:
    """One printed row of the form (chỉ tiêu).

    ``per`` is the row that its figure goes with from unit to unit, such as dossiers solved with
    dossiers received: what is suspicious is looked for in the quotient of both.
    """

    id: str
    stt: str
    label: str
    kind: Kind
    unit: str = ""
    unit_printed: str | None = None
    unit_means: str | None = None
    codes: Mapping[int, str] = field(default_factory=dict)
    percent: Percent | None = None
    helper: Helper | None = None
    level: Level = "both"
    aggregate: str = "none"
    weight: Node | None = None
    nature: Nature | None = None
    per: str | None = None
    style: str | None = None
    help: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether the row carries a figure; headings do not."""
        return self.kind in FIGURE_KINDS

    @property
    def is_input(self) -> bool:
        """Whether a clerk enters the figure; the others are computed from their parts."""
        return self.is_figure and (self.percent is None or self.helper is not None)

    @property
    def is_computed(self) -> bool:
        """Whether the figure is a locked formula over other rows."""
        return self.is_figure and not self.is_input

    @property
    def name(self) -> str:
        """The defined name of the figure's cell."""
        return f"{FIGURE}{self.id}"

    @property
    def title(self) -> str:
        """How the messages of its cells are headed."""
        return f"Chỉ tiêu {self.id}"

    @property
    def codes_explained(self) -> str:
        """What each code means, in one line; empty of a row without codes."""
        return "; ".join(f"{code} = {text}" for code, text in self.codes.items())

    def concerns(self, level: str) -> bool:
        """Whether a workbook of *level* (commune or district) answers for this row."""
        return self.level in (level, "both", "shared")
