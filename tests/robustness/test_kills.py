"""Requirements of runs that are killed.

K1 Whenever a verb is killed, each output is not there, or is the earlier one byte for byte, or is
   whole; what was read is untouched.
K2 The verb run again ends as if it had never been disturbed, and leaves no passing file behind.
K3 Two runs at once onto one place leave one whole result.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import sys
import zipfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from tests.support.kills import KillServer
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.xlsx.passing_file import is_passing
from xl_automation.xlsx.soundness import check_workbook

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no fork, no SIGKILL")

# Over all verbs, before random steps and at random moments.
KILLS = int(os.environ.get("CCHC_KILLS", "12"))
LENGTHS = (1, 3000)  # bytes of a file, after which the system kills whoever writes on
SEED = int(os.environ.get("CCHC_KILLS_SEED", "9"))
# A time as a cell holds it, and as the record of a summary does.
MINUTE = re.compile(rb"\b[0-9]{5}\.[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
FORM_OPTION = ("--form", str(DATA / "mini.toml"))
YEAR = MINI.period("2024-N")
UNITS = [ReportingUnit(str(number), f"Xã {number}") for number in range(1, 4)]
GOOD = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}
WRONG = {"I.2": 300, "I.3": 310, "I.5": "abc"}
Files = Mapping[str, bytes]


class Verb(NamedTuple):
    """A verb with what it takes; ``{}`` is the folder of the case, ``{}/out`` what it writes in.

    *earlier* is a run before, whose output it replaces; empty where there is none.
    """

    arguments: tuple[str, ...]
    earlier: tuple[str, ...] = ()


INTO = ("--out", "{}/out/th.xlsx", "--report", "{}/out/th.json")
VERBS = {
    "consolidate": Verb(("consolidate", "{}/in", *INTO)),
    "consolidate-again": Verb(
        ("consolidate", "{}/in", *INTO), ("consolidate", "{}/in/1.xlsx", *INTO)
    ),
    "issue": Verb(("issue", "--units", "{}/xa.csv", "--period", "2024-N", "--out", "{}/out")),
    "fill": Verb(("fill", "{}/in/1.xlsx", "{}/v.csv", "--out", "{}/out/1.xlsx")),
    "return": Verb(("return", "{}/in", "--out", "{}/out")),
    "upgrade": Verb(("upgrade", "{}/in/1.xlsx", "{}/out/1.xlsx")),
}


class Case(NamedTuple):
    """A verb with its folder as it is before, and what the verb writes when nobody disturbs it."""

    arguments: list[str]
    folder: Path
    before: Files
    result: Files
    seconds: float
    steps: int
    server: KillServer


@pytest.fixture(scope="module")
def server() -> Iterator[KillServer]:
    with KillServer() as server:
        yield server


@pytest.fixture(scope="module")
def other_server(inputs: Path) -> Iterator[KillServer]:
    with KillServer() as server:
        server.run(["check", *FORM_OPTION, inputs / "in"], inputs)  # the program is loaded now
        yield server


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the verbs read."""
    folder = tmp_path_factory.mktemp("inputs")
    for unit in UNITS:
        fill = GOOD if unit.code == "1" else WRONG
        workbook(folder / "in" / f"{unit.code}.xlsx", unit, fill, YEAR, MINI)
    rows = "".join(f"{unit.code},{unit.name}\n" for unit in UNITS)
    (folder / "xa.csv").write_text(f"code,name\n{rows}", encoding="utf-8")
    (folder / "v.csv").write_text("id,value\nI.2,120\nI.3,60\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=VERBS)
def case(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    inputs: Path,
    server: KillServer,
) -> Case:
    verb = VERBS[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    shutil.copytree(inputs, folder, dirs_exist_ok=True)

    def run(words: tuple[str, ...]) -> tuple[list[str], float, int]:
        name, *rest = (word.format(folder) for word in words)
        arguments = [name, *FORM_OPTION, *rest]
        ended = server.run(arguments, folder)
        assert ended.status in (0, 1), ended.said
        return arguments, ended.seconds, ended.steps

    if verb.earlier:
        run(verb.earlier)
    before = files_in(folder)
    arguments, seconds, steps = run(verb.arguments)
    result = files_in(folder)
    assert result.keys() > before.keys() or verb.earlier
    return Case(arguments, folder, before, result, seconds, steps, server)


def test_killed_verb_can_be_run_again(case: Case) -> None:
    """Before a step by which it changes the disk, in the midst of a write, at any moment."""
    chance = random.Random(SEED)
    kills = max(2, KILLS // len(VERBS))
    assert case.steps > 1
    steps = chance.sample(range(1, case.steps + 1), min(case.steps, kills - 1))
    for step in steps:
        restore(case)
        assert case.server.run(case.arguments, case.folder, at_step=step).status == -9
        assert_nothing_torn(case, f"before step {step}")
        assert_run_again(case, f"before step {step}")
    killed = len(steps) + len(LENGTHS)
    for length in LENGTHS:
        restore(case)
        ended = case.server.run(case.arguments, case.folder, longest=length, is_fatal=True)
        assert ended.status == -signal.SIGXFSZ
        assert_nothing_torn(case, f"after {length} bytes")
        assert_run_again(case, f"after {length} bytes")
    for _ in range(kills - len(steps)):
        moment = chance.uniform(0, case.seconds)
        restore(case)
        ended = case.server.run(case.arguments, case.folder, after=moment)
        killed += ended.status == -9  # it may just be done by then
        assert_nothing_torn(case, f"after {moment:.4f} s")
        assert_run_again(case, f"after {moment:.4f} s")
    kinds = f"{len(steps)} before a step, {len(LENGTHS)} in a write"
    print(f"{case.arguments[0]}: {killed} killed, {kinds}")


@pytest.mark.parametrize("verb", ["consolidate", "issue", "return", "fill"])
def test_two_at_once_onto_one_place(
    verb: str, inputs: Path, tmp_path: Path, server: KillServer, other_server: KillServer
) -> None:
    """Both end well, and there is one whole result; what one left aside the other has written."""
    shutil.copytree(inputs, tmp_path, dirs_exist_ok=True)
    name, *rest = (word.format(tmp_path) for word in VERBS[verb].arguments)
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(either.run, [name, *FORM_OPTION, *rest], tmp_path)
            for either in (server, other_server)
        ]
        ended = [future.result() for future in both]
    assert {run.status for run in ended} <= {0, 1}, ended
    files = files_in(tmp_path / "out")
    assert not any(is_passing(Path(name)) for name in files)
    for name, content in files.items():
        if name.endswith(".xlsx"):
            check_workbook(BytesIO(content))


def restore(case: Case) -> None:
    """Make the folder what it was before the verb."""
    shutil.rmtree(case.folder / "out", ignore_errors=True)
    for name, content in case.before.items():
        path = case.folder / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)


def assert_nothing_torn(case: Case, when: str) -> None:
    """Make sure that each file is as it was before, or as it is at the end."""
    for name, content in files_in(case.folder).items():
        if is_unseen(name):
            continue
        if content != case.before.get(name):
            assert alike(name, content, case.result.get(name, b"")), f"{name} is torn {when}"
    assert all((case.folder / name).exists() for name in case.before)


def assert_run_again(case: Case, when: str) -> None:
    """Make sure that the verb run again ends with what it writes undisturbed, and no more."""
    ended = case.server.run(case.arguments, case.folder)
    assert ended.status in (0, 1), f"{when}: {ended.said}"
    files = files_in(case.folder)
    assert files.keys() == case.result.keys(), when
    for name, content in files.items():
        assert is_unseen(name) or alike(name, content, case.result[name]), f"{name} {when}"


def is_unseen(name: str) -> bool:
    """Whether a file is what the program keeps for itself: the memory of what was read."""
    return Path(name).name.startswith(".cchc-")


def files_in(folder: Path) -> dict[str, bytes]:
    """Return the content of each file by its path in *folder*."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def alike(name: str, content: bytes, other: bytes) -> bool:
    """Return whether two outputs are the same; a summary says when it was made, to the minute."""
    if not name.endswith("th.xlsx"):
        return content == other
    if not other:
        return False
    check_workbook(BytesIO(content))
    return parts(content) == parts(other)


def parts(content: bytes) -> Files:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {
            name: MINUTE.sub(b"", archive.read(name))
            for name in archive.namelist()
            if name != "docProps/core.xml"
        }
