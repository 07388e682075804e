"""Requirements of the form.

M1 The shipped form is the printed one: all its rows in order, with kind, level and aggregate.
M2 It has every rule that a workbook, two periods or a folder of workbooks can decide.
M3 A mistake in a form file is reported with the block that holds it.
M4 Another form needs a file and no code.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date

import pytest

from tests.support import builders
from tests.support.builders import DATA, FORM, MINI
from tests.support.domain_rules import (
    CITY_RULES,
    HINTS,
    PERIOD_RULES,
    WARNINGS,
    WORKBOOK_RULES,
)
from xl_automation.checks.check import check
from xl_automation.editing.fill import fill
from xl_automation.editing.values_file import Entry
from xl_automation.errors import FormError, UserError
from xl_automation.forms.expression import refs
from xl_automation.forms.loader import FORMS, load_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.unit_list import read_units
from xl_automation.reading.reader import read_submission
from xl_automation.xlsx.refusal import Refusal

PRINTED = builders.printed_rows()


# --- the printed form --------------------------------------------------------------------------


def test_rows_are_those_printed_in_their_order():
    """The form has the rows of the transcription, no more and no fewer."""
    assert [item.id for item in FORM.indicators] == [row["id"] for row in PRINTED]


def test_form_falls_into_its_parts():
    """Each begins with a section's heading; together they are the form."""
    assert [part[0].stt for part in FORM.parts] == ["1.", "2.", "3.", "4.", "5.", "6.", "7."]
    assert [item for part in FORM.parts for item in part] == list(FORM.indicators)


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("row", PRINTED, ids=[row["id"] for row in PRINTED])
def test_row_is_as_printed(row):
    """Every printed and decided property of a row is that of the transcription."""
    item = FORM.by_id[row["id"]]
    part, whole = (item.percent.part, item.percent.whole) if item.is_computed else (None, None)
    computed = item.is_computed and item.percent
    aggregate, _, weight = row["aggregate"].partition(":")
    found = {
        "stt": item.stt,
        "kind": item.kind,
        "label": one_line(item.label),
        "unit": one_line(item.unit),
        "level": item.level,
        "nature": item.nature or "",
        "codes": "|".join(f"{code}={text}" for code, text in item.codes.items()),
    }
    assert found == {key: row[key] for key in found}
    assert item.aggregate == aggregate
    assert bool(computed) == bool(row["part"])
    if computed:
        assert re.findall(r"[\d.]+[a-z]", row["part"]) == list(refs(part))
        assert refs(whole) == (row["whole"],)
    if weight:
        expected = re.findall(r"\d[\d.]*\.\w+|\d\.\d\.\d", weight.replace("/100", ""))
        assert list(refs(item.weight)) == expected
    else:
        assert item.weight is None


def test_units_that_cannot_be_meant_are_replaced_and_kept():
    """The unit “-” of 2.2 and “Văn bản” of a percentage are corrected, what was printed kept."""
    odd = {item.id: (item.unit, item.unit_printed) for item in FORM.figures if item.unit_printed}
    assert odd == {"2.2": ("Văn bản", "-"), "7.5.2": ("%", "Văn bản")}


def test_reduction_is_what_was_cut_of_what_there_was():
    """4.1.5 is (a − b) / a: how much was cut, not what is left."""
    table = builders.figures_of([{"4.1.5.a": 40, "4.1.5.b": 30}, {"4.1.5.a": 30, "4.1.5.b": 40}])
    assert table.numbers["4.1.5"].tolist() == [25, -33.33]


def test_percentages_with_parts_are_computed_and_the_others_are_entered():
    """The rows that the printed form gives parts for are computed; the rest are inputs."""
    computed = [item.id for item in FORM.indicators if item.is_computed]
    assert computed == [row["id"] for row in PRINTED if row["part"]]
    assert len(FORM.inputs) == len(FORM.figures) - len(computed)


@pytest.mark.parametrize("level", builders.LEVELS)
def test_rows_concern_their_level(level):
    """The city answers for its rows, a commune for its own, both for the common ones."""
    foreign = {"commune": "district", "district": "commune"}[level]
    for item in FORM.indicators:
        assert item.concerns(level) == (item.level != foreign)


# --- its rules ---------------------------------------------------------------------------------

FLOWS = """
    1.3.1 1.3.2 1.3.3 1.4.1 2.1 2.2 2.3 2.4.a 2.4.b 3.1.1 3.1.2 3.2.1.c 3.2.2.c 3.2.4.a 3.2.4.b
    3.4.1.a 3.4.1.b 3.4.2.a 3.4.2.b 4.2.4 4.3.3 5.2.1 5.2.2 5.2.3 5.2.4 5.2.5 5.3 5.4 5.4.a 5.4.b
    5.4.c
"""


def test_every_decidable_rule_is_there():
    """The rules of the domain are in the form, percentages with parts each under their own id."""
    ids = {instance.id for level in builders.LEVELS for instance in FORM.instances(level)}
    # An entered percentage with a helper has its own R rule too.
    helped = {f"R-{item.id}" for item in FORM.indicators if item.helper}
    assert ids >= WORKBOOK_RULES | helped
    assert {rule.id for rule in FORM.rules if rule.scope == "period"} >= PERIOD_RULES
    assert {rule.id for rule in FORM.rules if rule.scope == "city"} >= CITY_RULES


def test_rules_have_their_severity():
    """Warnings and hints are those of the domain, all its others are errors."""
    milder = dict.fromkeys(WARNINGS, "warning") | dict.fromkeys(HINTS, "info")
    for rule in FORM.rules:
        if rule.id in {*WORKBOOK_RULES, *PERIOD_RULES, *CITY_RULES, "R-[*]"}:
            assert rule.severity == milder.get(rule.id, "error"), rule.id


def test_texts_of_the_form_are_composed_vietnamese():
    """Every text of the form is NFC, and every message is a Vietnamese sentence."""
    for path in FORMS.glob("*.*"):
        if path.suffix in (".toml", ".csv"):
            text = path.read_text(encoding="utf-8")
            assert unicodedata.is_normalized("NFC", text), path.name
    for rule in FORM.rules:
        assert re.search(r"[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵ]", rule.message), rule.id
        for text in (rule.message, rule.fix):
            assert text == text.strip(), rule.id
            assert text.endswith("."), rule.id
            assert unicodedata.is_normalized("NFC", text), rule.id


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("F05", ["4.1.5", "4.2.5", "4.3.4"]),
        ("F06", ["1.4.2", "1.5", "7.1", "7.2", "7.3", "7.4"]),
        ("F09", ["6.1.a", "6.1.b"]),
        ("F10", ["6.1.a", "6.1.b"]),
        ("C-7.6", ["7.5.1", "7.6.2"]),
        ("T01", ["1.1.b", "1.2.3.a", "1.2.3.b", "6.1.b", "6.2.6"]),
        ("T02", ["1.1.a", "6.1.a"]),
        ("K06", ["7.1", "7.2", "7.4"]),
        ("T03", FLOWS.split()),
    ],
)  # fmt: skip
def test_rule_is_about_its_rows(rule, rows):
    """A rule that selects rows by their properties selects those that the domain lists."""
    about = {id for one in FORM.rules if one.id == rule for id in one.each}
    assert [item.id for item in FORM.indicators if item.id in about] == rows


def test_overlapping_rows_are_not_compared_with_sums():
    """T03 takes each shorter period alone where the same thing may be counted in two of them."""
    alone = [one.each for one in FORM.rules if one.against == "within-each"]
    assert alone == [("2.4.a", "3.2.1.c", "3.2.2.c")]


def test_figure_that_may_be_right_can_be_explained():
    """A warning or hint without a remedy of its own asks for a note, an error for a correction."""
    fixes = {one.id: one.fix for one in FORM.rules}
    for id in ("T05", "T06", "C-3.4x", "C-4.2"):
        assert (
            fixes[id] == "Xem lại các ô nêu trên: ghi nhầm thì sửa; đúng thì giải trình ở Ghi chú."
        )
    assert fixes["C-1.1"] == "Xem lại các ô nêu trên và sửa ô ghi nhầm."


def test_typed_percentage_with_helpers_is_not_told_to_compute_itself():
    """Its formula is gone once typed over, and the locked sheet does not give it back."""
    for one in FORM.rules:
        if one.id == "R-[*]":
            helped = [FORM.by_id[id].helper is not None for id in one.each]
            assert helped == [("Để ô tự tính" not in one.fix)] * len(one.each)


def test_rules_about_kinds_are_about_all_rows_of_the_kind():
    """F01, F02, F04, F07, L01 and L03 leave no row out."""
    each: dict[str, set[str]] = {}
    for rule in FORM.rules:
        each.setdefault(rule.id, set()).update(set(rule.each) & FORM.by_id.keys())

    def rows(**wanted: tuple[str, ...]) -> set[str]:
        return {r["id"] for r in PRINTED if all(r[key] in of for key, of in wanted.items())}

    figures = ("count", "amount", "percent", "code")
    assert each["F01"] == rows(kind=("count",))
    assert each["F02"] == each["F03"] == rows(kind=figures)
    assert each["F04"] == rows(kind=("percent",)) - {"4.1.5", "4.2.5", "4.3.4", "6.1"}
    assert each["F07"] == rows(kind=("section", "group"))
    assert each["L01"] == rows(kind=figures, level=("district",)) - {"3.4.1", "4.1.5"}
    mine = ("both", "commune", "shared")
    assert each["L03"] == rows(kind=("count", "amount", "code"), level=mine)


# --- periods and units -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "label", "first", "last"),
    [
        ("2022-Q1", "Quý I năm 2022", date(2021, 12, 15), date(2022, 3, 14)),
        ("2022-6T", "6 tháng đầu năm 2022", date(2021, 12, 15), date(2022, 6, 14)),
        ("2022-Q3", "Quý III năm 2022", date(2022, 6, 15), date(2022, 9, 14)),
        ("2023-N", "Năm 2023", date(2022, 12, 15), date(2023, 12, 14)),
    ],
)
def test_period_has_its_official_window(code, label, first, last):
    """The data of a period run from the official cut-off day to the next."""
    period = FORM.period(code)
    assert (period.code, period.label, period.window) == (code, label, (first, last))


@pytest.mark.parametrize("code", ["", "2022", "6T", "2022-8T", "22-6T", "2022-6t", "x-6T"])
def test_unknown_period_is_named(code):
    """A period that the form does not have is refused in Vietnamese, with those it has."""
    with pytest.raises(UserError, match=r"2022-Q1, 2022-Q2, 2022-6T, .*2022-T12"):
        FORM.period(code)


def kinds_of(code: str) -> Counter[str]:
    """Return how many communes of each kind report for a period."""
    units = FORM.units_at(FORM.period(code))
    communes = [unit for unit in units if unit.level == "commune"]
    assert len({unit.code for unit in communes}) == len(communes)
    assert all(re.fullmatch("[0-9]{5}", unit.code) for unit in communes)
    return Counter(unit.name.partition(" ")[0] for unit in communes)


@pytest.mark.parametrize(
    ("period", "kinds", "above"),
    [
        ("2022-6T", {"Phường": 21, "Xã": 11}, ("164", "Thành phố Thái Nguyên")),
        ("2025-6T", {"Phường": 21, "Xã": 11}, ("164", "Thành phố Thái Nguyên")),
        ("2025-Q3", {"Phường": 15, "Xã": 77}, ("19", "Tỉnh Thái Nguyên")),
        ("2030-N", {"Phường": 15, "Xã": 77}, ("19", "Tỉnh Thái Nguyên")),
    ],
)
def test_each_period_has_its_units(period, kinds, above):
    """The city's 32 units until 30/6/2025, the province's 92 since, with who is above them."""
    assert kinds_of(period) == kinds
    (district,) = [one for one in FORM.units_at(FORM.period(period)) if one.level == "district"]
    assert (district.code, district.name) == above


def test_a_code_is_that_of_the_periods_unit():
    """05467 was Cam Giá and is Gia Sàng; without a period it is nobody's."""
    then, now = FORM.period("2022-6T"), FORM.period("2026-6T")
    assert FORM.unit("05497").name == "Xã Thịnh Đức"
    assert FORM.unit("05467", then).name == "Phường Cam Giá"
    assert FORM.unit("05467", now).name == "Phường Gia Sàng"
    with pytest.raises(UserError, match="Phường Cam Giá, Phường Gia Sàng; nêu kỳ"):
        FORM.unit("05467")
    for code, period in (("05498", None), ("05497", now)):
        with pytest.raises(UserError, match=code):
            FORM.unit(code, period)


def test_what_each_new_unit_was_made_of_is_known():
    """The old city is in eight units; two of its communes, and one beside it, were split."""
    new = [unit for unit in FORM.units_at(FORM.period("2026-6T")) if unit.level == "commune"]
    old = set(FORM.units_at(FORM.period("2022-6T")))
    heirs = [unit for unit in new if old & {origin.unit for origin in unit.merged_from}]
    assert len(heirs) == 8
    assert all(unit.merged_from for unit in new)
    split = {origin.unit.name for unit in new for origin in unit.merged_from if not origin.is_whole}
    assert split == {"Phường Gia Sàng", "Phường Cam Giá", "Xã Thượng Đình"}


def test_units_of_another_time_than_the_list_says_are_left_out():
    """A list of one's own is asked for the period too; a plain one stays as it is."""
    then, now = FORM.period("2022-6T"), FORM.period("2026-6T")
    assert FORM.units_at(then, FORM.units) == FORM.units_at(then)
    plain = [ReportingUnit("05503", "Xã Tân Cương"), ReportingUnit("1", "Xã A")]
    assert [unit.code for unit in FORM.units_at(now, plain)] == ["05503", "1"]
    known, stranger = FORM.units_at(now, plain)
    assert [origin.unit.code for origin in known.merged_from] == ["05497", "05503", "05530"]
    assert stranger == plain[1]
    assert not FORM.units_at(then, plain)[0].merged_from


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "code, name"),
        ("ma,ten\n1,Xã A\n", "code, name"),
        ("code,name\n1,\n", "dòng 2"),
        ("code,name\n1,Xã A\n1,Xã B\n", "dòng 3"),
        ("code,name,level\n1,Xã A,huyện\n", "dòng 2"),
        ("code,name,kind\n1,Xã A,Phường\n", "không bắt đầu bằng Phường"),
        ("code,name,valid_from\n1,Xã A,1/7/2025\n", "dòng 2: valid_from 1/7/2025"),
        ("code,name,valid_from,valid_to\n1,A,2025-07-01,2025-06-30\n", "valid_to trước"),
        ("code,name,valid_to\n1,A,2025-06-30\n1,B,\n", "dòng 3: mã đơn vị 1 lặp lại"),
        ("code,name,merged_from\n1,A,2 B\n", "phải có valid_from"),
        ("code,name,valid_from,merged_from\n1,A,2025-07-01,2 B; 3\n", "merged_from 3 không rõ"),
    ],
)
def test_wrong_list_of_units_is_named(tmp_path, text, said):
    """A list of units that lacks something is refused with its line."""
    path = tmp_path / "units.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        read_units(path)


def test_list_of_units_may_come_from_excel(tmp_path):
    """A byte order mark, other columns and decomposed letters are understood."""
    path = tmp_path / "units.csv"
    decomposed = unicodedata.normalize("NFD", "Xã Thịnh Đức")
    path.write_text(f"stt,code,name\n1,05497, {decomposed} \n", encoding="utf-8-sig")
    (unit,) = read_units(path)
    assert (unit.code, unit.name, unit.level) == ("05497", "Xã Thịnh Đức", "commune")


def absences(*codes: str, means: str = "later") -> str:
    """Return the blocks of codes for no figure, and the head of the block after them."""
    rest = f'words = "không có"\nhelp = "Không có."\nmeans = "{means}"\n'
    return "".join(f'[[absence]]\ncode = "{code}"\n{rest}\n' for code in codes) + "[[indicator]]"


# --- mistakes in a form ------------------------------------------------------------------------

SOUND = (DATA / "mini.toml").read_text(encoding="utf-8")
WAITS = """
[[rule]]
id = "L03"
severity = "warning"
waits = true
message = "còn trống."
{}

[[rule]]"""
PERIOD_WAITS = """
[[rule]]
id = "T01"
severity = "error"
waits = true
scope = "period"
against = "any"
each = { ids = ["I.2"] }
holds = "[*] >= previous([*])"
message = "giảm."

[[rule]]"""
# what is changed -> what it becomes, and what the message must say
MISTAKES = {
    "trial-word": ('severity = "error"', 'severity = "error"\ntrial = "có"', "rule .*trial"),
    "trial-severity": ('severity = "error"', 'severity = "lỗi"\ntrial = true', "rule .*severity"),
    "waits-word": ('severity = "error"', 'severity = "error"\nwaits = 1', "rule .*waits"),
    "waits-scope": ("\n[[rule]]", PERIOD_WAITS, "rule T01: waits"),
    "waits-nowhere": ("\n[[rule]]", WAITS.format('holds = "filled([I.2])"'), "rule L03: waits"),
    "waits-computed": (
        "\n[[rule]]",
        WAITS.format('each = { ids = ["I.1"] }\nholds = "filled([*])"'),
        "rule L03: waits",
    ),
    "stated": ('severity = "error"', 'stated_severity = "error"', "rule .*stated_severity"),
    "not-toml": ('id = "nuoc-sach"', "id =", "mini.toml"),
    "no-name": ('name = "Báo cáo nước sạch nông thôn"', "", "form: .*name"),
    "unknown-key": ('id = "nuoc-sach"', 'id = "nuoc-sach"\nrules = []', "form: .*rules"),
    "no-period": ("[[period]]", "[[periods]]", "form: "),
    "sheet-name-long": ('"Nước sạch"', f'"{"N" * 32}"', "form: .*sheet"),
    "sheet-name-mark": ('"Nước sạch"', '"Nước/sạch"', "form: .*sheet"),
    "one-title": ('title = ["BÁO CÁO", ', "title = [", "form: .*title"),
    "placeholder": ("{unit}", "{don_vi}", "form: .*don_vi"),
    "header": ('result = "Kết quả"', "", "form: .*header"),
    "level-name": ('district = "huyện"', 'tinh = "tỉnh"', "form: .*level"),
    "years": ("[2024, 2026]", "[2024]", "form: "),
    "units-file": ("years =", 'units = "khong-co.csv"\nyears =', "form: .*khong-co.csv"),
    "period-day": ('start = "01-01"', 'start = "02-30"', "period N"),
    "period-start": ('start = "01-01"', 'start = "đầu năm"', "period N"),
    "period-key": ("start_year = 0\n", "", "period N"),
    "period-within": ("within = []", 'within = [["Q1"]]', "period N: .*within"),
    "duplicate": ('id = "I.3"', 'id = "I.2"', "indicator I.2: .*more than once"),
    "duplicate-in-excel": ('id = "I.3"', 'id = "i.2"', "indicator i.2: .*more than once"),
    "id-like-helper": ('id = "I.5"', 'id = "I.4.tu"', "indicator I.4.tu: .*more than once"),
    "id-letters": ('id = "I.5"', 'id = "I 5"', "indicator I 5: "),
    "no-label": ('label = "Nguồn nước"\n', "", "indicator I.5: .*label"),
    "kind": ('kind = "code"', 'kind = "text"', "indicator I.5: .*text"),
    "indicator-key": ('label = "Nguồn nước"', 'label = "N"\nnote = "x"', "indicator I.5: .*note"),
    "level": ('stt = "2"', 'stt = "2"\nlevel = "village"', "indicator I.2: .*village"),
    "aggregate": ('"code_count"', '"mode"', "indicator I.5: .*mode"),
    "nature": ('aggregate = "code_count"\nnature = "stock"', 'aggregate = "code_count"',
               "indicator I.5: .*nature"),
    "no-unit": ('label = "Tổng số hộ"\nunit = "Hộ"', 'label = "Tổng số hộ"', "indicator I.2: "),
    "percent-unit": ('thất thoát"\nunit = "%"', 'thất thoát"\nunit = "Văn bản"',
                     "indicator I.4: .*%"),
    "count-unit": ('unit = "Hộ"', 'unit = "%"', "indicator I.2: .*%"),
    "heading-unit": ('label = "Cấp nước"', 'label = "Cấp nước"\nunit = "Hộ"', "indicator I: "),
    "codes": ('kind = "code"\n', 'kind = "count"\nunit = "Hộ"\n', "indicator I.5: .*code"),
    "no-codes": ('codes = { 1 = "Nước mặt", 2 = "Nước ngầm" }\n', "", "indicator I.5: "),
    "code-word": ("codes = { 1 =", "codes = { mot =", "indicator I.5: .*whole"),
    "many-codes": ('1 = "Nước mặt"', ", ".join(f'{1000 + at} = "x"' for at in range(60)),
                   "indicator I.5: codes too long: .* 255"),
    "code-long": ('1 = "Nước mặt"', f'1 = "{"ặ" * 250}"', "indicator I.5: a code .* 249"),
    "code-quoted": ('"Nước mặt"', "'Nước \"mặt\"'", "indicator I.5: .*quotation"),
    "id-long": ('id = "I.5"', f'id = "I.5{"0" * 21}"', "indicator I.50+: .*title.* 33 .* 32"),
    "title-long": ('"BÁO CÁO"', f'"{"Đ" * 256}"', "form: a title too long: 256 .* 255"),
    "years-many": ("[2024, 2026]", "[2024, 2075]", "form: .*years too long: 259 .* 255"),
    "help-long": ('label = "Tổng số hộ"', f'label = "T"\nhelp = "{"ờ" * 256}"',
                  "indicator I.2: .*help"),
    "unknown-part": ('part = "[I.3]"', 'part = "[I.9]"', r"indicator I.1: .*I\.9"),
    "no-whole": (', whole = "[I.2]"', "", "indicator I.1: .*whole"),
    "whole-constant": ('whole = "[I.2]"', 'whole = "1000"', "indicator I.1: .*1000"),
    "part-condition": ('part = "[I.3]"', 'part = "[I.3] > 0"', "indicator I.1: .*number"),
    "part-grammar": ('part = "[I.3]"', 'part = "[I.3"', "indicator I.1: "),
    "cycle": ('helper = { part = "Lượng thất thoát", whole = "Lượng cấp" }',
              'percent = { part = "[I.4]", whole = "[I.2]" }', "indicator I.4: "),
    "helper-key": (', whole = "Lượng cấp"', "", "indicator I.4: .*whole"),
    "both": ("percent = {", 'helper = { part = "a", whole = "b" }\npercent = {',
             "indicator I.1: .*both"),
    "ratio-entered": ('"no_aggregate"', '"ratio"', "indicator I.4: .*ratio"),
    "no-weight": ('"no_aggregate"', '"weighted"', "indicator I.4: .*weight"),
    "unknown-weight": ('"no_aggregate"', '"weighted"\nweight = "[I.9]"',
                       r"indicator I.4: .*I\.9"),
    "rule-key": ('severity = "error"', 'severity = "error"\nexcept = []', "rule N1: .*except"),
    "rule-no-message": ('message = "số hộ dùng nước sạch lớn hơn tổng số hộ."\n', "",
                        "rule N1: .*message"),
    "severity": ('severity = "error"', 'severity = "fatal"', "rule N1: .*fatal"),
    "rule-duplicate": ('id = "N3"', 'id = "N1"', "rule N1: .*more than once"),
    "rule-twice-for-a-row": ('id = "N3"\nseverity = "warning"\nholds = "[I.4] <= 30"',
                             'id = "N2-[*]"\nseverity = "warning"\neach = { ids = ["I.5"] }\n'
                             'holds = "filled([*])"', r"rule N2-\[\*\] I.5: .*more than once"),
    "rule-unknown": ("[I.4] <= 30", "[I.9] <= 30", r"rule N3: .*I\.9"),
    "rule-star": ("[I.4] <= 30", "[*] <= 30", "rule N3: "),
    "rule-grammar": ("[I.4] <= 30", "[I.4] =< 30", "rule N3: "),
    "rule-number": ("[I.4] <= 30", "[I.4] + 30", "rule N3: .*condition"),
    "rule-mixed": ("[I.4] <= 30", "[I.4] and [I.2]", "rule N3: .*condition"),
    "rule-no-figure": ("[I.4] <= 30", "1 <= 30", "rule N3: .*figure"),
    "rule-previous": ("[I.4] <= 30", "[I.4] <= previous([I.4])", "rule N3: .*previous"),
    "rule-scope": ('holds = "[I.4] <= 30"', 'holds = "[I.4] <= 30"\nscope = "month"',
                   "rule N3: .*month"),
    "rule-against": ('holds = "[I.4] <= 30"', 'holds = "[I.4] <= 30"\nscope = "period"',
                     "rule N3: .*against"),
    "rule-level": ('holds = "[I.4] <= 30"', 'holds = "[I.4] <= 30"\nlevel = "both"',
                   "rule N3: .*level"),
    "rule-nothing": ('holds = "[I.4] <= 30"\n', "", "rule N3: .*holds or check"),
    "rule-check": ('holds = "[I.4] <= 30"', 'check = "magic"', "rule N3: .*magic"),
    "range-message-long": (
        'severity = "warning"\nholds = "[I.4] <= 30"\nmessage = "tỷ lệ thất thoát trên 30 %."',
        f'severity = "error"\nholds = "[I.4] <= 30"\nmessage = "{"dài " * 46}"',
        "rule N3: message, fix and basis too long: 226 .* 224",
    ),
    "rule-message-long": ("tỷ lệ thất thoát trên 30 %.", "dài " * 60, "rule N3: .*long"),
    "each-key": ("each = { kind", "each = { loai", r"rule N2-\[\*\]: .*loai"),
    "each-id": ('each = { kind = ["count", "code"] }', 'each = { ids = ["I.9"] }',
                r"rule N2-\[\*\]: .*I\.9"),
    "each-kind": ('"count", "code"', '"count", "codes"', r"rule N2-\[\*\]: .*'codes'"),
    "each-aggregate": ('kind = ["count", "code"]', 'aggregate = ["sum", "mean"]',
                       r"rule N2-\[\*\]: .*'mean'"),
    "city-holds": ('holds = "[I.4] <= 30"', 'holds = "[I.4] <= 30"\nscope = "city"',
                   "rule N3: .*needs a check"),
    "absence-letters": ("[[indicator]]", absences("kad"), "absence kad: .*A-Z"),
    "absence-number": ("[[indicator]]", absences("12"), "absence 12: .*A-Z"),
    "absence-means": ("[[indicator]]", absences("KAD", means="never"), "absence KAD: .*never"),
    "absence-key": ("[[indicator]]", absences("KAD").replace("help", "note"),
                    "absence KAD: .*note"),
    "absence-no-help": ("[[indicator]]", absences("KAD").replace("\nhelp", "\n# help"),
                        "absence KAD: needs help"),
    "absence-twice": ("[[indicator]]", absences("KAD", "KAD"), "absence KAD: .*more than once"),
    "absence-many": ("[[indicator]]", absences("KA", "KB", "KC", "KD", "KE", "KG"),
                     "form: .*absences"),
    "each-nothing": ('"count", "code"', '"amount"', r"rule N2-\[\*\]: .*no row"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_in_a_form_names_its_block(tmp_path, old, new, said):
    """Each mistake ends in a ``FormError`` that begins with the block."""
    assert old in SOUND
    path = tmp_path / "mini.toml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormError, match=f"^{said}"):
        load_form(path)


def test_missing_form_is_named():
    """A form that does not exist is said to."""
    with pytest.raises(FormError, match="khong-co"):
        load_form("khong-co")


def test_decomposed_form_is_composed(tmp_path):
    """A form saved with decomposed letters loads with the same texts."""
    path = tmp_path / "mini.toml"
    path.write_text(unicodedata.normalize("NFD", SOUND), encoding="utf-8")
    assert load_form(path) == MINI


# --- another form, without code ----------------------------------------------------------------


@pytest.mark.parametrize("level", builders.LEVELS)
def test_new_form_goes_the_whole_way(tmp_path, level):
    """Template, fill, read and check work for a form of another subject as they are."""
    issued = builders.workbook(tmp_path / "mau.xlsx", level=level, form=MINI)
    entries = [Entry(at, *row) for at, row in enumerate([
        ("I", "5"), ("I.1", "60"), ("I.2", "1.200,0"), ("I.3", "1500", "đếm lại"),
        ("I.4.tu", "35"), ("I.4.mau", "100"), ("I.6", "1"),
    ], start=2)]  # fmt: skip
    filled = tmp_path / "filled.xlsx"
    report = fill(issued, entries, filled, MINI)
    submission = read_submission(filled, MINI)
    assert report.placed == 4
    assert [text.split(":")[0] for text in report.unplaced] == ["Dòng 2", "Dòng 8"]
    assert submission.level == level
    assert submission.notes == {"I.3": "đếm lại"}
    assert builders.pairs(check(MINI, submission)) == {
        "N1 I.3", "N2-I.5 I.5", "N3 I.4", "no-unit", "no-period",
    }  # fmt: skip
    table = builders.figures_of([submission.readings], MINI)
    assert table.numbers.loc[0, ["I.1", "I.4"]].tolist() == [125, 35]


def test_one_form_is_not_read_as_another(tmp_path):
    """A workbook of the new form is refused by the old one, and the reverse."""
    for made, read in ((MINI, FORM), (FORM, MINI)):
        path = builders.workbook(tmp_path / "mau.xlsx", form=made)
        with pytest.raises(Refusal) as refused:
            read_submission(path, read)
        assert refused.value.code == "wrong-form"
