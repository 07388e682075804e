"""Links from the matrix's figures to the cells that they were read from, as many as have room."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.excel_limits import MAX_LINKS
from xl_automation.forms.numbers import show
from xl_automation.reading.submission import Submission
from xl_automation.summary.file_links import FileLinks
from xl_automation.template.layout import Layout
from xl_automation.wording import printable
from xl_automation.xlsx.long_rows import CellLink

# A program that opens a summary takes its time for each: so many are all figures of some 70 units.
MAX_FIGURE_LINKS = 10_000
HINT = "Bấm vào một số là mở đúng ô trong tệp của đơn vị, vào mã chỉ tiêu là về sheet Tổng hợp."


class FigureLinks:
    """The links of one matrix.

    Where there are more figures than links, those of the city come first, then those that a finding
    is about, in the order of the findings, then the others from the top.
    """

    def __init__(
        self, result: Consolidation, files: FileLinks, ids: Collection[str], others: int
    ) -> None:
        """Begin with all room.

        Args:
            result: Whose figures they are.
            files: Links to its files.
            ids: The figures of each unit that stand in a cell of its file.
            others: How many links the sheet has beside these.
        """
        layout, self._city = Layout(result.form), result.form.city
        self._files, self._places = files, {id: layout.place(id) for id in ids}
        # Where no cell is where it was issued, the link of the unit's name leads to the file.
        linked = [submission for submission in result.counted if submission.is_as_issued]
        self._linked = {submission.path for submission in linked}
        room = max(0, min(MAX_FIGURE_LINKS, MAX_LINKS - others))
        self._has_room = len(linked) * len(ids) <= room
        first = islice(self._first_of(result), 0 if self._has_room else room)
        self._first = frozenset(first)
        self._room, self._left = room, room - len(self._first)

    def _first_of(self, result: Consolidation) -> Iterator[tuple[str | None, str]]:
        """Yield code and id of the figures that come first, each once."""
        city = [result.city.unit_code] if result.city else []
        figures = dict.fromkeys((code, id) for code in city for id in self._places)
        for located in result.findings:
            if located.submission and located.finding.cells:
                code, ids = located.submission.unit_code, located.finding.indicators
                figures |= dict.fromkeys((code, id) for id in ids if id in self._places)
        yield from figures

    @property
    def words(self) -> str:
        """What the sheet says of its links."""
        if self._has_room:
            return HINT
        return (
            f"{HINT} Sheet này chỉ giữ {show(self._room)} liên kết để mở nhanh: trước hết là số của"
            f" {self._city}, số có điểm cần xem lại, rồi số của các đơn vị từ trên xuống."
        )

    def link(
        self, submission: Submission, id: str, content: str | float | None
    ) -> CellLink | str | float | None:
        """Return what stands in a cell of the matrix as a link; as it is where there is no room.

        A text with signs that are not seen stays what it is, and no link.
        """
        if content is None or submission.path not in self._linked:
            return content
        if isinstance(content, str) and printable(content) != content:
            return content
        if not self._has_room and (submission.unit_code, id) not in self._first:
            if not self._left:
                return content
            self._left -= 1
        link = self._files.link(submission.path, content, self._places[id])
        # What a clerk wrote stays as it is; names of files and units are made printable.
        return replace(link, content=content) if isinstance(link, CellLink) else content
