"""Requirements of what is said of things from outside.

W1 Whatever would not be seen, or would move what is seen, has a visible sign; all else stays.
W2 What a sentence quotes, and a whole sentence, has a limit.
W3 Every sentence for the user is so, whoever raises it; so is every entry of a log.
"""

from __future__ import annotations

import pickle
import sys
import unicodedata

import pytest

from xl_automation.errors import FormError, UserError
from xl_automation.forms.loader import load_form
from xl_automation.wording import (
    MAX_QUOTED,
    MAX_SENTENCE,
    log_entry,
    printable,
    quoted,
    sentence,
    visible_json,
)
from xl_automation.xlsx.refusal import Refusal

SIGNS = {
    "\x1b[2J": "␛[2J", "a\nb": "a⏎b", "a\r\nb": "a⏎b", "a\rb": "a⏎b", "a\x85b": "a⏎b",
    "a\u2028b\u2029c": "a⏎b⏎c", "a\tb": "a␉b", "\x00": "␀", "\x07": "␇", "\x08": "␈", "\x7f": "␡",
    "\x9b31m": "<U+009B>31m", "\u202exslx": "<U+202E>xslx", "\u2066": "<U+2066>",
    "\u200e\u200f\u061c": "<U+200E><U+200F><U+061C>", "a\u200bb": "a<U+200B>b",
    "\ufeff": "<U+FEFF>", "\u00ad": "<U+00AD>", "\u3164": "<U+3164>", "\ufffe": "<U+FFFE>",
    "x\udce3": "x<0xE3>", "\ud800": "<U+D800>", "\U000e0041": "<U+E0041>",
}  # fmt: skip


@pytest.mark.parametrize("text", SIGNS, ids=ascii)
def test_what_is_not_seen_has_a_sign(text):
    """Each sign stands for one character, and is text itself."""
    assert printable(text) == SIGNS[text]
    assert printable(SIGNS[text]) == SIGNS[text]


def test_no_character_of_all_moves_another():
    """Of all of Unicode nothing is left that ends a line, turns it, or is no character."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    left = [c for c in printable(every) if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    turning = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
    left += [c for c in printable(every) if unicodedata.bidirectional(c) in turning]
    assert left == []


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_vietnamese_stays_as_it_is(form):
    """Composed and decomposed; so do spaces, quotes, other scripts and pictures."""
    printed = " ".join(item.label for item in load_form().indicators)
    others = "“Xã Thịnh Đức” – 58,85 %; Đường\u00a0số 1… § ₫ 漢字 العربية ❤️ \ufffd"
    for text in (printed, others):
        text = unicodedata.normalize(form, text).replace("\n", " ")
        assert printable(text) is text or printable(text) == text
        assert sentence(others) == others


def test_long_text_is_quoted_by_its_beginning():
    """9 MB of a label become a line, and quickly; what is short enough is quoted whole."""
    assert quoted("x" * 9_000_000) == "x" * MAX_QUOTED + "…"
    assert quoted("x" * MAX_QUOTED) == "x" * MAX_QUOTED
    assert len(quoted("\u202e" * 9_000_000)) == MAX_QUOTED * len("<U+202E>") + 1


def test_long_sentence_loses_its_middle():
    """What it is about and what to do stay."""
    text = sentence(f"Tệp {'x' * 9_000_000} không đọc được. Xin gửi lại.")
    assert len(text) <= MAX_SENTENCE
    assert text.startswith("Tệp xxx")
    assert text.endswith("xxx không đọc được. Xin gửi lại.")
    assert sentence(text) == text


@pytest.mark.parametrize("kind", [UserError, FormError])
def test_every_error_for_users_can_be_shown(kind):
    """Whoever raises it need not think of it, and it stays so on its way to another process."""
    error = kind("a\x1b[2J\n" + "x" * 9_000_000)
    assert str(error).startswith("a␛[2J⏎xxx")
    assert len(str(error)) <= MAX_SENTENCE
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_refusal_quotes_its_facts():
    """Each fact is shortened where it enters the sentence, so that none of the others is lost."""
    huge = "\n" + "x" * 9_000_000
    refusal = Refusal("altered-form", where="ô A1", expected="Tỷ lệ", found=huge)
    assert f"phải là “Tỷ lệ” nhưng đang là “⏎{'x' * (MAX_QUOTED - 1)}…”." in str(refusal)
    assert str(refusal).endswith("gửi lại.")
    assert len(pickle.dumps(refusal)) < 2_000
    assert str(pickle.loads(pickle.dumps(refusal))) == str(refusal)


def test_entry_of_a_log_has_one_beginning():
    """Further lines stand in from the margin, whatever they say."""
    entry = log_entry("a\r2026-01-01 ERROR b\n2026-01-01 ERROR c\n\x1b[1A")
    assert entry == "a⏎2026-01-01 ERROR b\n    2026-01-01 ERROR c\n    ␛[1A"
    assert len(log_entry("x" * 9_000_000)) < 200_000


def test_json_says_the_same_by_its_own_escapes():
    """Its lines stay lines."""
    assert visible_json('{\n  "a": "\u202e\x9b\\u001b\udce3"\n}') == (
        '{\n  "a": "\\u202e\\u009b\\u001b\\udce3"\n}'
    )
