"""The commands of a Word template: found in its text, looked at, and put where Jinja reads them.

``{{ … }}`` and ``{% … %}`` stand in the text of paragraphs, in whatever runs Word has cut them
into. One that begins ``{%p``, or stands alone, is a paragraph of its own; one that begins ``{%tr``
is a row of a table. What they leave out or repeat is whole paragraphs, whole rows, or a piece of
one paragraph, so that what is filled is as well-formed as the template was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from itertools import groupby

from lxml import etree

from xl_automation.xlsx.word_guard import PARAGRAPH, ROW, RUN, TEXT, bad_template, short
from xl_automation.xlsx.xml_part import parse_xml

MAX_COMMANDS, MAX_LENGTH, MAX_DEPTH = 1000, 200, 10  # of a template; letters; one in another
_HOSTS = {"p": PARAGRAPH, "tr": ROW}
_HOST_NAMES = {"p": "một đoạn", "tr": "một dòng của bảng"}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CLOSING = {"{{": "}}", "{%": "%}"}
_DELIMITER = re.compile(r"\{[{%#]|[}%#]\}")
_WHOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_STATEMENT = re.compile(
    r"\{%(?P<host>p|tr|)\s+(?:(?P<opens>if|for)\s.*|elif\s.*|else\s*|end(?P<ends>if|for)\s*)%\}",
    re.DOTALL,
)
# What Word makes of quotes and spaces while somebody types.
_TYPED = str.maketrans("“”\u2018\u2019\xa0", "\"\"'' ")


@dataclass(frozen=True, slots=True)
class Command:
    """A command as it is written, and the text that it begins in.

    Attributes:
        written: From ``{{`` to ``}}``, or from ``{%`` to ``%}``.
        host: What it takes the place of: ``p`` a paragraph, ``tr`` a row; ``""`` its own letters.
        opens: ``if`` or ``for``, where another command has to end it.
        ends: ``if`` or ``for``, where it ends another.
        is_statement: Whether it is ``{% … %}``.
    """

    written: str
    text: etree._Element
    host: str = ""
    opens: str = ""
    ends: str = ""
    is_statement: bool = False

    @property
    def jinja(self) -> str:
        """The command as Jinja reads it: without its host, and with straight quotes."""
        return (self.written[:2] + self.written[2:].removeprefix(self.host)).translate(_TYPED)

    @property
    def short(self) -> str:
        """What a message quotes of it."""
        return short(self.written)

    @property
    def alone(self) -> str:
        """What Jinja can read of it without the commands around."""
        if self.opens:
            return f"{self.jinja}{{% end{self.opens} %}}"
        if self.is_statement:
            return "" if self.ends else f"{{% if a %}}{self.jinja}{{% endif %}}"
        return self.jinja

    @property
    def element(self) -> etree._Element | None:
        """What it takes the place of, or the run that it stands in."""
        return next(self.text.iterancestors(_HOSTS.get(self.host, RUN)), None)

    @property
    def place(self) -> etree._Element | None:
        """Where its element stands beside others."""
        return None if self.element is None else self.element.getparent()


def jinja_source(content: bytes, most: int = MAX_COMMANDS) -> tuple[str, Sequence[Command]]:
    """Return a part as Jinja reads it, and the commands in it.

    Args:
        content: A part of a Word document that holds paragraphs.
        most: How many commands may be in it.

    Raises:
        Refusal: If something in it is no command, or stands where it must not.
    """
    root = parse_xml(content)
    commands: list[Command] = []
    for texts in _paragraphs(root):
        found = _gathered(texts)
        _check_pairs([command for command in found if not command.host])
        commands += found
    if len(commands) > most:
        raise bad_template(f"có hơn {MAX_COMMANDS} lệnh")
    hosted = [command for command in commands if command.host]
    for command in hosted:
        _check_alone(command)
    _check_pairs(hosted)
    for command in hosted:
        _take_place(command)
    source = etree.tostring(root, encoding="unicode")
    if len(_DELIMITER.findall(source)) != 2 * len(commands):
        raise bad_template("có lệnh ở chỗ không phải chữ của một đoạn")
    return _WHOLE.sub(lambda found: unescape(found[0]).translate(_TYPED), source), commands


def _paragraphs(root: etree._Element) -> Iterator[list[etree._Element]]:
    """Yield the texts of each paragraph; those of a text box in it are not its own."""
    paragraphs: dict[etree._Element, list[etree._Element]] = {}
    for text in root.iter(TEXT):
        paragraph = next(text.iterancestors(PARAGRAPH), None)
        if paragraph is not None:
            paragraphs.setdefault(paragraph, []).append(text)
    yield from paragraphs.values()


def _gathered(texts: Sequence[etree._Element]) -> list[Command]:
    """Return the commands of a paragraph, each moved whole into the text that it begins in."""
    joined = "".join(text.text or "" for text in texts)
    owners = [number for number, text in enumerate(texts) for _ in text.text or ""]
    commands = []
    for begin, end in _spans(joined):
        owners[begin:end] = [owners[begin]] * (end - begin)
        commands.append(_command(joined[begin:end], texts[owners[begin]]))
    if commands:
        first = commands[0]
        if first.is_statement and first.written == joined.strip():
            commands = [replace(first, host=first.host or "p")]
        for text in texts:
            text.text = ""
            text.set(_SPACE, "preserve")
        for number, places in groupby(range(len(joined)), owners.__getitem__):
            texts[number].text = "".join(joined[place] for place in places)
    return commands


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each command begins and ends."""
    found = _DELIMITER.finditer(text)
    for opening in found:
        closing = next(found, None)
        if closing is None or _CLOSING.get(opening[0]) != closing[0]:
            raise bad_template(
                f"chỗ “{short(text[opening.start() :])}” không mở và đóng thành cặp "
                "{{ }} hay {% %}"
            )
        yield opening.start(), closing.end()


def _command(written: str, text: etree._Element) -> Command:
    if len(written) > MAX_LENGTH:
        raise bad_template(f"lệnh “{short(written)}” dài hơn {MAX_LENGTH} ký tự")
    if written.startswith("{{"):
        return Command(written, text)
    said = _STATEMENT.fullmatch(written.translate(_TYPED))
    if said is None:
        raise bad_template(f"mẫu không được dùng lệnh “{short(written)}”")
    return Command(written, text, said["host"], said["opens"] or "", said["ends"] or "", True)


def _check_pairs(commands: Sequence[Command]) -> None:
    """Refuse what is not ended, or ended elsewhere than where it was begun."""
    begun: list[Command] = []
    for command in commands:
        if command.opens:
            begun.append(command)
            if len(begun) > MAX_DEPTH:
                raise bad_template(f"có hơn {MAX_DEPTH} lệnh lồng trong nhau")
        elif command.is_statement:
            first = begun[-1] if begun else None
            if first is None or command.ends not in ("", first.opens):
                raise bad_template(f"lệnh “{command.short}” không có lệnh mở đi cùng")
            if command.place is not first.place:
                raise bad_template(
                    f"lệnh “{first.short}” và “{command.short}” phải đứng "
                    "cùng chỗ: cùng đoạn, cùng ô hay cùng bảng"
                )
            if command.ends:
                begun.pop()
    if begun:
        raise bad_template(f"lệnh “{begun[-1].short}” không có lệnh đóng")


def _check_alone(command: Command) -> None:
    """Refuse a command beside which text stands that would be gone with it."""
    element = command.element
    if element is None:
        raise bad_template(f"lệnh “{command.short}” không đứng trong bảng nào")
    if "".join(text.text or "" for text in element.iter(TEXT)).strip() != command.written:
        name = _HOST_NAMES[command.host]
        raise bad_template(f"lệnh “{command.short}” phải đứng riêng {name}")


def _take_place(command: Command) -> None:
    """Put a command where its paragraph or row was."""
    element, place = command.element, command.place
    if element is None or place is None:
        raise bad_template("không phải tệp Word .docx")
    before = element.getprevious()
    if before is None:
        place.text = (place.text or "") + command.jinja
    else:
        before.tail = (before.tail or "") + command.jinja
    place.remove(element)
