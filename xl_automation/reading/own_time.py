"""When a file says itself that it was last saved: the property that a copy of it keeps.

The time that a disk gives a copied or a downloaded file is that of the copying.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from xl_automation.template.positions import CREATED
from xl_automation.xlsx.guard import ROOT_LINKS, Parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.strict_xml import IGNORED, OTHERS, Grammar, StrictReader

VIETNAM = timezone(timedelta(hours=7))  # all year round
PLAUSIBLE = range(2000, 2100)  # years; others come of clocks that were never set
_LINK = "/metadata/core-properties"
_LONGEST = 1 << 16  # bytes of an honest part; Excel's has less than 1,000
_MODIFIED = " http://purl.org/dc/terms/ modified"  # as strict_xml names another namespace's
_GRAMMAR = Grammar(
    namespace="http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    children={
        "": {"coreProperties": "properties"},
        "properties": {_MODIFIED: "modified", OTHERS: IGNORED},
        "modified": {},
    },
    texts=frozenset({"modified"}),
    once=frozenset({"modified"}),
)
# W3CDTF with its time zone, as ECMA-376-2 11.2 asks for.
_TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII
)


def own_time(parts: Parts) -> datetime | None:
    """Return when a workbook says that it was last saved, in UTC to the second.

    Returns:
        None where it says nothing that can be a time of saving: no program has saved the workbook
        since it was built, or the property is missing, damaged or beyond reason. That alone is no
        fault of the figures.
    """
    texts: list[str] = []

    def end(state: str, text: str) -> None:
        if state == "modified":
            texts.append(text.strip())

    try:
        links = parts.declared(ROOT_LINKS)
        (name,) = {target.removeprefix("/") for kind, target in links if kind.endswith(_LINK)}
        if len(parts.unchecked(name)) > _LONGEST:
            return None
        reader = StrictReader(_GRAMMAR, lambda state, attributes: None, end, lambda: name)
        reader.read(parts[name])
        (text,) = texts
    except (Refusal, KeyError, ValueError):  # a part that says nothing clear says nothing
        return None
    return moment(text)


def moment(text: str) -> datetime | None:
    """Return the moment in W3CDTF, in UTC to the second; None where it is none or implausible."""
    if not _TIME.fullmatch(text):
        return None
    try:
        time = datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None
    return time if time.year in PLAUSIBLE and time != CREATED.replace(tzinfo=UTC) else None


def in_vietnam(time: datetime) -> datetime:
    """Return a moment as the clocks of Vietnam show it."""
    return time.astimezone(VIETNAM)
