"""Fixtures shared by the tests."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest
from office import Office, OfficeMissingError

if TYPE_CHECKING:
    import xlwings as xw

HANG_SECONDS = 300


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
    from xlwings_libreoffice import excel_on  # only the tests that use it load xlwings

    with excel_on(office) as app:
        yield app
