"""What a figure's cell says before and after it is typed into."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xl_automation.excel_limits import MAX_ERROR, MAX_PROMPT, length
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain, show
from xl_automation.template import positions
from xl_automation.template.form_workbook import MAX_COUNT, FormWorkbook
from xl_automation.template.rules_sheet import NOT_OWED
from xl_automation.wording import capitalized


def limits(form: Form, item: Indicator) -> tuple[float, float]:
    """Return the lowest and the highest number that the cell of a row takes."""
    _, bounds = form.range_rule(item.id)
    lowest = -MAX_COUNT if bounds.lowest is None else plain(bounds.lowest)
    return lowest, MAX_COUNT if bounds.highest is None else plain(bounds.highest)


def accepted(book: FormWorkbook, item: Indicator) -> str:
    """Return the formula of what the cell of a row takes: a number that it may be, or a code."""
    cell = book.layout.cell(item.id)
    lowest, highest = limits(book.form, item)
    tests = [f"{cell}>={lowest}", f"{cell}<={highest}"]
    tests += [f"{cell}=INT({cell})"] if item.kind == "count" else []
    codes = [f'UPPER(TRIM({cell}))="{code}"' for code in book.form.codes_in(item)]
    return f"=IF(ISNUMBER({cell}),AND({','.join(tests)}),OR({','.join(codes) or 'FALSE'}))"


def refusal(book: FormWorkbook, item: Indicator) -> str:
    """Return what a cell says to what it does not take: its rule, or else its prompt.

    What does not fit is left out as in the prompt, which stays in sight.
    """
    rule, _ = book.form.range_rule(item.id)
    if rule is None:
        return _as_fits([*_sentences(book, item), _codes_alone(book.form, item)], MAX_ERROR)
    said = capitalized(rule.words)
    return _as_fits([said, _codes_alone(book.form, item)], MAX_ERROR)


def prompt(book: FormWorkbook, item: Indicator) -> str:
    """Return the input message of a cell: what is entered, in which unit, with an example.

    What does not fit is left out from the end, a sentence at a time.
    """
    whole = _as_fits(_sentences(book, item), MAX_PROMPT)
    instead = _instead(book.form, item) if item.concerns(book.level) else ()
    with_codes = (_as_fits([whole, codes], MAX_PROMPT) for codes in instead)
    longest = next((text for text in with_codes if text != whole), whole)
    return _as_fits([longest, "Không ghi số lượng." if item.kind == "percent" else ""], MAX_PROMPT)


def _sentences(book: FormWorkbook, item: Indicator) -> Iterator[str]:
    """Yield what there is to say of a cell, first what is needed most."""
    unit = item.unit_means or item.unit
    kinds = {
        "count": f"Số nguyên, đơn vị: {unit}. Không phát sinh ghi 0.",
        "amount": f"Số tiền, đơn vị: {unit}, ví dụ 4860.",
        "percent": f"{_percentage(book.form, item)}, ví dụ 58,85; máy dùng dấu chấm: 58.85.",
        "code": f"Chọn mã: {item.codes_explained}.",
    }
    yield from (
        "" if item.concerns(book.level) else f"{NOT_OWED}.",
        kinds[item.kind] if item.concerns(book.level) else "",
        item.help,
        f"Chưa có tỷ lệ: ghi tử số, mẫu số ở cột {positions.PART}, {positions.WHOLE}."
        if item.helper
        else "",
    )


def _as_fits(sentences: Iterable[str], most: int) -> str:
    """Return the sentences that fit into *most* characters, the first ones first."""
    text = ""
    for sentence in filter(None, sentences):
        longer = f"{text} {sentence}".strip()
        text = longer if length(longer) <= most else text
    return text


def _instead(form: Form, item: Indicator) -> Iterator[str]:
    """Yield what may be typed where there is no figure, with its words and without."""
    if codes := form.codes_in(item):
        explained = "; ".join(f"{code} = {form.absence[code].words}" for code in codes)
        yield f"Không có số: {explained}."
        yield _codes_alone(form, item)


def _codes_alone(form: Form, item: Indicator) -> str:
    """Return which codes may be typed, without their words; empty where none may."""
    codes = ", ".join(form.codes_in(item))
    return f"Không có số: {codes}." if codes else ""


def _percentage(form: Form, item: Indicator) -> str:
    _, bounds = form.range_rule(item.id)
    if bounds.lowest is None or bounds.highest is None:
        return "Tỷ lệ phần trăm"
    return f"Tỷ lệ từ {show(bounds.lowest)} đến {show(bounds.highest)}"
