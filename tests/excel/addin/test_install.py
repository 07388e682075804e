"""Installing, removing, diagnosing and bundling the add-in, with a made-up Windows user.

Requirements: an ASCII place of the user's own, no administrator; removal is clean; each
cause of failure is found and comes with what to do; the bundle holds all but Python. The real
thing runs in ``test_wine.py``.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from xl_automation.errors import UserError
from xl_automation.excel.addin.addin_file import interpreter
from xl_automation.excel.addin.bundle import bundle, copy_sources
from xl_automation.excel.addin.doctor import doctor
from xl_automation.excel.addin.home import InstallError, make_home, places, set_up, unpack_python
from xl_automation.excel.addin.install import ADDIN, dll_name, install, uninstall
from xl_automation.xlsx.package import read_parts

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
    parts, shipped = (read_parts(path.read_bytes()) for path in (here.addin, ADDIN))
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
    with pytest.raises(UserError, match=says):
        install(env, python)
    assert not places(env).addin.exists()


def test_install_while_excel_is_open_says_so(
    env: dict[str, str], python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An add-in that Excel holds open is a sentence, not a traceback."""

    def held(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "write_bytes", held)
    with pytest.raises(UserError, match="Đóng hết các cửa sổ Excel"):
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
        "Thư mục nhật ký",
        "Quyền chạy macro",
        "Microsoft Defender",
    ]


def _trouble(env: dict[str, str], python: Path, **values: object) -> list[tuple[str, str]]:
    checks = doctor(env, python, lambda key, name: values.get(name.replace("-", "_")))
    assert all(check.advice for check in checks if check.state != "ok")
    return [(check.state, check.name) for check in checks if check.state != "ok"]


def test_doctor_before_install_finds_addin_missing(env: dict[str, str], python: Path) -> None:
    """Without the add-in in Excel's folder, or the log folder, the doctor says so."""
    missing = ["Tiện ích trong Excel", "Thư mục nhật ký"]
    assert _trouble(env, python) == [("error", name) for name in missing]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({DEFENDER.replace("-", "_"): "1"}, ("error", "Microsoft Defender")),
        ({WIN32_CALLS.replace("-", "_"): 1}, ("error", "Microsoft Defender")),
        ({"VBAWarnings": 4, "AllLocationsDisabled": 1}, ("error", "Quyền chạy macro")),
        ({"VBAWarnings": 3, "AllLocationsDisabled": 1}, ("error", "Quyền chạy macro")),
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


def test_doctor_trusted_start_folder_is_enough(env: dict[str, str], python: Path) -> None:
    """Macros are off elsewhere, but Excel trusts its start folder."""
    install(env, python)
    assert _trouble(env, python, VBAWarnings=4) == []


def test_doctor_looks_at_older_offices(env: dict[str, str], python: Path) -> None:
    """A policy for Office 2013 counts too."""
    install(env, python)
    checks = doctor(env, python, lambda key, name: 1 if "15.0" in key and name == "VBAOff" else 0)
    assert [check.name for check in checks if check.state != "ok"] == ["Quyền chạy macro"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut", None], ids=["empty", "cut", "foreign"])
def test_doctor_finds_damaged_addin(
    env: dict[str, str], python: Path, content: bytes | None
) -> None:
    """What is no add-in of ours in Excel's folder is a line with what to do, not a traceback."""
    here = install(env, python)
    with zipfile.ZipFile(here.addin, "w") as foreign:
        foreign.writestr("xl/workbook.xml", "")
    if content is not None:
        here.addin.write_bytes(content)
    assert _trouble(env, python) == [("error", "Tiện ích trong Excel")]


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
    expected = {"CCHC.xlam", "cai-dat-addin.cmd", "go-bo-addin.cmd", "cai_dat.py", "DOC-TRUOC.txt"}
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


def _embeddable(folder: Path, name: str = "python-3.11.9-embed-amd64.zip", **files: str) -> Path:
    with zipfile.ZipFile(folder / name, "w") as archive:
        for file, content in ({"python.exe": "new"} | files).items():
            archive.writestr(file, content)
    return folder / name


@pytest.mark.parametrize("damage", ["cut", "no-pth"])
def test_unpack_damaged_python_keeps_the_old_one(tmp_path: Path, damage: str) -> None:
    """A zip that is not the embeddable Python is a sentence; the old Python stays."""
    archive = _embeddable(tmp_path)
    if damage == "cut":
        archive.write_bytes(archive.read_bytes()[:20])
    old = tmp_path / "home" / "python" / "python.exe"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    with pytest.raises(InstallError, match="bị hỏng"):
        unpack_python(tmp_path, tmp_path / "home")
    assert old.read_text() == "old"


def test_unpack_python_in_use_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python that Excel is running stays as it is, and the user is told to close Excel."""
    _embeddable(tmp_path, **{"python311._pth": ""})
    old = tmp_path / "home" / "python" / "python.exe"
    old.parent.mkdir(parents=True)
    old.write_text("old")

    def held(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "rename", held)
    with pytest.raises(InstallError, match="Đóng hết các cửa sổ Excel"):
        unpack_python(tmp_path, tmp_path / "home")
    assert old.read_text() == "old"


def test_unpack_python_of_other_version_refused(tmp_path: Path) -> None:
    """Wheels for 3.11 and a Python 3.12 do not go together; wheels for any Python do."""
    (tmp_path / "wheels").mkdir()
    for wheel in ("a-1-cp311-cp311-win_amd64.whl", "b-1-cp37-abi3-win_amd64.whl"):
        (tmp_path / "wheels" / wheel).touch()
    _embeddable(tmp_path, "python-3.12.1-embed-amd64.zip", **{"python312._pth": ""})
    with pytest.raises(InstallError, match=r"dành cho Python 3\.11"):
        unpack_python(tmp_path, tmp_path / "home")


def test_set_up_without_wheels_says_so(tmp_path: Path, env: dict[str, str]) -> None:
    """A bundle that was not unpacked whole is a sentence."""
    with pytest.raises(InstallError, match="Giải nén lại"):
        set_up(tmp_path, env)


def test_places_user_name_that_breaks_commands(env: dict[str, str]) -> None:
    """A user name with a character of cmd's own gets the folder of its own too."""
    home = places(env | {"LOCALAPPDATA": "C:\\Users\\R&D\\AppData\\Local"}).home
    assert home.parent == Path(env["ProgramData"])


def test_uninstall_from_private_python_names_the_script(
    env: dict[str, str], python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The private Python cannot remove itself: nothing is done, and the script is named."""
    here = install(env, python)
    monkeypatch.setattr("sys.executable", str(here.python))
    with pytest.raises(UserError, match=r"go-bo-addin\.cmd"):
        uninstall(env)
    assert here.addin.exists()


def test_sources_of_wheel_leave_old_builds_out(tmp_path: Path) -> None:
    """The wheel is built from a copy of what is shipped, without what lies about here."""
    names = {path.name for path in copy_sources(tmp_path / "copy").iterdir()}
    assert names == {"pyproject.toml", "README.md", "xl_automation", "macros", "workbook"}


def test_script_gives_tar_ascii_arguments() -> None:
    """Windows' tar.exe loses Vietnamese letters: it is given no path of the user's."""
    script = ADDIN.with_name("cai-dat-addin.cmd").read_text(encoding="utf-8")
    (line,) = (line for line in script.splitlines() if "tar.exe" in line and "rem" not in line)
    assert line == '"%SystemRoot%\\System32\\tar.exe" -xf p.zip || goto failed'
    assert 'pushd "%BOOT%"' in script


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
