"""Requirements of the guard.

G1 A sound workbook passes, with the hash and the parts of the bytes that were read.
G2 Every attack ends in its own refusal, within limits of time and memory.
G3 Whatever the bytes, only a package or a refusal comes out.
G4 A refusal says its own facts, and survives the way back from a worker process.
"""

from __future__ import annotations

import ast
import hashlib
import pickle
import time
import tracemalloc
from contextlib import suppress
from io import BytesIO, RawIOBase
from pathlib import Path
from string import Formatter
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

import xl_automation
from tests.support import hostile
from xl_automation.xlsx.guard import open_package, stored_zip
from xl_automation.xlsx.refusal import MESSAGES, Refusal

SOURCES = sorted(Path(xl_automation.__file__).parent.rglob("*.py"))


@pytest.fixture
def book(tmp_path):
    """Return a function that writes bytes to a file and gives its path."""

    def write(data: bytes) -> Path:
        path = tmp_path / "Báo cáo.xlsx"
        path.write_bytes(data)
        return path

    return write


def test_sound_workbook_passes_with_its_hash_and_parts(book):
    """Size, hash and parts are those of the file."""
    data = hostile.workbook()
    package = open_package(book(data))
    assert package.size == len(data)
    assert package.sha256 == hashlib.sha256(data).hexdigest()
    assert package.parts == {name: text.encode() for name, text in hostile.GOOD.items()}
    assert package.path.name == "Báo cáo.xlsx"


def test_parts_are_read_only(book):
    """Nothing that was checked can be changed afterwards."""
    with pytest.raises(TypeError):
        open_package(book(hostile.workbook())).parts[hostile.SHEET] = b""


def test_stored_gives_a_reader_the_checked_parts(book):
    """A library reads the workbook from the parts that were checked."""
    file = stored_zip(open_package(book(hostile.workbook())).parts)
    rows = CalamineWorkbook.from_filelike(file).get_sheet_by_name("Phụ lục").to_python()
    assert rows == [["Thịnh Đức", 12.5]]


def streamed() -> bytes:
    """Return a workbook written to a pipe, with its sizes after the data."""
    file = BytesIO()

    class Pipe(RawIOBase):
        def writable(self):
            return True

        def write(self, data):
            return file.write(data)

    with ZipFile(Pipe(), "w") as archive:
        for name, text in hostile.GOOD.items():
            archive.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(hostile.workbook(method=ZIP_STORED), id="stored"),
        pytest.param(streamed(), id="streamed"),
        pytest.param(hostile.workbook({"xl/media/": b""}), id="folder-entry"),
        pytest.param(hostile.workbook({"xl\\media\\": b""}), id="folder-entry-backslash"),
        pytest.param(hostile.workbook({"xl/a.xml": "<a>Đức</a>".encode("utf-16")}), id="utf16"),
        pytest.param(hostile.workbook({"xl/a.xml": "<a>" + "b" * 2**21 + "</a>"}), id="long-text"),
        pytest.param(hostile.workbook({"xl/a.vml": "<xml><br></xml>"}), id="old-drawing"),
        pytest.param(hostile.workbook({"xl/a.bin": b"\x01\x00\xff"}), id="binary-part"),
        pytest.param(hostile.workbook({"xl/embeddings/a.xlsx": hostile.workbook()}), id="nested"),
        pytest.param(
            hostile.workbook({"xl/externalLinks/externalLink1.xml": "<externalLink/>"}),
            id="external-link",
        ),
        pytest.param(
            hostile.edited(
                hostile.LINKS,
                "</Rel",
                '<Relationship Id="r9" Type="x/hyperlink" Target="http://a/macrosheet"/></Rel',
            ),
            id="link-to-a-page-about-macros",
        ),
        pytest.param(
            hostile.edited(hostile.ROOT, '"xl/workbook.xml"', '"/xl/workbook.xml"'),
            id="absolute-target",
        ),
        pytest.param(hostile.edited(hostile.TYPES, ".sheet.main", ".template.main"), id="xltx"),
        pytest.param(hostile.typed("a.png", 'Default Extension="bin"'), id="type-of-no-part-vba"),
        pytest.param(
            hostile.typed(
                "a.png",
                'Default Extension="bin"',
                "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
            ),
            id="type-of-no-part-xlsb",
        ),
        pytest.param(
            hostile.typed(
                "a.bin", 'Override PartName="/a.bin" ContentType="x"/><Default Extension="bin"'
            ),
            id="type-of-other-parts",
        ),
        pytest.param(hostile.typed("a.png", 'Override PartName="/b.bin"'), id="type-of-part-gone"),
    ],
)
def test_harmless_oddity_passes(book, data):
    """What Excel and others write in good faith is not refused."""
    assert open_package(book(data)).parts[hostile.SHEET] == hostile.GOOD[hostile.SHEET].encode()


def test_backslashes_in_names_become_slashes(book):
    """Folders written the Windows way are read as what they mean."""
    parts = {name.replace("/", "\\"): text for name, text in hostile.GOOD.items()}
    package = open_package(book(hostile.packed(parts)))
    assert set(package.parts) == set(hostile.GOOD)


@pytest.mark.parametrize(
    "name", [name for name in hostile.ATTACKS if name not in hostile.OF_READER]
)
def test_attack_ends_in_its_own_refusal(book, name):
    """Each hostile file is refused by name and for its own reason, soon."""
    code, reason, build = hostile.ATTACKS[name]
    path = book(build())
    begin = time.process_time()
    with pytest.raises(Refusal) as caught:
        open_package(path)
    assert time.process_time() - begin < 2
    assert caught.value.code == code
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["bomb", "bomb-picture", "bomb-in-pieces", "heavy", "nesting"])
def test_bomb_takes_little_memory(book, name):
    """A bomb of 64 MB is refused with less than half of that in memory."""
    path = book(hostile.ATTACKS[name].build())
    tracemalloc.start()
    try:
        with pytest.raises(Refusal):
            open_package(path)
        assert tracemalloc.get_traced_memory()[1] < 30 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", ["no-such.xlsx", "no/such/folder.xlsx", "nul\0.xlsx"])
def test_missing_file_is_not_found(tmp_path, name):
    """A path that leads nowhere is named so."""
    with pytest.raises(Refusal) as caught:
        open_package(tmp_path / name)
    assert caught.value.code == "not-found"


def test_folder_is_unreadable(tmp_path):
    """A folder is not a file."""
    with pytest.raises(Refusal, match="thư mục") as caught:
        open_package(tmp_path)
    assert caught.value.code == "unreadable"


@pytest.mark.parametrize(
    ("error", "reason"),
    [(PermissionError(13, "denied"), "quyền đọc"), (OSError(5, "I/O error"), "số 5")],
    ids=["locked", "bad-disk"],
)
def test_file_that_cannot_be_read_is_unreadable(book, monkeypatch, error, reason):
    """A file that another program holds, or a bad disk, gives the reason."""

    def refuse(*_):
        raise error

    path = book(hostile.workbook())
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Refusal, match=reason) as caught:
        open_package(path)
    assert caught.value.code == "unreadable"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """Return one path for all examples of a property."""
    return tmp_path_factory.mktemp("fuzz") / "a.xlsx"


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(
    spots=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    keep=st.one_of(st.just(1.0), st.floats(0, 1)),
    in_directory=st.booleans(),
)
def test_any_broken_zip_is_refused_or_read(scratch, spots, keep, in_directory):
    """Flipped bytes and cut tails never end in another error."""
    data = bytearray(hostile.workbook())
    first = data.index(b"PK\x01\x02") if in_directory else 0
    for place, byte in spots:
        data[first + int(place * (len(data) - first))] = byte
    scratch.write_bytes(data[: int(keep * len(data))])
    with suppress(Refusal):
        assert open_package(scratch).parts


# fmt: off
WORDS = [
    '<?xml version="1.0" ', 'encoding="', "utf-16", "latin-1", '"?>', "<!DOCTYPE ", "<!ENTITY ",
    "<![CDATA[", "]]>", "[", "]", "<!--", "-->", "<a", "<a>", "</a>", "/>", ">", " b='", "'",
    "&amp;", "&#0;", "&b;", "\ufeff", "\0", "Đ",
]
# fmt: on


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    part=st.sampled_from([*hostile.GOOD, "xl/a.vml", "xl/a.bin"]),
    body=st.one_of(
        st.binary(max_size=60),
        st.lists(
            st.sampled_from(WORDS),
            max_size=12,
        ).map(lambda words: "".join(words).encode()),
    ),
)
def test_any_broken_xml_is_refused_or_read(scratch, part, body):
    """No text in the place of a part ends in another error, and no DTD comes through."""
    scratch.write_bytes(hostile.workbook({part: body}))
    with suppress(Refusal):
        assert open_package(scratch).parts[part] == body
        assert part not in hostile.GOOD or b"<!DOCTYPE" not in body.partition(b"<a")[0]


def refusals() -> list[tuple[str, str, list[str | None]]]:
    """Return place, code and facts of every refusal in the source."""
    return [
        (
            f"{path.name}:{call.lineno}",
            call.args[0].value if isinstance(call.args[0], ast.Constant) else "not a literal",
            sorted(
                (key.arg for key in call.keywords if key.arg != "is_passing"),
                key=str,
            ),
        )
        for path in SOURCES
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Refusal"
    ]


@pytest.mark.parametrize(("place", "code", "facts"), refusals(), ids=lambda value: str(value))
def test_refusal_gives_exactly_the_facts_of_its_message(place, code, facts):
    """Each refusal in the source names a known code and all its facts, no more."""
    fields = {field for _, field, _, _ in Formatter().parse(MESSAGES[code]) if field}
    assert sorted(fields) == facts


def test_refusal_survives_pickling():
    """A worker process hands back the refusal with code and facts."""
    refusal = pickle.loads(pickle.dumps(Refusal("unreadable", reason="thử")))
    assert (refusal.code, refusal.facts) == ("unreadable", {"reason": "thử"})
    assert "thử" in str(refusal)
