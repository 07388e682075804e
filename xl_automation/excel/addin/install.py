"""Puts the add-in into the user's Excel, and takes it out again. No administrator rights."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.excel.addin.addin_file import XLWINGS, settled
from xl_automation.excel.addin.home import Places, is_plain, make_home, places
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.package import read_parts, zip_parts

ADDIN = WORKBOOK / "CCHC.xlam"
CLOSE_EXCEL = "Đóng hết các cửa sổ Excel rồi chạy lại lệnh này"


def install(
    env: Mapping[str, str] = os.environ,
    python: Path | None = None,
    addin: Path = ADDIN,
) -> Places:
    """Put *addin* into Excel's start folder, set to run on *python*, and return where.

    Args:
        env: The user's environment.
        python: The interpreter; by default the running one.
        addin: The add-in as built.

    Raises:
        UserError: This interpreter cannot serve Excel, or Excel holds the old add-in open.
    """
    python = python or Path(sys.executable).with_name("python.exe")
    refuse_unfit(python)
    here = places(env)
    make_home(here.home, env)
    here.xlstart.mkdir(parents=True, exist_ok=True)
    parts = settled(read_parts(addin.read_bytes()), here.home, python)
    try:
        here.addin.write_bytes(zip_parts(parts))
    except PermissionError as error:
        raise UserError(f"Không ghi được {here.addin}. {CLOSE_EXCEL}.") from error
    return here


def refuse_unfit(python: Path) -> None:
    """Make sure that Excel can start *python* and load xlwings' DLL beside it.

    Raises:
        UserError: If it cannot, with what to do.
    """
    how = "Dùng bộ cài có Python riêng (cai-dat-addin.cmd)."
    if "WindowsApps" in python.parts:
        raise UserError(f"Python từ Microsoft Store không phục vụ được Excel. {how}")
    if not is_plain(python):
        raise UserError(
            f"Đường dẫn {python} có chữ ngoài bảng ASCII hoặc dấu & % ^ !, Excel không gọi được. "
            f"{how}"
        )
    if version("xlwings") != XLWINGS:
        raise UserError(
            f"Cần xlwings {XLWINGS}, đang có {version('xlwings')}. "
            f"Chạy: {python} -m pip install xlwings=={XLWINGS}"
        )
    if find_dll(python) is None:
        raise UserError(
            f"Không thấy {dll_name()} ở {python.parent} hay thư mục trên nó. "
            f"Chạy: {python} -m pip install --force-reinstall --no-deps xlwings=={XLWINGS}"
        )


def dll_name(bits: int = 64) -> str:
    """Return the name of xlwings' DLL for an Excel of *bits*."""
    return f"xlwings{bits}-{XLWINGS}.dll"


def find_dll(python: Path, bits: int = 64) -> Path | None:
    """Return xlwings' DLL where its VBA looks: beside *python*, or one folder up."""
    folders = (python.parent, python.parent.parent)
    paths = (folder / dll_name(bits) for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def uninstall(env: Mapping[str, str] = os.environ) -> tuple[Path, ...]:
    """Remove the add-in and all it put on this PC; return what could not go.

    Raises:
        UserError: Excel holds the add-in open, or this is the private Python, which cannot
            remove itself.
    """
    here = places(env)
    if Path(sys.executable).is_relative_to(here.home):
        raise UserError(
            f"Lệnh này chạy bằng Python nằm trong {here.home}, không tự xoá được. "
            "Đóng Excel rồi bấm đúp tệp go-bo-addin.cmd trong bộ cài."
        )
    try:
        here.addin.unlink(missing_ok=True)
    except PermissionError as error:
        raise UserError(f"Không xoá được {here.addin}. {CLOSE_EXCEL}.") from error
    shutil.rmtree(here.home, ignore_errors=True)
    return (here.home,) if here.home.exists() else ()


def main() -> int:
    """Install, saying in Vietnamese what came of it; return the exit status."""
    try:
        here = install()
    except UserError as error:
        print(f"Không cài được: {error}")
        return 2
    print(f"Đã đặt tiện ích vào {here.addin}. Mở lại Excel để thấy thẻ CCHC.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
