"""The administrative report in Word: a template that an officer may edit, filled with figures."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from docxtpl import DocxTemplate
from jinja2.exceptions import TemplateError

from xl_automation.outputs.report_context import Context
from xl_automation.outputs.word_sandbox import ReportEnvironment, refusal_of
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.package import zip_parts
from xl_automation.xlsx.word_guard import read_word_template

TEMPLATE = WORKBOOK / "CCHC-bao-cao.docx"


def word_report(context: Context, template: Path = TEMPLATE) -> bytes:
    """Return a report as a .docx, the same bytes for the same figures and template.

    Raises:
        Refusal: If the template is none that may be used.
    """
    parts = read_word_template(template)
    document = DocxTemplate(BytesIO(zip_parts(parts)))
    try:
        document.render(context, ReportEnvironment(), autoescape=True)
    except TemplateError as error:
        raise refusal_of(error) from error
    filled = BytesIO()
    document.save(filled)
    with ZipFile(filled) as package:
        return zip_parts({name: package.read(name) for name in package.namelist()})


def write_report(context: Context, out: Path, template: Path = TEMPLATE) -> None:
    """Write a report, never over a file that is there: somebody may have written on in it.

    Raises:
        Refusal: If the template is none that may be used.
        UserError: If another file is at *out*, or it cannot be written.
    """
    write_new(out, word_report(context, template))
