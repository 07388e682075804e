"""The numbers of an earlier period, for expressions and aggregates to work on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from xl_automation.forms.python_face import Values
from xl_automation.forms.vocabulary import Source


@dataclass(frozen=True, slots=True)
class PastFigures:
    """The numbers of an earlier period, a row per unit (``UnitFigures``)."""

    numbers: pd.DataFrame

    def take(self, id: str, source: Source) -> Values:
        """Return the figure's numbers, one per unit; of the past nothing else is known."""
        assert source in ("number", "nz"), source
        if id not in self.numbers.columns:  # of a row that the form had not then
            return np.full(len(self.numbers), 0.0 if source == "nz" else np.nan)
        numbers = self.numbers[id].to_numpy()
        return np.nan_to_num(numbers, nan=0.0) if source == "nz" else numbers

    def absences(self, id: str) -> Values:
        """Return that no cell has a code: they are not kept of the past."""
        return np.zeros(len(self.numbers), dtype=np.int8)
