"""Fixtures shared by the tests of what runs in Excel."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tests.support.function_calls import forget_files
from tests.support.second_form import forms_folder
from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named


@pytest.fixture(autouse=True)
def _no_book_in_front() -> Iterator[None]:
    """Functions are called from plain Python, unless a test says which workbook is in front."""
    yield
    if hasattr(xw.Book, "_mock_caller"):
        del xw.Book._mock_caller


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Form]:
    """The schools' form, which ships beside the communes' while the test runs."""
    monkeypatch.setattr("xl_automation.forms.loader.FORMS", forms_folder(tmp_path / "Biểu mẫu"))
    form = form_named("truong-hoc")
    assert form is not None
    yield form
    forget_files()
