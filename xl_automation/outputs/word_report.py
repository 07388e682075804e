"""The administrative report in Word: a template that an officer may edit, filled with figures."""

from __future__ import annotations

from pathlib import Path

from xl_automation.outputs.report_context import Context
from xl_automation.outputs.word_sandbox import ReportEnvironment
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.package import zip_parts
from xl_automation.xlsx.word_commands import MAX_COMMANDS, jinja_source
from xl_automation.xlsx.word_filled import check_filled, filled_part
from xl_automation.xlsx.word_guard import read_word_template
from xl_automation.xlsx.xml_guard import is_xml

TEMPLATE = WORKBOOK / "CCHC-bao-cao.docx"


def word_report(context: Context, template: Path = TEMPLATE) -> bytes:
    """Return a report as a .docx, the same bytes for the same figures and template.

    Parts in which no command stands are those of the template, byte for byte.

    Raises:
        Refusal: If the template is none that may be used.
    """
    found = read_word_template(template)
    environment, left = ReportEnvironment(), MAX_COMMANDS
    parts = dict(found.parts)
    for name in found.filled:
        source, commands = jinja_source(parts[name], left)
        left -= len(commands)
        for command in commands:
            environment.check(command)
        if commands:
            parts[name] = filled_part(environment.fill(source, context))
    for name, content in parts.items():
        if is_xml(name, content):
            check_filled(content)
    return zip_parts(parts)


def write_report(context: Context, out: Path, template: Path = TEMPLATE) -> None:
    """Write a report, never over a file that is there: somebody may have written on in it.

    Raises:
        Refusal: If the template is none that may be used.
        UserError: If another file is at *out*, or it cannot be written.
    """
    write_new(out, word_report(context, template))
