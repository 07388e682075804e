"""What a Word template may say: a closed part of Jinja, looked at before anything is run.

Anybody may have written a template. It may name what the report offers, choose, and repeat what a
list of the report holds; it may call nothing, reckon nothing and define nothing, so that it can
neither reach anything else nor go on without end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import StrictUndefined, Undefined, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from xl_automation.xlsx.limits import NO_TEXT
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.word_commands import Command
from xl_automation.xlsx.word_guard import bad_template

MAX_OUTPUT = 16_000_000  # characters
LISTS = ("phan", "phu_luc", "nguon")  # of the report, and those of their items
INNER_LISTS = ("muc", "cau")
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


class _Missing(StrictUndefined):
    """A name that the report does not have; it is said, not left blank."""

    @property
    def _undefined_message(self) -> str:
        return f"không có “{self._undefined_name}”"


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """Fills the parts of one template; what stands in the report becomes text, never XML."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=_Missing, finalize=_shown)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}
        self.left = MAX_OUTPUT

    def check(self, command: Command) -> None:
        """Refuse a command that may not stand in a template.

        Raises:
            Refusal: With the command.
        """
        try:
            self.parse(command.alone)
        except (TemplateError, RecursionError) as error:
            raise _refusal(error, f"lệnh “{command.short}”") from error

    def fill(self, source: str, context: Mapping[str, object]) -> str:
        """Return *source* with its commands done.

        Raises:
            Refusal: If it has one that may not stand in a template, asks for what the report does
                not have, or the parts grow beyond `MAX_OUTPUT`.
        """
        pieces = []
        try:
            tree = self.parse(source)
            _check_loops(tree, ())
            for piece in self.from_string(tree).generate(context):
                pieces.append(piece)
                self.left -= len(piece)
                if self.left < 0:
                    raise bad_template("báo cáo lập ra dài bất thường")
        except (TemplateError, RecursionError, TypeError) as error:
            raise _refusal(error, "có lệnh") from error
        return "".join(pieces)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in _all(tree):
            _check(node)
        return tree


def _shown(value: object) -> object:
    """Return what is written for *value*: a text or a number, nothing else."""
    if isinstance(value, (str, Undefined)):
        return NO_TEXT.sub("", str(value))
    if isinstance(value, (int, float)):
        return value
    raise TemplateError("{{ … }} nêu tên cả một danh sách, không phải một mục của nó")


def _refusal(error: Exception, what: str) -> Refusal:
    """Return the refusal of *what*, which Jinja or this module does not take."""
    known = {RecursionError: "lồng quá sâu", TypeError: "hai thứ khác loại không so được"}
    said = known.get(type(error), str(error))
    return bad_template(f"{what} không dùng được ({said})")


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


def _check(node: nodes.Node) -> None:
    """Refuse what a template may not say."""
    if type(node) not in _ALLOWED:
        raise TemplateError(f"không được dùng “{type(node).__name__}”")
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateError(f"không được hỏi tới “{node.attr}”")
    if isinstance(node, nodes.Getitem):
        index = node.arg
        if not isinstance(index, nodes.Const) or not isinstance(index.value, int):
            raise TemplateError("sau tên một danh sách chỉ được ghi số thứ tự")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise TemplateError(f"không có cách hiện “{node.name}”; chỉ có {', '.join(FILTERS)}")
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        raise TemplateError(f"không có điều kiện “{node.name}”; chỉ có {', '.join(TESTS)}")
    if isinstance(node, nodes.For) and (
        node.recursive or node.test or not isinstance(node.target, nodes.Name)
    ):
        raise TemplateError("chỉ được lặp qua một danh sách, mỗi lần một mục")


def _check_loops(node: nodes.Node, items: tuple[str, ...]) -> None:
    """Refuse a repetition of anything but a list of the report, or of the item it is within."""
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        if not _is_list(node.iter, items[-1] if items else "") or len(items) >= MAX_DEPTH:
            raise TemplateError(
                f"“for {node.target.name} in …” chỉ được lặp qua {', '.join(LISTS)}, hay "
                f"{', '.join(INNER_LISTS)} của mục đang lặp, tối đa {MAX_DEPTH} lớp"
            )
        items = (*items, node.target.name)
    for child in node.iter_child_nodes():
        _check_loops(child, items)


def _is_list(node: nodes.Node, item: str) -> bool:
    """Whether *node* is a list of the report, or of *item* where that is given."""
    if isinstance(node, nodes.Name):
        return not item and node.name in LISTS
    if not isinstance(node, nodes.Getattr) or node.attr not in INNER_LISTS:
        return False
    root = _root(node)
    return root == item if item else root in LISTS


def _root(node: nodes.Node) -> str | None:
    """Return the name that a list is reached from: ``phan`` of ``phan[0].muc``."""
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        node = node.node
    return node.name if isinstance(node, nodes.Name) else None
