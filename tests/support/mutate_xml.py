"""Mutations of any XML part: its elements, attributes, texts. Each takes a part and gives one.

What comes out need not be well-formed. Where nothing is there to be changed, it is as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from random import Random

from lxml import etree

from xl_automation.xlsx.xml_part import MAIN

Mutation = Callable[[Random, bytes], bytes]
TreeMutation = Callable[[Random, etree._Element], None]

# What a number is not to everyone: to Python, to lxml, to a C library, to a person.
NUMBERS = (
    *("1_0", "٣", "\uff11\uff12", "१", "1e5", "5E+2", "5e+", "0x10", "1,5", " 8 ", "+8", "-0"),
    *("08", "8.", ".5", "--1", "1e", "1d5", "1f", "0.1.2", "8\u00a0", "8\n", "1 000", "1%", "1/2"),
    *("nan", "inf", "INF", "1e999", "-1e999", "1e-400", "9" * 400, "123456789012345678"),
    *("44726.5", "2958466", "-1", "-1.5", "0", "1", "7", "TRUE", "#N/A", "", " ", "abc", "1<8"),
    *("\u202e12",),
)  # fmt: skip
VALUES = (
    *NUMBERS,
    *("s", "str", "n", "b", "e", "d", "inlineStr", " e", "e ", "E", "shared", "array", "dataTable"),
    *("01", "+1", "1.0", "2", "14", "09", "99999", "4294967296", "18446744073709551616", "true"),
    *("A1", "d12", "$D$12", "D12:D13", "XFD1048576", "ZZZ99", "D0", "D012", "D 12", "R1C1"),
    *("rId1", "rId2", "worksheets/sheet1.xml", "/xl/workbook.xml", "../..", "http://a/b"),
    *("\\\\a\\b", "External", "hidden", "veryHidden", "preserve", "_x0000_", "_x001B_", "'"),
    *("a" * 5000, "General", "@", "0%", "dd/mm/yyyy", "[" * 50, '"', "[h]", "\\", "0;[Red]", "_"),
)  # fmt: skip
_SPACES = ("urn:x", "http://purl.oclc.org/ooxml/spreadsheetml/main", f"{MAIN}/", "")
_TEXT = re.compile(rb">([^<>]+)<")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False)


def in_tree(mutate: TreeMutation) -> Mutation:
    """Return the mutation of a part that changes its tree."""

    @wraps(mutate)
    def mutated(random: Random, content: bytes) -> bytes:
        try:
            root = etree.fromstring(content, _PARSER)
        except (etree.XMLSyntaxError, ValueError):
            return content  # broken already by the mutation before
        mutate(random, root)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)

    return mutated


def _any(random: Random, root: etree._Element) -> etree._Element | None:
    """Return some element below the root, the likelier the fewer have its name."""
    by_name: dict[str, list[etree._Element]] = {}
    for element in root.iterdescendants(etree.Element):
        by_name.setdefault(element.tag, []).append(element)
    return random.choice(by_name[random.choice(list(by_name))]) if by_name else None


@in_tree
def lost_element(random: Random, root: etree._Element) -> None:
    """Lose an element with all that is in it."""
    if (element := _any(random, root)) is not None:
        element.getparent().remove(element)


@in_tree
def repeated_element(random: Random, root: etree._Element) -> None:
    """Have an element twice, at once or at the end, the copy perhaps with another text."""
    if (element := _any(random, root)) is not None:
        copy = deepcopy(element)
        copy.tail = None
        for leaf in copy.iter():
            if leaf.text and random.random() < 0.5:
                leaf.text = random.choice(("1", "2", "77"))
        element.addnext(copy) if random.random() < 0.5 else element.getparent().append(copy)


@in_tree
def moved_element(random: Random, root: etree._Element) -> None:
    """Move an element before, behind or into another."""
    element, other = _any(random, root), _any(random, root)
    if element is None or other is None or element in (other, *other.iterancestors()):
        return
    random.choice((other.addnext, other.addprevious, other.append))(element)


@in_tree
def wrapped_element(random: Random, root: etree._Element) -> None:
    """Put an element into one of the same or of another name, perhaps many times."""
    if (element := _any(random, root)) is None:
        return
    other = _any(random, root)
    tag = random.choice((element.tag, element.tag if other is None else other.tag, "{urn:x}x"))
    for _ in range(random.choice((1, 1, 1, 2, 90, 120))):
        outer = etree.Element(tag)
        element.addprevious(outer)
        outer.append(element)
        element = outer


@in_tree
def renamed_element(random: Random, root: etree._Element) -> None:
    """Give an element the name of another, or put it into another namespace."""
    element, other = _any(random, root), _any(random, root)
    if element is not None and other is not None:
        name = etree.QName(element).localname
        spaces = [f"{{{space}}}{name}" if space else name for space in _SPACES]
        element.tag = random.choice((other.tag, *spaces))


@in_tree
def changed_attribute(random: Random, root: etree._Element) -> None:
    """Give an attribute a nasty value, or the one that it has elsewhere."""
    if (element := _any(random, root)) is None or not element.attrib:
        return
    name = random.choice(list(element.attrib))
    elsewhere = [one.get(name) for one in root.iter(element.tag) if one.get(name) is not None]
    value = random.choice((random.choice(VALUES), random.choice(VALUES), random.choice(elsewhere)))
    element.set(name, value)


@in_tree
def lost_attribute(random: Random, root: etree._Element) -> None:
    """Lose an attribute."""
    if (element := _any(random, root)) is not None and element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


@in_tree
def strange_attribute(random: Random, root: etree._Element) -> None:
    """Get an attribute that another element has, or one of another namespace."""
    element, other = _any(random, root), _any(random, root)
    if element is not None and other is not None and other.attrib:
        name = random.choice(list(other.attrib))
        element.set(
            random.choice((name, f"{{urn:x}}{etree.QName(name).localname}")), other.get(name)
        )


@in_tree
def nasty_text(random: Random, root: etree._Element) -> None:
    """Give an element another text, or a text before, between or behind others."""
    if (element := _any(random, root)) is not None:
        element.text = random.choice(VALUES)
        if random.random() < 0.2:
            element.tail = random.choice(VALUES)


def split_text(random: Random, content: bytes) -> bytes:
    """Say a text in pieces: comments, CDATA, instructions, references, elements."""
    texts = [match for match in _TEXT.finditer(content) if match[1].strip()]
    if not texts:
        return content
    match = random.choice(texts)
    begin, end = match.span(1)
    place = random.randint(begin, end)
    before, behind = content[begin:place], content[place:end]
    pieces = (
        *(b"<!---->", b"<!-- 5 -->", b"<?a 5?>", b"<![CDATA[]]>", b"<![CDATA[5]]>", b"<x/>"),
        *(b"<x>5</x>", b"&#53;", b"&#x35;", b"&#0;", b"&a;", b"&amp;", b"&#10;", b"\0", b"\xff"),
        *("\u200b".encode(), "\u00a0".encode(), b"]]>", b"<", b"<!", b"<v>5</v>"),
    )  # fmt: skip
    if random.random() < 0.2:
        return content[:begin] + b"<![CDATA[" + before + behind + b"]]>" + content[end:]
    return content[:place] + random.choice(pieces) + content[place:]


def reference_for_letter(random: Random, content: bytes) -> bytes:
    """Write one letter of a text by its number."""
    texts = list(_TEXT.finditer(content))
    if not texts:
        return content
    begin, end = random.choice(texts).span(1)
    place = random.randrange(begin, end)
    code = content[place]
    if code > 127 or code == ord("&"):
        return content
    form = random.choice((b"&#%d;", b"&#x%x;", b"&#%05d;"))
    return content[:place] + form % code + content[place + 1 :]


def other_prefix(random: Random, content: bytes) -> bytes:
    """Write every element of the default namespace with a prefix, as some programs do."""
    content = re.sub(rb"<(/?)([A-Za-z]+)(?=[ />])", rb"<\1x:\2", content)
    return content.replace(b" xmlns=", b" xmlns:x=", 1)


def lost_namespace(random: Random, content: bytes) -> bytes:
    """Lose or change one declaration of a namespace."""
    found = list(re.finditer(rb' (xmlns(?::[A-Za-z0-9]+)?="[^"]*")', content))
    if not found:
        return content
    begin, end = random.choice(found).span(1)
    return content[:begin] + random.choice((b"", b'xmlns="urn:x"', b'xmlns=""')) + content[end:]


def wrapped_part(random: Random, content: bytes) -> bytes:
    """Put something before the first element or behind the last."""
    extra = (b"<!DOCTYPE a>", b"<!-- a -->", b"<?a b?>", b"\xef\xbb\xbf", b" ", b"\0", b"<a/>")
    head = content.find(b"?>") + 2 if content.startswith(b"<?xml") else 0
    place = random.choice((0, head, len(content)))
    return content[:place] + random.choice(extra) + content[place:]


def other_encoding(random: Random, content: bytes) -> bytes:
    """Write a part in another encoding, or only say so."""
    name = random.choice(
        ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "utf-7", "cp037")
    )
    declared = re.sub(rb"encoding=.[\w-]+.", b'encoding="%s"' % name.encode(), content, count=1)
    if random.random() < 0.5:
        return declared
    text = random.choice((content, declared)).decode("utf-8", "replace")
    return text.encode(name, "xmlcharrefreplace")


XML_MUTATIONS: tuple[Mutation, ...] = (
    *(lost_element, repeated_element, moved_element, wrapped_element, renamed_element),
    *(changed_attribute, changed_attribute, lost_attribute, strange_attribute, nasty_text),
    *(split_text, split_text, reference_for_letter, other_prefix, lost_namespace, wrapped_part),
    *(other_encoding,),
)  # fmt: skip
