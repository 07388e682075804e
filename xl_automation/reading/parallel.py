"""Reading by an executor: other processes, or other computers.

The form travels packed and is unpacked once in each process; results come back as records, a tenth
of the work of pickling what they stand for. Whatever an executor fails to do (its process died, its
computer does not see the file, or sees another of that name) is done here instead, so that a file
is never lost and never counted twice.
"""

from __future__ import annotations

import os
import pickle
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading.reader_version import program_version
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_record import DamagedRecord, FileFacts, Record, Records

# A chunk costs its way there and back, 13 KB of form; the last ones leave other processes idle.
MOST_FILES, FEWEST_CHUNKS = 16, 64
OTHER_VERSION = (
    "Có máy đọc tệp chưa cài chương trình này, hoặc chạy phiên bản khác của chương trình hay của "
    "thư viện. Cài cùng một phiên bản ở mọi máy rồi chạy lại."
)

Result = Submission | RefusedFile
ReadFile = Callable[[Form, Path], Result]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a process found in a file.

    Attributes:
        record: The result as a record.
        facts: Hash, size and time of the file that it saw.
        is_passing: Whether it is a refusal that may pass: a lock, a file that is not there.
    """

    record: Record
    facts: FileFacts
    is_passing: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What a process needs to know to read files.

    Attributes:
        read: Reads one.
        form: The form, packed.
        program: The version of this program.
    """

    read: ReadFile
    form: bytes
    program: str


def read_by(
    executor: Executor,
    paths: Sequence[Path],
    form: Form,
    read: ReadFile,
    tell: Tell,
) -> Iterator[Result]:
    """Yield each workbook as read or refused, in the order of *paths*.

    Args:
        executor: Who reads.
        paths: The workbooks.
        form: Their form.
        read: Reads one; a function that a module has.
        tell: Called with a sentence where something had to be read here instead.

    Raises:
        UserError: If the executor's processes run another version of this program.
    """
    # A copy without what was derived from the form: that is derived again faster than sent.
    order = Order(read, zlib.compress(pickle.dumps(replace(form))), program_version())
    size = max(1, min(MOST_FILES, len(paths) // FEWEST_CHUNKS))
    chunks = [paths[start : start + size] for start in range(0, len(paths), size)]
    futures = [_submitted(executor, order, chunk) for chunk in chunks]
    records, has_told = Records(form), False
    try:
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                answers = future.result()
            except (BrokenExecutor, CancelledError):
                if not has_told:
                    tell(
                        "Một tiến trình đọc tệp dừng giữa chừng: những tệp còn thiếu được đọc tiếp "
                        "trong tiến trình này, không tệp nào bị bỏ sót."
                    )
                has_told = True
                answers = [None] * len(chunk)
            for path, answer in zip(chunk, answers, strict=True):
                yield _accepted(records, path, answer) or read(form, path)
    finally:
        for future in futures:
            future.cancel()


def _submitted(
    executor: Executor, order: Order, chunk: Iterable[Path]
) -> Future[list[Answer | None]]:
    """Return the future answers; of an executor that broke already, futures that say so."""
    # Elsewhere the current folder is another one.
    paths = [os.path.abspath(path) for path in chunk]
    try:
        return executor.submit(answers, order, paths)
    except BrokenExecutor as error:
        broken: Future[list[Answer | None]] = Future()
        broken.set_exception(error)
        return broken


def answers(order: Order, paths: Sequence[str]) -> list[Answer | None]:
    """Return what is found in some files; runs in the process that reads them.

    Raises:
        UserError: If this process runs another version of the program.
    """
    if program_version() != order.program:
        raise UserError(OTHER_VERSION)
    form, records = _unpacked(order.form)
    results = (order.read(form, Path(path)) for path in paths)
    return [
        Answer(
            records.of(result),
            FileFacts(result.path, result.sha256, result.size, result.saved),
            isinstance(result, RefusedFile) and result.is_passing,
        )
        for result in results
    ]


@lru_cache(2)
def _unpacked(packed: bytes) -> tuple[Form, Records]:
    """Return the form of an order and what makes records of it; once in each process."""
    form = pickle.loads(zlib.decompress(packed))
    return form, Records(form)


def _accepted(records: Records, path: Path, answer: Answer | None) -> Result | None:
    """Return the result of a file; None where it is to be read here.

    That is, where there is no answer, or one about a file that is not there, or another one.
    """
    if answer is None or answer.is_passing:
        return None
    try:
        if path.stat().st_size != answer.facts.size:
            return None
        return records.read(answer.record, replace(answer.facts, path=path))
    except (OSError, DamagedRecord):
        return None
