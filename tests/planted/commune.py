"""What one invented commune does in six quarters, and what it reports of any of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.support.builders import Fill

QUARTERS = 6  # from the first of 2021; those of 2022 begin at the fifth
SHARE_OF_YEAR = (0.22, 0.28, 0.25, 0.25)  # of what comes in a year, by quarter
DONE_BY = (0.15, 0.45, 0.75, 0.97)  # of a plan for the year, by the end of each quarter
PAID_BY = (0.08, 0.35, 0.6, 0.93)  # of a year's public investment
LEAST_ONLINE = 12  # a quarter: as many as procedures that are said to have had one
FIELDS = (("Hộ tịch", 0.35), ("Chứng thực", 0.4), ("Đất đai", 0.25))  # of Biểu 06, with shares


@dataclass
class Commune:
    """A commune: what happened in each quarter, and how things stood at the end of it.

    Attributes:
        chance: Where everything that is random comes from.
        rough: How many times the usual things vary from quarter to quarter and year to year.
        flows: What happened, by row and quarter; a period reports the sum of its quarters.
        stocks: How things stood at the end of each quarter, in the year so far for what is
            cumulative; a period reports the last.
        has_table: Whether it fills in Biểu 06.
        has_counts: Whether it types the counts of its documents instead of percentages.
    """

    chance: np.random.Generator
    rough: float = 1.0
    flows: dict[str, list[int]] = field(default_factory=dict)
    stocks: dict[str, list[float]] = field(default_factory=dict)
    has_table: bool = False
    has_counts: bool = False

    def __post_init__(self) -> None:
        self.has_table = self.chance.random() < 0.4
        self.has_counts = self.chance.random() < 0.5
        for live in (
            *(self._plan, self._tasks, self._laws, self._dossiers, self._procedures),
            *(self._staff, self._money, self._documents),
        ):
            live()

    # --- what a period reports -----------------------------------------------------------------

    def report(self, quarters: Sequence[int]) -> Fill:
        """Return what the commune fills in for a period of *quarters*."""
        flows = {id: sum(of[quarter] for quarter in quarters) for id, of in self.flows.items()}
        fill = {id: stocks[quarters[-1]] for id, stocks in self.stocks.items()}
        fill |= {id: value for id, value in flows.items() if not id.startswith("_")}
        if fill["1.4.1"]:
            fill["1.4.2"] = fill.pop("_survey")
        fill |= self._of_documents(flows)
        if self.has_table:
            fill |= self._lines(flows, quarters)
        return {id: value for id, value in fill.items() if not id.startswith("_")}

    def _of_documents(self, flows: dict[str, int]) -> Fill:
        """Return the shares of documents: as counts beside the cells, or typed."""
        electronic, both, all_sent = (flows[id] for id in ("_electronic", "_both", "_sent"))
        parts = {"7.5.2": electronic + both, "7.5.2.a": electronic, "7.5.2.b": both}
        if self.has_counts:
            counts = {f"{id}.tu": part for id, part in parts.items()}
            return counts | {f"{id}.mau": all_sent for id in parts}
        return {id: round(100 * part / all_sent, 2) for id, part in parts.items()}

    def _lines(self, flows: dict[str, int], quarters: Sequence[int]) -> Fill:
        """Return Biểu 06, a line per field: what came is solved or waits."""
        first, last = quarters[0], quarters[-1]
        overdue = int(self.stocks["_overdue"][last])
        whole = {
            "c4": flows["3.2.4.b"],
            "c6": int(self.stocks["_waiting"][first - 1] if first else self.stocks["_before"][0]),
            "c8": flows["_early"],
            "c9": flows["3.4.2.b"] - flows["_early"],
            "c10": flows["3.4.2.a"] - flows["3.4.2.b"],
            "c12": int(self.stocks["_waiting"][last]) - overdue,
            "c13": overdue,
        }
        fill: dict[str, object] = {}
        rest = dict(whole)
        for number, (_, share) in enumerate(FIELDS, start=1):
            is_last = number == len(FIELDS)
            line = rest if is_last else {id: int(share * count) for id, count in whole.items()}
            rest = {id: count - line[id] for id, count in rest.items()}
            solved_and_waiting = sum(line[id] for id in ("c8", "c9", "c10", "c12", "c13"))
            counts = {**line, "c5": solved_and_waiting - line["c4"] - line["c6"]}
            fill |= {f"II06.{number}.{id}": count for id, count in counts.items()}
        return fill

    def _once_one_more(self, people: int, more: int, often: float) -> list[int]:
        """Return *people* by quarter; *often* somebody comes or goes in one of them."""
        moved = int(self.chance.integers(1, QUARTERS)) if self.chance.random() < often else QUARTERS
        return [people] * moved + [people + more] * (QUARTERS - moved)

    def _varied(self, noise: float, center: float = 0.0) -> float:
        """Return a factor about 1, or e to the *center*, that varies by *noise*."""
        return float(self.chance.lognormal(center, noise * self.rough))

    def _campaign(self) -> float:
        """Return how many times the usual a quarter brings: now and then far more."""
        return float(self.chance.uniform(1.4, 3)) if self.chance.random() < 0.04 else 1.0

    # --- what happens --------------------------------------------------------------------------

    def _years(self, make) -> list[float]:
        """Return by quarter what *make* gives for each year."""
        years = [make() for _ in range(1 + QUARTERS // 4)]
        return [years[quarter // 4] for quarter in range(QUARTERS)]

    def _sums_of_year(self, counts: Sequence[int]) -> list[int]:
        """Return the sums of *counts* from the beginning of each quarter's year."""
        return [sum(counts[quarter // 4 * 4 : quarter + 1]) for quarter in range(QUARTERS)]

    def _progress(self, plan: Sequence[float], done_by: Sequence[float], noise: float) -> list:
        """Return how much of each year's *plan* is done by the end of each quarter; it grows."""
        done: list[float] = []
        for quarter in range(QUARTERS):
            share = done_by[quarter % 4] * self._varied(noise)
            so_far = done[-1] if quarter % 4 else 0
            done.append(max(so_far, min(1.0, share) * plan[quarter]))
        return done

    def _plan(self) -> None:
        plan = self._years(lambda: int(self.chance.integers(12, 40)))
        done = self._progress(plan, DONE_BY, 0.12)
        found = self.chance.poisson(self.chance.gamma(2, 0.5), QUARTERS).tolist()
        fixed = [int(self.chance.binomial(count, 0.8)) for count in found]
        self.stocks |= {
            "1.1.a": plan,
            "1.1.b": [round(count) for count in done],
            "1.2.3.a": self._sums_of_year(found),
            "1.2.3.b": self._sums_of_year(fixed),
        }

    def _tasks(self) -> None:
        tasks = self.chance.poisson(self.chance.lognormal(1.6, 0.4), QUARTERS).tolist()
        on_time = [int(self.chance.binomial(count, 0.85)) for count in tasks]
        late = [
            int(self.chance.binomial(count - done, 0.5))
            for count, done in zip(tasks, on_time, strict=True)
        ]
        slips = int(self.chance.choice([0, 15, 20, 25, 30, 40, 50]))
        handed_out = [int(slips * self._campaign() * round(self._varied(0.3), 1)) for _ in tasks]
        self.flows |= {"1.3.1": tasks, "1.3.2": on_time, "1.3.3": late, "1.4.1": handed_out}
        self.stocks["_survey"] = [int(self.chance.integers(0, 3))] * QUARTERS
        self.stocks["1.5"] = [int(self.chance.random() < 0.6)] * QUARTERS

    def _laws(self) -> None:
        made = self.chance.poisson(0.3, QUARTERS).tolist()
        usual = self.chance.gamma(2, 2)
        looked_at = [int(self.chance.poisson(usual * self._campaign())) for _ in made]
        reviewed = [old + new for old, new in zip(looked_at, made, strict=True)]
        wanting = [int(self.chance.binomial(count, 0.25)) for count in reviewed]
        settled = [int(self.chance.binomial(count, 0.85)) for count in wanting]
        self.flows |= {"2.1": made, "2.3": reviewed, "2.4.a": wanting, "2.4.b": settled}

    def _dossiers(self) -> None:
        chance = self.chance
        size, growth = chance.lognormal(np.log(5000), 0.55), self._varied(0.08, 0.04)
        scope = 1.0 if chance.random() < 0.6 else chance.uniform(0.9, 1)
        taste = chance.normal(-0.4, 0.7)
        lateness = 0 if chance.random() < 0.3 else min(0.04, chance.lognormal(np.log(0.004), 0.7))
        before = waiting = int(0.02 * size / 4)
        for quarter in range(QUARTERS):
            noise = self._varied(0.07) * self._campaign() ** 0.5
            came = int(size * growth ** (quarter // 4) * SHARE_OF_YEAR[quarter % 4] * noise)
            waits = int(came * min(0.05, chance.lognormal(np.log(0.015), 0.4)))
            solved, waiting = waiting + came - waits, waits
            on_time = solved - int(chance.binomial(solved, lateness))
            narrow = int(scope * came)
            online = 1 / (1 + np.exp(-taste - 0.08 * quarter - chance.normal(0, 0.08 * self.rough)))
            counts = {
                "3.2.4.a": narrow,
                "3.2.4.b": max(LEAST_ONLINE, int(chance.binomial(narrow, online))),
                "3.4.2.a": solved,
                "3.4.2.b": on_time,
                "_early": int(chance.binomial(on_time, 0.7)),
            }
            for id, count in counts.items():
                self.flows.setdefault(id, []).append(count)
            self.stocks.setdefault("_waiting", []).append(waits)
            self.stocks.setdefault("_overdue", []).append(int(chance.binomial(waits, 0.08)))
        self.stocks["_before"] = [before] * QUARTERS

    def _procedures(self) -> None:
        """Some have all of their procedures described and in electronic form, others come to it."""
        approved = 1.0 if self.chance.random() < 0.6 else self.chance.uniform(0.6, 0.95)
        electronic = 1.0 if self.chance.random() < 0.3 else self.chance.uniform(0.4, 0.9)
        self.stocks["3.3.4"], self.stocks["3.3.5"] = [], []
        for quarter in range(QUARTERS):
            whole = 118 + 2 * quarter
            part = round(whole * min(1.0, approved + 0.01 * quarter))
            half = round(part * min(1.0, electronic + 0.01 * quarter))
            self.stocks["3.3.4"].append(round(100 * part / whole, 2))
            self.stocks["3.3.5"].append(round(100 * half / part, 2))

    def _staff(self) -> None:
        chance = self.chance
        given, gone = int(chance.integers(17, 26)), int(chance.integers(0, 4))
        there, contracts = given - int(chance.binomial(3, 0.2)), int(chance.poisson(2))
        self.stocks |= {
            "4.2.1": [given] * QUARTERS,
            "4.2.2": self._once_one_more(there, -1 if there == given else 1, 0.2),
            "4.2.3": self._once_one_more(contracts, 1, 0.08),
            "4.2.5": [round(100 * gone / (given + gone), 2)] * QUARTERS,
        }
        often = {"4.2.4": 0.02, "5.2.1": 0.02, "5.2.2": 0.003, "5.2.3": 0.05, "5.4": 0.1}
        self.flows |= {id: chance.poisson(rate, QUARTERS).tolist() for id, rate in often.items()}

    def _money(self) -> None:
        chance = self.chance
        places = int(chance.random() < 0.2)
        level = 0 if chance.random() < 0.06 else chance.lognormal(np.log(4000), 0.7)

        def million(amount: float) -> float:
            return round(amount, places) if amount >= 1000 and places else round(amount)

        plan = self._years(lambda: level * self._varied(0.25))
        paid = self._progress(plan, PAID_BY, 0.3)
        self.stocks["6.1.a"] = [million(amount) for amount in plan]
        self.stocks["6.1.b"] = [million(amount) for amount in paid]

    def _documents(self) -> None:
        chance = self.chance
        sent = chance.poisson(chance.lognormal(np.log(160), 0.4), QUARTERS).tolist()
        share = chance.choice([1.0, chance.uniform(0.75, 0.98)])
        electronic = [int(chance.binomial(count, share)) for count in sent]
        both = [
            int(chance.binomial(count - part, 0.5))
            for count, part in zip(sent, electronic, strict=True)
        ]
        self.flows |= {"_sent": sent, "_electronic": electronic, "_both": both}
        self.stocks["7.3"] = [int(chance.choice([1, 2, 2, 2]))] * QUARTERS
