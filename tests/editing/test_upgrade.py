"""Requirement: figures and notes go into another version of the form, and nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support import builders, hostile
from tests.support.builders import COMMUNE, DATA, FORM, PERIOD, UNIT
from tests.support.cells import filled, typed
from xl_automation.cli.main import main
from xl_automation.editing.old_workbook import read_old_workbook
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.row_matching import match_rows
from xl_automation.editing.transfer_plan import plan_transfer, transferred_workbook
from xl_automation.editing.upgrade import Upgrade, upgrade
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.numbers import CellValue
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import WORKBOOK_PART, edit_sheet, read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_editor import SheetEditor

# Further rows of the small form: the parts of two percentages have the same labels.
MORE = """
[[indicator]]
id = "II"
stt = "II"
label = "Hồ sơ"
kind = "section"
"""
for number, level in ((1, "huyện"), (2, "xã")):
    MORE += f"""
[[indicator]]
id = "II.{number}"
stt = "{number}"
label = "Tỷ lệ hồ sơ cấp {level} đúng hạn"
unit = "%"
kind = "percent"
percent = {{ part = "[II.{number}.b]", whole = "[II.{number}.a]" }}
aggregate = "ratio"
nature = "flow"
"""
    for part, label in (("a", "Tổng số hồ sơ"), ("b", "Hồ sơ đúng hạn")):
        MORE += f"""
[[indicator]]
id = "II.{number}.{part}"
stt = ""
label = "{label}"
unit = "Hồ sơ"
kind = "count"
aggregate = "sum"
nature = "flow"
"""
MORE += """
[[indicator]]
id = "II.3"
stt = "3"
label = "Kinh phí"
unit = "Triệu đồng"
kind = "amount"
aggregate = "sum"
nature = "flow"

[[indicator]]
id = "II.4"
stt = "4"
label = "Số buổi họp"
unit = "Buổi"
kind = "count"
aggregate = "sum"
nature = "flow"

[[table]]
id = "NGUON"
sheet = "Nguồn"
title = "NGUỒN NƯỚC"
note = "Không bắt buộc."
row_label = "Nguồn"
rows = ["Nước máy", "Nước giếng"]
open_rows = 2
columns = [
    { id = "c1", group = "Hộ", number = "(1)", label = "Tổng số", sum = ["c2"] },
    { id = "c2", group = "Hộ", number = "(2)", label = "Dùng thường xuyên" },
    { id = "c3", group = "Giá", number = "(3)", label = "Đồng một khối" },
]
"""
MINI = (DATA / "mini.toml").read_text(encoding="utf-8")
SMALL = MINI.replace("\n[[rule]]", MORE + "\n[[rule]]", 1)
ADDED = """
[[indicator]]
id = "I.0"
stt = "0"
label = "Số thôn"
unit = "Thôn"
kind = "count"
aggregate = "sum"
nature = "stock"
"""

# What the second version changes: (from, to), every occurrence.
EDITS = {
    "moved": [('"I.2"', '"I.6"'), ("[I.2]", "[I.6]")],
    "relabelled": [('"Số hộ dùng nước sạch"', '"Số hộ có nước sạch"')],
    "swapped": [
        ("cấp huyện đúng", "cấp @"), ("cấp xã đúng", "cấp huyện đúng"), ("cấp @", "cấp xã đúng"),
    ],
    "unclear": [("cấp xã đúng", "cấp huyện đúng"), ("II.1", "II.8"), ("II.2", "II.9")],
    "unit": [('"Triệu đồng"', '"Đồng"')],
    "code": [('2 = "Nước ngầm"', '2 = "Nước mưa"')],
    "dropped": [(MORE[MORE.index('[[indicator]]\nid = "II.4"') : MORE.index("[[table]]")], "")],
    "added": [('\n[[indicator]]\nid = "I.5"', ADDED + '\n[[indicator]]\nid = "I.5"')],
    "no-helper": [('helper = { part = "Lượng thất thoát", whole = "Lượng cấp" }\n', "")],
    "entered": [
        ('percent = { part = "[I.3]", whole = "[I.2]" }\n', ""),
        ('aggregate = "ratio"', 'aggregate = "no_aggregate"'),
    ],
    "table": [
        ('"Nước máy", "Nước giếng"', '"Nước giếng", "Nước mưa"'), ("Đồng một khối", "Đồng/m3"),
    ],
    "no-table": [(SMALL[SMALL.index("[[table]]") : SMALL.index("\n[[rule]]")], "")],
}  # fmt: skip


def small(folder: Path, *edits: str) -> Form:
    """Return the small form, or with *edits* another version of it."""
    text = SMALL
    for edit in edits:
        for old, new in EDITS[edit]:
            assert old in text, edit
            text = text.replace(old, new)
    path = folder / f"{'-'.join(edits) or 'first'}.toml"
    if edits:
        text = text.replace('version = "1"', 'version = "2"')
    path.write_text(text, encoding="utf-8")
    return load_form(path)


def values(path: Path, form: Form) -> dict[str, object]:
    """Return what stands in a workbook's inputs, blank ones left out."""
    readings = read_submission(path, form).readings
    return {
        id: reading.value if reading.text is None else reading.text
        for id, reading in readings.items()
        if not reading.blank
    }


def dropped(report: Upgrade) -> dict[str, object]:
    """Return the values that found no place, by their address."""
    return {dropped.place: dropped.value for dropped in report.dropped}


@pytest.fixture
def first(tmp_path: Path) -> Form:
    """The first version of the small form."""
    return small(tmp_path)


FILL: Mapping[str, CellValue] = {
    "I.2": 200, "I.3": 150, "I.4.tu": 4, "I.4.mau": 50, "I.5": 2, "II.1.a": 10, "II.1.b": 9,
    "II.2.a": 300, "II.2.b": "abc", "II.3": 12.5, "II.4": "07",
    "NGUON.1.c2": 5, "NGUON.2.c2": 7, "NGUON.2.c3": 9000,
}  # fmt: skip


def test_same_version_is_carried_whole_and_says_so(first, tmp_path):
    """A workbook of the same version arrives with every value as it was typed."""
    notes = {"I.1": "xem công văn", "II.2.b": "chưa rõ"}
    old = filled(tmp_path / "old.xlsx", first, FILL, notes)
    report = upgrade(old, tmp_path / "new.xlsx", first)
    assert values(tmp_path / "new.xlsx", first) == values(old, first)
    assert read_submission(tmp_path / "new.xlsx", first).notes == notes
    assert report.is_same_version
    assert report.all_carried
    assert not any(lines for _, lines in report.sections())


def test_real_form_is_carried_with_its_identity(tmp_path):
    """Unit, period, number, date, figures and notes of an issued workbook arrive, locked."""
    content = build_template(FORM, "commune", UNIT, PERIOD, previous=(PERIOD, {"1.1.a": 7.0}))
    info = {"TT_SO_BAO_CAO": "66/BC-UBND", "TT_NGAY_BAO_CAO": date(2022, 6, 14)}
    old = filled(tmp_path / "old.xlsx", FORM, COMMUNE, {"1.5": "không có"}, content, info)
    report = upgrade(old, tmp_path / "new.xlsx", FORM)
    before, after = (read_submission(tmp_path / f"{name}.xlsx", FORM) for name in ("old", "new"))
    facts = (
        "unit_code",
        "unit_name",
        "level",
        "period",
        "report_number",
        "dates",
        "notes",
        "readings",
    )
    assert {f: getattr(after, f) for f in facts} == {f: getattr(before, f) for f in facts}
    assert after.previous == (PERIOD, {"1.1.a": 7.0})
    assert report.all_carried
    unlocked = read_old_workbook(tmp_path / "new.xlsx").unlocked
    assert positions.info_place("TT_DON_VI") not in unlocked
    assert positions.info_place("TT_SO_BAO_CAO") in unlocked


def test_chosen_identity_stays_open(tmp_path):
    """A unit and period that the clerk chose can still be changed in the new workbook."""
    info = {"TT_DON_VI": positions.unit_text(UNIT), "TT_KY": "6 tháng đầu năm", "TT_NAM": 2022}
    old = filled(tmp_path / "old.xlsx", FORM, {"1.1.a": 1}, info=info)
    upgrade(old, tmp_path / "new.xlsx", FORM)
    after = read_submission(tmp_path / "new.xlsx", FORM)
    assert (after.unit_code, after.period) == (UNIT.code, PERIOD)
    chosen = {positions.info_place(name) for name in ("TT_DON_VI", "TT_KY", "TT_NAM")}
    assert chosen <= read_old_workbook(tmp_path / "new.xlsx").unlocked


@pytest.mark.parametrize(
    ("kind", "year", "kept", "lost"),
    [
        ("6 tháng đầu năm", None, "6 tháng đầu năm", {}),
        ("Học kỳ I năm", 2022, None, {positions.info_place("TT_KY"): "Học kỳ I năm"}),
        (None, 2022, None, {}),
    ],
    ids=["without-year", "unknown-kind", "without-kind"],
)
def test_half_chosen_period_is_carried_or_listed(tmp_path, kind, year, kept, lost):
    """A kind of period that the form has is carried without its year too; another is listed."""
    info = {"TT_KY": kind, "TT_NAM": year}
    old = filled(tmp_path / "old.xlsx", FORM, {"1.1.a": 1}, info=info)
    report = upgrade(old, tmp_path / "new.xlsx", FORM)
    assert dropped(report) == lost
    new = read_old_workbook(tmp_path / "new.xlsx")
    assert (new.named("TT_KY"), new.named("TT_NAM")) == (kept, year)


def test_plan_says_what_goes_where_before_anything_is_written(first, tmp_path):
    """The same workbook gives the same plan, and carrying it out gives the same bytes."""
    old = read_old_workbook(filled(tmp_path / "old.xlsx", first, FILL, {"I.1": "xem"}))
    second = small(tmp_path, "moved", "dropped", "unit")
    matched = match_rows(old.rows, second)
    plan = plan_transfer(old, second, matched)
    assert plan == plan_transfer(old, second, matched)
    layout = Layout(second)
    assert plan.writes[layout.place("I.6")] == FILL["I.2"]
    assert {dropped.value for dropped in plan.dropped} == {FILL["II.3"], FILL["II.4"]}
    assert plan.carried_rows >= {"I.1", "I.2", "I.3"}
    assert not {"II.3", "II.4"} & plan.carried_rows
    assert plan.changed == ("II.3: đơn vị tính “Triệu đồng” nay là “Đồng”",)
    written = transferred_workbook(second, plan)
    assert written == transferred_workbook(second, plan)


SWAPPED = {f"II.{row}{part}": f"II.{3 - row}{part}" for row in (1, 2) for part in ("", ".a", ".b")}


@pytest.mark.parametrize(
    ("edit", "lost", "moved"),
    [
        ("moved", {}, {"I.2": "I.6"}),
        ("relabelled", {"D11": 150}, {}),
        ("swapped", {}, SWAPPED),
        ("unit", {"D21": 12.5}, {}),
        ("code", {"D13": 2}, {}),
        ("dropped", {"D22": "07"}, {}),
        ("added", {}, {}),
        ("no-helper", {"I12": 4, "J12": 50}, {}),
        ("table", {"Nguồn!E8": 9000}, {}),
        ("no-table", {"Nguồn!D7": 5, "Nguồn!D8": 7, "Nguồn!E8": 9000}, {}),
    ],
)  # fmt: skip
def test_change_of_the_form_is_reported(first, tmp_path, edit, lost, moved):
    """What a change takes the place of is listed with its value; the rest arrives."""
    old = filled(tmp_path / "old.xlsx", first, FILL)
    second = small(tmp_path, edit)
    report = upgrade(old, tmp_path / "new.xlsx", second)
    page = {
        place.removeprefix(f"{first.sheet}!"): value for place, value in dropped(report).items()
    }
    assert page == lost
    assert {row.old: row.new for row in report.moved} == moved
    assert report.all_carried == (not lost and not moved)
    arrived = values(tmp_path / "new.xlsx", second)
    assert sorted(map(str, (*arrived.values(), *lost.values()))) == sorted(map(str, FILL.values()))
    for old_id, new_id in moved.items():
        assert arrived.get(new_id) == FILL.get(old_id)


def test_new_and_gone_rows_are_listed(first, tmp_path):
    """Rows that only one of the versions has are named, whether they were filled or not."""
    old = filled(tmp_path / "old.xlsx", first, {})
    report = upgrade(old, tmp_path / "new.xlsx", small(tmp_path, "added", "dropped"))
    assert report.added == ("I.0 Số thôn",)
    assert report.gone == ("II.4 Số buổi họp",)
    assert report.all_carried


def test_row_that_is_entered_now_takes_what_was_computed(first, tmp_path):
    """A percentage without parts in the new version keeps its last result, and is listed."""
    old = filled(tmp_path / "old.xlsx", first, {"I.2": 200, "I.3": 150})
    place, formula = Layout(first).place("I.1"), "IF(D10=0,0,100*D11/D10)"
    old = typed(old, {place: (formula, 75)}, old.read_bytes())
    second = small(tmp_path, "entered")
    report = upgrade(old, tmp_path / "new.xlsx", second)
    assert values(tmp_path / "new.xlsx", second)["I.1"] == 75
    assert report.changed == ("I.1: trước tự tính, nay phải ghi",)


def test_helpers_that_a_return_locked_are_no_change(tmp_path):
    """A percentage that helpers feed may be entered as before, though its cell came back locked."""
    sent = builders.workbook(tmp_path / "a.xlsx", {**COMMUNE, "2.3": "abc"})
    (back,) = return_workbooks(FORM, [read_submission(sent, FORM)], tmp_path / "trả").returned
    assert FORM.by_id["3.3.4"].helper
    assert Layout(FORM).place("3.3.4") not in read_old_workbook(back.copy).unlocked
    assert upgrade(back.copy, tmp_path / "new.xlsx", FORM).changed == ()


@pytest.mark.parametrize(
    ("stated", "lost"),
    [(75, None), ("75", None), (60, 60), ("nhiều", "nhiều"), (("1+59", 60), 60)],
)
def test_typed_over_percentage_is_listed_where_it_disagrees(first, tmp_path, stated, lost):
    """A percentage computes anew; what was typed over it is listed unless it is the same."""
    old = filled(tmp_path / "old.xlsx", first, {"I.2": 200, "I.3": 150})
    old = typed(old, {f"{first.sheet}!D9": stated}, old.read_bytes())
    report = upgrade(old, tmp_path / "new.xlsx", first)
    assert dropped(report) == ({f"{first.sheet}!D9": lost} if lost else {})
    assert not read_submission(tmp_path / "new.xlsx", first).readings.get("I.1")


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (12.5, 12.5),
        ("1.234", "1.234"),
        ("=1+1", "=1+1"),
        ("058", "058"),
        (True, "TRUE"),
        ("#DIV/0!", "#DIV/0!"),
        (("7*6", 42), 42),
        (('"a"&"b"', "ab"), "ab"),
        ("a_x0007_b", "a_x0007_b"),
        ("  ", None),
    ],
    ids=str,
)
def test_value_arrives_as_what_it_was(first, tmp_path, value, arrives):
    """Numbers stay numbers and text stays text; a formula arrives as its last result."""
    place = Layout(first).place("I.2")
    old = typed(tmp_path / "old.xlsx", {place: value}, build_template(first))
    report = upgrade(old, tmp_path / "new.xlsx", first)
    new = read_old_workbook(tmp_path / "new.xlsx")
    assert new.cell(place) == arrives
    assert report.all_carried


def test_date_arrives_as_text(first, tmp_path):
    """A date in a figure's cell stays the mistake it is; its serial number would be a figure."""
    place = Layout(first).place("I.2")
    parts = read_parts(build_template(first))
    info = SheetEditor(parts[sheet_parts(parts)[positions.INFO_SHEET]])
    dated = info.style(f"{positions.INFO_VALUE}{positions.INFO_ROWS['TT_NGAY_BAO_CAO'][0]}")
    address = place.rpartition("!")[2]
    edit_sheet(parts, first.sheet, lambda page: page.restyle(address, dated))
    old = typed(tmp_path / "old.xlsx", {place: date(2022, 5, 12)}, zip_parts(parts))
    assert values(old, first)["I.2"] == "12/05/2022"
    upgrade(old, tmp_path / "new.xlsx", first)
    assert values(tmp_path / "new.xlsx", first)["I.2"] == "12/05/2022"


def test_formula_without_result_is_listed(first, tmp_path):
    """A clerk's formula whose result the file does not have is named with its text."""
    place = Layout(first).place("I.2")
    old = typed(tmp_path / "old.xlsx", {place: ("D11*2", None)}, build_template(first))
    report = upgrade(old, tmp_path / "new.xlsx", first)
    assert dropped(report) == {place: "=D11*2"}


@pytest.mark.parametrize("place", ["Nước sạch!D8", "Nước sạch!E8", "Nguồn!Q9", "Của tôi!B2"])
def test_what_stands_elsewhere_is_listed(first, tmp_path, place):
    """Figures in headings and in open cells of other sheets are not forgotten."""
    content = build_template(first)
    parts = read_parts(content)
    page = SheetEditor(parts[sheet_parts(parts)[first.sheet]])
    opened = page.style(Layout(first).cell("I.2"))
    sheet, _, address = place.rpartition("!")
    if sheet == "Của tôi":  # a sheet that the clerk renamed
        book = parts[WORKBOOK_PART].decode().replace(positions.GUIDE_SHEET, sheet)
        parts[WORKBOOK_PART] = book.encode()
    old = typed(tmp_path / "old.xlsx", {place: 77}, zip_parts(parts))
    if sheet in ("Nguồn", "Của tôi"):
        parts = read_parts(old.read_bytes())
        edit_sheet(parts, sheet, lambda editor: editor.restyle(address, opened))
        old.write_bytes(zip_parts(parts))
    assert dropped(upgrade(old, tmp_path / "new.xlsx", first)) == {place: 77}


@pytest.mark.parametrize("shown", [date(2022, 6, 9), "đầu tháng 6"])
def test_days_that_a_clerk_typed_go_along(tmp_path, shown):
    """The window of the data stays the clerk's own; text in it stays the text that it is."""
    info = {"TT_KY": "6 tháng đầu năm", "TT_NAM": 2022, "TT_DEN_NGAY": shown}
    old = filled(tmp_path / "old.xlsx", FORM, {"1.1.a": 1}, info=info)
    report = upgrade(old, tmp_path / "new.xlsx", FORM)
    assert report.all_carried
    before, after = (read_submission(tmp_path / f"{name}.xlsx", FORM) for name in ("old", "new"))
    assert after.dates == before.dates
    new = read_old_workbook(tmp_path / "new.xlsx")
    assert new.holds_formula(new.names["TT_TU_NGAY"])
    assert not new.holds_formula(new.names["TT_DEN_NGAY"])


def test_rows_of_one_label_are_told_apart_or_dropped(first, tmp_path):
    """Equal labels follow the row above them; where that is no help either, nothing is guessed."""
    old = read_old_workbook(filled(tmp_path / "old.xlsx", first, {})).rows
    same = match_rows(old, first)
    assert same == {id: id for id in old}
    swapped = match_rows(old, small(tmp_path, "swapped"))
    assert (swapped["II.1.a"], swapped["II.2.a"]) == ("II.2.a", "II.1.a")
    unclear = match_rows(old, small(tmp_path, "unclear"))
    assert old.keys() - unclear.keys() == {"II.1", "II.1.a", "II.1.b", "II.2", "II.2.a", "II.2.b"}


def test_clerks_own_rows_of_a_table_arrive(first, tmp_path):
    """Rows that the clerk labelled go into free rows; a full table leaves the rest on the list."""
    labels = {
        f"Nguồn!{positions.TABLE_LABEL}{row}": text for row, text in ((9, "Suối"), (10, "Hồ"))
    }
    fill = {"NGUON.3.c2": 3, "NGUON.4.c3": 4, "NGUON.1.c2": 1}
    old = filled(tmp_path / "old.xlsx", first, fill)
    old = typed(old, labels, old.read_bytes())
    report = upgrade(old, tmp_path / "new.xlsx", first)
    assert report.all_carried
    assert values(tmp_path / "new.xlsx", first) == fill
    second = small(tmp_path, "table")  # “Nước máy” is not printed any more
    report = upgrade(old, tmp_path / "newer.xlsx", second)
    book = read_old_workbook(tmp_path / "newer.xlsx")
    labels = [book.text(Address.of("Nguồn", positions.TABLE_LABEL, row)) for row in (9, 10)]
    assert labels == ["Nước máy", "Suối"]
    assert dropped(report) == {"Nguồn!B10": "Hồ", "Nguồn!E10": 4}


QUICK = tuple(phase for phase in Phase if phase is not Phase.shrink)  # an example takes a second


@settings(max_examples=12, phases=QUICK, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.data(), edits=st.sets(st.sampled_from(sorted(EDITS.keys() - {"no-table"})), max_size=4)
)
def test_nothing_is_lost(tmp_path_factory, data, edits):
    """Whatever was typed is in the new workbook or, with its value, on the list."""
    folder = tmp_path_factory.mktemp("any")
    first, second = small(folder), small(folder, *sorted(edits))
    marks = iter(range(1000, 2000))  # every value is another one, so that it can be found again
    anything = st.sampled_from((None, "n {}", "{},5", "{}"))

    def values_of(ids):
        shapes = {id: data.draw(anything) for id in ids}
        return {
            id: float(next(marks)) if shape == "{}" else shape.format(next(marks))
            for id, shape in shapes.items()
            if shape
        }

    inputs = [*(item.id for item in first.inputs), *first.helper_ids, *first.table_inputs]
    fill, notes = values_of(inputs), values_of(item.id for item in first.figures)
    old = filled(folder / "old.xlsx", first, fill, {id: str(v) for id, v in notes.items()})
    if data.draw(st.booleans()):  # as the city's last return left it: nothing is open
        parts = read_parts(old.read_bytes())
        opened = b'<protection locked="0"/>'
        parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(opened, b"<protection/>")
        old.write_bytes(zip_parts(parts))
        assert not read_old_workbook(old).unlocked
    report = upgrade(old, folder / "new.xlsx", second)
    after = read_old_workbook(folder / "new.xlsx")
    places = [Address(f"{sheet}!{cell}") for sheet, cells in after.cells.items() for cell in cells]
    # Formulas repeat what was typed elsewhere.
    arrived = [after.content(place) for place in places if not after.holds_formula(place)]
    for value in (*fill.values(), *map(str, notes.values())):
        assert (
            arrived.count(value) + [dropped.value for dropped in report.dropped].count(value) == 1
        )


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack", {attack.code: name for name, attack in hostile.ATTACKS.items()}.values()
)
def test_hostile_file_is_refused_by_name(first, tmp_path, attack):
    """An old workbook passes the same gate as any other file, and nothing is written."""
    old = tmp_path / "old.xlsx"
    old.write_bytes(hostile.ATTACKS[attack].build())
    with pytest.raises(Refusal) as caught:
        upgrade(old, tmp_path / "new.xlsx", first)
    assert caught.value.code == hostile.ATTACKS[attack].code
    assert not (tmp_path / "new.xlsx").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name=\"CT_I.3\">'Nước sạch'!$D$11", "name=\"CT_I.3\">'Nước sạch'!$D$10"),
        ("name=\"CT_I.3\">'Nước sạch'!$D$11", "name=\"CT_I.3\">'Nguồn'!$D$11"),
        ("CT_", "XX_"),
        ("TT_BIEU", "XX_BIEU"),
        ("TT_CAP", "XX_CAP"),
    ],
    ids=["two-names-one-cell", "figure-elsewhere", "no-figures", "no-form", "no-level"],
)
def test_workbook_that_contradicts_itself_is_refused(first, tmp_path, old, new):
    """Names that are missing or lead astray are no ground to carry figures by."""
    parts = read_parts(build_template(first))
    book = parts[WORKBOOK_PART].decode()
    assert old in book
    parts[WORKBOOK_PART] = book.replace(old, new).encode()
    path = tmp_path / "old.xlsx"
    path.write_bytes(zip_parts(parts))
    with pytest.raises(Refusal) as caught:
        upgrade(path, tmp_path / "new.xlsx", first)
    assert caught.value.code in ("altered-form", "wrong-form")


def test_names_of_a_copied_sheet_do_not_count(first, tmp_path):
    """Excel gives a copied sheet names of its own; the figures are those of the original."""
    old = filled(tmp_path / "old.xlsx", first, {"I.2": 9})
    parts = read_parts(old.read_bytes())
    local = '<definedName name="CT_I.2" localSheetId="0">\'Thông tin\'!$A$4</definedName>'
    book = parts[WORKBOOK_PART].decode().replace("</definedNames>", f"{local}</definedNames>")
    parts[WORKBOOK_PART] = book.encode()
    old.write_bytes(zip_parts(parts))
    upgrade(old, tmp_path / "new.xlsx", first)
    assert values(tmp_path / "new.xlsx", first) == {"I.2": 9}


# --- the command -------------------------------------------------------------------------------


def test_command_tells_what_became_of_everything(first, tmp_path, capsys):
    """The lists are Vietnamese; the exit status is 0 only when everything was carried."""
    old = filled(tmp_path / "cũ.xlsx", first, FILL)
    second = tmp_path / "moved-dropped.toml"
    small(tmp_path, "moved", "dropped")
    same = ["upgrade", str(old), str(tmp_path / "a.xlsx"), "--form", str(tmp_path / "first.toml")]
    assert main(same) == 0
    assert "Tệp đã là phiên bản 1" in capsys.readouterr().out
    assert main(["upgrade", str(old), str(tmp_path / "b.xlsx"), "--form", str(second)]) == 1
    out = capsys.readouterr().out
    assert "I.2 → I.6: Tổng số hộ" in out
    assert "Nước sạch!D22 · II.4 Số buổi họp: “07” – mẫu mới không có dòng này" in out
    again = ["upgrade", str(old), str(tmp_path / "b.xlsx"), "--form", str(second)]
    assert main(again) == 1  # what it would write is there already
    (tmp_path / "b.xlsx").write_bytes(b"theirs")
    assert main(again) == 2
    assert (tmp_path / "b.xlsx").read_bytes() == b"theirs"
    assert main(["upgrade", str(second), str(tmp_path / "c.xlsx")]) == 2
    assert main(["upgrade", str(old), str(tmp_path / "c.xlsx")]) == 2  # of another form altogether
    assert not (tmp_path / "c.xlsx").exists()
    assert "không có dòng nào giống" in capsys.readouterr().err


@pytest.mark.office
def test_upgraded_workbook_computes_and_checks(first, tmp_path, office):
    """The new workbook is alive: its percentages and checks follow the figures carried."""
    old = filled(tmp_path / "old.xlsx", first, {"I.2": 200, "I.3": 250, "I.4.tu": 1, "I.4.mau": 8})
    second = small(tmp_path, "moved", "added")
    upgrade(old, tmp_path / "new.xlsx", second)
    cells = {id: Layout(second).cell(id) for id in ("I.1", "I.3", "I.4")}
    with office.open(tmp_path / "new.xlsx") as book:
        assert book.value(second.sheet, cells["I.1"]) == 125
        assert book.value(second.sheet, cells["I.4"]) == 12.5
        check = f"{positions.CHECK}{Layout(second).rows['I.3']}"
        assert "lớn hơn tổng số hộ" in str(book.value(second.sheet, check))
        assert book.try_type(second.sheet, cells["I.3"], "150")
        assert book.value(second.sheet, check) == "✓"
        assert book.value(second.sheet, cells["I.1"]) == 75
