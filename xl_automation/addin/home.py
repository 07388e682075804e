"""Where the add-in lives on a Windows PC, and the private Python it runs on.

Only the standard library, and nothing else of this package: the offline bundle runs this very file
(there ``cai_dat.py``) on a bare embeddable Python, before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PIP_ARGUMENTS = (
    "install",
    "--no-index",
    "--no-warn-script-location",
    "--disable-pip-version-check",
)


class InstallError(Exception):
    """Something on this PC stands in the way; the message says what to do, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of one user, all writable without administrator rights.

    Attributes:
        home: The add-in's own folder. VBA and the DLL pass its path through the ANSI code page,
            so it is ASCII.
        xlstart: Whatever lies here, Excel opens, and trusts.
    """

    home: Path
    xlstart: Path

    @property
    def python(self) -> Path:
        """The private interpreter."""
        return self.home / "python" / "python.exe"

    @property
    def log(self) -> Path:
        """The folder of log files."""
        return self.home / "log"

    @property
    def addin(self) -> Path:
        """The installed add-in."""
        return self.xlstart / "CCHC.xlam"


def places(env: Mapping[str, str] = os.environ) -> Places:
    """Return the places of the user that *env* describes.

    A user name with Vietnamese letters makes ``%LOCALAPPDATA%`` unusable; such a user gets a folder
    of his own in ``%ProgramData%``, where everyone may create one.
    """
    local = env.get("LOCALAPPDATA") or str(Path.home() / ".local" / "share")
    home = Path(local, "CCHC")
    if not str(home).isascii():
        home = Path(
            env.get("ProgramData", "C:\\ProgramData"), f"CCHC-{zlib.crc32(local.encode()):08x}"
        )
    return Places(home, Path(env.get("APPDATA") or local, "Microsoft", "Excel", "XLSTART"))


def make_home(home: Path, env: Mapping[str, str] = os.environ) -> None:
    """Create *home* and its log folder; in a shared place, for this user's eyes and hands only."""
    (home / "log").mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32" and not home.is_relative_to(env["LOCALAPPDATA"]):
        owner = f"{env['USERDOMAIN']}\\{env['USERNAME']}:(OI)(CI)F"
        administrators = "*S-1-5-32-544:(OI)(CI)F"
        command = ["icacls", str(home), "/inheritance:r", "/grant:r", owner, administrators]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def unpack_python(bundle: Path, home: Path) -> Path:
    """Unpack the embeddable Python that lies in *bundle* and return its interpreter."""
    archives = sorted(bundle.glob("python-3.*-embed-amd64.zip"))
    if len(archives) != 1:
        raise InstallError(
            f"Cần đúng một tệp python-3.x.y-embed-amd64.zip trong thư mục {bundle}; "
            f"đang có {len(archives)} tệp. Tải tệp này từ trang python.org rồi chép vào đó."
        )
    folder = home / "python"
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archives[0]) as archive:
        archive.extractall(folder)
    (paths,) = folder.glob("python*._pth")  # decides what an embeddable Python imports from
    paths.write_text(f"{paths.stem}.zip\n.\nLib\\site-packages\nimport site\n", encoding="utf-8")
    return folder / "python.exe"


def set_up(bundle: Path, env: Mapping[str, str] = os.environ) -> None:
    """Install everything from an unpacked *bundle*: Python, the packages, the add-in."""
    home = places(env).home
    make_home(home, env)
    print("1/3 Chép Python riêng …", flush=True)
    python = unpack_python(bundle, home)
    wheels = bundle / "wheels"
    (pip,) = wheels.glob("pip-*.whl")
    print("2/3 Cài các gói cần thiết, mất vài phút …", flush=True)
    _run(python, f"{pip}/pip", *PIP_ARGUMENTS, "--find-links", str(wheels), "xl_automation")
    print("3/3 Đặt tiện ích vào Excel …", flush=True)
    _run(python, "-X", "utf8", "-m", "xl_automation.addin.install")


def _run(*command: str | Path) -> None:
    if subprocess.run(command, check=False).returncode:
        raise InstallError("Bước này không thành công; nguyên nhân ở các dòng ngay phía trên.")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        set_up(Path(__file__).resolve().parent)
    except InstallError as error:
        sys.exit(f"Không cài được: {error}")
