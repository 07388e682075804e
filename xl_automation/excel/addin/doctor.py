"""Looks at everything on a PC that the add-in needs, and says in Vietnamese what to do."""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

from xl_automation.errors import UserError
from xl_automation.excel.addin.addin_file import interpreter, settled
from xl_automation.excel.addin.home import places
from xl_automation.excel.addin.install import ADDIN, find_dll, refuse_unfit
from xl_automation.xlsx.package import read_parts

ReadRegistry = Callable[[str, str], object]  # (key, value name) -> what stands there, or None
_OFFICE = "Software\\Policies\\Microsoft\\Office\\{}\\"
_VERSIONS = ("16.0", "15.0", "14.0")
_ASR = "SOFTWARE\\{}Microsoft\\Windows Defender\\Windows Defender Exploit Guard\\ASR\\Rules"
_BLOCKING_RULES = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "chặn ứng dụng Office tạo tiến trình con",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "chặn macro Office gọi Win32 API",
}
_REINSTALL = "Đóng Excel, chạy lại cai-dat-addin.cmd (hoặc: cchc addin install)."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    state: Literal["ok", "warning", "error"]
    found: str
    advice: str = ""


def windows_registry(key: str, name: str) -> object:
    """Return a value of this PC's registry, the user's or the machine's; None if there is none."""
    if sys.platform == "win32":
        import winreg

        for hive in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            try:
                with winreg.OpenKey(hive, key) as opened:
                    return winreg.QueryValueEx(opened, name)[0]
            except OSError:
                continue
    return None


def doctor(
    env: Mapping[str, str] = os.environ,
    python: Path | None = None,
    registry: ReadRegistry = windows_registry,
    addin: Path = ADDIN,
) -> list[Check]:
    """Return what was found, the most basic first.

    Args:
        env: The user's environment.
        python: The interpreter; by default the running one.
        registry: Reads the registry.
        addin: The add-in as built, to compare the installed one with.
    """
    python = python or Path(sys.executable).with_name("python.exe")
    return [*_python(python), _installed(env, python, addin), _log(env), *_policies(registry)]


def _python(python: Path) -> Iterator[Check]:
    bits = 64 if sys.maxsize > 2**32 else 32
    yield Check("Python", "ok", f"{sys.version.split()[0]}, {bits} bit: {python}")
    try:
        refuse_unfit(python)
        yield Check("xlwings", "ok", f"{version('xlwings')}, {find_dll(python)}")
    except UserError as error:
        yield Check("xlwings", "error", "Excel không dùng được Python này.", str(error))
        return
    if find_dll(python, bits=32) is None:
        advice = "Excel 32 bit sẽ không chạy được hàm CCHC_…; Excel 64 bit không cần."
        yield Check("xlwings 32 bit", "warning", "Không có DLL 32 bit.", advice)


def _installed(env: Mapping[str, str], python: Path, addin: Path) -> Check:
    here, name = places(env), "Tiện ích trong Excel"
    if not here.addin.is_file():
        advice = f"{_REINSTALL} Nếu tệp tự biến mất: phần mềm diệt virus đã cách ly nó."
        return Check(name, "error", f"Không có {here.addin}.", advice)
    try:
        parts = read_parts(here.addin.read_bytes())
    except (OSError, BadZipFile, EOFError, zlib.error) as error:
        found = f"Không đọc được {here.addin} ({type(error).__name__}): tệp hỏng."
        return Check(name, "error", found, _REINSTALL)
    called = interpreter(parts)
    if called is None:
        return Check(name, "error", f"{here.addin} không phải tiện ích CCHC.", _REINSTALL)
    if not Path(called).is_file():
        return Check(name, "error", f"Gọi Python ở {called}, không có ở đó.", _REINSTALL)
    if parts != settled(read_parts(addin.read_bytes()), here.home, python):
        return Check(name, "warning", "Là bản khác với bản của gói này.", _REINSTALL)
    if _downloaded(here.addin):
        advice = "Bấm chuột phải vào tệp, chọn Properties, đánh dấu Unblock, bấm OK."
        return Check(name, "error", "Windows đánh dấu là tệp tải từ mạng.", advice)
    return Check(name, "ok", str(here.addin))


def _downloaded(path: Path) -> bool:
    """Whether Windows keeps a Mark of the Web beside *path*."""
    return Path(f"{path}:Zone.Identifier").is_file()


def _log(env: Mapping[str, str]) -> Check:
    log, name = places(env).log, "Thư mục nhật ký"
    if not os.access(log, os.W_OK):
        return Check(name, "error", f"Không có hoặc không ghi được {log}.", _REINSTALL)
    return Check(name, "ok", str(log))


def _policies(registry: ReadRegistry) -> Iterator[Check]:
    ask = "Đây là chính sách của cơ quan; đề nghị bộ phận công nghệ thông tin "

    def policies(key: str, name: str) -> set[object]:
        return {registry(_OFFICE.format(office) + key, name) for office in _VERSIONS}

    macros = policies("Excel\\Security", "VBAWarnings")
    # Excel trusts its start folder, whatever else it says of macros, unless no place is trusted.
    nowhere = 1 in policies("Excel\\Security\\Trusted Locations", "AllLocationsDisabled")
    if 1 in policies("Common", "VBAOff"):
        yield Check("Quyền chạy macro", "error", "Macro bị tắt hẳn.", f"{ask}cho phép macro.")
    elif nowhere and macros & {3, 4}:
        found = "Macro không có chữ ký bị tắt, mọi vị trí tin cậy cũng bị tắt."
        advice = f"{ask}cho phép thư mục XLSTART của người dùng là nơi tin cậy."
        yield Check("Quyền chạy macro", "error", found, advice)
    else:
        yield Check("Quyền chạy macro", "ok", "Không bị chính sách nào chặn.")
        if nowhere:
            advice = f"{ask}cho phép các vị trí tin cậy (Trusted Locations)."
            yield Check("Vị trí tin cậy", "warning", "Mọi vị trí tin cậy bị tắt.", advice)
    yield from _defender(registry, ask)


def _defender(registry: ReadRegistry, ask: str) -> Iterator[Check]:
    blocking = [
        (rule, what)
        for rule, what in _BLOCKING_RULES.items()
        if any(str(registry(_ASR.format(policy), rule)) == "1" for policy in ("Policies\\", ""))
    ]
    for rule, what in blocking:
        advice = f"{ask}đặt ngoại lệ cho quy tắc {rule}. Lệnh cchc vẫn dùng được."
        yield Check("Microsoft Defender", "error", f"Đang {what}.", advice)
    if not blocking:
        yield Check("Microsoft Defender", "ok", "Không có quy tắc nào chặn tiện ích.")
