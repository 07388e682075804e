"""Fixtures shared by the tests of the ribbon buttons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwings as xw

from tests.support import builders, communes
from tests.support.builders import COMMUNE
from tests.support.communes import A, B
from tests.support.open_books import Open
from xl_automation.excel.buttons import runner


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a Vietnamese name."""
    path = tmp_path / "Hồ sơ & số liệu"
    path.mkdir()
    return path


@pytest.fixture
def form_book(excel: xw.App, folder: Path) -> Open:
    """Opens a form with figures in it; its file is in *folder*."""

    def opened(fill: builders.Fill = COMMUNE, **more: Any) -> xw.Book:
        path = folder / "Báo cáo xã Đắk Nông — tháng 7.xlsx"
        return xw.Book(builders.workbook(path, fill, **more))

    return opened


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the user was told, on a PC with its log in a temporary folder."""
    messages: list[str] = []
    monkeypatch.setattr(runner, "tell", lambda text, is_good=False: messages.append(text))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    return messages


@pytest.fixture
def log_file(told: list[str], tmp_path: Path) -> Path:
    """The log of the buttons on that PC."""
    return tmp_path / "local" / "CCHC" / "log" / "cchc.log"


@pytest.fixture
def sent(folder: Path) -> Path:
    """A folder of two good reports, a file of another kind, a lock file and a note."""
    path = folder / "Đã gửi"
    communes.workbook(path / "xã A.xlsx", A, COMMUNE)
    communes.workbook(path / "con" / "xã B.xlsx", B, {**COMMUNE, "1.1.a": 12})
    openpyxl.Workbook().save(path / "lạ.xlsx")
    (path / "~$xã A.xlsx").write_bytes(b"lock")
    (path / "ghi chú.txt").write_text("x")
    return path
