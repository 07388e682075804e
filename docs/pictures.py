"""Draws the pictures of the README from real output, in LibreOffice.

    python docs/pictures.py      needs what the tests need, and Pillow

Each picture is a range of a sheet of the example workbooks, as a clerk or an officer sees it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.office import Office, pdf_pages  # noqa: E402

FORM_PAGE = 3  # from 0: the guide and the information sheet are printed before it
IMAGES = Path(__file__).parent / "images"
FORM = "2-da-gui/CCHC_2022-6T_05497_xa-thinh-duc.xlsx"
CITY, SUMMARY = "phu-luc-thanh-pho-2022-6T.xlsx", "tong-hop-2022-6T.xlsx"


def main() -> None:
    """Run the demo and draw every picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Office(locale="vi-VN") as office:
        demo = Path(folder, "demo")
        subprocess.run([sys.executable, "-m", "xl_automation", "demo", str(demo)], cwd=ROOT)
        printed = Path(folder, "printed.pdf")
        with office.open(demo / FORM) as book:
            book.to_pdf(printed)
        save(pdf_pages(printed, dpi=80)[FORM_PAGE], "phu-luc-in.png")
        draw(office, demo / FORM, "Phụ lục", "A1:J56", "phu-luc.png")
        draw(office, demo / FORM, "Kiểm tra", "A1:H22", "kiem-tra.png")
        signed = Path(folder, "signed.pdf")
        with office.open(demo / CITY) as book:
            book.to_pdf(signed)
        save(pdf_pages(signed, dpi=80)[FORM_PAGE], "phu-luc-thanh-pho.png")
        draw(office, demo / SUMMARY, "Tổng quan", "A1:N44", "tong-quan.png")
        draw(office, demo / SUMMARY, "Tiến độ", "A1:L44", "tien-do.png")
        draw(office, demo / SUMMARY, "Tổng hợp", "A1:I40", "tong-hop.png")


def draw(office: Office, path: Path, sheet: str, cells: str, name: str) -> None:
    """Save a picture of some cells of a sheet."""
    with office.open(path) as book, tempfile.TemporaryDirectory() as folder:
        for other in book.sheets():
            book.sheet(other).unprotect("")
            book.sheet(other).setPrintAreas(())
        page = book.sheet(sheet)
        page.setPrintAreas((page.getCellRangeByName(cells).getRangeAddress(),))
        page.setPrintTitleRows(False)
        page.removeAllManualPageBreaks()
        for other in book.sheets():
            book.sheet(other).IsVisible = other == sheet
        style = book.document.StyleFamilies.getByName("PageStyles").getByName(page.PageStyle)
        style.IsLandscape, style.Width, style.Height = True, 60_000, 42_000
        style.HeaderIsOn = style.FooterIsOn = False
        style.ScaleToPagesX = style.ScaleToPagesY = 1
        book.to_pdf(Path(folder, "picture.pdf"))
        save(pdf_pages(Path(folder, "picture.pdf"), dpi=75)[0], name)


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
