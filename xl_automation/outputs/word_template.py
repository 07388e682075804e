"""Makes the Word template that ships: ``python -m xl_automation.outputs.word_template OUT.docx``.

Its layout is that of Nghị định 30/2020/NĐ-CP, phụ lục I. An officer edits the file, not this.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.package import zip_parts

FONT = "Times New Roman"
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
GAPS = {
    "III. ĐÁNH GIÁ CHUNG": (
        "[Cần viết: ưu điểm, kết quả nổi bật trong kỳ]",
        "[Cần viết: tồn tại, hạn chế và nguyên nhân]",
    ),
    "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ KỲ TIẾP THEO": ("[Cần viết: nhiệm vụ trọng tâm kỳ tới]",),
    "V. KIẾN NGHỊ, ĐỀ XUẤT": ("[Cần viết: kiến nghị với cấp trên; không có thì ghi “Không”]",),
}


class _Paper:
    """A document that is written from the top down."""

    def __init__(self) -> None:
        self.document = Document()
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(14)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(4)
        self._set_up(self.document.sections[0])
        properties = self.document.core_properties
        properties.author, properties.title = "", "Mẫu báo cáo cải cách hành chính"

    @staticmethod
    def _set_up(section: Any) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.orientation = WD_ORIENT.PORTRAIT
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTER
        for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
            run = number.add_run()
            element = OxmlElement("w:instrText" if text else "w:fldChar")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            element.text = text
            run._r.append(element)

    def text(self, text: str, align: Any = JUSTIFY, place: Any = None, **look: Any) -> Any:
        """Write a paragraph; *look* is ``bold``, ``italic``, ``size``, ``marked`` and the like."""
        paragraph = (place or self.document).add_paragraph()
        paragraph.alignment = align
        if look.get("first"):
            paragraph.paragraph_format.first_line_indent = Mm(10)
        paragraph.paragraph_format.keep_with_next = look.get("head", False)
        paragraph.paragraph_format.page_break_before = look.get("new_page", False)
        run = paragraph.add_run(text)
        run.bold, run.italic = look.get("bold", False), look.get("italic", False)
        run.font.size = Pt(look.get("size", 14))
        if look.get("marked"):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        return paragraph

    def table(self, widths: tuple[int, ...], bordered: bool = True) -> Any:
        """Begin a table with one row, of columns so wide in millimetres."""
        table = self.document.add_table(rows=1, cols=len(widths))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        if bordered:
            table.style = "Table Grid"
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        self._fit(table.rows[0], widths)
        return table

    @staticmethod
    def _fit(row: Any, widths: tuple[int, ...]) -> None:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)

    def cells(self, row: Any, texts: tuple[str, ...], **look: Any) -> None:
        """Write into the cells of a row."""
        for cell, text in zip(row.cells, texts, strict=True):
            paragraph = cell.paragraphs[0]
            paragraph.alignment = look.get("align", LEFT)
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.bold, run.font.size = look.get("bold", False), Pt(look.get("size", 11))

    def repeated(
        self,
        widths: tuple[int, ...],
        heads: tuple[str, ...],
        each: str,
        cells: tuple[str, ...],
    ) -> None:
        """Write a table with a row for each item of a list; its head stands on each page."""
        table = self.table(widths)
        self.cells(table.rows[0], heads, bold=True, align=CENTER)
        mark = OxmlElement("w:tblHeader")
        table.rows[0]._tr.get_or_add_trPr().append(mark)
        for texts in ((f"{{%tr for {each} %}}",), cells, ("{%tr endfor %}",)):
            row = table.add_row()
            self._fit(row, widths)
            self.cells(row, (*texts, *[""] * (len(widths) - len(texts))))
            row.cells[heads.index("Số liệu")].paragraphs[0].alignment = RIGHT


def template() -> bytes:
    """Return the template as a .docx, the same bytes each time."""
    paper = _Paper()
    _head(paper)
    _body(paper)
    _end(paper)
    _appendix(paper)
    file = BytesIO()
    paper.document.save(file)
    with ZipFile(file) as package:
        return zip_parts({name: package.read(name) for name in package.namelist()})


def _head(paper: _Paper) -> None:
    table = paper.table((62, 103), bordered=False)
    left, right = table.rows[0].cells
    for cell, lines in (
        (left, (("ỦY BAN NHÂN DÂN", False), ("{{ don_vi|upper }}", True), ("───────", False))),
        (
            right,
            (
                ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True),
                ("Độc lập - Tự do - Hạnh phúc", True),
                ("──────────────", False),
            ),
        ),
    ):
        for number, (text, bold) in enumerate(lines):
            paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
            paragraph.alignment = CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.bold, run.font.size = bold, Pt(13 if number < 2 else 8)
    row = table.add_row()
    for cell, text, italic in (
        (row.cells[0], "Số: {{ so }}", False),
        (row.cells[1], "{{ dia_danh }}, {{ ngay }}", True),
    ):
        paragraph = cell.paragraphs[0]
        paragraph.alignment = CENTER
        run = paragraph.add_run(text)
        run.italic, run.font.size = italic, Pt(13)
    paper.text("BÁO CÁO", CENTER, bold=True)
    paper.text("Công tác cải cách hành chính {{ ky }}", CENTER, bold=True)
    paper.text("{%p if luu_y %}")
    paper.text("({{ luu_y }})", CENTER, italic=True)
    paper.text("{%p endif %}")


def _body(paper: _Paper) -> None:
    paper.text(
        "{{ don_vi }} báo cáo kết quả công tác cải cách hành chính {{ ky }} (số liệu từ "
        "{{ tu_ngay }} đến {{ den_ngay }}) như sau. Mã trong ngoặc vuông là chỉ tiêu của phụ lục "
        "kèm theo; nguồn của từng số ở bảng cuối báo cáo. {{ tinh_hinh_gui }}",
        first=True,
    )
    paper.text("{%p for muc_lon in phan %}")
    paper.text("{%p if loop.first %}")
    paper.text("I. {{ muc_lon.ten|upper }}", bold=True, head=True)
    paper.text("{%p else %}")
    paper.text("{%p if loop.index0 == 1 %}")
    paper.text("II. KẾT QUẢ THỰC HIỆN CÁC NHIỆM VỤ", bold=True, head=True)
    paper.text("{%p endif %}")
    paper.text("{{ loop.index0 }}. {{ muc_lon.ten }}", bold=True, head=True)
    paper.text("{%p endif %}")
    paper.text("{%p for muc in muc_lon.muc %}")
    paper.text("{%p if muc.ten %}")
    paper.text("{{ muc.ten }}", italic=True, bold=True, head=True, first=True)
    paper.text("{%p endif %}")
    paper.text("{%p for cau in muc.cau %}")
    paper.text("- {{ cau }}", first=True)
    paper.text("{%p endfor %}")
    paper.text("{%p if muc.thieu %}")
    paper.text("[Chưa có số liệu: {{ muc.thieu }}]", first=True, marked=True)
    paper.text("{%p endif %}")
    paper.text("{%p endfor %}")
    paper.text("[Cần viết: việc đã làm, văn bản đã ban hành]", first=True, marked=True)
    paper.text("{%p endfor %}")
    for title, gaps in GAPS.items():
        paper.text(title, bold=True, head=True)
        for gap in gaps:
            paper.text(gap, first=True, marked=True)


def _end(paper: _Paper) -> None:
    table = paper.table((75, 90), bordered=False)
    left, right = table.rows[0].cells
    for cell, lines in (
        (
            left,
            (
                ("Nơi nhận:", {"bold": True, "italic": True, "size": 12}),
                ("- [Cần viết: cấp trên nhận báo cáo];", {"size": 11, "marked": True}),
                ("- Lưu: VT.", {"size": 11}),
            ),
        ),
        (
            right,
            (
                ("TM. ỦY BAN NHÂN DÂN", {"bold": True, "size": 13}),
                ("CHỦ TỊCH", {"bold": True, "size": 13}),
                ("", {}),
                ("", {}),
                ("[Ký, ghi rõ họ tên]", {"size": 13, "marked": True}),
            ),
        ),
    ):
        cell.paragraphs[0]._p.getparent().remove(cell.paragraphs[0]._p)
        for text, look in lines:
            paragraph = paper.text(text, LEFT if cell is left else CENTER, cell, **look)
            paragraph.paragraph_format.space_after = Pt(0)


def _appendix(paper: _Paper) -> None:
    paper.text("Phụ lục", CENTER, bold=True, head=True, new_page=True)
    paper.text("SỐ LIỆU CÔNG TÁC CẢI CÁCH HÀNH CHÍNH {{ ky|upper }}", CENTER, bold=True)
    attached = "(Kèm theo Báo cáo số {{ so }} {{ ngay }} của UBND {{ don_vi }})"
    paper.text(attached, CENTER, italic=True)
    paper.repeated(
        (21, 84, 31, 29),
        ("STT", "Các chỉ tiêu", "Đơn vị tính", "Số liệu"),
        "dong in phu_luc",
        ("{{ dong.stt }}", "{{ dong.ten }}", "{{ dong.don_vi_tinh }}", "{{ dong.so_lieu }}"),
    )
    title = "NGUỒN CỦA TỪNG SỐ TRONG BÁO CÁO"
    paper.text(title, CENTER, bold=True, head=True, new_page=True)
    fields = ("ma", "so_lieu", "tep", "o", "sha256")
    paper.repeated(
        (19, 26, 56, 34, 30),
        ("Chỉ tiêu", "Số liệu", "Tệp", "Ô", "Mã băm"),
        "dong in nguon",
        tuple(f"{{{{ dong.{field} }}}}" for field in fields),
    )


if __name__ == "__main__":
    write_new(Path(sys.argv[1]), template())
