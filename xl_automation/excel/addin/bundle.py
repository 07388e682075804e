"""Packs everything a PC without internet needs, except Python itself, into one zip.

The user adds the official embeddable Python (``python-3.11.9-embed-amd64.zip`` from python.org)
beside the scripts.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.excel.addin import home
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.files import write_whole
from xl_automation.xlsx.package import zip_parts

PYTHON_VERSION = "3.11"
CHECKOUT = Path(__file__).parents[3]
WINDOWS_ONLY = ("pywin32", "tzdata", "pip")  # pip judges conditions by the system it runs on


def bundle(out: Path, wheels: Path | None = None, python: str = PYTHON_VERSION) -> None:
    """Write the zip *out*.

    Args:
        out: The zip to write.
        wheels: A folder of Windows wheels; without it they are downloaded.
        python: The Python version (``3.11``) of the embeddable Python it is for.

    Raises:
        UserError: If it cannot be written, or this is no checkout.
    """
    with tempfile.TemporaryDirectory() as folder:
        if wheels is None:
            wheels = Path(folder)
            download(wheels, python)
        files = {path.name: path for path in WORKBOOK.iterdir() if path.is_file()}
        files["cai_dat.py"] = Path(home.__file__)
        files |= {f"wheels/{path.name}": path for path in wheels.glob("*.whl")}
        content = {name: path.read_bytes() for name, path in sorted(files.items())}
        write_whole(out, zip_parts(content))


def download(wheels: Path, python: str = PYTHON_VERSION, *extra: str) -> None:
    """Fill the folder *wheels* with this package's wheel and all it needs on Windows.

    Args:
        wheels: The folder.
        python: The Python version.
        *extra: More requirements or options for ``pip download``.

    Raises:
        UserError: If this is no checkout.
    """
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise UserError("Lệnh này cần chạy từ thư mục mã nguồn của dự án.")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    target = ["--platform=win_amd64", f"--python-version={python}", "--only-binary=:all:"]
    with tempfile.TemporaryDirectory() as folder:  # built in place, modules since deleted get in
        source = copy_sources(Path(folder, "source"))
        wheel = [*pip, "wheel", "--no-deps", f"--wheel-dir={wheels}", str(source)]
        subprocess.run(wheel, check=True)
    own = max(wheels.glob("xl_automation-*.whl"), key=lambda path: path.stat().st_mtime)
    subprocess.run(
        [*pip, "download", *target, f"--dest={wheels}", *WINDOWS_ONLY, *extra, str(own)], check=True
    )


def copy_sources(folder: Path) -> Path:
    """Copy to *folder* what the package is built from, and return it."""
    folder.mkdir()
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(CHECKOUT / name, folder)
    for name in ("xl_automation", "macros", "workbook"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / name, folder / name, ignore=ignored)
    return folder
