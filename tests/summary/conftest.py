"""The summary that the tests of this room look at."""

from __future__ import annotations

import pytest

from tests.support.communes import golden, written
from tests.support.rounds import full_round, whole_round


@pytest.fixture(scope="session")
def summary(tmp_path_factory):
    """The summary workbook of the golden case."""
    return written(golden(), tmp_path_factory.mktemp("summary") / "Tổng hợp.xlsx")


@pytest.fixture(scope="session")
def round_path(tmp_path_factory):
    """The summary of a round in the middle."""
    return written(full_round(), tmp_path_factory.mktemp("round") / "Tổng hợp.xlsx")


@pytest.fixture(scope="session")
def whole_path(tmp_path_factory):
    """The summary of a round of all communes, with something on every sheet."""
    folder = tmp_path_factory.mktemp("whole")
    return written(whole_round(folder), folder / "Tổng hợp.xlsx")
