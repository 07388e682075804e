"""The fewest cells to look at: where a change can settle all that the rules find together.

Rules that share cells form a web, and one slip breaks several of them. For each web of broken rules
the smallest set of cells is searched such that other numbers there satisfy every rule of the web
and break no other rule about one workbook; cells that are blank may be filled. Of several such
sets, the one whose cells stand in most of the broken rules is taken, then the one printed first. A
rule that is broken alone is told only where just one set of its cells can be meant, and a web only
where few sets are as good: more would be a guess.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from xl_automation.checks.cell_search import Cells, CellSearch
from xl_automation.checks.finding import Finding, named, tally
from xl_automation.checks.linear_rules import NUMBERS, LinearRules, cells_below
from xl_automation.forms.expression import leaves
from xl_automation.forms.form import Form
from xl_automation.forms.rule import RuleInstance
from xl_automation.reading.figures import FigureRow, Figures
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address

MOST_ALIKE = 3  # sets that are as good, of which the first is taken
_NUMBERS = ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_Place = tuple[str, tuple[Address, ...]]  # a rule and the cells that its finding names


@dataclass(frozen=True, slots=True)
class LookFirst:
    """The cells of a workbook to look at before all others.

    Attributes:
        ids: The figures in them, in printed order.
        cells: Where they stand.
        findings: What a change of these cells alone can settle.
    """

    ids: tuple[str, ...]
    cells: tuple[Address, ...]
    findings: tuple[Finding, ...]

    def sentence(self, form: Form) -> str:
        """Return in words where to look, and what that can settle."""
        count = len(self.cells)
        number = f"{_NUMBERS[count - 2]} " if 1 < count < len(_NUMBERS) + 2 else ""
        where, settled = named(form, self.cells), tally(self.findings)
        return f"Xem trước {count} ô: {where}: sửa đúng {number}ô này có thể hết {settled}"


def look_first(figures: Figures, found: Sequence[Sequence[Finding]]) -> list[LookFirst | None]:
    """Return for each submission the cells to look at first, None where its findings say it all.

    Args:
        figures: The figures of the submissions.
        found: What is found in each of them.
    """
    return [_look_first(row, findings) for row, findings in zip(figures.rows(), found, strict=True)]


def _look_first(row: FigureRow, findings: Sequence[Finding]) -> LookFirst | None:
    book = _rulebook(row.form, row.submission.level)
    said = {(finding.rule, finding.cells): finding for finding in findings}
    broken = {
        book.by_place[place].key: finding
        for place, finding in said.items()
        if place in book.by_place and not finding.settled
    }
    told = {book.by_place[place].key for place in said if place in book.by_place}
    rules = LinearRules(row)

    def others(cell: str) -> list[RuleInstance]:
        return [instance for instance in book.by_cell.get(cell, ()) if instance.key not in told]

    chosen: list[str] = []
    settled: list[Finding] = []
    for web in _webs([book.by_key[key] for key in broken], rules):
        cells = _chosen(book, web, CellSearch(rules, web, others, book.whole), rules)
        if cells:
            chosen += cells
            settled += [broken[instance.key] for instance in web]
    if not chosen:
        return None
    ids = tuple(sorted(dict.fromkeys(chosen), key=book.order.__getitem__))
    in_order = tuple(finding for finding in findings if finding in settled)
    return LookFirst(ids, tuple(map(row.place, ids)), in_order)


def _webs(broken: Sequence[RuleInstance], rules: LinearRules) -> list[list[RuleInstance]]:
    """Return broken rules in groups that share cells; those about one cell alone are left out."""
    webs: list[tuple[Cells, list[RuleInstance]]] = []
    for instance in broken:
        cells, web, apart = rules.cells(instance), [instance], []
        for more, group in webs:
            if cells & more:
                cells, web = cells | more, [*group, *web]
            else:
                apart.append((more, group))
        webs = [*apart, (cells, web)]
    return [web for cells, web in webs if len(cells) > 1]


def _chosen(
    book: _Rulebook, web: Sequence[RuleInstance], search: CellSearch, rules: LinearRules
) -> list[str]:
    """Return which of the smallest sets is meant, none where that is not to be told."""
    is_alone = len(web) == 1
    if is_alone and len(web[0].shown) == 1:
        return []
    sets = search.smallest(enough=2 if is_alone else None)
    if is_alone and len(sets) > 1:
        return []
    shared = [sum(len(cells & rules.cells(instance)) for instance in web) for cells in sets]
    best = [cells for cells, count in zip(sets, shared, strict=True) if count == max(shared)]
    if len(best) > MOST_ALIKE:
        return []
    ways = (sorted(cells, key=book.order.__getitem__) for cells in best)
    return min(ways, key=lambda ids: [book.order[id] for id in ids], default=[])


@dataclass(frozen=True, slots=True)
class _Rulebook:
    """The rules about one workbook of a level that compare, or bound, what clerks fill.

    Attributes:
        by_place: By the rule's id and the cells that its finding names.
        by_key: By their keys.
        by_cell: Those that rest on a cell, by its id.
        order: The place of each cell in printed order, by its id.
        whole: The cells of whole numbers, by their ids.
    """

    by_place: Mapping[_Place, RuleInstance]
    by_key: Mapping[str, RuleInstance]
    by_cell: Mapping[str, Sequence[RuleInstance]]
    order: Mapping[str, int]
    whole: frozenset[str]


@lru_cache(8)
def _rulebook(form: Form, level: str) -> _Rulebook:
    layout = Layout(form)
    instances = [
        instance
        for instance in form.instances(level)
        if instance.figures and instance.rule.severity != "info" and not instance.rule.waits
    ]
    by_cell: dict[str, list[RuleInstance]] = {}
    for instance in instances:
        cells = {cell for id in instance.figures for cell in cells_below(form, id)}
        if len(cells) == 1 and not any(leaf.source in NUMBERS for leaf in leaves(instance.holds)):
            continue  # whatever is typed there anew can be read
        for cell in cells:
            by_cell.setdefault(cell, []).append(instance)
    ids = (*form.by_id, *form.helper_ids, *form.table_inputs)
    counted = (item.id for item in form.figures if item.kind in ("count", "code"))
    return _Rulebook(
        by_place={
            (instance.id, tuple(map(layout.place, instance.shown))): instance
            for instance in instances
        },
        by_key={instance.key: instance for instance in instances},
        by_cell=by_cell,
        order={id: place for place, id in enumerate(ids)},
        whole=frozenset((*counted, *form.helper_ids, *form.table_inputs)),
    )
