"""The VBA project of the add-in, stream by stream.

Requirements: each byte is as [MS-OVBA] and [MS-CFB] say; no version of Office finds compiled code
that it might take for its own; all this is as in the add-in that xlwings ships, which opens in
every Excel; and the source passes a check of VBA's grammar and of the names of Excel's library.
"""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

import pytest
from vbalidator import precheck

from tests.support.ovba import Project
from xl_automation.excel.addin.build import build_addin, modules
from xl_automation.excel.addin.compound_file import CUTOFF, compound_file
from xl_automation.excel.addin.vba_project import PART
from xl_automation.xlsx.package import read_parts

OWN = ("CCHC_Help", "CCHC_Ribbon")  # the other two are xlwings' own


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of a freshly built add-in."""
    path = tmp_path_factory.mktemp("addin") / "CCHC.xlam"
    build_addin(path)
    return Project(read_parts(path.read_bytes())[PART])


@pytest.fixture(scope="module")
def theirs() -> Project:
    """The project of the add-in that xlwings gives to its users to begin with."""
    spec = importlib.util.find_spec("xlwings")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).with_name("quickstart_addin_ribbon.xlam")
    return Project(read_parts(path.read_bytes())[PART])


def test_version_is_every_version(ours: Project, theirs: Project) -> None:
    """Version 0xFFFF and no cache: 2.3.4.1 for who writes, and so has theirs."""
    assert ours.streams["VBA/_VBA_PROJECT"] == bytes.fromhex("CC61 FFFF 00 0100")
    assert ours.streams["VBA/_VBA_PROJECT"] == theirs.streams["VBA/_VBA_PROJECT"]


def test_modules_are_source_alone(ours: Project) -> None:
    """No module has a cache, no cookie is one: 2.3.4.2.3.1, 2.3.4.2.3.2.5 and 7 for who writes."""
    assert {(module.cache, module.cookie) for module in ours.modules} == {(b"", 0xFFFF)}
    assert ours.cookie == 0xFFFF
    sources = {module.name: module.source for module in ours.modules if module.is_procedural}
    assert sources == modules()


def test_directory_is_that_of_theirs(ours: Project, theirs: Project) -> None:
    """The stream "dir" has the records that theirs has, but for what they refer to and describe."""
    ours_before, *ours_of_modules = _parts_of_directory(ours)
    theirs_before, *theirs_of_modules = _parts_of_directory(theirs)
    assert ours_before == theirs_before
    assert set(ours_of_modules) == set(theirs_of_modules)


def _parts_of_directory(project: Project) -> list[str]:
    """Return the kinds of records on the project, then on each module and the end."""
    kinds = " ".join(f"{kind:02X}" for kind, _ in project.records)
    of_project, _, rest = kinds.partition(" 16 ")  # the first thing that it refers to
    return [of_project, *rest.partition(" 0F 13 ")[2].split(" 2B ")]


def test_streams_name_the_same_modules(ours: Project, theirs: Project) -> None:
    """The streams "dir", "PROJECT" and "PROJECTwm" list the same modules, of the same kinds."""
    for project in (ours, theirs):
        names = [module.name for module in project.modules]
        procedural = [module.name for module in project.modules if module.is_procedural]
        documents = {name.removesuffix("/&H00000000") for name in project.properties["Document"]}
        assert project.properties["Module"] == procedural
        others = documents.union(project.properties.get("Class", ()))
        assert others.isdisjoint(procedural)
        assert others.union(procedural) == set(names)
        assert project.name_map == names


def test_project_is_open_to_who_looks(ours: Project, theirs: Project) -> None:
    """Not protected, no password, visible; hidden under the project's own id as VBA expects."""
    assert ours.secrets == {"CMG": bytes(4), "DPB": b"\0", "GC": b"\xff"} == theirs.secrets


def test_compound_file_is_as_theirs(ours: Project, theirs: Project) -> None:
    """It has their storages, no class identifiers, their sizes of sectors and their cutoff."""
    shapes = [
        (
            {path.rpartition("/")[0] for path in project.streams},
            {entry.clsid for entry in project.compound.direntries if entry},
            project.compound.dll_version,
            project.compound.sector_size,
            project.compound.mini_sector_size,
            project.compound.mini_stream_cutoff_size,
        )
        for project in (ours, theirs)
    ]
    assert shapes[0] == shapes[1] == ({"", "VBA"}, {""}, 3, 512, 64, CUTOFF)


def test_directory_tree_is_balanced(ours: Project) -> None:
    """In order, no red entry under a red one, as many black ones on every way down."""
    ours.check_trees()
    assert ours.compound.root.color == 1


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7, 8, 40])
def test_any_number_of_streams_is_read_back(count: int) -> None:
    """A compound file holds what it was given, whatever the sizes, under a balanced tree."""
    sizes = [0, 1, 63, 64, 65, 511, CUTOFF - 1, CUTOFF, CUTOFF + 1, 70_000]
    content = {f"S{place}": bytes([place]) * sizes[place % len(sizes)] for place in range(count)}
    project = Project(compound_file({**content, "VBA": content}))
    assert project.streams == content | {f"VBA/{name}": body for name, body in content.items()}
    project.check_trees()


def test_unused_entries_are_empty(ours: Project) -> None:
    """No unused entry says anything, nor where a storage would begin: [MS-CFB] 2.6.1, 2.6.3."""
    binary = ours.compound.fp.getvalue()
    (first,) = struct.unpack_from("<I", binary, 0x30)
    start = (first + 1) * 512
    entries = [
        binary[place : place + 128]
        for place in range(start, start + 128 * len(ours.compound.direntries), 128)
    ]
    unused = {entry for entry in entries if not entry[66]}
    assert unused == {bytes(68) + b"\xff" * 12 + bytes(48)}
    assert {entry[116:] for entry in entries if entry[66] == 1} == {bytes(12)}


def test_source_passes_a_check_of_vba(tmp_path: Path) -> None:
    """A parser of VBA that knows Excel's library finds nothing in what we wrote ourselves."""
    for name, source in modules().items():
        (tmp_path / f"{name}.bas").write_bytes(source.encode("ascii"))
    issues = precheck(str(tmp_path), host="excel").issues
    assert not [issue for issue in issues if Path(issue["file"]).stem in OWN]
    broken = (tmp_path / "CCHC_Ribbon.bas").read_text("ascii").replace("Workbooks.", "Workbok.")
    (tmp_path / "CCHC_Ribbon.bas").write_text(broken, "ascii")
    assert any(
        "Workbok" in issue["message"] for issue in precheck(str(tmp_path), host="excel").issues
    )
