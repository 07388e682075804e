"""Which of a unit's files counts: the one of a locked round, one that the city named, the last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from xl_automation.reading.submission import Submission

Sender = tuple[str, str | None]  # level and code of a unit: of each, one submission counts


@dataclass(frozen=True, slots=True)
class Frozen:
    """What counts of a unit that is locked.

    Attributes:
        sha256: The hash of its file; empty where none had come.
        kept: What the register kept of that file; None where it kept nothing that can be trusted.
    """

    sha256: str
    kept: Submission | None


NOTHING_CAME = Frozen("", None)


@dataclass(frozen=True, slots=True)
class Choices:
    """What goes before the order in which a unit saved its files.

    Attributes:
        all_frozen: Whether the whole round is locked: who has sent nothing yet stays out.
        frozen: What counts of the units that are locked.
        named: The name of the file that counts, for the units of which a decision names one.
    """

    all_frozen: bool = False
    frozen: Mapping[Sender, Frozen] = field(default_factory=dict)
    named: Mapping[Sender, str] = field(default_factory=dict)

    def of(self, sender: Sender, versions: Sequence[Submission]) -> Submission | None:
        """Return what counts of a unit's files, None if nothing: it is locked without one."""
        frozen = self.frozen.get(sender, NOTHING_CAME if self.all_frozen else None)
        if frozen:
            same = (version for version in versions if version.sha256 == frozen.sha256)
            return next(same, frozen.kept)
        name = self.named.get(sender)
        fitting = [version for version in versions if name and is_called(version.path, name)]
        if len(fitting) == 1:
            return fitting[0]
        return max(versions, key=lambda version: version.saving)


LAST_SAVED = Choices()  # nothing is settled before


def is_called(path: Path, name: str) -> bool:
    """Return whether a file has this name, or this end of its path."""
    return path.name == name or path.as_posix().endswith(f"/{name.replace(chr(92), '/')}")
