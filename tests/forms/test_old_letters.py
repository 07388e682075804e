"""Requirements of text in old letters (TCVN3, VNI).

O1 The tables are those of the standard and of the VNI fonts: every letter of Vietnamese, there and
   back.
O2 What is written in them is known by its font, and nearly always without; the reading is right.
O3 Nothing that is Unicode is taken for old: Vietnamese in either form, names of other languages,
   signs; in whatever mixture.
O4 Capitals are read as such.
"""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.paths import PRODUCT, ROOT
from xl_automation.errors import UserError
from xl_automation.forms.old_letters import is_unusual, old_text
from xl_automation.forms.syllable import is_syllable
from xl_automation.forms.unit_list import read_units

SMALL = "áàảãạ ắằẳẵặ ấầẩẫậ éèẻẽẹ ếềểễệ íìỉĩị óòỏõọ ốồổỗộ ớờởỡợ úùủũụ ứừửữự ýỳỷỹỵ ăâêôơưđ".replace(
    " ", ""
)
# As printed in tables of the time, in the order of the letters above.
TCVN3_CODES = (
    "B8B5B6B7B9 BEBBBCBDC6 CAC7C8C9CB D0CCCECFD1 D5D2D3D4D6 DDD7D8DCDE E3DFE1E2E4 E8E5E6E7E9 "
    "EDEAEBECEE F3EFF1F2F4 F8F5F6F7F9 FDFAFBFCFE A8A9AAABACADAE"
)
VNI_SIGNS = (
    "aù aø aû aõ aï aé aè aú aü aë aá aà aå aã aä eù eø eû eõ eï eá eà eå eã eä í ì æ ó ò "
    "où oø oû oõ oï oá oà oå oã oä ôù ôø ôû ôõ ôï uù uø uû uõ uï öù öø öû öõ öï yù yø yû yõ î "
    "aê aâ eâ oâ ô ö ñ"
)
TCVN3 = dict(zip(SMALL, bytes.fromhex(TCVN3_CODES).decode("latin-1"), strict=True))
TCVN3_CAPITALS = dict(zip("ĂÂÊÔƠƯĐ", "¡¢£¤¥¦§", strict=True))
VNI = dict(zip(SMALL, VNI_SIGNS.split(), strict=True))
LETTERS = f"[{SMALL}{SMALL.upper()}“”…–]"
VNI |= {letter.upper(): signs.upper() for letter, signs in VNI.items()}


def in_tcvn3(text: str) -> str:
    """Return *text* as a keyboard of the time typed it: capitals with tones are small letters."""
    signs = (TCVN3_CAPITALS.get(c) or TCVN3.get(c) or TCVN3.get(c.lower(), c) for c in text)
    return "".join(signs)


def in_vni(text: str) -> str:
    """Return *text* in VNI."""
    return "".join(VNI.get(letter, letter) for letter in text)


@cache
def corpus() -> tuple[str, ...]:
    """Return every Vietnamese text of the program and its forms: labels, rules, messages."""
    modules = (path for path in PRODUCT.rglob("*.py") if not path.name.endswith("old_letters.py"))
    texts = {text for path in modules for text in constants(ast.parse(path.read_text("utf-8")))}
    for path in PRODUCT.rglob("*.toml"):
        texts |= set(strings(tomllib.loads(path.read_text("utf-8"))))
    for path in PRODUCT.rglob("*.csv"):
        texts |= set(strings(list(csv.reader(path.read_text("utf-8").splitlines()))))
    texts |= set((ROOT / "README.vi.md").read_text("utf-8").splitlines())
    return tuple(sorted(text for text in texts if not text.isascii()))


def constants(module: ast.Module) -> Iterator[str]:
    """Yield the texts of a module that are no docstrings: those are English."""
    nodes = list(ast.walk(module))
    docstrings = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    for node in nodes:
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


def strings(data: object) -> Iterator[str]:
    """Yield every text within tables and lists."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)


# --- O1: the tables ----------------------------------------------------------------------------


def test_tcvn3_is_the_standard() -> None:
    """Each code is the letter that the C library's own table of TCVN 5712 has for it."""
    codes = bytes.fromhex(TCVN3_CODES) + bytes(range(0xA1, 0xA8))
    command = ["iconv", "-f", "TCVN5712-1", "-t", "UTF-8"]
    done = subprocess.run(command, input=codes, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("this C library does not know TCVN 5712")
    assert unicodedata.normalize("NFC", done.stdout.decode()) == SMALL + "ĂÂÊÔƠƯĐ"


@pytest.mark.parametrize("letter", SMALL + SMALL.upper())
def test_each_letter_is_read_back(letter: str) -> None:
    """In a text that is old beyond doubt, every letter of either table is what it was."""
    text = f"Không được {letter}: đã gửi bản sửa đổi của xã về huyện"
    vni = old_text(in_vni(text))
    assert vni is not None
    assert vni.reading == text
    tcvn3 = old_text(in_tcvn3(text))
    assert tcvn3 is not None
    is_capital_there = letter in SMALL or letter in TCVN3_CAPITALS
    assert tcvn3.reading == (text if is_capital_there else text.lower().capitalize())


# --- O2: what is old ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encode", "font", "letters"),
    [(in_tcvn3, ".VnTime", "TCVN3 (ABC)"), (in_vni, "VNI-Times", "VNI")],
)
@pytest.mark.parametrize(
    ("least_words", "by_font", "by_words"), [(4, 0.99, 0.97), (1, 0.94, 0.88)], ids=["long", "all"]
)
def test_old_texts_are_known(encode, font, letters, least_words, by_font, by_words) -> None:
    """Of four words or more nearly all are known, with their font and without; and read right."""
    texts = [unicodedata.normalize("NFC", text)[:2000] for text in corpus()]
    olds = {encode(text): text for text in texts if re.search(f"[{SMALL}]", text)}
    olds = {old: text for old, text in olds.items() if re.sub(LETTERS, "", text).isascii()}
    olds = {old: text for old, text in olds.items() if len(text.split()) >= least_words}
    counts = {"": 0, font: 0}
    for old, text in olds.items():
        for name in counts:
            known = old_text(old, name)
            if known:
                counts[name] += 1
                assert known.letters == letters
                assert known.reading.lower() == text.lower()[: len(known.reading)]
    assert len(olds) > 800
    assert counts[font] > by_font * len(olds)
    assert counts[""] > by_words * len(olds)


@pytest.mark.parametrize(
    ("old", "font", "reading"),
    [
        ("Céng hßa x· héi chñ nghÜa", "", "Cộng hòa xã hội chủ nghĩa"),
        ("Coäng hoøa xaõ hoäi chuû nghóa", "", "Cộng hòa xã hội chủ nghĩa"),
        ("CéNG HßA X· HéI", "", "CỘNG HÒA XÃ HỘI"),
        ("céng hßa x· héi", ".VnTimeH", "CỘNG HÒA XÃ HỘI"),
        ("COÄNG HOØA", "", "CỘNG HÒA"),
        ("Coäng hoøa", "VNI-Helve", "Cộng hòa"),
        ("kh«ng", "", "không"),
        ("Sè 12/Q§-UBND ngµy 5/6", "", "Số 12/QĐ-UBND ngày 5/6"),
        ("25.000® (m­êi ngh×n ®ång)", "", "25.000đ (mười nghìn đồng)"),
        ("TiÕn ®é: 25°C – “®¹t”", "", "Tiến độ: 25°C – “đạt”"),
        ("bÐ", ".VnArial", "bé"),
        (unicodedata.normalize("NFD", "Céng hßa x· héi"), "", "Cộng hòa xã hội"),
    ],
)
def test_old_text_is_read(old: str, font: str, reading: str) -> None:
    """As in the offices: mixed with numbers, abbreviations, quotation marks; capitals (O4)."""
    known = old_text(old, font)
    assert known is not None
    assert known.reading == reading


def test_very_long_text_is_read_from_its_beginning() -> None:
    """A cell of 32,767 letters costs no more than one of 2,000, and a message quotes few."""
    known = old_text("kh«ng cã " * 3640)
    assert known is not None
    assert len(known.reading) == 2000
    assert len(known.told) < 200


# --- O3: what is not ---------------------------------------------------------------------------

NAMES = """
    François Straße São Paulo Zürich Müller Jörg Köln Björn Øresund Ångström Æsop Þór Guðmundur
    Malmö Århus København Łódź Gdańsk Čapek Dvořák Škoda Tōkyō Müßig Größe Fußball Weiß Düsseldorf
    Nürnberg Lübeck naïve Noël Citroën Hanoï Haïti Thaï Caïn maïs coïncide Zaïre Saïgon Besançon
    garçon reçu été élève château hôpital forêt août où goût coût dû croûte crème piña España
    mañana Núñez Muñoz señor niño pingüino Peña corazón Íñigo Brasília João não ações Conceição
    Antônio português Bogotá Québec Genève Neuchâtel Nîmes Ünal Çelik Öztürk Jyväskylä Hämeenlinna
    yö työ Tõnu Põlva Võru jõgi Tromsø Bodø Ærø blåbær Öland Åsa Håkan Kjærgård Björk Þingvellir
    Ísafjörður Àlex Núria Lluís Castelló l'Hospitalet col·legi
"""
SIGNS = """
    ± ½ ¼ ¾ § §5 §1.2 25°C 5µm µ N·m kW·h m² m³ a·b x×y m×n 3×4 6÷2 © ® ™ Excel® Windows© «a» « »
    ¿qué? ¡hola! 1ª 2º £5 ¥100 ¢ ¤ ¬p ¦ ¨ ¸ ¹ ² ³ ¶ 25.000đ 10€ ½kg 1½ a¹ báo·cáo • – — “x” …
"""
HONEST = """
    Không có Hoà bình toà án Thúy Quý hoá đơn xoá bỏ thuê mướn kế toán Công văn số ý kiến tổ dân
    phố Lê Văn Tám bà Tú cô Hà ở đây là tốt rồi Đắk Lắk Krông Pắc QĐ-UBND HĐND và cả hai ghi chú
    đã nộp chưa ký xã phường trò quá tải hòa thoả UBND TP TTHC 2022
"""
WORDS = f"{NAMES} {SIGNS} {HONEST}".split()
FONTS = ("", "Times New Roman", "Arial", "VnTime", "Vni")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_no_text_of_the_house_is_taken_for_old(form) -> None:
    """Not one of some thousand honest texts; by its words alone, or in a font of old letters."""
    texts = [unicodedata.normalize(form, text) for text in corpus()]
    words = {word for text in texts for word in re.split(r"[\s,.;:!?()/“”]+", text)}
    fonts = ("", "Times New Roman", ".VnTime", "VNI-Times")
    accused = [text for text in {*texts, *words} for font in fonts if old_text(text, font)]
    assert not accused


def test_no_foreign_name_or_sign_is_taken_for_old() -> None:
    """Alone they are what they are."""
    assert not [text for text in WORDS for font in FONTS if old_text(text, font)]


@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=8),
    form=st.sampled_from(["NFC", "NFD"]),
    font=st.sampled_from(FONTS),
)
def test_no_mixture_is_taken_for_old(words: list[str], form, font) -> None:
    """Nor in any sentence that they make."""
    assert old_text(unicodedata.normalize(form, " ".join(words)), font) is None


@given(st.text(max_size=60), st.sampled_from([*FONTS, ".VnTime", ".VnTimeH", "VNI-Times"]))
def test_any_text_is_answered(text: str, font: str) -> None:
    """Whatever the text, there is an answer, and what is said of it is what it would be."""
    known = old_text(text, font)
    assert known is None or (is_unusual(text) or not unicodedata.is_normalized("NFC", text))


SYLLABLES = "nghiêng khuỷu quốc già giếng yêu uỷ hoà hòa oách thuở Đường ÔNG a"
NO_SYLLABLES = "hoàa haụ bờt càc ngh nghiêngh zà trôn-g ă Straòe đ"


def test_syllable_is_spelt_as_vietnamese_is() -> None:
    """Onset, vowels, end and tone are such as Vietnamese has."""
    assert [word for word in SYLLABLES.split() if not is_syllable(word)] == []
    assert [word for word in NO_SYLLABLES.split() if is_syllable(word)] == []


# --- lists of units ----------------------------------------------------------------------------


def test_unit_named_in_old_letters_is_refused(tmp_path: Path) -> None:
    """The line, what stands there and what it says; else all its workbooks would be named so."""
    units = tmp_path / "xã.csv"
    units.write_text("code,name\n1,Xã Thịnh Đức\n2,X· ThÞnh §øc\n", "utf-8")
    with pytest.raises(UserError, match=r"dòng 3: tên đơn vị “X· ThÞnh §øc” .*“Xã Thịnh Đức”"):
        read_units(units)
