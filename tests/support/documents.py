"""Word documents for tests: what they say, and templates that somebody changed."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from docx import Document

from xl_automation.outputs.word_report import TEMPLATE
from xl_automation.xlsx.package import Parts, read_parts, zip_parts

BODY = "word/document.xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def texts(content: bytes) -> list[str]:
    """Return the paragraphs of a document, those in tables too."""
    document = Document(BytesIO(content))
    return [
        *(paragraph.text for paragraph in document.paragraphs),
        *(cell.text for table in document.tables for row in table.rows for cell in row.cells),
    ]


def paragraph(*pieces: str) -> str:
    """Return a paragraph whose text is cut into runs."""
    runs = (f'<w:r><w:t xml:space="preserve">{piece}</w:t></w:r>' for piece in pieces)
    return f"<w:p>{''.join(runs)}</w:p>"


def part(tag: str, content: str) -> bytes:
    """Return a part whose root is called *tag*: ``hdr``, ``comments``."""
    return f'<w:{tag} xmlns:w="{WORD}">{content}</w:{tag}>'.encode()


def shipped() -> Parts:
    """Return the parts of the template that ships."""
    return read_parts(TEMPLATE.read_bytes())


def with_parts(path: Path, changes: Parts) -> Path:
    """Write the shipped template with other parts, or more."""
    path.write_bytes(zip_parts({**shipped(), **changes}))
    return path


def with_body(path: Path, body: str) -> Path:
    """Write the shipped template with nothing in it but *body*."""
    return with_parts(path, {BODY: part("document", f"<w:body>{body}</w:body>")})
