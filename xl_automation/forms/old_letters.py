"""Text typed for the fonts of the time before Unicode: recognised, and what it says.

In its file such text is a row of Western European letters and signs, and Vietnamese only in a font
that draws others in their place: ``x· héi`` in .VnTime, ``xaõ hoäi`` in VNI-Times. With the font it
is known by the font and its letters; without, only where letters and signs stand as no other
writing has them. It is never converted: whoever reads it may be wrong.

Two tables are known: TCVN 5712:1993, VN3, called ABC after its keyboard, in which capitals with
tones are lower-case letters drawn large by fonts of their own (.VnTimeH); and VNI for Windows, in
which a mark follows its letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from xl_automation.forms.syllable import is_syllable

# --- the tables --------------------------------------------------------------------------------

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"

_ABC_ORDER = (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT)
_ABC_TONES = {
    "a": "µ¶·¸¹",
    "ă": "»¼½¾Æ",
    "â": "ÇÈÉÊË",
    "e": "ÌÎÏÐÑ",
    "ê": "ÒÓÔÕÖ",
    "i": "×ØÜÝÞ",
    "o": "ßáâãä",
    "ô": "åæçèé",
    "ơ": "êëìíî",
    "u": "ïñòóô",
    "ư": "õö÷øù",
    "y": "úûüýþ",
}
_ABC_PLAIN = dict(zip("ĂÂÊÔƠƯĐăâêôơưđ", "¡¢£¤¥¦§¨©ª«¬\xad®", strict=True))

_VNI_TONES = {"ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_CIRCUMFLEX = {"â": "", "á": _ACUTE, "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVE = {"ê": "", "é": _ACUTE, "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_VNI_PLAIN = dict(zip("íìæóòôöîñ", "íìỉĩịơưỵđ", strict=True))


def _composed(letter: str, *marks: str) -> str:
    return unicodedata.normalize("NFC", letter + "".join(marks))


def _abc() -> dict[str, str]:
    """Return what each sign of TCVN3 stands for."""
    toned = {
        sign: _composed(vowel, tone)
        for vowel, signs in _ABC_TONES.items()
        for sign, tone in zip(signs, _ABC_ORDER, strict=True)
    }
    return toned | {sign: letter for letter, sign in _ABC_PLAIN.items()}


def _vni() -> dict[str, str]:
    """Return what each sign or pair of signs of VNI stands for, capitals too."""
    small = dict(_VNI_PLAIN)
    for letter in "aeouyôö":
        vowel = _VNI_PLAIN.get(letter, letter)
        small |= {letter + sign: _composed(vowel, tone) for sign, tone in _VNI_TONES.items()}
    for signs, mark, letters in ((_VNI_CIRCUMFLEX, _CIRCUMFLEX, "aeo"), (_VNI_BREVE, _BREVE, "a")):
        for letter in letters:
            vowel = _composed(letter, mark)
            small |= {letter + sign: _composed(vowel, tone) for sign, tone in signs.items()}
    del small["yï"]  # ỵ has a sign of its own
    return small | {signs.upper(): letter.upper() for signs, letter in small.items()}


ADVICE = (
    "Gõ lại bằng Unicode, phông Times New Roman, hoặc chuyển sang Unicode bằng công cụ của bộ gõ."
)

# --- what is known by them ---------------------------------------------------------------------

# Signs that people write between words in any letters.
_BETWEEN = dict.fromkeys(map(ord, "\xa0°±²³–—‘’“”…•₫€"))
_WORD = re.compile("[a-zA-Z¡-¯´-ÿ]+")
_NO_SYLLABLE = re.compile("đ|[A-ZĐ]+")  # the sign of the đồng; letters that stand for words
_LOOKED_AT, _QUOTED = 2000, 60  # letters of a text that are read, and that are quoted
_MANY = 9  # so many words that are spelt right make up for one that is not
_OF_ABC = "[a-zA-ZÀ-ÿ]"
_FOREIGN = "ÄÅÆÇËÎÏÐÑÖØÛÜÞßäåæçëîïðñöøûüþ"  # letters of Latin-1 that Vietnamese does not have
# Pairs of VNI that no word of Vietnamese has; but for those that French has, in naïf and où.
_OF_VNI = "[aA](?![ïÏ])[À-Ýà-ý]|[eE][À-Ýà-ý]|[oO][ØÛÕÏÂÅÄøûõïâåä]|[uyôöUYÔÖ][ÙØÛÕÏùøûõï]|[ÑÖÆÎñöæî]"


@dataclass(frozen=True, slots=True)
class _Letters:
    """Old letters of one kind.

    Attributes:
        name: What people call them.
        fonts: How the names of their fonts begin, in small letters.
        known: A sign, or a letter and its mark, that stands for a letter of Vietnamese.
        letter: What letter that is.
        odd: What a word has that is written in these letters, and seldom another.
        sure: What no other word has.
    """

    name: str
    fonts: str
    known: re.Pattern[str]
    letter: Callable[[str], str]
    odd: re.Pattern[str]
    sure: re.Pattern[str]

    def read(self, text: str) -> str:
        """Return what *text* says if it is written in these letters."""
        return self.known.sub(lambda match: self.letter(match[0]), text)

    def hold(self, text: str) -> bool:
        """Whether *text* has no other letters."""
        return self.known.sub("", text).translate(_BETWEEN).isascii()


@cache  # patterns are made when they are first asked for: help does not wait for them
def _all_letters() -> tuple[_Letters, ...]:
    abc, vni = _abc(), _vni()

    def letter_of_vni(signs: str) -> str:
        """Return a letter of VNI; whoever types a capital may leave its mark small."""
        letter = vni[signs.lower()]
        return letter.upper() if signs[0].isupper() else letter

    return (
        _Letters(
            name="TCVN3 (ABC)",
            fonts=".vn",
            known=re.compile(f"[{''.join(abc)}]"),
            letter=abc.__getitem__,
            odd=re.compile(f"[{_FOREIGN}]|(?<=[a-zß-ÿ])[À-ÖØ-Þ]|^§.|(?<=[a-zA-Z])·$"),
            sure=re.compile(
                f"(?<={_OF_ABC})[¡-¦¨-®¶¸¹»-¾](?={_OF_ABC})|(?<=[a-zA-Z])[µ¶¸]|\xad¬"
                "|(?<=[a-z])[À-ÖØ-Þ](?=[a-z])|^®."
            ),
        ),
        _Letters(
            name="VNI",
            fonts="vni-",
            known=re.compile(
                "[aeo][âáàåãä]|a[êéèúüë]|[aeouôö][ùøûõï]|y[ùøûõ]|[íìæóòôöîñ]", re.IGNORECASE
            ),
            letter=letter_of_vni,
            odd=re.compile(_OF_VNI),
            sure=re.compile(
                f"(?:{_OF_VNI}).*[À-ÿ]|[aeo][âåäøû]|u[øû]|a[êõ]|[ôö][ùøûõï]", re.IGNORECASE
            ),
        ),
    )


@cache
def _unusual() -> re.Pattern[str]:
    # One set of letters first, and then what stands before: a search runs through a text at once.
    return re.compile(
        f"[¡-ÿ](?:(?<=[¡-¯´-¿{_FOREIGN}])|(?<=[a-zß-ÿ][À-ÖØ-Þ])|(?<=[aeAE][À-Ýà-ý])"
        "|(?<=[oO][ÙØÛÕÏÂÅÄùøûõïâåä])|(?<=[uyôöUYÔÖ][ÙØÛÕÏùøûõï]))"
    )


@dataclass(frozen=True, slots=True)
class OldText:
    """A text in old letters.

    Attributes:
        text: As it stands in the file.
        letters: Which: ``TCVN3 (ABC)`` or ``VNI``.
        reading: What it would be in Unicode.
    """

    text: str
    letters: str
    reading: str

    @property
    def told(self) -> str:
        """What stands there and what it says, in words; of a long text the beginning."""
        return f"“{_cut(self.text)}” là chữ {self.letters}, đọc là “{_cut(self.reading)}”"


def _cut(text: str) -> str:
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def is_unusual(text: str) -> bool:
    """Whether a Vietnamese text has what few have, and all in old letters: quickly said."""
    return not text.isascii() and _unusual().search(text) is not None


def is_old_font(font: str) -> bool:
    """Whether a font draws old letters, by its name: ``.VnTime``, ``VNI-Times``."""
    return font.lower().startswith(tuple(letters.fonts for letters in _all_letters()))


def old_text(text: str, font: str = "") -> OldText | None:
    """Return what a text in old letters says, None where nothing shows that it is one.

    Args:
        text: The text; of a very long one the beginning is read.
        font: The font that it stands in; empty where nobody knows.

    >>> old_text("Kh«ng cã")
    OldText(text='Kh«ng cã', letters='TCVN3 (ABC)', reading='Không có')
    >>> old_text("Coäng hoøa xaõ hoäi").reading, old_text("kh«ng", ".VnTimeH").reading
    ('Cộng hòa xã hội', 'KHÔNG')
    >>> old_text("Kỹ sư François Straße"), old_text("5 N·m ± 0,5 µm"), old_text("Hoà bình")
    (None, None, None)
    """
    text = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    if not is_unusual(text):
        return None
    of_font = [letters for letters in _all_letters() if font.lower().startswith(letters.fonts)]
    for letters in of_font or _all_letters():
        if letters.hold(text) and _are_shown(letters, text, bool(of_font)):
            return OldText(text, letters.name, _reading(letters, text, font))
    return None


def _are_shown(letters: _Letters, text: str, has_font: bool) -> bool:
    """Whether the words of *text* show that it is written in these letters."""
    right, strange, foreign, is_sure = 0, 0, 0, False
    odd: set[str] = set()
    for word in _WORD.findall(text):
        reading = letters.read(word)
        if is_syllable(reading):
            right += not word.isascii()
            is_sure = is_sure or letters.sure.search(word) is not None
            odd |= {word} if len(word) > 1 and letters.odd.search(word) else set()
        elif not _NO_SYLLABLE.fullmatch(reading):
            foreign += word.isascii()
            strange += not word.isascii()
    if has_font:
        return (is_sure or bool(odd)) and strange < right
    if is_sure:
        return strange * _MANY <= right and foreign <= right
    return len(odd) > 1 and (strange + foreign) * _MANY <= right


def _reading(letters: _Letters, text: str, font: str) -> str:
    """Return what *text* says, in capitals where its font or its letters are."""
    plain = "".join(sign for sign in text if sign.isascii() and sign.isalpha())
    reading = letters.read(text)
    is_large = font.endswith("H") or (len(plain) > 1 and plain.isupper())
    return reading.upper() if is_large else reading
