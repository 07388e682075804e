"""What ``cchc addin`` does; each returns the exit status and prints in Vietnamese.

The build needs packages that users do not have, so each command imports its own part.
"""

from __future__ import annotations

import sys
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.wording import printable
from xl_automation.xlsx.files import refuse_existing

STATES = {"ok": "✓", "warning": "!", "error": "✗"}


def build(out: Path) -> int:
    """Build the add-in from its sources."""
    refuse_existing(out)
    try:
        from xl_automation.excel.addin.build import build_addin
    except ImportError as error:
        raise UserError(
            "Thiếu thư viện đóng gói. Cài bằng: pip install 'xl_automation[build]'"
        ) from error
    build_addin(out)
    print(printable(f"✓ Đã lập tiện ích {out}"))
    return 0


def bundle(out: Path) -> int:
    """Make the zip for PCs without internet."""
    from xl_automation.excel.addin.bundle import bundle as pack

    refuse_existing(out)
    print("Tải các gói cho Windows, mất vài phút …")
    pack(out)
    print(printable(f"✓ Đã lập {out}"))
    return 0


def install() -> int:
    """Install the add-in for this user of Windows."""
    from xl_automation.excel.addin.install import install as put

    _require_windows()
    print(f"✓ Đã cài vào {put().addin}. Mở lại Excel, thẻ CCHC nằm ở cuối thanh công cụ.")
    return 0


def uninstall() -> int:
    """Remove the add-in of this user of Windows."""
    from xl_automation.excel.addin.install import uninstall as remove

    _require_windows()
    left = remove()
    for path in left:
        print(f"✗ Chưa xoá được {path}: đóng Excel rồi chạy lại.")
    if not left:
        print("✓ Đã gỡ tiện ích.")
    return 1 if left else 0


def doctor() -> int:
    """Look at everything that the add-in needs, and say what to do."""
    from xl_automation.excel.addin.doctor import doctor as look

    checks = look()
    for check in checks:
        print(f"{STATES[check.state]} {check.name}: {printable(check.found)}")
        if check.advice:
            print(f"    {check.advice}")
    return 0 if all(check.state == "ok" for check in checks) else 1


def _require_windows() -> None:
    if sys.platform != "win32":
        raise UserError("Tiện ích chỉ cài vào Excel trên Windows.")
