"""Requirements of the locked workbook, as another program reads it back.

W1 It prints the form: every row in order, every text as in the form.
W2 Exactly the cells that a clerk fills are unlocked; all sheets and the structure are protected.
W3 Every figure has its name, every input its validation, every percentage its formula.
W4 Excel 2010 understands all of it, and no result is stored before it is known.
W5 The same form gives the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.support import builders
from tests.support.builders import FORM, LEVELS, MINI, PERIOD, UNIT
from tests.support.paths import WORKBOOK
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.form_workbook import GREY
from xl_automation.template.layout import Layout
from xl_automation.template.rules_sheet import NOT_OWED
from xl_automation.xlsx.package import read_parts

LAYOUT = Layout(FORM)

# Functions that every Excel since 2010, and LibreOffice, compute alike.
FUNCTIONS = """
    ABS AND CELL CHAR COUNT COUNTA COUNTIF COUNTIFS DATE DAY EXACT FIND HOUR HYPERLINK IF IFERROR
    INDEX INT ISERROR INDIRECT ISLOGICAL ISNUMBER ISTEXT LEFT LEN LOWER MATCH MAX MID MIN MINUTE
    MONTH N NOT OR RIGHT ROUND ROW ROWS SECOND SUBSTITUTE SUM SUMIF SUMIFS SUMPRODUCT TEXT TRIM
    UPPER VALUE YEAR
"""
MAX_FORMULA, MAX_LITERAL, MAX_NESTED = 8192, 255, 64


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    """Each of the two levels."""
    return request.param


@pytest.fixture(scope="module")
def book(level):
    """The issued workbook of a level, read back."""
    return openpyxl.load_workbook(BytesIO(builders.blank(level)))


@pytest.fixture(scope="module")
def page(book) -> Worksheet:
    """The sheet of the form."""
    return book[FORM.sheet]


def formulas(book) -> list[tuple[str, str]]:
    return [
        (f"{sheet.title}!{cell.coordinate}", cell.value)
        for sheet in book
        for line in sheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    ]


# --- what is printed ---------------------------------------------------------------------------


def test_rows_are_printed_in_order(page):
    """Number, label and unit of all 122 rows stand where the layout says, one after the other."""
    for row, printed in enumerate(builders.printed_rows(), start=positions.FIRST_ROW):
        cells = [
            page[f"{column}{row}"].value or ""
            for column in (positions.STT, positions.LABEL, positions.UNIT)
        ]
        texts = [" ".join(text.split()) for text in cells]
        assert texts == [printed["stt"], printed["label"], printed["unit"]]
        assert page[f"{positions.VALUE}{row}"].coordinate == LAYOUT.cell(printed["id"])


def test_header_has_two_lines(page):
    """“Kết quả” stands over unit and figure, the other captions over both lines."""
    row = positions.HEADER_ROW
    assert page[f"{positions.STT}{row}"].value == "STT"
    assert page[f"{positions.UNIT}{row}"].value == "Kết quả"
    assert page[f"{positions.UNIT}{row + 1}"].value == "Đơn vị tính"
    assert page[f"{positions.VALUE}{row + 1}"].value == "Số liệu"
    assert page[f"{positions.NOTE}{row}"].value == "Ghi chú"
    assert f"{positions.UNIT}{row}:{positions.VALUE}{row}" in page.merged_cells


def test_page_is_a4_with_the_header_on_each(page):
    """A4 upright, margins of the regulation, columns A to E, header lines repeated."""
    assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "portrait")
    margins = page.page_margins
    found = [round(side * 25.4) for side in (margins.left, margins.right, margins.top)]
    assert found == [30, 15, 20]
    assert page.print_title_rows == f"${positions.HEADER_ROW}:${positions.HEADER_ROW + 1}"
    first, last = page.print_area.rpartition("!")[2].replace("$", "").split(":")
    assert first == "A1"
    assert last[0] == positions.NOTE
    assert int(last[1:]) > LAYOUT.last_row


@pytest.mark.parametrize("text", ["Người lập biểu", "Thủ trưởng đơn vị", '=TT_NGUOI_KY&""'])
def test_signatures_stand_below_the_rows(page, text):
    """The form ends in its signature block."""
    rows = [c.row for line in page.iter_rows(min_row=8) for c in line if c.value == text]
    assert len(rows) == 1
    assert rows[0] > LAYOUT.last_row


def test_page_breaks_keep_a_row_with_its_parts(page):
    """No page begins with a “Trong đó” row or ends in a heading."""
    ids = {row: id for id, row in LAYOUT.rows.items()}
    breaks = [brk.id + 1 for brk in page.row_breaks.brk]
    assert breaks
    for row in breaks:
        assert FORM.by_id[ids[row]].stt not in ("", "Trong đó")
        assert FORM.by_id[ids[row - 1]].is_figure


def test_figures_and_headings_of_another_level_are_grey_but_open(page, level):
    """What another level answers for is grey; a figure there can still be typed."""
    for item in FORM.figures:
        cell = page[LAYOUT.cell(item.id)]
        grey = cell.fill.start_color.rgb == GREY.replace("#", "FF")
        assert grey == (not item.concerns(level))
        assert cell.protection.locked == item.is_computed


# --- what can be typed -------------------------------------------------------------------------


def unlocked(sheet: Worksheet) -> set[str]:
    return {c.coordinate for line in sheet.iter_rows() for c in line if not c.protection.locked}


def test_exactly_the_inputs_are_unlocked(page):
    """Inputs, the parts of entered percentages and the notes of figures; nothing else."""
    inputs = {LAYOUT.cell(item.id) for item in FORM.inputs}
    helpers = {LAYOUT.cell(id) for id in FORM.helper_ids}
    notes = {f"{positions.NOTE}{LAYOUT.rows[item.id]}" for item in FORM.figures}
    assert unlocked(page) == inputs | helpers | notes


def test_everything_is_protected(book):
    """Each sheet, and the number, order and names of the sheets."""
    assert all(sheet.protection.sheet for sheet in book)
    assert book.security.lockStructure
    assert [s.title for s in book if s.sheet_state != "visible"] == [
        positions.RULE_SHEET,
        positions.LIST_SHEET,
    ]
    assert not unlocked(book[positions.RULE_SHEET]) | unlocked(book[positions.LIST_SHEET])


def test_information_of_an_issued_workbook_is_given(book, level):
    """Unit, period, form and version are locked; number, date and who signs are open."""
    info = book[positions.INFO_SHEET]
    value = {name: info[f"B{row}"].value for name, (row, _) in positions.INFO_ROWS.items()}
    assert value["TT_DON_VI"] == "05497 – Xã Thịnh Đức"
    assert (value["TT_KY"], value["TT_NAM"]) == ("6 tháng đầu năm", 2022)
    assert (value["TT_BIEU"], value["TT_PHIEN_BAN"]) == (FORM.id, FORM.version)
    assert value["TT_CAP"] == FORM.levels[level]
    assert unlocked(info) == {positions.info_cell(name) for name in builders.OPEN_INFO}


def test_information_of_a_blank_workbook_is_chosen(level):
    """Unit and period are chosen from lists: the units of the level, the periods of the form."""
    book = openpyxl.load_workbook(BytesIO(builders.blank(level, prefilled=False)))
    info, lists = book[positions.INFO_SHEET], book[positions.LIST_SHEET]
    cell = {name: f"B{row}" for name, (row, _) in positions.INFO_ROWS.items()}
    open_names = ("TT_DON_VI", "TT_KY", "TT_NAM", *builders.OPEN_INFO)
    assert unlocked(info) == {cell[name] for name in open_names}
    rules = {str(rule.sqref): rule for rule in info.data_validations.dataValidation}
    areas = re.findall(r"\$A\$[0-9]+:\$A\$[0-9]+", rules[cell["TT_DON_VI"]].formula1)
    offered = [[line[0].value for line in lists[area.replace("$", "")]] for area in areas]
    listed = [
        [positions.unit_text(unit) for unit in units if unit.level == level]
        for units in (FORM.units_at(FORM.period("2022-6T")), FORM.units_at(None), FORM.units)
    ]
    assert offered == listed
    area = rules[cell["TT_KY"]].formula1.replace("$", "").partition("!")[2]
    periods = [line[0].value for line in lists[area]]
    assert periods[:4] == ["Quý I năm", "Quý II năm", "6 tháng đầu năm", "Quý III năm"]
    assert periods == [positions.short_period(kind.label) for kind in FORM.period_kinds]
    years = ",".join(str(year) for year in range(2022, 2031))
    assert rules[cell["TT_NAM"]].formula1 == f'"{years}"'


# --- names, validations, formulas --------------------------------------------------------------


def test_every_figure_has_its_name(book):
    """CT_<id> stands for the figure's cell, PT_<id> for the parts of an entered percentage."""
    names = {name: item.attr_text.replace("$", "") for name, item in book.defined_names.items()}
    figures = {f"CT_{item.id}": f"'{FORM.sheet}'!{LAYOUT.cell(item.id)}" for item in FORM.figures}
    parts = {f"PT_{id}": f"'{FORM.sheet}'!{LAYOUT.cell(id)}" for id in FORM.helper_ids}
    info = {
        name: f"'{positions.INFO_SHEET}'!B{row}" for name, (row, _) in positions.INFO_ROWS.items()
    }
    for expected in (figures, parts, info):
        assert {name: names.get(name) for name in expected} == expected
    assert {name for name in names if name.startswith("CT_")} == figures.keys()


def test_every_input_has_one_validation(page):
    """Each figure and part has a prompt and, if open, a rule, within Excel's limits."""
    rules = [
        (cell.coord, rule)
        for rule in page.data_validations.dataValidation
        for cell in rule.sqref.ranges
    ]
    expected = [LAYOUT.cell(id) for id in (*(item.id for item in FORM.figures), *FORM.helper_ids)]
    assert sorted(cell for cell, _ in rules) == sorted(expected)
    computed = {cell for cell, rule in rules if rule.type is None}
    assert computed == {LAYOUT.cell(item.id) for item in FORM.figures if item.is_computed}
    for cell, rule in rules:
        assert rule.showInputMessage, cell
        assert rule.showErrorMessage, cell
        assert rule.allowBlank, cell
        assert 0 < len(rule.promptTitle) <= 32, cell
        assert 0 < len(rule.errorTitle) <= 32, cell
        assert 0 < len(rule.prompt) <= 255, cell
        assert 0 < len(rule.error) <= 255, cell
        if rule.type == "custom":
            assert "KAD, CCS, GOP" in rule.error, cell
            assert len(rule.error) <= 224, cell


@pytest.mark.parametrize(
    ("id", "number"),
    [
        ("1.1.a", "D{0}>=0,D{0}<=999999999999,D{0}=INT(D{0})"),
        ("6.1.a", "D{0}>=0,D{0}<=999999999999"),
        ("3.3.4", "D{0}>=0,D{0}<=100"),
        ("4.2.5", "D{0}>=-100,D{0}<=100"),
    ],
)
def test_validation_allows_what_the_rules_allow(page, id, number):
    """Counts are whole and not negative, percentages 0 to 100; each takes the form's codes."""
    row = LAYOUT.rows[id]
    (rule,) = [r for r in page.data_validations.dataValidation if LAYOUT.cell(id) in r.sqref]
    codes = ",".join(f'UPPER(TRIM(D{row}))="{code}"' for code in ("KAD", "CCS", "GOP"))
    assert rule.type == "custom"
    assert rule.formula1 == f"IF(ISNUMBER(D{row}),AND({number.format(row)}),OR({codes}))"
    assert len(rule.formula1) <= 255


def test_validation_of_helpers_takes_numbers_alone(page):
    """A numerator takes any number that is not negative, and no code."""
    cell = LAYOUT.cell("3.3.4.tu")
    (rule,) = [r for r in page.data_validations.dataValidation if cell in r.sqref]
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "999999999999")


def test_lists_of_codes_show_their_meanings(book, page):
    """The drop-down list of a coded row shows code and meaning, and stores the code."""
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    for item in FORM.inputs:
        if item.codes:
            rule = rules[LAYOUT.cell(item.id)]
            sheet, _, area = rule.formula1.replace("$", "").rpartition("!")
            cells = [line[0] for line in book[sheet.strip("'")][area]]
            offered = {cell.value: cell.number_format for cell in cells}
            assert rule.type == "list"
            shown = {code: f'0" = {text}"' for code, text in item.codes.items()}
            assert offered == shown | dict.fromkeys(FORM.absence_codes, "General")


def test_prompt_tells_unit_and_help(page, level):
    """The prompt of a cell says what to enter, in which unit, and what the form adds."""
    rules = {str(rule.sqref): rule for rule in page.data_validations.dataValidation}
    for item in FORM.inputs:
        rule = rules[LAYOUT.cell(item.id)]
        assert item.id in rule.promptTitle
        assert item.help in rule.prompt
        if not item.concerns(level):
            assert NOT_OWED in rule.prompt
            continue
        if item.kind in ("count", "amount"):
            assert (item.unit_means or item.unit) in rule.prompt
        for code, text in item.codes.items():
            assert f"{code} = {text}" in rule.prompt
        assert (f"cột {positions.PART}, {positions.WHOLE}" in rule.prompt) == (
            item.helper is not None
        )
        if item.kind == "percent":  # whichever mark the PC takes for a decimal
            assert "58,85; máy dùng dấu chấm: 58.85" in rule.prompt
        else:
            for absence in FORM.absences:
                assert f"{absence.code} = {absence.words}" in rule.prompt
    for item in FORM.figures:
        if item.is_computed:
            assert "tự tính" in rules[LAYOUT.cell(item.id)].prompt


def test_percentages_are_formulas_over_their_parts(page):
    """Each percentage with parts is 100 × part / whole of the read numbers, empty without them."""
    for printed in builders.printed_rows():
        if not printed["part"]:
            continue
        numbers = {id: f"${positions.NUMBER}${row}" for id, row in LAYOUT.rows.items()}
        ids = re.findall(r"[\d.]+[a-z]", printed["part"])
        part, whole = "-".join(numbers[id] for id in ids), numbers[printed["whole"]]
        part = f"({part})" if len(ids) > 1 else part
        known = ",".join(
            f"ISNUMBER({numbers[id]})" for id in dict.fromkeys([*ids, printed["whole"]])
        )
        expected = f'=IF(AND({known}),IF({whole}=0,"",ROUND(100*{part}/{whole},2)),"")'
        assert page[LAYOUT.cell(printed["id"])].value == expected
    percents = [item for item in FORM.indicators if item.is_computed]
    assert len(percents) == 12


def test_percentage_with_a_helper_takes_its_result_until_typed_over(page):
    """An entered percentage offers what its optional parts give."""
    for item in FORM.indicators:
        if item.helper:
            computed = f"{positions.COMPUTED}{LAYOUT.rows[item.id]}"
            assert page[LAYOUT.cell(item.id)].value == f'=IF({computed}="","",{computed})'
            part, whole = (LAYOUT.cell(item.id + end) for end in (".tu", ".mau"))
            formula = page[computed].value.replace("$", "")
            assert f"100*{part}/{whole}" in formula


def test_every_rule_of_the_level_is_live(book, level):
    """The hidden sheet holds each rule instance of the level with its result, worst first."""
    sheet = book[positions.RULE_SHEET]
    rows = [line for line in sheet.iter_rows(min_row=2, values_only=True) if line[1]]
    assert sorted(row[1] for row in rows) == sorted(one.id for one in FORM.instances(level))
    severities = [row[2] for row in rows]
    assert severities == sorted(severities, key=["Lỗi", "Cảnh báo", "Lưu ý"].index)
    assert all(str(row[5]).startswith("=IF(") for row in rows)


# --- what Excel understands --------------------------------------------------------------------


def nesting(formula: str) -> int:
    depth = deepest = 0
    for sign in re.sub(r'"[^"]*"', '""', formula):
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    assert depth == 0, formula
    return deepest


def test_formulas_are_within_the_limits_of_excel_2010(book):
    """Only old functions, texts of at most 255 letters, no formula too long or too deep."""
    for place, formula in formulas(book):
        plain = re.sub(r'"[^"]*"', '""', formula)
        assert set(re.findall(r"([A-Za-z_.][\w.]*)\(", plain)) <= set(FUNCTIONS.split()), place
        # A doubled quote stands for one letter.
        literals = re.findall(r'"((?:[^"]|"")*)"', formula)
        assert all(len(text.replace('""', '"')) <= MAX_LITERAL for text in literals), place
        assert len(formula) <= MAX_FORMULA, place
        assert nesting(formula) <= MAX_NESTED, place
        assert "#REF!" not in formula, place


def test_formulas_mention_only_sheets_and_names_that_exist(book):
    """No formula points outside the workbook or at a name it does not have."""
    for place, formula in formulas(book):
        plain = re.sub(r'"[^"]*"', '""', formula)
        assert set(re.findall(r"'([^']+)'!", plain)) <= set(book.sheetnames), place
        names = set(re.findall(r"\b[A-Z]{2}_[\w.]+", plain))
        assert names <= set(book.defined_names), place
        assert "[" not in plain, place


def test_no_result_is_stored(level):
    """Where results were not added, a program that trusts them finds none: not a 0, nothing old."""
    with zipfile.ZipFile(BytesIO(builders.blank(level))) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                text = archive.read(name).decode()
                assert not re.findall(r"</f>\s*<v>[^<]", text), name


def test_workbook_is_plain(level):
    """No macro, no picture, no link; small enough to mail."""
    content = builders.blank(level)
    assert len(content) < 300_000
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
    assert not [n for n in names if re.search(r"vba|media|externalLink|drawing|customXml", n)]


@pytest.mark.parametrize("form", [FORM, MINI], ids=lambda form: form.id)
def test_two_builds_are_the_same_bytes(form, level):
    """The same form, unit and period give the same file."""
    given = (UNIT, PERIOD) if form is FORM else ()
    assert build_template(form, level, *given) == build_template(form, level, *given)


def test_shipped_template_is_what_the_sources_give():
    """The template in ``workbook/`` is up to date, part by part and in their order.

    Else: remove it, then ``python -m xl_automation template workbook/CCHC-bieu-mau.xlsx``.
    """
    shipped = read_parts((WORKBOOK / "CCHC-bieu-mau.xlsx").read_bytes())
    assert list(shipped.items()) == list(read_parts(blank_workbook(FORM)).items())


def test_units_of_another_city_may_be_offered():
    """A list of units replaces the form's own."""
    units = (builders.unit("00001", "Xã A"), builders.unit("00002", "Phường B"))
    book = openpyxl.load_workbook(BytesIO(build_template(FORM, units=units)))
    texts = {c.value for line in book[positions.LIST_SHEET].iter_rows() for c in line}
    assert {"00001 – Xã A", "00002 – Phường B"} <= texts
    assert "05497 – Xã Thịnh Đức" not in texts
