"""The Vietnamese syllable: whether letters spell one, whatever it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

_ONSETS = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
# Vowels -> what may follow them, "-" being nothing.
_ENDS = {
    "a": "- c ch i m n ng nh o p t u y",
    "ă": "c m n ng p t",
    "â": "c m n ng p t u y",
    "e": "- c m n ng o p t",
    "ê": "- c ch m n nh p t u",
    "i": "- a c ch m n nh p t u",
    "iê": "c m n ng p t u",
    "o": "- c i m n ng p t",
    "oa": "- c ch i m n ng nh o p t y",
    "oă": "c m n ng t",
    "oe": "- n o t",
    "oo": "c ng",
    "ô": "- c i m n ng p t",
    "ơ": "- i m n p t",
    "u": "- a c i m n ng p t",
    "uâ": "n ng t y",
    "uê": "- ch n nh",
    "uô": "c i m n ng p t",
    "uơ": "- n",
    "uy": "- a ch n nh p t u",
    "uyê": "n t",
    "ư": "- a c i m n ng t u",
    "ươ": "c i m n ng p t u",
    "y": "- t",
    "yê": "m n ng t u",
}
_STOPS = ("c", "ch", "p", "t")  # behind these the tone is sắc or nặng
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")  # huyền, sắc, ngã, hỏi, nặng
_TONES_OF_STOPS = ("\u0301", "\u0323")
_LONGEST = len("nghiêng")


@cache
def _ends() -> Mapping[str, str]:
    """Return what stands behind the vowels of every syllable, by the syllable without its tone."""
    ends: dict[str, str] = {}
    for vowels, some in _ENDS.items():
        for end in some.replace("-", "").split(" "):
            for onset in ("", *_ONSETS.split()):
                syllable = onset + vowels + end
                ends[syllable] = min(
                    end, ends.get(syllable, end), key=len
                )  # già: gi with a, not g with ia
    return ends


def is_syllable(word: str) -> bool:
    """Whether *word* is spelt as a Vietnamese syllable, the tone on any of its main vowels.

    >>> is_syllable("Nghĩa"), is_syllable("hoà"), is_syllable("hòa"), is_syllable("Straòe")
    (True, True, True, False)
    """
    letters = unicodedata.normalize("NFC", word.lower())
    return len(letters) <= _LONGEST and _is_spelt(letters)


@lru_cache(4096)
def _is_spelt(letters: str) -> bool:
    tones = _TONE.findall(unicodedata.normalize("NFD", letters))
    end = _ends().get(_toneless(letters))
    if end is None or not letters.endswith(end) or len(tones) > 1:
        return False
    return not (end in _STOPS and tones and tones[0] not in _TONES_OF_STOPS)


def _toneless(text: str) -> str:
    return unicodedata.normalize("NFC", _TONE.sub("", unicodedata.normalize("NFD", text)))
