"""What several verbs take, each said once."""

from __future__ import annotations

from pathlib import Path

from xl_automation.cli.verb import argument, option
from xl_automation.forms.vocabulary import DEFAULT_FORM

FORM = option(
    "--form",
    f"biểu mẫu: mã hoặc tệp TOML (mặc định: như tệp ghi; tệp lập mới là {DEFAULT_FORM})",
    metavar="ID",
)
PATHS = argument(
    "paths", "tệp, hoặc thư mục (tìm cả thư mục con)", type=Path, nargs="+", metavar="PATH"
)
PERIOD = option("--period", "kỳ báo cáo: 2022-Q1, 2022-6T, 2022-Q3, 2022-N", metavar="KỲ")
UNITS = option(
    "--units",
    "danh sách đơn vị phải gửi (mặc định: của biểu mẫu)",
    type=Path,
    metavar="UNITS.csv",
)
DUE = option("--due", "hạn gửi báo cáo, ví dụ 2022-06-20", metavar="YYYY-MM-DD")
PREVIOUS = option(
    "--previous",
    "sổ tổng hợp kỳ trước để so sánh; ghi được nhiều lần",
    type=Path,
    action="append",
    default=[],
    metavar="SUMMARY.xlsx",
)
DECISIONS = option(
    "--decisions",
    "quyết định của thành phố: unit,indicator,rule,decision,reason,by,until; ghi thêm vào những "
    "quyết định đã có trong sổ tổng hợp",
    type=Path,
    metavar="FILE.csv",
)
WORKERS = option(
    "--workers",
    "số tiến trình đọc tệp (mặc định: số nhân của máy khi có nhiều tệp, nếu không thì 1)",
    type=int,
    metavar="N",
)
DASK = option("--dask", "đọc tệp trên cụm Dask, ví dụ tcp://10.0.0.5:8786", metavar="ADDRESS")
NO_CACHE = option(
    "--no-cache",
    "đọc lại mọi tệp, không dùng và không ghi kết quả đã nhớ cạnh sổ tổng hợp",
    action="store_true",
)
