"""Excel workbooks for administrative-reform reports: template, checks, consolidation.

The verbs, over plain data (paths, forms, submissions, findings):

>>> from xl_automation import check, load_form, read_submission
>>> form = load_form("cchc-2022")
>>> len(form.indicators)
122
"""

from xl_automation.checks.check import check
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.loader import load_form
from xl_automation.reading.reader import read_submission
from xl_automation.summary.write import write_summary
from xl_automation.template.build import build_template

__all__ = [
    "build_template",
    "check",
    "consolidate",
    "load_form",
    "read_submission",
    "write_summary",
]
