"""Requirements of what is remembered from run to run.

C1 A second run reads only what changed, and gives the same.
C2 What matters is in the bytes of a file: not its name, place or time, which are of the file now.
C3 Another form, another program: nothing is reused.
C4 Refusals are remembered too, except those that may pass.
C5 Whatever is wrong with the file of the cache, the results are right; it is said at most.
C6 What stands in it was put there by anybody: it is never believed beyond what a reader says.
C7 Two runs at once, and the file does not grow without end.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import DATA, MINI
from tests.support.many_files import send
from tests.support.paths import PRODUCT, ROOT
from tests.test_house import IMPORTS, room_of
from xl_automation.forms.form import Form
from xl_automation.forms.loader import FORMS, load_form
from xl_automation.reading import cache_file, reader_version, submission_cache
from xl_automation.reading.folder import find_workbooks, read_file, read_files
from xl_automation.reading.folder_walk import CACHE_NAME
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_cache import SubmissionCache, file_facts

Result = Submission | RefusedFile


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The bytes of five reports."""
    return [path.read_bytes() for path in send(tmp_path_factory.mktemp("gốc"), 5)]


@pytest.fixture
def sent(tmp_path: Path, originals: list[bytes]) -> list[Path]:
    """Four reports and a damaged file, in a folder of their own."""
    folder = tmp_path / "đã gửi"
    folder.mkdir()
    paths = [folder / f"{place}.xlsx" for place in range(4)]
    for path, content in zip(paths, originals, strict=False):
        path.write_bytes(content)
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    return [*paths, folder / "hỏng.xlsx"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of the summary."""
    path = tmp_path / "tổng hợp"
    path.mkdir()
    return path


def run(home: Path, paths: Sequence[Path], form: Form = MINI) -> tuple[list[Result], list[str]]:
    """Return what a run reads with the cache in *home*, and the names of what it really read."""
    cache, read = SubmissionCache(home, form), list[str]()

    def read_new(new: Sequence[Path]) -> list[Result]:
        read.extend(path.name for path in new)
        return read_files(new, form)

    results = cache.results(paths, read_new)
    assert (cache.read, cache.reused) == (len(read), len(paths) - len(read))
    cache.save()
    return results, read


def names(paths: Sequence[Path]) -> list[str]:
    """Return the names of files."""
    return [path.name for path in paths]


# --- the same, and only what changed -----------------------------------------------------------


def test_second_run_reads_nothing_and_gives_the_same(sent: list[Path], home: Path) -> None:
    """Submissions and refusals come back as they were, also in the order of their figures."""
    fresh = read_files(sent, MINI)
    first, read = run(home, sent)
    assert (first, read) == (fresh, names(sent))
    second, read = run(home, sent)
    assert (second, read) == (fresh, [])
    for one, two in zip(fresh, second, strict=True):
        if isinstance(one, Submission) and isinstance(two, Submission):
            assert list(one.readings) == list(two.readings)
    assert [file.name for file in home.iterdir()] == [CACHE_NAME]


def test_changed_file_is_read_again(sent: list[Path], home: Path, originals: list[bytes]) -> None:
    """Also where length and time say that nothing changed; a new file is read too."""
    run(home, sent)
    status = sent[1].stat()
    changed = bytearray(originals[4].ljust(status.st_size, b"\0")[: status.st_size])
    sent[1].write_bytes(changed)
    os.utime(sent[1], ns=(status.st_atime_ns, status.st_mtime_ns))
    new = sent[0].with_name("mới.xlsx")
    new.write_bytes(originals[4])
    paths = [*sent, new]
    assert run(home, paths) == (read_files(paths, MINI), ["1.xlsx", "mới.xlsx"])
    assert run(home, paths) == (read_files(paths, MINI), [])


def test_same_bytes_elsewhere_are_reused_with_their_own_name(
    sent: list[Path], home: Path, originals: list[bytes]
) -> None:
    """Path and time are those of the file at hand: the last saved of two is still the last."""
    run(home, sent)
    copy = home / "bản sao" / "tên khác.xlsx"
    copy.parent.mkdir()
    copy.write_bytes(originals[0])
    os.utime(copy, (1_600_000_000, 1_600_000_000))
    (result,), read = run(home, [copy])
    assert read == []
    assert result == read_file(MINI, copy)
    assert (result.path, result.saved) == (copy, 1_600_000_000)


def test_progress_moves_once_per_file(sent: list[Path], home: Path) -> None:
    """Whether it is read or remembered."""
    steps: list[int] = []

    def step() -> None:
        steps.append(1)

    for paths in (sent[:2], sent):
        steps.clear()
        cache = SubmissionCache(home, MINI)
        cache.results(paths, lambda new: read_files(new, MINI, progress=step), step)
        cache.save()
        assert len(steps) == len(paths)


def test_no_file_no_cache(home: Path) -> None:
    """A run over nothing, or over nothing that can be remembered, leaves no file."""
    assert run(home, []) == ([], [])
    run(home, [home / "không có.xlsx", home])
    assert list(home.iterdir()) == []


def test_search_passes_the_cache_over(sent: list[Path]) -> None:
    """It may lie among the reports, and is neither one of them nor told as another file."""
    folder = sent[0].parent
    run(folder, sent)
    assert (folder / CACHE_NAME).exists()
    found = find_workbooks([folder])
    assert sorted(found.paths) == sorted(sent)
    assert found.passed_over == ()


# --- what it depends on ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        ('unit = "Hộ"', 'unit = "Nhà"'),
        ('version = "1"', 'version = "2"'),
        ('severity = "error"', 'severity = "warning"'),
        ("start_year = 0", "start_year = -1"),
    ],
    ids=lambda change: change[0].partition(" ")[0],
)
def test_another_form_reuses_nothing(
    sent: list[Path], home: Path, tmp_path: Path, change: tuple[str, str]
) -> None:
    """Not even where only a rule is another; and the first form finds its own again."""
    text = (DATA / "mini.toml").read_text("utf-8")
    assert change[0] in text
    (tmp_path / "mini.toml").write_text(text.replace(*change), encoding="utf-8")
    other = load_form(tmp_path / "mini.toml")
    run(home, sent)
    results, read = run(home, sent, other)
    assert read == names(sent)
    assert results == read_files(sent, other)
    assert run(home, sent)[1] == []


def test_same_form_elsewhere_reuses_all(sent: list[Path], home: Path) -> None:
    """A form is what it says, not where it is from; another process makes the same of it."""
    run(home, sent)
    assert run(home, sent, load_form(DATA / "mini.toml"))[1] == []
    code = (
        "from xl_automation.forms.loader import load_form; "
        "from xl_automation.reading.reader_version import reader_version; "
        "print(reader_version(load_form()))"
    )
    versions = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert versions == {reader_version.reader_version(load_form())}


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.toml")), ids=lambda path: path.stem)
def test_form_prints_what_it_is(path: Path) -> None:
    """Two forms are equal where they print the same: no address of an object in it."""
    form = load_form(path)
    assert " at 0x" not in repr(form)
    assert repr(form) == repr(load_form(path))
    assert repr(replace(form, rules=form.rules[1:])) != repr(form)


def copied(tmp_path: Path) -> Path:
    """Return a copy of the sources of what reads."""
    package = tmp_path / "bản sao" / "xl_automation"
    for path in PRODUCT.rglob("*.py"):
        target = package / path.relative_to(PRODUCT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return package


def test_another_program_reuses_nothing(
    sent: list[Path], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One word changed in the reader, or a library of it, is another program."""
    package, same = copied(tmp_path), reader_version.program_version()
    assert reader_version.program_version(package) == same
    reader = package / "reading" / "reader.py"
    reader.write_text(reader.read_text("utf-8") + "# changed\n", "utf-8")
    reader_version.program_version.cache_clear()
    other = reader_version.program_version(package)
    assert other != same
    run(home, sent)
    monkeypatch.setattr(reader_version, "program_version", lambda: other)
    assert run(home, sent)[1] == names(sent)
    monkeypatch.undo()
    assert run(home, sent)[1] == []
    monkeypatch.setattr("importlib.metadata.version", lambda library: "99")
    reader_version.program_version.cache_clear()
    assert run(home, sent)[1] == names(sent)
    reader_version.program_version.cache_clear()


def test_line_ends_are_no_other_program(tmp_path: Path) -> None:
    """A checkout on Windows reads the same."""
    package = copied(tmp_path)
    for path in package.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert reader_version.program_version(package) == reader_version.program_version()


def test_program_without_sources_remembers_nothing(
    sent: list[Path], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot tell its version could not tell when it changed either."""
    assert reader_version.program_version(tmp_path) == ""
    monkeypatch.setattr(reader_version, "program_version", lambda: "")
    for _ in range(2):
        assert run(home, sent)[1] == names(sent)
    assert list(home.iterdir()) == []


def test_version_covers_all_that_the_reader_imports() -> None:
    """Whatever room a reading passes through."""
    todo, seen = ["xl_automation.reading.folder"], set[str]()
    while todo:
        module = todo.pop()
        if module not in seen and module in IMPORTS:
            seen.add(module)
            todo += IMPORTS[module]
    ground = {name.removesuffix(".py") for name in reader_version.FOUNDATIONS}
    assert {room_of(module) for module in seen} <= {*reader_version.ROOMS, *ground}


# --- refusals ----------------------------------------------------------------------------------


def test_refusal_that_may_pass_is_not_remembered(
    sent: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock goes away without the file changing."""

    def locked(new: Sequence[Path]) -> list[Result]:
        refusals = [result for result in read_files(new, MINI) if isinstance(result, RefusedFile)]
        return [replace(refusal, is_passing=True) for refusal in refusals]

    cache = SubmissionCache(home, MINI)
    cache.results(sent[-1:], locked)
    cache.save()
    assert not cache.file.exists()
    assert run(home, sent[-1:])[1] == ["hỏng.xlsx"]


def test_refused_file_that_changes_meanwhile_is_not_remembered(
    sent: list[Path], home: Path, originals: list[bytes]
) -> None:
    """A refusal is of the bytes that were read, not of those that came after."""
    path = sent[-1]

    def changed(new: Sequence[Path]) -> list[Result]:
        (refused,) = read_files(new, MINI)
        path.write_bytes(originals[0])
        facts = file_facts(path)
        assert isinstance(refused, RefusedFile)
        assert facts is not None
        return [replace(refused, sha256=facts.sha256)]

    cache = SubmissionCache(home, MINI)
    cache.results([path], changed)
    cache.save()
    results, read = run(home, [path])
    assert read == ["hỏng.xlsx"]
    assert isinstance(results[0], Submission)


def test_facts_of_what_is_no_plain_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders, pipes, what is not there, and what is too large have no hash; nothing waits."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    with (tmp_path / "large").open("wb") as file:
        file.truncate(40 << 30)
    paths = [tmp_path / name for name in ("pipe", "empty", "large", "không có", "a\0b")]
    assert [file_facts(path) for path in (*paths, tmp_path)] == [None] * 6


# --- a file that cannot be used ----------------------------------------------------------------


def garbage(file: Path) -> None:
    """Bytes that are no database."""
    file.write_bytes(b"CCHC" * 5000)


def truncated(file: Path) -> None:
    """Half of it."""
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])


def emptied(file: Path) -> None:
    """Nothing in it."""
    file.write_bytes(b"")


def torn(file: Path) -> None:
    """A page overwritten in the middle."""
    content = bytearray(file.read_bytes())
    content[4096:8192] = bytes(reversed(content[4096:8192]))
    file.write_bytes(content)


def foreign(file: Path) -> None:
    """The database of another program."""
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE results (reader, sha256, used, record, digest)")
        connection.commit()


def with_view(file: Path) -> None:
    """A view in the place of the table."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("ALTER TABLE results RENAME TO rows")
        connection.execute("CREATE VIEW results AS SELECT * FROM rows")
        connection.commit()


def with_trigger(file: Path) -> None:
    """A trigger that empties the table whenever a row comes."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "CREATE TRIGGER t AFTER INSERT ON results BEGIN DELETE FROM results; END"
        )
        connection.commit()


def folder(file: Path) -> None:
    """A folder."""
    file.unlink()
    file.mkdir()


def link(file: Path) -> None:
    """A link to a file that is somebody's."""
    other = file.with_name("của ai đó.sqlite")
    file.replace(other)
    file.symlink_to(other)


def dangling(file: Path) -> None:
    """A link to nothing."""
    file.unlink()
    file.symlink_to(file.with_name("không có"))


def pipe(file: Path) -> None:
    """A pipe that nobody writes to."""
    file.unlink()
    os.mkfifo(file)


def huge(file: Path) -> None:
    """Far larger than any."""
    with file.open("r+b") as content:
        content.truncate(cache_file.MAX_FILE + 1)


HEALED = (emptied, truncated, torn)
LEFT_ALONE = (
    garbage, foreign, with_view, with_trigger, folder, link, dangling, pipe, huge,
)  # fmt: skip


def state(file: Path) -> object:
    """Return what is at a path, to see whether it changes."""
    if file.is_symlink():
        return file.readlink()
    status = file.lstat()
    small = file.is_file() and status.st_size < cache_file.MAX_FILE
    return file.read_bytes() if small else (status.st_mode, status.st_size)


@pytest.mark.parametrize("harm", [*HEALED, *LEFT_ALONE], ids=lambda harm: harm.__name__)
def test_harmed_file_changes_no_result(
    sent: list[Path], home: Path, harm: Callable[[Path], None]
) -> None:
    """All is read; what was ours is made anew, what is not is left alone and told."""
    run(home, sent)
    file = home / CACHE_NAME
    harm(file)
    before = state(file)
    cache = SubmissionCache(home, MINI)
    results = cache.results(sent, lambda new: read_files(new, MINI))
    assert results == read_files(sent, MINI)
    cache.save()
    if harm in HEALED:
        assert cache.problem is None
        assert run(home, sent) == (results, [])
    else:
        assert cache.problem is not None
        assert str(file) in cache.problem
        assert "kết quả vẫn đúng" in cache.problem
        assert state(file) == before
        assert run(home, sent)[1] == names(sent)


def test_every_byte_may_be_wrong(sent: list[Path], home: Path) -> None:
    """Whatever byte of the file is another, results are right and nothing crashes."""
    expected, _ = run(home, sent)
    file = home / CACHE_NAME
    content = file.read_bytes()
    for place in [*range(0, 120), *range(120, len(content), 211)]:
        harmed = bytearray(content)
        harmed[place] ^= 0xFF
        file.write_bytes(harmed)
        cache = SubmissionCache(home, MINI)
        assert cache.results(sent, lambda new: read_of(expected, new)) == expected
        cache.save()


def read_of(expected: list[Result], new: Sequence[Path]) -> list[Result]:
    """Return the results of *new* without reading."""
    by_path = {result.path: result for result in expected}
    return [by_path[path] for path in new]


def test_file_that_another_program_holds_is_not_waited_for(
    sent: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to read it nor to write; the results are right, and it is said."""
    run(home, sent[:2])
    monkeypatch.setattr(cache_file, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(home / CACHE_NAME, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        cache = SubmissionCache(home, MINI)
        assert cache.results(sent, lambda new: read_files(new, MINI)) == read_files(sent, MINI)
        assert cache.read == len(sent)
        cache.save()
        assert cache.problem is not None
        assert "đang có chương trình khác dùng" in cache.problem
    assert run(home, sent)[1] == names(sent[2:])


@pytest.mark.parametrize("code", ["SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_FULL"])
def test_folder_that_cannot_be_written(
    sent: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """A right that is missing, or a full disk, is said and no more."""
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = getattr(sqlite3, code)

    def denied(*_: object, **__: object) -> None:
        raise error

    cache = SubmissionCache(home, MINI)
    results = cache.results(sent, lambda new: read_files(new, MINI))
    monkeypatch.setattr(cache_file.sqlite3, "connect", denied)
    cache.save()
    assert results == read_files(sent, MINI)
    assert cache.problem is not None
    assert "không đọc hoặc ghi được" in cache.problem


def test_folder_that_is_not_there(sent: list[Path], home: Path) -> None:
    """Nothing is made for the cache alone."""
    cache = SubmissionCache(home / "chưa có", MINI)
    cache.results(sent, lambda new: read_files(new, MINI))
    cache.save()
    assert cache.problem is not None
    assert list(home.iterdir()) == []


# --- what anybody put there --------------------------------------------------------------------


def poison(file: Path, **columns: Any) -> None:
    """Change columns of every row, and state the digest that fits where it can be computed."""
    with closing(sqlite3.connect(file)) as connection:
        for column, value in columns.items():
            connection.execute(f"UPDATE results SET {column} = ?", (value,))
        if "digest" not in columns:
            rows = connection.execute("SELECT rowid, reader, sha256, record FROM results")
            for rowid, reader, sha256, record in rows.fetchall():
                content = record if isinstance(record, bytes) else str(record).encode()
                digest = cache_file._digest(str(reader), str(sha256).encode(), content)
                connection.execute("UPDATE results SET digest = ? WHERE rowid = ?", (digest, rowid))
        connection.commit()


@pytest.mark.parametrize(
    "record",
    [
        5, 2.5, b"\x00\xff", b"[", "", "null", "[]", "{}", "nonsense", "[" * 100_000,
        '["read"]', '["refused", "không có mã này", "x"]', '["refused", "wrong-form", 5]',
        "9" * 10_000, '["read",' + "NaN," * 8 + "NaN]", "\ud7ff" * 10, " " * 2_000_000,
    ],
    ids=lambda record: repr(record)[:24],
)  # fmt: skip
def test_poisoned_record_is_read_anew(sent: list[Path], home: Path, record: object) -> None:
    """Wrong kinds and wrong content under the right hash, with the digest that fits."""
    expected, _ = run(home, sent)
    poison(home / CACHE_NAME, record=record)
    assert run(home, sent) == (expected, names(sent))
    assert run(home, sent) == (expected, [])


@pytest.mark.parametrize("digest", ["", "0" * 32, b"0", 7], ids=repr)
def test_row_that_changed_is_read_anew(sent: list[Path], home: Path, digest: object) -> None:
    """Without the digest that fits, a row is damage."""
    expected, _ = run(home, sent)
    poison(home / CACHE_NAME, digest=digest)
    assert run(home, sent) == (expected, names(sent))


def test_text_that_is_no_text_is_read_anew(sent: list[Path], home: Path) -> None:
    """Bytes that are not UTF-8 in a column of text spoil that row only."""
    expected, _ = run(home, sent)
    with closing(sqlite3.connect(home / CACHE_NAME)) as connection:
        connection.execute("UPDATE results SET record = CAST(x'ff22' AS TEXT) WHERE rowid = 1")
        connection.execute("UPDATE results SET sha256 = CAST(x'ffff' AS TEXT) WHERE rowid = 2")
        connection.commit()
    results, read = run(home, sent)
    assert results == expected
    assert len(read) == 2


def test_record_says_nothing_of_its_file(sent: list[Path], home: Path) -> None:
    """No path, no name, no time: what is remembered is the same wherever the file lies."""
    run(home, sent)
    with closing(sqlite3.connect(home / CACHE_NAME)) as connection:
        records = [record for (record,) in connection.execute("SELECT record FROM results")]
    for record in records:
        json.loads(record)
        assert record.isascii()
        assert "xlsx" not in record.replace(".xlsx", "", 2) or '"refused"' in record


# --- two runs, many runs -----------------------------------------------------------------------

TWO_RUNS = """
import sys
from pathlib import Path
from xl_automation.forms.loader import load_form
from xl_automation.reading.folder import read_files
from xl_automation.reading.submission_cache import SubmissionCache
home, form, *paths = sys.argv[1:]
form, paths = load_form(form), [Path(path) for path in paths]
for turn in range(6):
    cache = SubmissionCache(Path(home), form)
    cache._reader += str(turn)  # as if another program each time: everything is new
    results = cache.results(paths, lambda new: read_files(new, form))
    cache.save()
    assert cache.problem is None, cache.problem
    assert [result.path for result in results] == paths
"""


def test_two_runs_at_once(sent: list[Path], home: Path) -> None:
    """Both end well, and what either has read is there for the next."""
    halves = (sent[:3], sent[2:])
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", TWO_RUNS, home, DATA / "mini.toml", *half],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        for half in halves
    ]
    assert [run.wait(120) for run in runs] == [0, 0]
    with closing(sqlite3.connect(home / CACHE_NAME)) as connection:
        ((rows,),) = connection.execute("SELECT count(*) FROM results")
    assert rows == 6 * len(sent)
    assert run(home, sent)[1] == names(sent)


def test_rows_of_no_use_are_forgotten(
    sent: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what the latest run did not use, the latest used are kept."""
    monkeypatch.setattr(cache_file, "OTHER_ROWS", 1)
    now = [1000.0]
    monkeypatch.setattr(cache_file.time, "time", lambda: now[0])
    for path in sent[:3]:
        now[0] += 1
        run(home, [path])
    now[0] += 1
    assert run(home, [sent[2], sent[3]])[1] == ["3.xlsx"]
    assert run(home, [sent[2], sent[3]])[1] == []
    assert run(home, [sent[1]])[1] == []
    assert run(home, [sent[0]])[1] == ["0.xlsx"]


def test_large_record_is_not_remembered(
    sent: list[Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that says so much is read each time."""
    monkeypatch.setattr(submission_cache, "MAX_RECORD", 10)
    for _ in range(2):
        assert run(home, sent)[1] == names(sent)
    assert list(home.iterdir()) == []
