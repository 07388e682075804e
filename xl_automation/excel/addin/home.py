"""Where the add-in lives on a Windows PC, and the private Python it runs on.

Only the standard library, and nothing else of this package: the offline bundle runs this very file
(there ``cai_dat.py``) on a bare embeddable Python, before anything is installed.
"""

from __future__ import annotations

import os
import re
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
# The command line, beside the private Python; its folder is on no PATH.
COMMAND = '@"%~dp0python\\python.exe" -X utf8 -m xl_automation %*\n'
_FOR = re.compile(r"-cp3(\d+)-cp3\d+-")  # of a wheel for one Python; abi3 ones suit later ones too
_BREAKS_COMMANDS = frozenset("&%^!'\"")


class InstallError(Exception):
    """Something on this PC stands in the way; the message says what to do, in Vietnamese.

    Elsewhere that is a `UserError`; here it cannot be, since this file runs alone.
    """


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
    def log_file(self) -> Path:
        """What went wrong, for whoever mends it."""
        return self.log / "cchc.log"

    @property
    def addin(self) -> Path:
        """The installed add-in."""
        return self.xlstart / "CCHC.xlam"


def is_plain(path: Path) -> bool:
    """Return whether *path* survives VBA, the ANSI code page and the quoting of cmd.exe."""
    return str(path).isascii() and _BREAKS_COMMANDS.isdisjoint(str(path))


def places(env: Mapping[str, str] = os.environ) -> Places:
    """Return the places of the user that *env* describes.

    A user name with Vietnamese letters or an ``&`` makes ``%LOCALAPPDATA%`` unusable; such a user
    gets a folder of his own in ``%ProgramData%``, where everyone may create one.
    """
    local = env.get("LOCALAPPDATA") or str(Path.home() / ".local" / "share")
    home = Path(local, "CCHC")
    if not is_plain(home):
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
    """Unpack the embeddable Python that lies in *bundle* and return its interpreter.

    The Python of an earlier installation stays until the new one is complete.

    Raises:
        InstallError: If it is not there, is damaged or of another version, or cannot be put in
            place.
    """
    archives = sorted(bundle.glob("python-3.*-embed-amd64.zip"))
    if len(archives) != 1:
        raise InstallError(
            f"Cần đúng một tệp python-3.x.y-embed-amd64.zip trong thư mục {bundle}; "
            f"đang có {len(archives)} tệp. Tải tệp này từ trang python.org rồi chép vào đó."
        )
    _refuse_other_version(archives[0], bundle / "wheels")
    folder, new = home / "python", home / "python-moi"
    shutil.rmtree(new, ignore_errors=True)
    try:
        with zipfile.ZipFile(archives[0]) as archive:
            archive.extractall(new)
        (paths,) = new.glob("python*._pth")  # decides what an embeddable Python imports from
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
        raise InstallError(
            f"{archives[0].name} bị hỏng hoặc không phải bản embeddable của python.org. "
            "Tải lại tệp này rồi chạy lại."
        ) from error
    except OSError as error:
        raise InstallError(f"Không ghi được vào {new} ({error.strerror}).") from error
    lines = f"{paths.stem}.zip\n.\nLib\\site-packages\nimport site\n"
    paths.write_text(lines, encoding="utf-8")
    _replace(folder, new)
    return folder / "python.exe"


def _refuse_other_version(archive: Path, wheels: Path) -> None:
    """Raise `InstallError` if *wheels* are for another Python than that of *archive*."""
    minor = archive.name.split(".")[1]
    made_for = {match[1] for path in wheels.glob("*.whl") if (match := _FOR.search(path.name))}
    if made_for - {minor}:
        wanted = " và ".join(f"3.{version}" for version in sorted(made_for))
        raise InstallError(
            f"Bộ cài này dành cho Python {wanted}, còn {archive.name} là Python 3.{minor}. "
            f"Thay bằng bản embeddable của Python {wanted} từ trang python.org."
        )


def _replace(folder: Path, new: Path) -> None:
    """Put the folder *new* in the place of *folder*."""
    old = folder.with_name("python-cu")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if folder.exists():
            folder.rename(old)  # Windows refuses while a program in it runs
        new.rename(folder)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise InstallError(
            f"Không thay được {folder}: Python của bộ CCHC đang chạy. "
            "Đóng hết các cửa sổ Excel và cửa sổ lệnh rồi chạy lại."
        ) from error
    shutil.rmtree(old, ignore_errors=True)


def set_up(bundle: Path, env: Mapping[str, str] = os.environ) -> None:
    """Install everything from an unpacked *bundle*: Python, the packages, the add-in.

    Raises:
        InstallError: If a step does not succeed.
    """
    wheels = bundle / "wheels"
    pip = next(wheels.glob("pip-*.whl"), None)
    if pip is None:
        raise InstallError(
            f"Bộ cài thiếu tệp trong {wheels}. Giải nén lại cả tệp zip rồi chạy lại."
        )
    home = places(env).home
    make_home(home, env)
    print("1/3 Chép Python riêng …", flush=True)
    python = unpack_python(bundle, home)
    print("2/3 Cài các gói cần thiết, mất vài phút …", flush=True)
    _run(python, f"{pip}/pip", *PIP_ARGUMENTS, "--find-links", str(wheels), "xl_automation")
    print("3/3 Đặt tiện ích vào Excel …", flush=True)
    _run(python, "-X", "utf8", "-m", "xl_automation.excel.addin.install")
    (home / "cchc.cmd").write_text(COMMAND, encoding="ascii", newline="\r\n")
    print(f"Dòng lệnh: {home / 'cchc.cmd'}", flush=True)


def _run(*command: str | Path) -> None:
    if subprocess.run(command, check=False).returncode:
        raise InstallError("Bước này không thành công; nguyên nhân ở các dòng ngay phía trên.")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    try:
        set_up(Path(__file__).resolve().parent)
    except InstallError as error:
        sys.exit(f"Không cài được: {error}")
