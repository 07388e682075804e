"""Draws the pictures of the pages from real output: of the demonstration, in LibreOffice.

    python docs/pictures.py      needs what the tests need, Pillow and Noto Sans Mono

Each picture is a range of a sheet of the example workbooks, a printed page, or what a command
writes, as a clerk or an officer sees it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.communes import cells as cells_of  # noqa: E402
from tests.support.office import Office, pdf_pages  # noqa: E402
from tests.support.summary_pages import printed  # noqa: E402
from xl_automation.forms.loader import load_form  # noqa: E402
from xl_automation.template.blank_list import TITLE as BLANKS  # noqa: E402
from xl_automation.xlsx.address import Address  # noqa: E402

FORM_PAGE = 3  # from 0: the guide and the information sheet are printed before it
IMAGES = Path(__file__).parent / "images"
REAL = "CCHC_2022-6T_05497_xa-thinh-duc.xlsx"
WRONG = "CCHC_2022-6T_05440_phuong-hoang-van-thu.xlsx"
ISSUED, SENT = Path("1-phat-hanh"), Path("2-da-gui")
FORM, RETURNED = SENT / REAL, Path("tra-lai") / REAL
CITY, SUMMARY = "phu-luc-thanh-pho-2022-6T.xlsx", "tong-hop-2022-6T.xlsx"
DECIDED = "quyet-dinh.xlsx"  # the summary once more, with decisions
PROVINCE = "tinh-2022-6T.xlsx"  # of two summaries of half the units each
HEAD = "6:7"  # the rows of the form's header
SHEETS = (  # picture, workbook, sheet, cells, rows repeated above them
    ("phu-luc.png", FORM, "Phụ lục", "A1:J56", ""),
    ("kiem-tra.png", FORM, "Kiểm tra", "A1:H22", ""),
    ("bieu-mau-trong.png", ISSUED / REAL, "Phụ lục", "A1:G25", ""),
    ("thong-tin.png", FORM, "Thông tin", "A1:B22", ""),
    ("o-sai.png", FORM, "Phụ lục", "A55:G71", HEAD),
    ("tra-lai.png", RETURNED, "Phụ lục", "A55:H71", HEAD),
    ("tong-quan.png", SUMMARY, "Tổng quan", "A1:L33", ""),
    ("xep-hang.png", SUMMARY, "Xếp hạng", "A1:AC38", ""),
    ("xu-huong.png", SUMMARY, "Xu hướng", "A1:L30", ""),
    ("mot-don-vi.png", SUMMARY, "Một đơn vị", "A1:H20", ""),
    ("tong-hop.png", SUMMARY, "Tổng hợp", "A1:J30", ""),
    ("theo-don-vi.png", SUMMARY, "Theo đơn vị", "A1:N24", ""),
    ("tien-do.png", SUMMARY, "Tiến độ", "A1:L44", ""),
    ("quyet-dinh.png", DECIDED, "Quyết định", "A1:I10", ""),
    ("cap-duoi.png", PROVINCE, "Cấp dưới", "A1:G30", ""),
)
FOUND = (  # picture, workbook, sheet, columns, what the first row says, rows, rows above
    ("o-trong.png", FORM, "Kiểm tra", "A:E", BLANKS, 9, ""),
    ("diem-can-xem-lai.png", SUMMARY, "Điểm cần xem lại", "A:N", "K07", 9, "4:4"),
)
PRINTED = (  # picture, workbook, page from 0
    ("phu-luc-in.png", FORM, FORM_PAGE),
    ("phu-luc-thanh-pho.png", CITY, FORM_PAGE),
)
REPORT = "bao-cao-2022-6T.docx"
WRITTEN = (("bao-cao-word.png", 0), ("bao-cao-word-so-lieu.png", 1))  # picture, page from 0
TREND_CHARTS = ("bieu-do-xu-huong.png", "Một đơn vị")  # picture, the sheet behind their page
DECISIONS = """unit,indicator,rule,decision,reason,by,until
05440,7.3,,exclude,"Ghi mã 3, ngoài danh sách; chờ phường gửi lại",Chánh Văn phòng UBND,
*,*,K05,accept,Số TTHC lấy theo quyết định công bố của tỉnh,Chánh Văn phòng UBND,2022-N
"""
LINE, HEIGHT, MARGIN = 104, 19, 14  # a line of text, in characters and pixels; pixels
INK, PAPER = "#1F2933", "#F7F8FA"
LETTERS, SIGNS = "NotoSansMono-Regular.ttf", "DejaVuSansMono.ttf"  # only the latter has these:
SIGN = "✓✗↩"


def main() -> None:
    """Run the demo and what follows it, and draw every picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Office(locale="vi-VN") as office:
        demo = Path(folder, "demo")
        screens = {"dong-lenh.png": cchc(demo.parent, "demo", "demo")}
        (demo / "quyet-dinh.csv").write_text(DECISIONS, encoding="utf-8")
        cchc(demo, "return", str(SENT / REAL), "--out", "tra-lai")
        cchc(demo, "remind", SUMMARY, "--out", "loi-nhac")
        decided = ("--decisions", "quyet-dinh.csv", "--out", DECIDED)
        cchc(demo, "consolidate", str(SENT), *decided)
        take_together(demo)
        screens["kiem-tra-lenh.png"] = cchc(demo, "check", str(SENT / WRONG))
        letter = demo / "loi-nhac" / f"{WRONG[13:-5]}.txt"
        screens["loi-nhac.png"] = letter.read_text("utf-8-sig")
        for name, text in screens.items():
            write(text, name)
        for name, book, page in PRINTED:
            pages = Path(folder, "printed.pdf")
            with office.open(demo / book) as opened:
                opened.to_pdf(pages)
            save(pdf_pages(pages, dpi=80)[page], name)
        with office.text(demo / REPORT) as text:
            office.store_text(text, Path(folder, "written.pdf"), "writer_pdf_Export")
        for name, page in WRITTEN:
            save(pdf_pages(Path(folder, "written.pdf"), dpi=70)[page], name)
        name, sheet = TREND_CHARTS
        save(page_before(office, demo / SUMMARY, sheet, Path(folder, "charts.pdf")), name)
        for name, book, sheet, cells, head in SHEETS:
            draw(office, demo / book, sheet, cells, name, head)
        for name, book, sheet, columns, words, count, head in FOUND:
            row = row_of(demo / book, sheet, words)
            first, last = columns.split(":")
            cells = f"{first}{row}:{last}{row + count - 1}"
            draw(office, demo / book, sheet, cells, name, head)


def take_together(demo: Path) -> None:
    """Make the summary of a province whose two cities have half of the units each."""
    form = load_form()
    units = [unit for unit in form.units_at(form.period("2022-6T")) if unit.level == "commune"]
    (demo / "nop").mkdir()
    for name, half in (("tp-a", units[::2]), ("tp-b", units[1::2])):
        owed = "".join(f"{unit.code},{unit.name}\n" for unit in half)
        (demo / f"{name}.csv").write_text(f"code,name\n{owed}", encoding="utf-8")
        sent = [str(path) for unit in half for path in (demo / SENT).glob(f"*_{unit.code}_*")]
        out = ("--units", f"{name}.csv", "--out", f"nop/{name}.xlsx", "--period", "2022-6T")
        cchc(demo, "consolidate", *sent, *out)
    cchc(demo, "consolidate", "nop", "--out", PROVINCE)


def cchc(folder: Path, *arguments: str) -> str:
    """Return what a command prints, run in *folder*; its progress is left out."""
    done = subprocess.run(
        [sys.executable, "-m", "xl_automation", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert done.returncode in (0, 1), done.stdout
    return f"$ cchc {' '.join(arguments)}\n{done.stdout}"


def row_of(path: Path, sheet: str, words: str) -> int:
    """Return the first row of a sheet in which a cell says just *words*."""
    return min(
        Address(address).row for address, value in cells_of(path, sheet).items() if value == words
    )


def page_before(office: Office, path: Path, sheet: str, out: Path) -> Path:
    """Return a picture of the printed page before those of a sheet."""
    with office.open(path) as book:
        pages = printed(book.to_pdf(out))
    first = next(n for n, page in enumerate(pages) if page.head.startswith(sheet))
    return pdf_pages(out, dpi=90)[first - 1]


def draw(office: Office, path: Path, sheet: str, cells: str, name: str, head: str = "") -> None:
    """Save a picture of some cells of a sheet, below the rows of *head* where there is one."""
    with office.open(path) as book, tempfile.TemporaryDirectory() as folder:
        for other in book.sheets():
            book.sheet(other).unprotect("")
            book.sheet(other).setPrintAreas(())
        page = book.sheet(sheet)
        page.setPrintAreas((page.getCellRangeByName(cells).getRangeAddress(),))
        page.setPrintTitleRows(bool(head))
        if head:
            page.setTitleRows(page.getCellRangeByName(head).getRangeAddress())
        page.removeAllManualPageBreaks()
        for other in book.sheets():
            book.sheet(other).IsVisible = other == sheet
        style = book.document.StyleFamilies.getByName("PageStyles").getByName(page.PageStyle)
        style.IsLandscape, style.Width, style.Height = True, 60_000, 42_000
        style.HeaderIsOn = style.FooterIsOn = False
        style.ScaleToPagesX = style.ScaleToPagesY = 1
        book.to_pdf(Path(folder, "picture.pdf"))
        save(pdf_pages(Path(folder, "picture.pdf"), dpi=75)[0], name)


def write(text: str, name: str) -> None:
    """Save a picture of lines of text, the long ones broken."""
    broken = (
        textwrap.wrap(line, LINE, subsequent_indent="    ", drop_whitespace=False) or [""]
        for line in text.rstrip().splitlines()
    )
    lines = [part.rstrip() for parts in broken for part in parts]
    letters, signs = (ImageFont.truetype(font, 14) for font in (LETTERS, SIGNS))
    step = letters.getlength("0")
    size = (int(step * max(map(len, lines))) + 2 * MARGIN, HEIGHT * len(lines) + 2 * MARGIN)
    image = Image.new("RGB", size, PAPER)
    canvas = ImageDraw.Draw(image)
    for row, line in enumerate(lines):
        top = MARGIN + HEIGHT * row
        for column, character in enumerate(line):
            font = signs if character in SIGN else letters
            canvas.text((MARGIN + step * column, top), character, INK, font)
    image.quantize(32).save(IMAGES / name, optimize=True)


def save(picture: Path, name: str) -> None:
    """Save a picture without its white margins."""
    image = Image.open(picture).convert("RGB")
    blank = Image.new("RGB", image.size, "white")
    box = ImageChops.difference(image, blank).getbbox()
    margin = 8
    left, top, right, bottom = box or (0, 0, *image.size)
    area = (max(left - margin, 0), max(top - margin, 0), right + margin, bottom + margin)
    image.crop(area).quantize(256).save(IMAGES / name, optimize=True)


if __name__ == "__main__":
    main()
