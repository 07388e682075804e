"""How each unit stands: what it filled and what is to be seen to, in all and by section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import STATE_LABELS, TIMELINESS_LABELS
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.vocabulary import Severity

SEEN: tuple[Severity, ...] = ("error", "warning")  # the severities that somebody must see to
SENT = "Đã gửi"  # where no day is due


class Tally(NamedTuple):
    """What a unit, or all of them, did with the rows of the form or of one section.

    Attributes:
        owed: How many figures are to be filled in.
        filled: How many are: a number, or a code that says why there is none.
        errors: The findings nobody has settled.
        warnings: Likewise.
    """

    owed: int
    filled: int
    errors: int
    warnings: int

    @property
    def share(self) -> float | None:
        """Which part is filled, in per cent, rounded down: 100 is all; None where none is owed."""
        return 1000 * self.filled // self.owed / 10 if self.owed else None

    @property
    def to_see(self) -> int:
        """How many findings somebody must see to."""
        return self.errors + self.warnings


class Standing(NamedTuple):
    """How a unit stands.

    Attributes:
        code: Its code.
        name: Its name.
        sent: Whether it sent a report, and whether in time where a day is due; in words.
        whole: What it did in all; None where it sent nothing.
        sections: The same by section, in the order of the form; empty where it sent nothing.
        rank: Its place: 1 is the best, those who do as well as each other share one.
    """

    code: str
    name: str
    sent: str
    whole: Tally | None
    sections: tuple[Tally, ...]
    rank: int | None = None


@dataclass(frozen=True)
class Standings:
    """How the units stand.

    Attributes:
        result: What came.
        units: Code and name of each unit that has a row.
    """

    result: Consolidation
    units: Sequence[tuple[str, str]]

    @cached_property
    def sections(self) -> tuple[Indicator, ...]:
        """The heading of each section of the form."""
        return tuple(part[0] for part in self.result.form.parts)

    @cached_property
    def ranked(self) -> tuple[Standing, ...]:
        """All units, the best first; those that sent nothing last, in the order of the list."""
        standings = list(map(self._standing, *zip(*self.units, strict=True))) if self.units else []
        sent = sorted((one for one in standings if one.whole), key=_worth)
        ranked: list[Standing] = []
        for _, equals in groupby(sent, key=_worth):
            place = len(ranked) + 1
            ranked += [standing._replace(rank=place) for standing in equals]
        return (*ranked, *(one for one in standings if not one.whole))

    @cached_property
    def to_see_first(self) -> tuple[Standing, ...]:
        """The units with something to see to, the one with the most errors first."""
        return tuple(one for one in self.ranked[::-1] if one.whole and one.whole.to_see)

    @cached_property
    def city(self) -> Standing:
        """All units that sent a report together."""
        sent = [standing for standing in self.ranked if standing.whole]
        whole = _added(standing.whole for standing in sent if standing.whole)
        by_section = zip(*(standing.sections for standing in sent), strict=True)
        sections = tuple(map(_added, by_section)) if sent else ()
        return Standing("", "Các đơn vị đã gửi", "", whole, sections)

    def _standing(self, code: str, name: str) -> Standing:
        position = self._positions.get(code)
        if position is None:
            return Standing(code, name, STATE_LABELS["missing"], None, ())
        record = self.result.records.get(code)
        claim = record.timeliness if record else None
        owed, filled, count = self._owed, self._filled, self._count
        sections = tuple(
            Tally(owed[at], int(filled[at, position]), *(count[code, at, kind] for kind in SEEN))
            for at in range(len(owed))
        )
        whole = Tally(
            sum(owed),
            int(filled[:, position].sum()),
            *(count[code, None, kind] for kind in SEEN),
        )
        return Standing(code, name, TIMELINESS_LABELS[claim] if claim else SENT, whole, sections)

    @cached_property
    def _positions(self) -> Mapping[str, int]:
        communes = enumerate(self.result.communes)
        return {commune.unit_code or "": position for position, commune in communes}

    @cached_property
    def _rows(self) -> Sequence[Sequence[Indicator]]:
        """The rows of each section that a commune fills in."""
        owed = {item.id for item in self.result.form.owed("commune")}
        return [[item for item in part if item.id in owed] for part in self.result.form.parts]

    @cached_property
    def _owed(self) -> Sequence[int]:
        return list(map(len, self._rows))

    @cached_property
    def _filled(self) -> npt.NDArray[np.int64]:
        """How many rows of each section, across, each submission filled in, along."""
        figures, count = self.result.figures, len(self.result.counted)
        filled = np.zeros((len(self._rows), count), dtype=np.int64)
        for at, rows in enumerate(self._rows):
            for item in rows:
                filled[at] += figures.take(item.id, "filled")
        return filled

    @cached_property
    def _count(self) -> Counter[tuple[str, int | None, Severity]]:
        """The open findings about cells by unit, section (None is any) and severity."""
        section_of = _section_of(self.result.form)
        count: Counter[tuple[str, int | None, Severity]] = Counter()
        for located in self.result.findings:
            finding = located.finding
            if located.submission is None or not finding.cells or finding.settled:
                continue
            count[located.code, None, finding.severity] += 1
            if finding.indicators and finding.indicators[0] in section_of:
                count[located.code, section_of[finding.indicators[0]], finding.severity] += 1
        return count


def _worth(standing: Standing) -> tuple[int, int, int]:
    """Return what a unit is ranked by, the least first: errors, warnings, what is not filled."""
    assert standing.whole is not None
    return standing.whole.errors, standing.whole.warnings, -standing.whole.filled


def _added(tallies: Iterable[Tally]) -> Tally:
    return Tally(*map(sum, zip(Tally(0, 0, 0, 0), *tallies, strict=True)))


def _section_of(form: Form) -> Mapping[str, int]:
    """Return the number of the section, from 0, in which each row or helper stands."""
    numbers = {item.id: at for at, part in enumerate(form.parts) for item in part}
    return numbers | {id: numbers[item.id] for id, item in form.helper_ids.items()}
