"""The reminders as files of a folder: one for each unit, and one with all of them.

A text of an earlier run is replaced, or removed where its unit owes nothing any more, as long as
it is as that run wrote it: a hidden list beside the texts says so. Any other file stays.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.outputs.reminders import Reminder
from xl_automation.xlsx.files import obstacles_told, write_whole

ALL = "tat-ca.txt"
LIST = ".cchc-loi-nhac.json"  # name of each text to the hashes of what was written
_BETWEEN = "\n\n" + "—" * 20 + "\n\n"


@dataclass(frozen=True, slots=True)
class RemindersWritten:
    """What became of the texts; each is in one list only.

    Attributes:
        written: The texts that say what the summary says now.
        taken: The names at which something else is, or a text that somebody changed; it stays.
        removed: The texts of an earlier run whose units owe nothing any more.
    """

    written: tuple[Path, ...]
    taken: tuple[Path, ...]
    removed: tuple[Path, ...]


def write_reminders(reminders: Sequence[Reminder], folder: Path) -> RemindersWritten:
    """Write the letters of *reminders* into *folder*, and one file with their short forms.

    Raises:
        UserError: If one cannot be written.
    """
    texts = {
        f"{ReportingUnit(reminder.code, reminder.name).file_stem[:100]}.txt": reminder.letter
        for reminder in reminders
    }
    if reminders:
        texts[ALL] = _BETWEEN.join(reminder.short for reminder in reminders)
    contents = {folder / name: text_file(text) for name, text in texts.items()}
    ours = _read_list(folder)
    taken = [path for path, content in contents.items() if not _is_ours(path, ours, content)]
    written = [path for path in contents if path not in taken]
    stale = [folder / name for name in ours if folder / name not in contents]
    removed = [path for path in stale if os.path.lexists(path) and _is_ours(path, ours)]
    new = {path.name: [_hash(contents[path])] for path in written}
    if new or ours:  # first with what is there still: a run that is stopped can be repeated
        _write_list(
            folder, {name: [*ours.get(name, []), *new.get(name, [])] for name in ours | new}
        )
    for path in written:
        write_whole(path, contents[path])
    for path in removed:
        with obstacles_told(path):
            path.unlink()
    if new or ours:
        _write_list(folder, new)
    return RemindersWritten(tuple(written), tuple(taken), tuple(removed))


def text_file(text: str) -> bytes:
    """Return a text as Notepad of any Windows opens it: UTF-8 with its mark, CR LF."""
    return f"{text}\n".replace("\n", "\r\n").encode("utf-8-sig")


def _is_ours(path: Path, ours: Mapping[str, list[str]], new: bytes = b"") -> bool:
    """Return whether a file may be replaced: none is there, it is as it was written, or as new."""
    with obstacles_told(path):
        if not path.exists():
            return True
        if not path.is_file():
            return False
        content = path.read_bytes()
    return content == new or _hash(content) in ours.get(path.name, [])


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write_list(folder: Path, hashes: Mapping[str, list[str]]) -> None:
    write_whole(folder / LIST, json.dumps(hashes, indent=1, sort_keys=True).encode())


def _read_list(folder: Path) -> dict[str, list[str]]:
    """Return the list of an earlier run; an empty one where there is none that can be read."""
    try:
        data = json.loads((folder / LIST).read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    lists = {name: hashes for name, hashes in data.items() if isinstance(hashes, list)}
    return {name: hashes for name, hashes in lists.items() if Path(name).name == name}
