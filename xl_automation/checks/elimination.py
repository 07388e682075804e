"""Whether linear inequalities have a common solution: Fourier and Motzkin's elimination.

Exact, in fractions, and meant for a handful of unknowns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, TypeAlias

Exact: TypeAlias = Any  # int where it is whole, which is faster, else Fraction: they mix
_Side = tuple[tuple[str, Exact], ...]  # unknowns in order, each with its factor


@dataclass(frozen=True, slots=True)
class Inequality:
    """Unknowns times their factors, added, are at most ``bound``."""

    factors: Mapping[str, Exact]
    bound: Exact


def have_solution(inequalities: Iterable[Inequality], whole: Collection[str] = ()) -> bool:
    """Return whether some numbers satisfy all *inequalities*.

    Args:
        inequalities: The inequalities.
        whole: The unknowns that are whole numbers. Where the bounds of one alone leave no whole
            number there is no solution; with several together it may be one in fractions.

    >>> half = Fraction(1, 2)
    >>> at_least_half = Inequality({"x": Fraction(-1)}, -half)
    >>> below_one = Inequality({"x": Fraction(1)}, 1 - half / 2)
    >>> have_solution([at_least_half, below_one]), have_solution([at_least_half, below_one], "x")
    (True, False)
    """
    system = _tightest(((dict(one.factors), one.bound) for one in inequalities), whole)
    while system is not None and any(system):
        system = _without_one(system, whole)
    return system is not None


def _tightest(
    rows: Iterable[tuple[dict[str, Exact], Exact]], whole: Collection[str]
) -> dict[_Side, Exact] | None:
    """Return each left side once with its least bound, None where one cannot hold at all."""
    system: dict[_Side, Exact] = {}
    for factors, bound in rows:
        side = [(name, factor) for name, factor in sorted(factors.items()) if factor]
        if not side:
            if bound < 0:
                return None
            continue
        if (scale := abs(side[0][1])) != 1:
            side = [(name, Fraction(factor) / scale) for name, factor in side]
            bound = Fraction(bound) / scale
        key = tuple(side)
        if len(side) == 1 and side[0][0] in whole:
            bound = floor(bound)
        if key not in system or bound < system[key]:
            system[key] = bound
    return system


def _without_one(
    system: Mapping[_Side, Exact], whole: Collection[str]
) -> dict[_Side, Exact] | None:
    """Return what *system* says of the unknowns but one: each upper bound with each lower one."""
    rows = [(dict(side), bound) for side, bound in system.items()]

    def pairs(name: str) -> int:
        signs = [factors[name] > 0 for factors, _ in rows if name in factors]
        return signs.count(True) * signs.count(False)

    unknown = min(sorted({name for factors, _ in rows for name in factors}), key=pairs)
    rest = [row for row in rows if unknown not in row[0]]
    upper = [row for row in rows if row[0].get(unknown, 0) > 0]
    lower = [row for row in rows if row[0].get(unknown, 0) < 0]
    for above, most in upper:
        for below, least in lower:
            up, down = -below[unknown], above[unknown]
            joined = {
                name: up * above.get(name, 0) + down * below.get(name, 0)
                for name in above.keys() | below.keys()
                if name != unknown
            }
            rest.append((joined, up * most + down * least))
    return _tightest(rest, whole)
