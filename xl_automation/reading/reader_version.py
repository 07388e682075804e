"""What a reading depends upon beside the file: the form, this program, its libraries, Python."""

from __future__ import annotations

import hashlib
import sys
from functools import cache
from pathlib import Path

from xl_automation.forms.form import Form

PACKAGE = Path(__file__).parents[1]
ROOMS = ("forms", "reading", "template", "xlsx")  # all that the reader imports
FOUNDATIONS = ("errors.py", "wording.py")  # below all rooms
_LIBRARIES = ("openpyxl", "lxml")


def reader_version(form: Form) -> str:
    """Return a text that changes whenever a workbook of *form* might be read differently.

    It says more than it must: rules and guides are in it too, and writers of workbooks. To read
    once more costs less than to think of what matters.

    Returns:
        A hexadecimal digest; empty where the program cannot tell its own version.
    """
    program = program_version()
    if not program:
        return ""
    # Frozen data all through: what the form prints is what it is.
    whole = f"{program}\n{sys.version}\n{form!r}"
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def program_version(package: Path = PACKAGE) -> str:
    """Return a digest of what reads workbooks: the sources in *package*, and the libraries.

    A version number alone would not do: whoever mends the program runs it before it has a new one.

    Returns:
        A hexadecimal digest; empty where there are no sources, as in a package of bytecode.
    """
    sources = sorted(path for room in ROOMS for path in (package / room).glob("*.py"))
    if not sources:
        return ""
    from importlib.metadata import version  # a single file need not wait for it

    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in (*(package / name for name in FOUNDATIONS), *sources):
        digest.update(f"{path.relative_to(package).as_posix()}\n".encode())
        # A checkout on Windows may end its lines differently.
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
