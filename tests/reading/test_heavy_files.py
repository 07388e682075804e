"""Requirement: no file costs more than 2 s and 200 MB beyond the program itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import heavy_files
from tests.support.paths import ROOT

pytestmark = pytest.mark.xdist_group("heavy")  # one worker measures, once


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, float | str]]:
    """What it cost a process of its own to read each."""
    folder = tmp_path_factory.mktemp("heavy")
    heavy_files.write(folder)
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.heavy_files", folder],
        cwd=ROOT,
        capture_output=True,
        timeout=240,
        check=True,
    )
    for path in folder.iterdir():
        path.unlink()
    return {line["name"]: line for line in map(json.loads, done.stdout.splitlines())}


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="asks Linux for the memory")
@pytest.mark.parametrize("name", heavy_files.HEAVY)
def test_heavy_file_costs_little(measured: dict[str, dict[str, float | str]], name: str) -> None:
    """It is read, or refused for what it is, within limits of time and memory."""
    facts = measured[name]
    assert facts["outcome"] == heavy_files.HEAVY[name][0]
    assert facts["seconds"] < 2
    assert facts["MB"] < 200
