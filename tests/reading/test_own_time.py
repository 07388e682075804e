"""Requirements of the time that a file gives itself.

W1 It is that of its properties, in UTC to the second; a copy with another time on disk keeps it.
W2 Whatever says nothing clear, or nothing that can be, is no time, and no fault of the file.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import A, saved_by_itself, workbook
from xl_automation.reading.reader import read_submission
from xl_automation.xlsx.package import read_parts, zip_parts

SENT = datetime(2022, 6, 14, 3, 30, 5, tzinfo=UTC)
CORE = "docProps/core.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><c:coreProperties '
    'xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:t="http://purl.org/dc/terms/">'
)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a filled workbook that no program has saved since."""
    return workbook(tmp_path_factory.mktemp("gửi") / "a.xlsx", A, COMMUNE)


def read_with(sent: Path, out: Path, part: str | None) -> datetime | None:
    """Return the time of a workbook with *part* for its properties, None to have none."""
    parts = read_parts(sent.read_bytes())
    if part is None:
        parts.pop(CORE)
        links = parts["_rels/.rels"].decode()
        start = links.index("<Relationship Id", links.index("officeDocument"))
        end = links.index("/>", start) + 2
        parts["_rels/.rels"] = (links[:start] + links[end:]).encode()
        types = parts["[Content_Types].xml"].decode()
        start = types.index('<Override PartName="/docProps/core.xml"')
        end = types.index("/>", start) + 2
        parts["[Content_Types].xml"] = (types[:start] + types[end:]).encode()
    else:
        parts[CORE] = part.encode()
    out.write_bytes(zip_parts(parts))
    return read_submission(out, FORM).written


def test_copy_keeps_the_time_of_its_saving(sent: Path, tmp_path: Path) -> None:
    """The disk's time of a copy is another; the file's own is the same."""
    path = saved_by_itself(sent, tmp_path / "b.xlsx", SENT)
    os.utime(path, (0, 10**9))
    read = read_submission(path, FORM)
    assert (read.written, read.saved) == (SENT, 10**9)


def test_workbook_as_built_says_nothing(sent: Path) -> None:
    """The fixed time of a template is not that of a unit's saving."""
    assert read_submission(sent, FORM).written is None


TIMES = {
    "2022-06-14T10:30:05+07:00": SENT,
    "2022-06-14T03:30:05.9Z": SENT,
    "  2022-06-14T03:30:05Z\n": SENT,
    "2022-06-14T03:30Z": SENT.replace(second=0),
    "2022-06-14T03:30:05": None,  # in which time zone?
    "2022-06-14": None,
    "2022-13-14T03:30:05Z": None,
    "1980-01-01T00:00:00Z": None,
    "9999-12-31T23:59:59-14:00": None,
    "0001-01-01T00:00:00+14:00": None,
    "": None,
    "hôm qua": None,
    "202\uff12-06-14T03:30:05Z": None,
}


@pytest.mark.parametrize("text", TIMES)
def test_only_a_clear_moment_is_a_time(sent: Path, tmp_path: Path, text: str) -> None:
    """W3CDTF with a time zone, of a year that can be."""
    part = f"{HEAD}<t:modified>{text}</t:modified></c:coreProperties>"
    assert read_with(sent, tmp_path / "x.xlsx", part) == TIMES[text]


ODD = {
    "none": None,
    "no-property": f"{HEAD}</c:coreProperties>",
    "two": f"{HEAD}{'<t:modified>2022-06-14T03:30:05Z</t:modified>' * 2}</c:coreProperties>",
    "other-namespace": f"{HEAD}<c:modified>2022-06-14T03:30:05Z</c:modified></c:coreProperties>",
    "in-another": f"{HEAD}<c:x><t:modified>2022-06-14T03:30:05Z</t:modified></c:x>"
    "</c:coreProperties>",
    "other-root": "<x><modified>2022-06-14T03:30:05Z</modified></x>",
    "element-in-it": f"{HEAD}<t:modified>2022<c:x/></t:modified></c:coreProperties>",
    "broken": f"{HEAD}<t:modified>2022-06-14T03:30:05Z",
    "long": f"{HEAD}<t:modified>2022-06-14T03:30:05Z</t:modified>{' ' * 70_000}</c:coreProperties>",
}


@pytest.mark.parametrize("case", ODD)
def test_odd_properties_say_nothing(sent: Path, tmp_path: Path, case: str) -> None:
    """The figures are read all the same."""
    assert read_with(sent, tmp_path / "x.xlsx", ODD[case]) is None
