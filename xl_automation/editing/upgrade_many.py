"""Carries many filled workbooks into another version of the form, each done or said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_automation.editing.copies import copies_in
from xl_automation.editing.upgrade import Upgrade, draft_upgrade
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading.folder import Progress
from xl_automation.reading.refused_file import RefusedFile, refused_file
from xl_automation.xlsx.files import Put, SeveralFiles, keep_apart
from xl_automation.xlsx.refusal import Refusal


@dataclass(frozen=True, slots=True)
class UpgradedWorkbook:
    """One workbook carried over.

    Attributes:
        old: The workbook as it was filled.
        new: The workbook of the new version.
        report: What became of everything in it.
    """

    old: Path
    new: Path
    report: Upgrade


@dataclass(frozen=True, slots=True)
class UpgradeRound:
    """What became of each file; each is in one list only.

    Attributes:
        upgraded: The workbooks carried over.
        refused: The files that could not be read or trusted, or are of another form.
        taken: The files whose new workbook has no place, each with what is there and stays.
        failed: The files at which the program itself failed, each with its error.
    """

    upgraded: tuple[UpgradedWorkbook, ...]
    refused: tuple[RefusedFile, ...]
    taken: tuple[tuple[Path, Path], ...]
    failed: tuple[tuple[Path, Exception], ...]


def upgrade_many(
    paths: Sequence[Path], out: Path, form: Form, progress: Progress = lambda: None
) -> UpgradeRound:
    """Write into *out* a workbook of *form* for each of *paths*; return what became of each.

    No file is ever replaced. What was stopped half-way can be called again, and goes on.

    Args:
        paths: The old workbooks.
        out: The folder for the new ones; they keep their file names.
        form: The form that they are carried into.
        progress: Called once after each file.

    Raises:
        UserError: If a new workbook would lie on an old one; then nothing is written. If one cannot
            be written; the sentence says how many were.
    """
    copies = copies_in(out, paths)
    keep_apart(copies.values(), paths)
    upgraded, refused, taken, failed = [], [], [], []
    with SeveralFiles(len(paths)) as files:
        for old, new in copies.items():
            try:
                draft = draft_upgrade(old, form)
                if files.put(new, draft.content) is Put.TAKEN:
                    taken.append((old, new))
                else:
                    upgraded.append(UpgradedWorkbook(old, new, draft.report_on(new)))
            except Refusal as refusal:
                refused.append(refused_file(old, refusal))
            except UserError:  # the disk: it stands in the way of the others too
                raise
            except Exception as error:  # a fault of ours; the others are carried over all the same
                failed.append((old, error))
            progress()
    return UpgradeRound(tuple(upgraded), tuple(refused), tuple(taken), tuple(failed))
