"""Whether Excel takes what becomes of a form's texts and expressions in a workbook.

What a block says by itself is checked when the form is loaded; here, what is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xl_automation.errors import FormError
from xl_automation.excel_limits import MAX_HEIGHT, MAX_PROMPT
from xl_automation.forms.validity import require
from xl_automation.template.form_workbook import FormWorkbook
from xl_automation.template.input_message import prompt, refusal
from xl_automation.template.pagination import form_row_height
from xl_automation.template.seen_formula import seen_formula
from xl_automation.xlsx.soundness import UnsoundWorkbook, check_formula


def check_messages(book: FormWorkbook) -> None:
    """Make sure that a row can be read whole, and what its cells say when they are filled.

    Raises:
        FormError: If one cannot, naming the block.
    """
    for item in book.form.indicators:
        is_seen = form_row_height(item) < MAX_HEIGHT
        require(is_seen, f"indicator {item.id}", "label or unit too long: no row is so tall")
    for item in book.form.inputs:
        where, message = f"indicator {item.id}", prompt(book, item)
        room = f"too long: the whole input message has at most {MAX_PROMPT} characters"
        require(item.help in message, where, f"help {room}")
        is_told = item.codes_explained in message or not item.concerns(book.level)
        require(is_told, where, f"codes {room}")
        require(refusal(book, item), where, "what the cell says to a wrong value is too long")


def check_formulas(book: FormWorkbook) -> None:
    """Make sure that Excel takes the formulas that the form's expressions become.

    Raises:
        FormError: If one is too long or too deep, naming the block.
    """
    for where, formula in _formulas(book):
        try:
            check_formula(formula.removeprefix("="))
        except UnsoundWorkbook as error:
            raise FormError(f"{where}: becomes too much for Excel: {error}") from error


def _formulas(book: FormWorkbook) -> Iterator[tuple[str, str]]:
    for item in book.form.figures:
        for formula in book.layout.formulas(item).values():
            yield f"indicator {item.id}", formula
    for instance in book.rules:
        where = f"rule {instance.id}"
        yield where, book.layout.holds_formula(instance)
        yield where, book.layout.undecided_formula(instance, book.level)
        yield where, seen_formula(book.layout, instance, ())
