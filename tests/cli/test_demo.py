"""Requirements of the demonstration.

O1 One command issues, fills, checks and consolidates the example data and says what it found.
O2 The real report keeps exactly its real findings.
O3 It replaces only the folder of an earlier demonstration.
O4 The invented figures are exactly what their program prints.
O5 There is something to say of time: who was late, and what was reported in periods before.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from tests.support.builders import FORM, pairs, printed_rows
from tests.support.communes import cells, differences
from tests.support.office import Office
from tests.support.paths import EXAMPLES, ROOT
from xl_automation.checks.check import check
from xl_automation.checks.finding import tally
from xl_automation.cli.demo_data import EARLIER, PERIOD, earlier_periods
from xl_automation.cli.demo_story import APPENDIX, DEMO_MARK, REPORT, SENT, TABLE
from xl_automation.cli.main import main
from xl_automation.reading.reader import read_submission
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.places import OVERVIEW
from xl_automation.summary.read_back import is_summary
from xl_automation.xlsx.address import Address

REAL = "CCHC_2022-6T_05497_xa-thinh-duc.xlsx"
pytestmark = pytest.mark.xdist_group("demo")  # one worker runs it, once


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder of a demonstration run over an earlier one, its exit status and its output."""
    folder = tmp_path_factory.mktemp("demo") / "Trình diễn"
    (folder / SENT).mkdir(parents=True)
    (folder / DEMO_MARK).write_text("của lần trước", encoding="utf-8")
    (folder / SENT / "CCHC_2022-6T_05497_xa-cu.xlsx").touch()
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(["demo", str(folder)])
    return folder, status, out.getvalue(), err.getvalue()


def test_story_is_told(demo):
    """It ends with findings, says how many of each, where the summary is, and shows progress."""
    folder, status, out, err = demo
    assert status == 1
    real = check(FORM, read_submission(folder / "2-da-gui" / REAL, FORM))
    assert f"Báo cáo thật của xã Thịnh Đức: {tally(real)}." in out
    lines = [" ".join(line.strip("│").split()) for line in out.splitlines() if "│" in line]
    assert [tuple(line.split(" │ ")) for line in lines[:8]] == [
        ("Xã, phường phải gửi", "32"),
        ("Tệp nhận được", "33"),
        ("được tính", "30"),
        ("bị từ chối", "2"),
        ("bị thay bằng bản sau", "1"),
        ("Đơn vị chưa có báo cáo", "3"),
        ("Đúng hạn 20/06/2022", "27"),
        ("Muộn", "2"),
    ]
    assert "[unreadable]" in out
    assert "[wrong-period]" in out
    assert "Chưa có: Xã Phúc Xuân, Xã Sơn Cẩm, Xã Đồng Liên" in out
    assert f"Sổ tổng hợp: {folder / 'tong-hop-2022-6T.xlsx'}" in out
    assert "4/4" in err
    assert "Traceback" not in out + err


@pytest.mark.parametrize("page", ["README.md", "README.vi.md"])
def test_pages_show_what_it_prints(demo, page):
    """The output on the first screen of the READMEs is the real one.

    How many findings the real report has may change with any rule of the form.
    """
    text = (ROOT / page).read_text("utf-8")
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    (block,) = (lines for language, lines in fences if not language)
    printed = demo[2].replace(str(demo[0]), "demo")

    def lines(text: str) -> set[str]:
        counts = re.compile(r"\d+ (?=lỗi|cảnh báo|lưu ý)")
        return {counts.sub("", line.rstrip()) for line in text.splitlines()}

    assert lines(block) - {"…"} <= lines(printed)


def test_files_of_the_story(demo):
    """33 workbooks are issued and one more for another period; of an earlier run nothing stays."""
    folder = demo[0]
    assert sorted(path.name for path in folder.iterdir()) == [
        "1-phat-hanh", "2-da-gui", REPORT, DEMO_MARK, APPENDIX, TABLE, "tong-hop-2022-6T.xlsx",
    ]  # fmt: skip
    assert len(list((folder / "1-phat-hanh").iterdir())) == 34
    assert len(list((folder / "2-da-gui").iterdir())) == 33
    assert read_submission(folder / APPENDIX, FORM).is_city_appendix
    assert zipfile.is_zipfile(folder / REPORT)
    assert (folder / TABLE).read_text("utf-8-sig").startswith("form;period;scope;")
    summary = folder / "tong-hop-2022-6T.xlsx"
    assert is_summary(summary)
    overview = cells(summary, OVERVIEW)
    counts = {  # the facts at the top, not the lists beneath that begin with the same words
        str(label).strip(): overview.get(f"E{Address(address).row}")
        for address, label in reversed(overview.items())
        if Address(address).column == "A"
    }
    assert counts["Tệp nhận được"] == 33
    assert counts["Tệp được tính"] == 30
    assert counts["Tệp bị từ chối"] == 2
    assert counts["Tệp bị thay bằng bản sau"] == 1
    assert counts["Đơn vị chưa gửi"] == 3
    assert "✓ Khớp" in overview.values()
    findings = cells(summary, FINDINGS)
    (head,) = (Address(address) for address, value in findings.items() if value == "Quy tắc")
    rules = {value for address, value in findings.items() if Address(address).column == head.column}
    assert {"K01", "K02", "K03", "K05", "K07", "K09", "K10", "F02", "L01"} <= rules


def test_real_report_has_its_real_findings(demo):
    """The checks find in Thịnh Đức's printed figures what is wrong with them, and no more."""
    submission = read_submission(demo[0] / "2-da-gui" / REAL, FORM)
    printed = {row["id"] for row in printed_rows()}
    findings = [
        finding for finding in check(FORM, submission) if printed.issuperset(finding.indicators)
    ]
    assert pairs(findings) == {
        "F02 2.2", "F03 4.2.3", "F04 3.3.4", "F04 7.5.2", "C-3.2.5w 3.2.5.a", "C-3.3.3 3.3.3",
        "C-3.4m 3.4.2.a", "C-6.1u 6.1.a", "C-7.5s 7.5.2.a", "C-7.5e 7.5.2", "L01 3.4.1.a",
        "L01 3.4.1.b", "L02 3.4.1.a", "L03 1.2.3.a", "L03 1.2.3.b", "L03 1.3.1", "L03 1.3.2",
        "L03 1.3.3", "L03 3.4.2.a", "B17 3.3.5",
        "B04 2.3", "B07 4.2.2", "B08 4.2.3", "B09 3.4.2.a", "B10 3.3.4",
    }  # fmt: skip


@pytest.mark.office
def test_summary_recalculates_to_its_values(demo, office: Office):
    """LibreOffice computes every total of the 30 workbooks as it was written."""
    assert differences(office, demo[0] / "tong-hop-2022-6T.xlsx") == {}


@pytest.mark.parametrize("kind", ["other-files", "file"])
def test_folder_of_anybody_else_is_left_alone(tmp_path, capsys, kind):
    """A folder with other files, or a file, is refused and stays as it is."""
    path = tmp_path / "của tôi"
    if kind == "file":
        path.write_text("quý", encoding="utf-8")
    else:
        path.mkdir()
        (path / "quý.xlsx").write_text("quý", encoding="utf-8")
    assert main(["demo", str(path)]) == 2
    assert str(path) in capsys.readouterr().err
    kept = path if kind == "file" else path / "quý.xlsx"
    assert kept.read_text(encoding="utf-8") == "quý"
    assert list(tmp_path.rglob("*")) == ([path] if kind == "file" else [path, kept])


@pytest.mark.parametrize("own", ["của tôi.xlsx", f"{SENT}/sửa.xlsx", f"{SENT}/thêm/a.xlsx"])
def test_own_files_in_the_folder_of_a_demo_stay(tmp_path, capsys, own):
    """What somebody has put there since stops the next demonstration, and nothing is removed."""
    (tmp_path / SENT).mkdir()
    (tmp_path / DEMO_MARK).touch()
    (tmp_path / own).parent.mkdir(exist_ok=True)
    (tmp_path / own).write_text("quý", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    assert main(["demo", str(tmp_path)]) == 2
    assert "không phải do lệnh demo lập" in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_invented_units_have_a_past():
    """Each has earlier figures, and the one whose figures are real has none."""
    pasts = earlier_periods(FORM)
    assert {past.period.code for past in pasts} == set(EARLIER)
    for past in pasts:
        units = {unit.code for unit in FORM.units_at(past.period)}
        assert set(past.numbers.index) == units - {"05497"}
        assert past.numbers["3.4.2.a"].count() == 31  # each commune


@pytest.mark.parametrize("period", [PERIOD, *EARLIER])
def test_invented_figures_are_what_their_program_prints(period):
    """Running the generator again gives the shipped file, byte for byte."""
    run = subprocess.run(
        [sys.executable, EXAMPLES / "invent.py", period],
        capture_output=True,
        check=True,
        timeout=60,
    )
    shipped = EXAMPLES / f"invented-{period}.csv"
    assert run.stdout.replace(b"\r\n", b"\n") == shipped.read_bytes()
