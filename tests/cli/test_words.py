"""Requirements of what a terminal, a pipe and the log get of names and cells from outside.

T1 No control character, override or new line of a file, of the command line or of a CSV reaches
   a terminal: each is a visible sign, on a real terminal as in a pipe.
T2 The length of what is said does not depend on what a file holds.
T3 JSON has the true text, by its own escapes, and the sentences as they are shown.
T4 An entry of the log begins with its time, and nothing that it quotes does.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import cells, report, workbook, written
from tests.support.paths import ROOT
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.excel.addin.home import places
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_file, read_files
from xl_automation.reading.reader import read_submission
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.log_sheet import LOG
from xl_automation.summary.places import OVERVIEW
from xl_automation.wording import MAX_SENTENCE
from xl_automation.xlsx.package import read_parts, zip_parts

RULE = """
[[rule]]
id = "N9"
severity = "error"
each = { kind = ["count"] }
holds = "readable([*])"
message = "phải là số."
"""  # the small form's own rules ask of no text
YEAR = MINI.period("2024-N")
FILL = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}
EVIL = "\x1b]0;chiếm\x07\u202eslx\n✓ giả.xlsx\x9b2J"  # a title, an override, a faked line
CELL = re.sub("[\x1b\x07]", "", EVIL)  # which XML does not have
SHOWN = "␛]0;chiếm␇<U+202E>slx⏎✓ giả.xlsx<U+009B>2J"
SHOWN_CELL = re.sub("[␛␇]", "", SHOWN)
COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")  # what rich writes of its own, and argparse none

posix = pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not have")


@pytest.fixture(scope="module")
def option(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The option that names the form."""
    path = tmp_path_factory.mktemp("form") / "mini.toml"
    path.write_text((DATA / "mini.toml").read_text("utf-8") + RULE, encoding="utf-8")
    return "--form", str(path)


@pytest.fixture(scope="module")
def form(option: tuple[str, str]) -> Form:
    """The small form with one rule more."""
    return load_form(option[1])


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A folder of a clean report, one with a finding and a file that is none, with evil names."""
    folder = tmp_path / f"gửi {EVIL}"
    workbook(folder / f"một {EVIL}.xlsx", ReportingUnit("1", "Xã Một"), FILL, YEAR, MINI)
    evil = {**FILL, "I.3": f"5 {CELL}"}
    workbook(folder / "hai.xlsx", ReportingUnit("2", "Xã Hai"), evil, YEAR, MINI)
    (folder / f"hỏng {EVIL}.xlsx").write_bytes(b"abc")
    (folder / f"lạc {EVIL}.xlsx").symlink_to("không có")
    (folder / f"ghi chú {EVIL}.txt").touch()
    (folder / os.fsdecode(b"x\xe3.txt")).touch()
    return folder


def assert_visible(text: str) -> None:
    """Make sure that nothing of EVIL but its signs is in what was printed."""
    text = COLOUR.sub("", text)
    assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", text), ascii(text)
    assert not re.search("^✓ giả", text, re.MULTILINE)


def on_a_terminal(*arguments: object, **environment: str) -> str:
    """Return what a command prints on a real terminal."""
    import pty

    parent, child = pty.openpty()
    command = [sys.executable, "-m", "xl_automation", *map(str, arguments)]
    given = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", **environment}
    with subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, env=given, cwd=ROOT
    ) as process:
        os.close(child)
        pieces = []
        try:
            while piece := os.read(parent, 65536):
                pieces.append(piece)
        except OSError:  # Linux: the other end is closed
            pass
        process.wait(timeout=60)
    os.close(parent)
    return b"".join(pieces).decode()


# --- terminal ----------------------------------------------------------------------------------


@posix
def test_terminal_gets_signs(option, sent, tmp_path):
    """Of file names, cells, folders and links, with colours and progress of our own."""
    printed = on_a_terminal("check", *option, sent)
    assert_visible(re.sub(r"\x1b\[\?25[lh]|\x1b\[1A", "", printed))  # rich's progress bar
    assert "\x1b[" in printed, "colours are ours"
    for name in ("một", "hỏng", "lạc", "ghi chú"):
        assert f"{name} {SHOWN}" in printed
    assert "x<0xE3>.txt" in printed
    assert f"“5 {SHOWN_CELL}”" in printed


@posix
def test_simple_terminal_gets_no_codes_at_all(option, sent):
    """``TERM=dumb`` as Emacs has it."""
    printed = on_a_terminal("check", *option, sent / "hai.xlsx", TERM="dumb")
    assert_visible(printed)
    assert "\x1b" not in printed
    assert SHOWN_CELL in printed


@posix
def test_console_of_one_byte_a_letter_gets_signs(option, sent):
    """As Windows has them; it does not stop the program."""
    done = subprocess.run(
        [sys.executable, "-m", "xl_automation", "check", *option, str(sent)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        cwd=ROOT,
        timeout=60,
    )
    assert_visible((done.stdout + done.stderr).decode())
    assert SHOWN in done.stdout.decode()


@posix
def test_pipe_gets_signs(option, sent, tmp_path, capsys):
    """Of every verb's output and errors, and of what is no verb or option."""
    out = tmp_path / f"th {EVIL}.xlsx"
    for arguments in (
        ["check", sent],
        ["consolidate", sent, "--out", out],
        ["return", sent, "--out", tmp_path / f"trả {EVIL}"],
        ["check", sent / f"không có {EVIL}"],
        ["template", out],
        ["check", "--workers", EVIL, sent],
        ["check", sent, EVIL, f"--{EVIL}"],
        ["check", sent, "--period", EVIL],
        ["consolidate", sent, "--out", tmp_path / "x.xlsx", "--period", EVIL],
        [EVIL],
    ):
        verb, *rest = map(str, arguments)
        options = option if verb != EVIL else ()
        with suppress(SystemExit):  # argparse
            main([verb, *options, *rest])
        printed = "".join(capsys.readouterr())
        assert_visible(printed)
        assert "Traceback" not in printed
        assert printed


@posix
def test_values_and_lists_from_csv_are_quoted(option, sent, tmp_path, capsys):
    """Ids, values, codes and names, with quotes around new lines as CSV allows."""
    values, units = tmp_path / "v.csv", tmp_path / "xã.csv"
    values.write_text(f'id,value\n"{EVIL}",5\nI.3,"{EVIL}"\n', encoding="utf-8", newline="")
    report = sent / "hai.xlsx"
    main(["fill", *option, str(report), str(values), "--out", str(tmp_path / "ra.xlsx")])
    units.write_text(f'code,name\n"{EVIL}","{EVIL}"\n', encoding="utf-8", newline="")
    out = ("--out", str(tmp_path / "th.xlsx"))
    main(["consolidate", *option, str(sent), *out, "--units", str(units)])
    units.write_text(f'code,name\n"{EVIL}",A\n"{EVIL}",B\n', encoding="utf-8", newline="")
    main(["consolidate", *option, str(sent), *out, "--units", str(units)])
    printed = "".join(capsys.readouterr())
    assert_visible(printed)
    assert printed.count(SHOWN) > 5


# --- length ------------------------------------------------------------------------------------

HUGE = "x" * 32_000  # about what a cell may hold


@pytest.mark.parametrize("where", ["label", "unit", "form", "version", "level", "period"])
def test_huge_cell_makes_no_huge_message(option, where, tmp_path, capsys):
    """A label, a unit's name, the form's id and the rest: each message stays a line."""
    path = workbook(tmp_path / "a.xlsx", ReportingUnit("1", "Xã Một"), FILL, YEAR, MINI)
    parts = dict(read_parts(path.read_bytes()))
    old = {
        "label": MINI.by_id["I.2"].label, "unit": "1 – Xã Một", "form": MINI.id,
        "version": MINI.version, "level": MINI.levels["commune"], "period": "Năm",
    }[where]  # fmt: skip
    count = 0
    for name in parts:
        if name.endswith("sharedStrings.xml") or "worksheets/" in name:
            text = parts[name].decode()
            changed = re.sub(rf"(<t(?: [^>]*)?>){re.escape(old)}(?=</t>)", rf"\1{HUGE}", text)
            count += changed != text
            parts[name] = changed.encode()
    assert count, "nothing was changed"
    path.write_bytes(zip_parts(parts))
    assert main(["check", *option, str(path)]) == (where != "unit")
    assert sum(map(len, capsys.readouterr())) < 2_000
    main(["check", *option, str(path), "--json", "-"])
    (file,) = json.loads(capsys.readouterr().out)["files"]
    refused = file["refusal"]
    messages = [refused["message"]] if refused else [one["message"] for one in file["findings"]]
    assert max(map(len, messages), default=0) < MAX_SENTENCE / 4
    result = consolidate(MINI, [read_file(MINI, path)])
    summary = written(result, tmp_path / "th.xlsx")
    for sheet in (OVERVIEW, FINDINGS, LOG):
        assert max(len(str(text)) for text in cells(summary, sheet).values()) < MAX_SENTENCE


# --- workbooks ---------------------------------------------------------------------------------


@posix
def test_quoted_value_fakes_no_finding(form, sent, tmp_path):
    """In the summary and in the workbook that goes back each quoted value is one line."""
    results = read_files(sorted(sent.glob("*.xlsx")), form)
    summary = written(consolidate(form, results), tmp_path / "th.xlsx")
    for sheet in (OVERVIEW, FINDINGS, LOG):
        for text in map(str, cells(summary, sheet).values()):
            assert_visible(text)
    assert any(f"“5 {SHOWN_CELL}”" in str(text) for text in cells(summary, FINDINGS).values())
    done = return_workbooks(form, results, tmp_path / "trả")
    (returned,) = done.returned
    reasons = [
        str(text) for text in cells(returned.copy, form.sheet).values() if "<U+202E>" in str(text)
    ]
    assert reasons
    for text in reasons:
        assert_visible(text)
    assert read_submission(returned.copy, form).readings["I.3"].text == f"5 {CELL}"


def test_units_name_fakes_no_finding(tmp_path):
    """Nor does the name of a unit on a list."""
    unit = ReportingUnit(EVIL, EVIL)
    out = written(
        consolidate(MINI, [report(unit, FILL, YEAR, form=MINI)], [unit, ReportingUnit("9", EVIL)]),
        tmp_path / "th.xlsx",
    )
    for sheet in (OVERVIEW, FINDINGS, LOG):
        for text in map(str, cells(out, sheet).values()):
            assert_visible(text)


# --- JSON --------------------------------------------------------------------------------------


@posix
def test_json_has_the_true_text_and_nothing_raw(option, sent, capsys):
    """Paths and values as they are; messages as they are shown; the text itself is visible."""
    main(["check", *option, str(sent), "--json", "-"])
    printed = capsys.readouterr().out
    assert_visible(printed)
    data = json.loads(printed)
    by_name = {Path(file["path"]).name: file for file in data["files"]}
    assert f"một {EVIL}.xlsx" in by_name
    assert by_name["hai.xlsx"]["values"]["I.3"] == f"5 {CELL}"
    assert any(SHOWN_CELL in finding["message"] for finding in by_name["hai.xlsx"]["findings"])
    assert str(sent / os.fsdecode(b"x\xe3.txt")) in {one["path"] for one in data["passed_over"]}


# --- log ---------------------------------------------------------------------------------------


@posix
def test_log_has_one_beginning_for_each_entry(option, sent, tmp_path, monkeypatch, capsys):
    """Neither the command line nor what failed can write an entry of its own."""
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))
    entry = "2026-01-01 00:00:00 ERROR giả"

    def vstack(*arguments, **options):
        raise ValueError(f"{EVIL}\n{entry}\n{HUGE}")

    monkeypatch.setattr(np, "vstack", vstack)
    out = tmp_path / f"th\n{entry}\n.xlsx"
    assert main(["consolidate", *option, str(sent), "--out", str(out)]) == 3
    assert_visible("".join(capsys.readouterr()))
    text = places().log_file.read_text("utf-8")
    assert_visible(text)
    assert len(text) < 200_000
    assert len(re.findall(r"^\d{4}-\d\d-\d\d ", text, re.MULTILINE)) == 1
    assert all(line.startswith("    ") for line in text.splitlines()[1:])
