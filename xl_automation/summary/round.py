"""One run over a round: the summary that is there is read, and written again with what changed.

The command and the button do this and nothing else, so that they cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.lower import inherited, units_of
from xl_automation.consolidation.register import Register
from xl_automation.consolidation.rulings import still_valid
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.passed_over import PassedOver
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.lower_levels import take_apart
from xl_automation.summary.read_back import read_if_summary
from xl_automation.summary.read_register import read_decisions, read_register
from xl_automation.summary.write import write_summary


def run_round(
    form: Form,
    results: Sequence[Submission | RefusedFile],
    out: Path,
    now: datetime,
    *,
    units: Sequence[ReportingUnit] | None = None,
    period: Period | None = None,
    previous: Sequence[PastPeriod] = (),
    earlier: Iterable[Path] = (),
    passed_over: Sequence[PassedOver] = (),
    decisions: Sequence[Decision] = (),
    due: date | None = None,
) -> Consolidation:
    """Consolidate *results* and write the summary to *out*, which is its own register.

    Args:
        form: The form of all reports.
        results: The files as read or refused; summaries of lower levels among them are taken
            apart.
        out: The summary; an earlier one there is read first.
        now: The time of this run, local.
        units: Who owes a report; by default those of the lower summaries, or else the form's own
            list.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.
        earlier: The files that these came from; decisions in summaries among them that reach to
            this period hold for it.
        passed_over: What lay beside the files and was not read.
        decisions: Decisions beside those in the summaries.
        due: The day by which reports are due; by default as kept, or as the files say.

    Raises:
        UserError: If a summary cannot be read back, or the new one not be written, if the files
            do not settle the period, or if *out* is another period's and holds officers' words.
    """
    register = kept_in(out, form)
    results, period, lower = take_apart(form, results, period)
    if units is None and lower:
        units = units_of(lower, (one for one in results if isinstance(one, Submission)))
    _refuse_another_round(out, register, period)
    if period is not None:
        for path in earlier:
            kept = read_if_summary(path, form, read_decisions) or ()
            decisions = [*decisions, *still_valid(form, kept, period)]
    result = consolidate(
        form,
        results,
        units,
        period,
        previous,
        passed_over,
        register=register,
        decisions=decisions,
        due=due,
        now=now,
        lower=lower,
        inherited=tuple(inherited(form, lower)),
    )
    write_summary(result, out)
    return result


def _refuse_another_round(out: Path, register: Register, period: Period | None) -> None:
    """Make sure that no words of another round are lost: a new one begins blank."""
    code = period.code if period else ""
    if register.period not in ("", code) and register.holds_words:
        raise UserError(
            f"{out} là sổ tổng hợp kỳ {register.period}, có quyết định, tình trạng hay trả lời đã "
            f"ghi; đang lập sổ kỳ {code or 'chưa rõ'}. Sổ ấy được giữ nguyên. Chọn tên khác; quyết "
            "định còn hiệu lực vẫn theo sang kỳ này khi dùng --previous."
        )


def kept_in(path: Path, form: Form) -> Register:
    """Return what a summary keeps; a blank register where there is no summary of this form.

    Raises:
        UserError: If the summary cannot be read back.
    """
    return read_if_summary(path, form, read_register) or Register()
