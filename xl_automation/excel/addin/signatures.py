"""What the custom functions look like from Excel, read from their source text.

Off Windows xlwings' decorators leave no trace, so the build reads them where they are written.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = Path(__file__).parents[1] / "functions" / "cell_functions.py"
MODULE = "xl_automation.excel.functions.cell_functions"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a custom function, with its help."""

    name: str
    doc: str
    optional: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """A custom function as Excel shows it."""

    name: str
    doc: str
    category: str
    arguments: tuple[Argument, ...]


def read_signatures(source: str) -> tuple[Signature, ...]:
    """Return the functions that *source* decorates with ``@xw.func``, by name."""
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    signatures = [_signature(node) for node in functions if _decorators(node, "func")]
    return tuple(sorted(signatures, key=lambda signature: signature.name))


def _signature(node: ast.FunctionDef) -> Signature:
    docs = {
        ast.literal_eval(call.args[0]): _keyword(call, "doc") for call in _decorators(node, "arg")
    }
    names = [argument.arg for argument in node.args.args]
    required = len(names) - len(node.args.defaults)
    return Signature(
        name=node.name,
        doc=" ".join((ast.get_docstring(node) or "").split()),
        category=_keyword(_decorators(node, "func")[0], "category"),
        arguments=tuple(
            Argument(name, docs[name], optional=position >= required)
            for position, name in enumerate(names)
        ),
    )


def _decorators(node: ast.FunctionDef, name: str) -> list[ast.Call]:
    calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
    return [call for call in calls if ast.unparse(call.func) == f"xw.{name}"]


def _keyword(call: ast.Call, name: str) -> str:
    value = next(keyword.value for keyword in call.keywords if keyword.arg == name)
    return str(ast.literal_eval(value))
