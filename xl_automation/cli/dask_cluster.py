"""A Dask cluster as an executor that always comes to an end."""

from __future__ import annotations

import logging
import socket
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    InvalidStateError,
)
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any, TypeVar
from weakref import WeakSet

from xl_automation.errors import UserError
from xl_automation.reading.parallel import OTHER_VERSION
from xl_automation.reading.reader_version import program_version

CONNECT_SECONDS = 10.0
ALONE_SECONDS = 20.0  # as long may a cluster be without workers, which may be starting again
WATCH_SECONDS = 2.0
LONGEST_GREETING = 1 << 20  # bytes; a scheduler's has some hundred
Value = TypeVar("Value")


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Give the executor of the cluster at *address*, such as ``tcp://10.0.0.5:8786``.

    Raises:
        UserError: If Dask is not installed, or nobody answers there, or no worker is there.
    """
    try:
        import distributed
    except ImportError as error:
        raise UserError(
            'Chưa cài Dask. Cài bằng: pip install "xl_automation[dask]", hoặc bỏ --dask để đọc tệp '
            "trên máy này."
        ) from error
    for name in ("distributed", "distributed.client"):  # in English; what matters is told
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    _reach(address)
    connect: Any = distributed.Client
    try:
        with warnings.catch_warnings():
            # Of versions that differ: each worker compares what matters before it reads.
            warnings.simplefilter("ignore")
            client = connect(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # whatever Dask makes of what somebody else answers
        raise _unreached(address) from error
    try:
        _await_workers(client, address)
        # Without "pure" equal calls are one: files saved since would not be read again.
        with _ClusterExecutor(client, client.get_executor(pure=False)) as executor:
            yield executor
    finally:
        with suppress(TimeoutError):  # of a scheduler that is gone there is no good-bye
            client.close(timeout=WATCH_SECONDS)


def _reach(address: str) -> None:
    """Make sure that a Dask scheduler listens at *address*: its client could wait for ever.

    Raises:
        UserError: If none does.
    """
    scheme, _, place = address.rpartition("://")
    host, colon, port = place.rpartition(":")
    if scheme not in ("", "tcp", "tls") or not (host and colon and port.isdecimal()):
        raise UserError(f"Địa chỉ cụm Dask ghi như tcp://10.0.0.5:8786, không phải “{address}”.")
    try:
        target = (host.strip("[]"), int(port))
        with socket.create_connection(target, CONNECT_SECONDS) as connection:
            # A scheduler speaks first, and says how long its greeting is; but for TLS, where the
            # client does.
            if scheme != "tls" and not 0 < _length(connection.recv(8)) <= LONGEST_GREETING:
                raise ConnectionError
    except (OSError, OverflowError, UnicodeError) as error:
        raise _unreached(address) from error


def _length(sent: bytes) -> int:
    return int.from_bytes(sent, "little")


def _unreached(address: str) -> UserError:
    return UserError(
        f"Không nối được cụm Dask ở {address}. Kiểm tra địa chỉ và “dask scheduler” đang chạy, "
        "hoặc bỏ --dask để đọc tệp trên máy này."
    )


def _await_workers(client: Any, address: str) -> None:
    """Make sure that the cluster has workers, and each of them this very program.

    A worker without it would die of the first task, and so would the next.

    Raises:
        UserError: If there is none within `CONNECT_SECONDS`, or one has another version.
    """
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        versions = client.run(program_version, on_error="return").values()
    except TimeoutError as error:
        raise UserError(
            f"Cụm Dask ở {address} chưa có máy nào đọc tệp. Khởi động “dask worker {address}” "
            "rồi chạy lại."
        ) from error
    except OSError as error:  # the scheduler went meanwhile
        raise _unreached(address) from error
    if any(
        version != program_version() and not isinstance(version, OSError)  # gone meanwhile
        for version in versions
    ):
        raise UserError(OTHER_VERSION)


class _ClusterExecutor(Executor):
    """Dask's own executor, which calls off what nobody is left to do."""

    def __init__(self, client: Any, executor: Executor):
        self._client, self._executor = client, executor
        self._unfinished: WeakSet[Future[Any]] = WeakSet()
        self._stopped = Event()
        self._watcher = Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def submit(self, fn: Callable[..., Value], /, *args: Any, **kwargs: Any) -> Future[Value]:
        """Return the future result of ``fn(*args, **kwargs)`` on the cluster.

        It is a ``BrokenExecutor`` where workers died of the call again and again.
        """
        from distributed.scheduler import KilledWorker

        future: Future[Value] = Future()

        def hand_on(of_dask: Future[Value]) -> None:
            with suppress(InvalidStateError):  # called off meanwhile
                try:
                    future.set_result(of_dask.result())
                except CancelledError:
                    future.cancel()
                except KilledWorker as error:
                    future.set_exception(BrokenExecutor(str(error)))
                except Exception as error:
                    future.set_exception(error)

        of_dask = self._executor.submit(fn, *args, **kwargs)
        self._unfinished.add(of_dask)
        of_dask.add_done_callback(hand_on)
        future.add_done_callback(lambda future: future.cancelled() and of_dask.cancel())
        return future

    def _watch(self) -> None:
        """Call everything off when there has been no worker, or no scheduler, for long."""
        seen = monotonic()
        while not self._stopped.wait(WATCH_SECONDS):
            try:
                if self._client.nthreads():
                    seen = monotonic()
            except Exception:
                if self._stopped.is_set():
                    return
            if monotonic() - seen > ALONE_SECONDS:
                for future in list(self._unfinished):
                    future.cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End it; what is still to be done is called off."""
        self._stopped.set()
        for future in list(self._unfinished):
            future.cancel()
        self._watcher.join(WATCH_SECONDS)
