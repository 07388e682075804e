"""Requirements of the writing of the summary.

S4 Only a summary is ever overwritten, and a file is written whole or not at all.
"""

from __future__ import annotations

import errno

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import (
    FEW_RULES,
    A,
    golden,
    good,
    workbook,
    written,
)
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.errors import UserError
from xl_automation.summary.read_back import is_summary, read_summary
from xl_automation.summary.write import write_summary
from xl_automation.xlsx import shared_strings
from xl_automation.xlsx.soundness import UnsoundWorkbook


def test_summary_replaces_an_earlier_summary(tmp_path, summary):
    """Consolidating again writes over the summary of the last time."""
    path = tmp_path / "th.xlsx"
    path.write_bytes(summary.read_bytes())
    write_summary(consolidate(FEW_RULES, [good(A)]), path)
    assert read_summary(path, FORM).numbers.at[A.code, "1.1.a"] == 8
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("kind", ["commune", "text", "folder"])
def test_nothing_else_is_ever_overwritten(tmp_path, kind):
    """A clerk's workbook, any other file and a folder stay what they are."""
    path = tmp_path / "xã.xlsx"
    if kind == "commune":
        workbook(path, A, COMMUNE)
    elif kind == "text":
        path.write_text("TH_KY", encoding="utf-8")
    else:
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UserError, match="đã có"):
        write_summary(golden(), path)
    assert (path.read_bytes() if path.is_file() else None) == before
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_leaves_the_old_summary_and_no_half_file(tmp_path, summary):
    """A disk that is full stops the writing; what was there before is still whole."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "th.xlsx"
    path.write_bytes(summary.read_bytes())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(UserError, match="lớn hơn mức") as error:
            write_summary(golden(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(error.value.__cause__, OSError)
    assert error.value.__cause__.errno == errno.EFBIG
    assert path.read_bytes() == summary.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_summary_that_excel_could_not_open_replaces_nothing(tmp_path, summary, monkeypatch):
    """Were a sign that is no character to slip through, the earlier file would stay."""
    path = tmp_path / "th.xlsx"
    path.write_bytes(summary.read_bytes())
    for clean in ("cell_text", "escaped"):
        monkeypatch.setattr(shared_strings, clean, lambda text: text)
    sent = good(A, c1_3_1="năm\x01")
    with pytest.raises(UnsoundWorkbook, match="sharedStrings"):
        write_summary(consolidate(FORM, [sent]), path)
    assert path.read_bytes() == summary.read_bytes()
    assert list(tmp_path.iterdir()) == [path]


def test_summary_makes_its_folder(tmp_path):
    """The folder of the summary is made where it is missing."""
    assert is_summary(written(consolidate(FORM, []), tmp_path / "a" / "b" / "th.xlsx"))
