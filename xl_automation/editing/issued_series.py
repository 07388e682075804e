"""Workbooks that are issued in one go: the unit and its earlier figures differ, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from xl_automation.editing.results.texts import text_results
from xl_automation.editing.results.write import all_results, merged, state_of, write_results
from xl_automation.forms.form import Form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.template import positions
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import Parts, changed_workbook
from xl_automation.xlsx.series import WorkbookSeries
from xl_automation.xlsx.sheet_editor import CellContent


class IssuedSeries:
    """Copies of one blank workbook, each for a unit, the results of its formulas its own.

    Args:
        form: The form.
        parts: The workbook of any unit, just built.
    """

    def __init__(self, form: Form, parts: Parts):
        write_results(form, parts, built=True)
        self._state = state_of(form, parts)
        self._results = all_results(self._state)
        self._places = {
            item.id: Address.of(form.sheet, positions.PREVIOUS, self._state.layout.rows[item.id])
            for item in form.figures
        }
        self._series = WorkbookSeries(changed_workbook(parts, {}), self._results)

    def workbook(self, unit: ReportingUnit, earlier: Mapping[str, float]) -> bytes:
        """Return the workbook of a unit.

        Args:
            unit: The unit.
            earlier: Its figures of the earlier period, by id.
        """
        contents: dict[Address, CellContent] = {
            self._places[id]: number for id, number in earlier.items()
        }
        contents[positions.info_place("TT_DON_VI")] = positions.unit_text(unit)
        state = self._state.of(unit, earlier)
        if state.submission.previous is None:  # the unit's name is in texts only
            results = merged(self._results, text_results(state))
        else:
            results = all_results(state)
        return self._series.workbook(contents, results)
