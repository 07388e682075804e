"""The Windows chain, without Excel: what the installer leaves on a PC works as Excel would use it.

Requirements: the offline installer needs no network and no administrator; every custom
function gives through xlwings' DLL and COM server what it gives here; ``RunPython`` starts each
button's function from a workbook with a Vietnamese path; nothing is left behind.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import COMMUNE, workbook
from tests.support.function_calls import SIGNATURES, call
from tests.support.wine import CHECKOUT, Wine, WineMissingError, windows_path
from xl_automation.excel.buttons.runner import BUTTONS

pytestmark = [pytest.mark.wine, pytest.mark.xdist_group("wine")]  # one PC, and what was asked of it

WORKBOOK = "D:\\Hồ sơ & số liệu\\Báo cáo xã Đắk Nông — tháng 7.xlsx"
ERROR = {"error": "#DIV/0!"}
NOT_AVAILABLE = {"error": "#N/A"}

# Every function gets each of these in all its arguments; some make sense to it, and the others
# must be answered too.
EACH_ARGUMENT = {
    "number": 3.0,
    "blank": None,
    "error": ERROR,
    "newer-error": {"error": "#SPILL!"},
    "text": "Xã Đắk Nông — “thôn 7”",
    "number-text": "4.860.000",
    "row": [[1.0, None, "1.234,5"]],
    "column": [[1.0], [ERROR], ["Đắk Lắk"]],
    "block": [[1.0, 2.0], [None, NOT_AVAILABLE]],
    "true": True,
}
WRONG = [
    ["1.1", 4.0], ["1.1.a", 8.0], ["1.1.b", 4.0], ["2.2", "-"], ["3.4.2", 99.97],
    ["3.4.2.a", 6695.0], ["3.4.2.b", 6690.0], ["3.2.4.a", "6.692"], ["6.1.a", ERROR],
]  # fmt: skip
# "{sent}" stands for a folder with a Vietnamese name that holds one report.
SOME_ARGUMENTS = {
    "percent-range-by-one": ("CCHC_TYLE", [[[1.0], [2.0], [None]], 8.0]),
    "percent-tie": ("CCHC_TYLE", [1.0, 800.0, 1.0]),
    "percent-zero": ("CCHC_TYLE", [5.0, 0.0]),
    "percent-shapes": ("CCHC_TYLE", [[[1.0, 2.0]], [[1.0], [2.0], [3.0]]]),
    "percent-clash": ("CCHC_TYLE", [[[1.0, 2.0]], [[1.0, 2.0, 3.0]]]),
    "percent-many": ("CCHC_TYLE", [[[float(part)] for part in range(1000)], 999.0]),
    "number-kinds": ("CCHC_SO", [[["1.000"], ["12 %"], [ERROR], [None]], [["số đếm", "tỷ lệ"]]]),
    "indicator": ("CCHC_CHITIEU", [[["1.1"], [1.1], ["7.2"]], [["tên", "cách tính", "cap"]]]),
    "findings": ("CCHC_KIEMTRA", [WRONG]),
    "no-findings": ("CCHC_KIEMTRA", [[["1.1.a", 8.0], ["1.1.b", 4.0]]]),
    "explanations": ("CCHC_GIAITHICH", [[["1.1"], ["2.2"], ["3.4.2"], [None]], WRONG]),
    "comparison": ("CCHC_SOSANH", [[[120.0], ["4.860"], [ERROR], [None]], [[100.0, 0.0]]]),
    "periods": ("CCHC_KY", [[["15/6/2022"], [44910.0], ["2022-6T"]], [["", "tất cả", "tên"]]]),
    "period-start": ("CCHC_KY", ["15/6/2022", "từ"]),
    "closed-file": ("CCHC_DOC", ["{sent}/Xã Đắk Nông.xlsx", [["1.1", "1.1.a", "2.2", "2.3"]]]),
    "closed-files": ("CCHC_DOC", [[["{sent}/Xã Đắk Nông.xlsx"], ["{sent}/x.xlsx"]], "1.1"]),
    "folder": ("CCHC_TONGHOP", ["{sent}", [["1.1"], ["1.4.2"], ["5.4.b"]], [["", "trung vị"]]]),
    "missing": ("CCHC_THIEU", ["{sent}"]),
    "missing-of-list": ("CCHC_THIEU", ["{sent}", [["05497", "Xã Thịnh Đức"], ["1", "Xã mới"]]]),
}


def _cases() -> dict[str, tuple[str, list[Any]]]:
    cases = dict(SOME_ARGUMENTS)
    for signature in SIGNATURES.values():
        required = [argument for argument in signature.arguments if not argument.optional]
        for kind, value in EACH_ARGUMENT.items():
            cases[f"{signature.name}-{kind}"] = (signature.name, [value] * len(required))
            if len(required) < len(signature.arguments):
                everything = [value] * len(signature.arguments)
                cases[f"{signature.name}-{kind}-all"] = (signature.name, everything)
    return cases


CASES = _cases()


@pytest.fixture(scope="module")
def wine() -> Iterator[Wine]:
    """A Windows user's PC with the add-in installed."""
    try:
        yield Wine()
    except WineMissingError as error:
        pytest.fail(f"{error}.", pytrace=False)  # a check that cannot run is a failed check


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a Vietnamese name that holds one report."""
    folder = tmp_path_factory.mktemp("Đã gửi — kỳ 6T")
    workbook(folder / "Xã Đắk Nông.xlsx", {**COMMUNE, "2.2": "-"})
    return folder


def _in(folder: str, value: Any) -> Any:
    """Return an argument with the folder's name put in."""
    if isinstance(value, list):
        return [_in(folder, item) for item in value]
    return value.replace("{sent}", folder) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def answers(wine: Wine, sent: Path) -> dict[str, Any]:
    """What each case gave on Windows."""
    folder = windows_path(sent)
    calls = [
        (SIGNATURES[name].module, name, _in(folder, arguments))
        for name, arguments in CASES.values()
    ]
    answers = wine.ask("call", calls, WORKBOOK, windows_path(CHECKOUT))
    return dict(zip(CASES, answers, strict=True))


def _here(name: str, arguments: list[Any]) -> Any:
    """Return what a function gives on this system, as xlwings' server would hand it to Excel."""
    given = call(name, *map(_read, arguments))
    rows = [["" if cell is None else cell for cell in row] for row in given]
    if len(rows) == 1:
        rows = rows[0] if len(rows[0]) > 1 else rows[0][0]
    return json.loads(json.dumps(rows, default=_com_time))


def _read(value: Any) -> Any:
    """Return an argument as xlwings' converters hand it over."""
    rows = value if isinstance(value, list) else [[value]]
    return [[cell["error"] if isinstance(cell, dict) else cell for cell in row] for row in rows]


def _com_time(value: dt.datetime) -> str:
    return f"{value}+00:00"


@pytest.mark.parametrize("case", CASES)
def test_function_through_com_server_equals_local(
    case: str, answers: dict[str, Any], sent: Path
) -> None:
    """A custom function answers Excel what it answers here."""
    name, arguments = CASES[case]
    assert answers[case] == _here(name, _in(str(sent), arguments))


def test_functions_answer_vietnamese_intact(answers: dict[str, Any]) -> None:
    """Vietnamese letters pass through COM in both directions."""
    assert "“Xã Đắk Nông — “thôn 7””" in answers["CCHC_TYLE-text"]


@pytest.fixture(scope="module")
def started(wine: Wine) -> dict[str, Any]:
    """What became of each button that was pressed, and what it logged."""
    logs = {id: wine.home / "log" / id / "CCHC" / "log" / "cchc.log" for id in BUTTONS}
    for log in logs.values():
        log.unlink(missing_ok=True)
    results = wine.ask("run", list(BUTTONS), WORKBOOK, windows_path(CHECKOUT))
    return {
        id: [*result, logs[id].read_text("utf-8")]
        for id, result in zip(BUTTONS, results, strict=True)
    }


@pytest.mark.parametrize("id", BUTTONS)
def test_button_started_by_runpython_reaches_excel(id: str, started: dict[str, Any]) -> None:
    """A button starts with the workbook's Vietnamese name, and stops where Excel is."""
    status, said, log = started[id]
    assert (status, said) == (0, "")  # nothing for xlwings' English box
    assert f"INFO {id} --wb=Báo cáo xã Đắk Nông — tháng 7.xlsx --from_xl=1" in log
    assert f"ERROR {id} failed" in log
    assert "in caller" in log


def test_doctor_after_installation_finds_nothing_wrong(wine: Wine) -> None:
    """The doctor is content with what the offline installer left."""
    code = (
        "from xl_automation.excel.addin.doctor import doctor\n"
        "for check in doctor(): print(check.state, check.name, check.found, check.advice)"
    )
    lines = wine.python("-c", code).splitlines()
    assert lines
    assert [line for line in lines if not line.startswith("ok ")] == []


def test_removal_script_leaves_nothing(wine: Wine, tmp_path: Path) -> None:
    """The removal script takes away the add-in and its folder, and needs no Python."""
    env = {name: windows_path(tmp_path / name) for name in ("APPDATA", "LOCALAPPDATA")}
    code = (
        "from xl_automation.excel.addin.install import install\n"
        f"import os; install(os.environ | {env!r})"
    )
    wine.python("-c", code)
    assert len(list(tmp_path.rglob("CCHC.xlam"))) == 1
    script = windows_path(CHECKOUT / "workbook" / "go-bo-addin.cmd")
    assert wine.ask("shell", f"{script} /quiet", env) == 0
    assert list(tmp_path.rglob("CCHC*")) == []


def test_installer_without_python_zip_names_it(wine: Wine, tmp_path: Path) -> None:
    """A bundle without the embeddable Python, in a Vietnamese folder, says what is missing."""
    folder = tmp_path / "Hồ sơ & số liệu"
    (folder / "wheels").mkdir(parents=True)
    script = shutil.copy(CHECKOUT / "workbook" / "cai-dat-addin.cmd", folder)
    seen = windows_path(tmp_path / "seen.txt")
    assert wine.ask("shell", f'"{windows_path(Path(script))}" /quiet > "{seen}"', {}) == 1
    assert b"python-3.11.9-embed-amd64.zip" in (tmp_path / "seen.txt").read_bytes()
