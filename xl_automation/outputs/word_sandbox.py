"""What a Word template may say: a closed part of Jinja, looked at before anything is run.

Anybody may have written a template. It may name what the report offers, choose, and repeat what a
list of the report holds; it may call nothing, reckon nothing and define nothing, so that it can
neither reach anything else nor go on without end.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.word_guard import bad_template

FILTERS = ("upper", "lower", "length", "default", "first", "last")
TESTS = ("defined", "none")
MAX_DEPTH = 3  # of repetitions in each other
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
    nodes.Test,
)


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """Compiles templates of reports; what stands in them becomes text, never XML."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in _all(tree):
            _check(node)
        _check_loops(tree, (), 0)
        return tree


def refusal_of(error: TemplateError) -> Refusal:
    """Return the refusal of a template that Jinja does not take."""
    words = "".join(letter for letter in str(error.message or error) if letter.isprintable())
    return bad_template(f"không hiểu được lệnh trong mẫu ({words[:200]})")


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _check(node: nodes.Node) -> None:
    """Refuse what a template may not say."""
    if type(node) not in _ALLOWED:
        raise bad_template(f"mẫu không được dùng lệnh “{type(node).__name__}”")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise bad_template(f"mẫu không được hỏi tới “{node.attr[:40]}”")
    if isinstance(node, nodes.Getitem):
        index = node.arg
        is_plain = isinstance(index, nodes.Const) and isinstance(index.value, int)
        if not is_plain and not isinstance(index, nodes.Slice):
            raise bad_template("sau tên một danh sách chỉ được ghi số thứ tự")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise bad_template(f"không có cách hiện “{node.name[:40]}”; chỉ có {', '.join(FILTERS)}")
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise bad_template(f"không có điều kiện “{node.name[:40]}”; chỉ có {', '.join(TESTS)}")


def _check_loops(node: nodes.Node, targets: tuple[str, ...], depth: int) -> None:
    """Refuse a repetition within another that does not go through what the outer one holds."""
    if isinstance(node, nodes.For):
        if node.recursive or not isinstance(node.target, nodes.Name):
            raise bad_template("mẫu chỉ được lặp qua một danh sách, mỗi lần một mục")
        root = _root(node.iter)
        if root is None or (targets and root != targets[-1]) or depth >= MAX_DEPTH:
            raise bad_template(
                f"lặp trong lặp chỉ được qua danh sách của mục đang lặp, tối đa {MAX_DEPTH} lớp"
            )
        targets, depth = (*targets, node.target.name), depth + 1
    for child in node.iter_child_nodes():
        _check_loops(child, targets, depth)


def _root(node: nodes.Node) -> str | None:
    """Return the name that a list is reached from: ``phan`` of ``phan[0].muc``."""
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else None
