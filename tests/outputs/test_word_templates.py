"""Requirements of Word templates, which anybody may have written.

T1 Commands work wherever Word has cut them into runs, in the body, headers and notes, with the
   quotes that Word makes; what they leave out or repeat is whole.
T2 A template that calls, reckons, reaches out, repeats without end or asks for what is not there is
   refused, with the command.
T3 One that brings more than text and pictures is refused, and so is a field that fetches or starts
   something, also one that commands put together.
T4 What a clerk typed is never a command, nor XML.
T5 No template, of whatever size within the limits, keeps the program busy or stops it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import COMMUNE
from tests.support.communes import A, golden, workbook
from tests.support.documents import (
    BODY,
    WORD,
    paragraph,
    part,
    shipped,
    texts,
    with_body,
    with_parts,
)
from xl_automation.cli.main import main
from xl_automation.outputs.report_context import Context, Source, city_context
from xl_automation.outputs.word_report import TEMPLATE, word_report
from xl_automation.outputs.word_sandbox import INNER_LISTS, LISTS, ReportEnvironment
from xl_automation.xlsx.package import Parts, read_parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.word_commands import MAX_COMMANDS, MAX_DEPTH, MAX_LENGTH, jinja_source
from xl_automation.xlsx.word_filled import FIELDS, check_filled, filled_part
from xl_automation.xlsx.xml_part import parse_xml

P = "6 tháng đầu năm 2022"


@pytest.fixture(scope="module")
def context() -> Context:
    """The report of the golden case."""
    return city_context(golden(), Source("th.xlsx", "5" * 64))


def refusal(context: Context, template: Path) -> Refusal:
    """Return the refusal of a template."""
    with pytest.raises(Refusal) as refused:
        word_report(context, template)
    assert refused.value.code == "bad-template"
    return refused.value


ROWS = "".join(
    f"<w:tr><w:tc>{paragraph(text)}</w:tc></w:tr>"
    for text in ("{%tr for dong in phu_luc %}", "{{ dong.stt }}.", "{%tr endfor %}")
)
GOOD = {
    "in one run": (paragraph("Kỳ {{ ky }}."), [f"Kỳ {P}."]),
    "cut into runs": (paragraph("Kỳ {", "{ ", "ky", " }", "}."), [f"Kỳ {P}."]),
    "two in a text": (paragraph("{{ nam }}, {{ ma_ky }}"), ["2022, 2022-6T"]),
    "a brace beside": (paragraph("{ {{ nam }} }"), ["{ 2022 }"]),
    "in capitals": (paragraph("{{ ky|upper }}"), [P.upper()]),
    "quotes of Word": (
        paragraph("{{ luu_y|default(“x”) }}{{ “a &lt; b” }}"),
        ["a < b"],
    ),
    "one of a list": (paragraph("{{ phan[1].so }}"), ["2"]),
    "a choice in a text": (
        paragraph("{% if luu_y %}a{% el", "se %}b", "{% endif %}c"),
        ["bc"],
    ),
    "a choice of paragraphs": (
        paragraph("{%p if luu_y %}")
        + paragraph("a")
        + paragraph("{%p elif nam == “2022” %}")
        + paragraph("b")
        + paragraph("{%p endif %}"),
        ["b"],
    ),
    "one in another": (
        paragraph("{%p if nam %}")
        + paragraph("{%p if luu_y %}")
        + paragraph("a")
        + paragraph("{%p else %}")
        + paragraph("b")
        + paragraph("{%p endif %}")
        + paragraph("{%p endif %}"),
        ["b"],
    ),
    "alone in its paragraph": (
        paragraph("{% if luu_y %}")
        + paragraph("a")
        + paragraph("{% ", "endif %}")
        + paragraph("b"),
        ["b"],
    ),
    "lists in lists": (
        paragraph("{%p for p in phan %}")
        + paragraph("{{ p.so }}: {% for m in p.muc %}{% for c in m.cau %}.{% endfor %}{% endfor %}")
        + paragraph("{%p endfor %}"),
        None,
    ),
    "rows": (f"<w:tbl>{ROWS}</w:tbl>", None),
}


@pytest.mark.parametrize("name", GOOD)
def test_commands_are_done(tmp_path: Path, context: Context, name: str) -> None:
    """T1: as they read, however they are cut."""
    body, said = GOOD[name]
    made = texts(word_report(context, with_body(tmp_path / "m.docx", body)))
    if name == "lists in lists":
        said = [
            f"{one['so']}: " + "." * sum(len(block["cau"]) for block in one["muc"])
            for one in context["phan"]
        ]
        assert any("." in text for text in said)
    if name == "rows":
        said = [f"{row['stt']}." for row in context["phu_luc"]]
    assert made == said


def test_headers_and_notes_are_filled(tmp_path: Path, context: Context) -> None:
    """T1: and what has no command stays byte for byte."""
    parts = shipped()
    header = next(name for name in parts if name.startswith("word/header"))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    declared = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    types = parts["[Content_Types].xml"].replace(b"</Types>", declared.encode())
    parts["[Content_Types].xml"] = types
    for name, tag in ((header, "hdr"), ("word/footnotes.xml", "footnotes")):
        parts[name] = part(tag, paragraph("{{ don_vi }}"))
    template = with_parts(tmp_path / "m.docx", parts)
    # A name that looks like a command is filled in once, and is none.
    made = read_parts(word_report({**context, "don_vi": "{{ ky }}"}, template))
    for name in (header, "word/footnotes.xml"):
        assert b">{{ ky }}<" in made[name]
    assert {name for name in parts if parts[name] != made[name]} == {
        BODY, header, "word/footnotes.xml",
    }  # fmt: skip


def test_what_is_left_out_leaves_no_hole(tmp_path: Path, context: Context) -> None:
    """T1: Word takes no cell without a paragraph and no table without a row."""
    nothing = paragraph("{%p if luu_y %}") + paragraph("x") + paragraph("{%p endif %}")
    rows = ROWS.replace("phu_luc", "phan[0].muc").replace("{{ dong.stt }}", "x")
    row = f"<w:tr><w:tc>{nothing}</w:tc></w:tr>"
    body = f"<w:tbl>{row}</w:tbl>{paragraph('a')}<w:tbl>{rows}</w:tbl>"
    template = with_body(tmp_path / "m.docx", body)
    empty = [{**one, "muc": []} for one in context["phan"]]
    made = read_parts(word_report({**context, "phan": empty}, template))[BODY].decode()
    assert made.count("<w:tbl") == 1
    assert "<w:tc><w:p/></w:tc>" in made


@pytest.mark.parametrize("holder", ["hdr", "ftr", "footnote", "endnote", "txbxContent"])
def test_what_holds_paragraphs_keeps_one(holder: str) -> None:
    """T1: likewise headers, notes and text boxes."""
    body = f"<w:{holder}>{paragraph('{%p if a %}')}<w:p/>{paragraph('{%p endif %}')}</w:{holder}>"
    source, _ = jinja_source(part("document", body))
    made = filled_part(ReportEnvironment().fill(source, {"a": ""})).decode()
    assert f"<w:{holder}><w:p/></w:{holder}>" in made


def test_cell_ends_in_a_paragraph(tmp_path: Path, context: Context) -> None:
    """T1: also one in which a table was last but for what is left out."""
    nothing = paragraph("{%p if luu_y %}") + paragraph("x") + paragraph("{%p endif %}")
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{inner}{nothing}</w:tc></w:tr></w:tbl>"
    made = read_parts(word_report(context, with_body(tmp_path / "m.docx", body)))[BODY]
    assert b"</w:tbl><w:p/></w:tc>" in made


def test_spaces_beside_a_command_stay(tmp_path: Path, context: Context) -> None:
    """T1: a text that had none at its ends may have some once a command is moved into it."""
    body = "<w:p><w:r><w:t>Kỳ {</w:t></w:r><w:r><w:t>{ nam }} .</w:t></w:r></w:p>"
    made = read_parts(word_report(context, with_body(tmp_path / "m.docx", body)))[BODY]
    assert '<w:t xml:space="preserve">Kỳ 2022</w:t>'.encode() in made
    assert b'<w:t xml:space="preserve"> .</w:t>' in made


def test_repeated_drawings_have_numbers_of_their_own(tmp_path: Path, context: Context) -> None:
    """T1: Word takes no two of one number."""
    space = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    drawing = f'<w:r><d:docPr xmlns:d="{space}" id="7" name="x"/></w:r>'
    text = "{% for dong in phu_luc %}"
    loop = f"<w:p><w:r><w:t>{text}</w:t></w:r>{drawing}<w:r><w:t>{{% endfor %}}</w:t></w:r></w:p>"
    made = read_parts(word_report(context, with_body(tmp_path / "m.docx", loop)))[BODY]
    numbers = re.findall(rb'<d:docPr[^>]* id="(\d+)"', made)
    assert len(numbers) == len(set(numbers)) == len(context["phu_luc"])


ATTACKS = {
    "{{ ky.__class__ }}": "__class__",
    "{{ ky.__class__.__mro__[1].__subclasses__() }}": "Call",
    "{{ ''.join(ky) }}": "Call",
    "{{ range(999999999) }}": "Call",
    "{% for i in range(9) %}x{% endfor %}": "Call",
    "{{ 'a' * 999999999 }}": "Mul",
    "{{ 9 ** 9 ** 9 }}": "Pow",
    "{{ ky|attr('upper') }}": "attr",
    "{{ ky|map('x') }}": "map",
    "{{ ky is callable }}": "callable",
    "{{ phan['ten'] }}": "số thứ tự",
    "{{ phan[:1] }}": "số thứ tự",
    "{{ ky.upper }}": "cả một danh sách",
    "{{ phan }}": "cả một danh sách",
    "{{ phan[0] }}": "cả một danh sách",
    "{{ ten_sai }}": "không có “ten_sai”",
    "{{ phan[0].ten_sai }}": "không có “ten_sai”",
    "{% if ky < 3 %}x{% endif %}": "khác loại",
    "{{ " + "(" * 90 + "ky" + ")" * 90 + " }}": "lồng quá sâu",
    "{{ " + "[" * 190 + " }}": "không dùng được",
    "{{ " + "x" * MAX_LENGTH + " }}": "dài hơn",
    "{% set x = ky %}": "{% set x = ky %}",
    "{% include 'word/document.xml' %}": "include",
    "{% import 'x' as y %}": "import",
    "{% macro m() %}{% endmacro %}": "macro",
    "{% raw %}{% endraw %}": "raw",
    "{% colspan 3 %}": "colspan",
    "{% colspan" + " " * 3000 + "%}": "dài hơn",
    "{%- if ky %}{% endif %}": "{%- if ky %}",
    "{# ghi chú #}": "thành cặp",
    "{{ ky": "thành cặp",
    "ky }}": "thành cặp",
    "-%}": "thành cặp",
    "{{ ky %}": "thành cặp",
    "{{ {{ ky }}": "thành cặp",
    "{% for %}": "for",
    "{% for a in phan recursive %}x{% endfor %}": "mỗi lần một mục",
    "{% for a, b in phan %}x{% endfor %}": "mỗi lần một mục",
    "{% for a in phan if ky %}x{% endfor %}": "mỗi lần một mục",
    "{% for a in ky %}x{% endfor %}": "chỉ được lặp",
    "{% for a in phan[0] %}x{% endfor %}": "chỉ được lặp",
    "{% for a in phan[0].muc %}{% for b in a.cau %}{% for c in b %}x{% endfor %}{% endfor %}"
    "{% endfor %}": "chỉ được lặp",
    "{% for a in phu_luc %}{% for b in phu_luc %}x{% endfor %}{% endfor %}": "chỉ được lặp",
    "{% for a in phan %}{% for b in a.muc %}{% for c in b.muc %}{% for d in c.muc %}x{% endfor %}"
    "{% endfor %}{% endfor %}{% endfor %}": "chỉ được lặp",
    "{% if ky %}": "không có lệnh đóng",
    "{% endif %}": "không có lệnh mở",
    "{% if ky %}{% endfor %}": "không có lệnh mở",
    "{% else %}": "không có lệnh mở",
    "{% if ky %}" * (MAX_DEPTH + 1) + "{% endif %}" * (MAX_DEPTH + 1): "lồng trong nhau",
    "x {%p if ky %}": "đứng riêng một đoạn",
    "{%tr if ky %}": "không đứng trong bảng",
    "{{ ky }}" * (MAX_COMMANDS + 1): f"hơn {MAX_COMMANDS} lệnh",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_attack_is_refused(tmp_path: Path, context: Context, attack: str) -> None:
    """T2: by name."""
    written = attack.replace("<", "&lt;")
    template = with_body(tmp_path / "m.docx", paragraph(written))
    assert ATTACKS[attack] in str(refusal(context, template))


MISPLACED = {
    "ended in another paragraph": paragraph("{% if ky %}a") + paragraph("b{% endif %}"),
    "begun as a paragraph, ended in a text": paragraph("{%p if ky %}") + paragraph("b{% endif %}"),
    "ended in a cell": paragraph("{%p if ky %}")
    + f"<w:tbl><w:tr><w:tc>{paragraph('{%p endif %}')}</w:tc></w:tr></w:tbl>",
    "ended within a link": "<w:p><w:r><w:t>{% if ky %}a</w:t></w:r><w:hyperlink><w:r>"
    "<w:t>b{% endif %}</w:t></w:r></w:hyperlink></w:p>",
    "in an attribute": '<w:p w:rsidR="{{ ky }}"/>',
    "in a comment": "<!-- {{ ky }} -->",
    "in the code of a field": '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>{{ ky }}'
    '</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    "outside of paragraphs": "<w:r><w:t>{{ ky }}</w:t></w:r>",
}


@pytest.mark.parametrize("name", MISPLACED)
def test_misplaced_command_is_refused(tmp_path: Path, context: Context, name: str) -> None:
    """T2: where it would leave half of something."""
    refusal(context, with_body(tmp_path / "m.docx", MISPLACED[name]))


def test_attack_in_the_header_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """T2: by the command line, which writes nothing."""
    document = Document(str(TEMPLATE))
    document.sections[0].header.paragraphs[0].add_run("{{ ky.__class__ }}")
    document.save(str(tmp_path / "đầu.docx"))
    path = workbook(tmp_path / "a.xlsx", A, COMMUNE)
    arguments = ["report", str(path), "--out", str(tmp_path / "bc.docx")]
    assert main([*arguments, "--template", str(tmp_path / "đầu.docx")]) == 2
    said = capsys.readouterr().err
    assert "đầu.docx" in said
    assert "ky.__class__" in said
    assert not (tmp_path / "bc.docx").exists()


def test_lists_are_those_of_the_report(context: Context) -> None:
    """T2: what may be repeated is what the report has, no more."""
    inner = {
        name
        for items in (context[name] for name in LISTS)
        for item in items
        for name, value in item.items()
        if isinstance(value, list)
    }
    inner |= {
        name
        for one in context["phan"]
        for block in one["muc"]
        for name, value in block.items()
        if isinstance(value, list)
    }
    assert {name for name, value in context.items() if isinstance(value, list)} == set(LISTS)
    assert inner == set(INNER_LISTS)


def _macro(parts: Parts) -> None:
    parts["word/vbaProject.bin"] = b"x"


def _extension(parts: Parts) -> None:
    parts["word/webextensions/taskpanes.xml"] = b"<a/>"


def _buttons(parts: Parts) -> None:
    parts["customUI/customUI14.xml"] = b"<a/>"


def _outside(parts: Parts) -> None:
    name = "word/_rels/document.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    link = f'<Relationship Id="x" Type="{kind}" Target="http://a/b" TargetMode="External"/>'
    parts[name] = parts[name].replace(b"</Relationships>", link.encode() + b"</Relationships>")


def _entities(parts: Parts) -> None:
    parts[BODY] = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def _attached(parts: Parts) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    link = f'<Relationship Id="r" Type="{kind}" Target="file:///x.dotm" TargetMode="External"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = f'<Relationships xmlns="{space}">{link}</Relationships>'
    parts["word/_rels/settings.xml.rels"] = links.encode()


def _mail_merge(parts: Parts) -> None:
    end = b'<w:mailMerge><w:connectString w:val="x"/></w:mailMerge></w:settings>'
    parts["word/settings.xml"] = parts["word/settings.xml"].replace(b"</w:settings>", end)


def _old_drawing(parts: Parts) -> None:
    drawing = b'<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://a/b"/>'
    parts[BODY] = parts[BODY].replace(b"<w:body>", b"<w:body><w:p><w:r>%s</w:r></w:p>" % drawing)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_macro, "bad-template"),
        (_extension, "bad-template"),
        (_buttons, "bad-template"),
        (_outside, "bad-template"),
        (_attached, "bad-template"),
        (_mail_merge, "bad-template"),
        (_old_drawing, "bad-template"),
        (_entities, "unsafe-xml"),
    ],
)
def test_template_that_brings_more_is_refused(
    tmp_path: Path, context: Context, change: Callable[[Parts], None], code: str
) -> None:
    """T3: macros, what is fetched from elsewhere, another template, entities."""
    parts = shipped()
    change(parts)
    with pytest.raises(Refusal) as refused:
        word_report(context, with_parts(tmp_path / "m.docx", parts))
    assert refused.value.code == code


def field(*codes: str, result: str = "x") -> str:
    """Return a paragraph with a field whose code is cut into pieces."""
    pieces = "".join(
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>' for code in codes
    )
    begin, separate, end = (
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    )
    return f"<w:p>{begin}{pieces}{separate}<w:r><w:t>{result}</w:t></w:r>{end}</w:p>"


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_harmless_fields_stay(tmp_path: Path, context: Context, name: str) -> None:
    """T3: page numbers, tables of contents, dates."""
    body = (
        field(f" {name} \\* MERGEFORMAT ", result="{{ nam }}")
        + f'<w:p><w:fldSimple w:instr="{name}"/></w:p>'
    )
    made = read_parts(word_report(context, with_body(tmp_path / "m.docx", body)))[BODY].decode()
    assert name in made
    assert ">2022<" in made


FETCHING = {
    "DDEAUTO": field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc.exe"'),
    "in pieces": field(" D", "DEAU", "TO x"),
    "in lower case": field("includetext http://a/b"),
    "INCLUDEPICTURE": field('INCLUDEPICTURE "http://a/b" \\d'),
    "simple": '<w:p><w:fldSimple w:instr="LINK Excel.Sheet x"/></w:p>',
    "simple without code": "<w:p><w:fldSimple/></w:p>",
    "begins with a good name": field("PAGE1 x"),
    "in another's code": field("PAGE").replace(
        "<w:instrText", f"{field('PAGE')[5:-6]}<w:instrText", 1
    ),
    "in another's result": field(
        "PAGE", result=f"</w:t></w:r>{field('LINK x')[5:-6]}<w:r><w:t>"
    ),
    "simple in another's code": field("PAGE").replace(
        "<w:instrText", '<w:fldSimple w:instr="PAGE"/><w:instrText', 1
    ),
    "text in the code": field("PAGE").replace("</w:instrText>", "</w:instrText><w:t>x</w:t>"),
    "code without a field": "<w:p><w:r><w:instrText>DDE x</w:instrText></w:r></w:p>",
    "no end": field("PAGE").replace('<w:fldChar w:fldCharType="end"/>', ""),
    "a form's macro": field("PAGE").replace('"begin"/>', '"begin"><w:ffData/></w:fldChar>'),
    "of another namespace": field("LINK x").replace("w:instrText", "x:instrText").replace(
        "<w:p>", '<w:p xmlns:x="http://purl.oclc.org/ooxml/wordprocessingml/main">'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FETCHING)
def test_field_that_does_something_is_refused(tmp_path: Path, context: Context, name: str) -> None:
    """T3: in the body of a template; what is checked is the report."""
    assert "trường Word" in str(refusal(context, with_body(tmp_path / "m.docx", FETCHING[name])))


def test_field_that_commands_make_is_refused(tmp_path: Path, context: Context) -> None:
    """T3: harmless as it stands, another once a command has left out a paragraph."""
    code = field("PAGE")
    first, second = code.split("PAGE")
    cut = (
        f"{first}DD</w:instrText></w:r></w:p>"
        + paragraph("{%p if luu_y %}")
        + "<w:p><w:r><w:instrText>E</w:instrText></w:r></w:p>"
        + paragraph("{%p endif %}")
        + f"<w:p><w:r><w:instrText>EAUTO x{second}"
    )
    said = str(refusal(context, with_body(tmp_path / "m.docx", cut)))
    assert "DDEAUTO" in said


def test_fields_in_parts_that_are_not_filled_are_looked_at(
    tmp_path: Path, context: Context
) -> None:
    """T3: comments, building blocks."""
    comments = {"word/comments.xml": part("comments", field("DDE x"))}
    assert "DDE" in str(refusal(context, with_parts(tmp_path / "m.docx", comments)))


@pytest.mark.parametrize("content", [b"", b"PK\3\4", b"{{ ky }}"])
def test_no_document_is_refused(tmp_path: Path, context: Context, content: bytes) -> None:
    """T3: by name."""
    (tmp_path / "m.docx").write_bytes(content)
    with pytest.raises(Refusal):
        word_report(context, tmp_path / "m.docx")


def test_parts_without_commands_stay_as_they_came(tmp_path: Path, context: Context) -> None:
    """T1: byte for byte."""
    template = with_body(tmp_path / "m.docx", paragraph("x"))
    assert read_parts(word_report(context, template)) == read_parts(template.read_bytes())


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)


@given(name=NAMES | st.sampled_from(["{{ ky }}", "{% for %}", "<w:p>", "]]>", "&amp;", "{{", "%}"]))
def test_what_a_clerk_typed_is_no_command(context: Context, name: str) -> None:
    """T4: braces and angle brackets are text."""
    source, commands = jinja_source(part("document", paragraph("{{ don_vi }}")))
    assert len(commands) == 1
    made = ReportEnvironment().fill(source, {"don_vi": name})
    assert parse_xml(made.encode()).findtext(f".//{{{WORD}}}t") == name


HUGE = {
    "empty runs": "<w:p>" + '<w:r w:rsidR="0"/>' * 50_000 + "</w:p>",
    "empty paragraphs": '<w:p w:rsidR="0"/>' * 50_000,
    "opened, never closed": paragraph("{{ " * 300_000),
    "closed, never opened": paragraph("-%}" * 300_000),
    "braces": paragraph("{ " * 500_000),
    "one letter in each run": "<w:p>" + "<w:r><w:t>x</w:t></w:r>" * 50_000 + "</w:p>",
    "a brace in each run, never closed": "<w:p>" + "<w:r><w:t>{</w:t></w:r>" * 50_000 + "</w:p>",
    "cells": "<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 30_000 + "</w:tr></w:tbl>",
}


@pytest.mark.parametrize("name", HUGE)
def test_size_is_no_weapon(tmp_path: Path, context: Context, name: str) -> None:
    """T5: each is done, or refused for what it is; with patterns over XML, some took hours."""
    template = with_body(tmp_path / "m.docx", HUGE[name] + paragraph("{{ ky }}"))
    if "never" in name:
        assert "thành cặp" in str(refusal(context, template))
    else:
        assert P in texts(word_report(context, template))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{% for a in phu_luc %}" + "x" * 70_000 + "{% endfor %}", "dài bất thường"),
        ("{{ ky }}" * (MAX_COMMANDS * 2 // 3), f"hơn {MAX_COMMANDS} lệnh"),
    ],
)
def test_limits_are_of_all_parts_together(
    tmp_path: Path, context: Context, body: str, said: str
) -> None:
    """T5: header and body, each within the limits."""
    header = next(name for name in shipped() if name.startswith("word/header"))
    text = paragraph(body)
    both = {header: part("hdr", text), BODY: part("document", text)}
    assert said in str(refusal(context, with_parts(tmp_path / "m.docx", both)))


def test_signs_that_no_document_holds_are_left_out() -> None:
    """T4: they would make it unreadable."""
    assert ReportEnvironment().fill("{{ a }}", {"a": "x\x00\x0b\ufffey"}) == "xy"


@given(st.text(alphabet="{}%# px|if[]()'\"", max_size=60))
def test_any_text_is_filled_or_refused(context: Context, text: str) -> None:
    """T5: nothing but a refusal comes out of a paragraph, whatever stands in it."""
    escaped = text.replace("<", "&lt;")
    with suppress(Refusal):
        source, commands = jinja_source(part("document", paragraph(*escaped)))
        environment = ReportEnvironment()
        for command in commands:
            environment.check(command)
        check_filled(filled_part(environment.fill(source, context)))
