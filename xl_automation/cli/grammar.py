"""The grammar of the command line: verbs, arguments, options, and their Vietnamese help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from xl_automation.cli.console import FAILED
from xl_automation.forms.loader import DEFAULT_FORM

Verb = Callable[[argparse.Namespace], int]


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help with its fixed words in Vietnamese."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser whose fixed words are Vietnamese."""

    def __init__(self, **options: object):
        super().__init__(add_help=False, formatter_class=_Help, **options)  # type: ignore[arg-type]
        self._positionals.title = "Tham số"
        self._optionals.title = "Tuỳ chọn"
        self.add_argument("-h", "--help", action="help", help="xem hướng dẫn này rồi thoát")

    def error(self, message: str):  # type: ignore[no-untyped-def]
        self.print_usage(sys.stderr)
        for english, vietnamese in _ARGPARSE_WORDS.items():
            message = message.replace(english, vietnamese)
        self.exit(FAILED, f"✗ {message}\n")


_ARGPARSE_WORDS = {
    "the following arguments are required": "thiếu tham số",
    "unrecognized arguments": "tham số không có",
    "expected one argument": "cần một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "invalid choice": "không có lựa chọn",
    "choose from": "chọn một trong",
    "invalid int value": "phải là số nguyên",
    "argument": "tham số",
}


def build_parser(run: Mapping[str, Verb]) -> argparse.ArgumentParser:
    """Return the parser; each verb runs the function of its name."""
    parser = _Parser(
        prog="cchc",
        description="Biểu mẫu Excel và tổng hợp báo cáo cải cách hành chính (CCHC).",
        epilog="Mã thoát: 0 không có gì phải xem lại; 1 đã làm xong, có điểm cần xem lại hoặc "
        "tệp bị từ chối; 2 không làm được.",
    )
    verbs = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True)

    def verb(name: str, help: str) -> _Parser:
        sub: _Parser = verbs.add_parser(name, help=help, description=help)
        sub.set_defaults(run=run[name])
        sub.add_argument(
            "--form",
            default=DEFAULT_FORM,
            metavar="ID",
            help=f"biểu mẫu: mã hoặc tệp TOML (mặc định {DEFAULT_FORM})",
        )
        return sub

    sub = verb("template", "Lập biểu mẫu trống, đã khoá.")
    sub.add_argument("out", type=Path, metavar="OUT.xlsx", help="tệp sẽ lập")
    sub.add_argument(
        "--level",
        choices=("commune", "district"),
        help="cấp báo cáo: commune (xã, phường) hoặc district (thành phố)",
    )
    sub.add_argument("--unit", metavar="MÃ", help="điền sẵn đơn vị, ví dụ 05497")
    _period_option(sub, required=False)

    sub = verb("issue", "Phát hành mỗi đơn vị một biểu mẫu đã điền tên và kỳ báo cáo.")
    sub.add_argument(
        "--units",
        type=Path,
        required=True,
        metavar="UNITS.csv",
        help="danh sách đơn vị, có cột code,name",
    )
    _period_option(sub, required=True)
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục nhận tệp")
    sub.add_argument(
        "--previous",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="sổ tổng hợp kỳ trước, hoặc thư mục biểu mẫu kỳ trước, để hiện bên cạnh",
    )

    sub = verb("fill", "Ghi các dòng id,value[,note] vào một biểu mẫu.")
    sub.add_argument("workbook", type=Path, metavar="WORKBOOK", help="biểu mẫu đã phát hành")
    sub.add_argument("values", type=Path, metavar="VALUES.csv", help="số liệu, cột id,value[,note]")
    sub.add_argument("--out", type=Path, required=True, metavar="OUT.xlsx", help="tệp sẽ ghi")

    sub = verb("check", "Kiểm tra biểu mẫu đã điền.")
    _paths_argument(sub)
    sub.add_argument("--json", metavar="FILE", help="ghi kết quả dạng JSON; - là màn hình")

    sub = verb("consolidate", "Tổng hợp các biểu mẫu thành một sổ tổng hợp.")
    _paths_argument(sub)
    sub.add_argument(
        "--out", type=Path, required=True, metavar="SUMMARY.xlsx", help="sổ tổng hợp sẽ lập"
    )
    _units_option(sub)
    _period_option(sub, required=False)
    _previous_option(sub)
    sub.add_argument("--report", metavar="FILE.json", help="ghi kết quả dạng JSON; - là màn hình")
    sub.add_argument("--workers", type=int, metavar="N", help="số tiến trình đọc tệp")
    sub.add_argument("--dask", metavar="ADDRESS", help="đọc tệp trên cụm Dask ở địa chỉ này")

    sub = verb("return", "Trả lại đơn vị: đánh dấu ô sai, ghi lý do, chỉ mở ô phải sửa.")
    _paths_argument(sub)
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục nhận bản trả")
    _units_option(sub)
    _period_option(sub, required=False)
    _previous_option(sub)

    sub = verb("upgrade", "Chuyển số liệu sang phiên bản khác của biểu mẫu.")
    sub.add_argument("old", type=Path, metavar="OLD.xlsx", help="biểu mẫu cũ đã điền")
    sub.add_argument("new", type=Path, metavar="NEW.xlsx", help="tệp mới sẽ lập")

    sub = verb("addin", "Tiện ích (add-in) cho Excel: lập, cài, gỡ, chẩn đoán, đóng gói.")
    sub.add_argument(
        "task",
        choices=("build", "install", "uninstall", "doctor", "bundle"),
        help="build: lập CCHC.xlam; install: cài; uninstall: gỡ; doctor: chẩn đoán; "
        "bundle: tệp zip cho máy không có mạng",
    )
    sub.add_argument("out", type=Path, nargs="?", metavar="OUT", help="tệp sẽ lập (build, bundle)")

    sub = verb("demo", "Làm thử trọn vẹn trên số liệu ví dụ.")
    sub.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("demo"),
        metavar="DIR",
        help="thư mục kết quả (mặc định: demo)",
    )
    return parser


def _paths_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", type=Path, nargs="+", metavar="PATH", help="tệp, hoặc thư mục (tìm cả thư mục con)"
    )


def _units_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--units",
        type=Path,
        metavar="UNITS.csv",
        help="danh sách đơn vị phải gửi (mặc định: của biểu mẫu)",
    )


def _previous_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--previous",
        type=Path,
        action="append",
        default=[],
        metavar="SUMMARY.xlsx",
        help="sổ tổng hợp kỳ trước để so sánh; ghi được nhiều lần",
    )


def _period_option(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument(
        "--period",
        required=required,
        metavar="KỲ",
        help="kỳ báo cáo: 2022-Q1, 2022-6T, 2022-Q3, 2022-N",
    )
