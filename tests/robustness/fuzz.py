"""Workbooks broken without end: each is refused by name, or read as LibreOffice shows it.

    python -m tests.robustness.fuzz 200000 [--seed 1] [--office 0.01] [--keep FOLDER]

Of every mutant (``tests/support/mutants.py``) it is required that nothing but a submission or a
refusal that blames the file comes out, soon; and that a figure which was read is the one that
LibreOffice shows in its cell, unless a remark says otherwise. LibreOffice takes half a second for
a workbook. It is asked where a second look at the XML (``tests/support/literal_figures.py``), which
takes a millisecond, sees another figure or is in doubt; and of the others, as far as cells,
strings, styles or names were changed, for the share given by ``--office``.

Prints faults, keeps the files of the first ones alike in FOLDER, and prints the counts. The same
seed gives the same mutants. CI runs some of it (``test_fuzz.py``).
"""

from __future__ import annotations

import argparse
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import NamedTuple

from tests.support.builders import FORM, MINI
from tests.support.mutants import Base, Mutant, bases, mutants
from tests.support.office import Office
from tests.support.second_form import SCHOOL
from tests.support.shown_figures import differences_from_office, may_differ
from tests.support.writers import WRITERS
from xl_automation.checks.check import check
from xl_automation.forms.form import Form
from xl_automation.reading.folder import read_file
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission

SLOW_SECONDS, HANG_SECONDS = 2, 20  # of processor time, for one workbook
OFFICE_SECONDS = 60
ALIKE = 3  # faults of one kind after one mutation that are kept
OUR_FAULT = "program-fault"  # the refusal that blames the program
WEIGHTS: Mapping[str, int] = {MINI.id: 30, SCHOOL.id: 4, FORM.id: 1}  # the larger, the slower
# What is saved by the others is refused whatever is in it.
WRITERS_THAT_KEEP_NAMES = {name: save for name, save in WRITERS.items() if name != "pandas"}
_TELLING = ("xl/worksheets/", "xl/sharedStrings", "xl/styles", "xl/workbook", "xl/_rels/", "_rels/")


class Fault(NamedTuple):
    """A mutant that did not end as it must."""

    kind: str
    detail: str
    mutant: Mutant


class HangError(BaseException):
    """A workbook that takes too long; no ``except Exception`` takes it for the file's fault."""


@dataclass
class Fuzzer:
    """Reads mutants and keeps count.

    Attributes:
        folder: Where they are written.
        office: The LibreOffice that is asked.
        share: How many of those that need not be asked about are asked about all the same.
        random: Draws these.
        kinds: How many there were of each mutation.
        ends: How many came to each end.
        faults: Those that came to a bad end.
        notice: Called with each of these, and with each that we read and LibreOffice does not.
    """

    folder: Path
    office: Office
    share: float
    random: Random
    kinds: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    notice: Callable[[Fault], None] = lambda _fault: None

    @cached_property
    def _path(self) -> Path:
        return self.folder / "mutant.xlsx"

    def judge(self, mutant: Mutant) -> None:
        """Read a mutant, and count to what end it came."""
        self.kinds.update(mutant.mutations)
        self._path.write_bytes(mutant.content)
        start = process_time()
        try:
            with _time_limit(HANG_SECONDS):
                result = read_file(mutant.base.form, self._path)
                if isinstance(result, Submission):
                    check(mutant.base.form, result)
        except HangError:
            self._fault(mutant, "hang", _place(traceback.format_exc()))
            return
        except Exception as error:
            self._fault(
                mutant, "uncaught", f"{type(error).__name__} {_place(traceback.format_exc())}"
            )
            return
        if process_time() - start > SLOW_SECONDS:
            self._fault(mutant, "slow", f"{process_time() - start:.1f} s")
        if isinstance(result, RefusedFile):
            self.ends[f"refused: {result.code}"] += 1
            if result.code == OUR_FAULT:
                self._fault(mutant, "uncaught", result.message)
        else:
            self.ends[self._compared(mutant, result)] += 1

    def _compared(self, mutant: Mutant, submission: Submission) -> str:
        """Compare what was read with what others show; return what came of it."""
        form = mutant.base.form
        doubtful = may_differ(form, submission, mutant.content)
        telling = any(name.startswith(_TELLING) for name in mutant.changed)
        if not doubtful and not (telling and self.random.random() < self.share):
            return "read: as it stands in the file" if telling else "read: nothing of it changed"
        try:
            with self.office.open(self._path, Hidden=True) as book:
                found = differences_from_office(book, form, submission)
        except (ValueError, self.office.uno_exception()):
            self.notice(Fault("not opened", "LibreOffice does not open it", mutant))  # no fault yet
            return "read: LibreOffice does not open it"
        if found:
            some = (f"{one.id}: {one.read.value!r}, shown {one.shown!r}" for one in found[:3])
            self._fault(mutant, "differs", "; ".join(some))
            return "read: LibreOffice shows another figure"
        return "read: as LibreOffice"

    def _fault(self, mutant: Mutant, kind: str, detail: str) -> None:
        self.ends[f"FAULT: {kind}"] += 1
        self.faults.append(Fault(kind, detail, mutant))
        self.notice(self.faults[-1])


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Raise ``HangError`` in what takes longer than so many seconds of processor time."""

    def stop(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _place(text: str) -> str:
    """Return the last line of ours in a traceback."""
    lines = [line.strip() for line in text.splitlines() if "xl_automation/" in line]
    return lines[-1].rpartition("xl_automation/")[2] if lines else ""


def fuzz(
    fuzzer: Fuzzer, some: Sequence[Base], random: Random, count: int, every: int = 0
) -> Fuzzer:
    """Judge *count* mutants of some bases, each as often as its form weighs; return the fuzzer."""
    weights = [WEIGHTS[base.form.id] for base in some]
    for number, mutant in enumerate(islice(mutants(random, some, weights), count), start=1):
        fuzzer.judge(mutant)
        if every and number % every == 0:
            print(number, dict(fuzzer.ends), flush=True)
    return fuzzer


def by_office(office: Office, source: Path, target: Path) -> None:
    """Load and save with LibreOffice."""
    with office.open(source, Hidden=True) as book:
        book.save_as(target)


def main(arguments: Sequence[str]) -> int:
    """Fuzz by hand; return 1 where there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--office", type=float, default=0.01)
    parser.add_argument("--keep", type=Path, default=Path("faults"))
    options = parser.parse_args(arguments)
    forms: tuple[Form, ...] = (MINI, SCHOOL, FORM)
    with TemporaryDirectory() as name, Office("never", "en-US") as office:
        savers = {**WRITERS_THAT_KEEP_NAMES, "LibreOffice": partial(by_office, office)}
        some = list(bases(Path(name), forms, savers))
        random = Random(options.seed)
        fuzzer = Fuzzer(
            Path(name), office, options.office, Random(options.seed), notice=keep(options.keep)
        )
        fuzz(fuzzer, some, random, options.count, every=2000)
    tell(fuzzer)
    return 1 if fuzzer.faults else 0


def tell(fuzzer: Fuzzer) -> None:
    """Print the counts."""
    for title, counts in (("mutations", fuzzer.kinds), ("ends", fuzzer.ends)):
        print(f"\n{title}:")
        for name, count in sorted(counts.items()):
            print(f"{count:9,}  {name}")


def keep(folder: Path) -> Callable[[Fault], None]:
    """Return what prints a fault and writes its file, if it is one of the first ones alike."""
    alike: Counter[tuple[str, ...]] = Counter()

    def notice(fault: Fault) -> None:
        key = (fault.kind, fault.mutant.mutations[-1])
        alike[key] += 1
        if alike[key] <= ALIKE:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{fault.kind} {alike.total()}.xlsx".replace(" ", "-")
            path.write_bytes(fault.mutant.content)
            done = ", ".join(fault.mutant.mutations)
            print(f"{path.name}: {fault.mutant.base.name}; {done}: {fault.detail}", flush=True)

    return notice


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
