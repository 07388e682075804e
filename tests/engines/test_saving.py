"""Requirements of workbooks that other programs saved.

E4 Opened and saved by a program, an issued and filled workbook gives the same figures, findings
   and notes, but for the known habits of `saving.py`, which the page lists; or it is refused by
   the code that is listed for the program.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.filled import fills, write_all
from tests.engines.saving import SAVERS, Saver, office_saver, saved_by
from tests.support.office import Office

pytestmark = [pytest.mark.office, pytest.mark.xdist_group("engines")]

SEED, COUNT = 4, 2


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A filled workbook of each level."""
    return write_all(tmp_path_factory.mktemp("filled"), fills(SEED, COUNT))


@pytest.mark.filterwarnings("default")  # of libraries that are not ours
@pytest.mark.parametrize(
    "saver", [one for one in SAVERS if not one.by_hand], ids=lambda saver: saver.name
)
def test_saved_workbook_says_the_same(saver: Saver, paths: list[Path], tmp_path: Path) -> None:
    """Nothing is read otherwise without a reason that is listed."""
    _look_at(saver, paths, tmp_path)


def test_workbook_saved_by_libreoffice_says_the_same(
    clerk_office: Office, paths: list[Path], tmp_path: Path
) -> None:
    """As a clerk's LibreOffice saves it."""
    _look_at(office_saver(clerk_office), paths, tmp_path)


def _look_at(saver: Saver, paths: list[Path], folder: Path) -> None:
    result = saved_by(saver, paths, folder)
    assert result.unexplained == []
    assert result.refused == ({saver.refusal: len(paths)} if saver.refusal else {})
    assert saver.refusal or result.read > 300
