"""The examples in docstrings run and give what they show."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from tests.support.paths import PRODUCT, ROOT

WITH_EXAMPLES = sorted(
    path for path in PRODUCT.rglob("*.py") if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_examples_of_docstrings_hold(path) -> None:
    """Each example is run as Python reads it."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    outcome = doctest.testmod(import_module(name))
    assert outcome.attempted
    assert not outcome.failed
