"""What the custom functions about closed workbooks and folders of them answer.

Requirements: figures are those of the reader, totals those of the consolidation; what cannot be
read says why; files are read once for hundreds of cells, again when they were saved again, and what
may pass without that is never remembered.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD, Fill
from tests.support.communes import CITY, COMMUNES, A, B, C, D, workbook
from tests.support.function_calls import KEPT, ask, forget_files
from xl_automation.excel.functions import report_files
from xl_automation.excel.functions.file_functions import CCHC_DOC, CCHC_THIEU, CCHC_TONGHOP
from xl_automation.excel.functions.grid import Grid
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_file

CHANGED: Fill = {**COMMUNE, "1.1.a": 10, "2.2": "-", "3.1.3": 130, "3.3.4": 60}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget_files()
    yield
    forget_files()


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: two communes, one of them in a folder below; a file that is no workbook."""
    folder = tmp_path_factory.mktemp("Đã gửi — kỳ 6T")
    workbook(folder / f"{A.code}.xlsx", A, COMMUNE)
    workbook(folder / "muộn" / f"{B.code}.xlsx", B, CHANGED)
    (folder / "hỏng.xlsx").write_bytes(b"khong phai so lam viec")
    (folder / "ghi chú.txt").write_text("không đọc", encoding="utf-8")
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was read, by its name."""
    counts: Counter[str] = Counter()

    def counting(form: Any, path: Path) -> Any:
        counts[path.name] += 1
        return read_file(form, path)

    monkeypatch.setattr(report_files, "read_file", counting)
    return counts


# --- CCHC_DOC ----------------------------------------------------------------------------------


def test_figures_of_closed_workbooks(sent: Path) -> None:
    """Files along one side and ids along the other give a table, either way round."""
    files = [[str(sent / f"{A.code}.xlsx")], [f'"{sent / "muộn" / B.code}.xlsx"']]
    ids = ["1.1", "1.1.a", "2.2", "2.1", "3.3.4.tu", "1", "9.9"]
    table = [
        [50.0, 8.0, "", 1.0, "", *([None] * 2)],
        [40.0, 10.0, "-", 1.0, "", *([None] * 2)],
    ]
    for row in table:
        row[5:] = [
            "Lỗi: 1 là dòng tiêu đề, không có số liệu.",
            "Lỗi: không có chỉ tiêu “9.9” trong biểu mẫu.",
        ]
    assert CCHC_DOC(files, [ids]) == table
    turned = [list(row) for row in zip(*table, strict=True)]
    assert CCHC_DOC([[file for (file,) in files]], [[id] for id in ids]) == turned
    assert CCHC_DOC(files, [["1.1"], ["1.1.a"]]) == [[50.0], [10.0]]
    assert "các vùng phải cùng cỡ" in ask(CCHC_DOC, files, [["1.1"]] * 3)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("{sent}/không có.xlsx", "Lỗi: Không tìm thấy tệp hoặc thư mục. Kiểm tra lại đường dẫn."),
        ("{sent}/hỏng.xlsx", "Lỗi: Tệp không phải sổ làm việc Excel .xlsx"),
        ("{sent}", "Lỗi: Không đọc được tệp"),
        ("bao-cao.xlsx", "Lỗi: “bao-cao.xlsx” chưa phải đường dẫn đầy đủ"),
        ("https://a.sharepoint.com/b.xlsx", "là địa chỉ trên mạng (OneDrive, SharePoint)"),
        ("{sent}/\0.xlsx", "Lỗi: Không tìm thấy tệp"),
        (3.0, "Lỗi: “3” không phải là đường dẫn."),
        (None, ""),
        ("#VALUE!", "#VALUE!"),
    ],
    ids=repr,
)
def test_file_that_cannot_be_read_says_why(sent: Path, file: Any, says: str) -> None:
    """A file that is refused is answered by the refusal."""
    path = file.format(sent=sent) if isinstance(file, str) else file
    answer = ask(CCHC_DOC, path, "1.1")
    assert says in answer
    assert (answer == "") == (file is None)


# --- CCHC_TONGHOP ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "method", "answer"),
    [
        ("1.1.a", None, 18.0),
        ("1.1", None, 44.44),  # 8 of 18, not the mean of 50 and 40
        ("1.1.a", "tổng", 18.0),
        ("1.1.a", "trung bình", 9.0),
        ("1.1.a", "trung vị", 9.0),
        ("1.1", "trung vị", 45.0),
        ("1.1.a", "nho_nhat", 8.0),
        ("1.1.a", "lon_nhat", 10.0),
        ("1.1.a", "so_don_vi", 2.0),
        ("4.1.5.a", "so don vi", 0.0),
        ("4.1.5.a", "tong", ""),
        ("5.4.b", None, "Chờ sổ của thành phố"),
        ("7.6.2", None, 100.0),
        ("3.1.3", None, f"Không thống nhất: 126 ({A.name}); 130 ({B.name})"),
        ("4.2.5", None, "Không gộp được; từ 5 đến 5"),
        ("1.4.2", None, "Trực tuyến: 0; Phát phiếu: 2; Kết hợp: 0"),
        ("1", None, "Lỗi: 1 là dòng tiêu đề, không có số liệu."),
        (
            "1.1",
            "tổng",
            "Lỗi: 1.1 là tỷ lệ, không cộng, không lấy bình quân được; "
            "bỏ trống cách tổng hợp để tính theo biểu mẫu.",
        ),
        (
            "1.1.a",
            "nhân",
            "Lỗi: không có cách tổng hợp “nhân”; ghi tong, trung_binh, trung_vi, nho_nhat, "
            "lon_nhat hoặc so_don_vi, hoặc bỏ trống.",
        ),
    ],
)
def test_total_of_a_folder(sent: Path, id: str, method: str | None, answer: Any) -> None:
    """A figure of all reports in a folder, as the form combines it or as asked."""
    assert ask(CCHC_TONGHOP, str(sent), id, method) == answer


def test_total_of_a_folder_for_a_range(sent: Path, tmp_path: Path) -> None:
    """Ids, folders and methods may be ranges."""
    assert CCHC_TONGHOP(str(sent), [["1.1"], [None], ["1.1.a"]]) == [[44.44], [""], [18.0]]
    assert CCHC_TONGHOP(str(sent), "1.1.a", [["", "so_don_vi"]]) == [[18.0, 2.0]]
    says = "Lỗi: thư mục không có tệp báo cáo nào."
    assert CCHC_TONGHOP([[str(sent)], [str(tmp_path)]], "1.1.a") == [[18.0], [says]]


@pytest.mark.parametrize(
    ("function", "more"), [(CCHC_TONGHOP, ["1.1"]), (CCHC_THIEU, [])], ids=["total", "missing"]
)
def test_folder_that_is_none_says_why(function: Any, more: list[str], sent: Path) -> None:
    """A folder that does not exist, a file or a whole disk is not searched."""
    nowhere, file, disk = sent / "x", sent / f"{A.code}.xlsx", Path(sent.anchor)
    for path in (nowhere, file):
        assert ask(function, str(path), *more).startswith("Lỗi: Không tìm thấy tệp hoặc thư mục")
    assert "là cả ổ đĩa" in ask(function, str(disk), *more)


def test_folder_of_refused_files_names_the_first(tmp_path: Path) -> None:
    """Where no file counts, the answer says why instead of a blank."""
    (tmp_path / "a.xlsx").write_bytes(b"x")
    answer = ask(CCHC_TONGHOP, str(tmp_path), "1.1")
    assert answer.startswith("Lỗi: cả 1 tệp trong thư mục đều không nhận được; a.xlsx: Tệp không")


def test_folder_of_two_periods_is_not_combined(tmp_path: Path) -> None:
    """Reports of as many periods as there are files do not say which is meant."""
    other: Period = FORM.period("2022-Q1")
    workbook(tmp_path / "a.xlsx", A, COMMUNE)
    workbook(tmp_path / "b.xlsx", B, COMMUNE, other)
    assert "thuộc nhiều kỳ" in ask(CCHC_TONGHOP, str(tmp_path), "1.1")
    workbook(tmp_path / "c.xlsx", C, COMMUNE, PERIOD)
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 16.0


# --- CCHC_THIEU --------------------------------------------------------------------------------


def pairs(*units: ReportingUnit) -> Grid:
    """Return codes and names as rows."""
    return [[unit.code, unit.name] for unit in units]


@pytest.mark.parametrize(
    ("listed", "answer"),
    [
        (pairs(A, B, C), pairs(C)),
        ([["Mã", "Tên đơn vị"], *pairs(A, C, D), [None, None]], pairs(C, D)),
        ([[float(unit.code), unit.name] for unit in (A, C)], pairs(C)),  # leading zero lost
        ([[A.code], [C.code]], pairs(C)),
        ([[A.name], [C.name]], pairs(C)),
        ([[f"{A.code} – {A.name}"], [f"{C.code} – {C.name}"]], pairs(C)),
        ([["99999", "Xã mới"], *pairs(A)], [["99999", "Xã mới"]]),
        (pairs(A, B), [["Đủ 2 đơn vị đã gửi báo cáo."]]),
        ([["Xã không có"]], None),
        (pairs(A, A), [[f"Lỗi: mã đơn vị {A.code} lặp lại trong danh sách."]]),
        (pairs(CITY), [["Lỗi: danh sách không có xã, phường nào."]]),
    ],
    ids=[
        "list", "with-heading", "numbers", "codes", "names", "code-and-name", "new-unit",
        "all-sent", "unknown", "twice", "no-commune",
    ],
)  # fmt: skip
def test_missing_units_of_a_list(sent: Path, listed: Grid, answer: Grid | None) -> None:
    """Who has not sent, of a list in cells."""
    if answer is None:
        answer = [["Lỗi: không biết đơn vị “Xã không có”; danh sách cần hai cột mã và tên."]]
    assert CCHC_THIEU(str(sent), listed) == answer


def test_missing_units_of_the_form_and_of_a_file(sent: Path, tmp_path: Path) -> None:
    """Without a list it is the form's; a list may be a CSV."""
    owed = [unit for unit in COMMUNES if unit not in (A, B)]
    assert CCHC_THIEU(str(sent)) == pairs(*owed)
    assert CCHC_THIEU([[None, str(sent)]], [[None, None]]) == pairs(*owed)
    file = tmp_path / "Danh sách.csv"
    file.write_text(f"code,name\n{A.code},{A.name}\n{C.code},{C.name}\n", encoding="utf-8")
    assert CCHC_THIEU(str(sent), str(file)) == pairs(C)
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "phải có ít nhất hai cột code, name" in ask(CCHC_THIEU, str(sent), str(file))
    gone = str(tmp_path / "x.csv")
    assert ask(CCHC_THIEU, str(sent), gone).startswith("Lỗi: Không tìm thấy tệp")
    assert CCHC_THIEU(None) == [[""]]


def test_missing_units_are_those_of_the_period(tmp_path: Path) -> None:
    """05467 in a list is Gia Sàng in 2026, whoever had the code before."""
    period = FORM.period("2026-6T")
    workbook(tmp_path / "a.xlsx", FORM.unit("05503", period), COMMUNE, period)
    assert CCHC_THIEU(str(tmp_path), [["05503"], [5467.0]]) == [["05467", "Phường Gia Sàng"]]
    assert len(CCHC_THIEU(str(tmp_path))) == 91


# --- what is kept ------------------------------------------------------------------------------


def test_recalculation_reads_each_file_once(sent: Path, reads: Counter[str]) -> None:
    """Hundreds of cells about a folder and its files cost one reading of each file."""
    for item in FORM.figures:
        CCHC_TONGHOP(str(sent), item.id)
        CCHC_DOC(str(sent / f"{A.code}.xlsx"), item.id)
        CCHC_DOC(str(sent / "hỏng.xlsx"), item.id)
    CCHC_THIEU(str(sent))
    CCHC_THIEU(str(sent), pairs(A, C))
    assert reads == {f"{A.code}.xlsx": 1, f"{B.code}.xlsx": 1, "hỏng.xlsx": 1}


def test_saved_file_is_read_again(tmp_path: Path, reads: Counter[str]) -> None:
    """A file that was saved again is read again, the others are not."""
    changed, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    workbook(changed, A, COMMUNE)
    workbook(other, B, COMMUNE)
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 16.0
    workbook(changed, A, {**COMMUNE, "1.1.a": 9})
    status = changed.stat()
    os.utime(changed, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 17.0
    assert ask(CCHC_DOC, str(changed), "1.1.a") == 9.0
    other.unlink()
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 9.0
    assert reads == {"a.xlsx": 2, "b.xlsx": 1}


def test_locked_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was locked counts as soon as it is not, though it was not saved since."""
    path = workbook(tmp_path / "a.xlsx", A, COMMUNE)

    def locked(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", locked)
        assert "không có quyền đọc" in ask(CCHC_DOC, str(path), "1.1")
        assert "a.xlsx: Không đọc được tệp" in ask(CCHC_TONGHOP, str(tmp_path), "1.1")
    assert ask(CCHC_DOC, str(path), "1.1") == 50.0
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1") == 50.0


def test_refusal_of_file_locked_a_moment_ago_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that ends right after the reading is a lock all the same, not what is in the file."""
    path = workbook(tmp_path / "a.xlsx", A, COMMUNE)
    really, times = Path.open, iter(range(2))

    def locked_at_first(self: Path, *arguments: Any, **more: Any) -> Any:
        if self == path and next(times, None) is not None:  # once to read, once to take its hash
            raise PermissionError(13, "Permission denied")
        return really(self, *arguments, **more)

    monkeypatch.setattr(Path, "open", locked_at_first)
    assert "không có quyền đọc" in ask(CCHC_DOC, str(path), "1.1")
    assert ask(CCHC_DOC, str(path), "1.1") == 50.0


def test_refusal_about_content_is_kept(tmp_path: Path, reads: Counter[str]) -> None:
    """What is wrong inside a file stays so until it is saved again."""
    (tmp_path / "a.xlsx").write_bytes(b"x")
    answers = {ask(CCHC_DOC, str(tmp_path / "a.xlsx"), "1.1") for _ in range(3)}
    assert len(answers) == 1
    assert reads == {"a.xlsx": 1}


def test_what_is_kept_is_bounded() -> None:
    """A long session does not keep every file it has ever seen."""
    assert all(kept.cache_parameters()["maxsize"] for kept in KEPT)


def test_text_of_a_workbook_is_answered_as_it_can_be_shown(tmp_path: Path) -> None:
    """What a clerk typed in place of a figure moves nothing in the cell that asks for it."""
    path = workbook(tmp_path / "a.xlsx", A, {**COMMUNE, "2.2": "a\n\u202eb" + "x" * 10_000})
    answer = ask(CCHC_DOC, str(path), "2.2")
    assert answer.startswith("a⏎<U+202E>bxxx")
    assert len(answer) < 300
