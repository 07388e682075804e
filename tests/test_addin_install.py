"""Installing, removing, diagnosing and bundling the add-in, with a made-up Windows user.

Requirements: an ASCII place of the user's own, no administrator; removal is clean; each
cause of failure is found and comes with what to do; the bundle holds all but Python. The real
thing runs in ``test_wine.py``.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xl_automation.addin.bundle import bundle
from xl_automation.addin.doctor import doctor
from xl_automation.addin.home import InstallError, make_home, places, unpack_python
from xl_automation.addin.install import ADDIN, dll_name, install, uninstall
from xl_automation.addin.package import interpreter, read_package

DEFENDER = "d4f940ab-401b-4efc-aadc-ad5f3c50688a"
WIN32_CALLS = "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A user's environment."""
    names = ("LOCALAPPDATA", "APPDATA", "ProgramData")
    return {name: str(tmp_path / name) for name in names}


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """An interpreter with xlwings' DLLs beside it."""
    folder = tmp_path / "python"
    folder.mkdir()
    for name in ("python.exe", dll_name(64), dll_name(32)):
        (folder / name).touch()
    return folder / "python.exe"


def _no_registry(key: str, name: str) -> None:
    return None


def test_install_puts_settled_addin_into_xlstart(env: dict[str, str], python: Path) -> None:
    """The installed add-in is the shipped one, set to this PC's interpreter and log folder."""
    here = install(env, python)
    assert here.addin == Path(env["APPDATA"], "Microsoft", "Excel", "XLSTART", "CCHC.xlam")
    parts, shipped = read_package(here.addin), read_package(ADDIN)
    assert interpreter(parts) == str(python)
    assert f"<t>{here.home}\\log</t>" in parts["xl/sharedStrings.xml"].decode()
    assert "%LOCALAPPDATA%" not in parts["xl/sharedStrings.xml"].decode()
    assert {name for name in shipped if parts[name] != shipped[name]} == {"xl/sharedStrings.xml"}
    assert here.log.is_dir()


def test_install_twice_is_the_same(env: dict[str, str], python: Path) -> None:
    """Installing again changes nothing."""
    first = install(env, python).addin.read_bytes()
    assert install(env, python).addin.read_bytes() == first


def test_uninstall_leaves_nothing(env: dict[str, str], python: Path, tmp_path: Path) -> None:
    """Add-in, logs and private folder go; going twice is no error."""
    install(env, python)
    assert uninstall(env) == ()
    assert list(tmp_path.rglob("CCHC*")) == []
    assert uninstall(env) == ()


def test_places_vietnamese_user_name_is_ascii(env: dict[str, str]) -> None:
    """A user whose name has Vietnamese letters gets an ASCII folder, always the same one."""
    env["LOCALAPPDATA"] = "C:\\Users\\Nguyễn Văn Đạt\\AppData\\Local"
    home = places(env).home
    assert str(home).isascii()
    assert home == places(env).home
    assert home.parent == Path(env["ProgramData"])
    assert home != places(env | {"LOCALAPPDATA": "C:\\Users\\Lê Thị Bé\\AppData\\Local"}).home


@pytest.mark.parametrize(
    ("folder", "says"),
    [("Microsoft/WindowsApps", "Microsoft Store"), ("Máy tôi", "ASCII"), ("bare", "Không thấy")],
    ids=["store", "vietnamese-path", "no-dll"],
)
def test_install_on_unfit_python_refused(
    env: dict[str, str], tmp_path: Path, folder: str, says: str
) -> None:
    """A Python that Excel could not use is refused, saying why."""
    python = tmp_path / folder / "python.exe"
    with pytest.raises(InstallError, match=says):
        install(env, python)
    assert not places(env).addin.exists()


def test_install_while_excel_is_open_says_so(
    env: dict[str, str], python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An add-in that Excel holds open is a sentence, not a traceback."""

    def held(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("xl_automation.addin.install.write_package", held)
    with pytest.raises(InstallError, match="Đóng hết các cửa sổ Excel"):
        install(env, python)


def test_doctor_after_install_is_content(env: dict[str, str], python: Path) -> None:
    """Nothing is reported where nothing is wrong, and every check has its say."""
    install(env, python)
    checks = doctor(env, python, _no_registry)
    assert {check.state for check in checks} == {"ok"}
    assert [check.name for check in checks] == [
        "Python",
        "xlwings",
        "Tiện ích trong Excel",
        "Quyền chạy macro",
        "Microsoft Defender",
    ]


def _trouble(env: dict[str, str], python: Path, **values: object) -> list[tuple[str, str]]:
    checks = doctor(env, python, lambda key, name: values.get(name.replace("-", "_")))
    assert all(check.advice for check in checks if check.state != "ok")
    return [(check.state, check.name) for check in checks if check.state != "ok"]


def test_doctor_before_install_finds_addin_missing(env: dict[str, str], python: Path) -> None:
    """Without the add-in in Excel's folder the doctor says so."""
    assert _trouble(env, python) == [("error", "Tiện ích trong Excel")]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({DEFENDER.replace("-", "_"): "1"}, ("error", "Microsoft Defender")),
        ({WIN32_CALLS.replace("-", "_"): 1}, ("error", "Microsoft Defender")),
        ({"VBAWarnings": 4}, ("error", "Quyền chạy macro")),
        ({"VBAWarnings": 3}, ("warning", "Quyền chạy macro")),
        ({"VBAOff": 1}, ("error", "Quyền chạy macro")),
        ({"AllLocationsDisabled": 1}, ("warning", "Vị trí tin cậy")),
    ],
    ids=["child-processes", "win32-calls", "macros-off", "signed-only", "vba-off", "locations"],
)
def test_doctor_finds_policy(
    env: dict[str, str], python: Path, values: dict[str, object], found: tuple[str, str]
) -> None:
    """Each policy that stops the add-in is found."""
    install(env, python)
    assert _trouble(env, python, **values) == [found]


@pytest.mark.parametrize("rule", ["0", "2", "6"], ids=["off", "audit", "warn"])
def test_doctor_rule_that_does_not_block_is_fine(
    env: dict[str, str], python: Path, rule: str
) -> None:
    """A Defender rule that is off, audits or warns is not reported."""
    install(env, python)
    assert _trouble(env, python, **{DEFENDER.replace("-", "_"): rule}) == []


@pytest.mark.parametrize("damage", ["python", "dll", "dll32", "old", "downloaded"])
def test_doctor_finds_damage(env: dict[str, str], python: Path, damage: str) -> None:
    """What is lost or left behind after installing is found."""
    here = install(env, python)
    other = python.with_name("other.exe")
    match damage:
        case "python":
            python.rename(other)
        case "dll":
            python.with_name(dll_name(64)).unlink()
        case "dll32":
            python.with_name(dll_name(32)).unlink()
        case "old":
            other.touch()
            install(env, other)
        case "downloaded":
            Path(f"{here.addin}:Zone.Identifier").touch()
    expected = {
        "python": ("error", "Tiện ích trong Excel"),
        "dll": ("error", "xlwings"),
        "dll32": ("warning", "xlwings 32 bit"),
        "old": ("warning", "Tiện ích trong Excel"),
        "downloaded": ("error", "Tiện ích trong Excel"),
    }
    assert _trouble(env, python) == [expected[damage]]


def test_bundle_holds_all_but_python(tmp_path: Path) -> None:
    """The zip has the add-in, scripts, installer and wheels; packing again gives the same bytes."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "some-1-py3-none-any.whl").write_bytes(b"wheel")
    for name in ("a.zip", "b.zip"):
        bundle(tmp_path / name, wheels)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        names = set(packed.namelist())
    expected = {"CCHC.xlam", "cai-dat-addin.cmd", "go-bo-addin.cmd", "cai_dat.py"}
    assert expected | {"wheels/some-1-py3-none-any.whl"} <= names


def test_unpack_python_sets_its_import_path(tmp_path: Path) -> None:
    """The private Python finds packages installed into it."""
    with zipfile.ZipFile(tmp_path / "python-3.11.9-embed-amd64.zip", "w") as archive:
        archive.writestr("python.exe", "")
        archive.writestr("python311._pth", "python311.zip\n.\n")
    home = tmp_path / "home"
    make_home(home)
    assert unpack_python(tmp_path, home) == home / "python" / "python.exe"
    paths = (home / "python" / "python311._pth").read_text().splitlines()
    assert paths == ["python311.zip", ".", "Lib\\site-packages", "import site"]


def test_unpack_python_without_archive_says_what_to_do(tmp_path: Path) -> None:
    """Without the embeddable Python the installer says where to get it."""
    with pytest.raises(InstallError, match=r"python\.org"):
        unpack_python(tmp_path, tmp_path / "home")


@pytest.mark.parametrize("name", ["cai-dat-addin.cmd", "go-bo-addin.cmd"])
def test_script_is_fit_for_cmd(name: str) -> None:
    """Scripts have CRLF and no byte order mark, and switch to UTF-8 before any Vietnamese."""
    content = ADDIN.with_name(name).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.isascii() or content.index(b"chcp 65001") < len(
        content.decode().encode("ascii", "ignore")
    )
    head, _, tail = content.partition(b"chcp 65001")
    assert head.isascii()
    assert tail
