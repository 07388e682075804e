"""Requirements of zip files: what is compressed once serves any number of them.

Z1 The bytes are those that Python's zipfile writes of the same parts.
Z2 A workbook of a series is the one that would be made alone.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import MINI
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import read_parts, set_cells, zip_parts
from xl_automation.xlsx.series import WorkbookSeries

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


def by_zipfile(parts: dict[str, bytes]) -> bytes:
    """Return the package as Python's zipfile writes it."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, content)
    return out.getvalue()


@given(st.dictionaries(NAMES, st.binary(max_size=2000), max_size=5))
def test_bytes_are_those_of_zipfile(parts):
    """Whatever the parts are called and hold; and they are read back."""
    content = zip_parts(parts)
    assert content == by_zipfile(parts)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
    assert read_parts(content) == parts


def test_workbook_of_a_series_is_the_one_made_alone():
    """Byte for byte, whichever were made before it: no content stays from one to the next."""
    blank = build_template(MINI, "commune", None, None, (), (MINI.period("2023-N"), {}))
    name = positions.info_place("TT_DON_VI")
    rows = Layout(MINI).rows
    first, second = (Address.of(MINI.sheet, positions.PREVIOUS, rows[id]) for id in ("I.2", "I.3"))
    series = WorkbookSeries(blank)
    for contents in (
        {name: "1 – Xã Một", first: 5, second: 7.5},
        {name: "2 – Xã <Hai>", second: 3},
        {name: "3 – Xã Ba"},
        {first: 1},
        {},
    ):
        alone = read_parts(blank)
        set_cells(alone, contents)
        assert series.workbook(contents) == zip_parts(alone)
