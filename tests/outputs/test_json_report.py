"""Requirements of results as JSON (the whole shape: ``tests/cli``).

J1 It is made of what was computed: nothing is read, and no rule evaluated, once more.
J2 Files keep their order; what JSON cannot hold is said in words that it can.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import A, B, good, report
from xl_automation.checks import rules
from xl_automation.checks.check import check_all
from xl_automation.cli.main import main
from xl_automation.cli.report_file import write_report
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.fill import fill
from xl_automation.editing.values_file import Entry
from xl_automation.outputs.json_report import CheckedReport, check_report, consolidation_report
from xl_automation.reading.figures import tabulate
from xl_automation.reading.refused_file import RefusedFile

REFUSED = RefusedFile(Path("hỏng.xlsx"), "not-a-workbook", "Tệp không phải sổ làm việc.")


def test_files_keep_their_order():
    """Refused files stand among the others, each with its own findings and values."""
    figures = tabulate(FORM, [good(A), good(B, c1_1_b=9)])
    first, second = map(CheckedReport, figures.rows(), check_all(figures))
    files = check_report([second, REFUSED, first])["files"]
    assert [file["path"] for file in files] == [
        str(second.row.submission.path), "hỏng.xlsx", str(first.row.submission.path),
    ]  # fmt: skip
    assert [file["status"] for file in files] == ["findings", "refused", "clean"]
    assert files[0]["values"]["1.1.b"] == 9
    assert files[2]["values"]["1.1.b"] == COMMUNE["1.1.b"]
    assert "C-1.1" in {finding["rule"] for finding in files[0]["findings"]}


@pytest.mark.parametrize("target", ["file", "-"])
def test_check_evaluates_each_rule_once(tmp_path, monkeypatch, capsys, target):
    """Neither the JSON nor the printed findings cost the rules a second time."""
    issued, sent = tmp_path / "trống.xlsx", tmp_path / "xã.xlsx"
    assert main(["template", str(issued), "--unit", A.code, "--period", "2022-6T"]) == 0
    fill(issued, [Entry(2, "1.1.a", "8"), Entry(3, "1.1.b", "9")], sent, FORM)
    evaluated: Counter[tuple[str, tuple[str, ...]]] = Counter()
    violated = rules.violated

    def counted(instance, *rest):
        evaluated[instance.id, tuple(instance.figures)] += 1
        return violated(instance, *rest)

    monkeypatch.setattr(rules, "violated", counted)
    json_target = str(tmp_path / "check.json") if target == "file" else "-"
    assert main(["check", str(sent), "--json", json_target]) == 1
    assert set(evaluated.values()) == {1}
    capsys.readouterr()


def test_json_is_written_piece_by_piece_as_it_would_be_at_once(tmp_path, capsys):
    """The same bytes; a file name that is no text on disk as the escape that JSON has for it."""
    odd = RefusedFile(Path(os.fsdecode(b"x\xe3.xlsx")), "wrong-form", "…")
    data = consolidation_report(consolidate(FORM, [good(A, c1_1_b=9), REFUSED, odd]))
    whole = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    write_report(data, str(tmp_path / "a.json"))
    assert (tmp_path / "a.json").read_bytes() == whole.encode("utf-8", "backslashreplace")
    assert json.loads((tmp_path / "a.json").read_bytes()) == data
    plain = consolidation_report(consolidate(FORM, [good(A)]))
    write_report(plain, "-")
    assert capsys.readouterr().out == json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def test_consolidation_is_plain_json():
    """Findings about no file have no path; a total that nobody gives is null."""
    result = consolidate(FORM, [good(A, c1_1_b=9), report(B, {}), REFUSED])
    data = json.loads(json.dumps(consolidation_report(result)))
    assert data["received"] == data["counted"] + len(data["refused"])
    assert None in data["totals"].values()
    assert data["filled"].keys() == data["totals"].keys()
    paths = {finding["path"] for finding in data["findings"]}
    assert {None, str(A.code)} <= {path and Path(path).stem for path in paths}
