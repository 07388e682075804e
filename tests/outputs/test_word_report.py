"""Requirements of the report in Word.

W1 Each number in the text is a figure of the summary, and so says the list of sources; rows without
   a figure are named.
W2 It is the city's, (B), with what changed and the units behind it; or one commune's own.
W3 It opens and prints in LibreOffice, on A4; a template edited in LibreOffice Writer still works.
W4 A template that calls, reckons, reaches out, goes on without end or brings more than text is
   refused by name; what a clerk typed is never a command.
W5 The same figures make the same bytes; no file is written over.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import CITY, A, B, C, golden, good, past, schools, workbook, written
from tests.support.office import Office
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.numbers import read_number
from xl_automation.outputs.report_context import Context, Source, city_context, unit_context
from xl_automation.outputs.report_source import report_of
from xl_automation.outputs.word_report import TEMPLATE, word_report
from xl_automation.outputs.word_sandbox import ReportEnvironment
from xl_automation.outputs.word_template import template
from xl_automation.reading.figures import tabulate
from xl_automation.xlsx.package import zip_parts
from xl_automation.xlsx.refusal import Refusal

SOURCE = Source("th.xlsx", "5" * 64)
DOCUMENT = "word/document.xml"
NUMBER = r"[0-9]+(?:\.[0-9]{3})*(?:,[0-9]+)?"


def texts(content: bytes) -> list[str]:
    """Return the paragraphs of a document, those in tables too."""
    document = Document(BytesIO(content))
    return [
        *(paragraph.text for paragraph in document.paragraphs),
        *(cell.text for table in document.tables for row in table.rows for cell in row.cells),
    ]


def parts_of(content: bytes) -> dict[str, bytes]:
    """Return the parts of a package."""
    with ZipFile(BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def with_text(folder: Path, text: str) -> Path:
    """Write the shipped template with *text* as its first paragraph."""
    document = Document(str(TEMPLATE))
    document.paragraphs[0].insert_paragraph_before(text)
    document.save(str(folder / "mẫu.docx"))
    return folder / "mẫu.docx"


@pytest.fixture(scope="module")
def context() -> Context:
    """The report of the golden case."""
    return city_context(golden(), SOURCE)


def test_each_number_is_a_figure_with_its_source(context: Context) -> None:
    """W1: what stands before an id is that row's figure; the list of sources has all of them."""
    result, said = golden(), {line["ma"]: line for line in context["nguon"]}
    sentences = [text for part in context["phan"] for block in part["muc"] for text in block["cau"]]
    assert len(sentences) > 15
    for text in sentences:
        id = re.search(r"\[([^\]]+)\]\.$", text)
        assert id, text
        item, own = FORM.by_id[id[1]], result.appendix[id[1]]
        shown = re.search(rf": ({NUMBER})", text)
        if not item.codes:
            assert shown, text
            assert read_number(shown[1], item.kind).number == pytest.approx(own)
        assert id[1] in said
    for id, line in said.items():
        assert line["o"] == f"Tổng hợp!J{golden_row(id)}"
    missing = ", ".join(block["thieu"] for part in context["phan"] for block in part["muc"])
    without = {item.id for item in FORM.figures if result.appendix[item.id] is None}
    assert set(missing.replace(" ", "").split(",")) - {""} >= without - {
        item.id for item in FORM.figures if item.codes
    }


def golden_row(id: str) -> int:
    """Return the row of the totals in which a figure stands."""
    return 5 + [item.id for item in FORM.indicators].index(id)


def test_units_and_changes_stand_behind(tmp_path: Path) -> None:
    """W2: who reports most, who stands lowest, and what it was; a part is told with its rate."""
    before = past(tmp_path, "2021-6T", [good(A, c2_3=4), good(B, c2_3=4), good(C, c2_3=4)])
    now = [good(A, c2_3=5), good(B, c2_3=9), good(CITY)]
    result = consolidate(FORM, now, (A, B, C, CITY), FORM.period("2022-6T"), [before])
    made = city_context(result, SOURCE)
    told = "\n".join(
        text for part in made["phan"] for block in part["muc"] for text in block["cau"]
    )
    rate = re.search(r"Tỷ lệ hồ sơ TTHC do UBND cấp xã .*", told)
    assert rate
    assert "hồ sơ)" in rate[0]
    assert "thấp nhất" in rate[0]
    assert "điểm phần trăm" in rate[0] or "không đổi so với 6 tháng đầu năm 2021" in rate[0]
    assert "của 2/3 đơn vị có số" in rate[0]
    assert "[3.4.2.a]" not in told
    assert made["tinh_hinh_gui"] == f"2/3 đơn vị có báo cáo được tính; chưa có: {C.name}."


def test_a_commune_makes_its_own(tmp_path: Path, capsys) -> None:
    """W2, W5: from its workbook; once only."""
    path, out = workbook(tmp_path / "a.xlsx", A, COMMUNE), tmp_path / "bc.docx"
    assert main(["report", str(path), "--out", str(out)]) == 0
    words = texts(out.read_bytes())
    assert any(A.name in text for text in words)
    assert "a.xlsx" in words
    assert main(["report", str(path), "--out", str(out)]) == 0  # the same is there already
    out.write_bytes(out.read_bytes() + b"x")
    assert main(["report", str(path), "--out", str(out)]) == 2
    assert "không ghi đè" in capsys.readouterr().err
    made = report_of(path, FORM)[0]
    assert word_report(made) == word_report(made)


def test_days_that_a_unit_wrote_are_the_reports() -> None:
    """W2: units close on other days than the period's."""
    sent = replace(good(A), dates={"@to": date(2022, 6, 30), "@report_date": date(2022, 7, 5)})
    (row,) = tabulate(FORM, [sent]).rows()
    made = unit_context(row, SOURCE)
    assert (made["tu_ngay"], made["den_ngay"]) == ("15/12/2021", "30/06/2022")
    assert made["ngay"] == "ngày 05 tháng 7 năm 2022"


def test_summary_to_word(tmp_path: Path) -> None:
    """From the file of a summary, as from what it was written from; also of another form."""
    path = written(golden(), tmp_path / "th.xlsx")
    made, changed = report_of(path, FORM)
    assert not changed
    assert made["phan"] == city_context(golden(), SOURCE)["phan"]
    assert made["phu_luc"] == city_context(golden(), SOURCE)["phu_luc"]
    of_schools = city_context(schools(), SOURCE)
    assert texts(word_report(of_schools))


def test_notice_of_the_form_stands_below_the_title(context: Context) -> None:
    """Where the form has one; nothing else is written there."""
    plain, noted = (texts(word_report({**context, "luu_y": said})) for said in ("", "Bản nháp"))
    at = noted.index("(Bản nháp)")
    assert noted[at - 1].startswith("Công tác cải cách hành chính")
    assert [*noted[:at], *noted[at + 1 :]] == plain


def test_shipped_template_is_what_the_source_gives() -> None:
    """Made again it has the same parts."""
    assert TEMPLATE.read_bytes() == template()


@pytest.mark.office
def test_it_prints_and_an_edited_template_works(
    office: Office, tmp_path: Path, context: Context
) -> None:
    """W3: pages of A4; Writer saves the template, with a sentence of the officer's own in it."""
    with office.text(TEMPLATE) as document:
        change = document.createReplaceDescriptor()
        change.SearchString, change.ReplaceString = "như sau.", "như sau, của {{ ma_ky }}."
        assert document.replaceAll(change) == 1
        edited = office.store_text(document, tmp_path / "mẫu.docx", "MS Word 2007 XML")
    out = tmp_path / "bc.docx"
    out.write_bytes(word_report(context, edited))
    words = texts(out.read_bytes())
    assert "như sau, của 2022-6T." in " ".join(words)
    assert not [word for word in words if "{{" in word or "{%" in word]
    assert len(set(texts(word_report(context))) - set(words)) == 1  # the sentence that was edited
    with office.text(out) as document:
        pdf = office.store_text(document, tmp_path / "bc.pdf", "writer_pdf_Export")
        style = document.StyleFamilies.getByName("PageStyles").getByName("Standard")
        assert (round(style.Width / 100), round(style.Height / 100)) == (210, 297)
    assert pdf.read_bytes().startswith(b"%PDF")


ATTACKS = {
    "{{ ky.__class__ }}": "__class__",
    "{{ ky.__class__.__mro__[1].__subclasses__() }}": "Call",
    "{{ ''.join(ky) }}": "Call",
    "{{ range(999999999) }}": "Call",
    "{% for i in range(9) %}x{% endfor %}": "Call",
    "{{ 'a' * 999999999 }}": "Mul",
    "{{ 9 ** 9 ** 9 }}": "Pow",
    "{% set x = ky %}": "Assign",
    "{% include 'word/document.xml' %}": "Include",
    "{% import 'x' as y %}": "Import",
    "{% macro m() %}{% endmacro %}": "Macro",
    "{{ ky|attr('upper') }}": "attr",
    "{{ ky|map('x') }}": "map",
    "{{ phan['ten'] }}": "số thứ tự",
    "{% for a in phu_luc %}{% for b in phu_luc %}x{% endfor %}{% endfor %}": "lặp trong lặp",
    "{% for a in phan recursive %}x{% endfor %}": "lặp",
    "{{ ky": "không hiểu",
    "{% for %}": "không hiểu",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_in_a_template_is_refused(attack: str) -> None:
    """W4: by name, before anything is run."""
    from jinja2.exceptions import TemplateError

    from xl_automation.outputs.word_sandbox import refusal_of

    with pytest.raises(Refusal, match=re.escape(ATTACKS[attack])):  # noqa: PT012
        try:
            ReportEnvironment().from_string(attack)
        except TemplateError as error:
            raise refusal_of(error) from error


@pytest.mark.parametrize("attack", ["{{ ky.__class__ }}", "{{ 9 ** 9 ** 9 }}"])
def test_attack_in_a_file_is_refused(tmp_path: Path, context: Context, attack: str, capsys) -> None:
    """W4: in the body, and in the header."""
    with pytest.raises(Refusal) as refused:
        word_report(context, with_text(tmp_path, attack))
    assert refused.value.code == "bad-template"
    document = Document(str(TEMPLATE))
    document.sections[0].header.paragraphs[0].add_run(attack)
    document.save(str(tmp_path / "đầu.docx"))
    path = workbook(tmp_path / "a.xlsx", A, COMMUNE)
    arguments = ["report", str(path), "--out", str(tmp_path / "bc.docx")]
    assert main([*arguments, "--template", str(tmp_path / "đầu.docx")]) == 2
    assert "đầu.docx" in capsys.readouterr().err
    assert not (tmp_path / "bc.docx").exists()


def _macro(parts: dict[str, bytes]) -> None:
    parts["word/vbaProject.bin"] = b"x"


def _outside(parts: dict[str, bytes]) -> None:
    name = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="x" Type="{kind}" Target="http://a/b" TargetMode="External"/>'
    parts[name] = parts[name].replace(b"</Relationships>", link.encode() + b"</Relationships>")


def _entities(parts: dict[str, bytes]) -> None:
    parts[DOCUMENT] = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def _attached(parts: dict[str, bytes]) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    link = f'<Relationship Id="r" Type="{kind}" Target="file:///x.dotm" TargetMode="External"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = f'<Relationships xmlns="{space}">{link}</Relationships>'
    parts["word/_rels/settings.xml.rels"] = links.encode()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_macro, "bad-template"),
        (_outside, "bad-template"),
        (_attached, "bad-template"),
        (_entities, "unsafe-xml"),
    ],
)
def test_template_that_brings_more_is_refused(
    tmp_path: Path, context: Context, change: Callable[[dict[str, bytes]], None], code: str
) -> None:
    """W4: macros, what is fetched from elsewhere, another template, entities."""
    parts = parts_of(TEMPLATE.read_bytes())
    change(parts)
    (tmp_path / "m.docx").write_bytes(zip_parts(parts))
    with pytest.raises(Refusal) as refused:
        word_report(context, tmp_path / "m.docx")
    assert refused.value.code == code


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"{{ ky }}"])
def test_no_document_is_refused(tmp_path: Path, context: Context, content: bytes) -> None:
    """W4: by name."""
    (tmp_path / "m.docx").write_bytes(content)
    with pytest.raises(Refusal):
        word_report(context, tmp_path / "m.docx")


def test_what_a_clerk_typed_is_no_command(tmp_path: Path) -> None:
    """W4: braces and angle brackets are text."""
    name = "Xã <w:p> {{ ky }} & {% for %}"
    context = city_context(golden(), SOURCE)
    made = texts(word_report({**context, "don_vi": name}))
    assert any(name in text for text in made)
