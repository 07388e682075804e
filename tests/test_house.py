"""Requirements of the house.

H1 Rooms stand in the order in which a figure travels, and imports only go down; within a room
   there is no circle either. What is private to a module stays in it.
   A library that is one room's matter is imported there alone.
H2 A module is small enough to be read at one sitting.
H3 Each room says in one sentence what it is; nothing stands outside the rooms.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

from tests.support.paths import PRODUCT, ROOT

# From the ground up; those on one floor do not know each other.
FLOORS = (
    ("wording",),
    ("errors", "excel_limits", "shipped"),
    ("xlsx", "forms"),
    ("template",),
    ("reading",),
    ("checks",),
    ("consolidation",),
    ("summary",),
    ("editing",),
    ("outputs",),
    ("excel.functions",),
    ("excel.addin",),
    ("excel.buttons",),
    ("cli",),
)
GROUND = {"wording", "errors", "excel_limits", "shipped"}  # modules by themselves, under all rooms
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(path for path in PRODUCT.rglob("*.py") if path.parent != PRODUCT)
ROOMS = sorted({path.parent for path in MODULES})
# Who may know a library that is not everybody's.
LIBRARIES = {
    "xlwings": {"excel.functions", "excel.buttons"},
    "xlsxwriter": {"xlsx", "template", "summary", "excel.addin"},
    "openpyxl": {"reading", "summary", "xlsx"},
    "lxml": {"xlsx"},
    "argparse": {"cli"},
    "distributed": {"cli"},
    "sqlite3": {"reading"},
    "rich": {"cli"},
    "jinja2": {"outputs"},
    "docx": {"outputs"},
    "pyopenvba": {"excel.addin"},
}
MOST_LINES, MEDIAN_LINES, MOST_ARROWS = 350, 150, 65


def name_of(path: Path) -> str:
    """Return the dotted name of a module, of a package's ``__init__`` that of the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """Return the room of a module: ``forms``, ``excel.addin``."""
    _, *steps = module.split(".")
    return ".".join(steps[:2] if steps[:1] == ["excel"] else steps[:1])


def imports(path: Path) -> Iterator[str]:
    """Yield each module of the product that a module imports, at its top or within a function."""
    known = {name_of(other) for other in PRODUCT.rglob("*.py")}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: relative import"
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole == f"{PRODUCT.name}.__version__":  # everybody may know that
                    continue
                yield from {whole} & known or {node.module or ""} & known
        elif isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & known


IMPORTS = {name_of(path): set(imports(path)) for path in MODULES}


def test_imports_only_go_down() -> None:
    """No module imports one of a higher floor, or of another room of its own floor."""
    upward = [
        f"{module} imports {other}"
        for module, others in IMPORTS.items()
        for other in others
        if room_of(module) != room_of(other) and FLOOR[room_of(other)] >= FLOOR[room_of(module)]
    ]
    assert not upward, "\n".join(upward)


@pytest.mark.parametrize("library", LIBRARIES)
def test_library_stays_in_its_rooms(library: str) -> None:
    """No other room imports it."""
    users = {
        room_of(name_of(path))
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for imported in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
        if imported.partition(".")[0] == library
    }
    assert users == LIBRARIES[library]


def test_rooms_have_few_ties() -> None:
    """One room knows few others: the whole has fewer than sixty-five arrows from room to room."""
    arrows = {
        (room_of(module), room_of(other))
        for module, others in IMPORTS.items()
        for other in others
        if room_of(other) not in (room_of(module), *GROUND)
    }
    assert len(arrows) < MOST_ARROWS


def test_what_a_module_keeps_to_itself_stays_there() -> None:
    """No module imports a private name of another."""
    private = [
        f"{path}: {alias.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
        if alias.name.startswith("_") and not alias.name.endswith("__")
    ]
    assert not private


def test_modules_import_in_no_circle() -> None:
    """Each module can be read after those that it imports."""
    graph: dict[str, set[str]] = defaultdict(set)
    for module, others in IMPORTS.items():
        graph[module] = others - {module}
    TopologicalSorter(graph).prepare()  # raises on a circle


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_module_is_read_at_one_sitting(path: Path) -> None:
    """No module is longer than some 350 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES


def test_half_of_the_modules_are_short() -> None:
    """The median module has at most 150 lines."""
    lines = [
        len(path.read_text("utf-8").splitlines()) for path in MODULES if path.name != "__init__.py"
    ]
    assert median(lines) <= MEDIAN_LINES


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_room_says_what_it_is(room: Path) -> None:
    """The first line of a room's face is one sentence."""
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    assert docstring
    assert docstring.splitlines()[0].endswith(".")


def test_listing_is_the_architecture() -> None:
    """Outside the rooms stand only the package's face, its entry, and the words of all."""
    folders = {path.name for path in PRODUCT.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == {room.partition(".")[0] for room in FLOOR} - GROUND
    loose = {path.name for path in PRODUCT.glob("*.py")}
    assert loose == {"__init__.py", "__main__.py", *(f"{module}.py" for module in GROUND)}


def test_tests_mirror_the_rooms() -> None:
    """Each room has a folder of tests of its name."""
    for room in FLOOR:
        if room not in GROUND:
            assert list((ROOT / "tests").joinpath(*room.split(".")).glob("test_*.py")), room
