"""What makes a Python function one for Excel's cells: ``@cell_function``.

The decorator hands the function to xlwings and records what Excel shows of it; the add-in's build
writes the VBA by that record. Off Windows xlwings' own decorators leave no trace.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

import xlwings as xw

from xl_automation.errors import UserError
from xl_automation.excel.functions.excel_errors import GivenError
from xl_automation.excel.functions.grid import Grid

P = ParamSpec("P")
CATEGORY = "CCHC"  # among Excel's categories of functions
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a custom function, with its help."""

    name: str
    doc: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """A custom function as Excel shows it.

    Attributes:
        name: What is typed into a cell.
        module: The module that has the function.
        doc: The help that Excel shows.
        category: Where Excel lists it.
        arguments: In their order.
    """

    name: str
    module: str
    doc: str
    category: str
    arguments: tuple[Argument, ...]


SIGNATURES: dict[str, Signature] = {}  # of every function decorated so far, by name


def cell_function(**docs: str) -> Callable[[Callable[P, Grid]], Callable[P, Grid]]:
    """Return the decorator of a function for cells, and record what Excel shows of it.

    The function gets each argument as rows of cells, errors as text, and answers with rows. Its
    docstring is Excel's help for it: Vietnamese, at most 255 characters.

    Args:
        docs: The help of each argument by its name, in their order.
    """

    def decorate(function: Callable[P, Grid]) -> Callable[P, Grid]:
        SIGNATURES[function.__name__] = _signature(function, docs)
        in_cell = xw.ret()(answers(function))
        for name, doc in docs.items():
            in_cell = xw.arg(name, ndim=2, err_to_str=True, doc=doc)(in_cell)
        decorated: Callable[P, Grid] = xw.func(category=CATEGORY)(in_cell)
        return decorated

    return decorate


def _signature(function: Callable[P, Grid], docs: dict[str, str]) -> Signature:
    parameters = inspect.signature(function).parameters
    if list(parameters) != list(docs):
        raise TypeError(f"{function.__name__}: help for {list(docs)}, not for {list(parameters)}")
    return Signature(
        name=function.__name__,
        module=function.__module__,
        doc=" ".join((inspect.getdoc(function) or "").split()),
        category=CATEGORY,
        arguments=tuple(
            Argument(name, docs[name], optional=parameter.default is not parameter.empty)
            for name, parameter in parameters.items()
        ),
    )


def answers(function: Callable[P, Grid]) -> Callable[P, Grid]:
    """Return *function* with a sentence for the cell in place of any exception.

    A fault of ours is logged with its traceback, and the sentence says that it is one.
    """

    @functools.wraps(function)
    def in_cell(*args: P.args, **kwargs: P.kwargs) -> Grid:
        try:
            return function(*args, **kwargs)
        except GivenError as error:
            return [[str(error)]]
        except UserError as reason:
            return [[f"Lỗi: {reason}"]]
        except Exception as error:
            log.exception("%s failed", function.__name__)
            return [
                [
                    f"Lỗi: hàm {function.__name__} gặp sự cố ({type(error).__name__}). "
                    "Bấm nút Chẩn đoán trên thẻ CCHC."
                ]
            ]

    in_cell.__annotations__ = {}  # xlwings would take the types for converters
    return in_cell
