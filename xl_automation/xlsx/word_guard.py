"""The gate for Word templates, which anybody may have sent: safe parts, or a named refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from xl_automation.xlsx.guard import ROOT_LINKS, read_bytes
from xl_automation.xlsx.limits import FORM_LIMITS, Limits
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.unpack import CONTENT_TYPES, Archive
from xl_automation.xlsx.xml_guard import check_xml

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PARAGRAPH, ROW, RUN, TEXT = (f"{{{WORD}}}{name}" for name in ("p", "tr", "r", "t"))
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_DOCUMENT = f"{_KIND}document.main+xml"
_FILLED = (
    _DOCUMENT,
    *(f"{_KIND}{name}+xml" for name in ("header", "footer", "footnotes", "endnotes")),
)
_ZIP = b"PK\3\4"
# What a template for reports needs nothing of, by part name, content type or relationship: what is
# run, what is fetched, what is another document.
_UNWANTED = {
    "macroenabled": "macro",
    "vbaproject": "macro",
    "attachedtemplate": "liên kết tới một mẫu khác",
    "oleobject": "đối tượng nhúng",
    "activex": "điều khiển ActiveX",
    "afchunk": "tài liệu nhúng",
    "subdocument": "liên kết tới tài liệu con",
    "mailmerge": "nguồn trộn thư",
    "webextension": "tiện ích Web",
    "customui": "nút lệnh riêng",
}


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """The parts of a Word document by name, and the names of those that are filled."""

    parts: dict[str, bytes]
    filled: Sequence[str]


def read_word_template(path: Path, limits: Limits = FORM_LIMITS) -> WordTemplate:
    """Return a Word document.

    Raises:
        Refusal: If it is no sound .docx within the limits, or holds more than text and pictures.
    """
    data, _ = read_bytes(path, limits.file)
    if not data.startswith(_ZIP):
        raise bad_template("không phải tệp Word .docx")
    archive = Archive(data, limits)
    parts = {name: archive.read(name) for name in archive.names}
    declared = {name: check_xml(name, content, limits.nodes) for name, content in parts.items()}
    kinds = {use.lstrip("/"): kind for kind, use in declared[CONTENT_TYPES]}
    filled = [name for name in parts if kinds.get(name) in _FILLED]
    if ROOT_LINKS not in parts or not any(kinds[name] == _DOCUMENT for name in filled):
        raise bad_template("không phải tệp Word .docx")
    marks = {text.lower() for pairs in declared.values() for pair in pairs for text in pair}
    for mark in sorted(marks | {name.lower() for name in parts}):
        for unwanted, what in _UNWANTED.items():
            if unwanted in mark:
                raise bad_template(f"có {what}")
    for name, content in parts.items():
        if name.lower().endswith(".rels"):
            _check_links(content)
    return WordTemplate(parts, filled)


def _check_links(content: bytes) -> None:
    """Refuse what is fetched from elsewhere; a link that a reader may follow is none."""
    for link in etree.fromstring(content):
        is_outside = link.get("TargetMode", "").lower() == "external"
        if is_outside and not link.get("Type", "").endswith("/hyperlink"):
            raise bad_template("có liên kết lấy nội dung từ ngoài")


def short(text: str) -> str:
    """Return what a message quotes of a command or a field: one line, and room for the rest."""
    return " ".join(text[:60].split())


def bad_template(reason: str) -> Refusal:
    """Return the refusal of a file that is no template for reports."""
    return Refusal("bad-template", reason=reason)
