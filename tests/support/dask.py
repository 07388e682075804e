"""A real Dask cluster on this computer: a scheduler and workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from distributed import Client

from tests.support.paths import ROOT

START_SECONDS = 60


class Cluster:
    """A scheduler and its workers.

    Attributes:
        address: Where the scheduler listens.
        scheduler: Its process.
        workers: Their processes.
    """

    def __init__(self, folder: Path):
        self.address = ""
        self._folder, self._log = folder, folder / "scheduler.json"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._started(
            "dask_scheduler",
            *("--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
            *("--scheduler-file", str(self._log), "--idle-timeout", "600"),
        )

    def start(self, workers: int) -> None:
        """Wait for the scheduler, then for so many workers."""
        deadline = time.monotonic() + START_SECONDS
        while not (self._log.exists() and self._log.stat().st_size):
            assert time.monotonic() < deadline, "no scheduler"
            assert self.scheduler.poll() is None, "no scheduler"
            time.sleep(0.1)
        self.address = json.loads(self._log.read_text("utf-8"))["address"]
        for _ in range(workers):
            self.add_worker()
        self.await_workers()

    def add_worker(
        self, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start one more worker: one process, one thread, nobody to restart it."""
        worker = self._started(
            "dask_worker",
            *(self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard"),
            *("--memory-limit", "0", "--local-directory", str(self._folder)),
            *("--death-timeout", "60"),  # it does not outlive tests that were killed
            cwd=cwd,
            environment=environment,
        )
        self.workers.append(worker)
        return worker

    def await_workers(self) -> None:
        """Wait until all workers are at work."""
        if self.workers:
            with Client(self.address, set_as_default=False) as client:
                client.wait_for_workers(len(self.workers), timeout=START_SECONDS)

    def _started(
        self,
        program: str,
        *arguments: str,
        cwd: Path = ROOT,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def stop(self) -> None:
        """End all of it."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Give a cluster whose files are in *folder*; it ends with the block."""
    made = Cluster(folder)
    try:
        made.start(workers)
        yield made
    finally:
        made.stop()
