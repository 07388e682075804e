"""The add-in's VBA text.

Requirements: what is stored is pure ASCII and keeps every Vietnamese letter; wrappers
equal what xlwings itself generates; Excel's limits on lines, names and help texts are kept.
"""

from __future__ import annotations

import importlib.util
import inspect
import io
import re
import sys
from types import ModuleType, SimpleNamespace

import pytest

from tests.support.function_calls import function_of
from xl_automation.excel.addin.addin_file import XLWINGS
from xl_automation.excel.addin.build import modules
from xl_automation.excel.addin.vba import MAX_LINE, literal, to_ascii, wrappers
from xl_automation.excel.functions import cell_function
from xl_automation.excel.functions.catalogue import MODULES, signatures
from xl_automation.excel.functions.cell_function import Signature

SIGNATURES = signatures()
VBA = modules()


def _evaluate(expression: str) -> str:
    """Return the value of a VBA expression of literals and ``ChrW``, as VBA computes it."""
    pieces = re.split(r" & (?:_\n +)?", expression)
    units = [
        int(piece[5:-1]).to_bytes(2, "little")
        if piece.startswith("ChrW(")
        else piece[1:-1].replace('""', '"').encode("utf-16-le")
        for piece in pieces
    ]
    return b"".join(units).decode("utf-16-le")


@pytest.mark.parametrize(
    "text",
    ["", "abc", "Kiểm tra", "Đắk Nông", 'nói "thế"', "a\nb", "biểu đồ 📊", "ế" * 255],
    ids=["empty", "ascii", "mixed", "first", "quotes", "newline", "beyond-bmp", "longest"],
)
def test_literal_evaluates_to_its_text(text: str) -> None:
    """A literal in ASCII has the value of the text it was written for."""
    expression = literal(text)
    assert expression.isascii()
    assert max(map(len, expression.split("\n"))) <= MAX_LINE
    assert _evaluate(expression) == text


@pytest.mark.parametrize(
    ("source", "stored"),
    [
        ('x = "ế"\n', "x = ChrW(7871)\r\n"),
        ("x = \"it's\" 'note\n", "x = \"it's\" 'note\r\n"),
        ("' said \"so\n", "' said \"so\r\n"),
        ('x = "a ""b"" ế"\r\n', 'x = "a ""b"" " & ChrW(7871)\r\n'),
    ],
    ids=["literal", "apostrophe-in-literal", "quote-in-comment", "quotes-in-literal"],
)
def test_to_ascii_turns_only_literals(source: str, stored: str) -> None:
    """Vietnamese literals become expressions; all else stays, with CRLF."""
    assert to_ascii("M", source) == stored


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("M", "x = é\n"),
        ("M", "' ghi chú\n"),
        ("M", 'Const TITLE = "Kiểm"\n'),
        ("M", 'Public Const TITLE As String = "Kiểm"\n'),
        ("M", "x = 1 " * 300),
        ("_M", "x = 1\n"),
        ("M" * 32, "x = 1\n"),
    ],
    ids=["code", "comment", "constant", "public-constant", "long-line", "bad-name", "long-name"],
)
def test_to_ascii_unstorable_refused(name: str, source: str) -> None:
    """What cannot be stored faithfully stops the build."""
    with pytest.raises(ValueError, match=name):
        to_ascii(name, source)


@pytest.mark.parametrize("name", VBA)
def test_module_is_within_limits(name: str) -> None:
    """Every stored module is ASCII, with CRLF, short lines and its own name once."""
    source = VBA[name]
    assert source.isascii()
    assert source.count("\n") == source.count("\r\n")
    assert max(map(len, source.split("\r\n"))) <= MAX_LINE
    assert re.findall(r'^Attribute VB_Name = "(\w+)"', source, re.MULTILINE) == [name]


@pytest.mark.parametrize("name", [name for name in VBA if not name.startswith("xlwings")])
def test_own_module_is_explicit_and_continues_few_lines(name: str) -> None:
    """Our own modules declare every variable and keep to 24 continuations in a statement."""
    assert "\r\nOption Explicit\r\n" in VBA[name]
    runs = re.findall(r"(?: _\r\n[^\r]*)+", VBA[name])
    assert max(run.count(" _\r\n") for run in runs) <= 24


def test_xlwings_module_is_that_of_the_pinned_version() -> None:
    """The module of xlwings is its own, for our project, naming the DLL of the pinned version."""
    assert f'XLWINGS_VERSION As String = "{XLWINGS}"' in VBA["xlwings"]
    assert f'"xlwings64-{XLWINGS}.dll"' in VBA["xlwings"]
    assert 'PROJECT_NAME As String = "CCHC"' in VBA["xlwings"]


@pytest.fixture
def windows_udfs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The code of xlwings for custom functions, which on its own imports only on Windows."""
    for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
        stub = ModuleType(name)
        stub.__dict__.update(CoInitialize=None, Dispatch=None)
        monkeypatch.setitem(sys.modules, name, stub)
    monkeypatch.delitem(sys.modules, "xlwings.udfs", raising=False)
    udfs = importlib.import_module("xlwings.udfs")
    monkeypatch.delitem(sys.modules, "xlwings.udfs")
    return udfs


@pytest.fixture
def decorated(windows_udfs: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The modules of the custom functions as Windows sees them, by name."""
    for name in ("func", "arg", "ret"):
        monkeypatch.setattr(f"xlwings.{name}", getattr(windows_udfs, f"xl{name}"))
    monkeypatch.setattr(cell_function, "SIGNATURES", {})  # these are the same functions again
    return {name: _again(name) for name in MODULES}


def _again(name: str) -> ModuleType:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_wrappers_equal_those_xlwings_generates(
    windows_udfs: ModuleType, decorated: dict[str, ModuleType]
) -> None:
    """The generated wrappers are what xlwings' "Import Functions" would write."""
    theirs = io.StringIO()
    workbook = SimpleNamespace(Name="CCHC.xlam")
    for name, module in decorated.items():
        windows_udfs.generate_vba_wrapper(name, module, theirs, workbook)
    ours = wrappers(SIGNATURES)
    assert ours.partition("outside of Excel\n")[2] == theirs.getvalue()


def test_signatures_equal_those_xlwings_sees(decorated: dict[str, ModuleType]) -> None:
    """Names, help and options recorded for the build are those that xlwings records."""
    for signature in SIGNATURES:
        theirs = getattr(decorated[signature.module], signature.name).__xlfunc__
        assert signature.category == theirs["category"]
        assert signature.doc == " ".join(theirs["ret"]["doc"].split())
        for ours, argument in zip(signature.arguments, theirs["args"], strict=True):
            assert (ours.name, ours.doc) == (argument["name"], argument["doc"])
            assert ours.optional == ("optional" in argument)
            assert argument["options"] == {"ndim": 2, "err_to_str": True}


def test_every_function_is_recorded(decorated: dict[str, ModuleType]) -> None:
    """What Excel is told of are all the functions that xlwings would find, and no other."""
    found = {
        (name, function)
        for name, module in decorated.items()
        for function, value in vars(module).items()
        if hasattr(value, "__xlfunc__")
    }
    assert {(signature.module, signature.name) for signature in SIGNATURES} == found


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_function_help_fits_excel(signature: Signature) -> None:
    """Help texts end in a full stop and fit in 255 characters; names are ASCII."""
    names = [signature.name, *(argument.name for argument in signature.arguments)]
    texts = [signature.doc, *(argument.doc for argument in signature.arguments)]
    assert all(name.isascii() and name.isidentifier() for name in names)
    assert all(0 < len(text) <= 255 and text.endswith(".") for text in texts)
    assert len(inspect.getdoc(function_of(signature)) or "") <= 255


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda signature: signature.name)
def test_help_module_describes_function(signature: Signature) -> None:
    """The add-in tells Excel the help of every function and argument."""
    source = VBA["CCHC_Help"].replace("\r\n", "\n")
    body = source.partition(f"Private Sub Describe_{signature.name}()\n")[2].partition("End Sub")[0]
    helps = re.findall(r"help\((\d+)\) = (.*?)\n(?!        )", body, re.DOTALL)
    assert [_evaluate(text) for _, text in helps] == [
        argument.doc for argument in signature.arguments
    ]
    assert _evaluate(body.partition("Description:=")[2].rstrip("\n")) == signature.doc
    assert f'!{signature.name}"' in body
