"""Requirements of carrying whole folders into another version of the form.

U1 Each file is carried over or named with the reason; one never stops the others. The exit status
   says which: 0 all, 1 some or with something to look at, 2 none, 3 a fault of the program.
U2 Each goes under its own name into the folder NEW, equal names into folders of their own. Nothing
   that is there is replaced; what NEW holds is no old workbook, wherever it lies.
U3 The command can be given again: what is done stays, byte for byte, and the rest is done.
U4 One file goes to the name NEW, or into the folder NEW.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.editing.test_upgrade import small, values
from tests.support.builders import FORM, workbook
from tests.support.cells import filled
from tests.support.paths import ROOT
from xl_automation.cli.main import main
from xl_automation.editing import upgrade_many
from xl_automation.editing.upgrade import UpgradeDraft
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellValue
from xl_automation.reading.reader import read_submission

FILLS: Mapping[str, Mapping[str, CellValue]] = {
    "a.xlsx": {"I.2": 200, "I.3": 150},
    "huyện/b.xlsx": {"I.2": 300, "II.4": "07"},
    "xã/a.xlsx": {"I.2": 400, "I.5": 2},
}


@pytest.fixture
def first(tmp_path: Path) -> Form:
    """The first version of the small form."""
    return small(tmp_path)


@pytest.fixture
def second(tmp_path: Path) -> Form:
    """Another version: a row has another id, one is gone."""
    return small(tmp_path, "moved", "dropped")


@pytest.fixture
def old(first: Form, tmp_path: Path) -> Path:
    """A folder with three filled workbooks of the first version."""
    for name, fill in FILLS.items():
        filled(tmp_path / "cũ" / name, first, fill)
    return tmp_path / "cũ"


def run(*arguments: object) -> int:
    """Call the command; the last argument names the form file beside the others."""
    *paths, form = arguments
    return main(["upgrade", *map(str, paths), "--form", str(form)])


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_folder_is_carried_over(old, second, tmp_path, capsys) -> None:
    """Every workbook arrives with its figures; what is said of rows is said once (U1, U2)."""
    new = tmp_path / "mới"
    assert run(old, new, tmp_path / "moved-dropped.toml") == 1
    out = capsys.readouterr().out
    assert set(contents(new)) == {"a.xlsx", "b.xlsx", "xã/a.xlsx"}
    assert values(new / "a.xlsx", second) == {"I.6": 200, "I.3": 150}
    assert values(new / "xã/a.xlsx", second) == {"I.6": 400, "I.5": 2}
    assert "Đã chuyển 3 trong 3 tệp" in out
    assert out.count("I.2 → I.6: Tổng số hộ") == 1
    assert out.count("như tệp đã nêu ở trên") == 2
    assert out.count("Nước sạch!D22 · II.4 Số buổi họp: “07” – mẫu mới không có dòng này") == 1


def test_all_carried_is_clean(old, tmp_path) -> None:
    """Nothing to look at: the exit status is 0 (U1)."""
    assert run(old, tmp_path / "mới", tmp_path / "first.toml") == 0


def test_bad_files_are_named_and_the_others_go_on(old, tmp_path, capsys) -> None:
    """Damaged, of another form, not there; a lock and a text are passed over (U1)."""
    (old / "hỏng.xlsx").write_bytes(b"PK\x03\x04 no zip")
    workbook(old / "khác.xlsx", {})
    (old / "~$a.xlsx").write_bytes(b"")
    (old / "đọc.txt").write_text("x", "utf-8")
    gone, new = tmp_path / "mất.xlsx", tmp_path / "mới"
    assert run(old, gone, new, tmp_path / "first.toml") == 1
    out = capsys.readouterr().out
    assert f"✗ {old / 'hỏng.xlsx'}: bị từ chối" in out
    assert f"✗ {old / 'khác.xlsx'}: bị từ chối – khác biểu mẫu [wrong-form]" in out
    assert f"✗ {gone}: bị từ chối – không tìm thấy [not-found]" in out
    assert "Bỏ qua 1 tệp khoá tạm" in out
    assert "Đã chuyển 3 trong 6 tệp" in out
    assert set(contents(new)) == {"a.xlsx", "b.xlsx", "xã/a.xlsx"}


def test_nothing_carried_is_a_failure(tmp_path, capsys) -> None:
    """Exit status 2, with the reasons; and for a folder without workbooks (U1)."""
    workbook(tmp_path / "cũ.xlsx", {})
    (tmp_path / "trống").mkdir()
    small(tmp_path)
    form = tmp_path / "first.toml"
    assert run(tmp_path / "cũ.xlsx", tmp_path / "mất.xlsx", tmp_path / "mới", form) == 2
    assert "Đã chuyển 0 trong 2 tệp" in capsys.readouterr().out
    assert run(tmp_path / "trống", tmp_path / "mới", form) == 2
    assert not (tmp_path / "mới").exists()


def test_command_can_be_given_again(old, tmp_path, capsys) -> None:
    """New workbooks within the old folder are no old ones; what is missing is made (U2, U3)."""
    new, form = old / "mới", tmp_path / "first.toml"
    assert run(old, new, form) == 0
    before = contents(old)
    (new / "b.xlsx").unlink()
    assert run(old, new, form) == 0
    assert contents(old) == before
    assert "Đã chuyển 3 trong 3 tệp" in capsys.readouterr().out


def test_killed_command_can_be_given_again(old, first, tmp_path) -> None:
    """Killed while it writes, it leaves whole files; the next one does the rest (U3)."""
    new, form = tmp_path / "mới", tmp_path / "first.toml"
    command = [sys.executable, "-m", "xl_automation", "upgrade", old, new, "--form", form]
    with subprocess.Popen(command, cwd=ROOT) as process:
        until = time.monotonic() + 120
        while process.poll() is None and not (new / "a.xlsx").exists():
            assert time.monotonic() < until
            time.sleep(0.005)
        process.kill()
    for path in new.rglob("[!.]*.xlsx"):
        read_submission(path, first)
    assert run(old, new, form) == 0
    assert run(old, tmp_path / "khác", form) == 0
    assert contents(new) == contents(tmp_path / "khác")


def test_what_is_there_stays(old, tmp_path, capsys) -> None:
    """A workbook that was filled further is not replaced, and is named (U2)."""
    new, form = tmp_path / "mới", tmp_path / "first.toml"
    new.mkdir()
    (new / "a.xlsx").write_bytes(b"theirs")
    assert run(old, new, form) == 1
    out = capsys.readouterr().out
    assert (new / "a.xlsx").read_bytes() == b"theirs"
    assert f"✗ {old / 'a.xlsx'}: chưa chuyển" in out
    assert f"{new / 'a.xlsx'} đã có" in out
    assert set(contents(new)) == {"a.xlsx", "b.xlsx", "xã/a.xlsx"}


@pytest.mark.parametrize("target", ["cũ", "cũ/a.xlsx"])
def test_old_workbooks_are_never_written_onto(old, tmp_path, capsys, target) -> None:
    """The folder itself, or a file in it, is no place for new ones (U2)."""
    before = contents(old)
    assert run(old, tmp_path / target, tmp_path / "first.toml") == 2
    assert "✗" in capsys.readouterr().err
    assert contents(old) == before


def test_fault_at_one_file_stops_no_other(old, tmp_path, capsys, monkeypatch) -> None:
    """It is said as ours, with the log; the exit status is 3 (U1)."""
    draft = upgrade_many.draft_upgrade

    def failing(path: Path, form: Form) -> UpgradeDraft:
        return draft(path, form) if path.name != "b.xlsx" else 1 // 0  # type: ignore[return-value]

    monkeypatch.setattr(upgrade_many, "draft_upgrade", failing)
    new = tmp_path / "mới"
    assert run(old, new, tmp_path / "first.toml") == 3
    out = capsys.readouterr().out
    assert "ZeroDivisionError" in out
    assert "lỗi của chương trình" in out
    assert set(contents(new)) == {"a.xlsx", "xã/a.xlsx"}


def test_one_file_goes_to_a_name_or_into_a_folder(old, first, tmp_path) -> None:
    """A name, a folder that is there, one that a stroke at its end says to be one (U4)."""
    form, a, there = tmp_path / "first.toml", old / "a.xlsx", tmp_path / "có sẵn"
    there.mkdir()
    assert run(a, tmp_path / "new.xlsx", form) == 0
    assert run(a, there, form) == 0
    assert run(a, f"{tmp_path / 'sẽ có'}/", form) == 0
    for path in (tmp_path / "new.xlsx", there / "a.xlsx", tmp_path / "sẽ có" / "a.xlsx"):
        assert values(path, first) == FILLS["a.xlsx"]


def test_several_files_need_a_folder(old, tmp_path, capsys) -> None:
    """A file in its place is named (U2)."""
    (tmp_path / "new.xlsx").write_bytes(b"theirs")
    two = (old / "a.xlsx", old / "huyện/b.xlsx")
    assert run(*two, tmp_path / "new.xlsx", tmp_path / "first.toml") == 2
    assert "new.xlsx là một tệp" in capsys.readouterr().err
    assert (tmp_path / "new.xlsx").read_bytes() == b"theirs"


def test_shipped_form_goes_the_whole_way(tmp_path) -> None:
    """A folder of real reports, already of this version, arrives whole."""
    (tmp_path / "cũ").mkdir()
    for name in ("1.xlsx", "2.xlsx"):
        workbook(tmp_path / "cũ" / name, {"1.1.a": 8}, notes={"1.1.a": "Theo KH"})
    assert main(["upgrade", str(tmp_path / "cũ"), str(tmp_path / "mới")]) == 0
    assert values(tmp_path / "mới/2.xlsx", FORM)["1.1.a"] == 8
