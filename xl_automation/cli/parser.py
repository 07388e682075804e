"""The command line read: verbs and what they take, every word of its help in Vietnamese."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from xl_automation import __version__
from xl_automation.cli.console import FAILED
from xl_automation.cli.parameters import FORM
from xl_automation.cli.verb import Verb
from xl_automation.wording import sentence


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
        self.exit(FAILED, f"✗ {sentence(message)}\n")


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


def build_parser(verbs: Sequence[Verb]) -> argparse.ArgumentParser:
    """Return the parser of *verbs*; what it reads has the verb's function as ``run``."""
    parser = _Parser(
        prog="cchc",
        description="Biểu mẫu Excel và tổng hợp báo cáo cải cách hành chính (CCHC).",
        epilog="Mã thoát: 0 không có gì phải xem lại; 1 đã làm xong, có điểm cần xem lại hoặc "
        "tệp bị từ chối; 2 không làm được; 3 lỗi của chương trình.",
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"{parser.prog} {__version__}",
        help="in phiên bản của chương trình rồi thoát",
    )
    subparsers = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True)
    for verb in verbs:
        subparser = subparsers.add_parser(verb.name, help=verb.help, description=verb.help)
        subparser.set_defaults(run=verb.run)
        for parameter in (FORM, *verb.parameters):
            subparser.add_argument(parameter.name, **parameter.settings)
    return parser
