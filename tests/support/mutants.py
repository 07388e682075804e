"""Workbooks that are broken or odd in some way, without end, and how each came about.

A mutant is a sound workbook, filled in by us and perhaps saved again by another program, changed
by one to three mutations. The same seed gives the same mutants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.support.builders import FORM, MINI, PERIOD
from tests.support.cells import filled
from tests.support.mutate_cells import (
    BOOK_MUTATIONS,
    CELL_MUTATIONS,
    RELATION_MUTATIONS,
    STRING_MUTATIONS,
    STYLE_MUTATIONS,
)
from tests.support.mutate_xml import XML_MUTATIONS, Mutation
from tests.support.mutate_zip import ZIP_MUTATIONS
from tests.support.odd_workbooks import CHANGES as ODD_MUTATIONS
from tests.support.paths import EXAMPLES
from tests.support.second_form import SCHOOL, SCHOOL_YEAR, T1, figures_of_school, school_workbook
from tests.support.writers import Save
from xl_automation.editing.fill_plan import plan_fill
from xl_automation.editing.values_file import read_entries
from xl_automation.forms.form import Form
from xl_automation.reading.locate import find_sheets
from xl_automation.template.build import build_template
from xl_automation.xlsx.package import Parts, read_book, read_parts, set_cells
from xl_automation.xlsx.zip_file import Entry, compress, zip_bytes

THINH_DUC = FORM.unit("05497")


@dataclass(frozen=True)
class Base:
    """A sound workbook, of which mutants are made.

    Attributes:
        name: The form, and the program that saved it last.
        form: The form.
        parts: Its parts.
    """

    name: str
    form: Form
    parts: Mapping[str, bytes]

    @cached_property
    def packed(self) -> Mapping[str, Entry]:
        """Its parts as a zip holds them."""
        return {name: compress(content) for name, content in self.parts.items()}

    @cached_property
    def figure_sheets(self) -> tuple[str, ...]:
        """The parts of the sheets that are read, the form's own more than once."""
        book = read_book(self.parts)
        sheets = find_sheets(book.names, self.form)
        return tuple(book.sheets[name] for name in (*[sheets.page] * 4, *sheets.all))

    def parts_of(self, ending: str) -> tuple[str, ...]:
        """Return the parts whose names end so."""
        return tuple(name for name in self.parts if name.endswith(ending))


class Mutant(NamedTuple):
    """A workbook made of a base.

    Attributes:
        base: What it was made of.
        mutations: The names of what was done to it, in order.
        changed: The parts that are not as they were.
        content: The file.
    """

    base: Base
    mutations: tuple[str, ...]
    changed: frozenset[str]
    content: bytes


# --- what they are made of ---------------------------------------------------------------------


def issued(form: Form, path: Path) -> Path:
    """Write a workbook with the figures of an example, no two the same where there are none."""
    if form is SCHOOL:
        return school_workbook(path, T1, figures_of_school(0), SCHOOL_YEAR)
    if form is MINI:
        figures = {item.id: place for place, item in enumerate(form.inputs, start=11)}
        return filled(path, form, figures)
    parts = read_parts(build_template(form, "commune", THINH_DUC, PERIOD))
    set_cells(parts, plan_fill(form, read_entries(EXAMPLES / "thinh-duc-2022-6T.csv")).cells)
    path.write_bytes(zip_bytes({name: compress(part) for name, part in parts.items()}))
    return path


def bases(folder: Path, forms: Sequence[Form], savers: Mapping[str, Save]) -> Iterator[Base]:
    """Yield a filled workbook of each form, as it is and as each of *savers* saves it again."""
    for form in forms:
        path = issued(form, folder / f"{form.id}.xlsx")
        yield Base(f"{form.id}, issued", form, read_parts(path.read_bytes()))
        for name, save in savers.items():
            again = folder / f"{form.id}-{name}.xlsx"
            save(path, again)
            yield Base(f"{form.id}, {name}", form, read_parts(again.read_bytes()))


# --- what is done to them ----------------------------------------------------------------------


def swapped_parts(random: Random, parts: Parts) -> Parts:
    """Let two parts have each other's content."""
    one, two = random.sample(list(parts), 2)
    return {**parts, one: parts[two], two: parts[one]}


def lost_part(random: Random, parts: Parts) -> Parts:
    """Lose a part."""
    lost = random.choice(list(parts))
    return {name: content for name, content in parts.items() if name != lost}


def strange_part(random: Random, parts: Parts) -> Parts:
    """Get a part: a copy of another under a name like it, or beside all."""
    name = random.choice(list(parts))
    likeness = (
        name.upper(),
        f"/{name}",
        name.replace("/", "\\"),
        f"x/{name}",
        "_rels/.rels",
        f"{name} ",
    )
    return {**parts, random.choice(likeness): parts[name]}


def other_part(random: Random, parts: Parts) -> Parts:
    """Have a worksheet twice, the other time with other figures, and let relations lead there."""
    sheets = [name for name in parts if "worksheets/sheet" in name]
    if not sheets:
        return parts
    sheet = random.choice(sheets)
    other = parts[sheet].replace(b"<v>", b"<v>1")
    links = [name for name in parts if name.endswith(".rels")]
    changed = {**parts, "xl/worksheets/other.xml": other}
    link = random.choice(links)
    old, new = sheet.rpartition("/")[2].encode(), b"other.xml"
    return {**changed, link: parts[link].replace(old, new)}


PACKAGE_MUTATIONS: tuple[Callable[[Random, Parts], Parts], ...] = (
    *(swapped_parts, lost_part, strange_part, other_part),
)


@dataclass(frozen=True)
class Kind:
    """One kind of mutations of parts.

    Attributes:
        weight: How often it comes, beside the others.
        mutations: What may be done.
        targets: The parts of a base to which it may be done.
    """

    weight: int
    mutations: Sequence[Mutation]
    targets: Callable[[Base], Sequence[str]]


PART_KINDS: Mapping[str, Kind] = {
    "cells": Kind(10, CELL_MUTATIONS, lambda base: base.figure_sheets),
    "odd": Kind(4, ODD_MUTATIONS, lambda base: base.figure_sheets),
    "sheets": Kind(3, XML_MUTATIONS, lambda base: base.figure_sheets),
    "xml": Kind(5, XML_MUTATIONS, lambda base: tuple(base.parts)),
    "strings": Kind(2, STRING_MUTATIONS, lambda base: base.parts_of("sharedStrings.xml")),
    "styles": Kind(2, STYLE_MUTATIONS, lambda base: base.parts_of("styles.xml")),
    "book": Kind(2, BOOK_MUTATIONS, lambda base: base.parts_of("workbook.xml")),
    "relations": Kind(1, RELATION_MUTATIONS, lambda base: base.parts_of(".rels")),
}
_ZIP, _PACKAGE = "zip", "package"
_WEIGHTS = {name: kind.weight for name, kind in PART_KINDS.items()} | {_ZIP: 2, _PACKAGE: 1}


def mutants(random: Random, some: Sequence[Base], weights: Sequence[int]) -> Iterator[Mutant]:
    """Yield mutants of some bases without end, of each as often as its weight says."""
    while True:
        (base,) = random.choices(some, weights)
        times = random.choice((1, 1, 1, 2, 3))
        yield _mutant(
            random, base, random.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=times)
        )


def _mutant(random: Random, base: Base, kinds: Sequence[str]) -> Mutant:
    """Return a mutant; what is done to parts comes first, what is done to the zip last."""
    parts, done = dict(base.parts), []
    for name in kinds:
        if kind := PART_KINDS.get(name):
            mutation = random.choice(kind.mutations)
            if targets := kind.targets(base):
                target = random.choice(targets)
                parts[target] = mutation(random, parts[target])
            done.append(f"{name}: {mutation.__name__}")
    if _PACKAGE in kinds:
        change = random.choice(PACKAGE_MUTATIONS)
        parts = change(random, parts)
        done.append(f"{_PACKAGE}: {change.__name__}")
    changed = dict(parts.items() ^ base.parts.items())
    content = _zipped(base, parts)
    if _ZIP in kinds:
        tear = random.choice(ZIP_MUTATIONS)
        content = tear(random, content)
        done.append(f"{_ZIP}: {tear.__name__}")
    return Mutant(base, tuple(done), frozenset(changed), content)


def _zipped(base: Base, parts: Parts) -> bytes:
    """Return the zip of *parts*, most of which are those of the base and packed already."""
    return zip_bytes(
        {
            name: base.packed[name] if content is base.parts.get(name) else compress(content)
            for name, content in parts.items()
        }
    )
