"""Requirements of the form that a command works with.

F1 Without ``--form`` the files say it: most of the first ones, the default where as many say that.
F2 With ``--form`` what is given holds, whatever the files say.
F3 A file that cannot be read, or names a form that does not ship, has no say.
F4 What a command makes anew is of the default form.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from tests.support.communes import SCHOOL, written
from xl_automation.cli.inputs import ASKED, read_form
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.build import build_template

DEFAULT, DRAFT = load_form(), load_form("cchc-2025-du-thao")
YEAR = DRAFT.period("2025-N")
UNIT = next(unit for unit in DRAFT.units_at(YEAR) if unit.level == "commune")
TOLD = f"Theo biểu mẫu “{DRAFT.id}”, như tệp ghi."


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workbook and a summary of each form that ships, and what has no say."""
    folder = tmp_path_factory.mktemp("files")
    found = {name: folder / f"{name}.xlsx" for name in ("old", "draft", "school", "junk", "gone")}
    for name, form in (("old", DEFAULT), ("draft", DRAFT), ("school", SCHOOL)):
        found[name].write_bytes(build_template(form))
    found["junk"].write_bytes(b"PK\3\4 and no more")
    for name, form in (("old", DEFAULT), ("draft", DRAFT)):
        found[f"{name}-summary"] = _summary(form, folder / f"{name}-summary.xlsx")
    return found


def _summary(form: Form, path: Path) -> Path:
    sent = _workbook(form, path.with_name(f"sent-{path.name}"))
    return written(consolidate(form, [read_submission(sent, form)], [UNIT], YEAR), path)


def _workbook(form: Form, path: Path) -> Path:
    path.write_bytes(build_template(form, unit=UNIT, period=YEAR))
    return path


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("draft", DRAFT),
        ("draft-summary", DRAFT),
        ("old", DEFAULT),
        ("old-summary", DEFAULT),
        ("draft old", DEFAULT),
        ("draft draft old", DRAFT),
        ("draft old old", DEFAULT),
        ("draft-summary draft old-summary", DRAFT),
        ("junk school gone draft", DRAFT),
        ("junk school gone", DEFAULT),
        ("", DEFAULT),
        (" ".join(["old"] * ASKED + ["draft"] * (ASKED + 1)), DEFAULT),
    ],
)
def test_files_say_the_form(files, names, expected, capsys):
    """The form is that of most of the first files, and said where it is not the default."""
    assert read_form(None, [files[name] for name in names.split()]).id == expected.id
    assert capsys.readouterr().err.startswith(TOLD) == (expected is DRAFT)


def test_given_form_holds(files, capsys):
    """What is given is not asked for again, nor said."""
    assert read_form(DRAFT.id, [files["old"]]).id == DRAFT.id
    assert read_form(DEFAULT.id, [files["draft"]]).id == DEFAULT.id
    assert not capsys.readouterr().err


VERBS = {
    "check": "check {draft} --json {out}.json",
    "consolidate": "consolidate {draft} --units {units} --out {out}.xlsx",
    "return": "return {draft} --out {out}",
    "fill": "fill {draft} {values} --out {out}.xlsx",
    "remind": "remind {draft-summary} --out {out}",
    "export": "export {draft-summary} --to {out}.csv",
    "report": "report {draft} --out {out}.docx",
    "report-of-a-city": "report {draft-summary} --out {out}.docx",
}


@pytest.mark.parametrize("line", VERBS.values(), ids=VERBS)
def test_each_verb_that_reads_takes_the_form_of_its_files(files, line, tmp_path, capsys):
    """None of them needs to be told."""
    draft = _workbook(DRAFT, tmp_path / "draft.xlsx")
    (tmp_path / "values.csv").write_text("id,value\n2.1,5\n", encoding="utf-8")
    (tmp_path / "units.csv").write_text(f"code,name\n{UNIT.code},{UNIT.name}\n", encoding="utf-8")
    beside = {name: tmp_path / f"{name}.csv" for name in ("values", "units")}
    places = {**files, "draft": draft, "out": tmp_path / "out", **beside}
    assert main([word.format_map(places) for word in line.split()]) in (0, 1)
    said = capsys.readouterr()
    assert TOLD in said.err
    assert "[wrong-form]" not in said.out
    assert any(path.name.startswith("out") for path in tmp_path.iterdir())


def test_file_of_another_form_is_refused_by_name(files, tmp_path, capsys):
    """Which form the others are of does not make it one of them."""
    for number, name in enumerate(("draft", "draft", "old")):
        shutil.copy(files[name], tmp_path / f"{number}.xlsx")
    assert main(["check", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert f"✗ {tmp_path / '2.xlsx'}: bị từ chối – khác biểu mẫu [wrong-form]" in said
    assert f"mã biểu là “{DEFAULT.id}”" in said
    assert said.count("[wrong-form]") == 1


def test_what_is_made_anew_is_of_the_default_form(files, tmp_path):
    """A blank form, and what figures are carried into."""
    assert main(["template", str(tmp_path / "new.xlsx")]) == 0
    assert main(["upgrade", str(files["draft"]), str(tmp_path / "upgraded.xlsx")]) in (0, 1)
    for name in ("new", "upgraded"):
        book = openpyxl.load_workbook(tmp_path / f"{name}.xlsx")
        place = book.defined_names[positions.FORM_CELL].attr_text
        sheet, cell = place.replace("$", "").replace("'", "").split("!")
        assert book[sheet][cell].value == DEFAULT.id
