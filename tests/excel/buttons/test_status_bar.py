"""Excel's status bar while a button works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import xlwings as xw

from xl_automation.excel.buttons.status_bar import working

pytestmark = pytest.mark.office


def test_working_restores_excel_after_an_error(excel: xw.App) -> None:
    """Status bar and screen are Excel's again when the work fails."""

    def fail() -> Iterator[None]:
        with working(excel, "đang thử", 2) as step:
            assert not excel.screen_updating
            step()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()  # type: ignore[unused-coroutine]
    assert excel.impl.status_texts == ["CCHC: đang thử …", "CCHC: đang thử 1/2 …"]
    assert (excel.status_bar, excel.screen_updating) == (False, True)
