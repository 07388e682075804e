"""Requirements of the report in Word.

W1 Each number in the text is a figure of the summary, and so says the list of sources; rows without
   a figure are named.
W2 It is the city's, (B), with what changed and the units behind it; or one commune's own. Where
   the city has none of its own, the text gives what the units make together, and says so; the
   appendix stays blank.
W3 It opens and prints in LibreOffice, on A4; a template edited in LibreOffice Writer still works.
W4 The same figures make the same bytes; no file is written over.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import (
    CITY,
    A,
    B,
    C,
    golden,
    good,
    past,
    report,
    schools,
    workbook,
    written,
)
from tests.support.documents import texts
from tests.support.office import Office
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.numbers import read_number
from xl_automation.outputs.report_context import Context, Source, city_context, unit_context
from xl_automation.outputs.report_source import report_of
from xl_automation.outputs.word_report import TEMPLATE, word_report
from xl_automation.outputs.word_template import template
from xl_automation.reading.figures import tabulate

SOURCE = Source("th.xlsx", "5" * 64)
NUMBER = r"[0-9]+(?:\.[0-9]{3})*(?:,[0-9]+)?"


def sentences(made: Context) -> list[str]:
    """Return the sentences of a report."""
    return [text for part in made["phan"] for block in part["muc"] for text in block["cau"]]


@pytest.fixture(scope="module")
def context() -> Context:
    """The report of the golden case."""
    return city_context(golden(), SOURCE)


def test_each_number_is_a_figure_with_its_source(context: Context) -> None:
    """W1: what stands before an id is that row's figure; the list of sources has all of them."""
    result, said = golden(), {line["ma"]: line for line in context["nguon"]}
    told = sentences(context)
    assert len(told) > 15
    for text in told:
        id = re.search(r"\[([^\]]+)\]\.$", text)
        assert id, text
        item, own = FORM.by_id[id[1]], result.appendix[id[1]]
        assert ("tính chung các đơn vị" in text) == (own is None and not item.codes), text
        given = result.totals[item.id].value if own is None else own
        shown = re.search(rf": ({NUMBER})", text)
        if not item.codes:
            assert shown, text
            assert read_number(shown[1], item.kind).number == pytest.approx(given)
        assert id[1] in said
    for id, line in said.items():
        is_counted = bool(FORM.by_id[id].codes)
        column = "J" if result.appendix[id] is not None else "K" if is_counted else "D"
        assert line["o"] == f"Tổng hợp!{column}{golden_row(id)}"
    missing = ", ".join(block["thieu"] for part in context["phan"] for block in part["muc"])
    without = {
        id for id, own in result.appendix.items() if own is None and result.totals[id].value is None
    }
    assert set(missing.replace(" ", "").split(",")) - {""} >= without - {
        item.id for item in FORM.figures if item.codes
    }


def golden_row(id: str) -> int:
    """Return the row of the totals in which a figure stands."""
    return 5 + [item.id for item in FORM.indicators].index(id)


def test_units_and_changes_stand_behind(tmp_path: Path) -> None:
    """W2: who reports most, who stands lowest, and what it was; a part is told with its rate."""
    before = past(tmp_path, "2021-6T", [good(A, c2_3=4), good(B, c2_3=4), good(C, c2_3=4)])
    now = [good(A, c2_3=5), good(B, c2_3=9, c3_4_2_b=6000), good(CITY)]
    result = consolidate(FORM, now, (A, B, C, CITY), FORM.period("2022-6T"), [before])
    made = city_context(result, SOURCE)
    told = "\n".join(sentences(made))
    rate = re.search(r"Tỷ lệ hồ sơ TTHC do UBND cấp xã .*", told)
    assert rate
    assert "hồ sơ)" in rate[0]
    assert f"thấp nhất {B.name} (" in rate[0]
    assert "điểm phần trăm so với 6 tháng đầu năm 2021" in rate[0]
    assert "của 2/3 đơn vị có số" in rate[0]
    assert "[3.4.2.a]" not in told
    assert made["tinh_hinh_gui"] == f"2/3 đơn vị có báo cáo được tính; chưa có: {C.name}."


def test_where_all_are_alike_none_is_named() -> None:
    """W2: of units that all stand at one figure nobody stands lowest."""
    result = consolidate(FORM, [good(A), good(B)], (A, B), FORM.period("2022-6T"))
    made = city_context(result, SOURCE)
    told = sentences(made)
    (rate,) = (text for text in told if text.endswith("[3.4.2]."))
    assert "thấp nhất" not in rate


def test_what_only_the_units_know_is_marked() -> None:
    """W2: a city without a workbook of its own prints no figure, but the text gives the units'."""
    sent = [good(A, c3_1_1=24, c3_2_4_b=0), good(B, c3_1_1=24)]
    made = city_context(consolidate(FORM, sent, (A, B), FORM.period("2022-6T")), SOURCE)
    told = sentences(made)
    (shared,) = (text for text in told if text.endswith("[3.1.1]."))
    assert ": 24 thủ tục; tính chung các đơn vị: số chung của các đơn vị" in shared
    (rate,) = (text for text in told if text.endswith("[3.2.4]."))
    assert f"thấp nhất {A.name} (" in rate
    for id in ("3.1.1", "3.2.4"):
        at = [item.id for item in FORM.indicators].index(id)
        assert made["phu_luc"][at]["so_lieu"] == ""


def test_parts_of_another_origin_are_not_told_with_a_rate() -> None:
    """W2: the city knows one part only, so that the rate is the units', and that part is not."""
    sent = [good(A), good(B), report(CITY, {"3.2.4.a": 10})]
    made = city_context(consolidate(FORM, sent, (A, B, CITY), FORM.period("2022-6T")), SOURCE)
    told = sentences(made)
    (rate,) = (text for text in told if text.endswith("[3.2.4]."))
    assert "%; tính chung các đơn vị" in rate
    assert [text for text in told if text.endswith(": 10 hồ sơ [3.2.4.a].")]


def test_a_commune_makes_its_own(tmp_path: Path, capsys) -> None:
    """W2, W4: from its workbook; once only."""
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
