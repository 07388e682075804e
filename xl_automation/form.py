"""The form: indicators, rules and periods, loaded from one TOML file and checked whole.

Everything else derives from a :class:`Form`. A mistake in the file is reported with the block
that holds it, before anything is built from it.
"""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from xl_automation import expression
from xl_automation.expression import Node, Ref

FORMS = Path(__file__).parent / "forms"
DEFAULT_FORM = "cchc-2022"

KINDS = ("section", "group", "count", "amount", "percent", "code")
FIGURE_KINDS = KINDS[2:]
LEVELS = ("commune", "district", "both", "shared")
NATURES = ("flow", "stock", "cumulative", "annual_constant")
AGGREGATES = (
    "sum",
    "ratio",
    "shared",
    "ratio_shared",
    "code_count",
    "share_units",
    "weighted",
    "city",
    "no_aggregate",
    "none",
)
SEVERITIES = ("error", "warning", "info")
SCOPES = ("workbook", "period", "city")
AGAINST = ("same-year", "within", "any")
PERIOD_CHECKS = ("copied",)
CITY_CHECKS = (
    "missing",
    "duplicate",
    "period",
    "form",
    "one-value",
    "outlier",
    "recomputed",
    "unit-errors",
    "incomplete",
)
META = ("@from", "@to", "@period_from", "@period_to", "@report_date")
DEFAULT_FIX = "Xem lại các ô nêu trên và sửa ô ghi nhầm."

PLACEHOLDERS = ("period", "unit", "number", "date", "place", "signed")  # in title and attached
HEADERS = ("stt", "label", "result", "unit", "value", "note")

# Excel's limits on what the form's texts become.
MAX_PROMPT = 255
MAX_LIST = 255
MAX_LITERAL = 255  # a text within a formula, and the text of an error message
MAX_SHEET_NAME = 31
MAX_PERIODS = 9  # rows that the template keeps for them in its lists


class FormError(ValueError):
    """A mistake in a form file; the message names the block."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A percentage as numerator and denominator: 100 × part / whole."""

    part: Node
    whole: Node

    @property
    def refs(self) -> tuple[str, ...]:
        """The ids it is computed from."""
        return tuple(dict.fromkeys(expression.refs(self.part) + expression.refs(self.whole)))


@dataclass(frozen=True, slots=True)
class Helper:
    """Labels of the optional numerator and denominator of a percentage that has no parts."""

    part: str
    whole: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """One printed row of the form (chỉ tiêu)."""

    id: str
    stt: str
    label: str
    kind: str
    unit: str = ""
    unit_printed: str | None = None
    unit_means: str | None = None
    codes: Mapping[int, str] = field(default_factory=dict)
    percent: Percent | None = None
    helper: Helper | None = None
    level: str = "both"
    aggregate: str = "none"
    weight: Node | None = None
    nature: str | None = None
    style: str | None = None
    help: str = ""

    @property
    def is_figure(self) -> bool:
        """Whether the row carries a figure; headings do not."""
        return self.kind in FIGURE_KINDS

    @property
    def is_input(self) -> bool:
        """Whether a clerk enters the figure; the others are computed from their parts."""
        return self.is_figure and (self.percent is None or self.helper is not None)

    @property
    def is_computed(self) -> bool:
        """Whether the figure is a locked formula over other rows."""
        return self.is_figure and not self.is_input

    @property
    def name(self) -> str:
        """The defined name of the figure's cell."""
        return f"CT_{self.id}"

    def concerns(self, level: str) -> bool:
        """Whether a workbook of *level* (commune or district) answers for this row."""
        return self.level in (level, "both", "shared")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule (quy tắc kiểm tra): an expression that must hold, or a named check."""

    id: str
    severity: str
    message: str
    fix: str
    holds: Node | None
    check: str | None
    each: tuple[str, ...]
    level: str | None
    scope: str
    against: str | None

    def instances(self) -> Iterator[RuleInstance]:
        """Yield the rule once for each row it is about, or once if it names its rows itself."""
        if self.holds is None:
            return
        for target in self.each or (None,):
            bound = expression.bind(self.holds, target) if target else self.holds
            rule_id = self.id.replace("[*]", target or "")
            yield RuleInstance(self, rule_id, bound, target)


@dataclass(frozen=True, slots=True)
class RuleInstance:
    """A rule applied to one row."""

    rule: Rule
    id: str
    holds: Node
    target: str | None

    @property
    def refs(self) -> tuple[str, ...]:
        """The ids it looks at, the one it is about first."""
        ids = expression.refs(self.holds)
        return tuple(dict.fromkeys(((self.target,) if self.target else ()) + ids))


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of reporting period (kỳ báo cáo) and its official data window."""

    code: str
    label: str
    start: tuple[int, int]
    start_year: int
    end: tuple[int, int]
    within: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period of one year, such as ``2022-6T``."""

    year: int
    kind: PeriodKind

    @property
    def code(self) -> str:
        """The period as written in files and on the command line."""
        return f"{self.year}-{self.kind.code}"

    @property
    def label(self) -> str:
        """The period as a Vietnamese reader says it."""
        return self.kind.label.format(year=self.year)

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the data, both included."""
        return (
            date(self.year + self.kind.start_year, *self.kind.start),
            date(self.year, *self.kind.end),
        )


@dataclass(frozen=True, slots=True)
class ReportingUnit:
    """A unit that reports (đơn vị báo cáo)."""

    code: str
    name: str
    level: str = "commune"
    alias: str = ""

    def is_named(self, name: str) -> bool:
        """Whether *name* is this unit's, letter case and the place of tone marks aside.

        Codes have been used again for other units, so a code alone does not identify one.
        """
        return _folded(name) in (_folded(self.name), _folded(self.alias))


# Old and new places of the tone mark: hoà = hòa, thuỷ = thủy.
_TONES = {
    old: new
    for pair, tones in (("oa", "òóỏõọ"), ("oe", "òóỏõọ"), ("uy", "ùúủũụ"))
    for new_vowel, old_vowel in zip(
        tones, {"a": "àáảãạ", "e": "èéẻẽẹ", "y": "ỳýỷỹỵ"}[pair[1]], strict=True
    )
    for old, new in [(pair[0] + old_vowel, new_vowel + pair[1])]
}


def _folded(name: str) -> str:
    text = " ".join(unicodedata.normalize("NFC", name).casefold().split())
    for old, new in _TONES.items():
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Form:
    """A form (biểu mẫu) and all that is derived from it."""

    id: str
    version: str
    name: str
    sheet: str
    title: tuple[str, ...]
    attached: str
    header: Mapping[str, str]
    levels: Mapping[str, str]
    years: tuple[int, int]
    period_kinds: tuple[PeriodKind, ...]
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...]
    units: tuple[ReportingUnit, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Indicator]:
        """Indicators by id."""
        return {item.id: item for item in self.indicators}

    @cached_property
    def figures(self) -> tuple[Indicator, ...]:
        """The rows that carry a figure."""
        return tuple(item for item in self.indicators if item.is_figure)

    @cached_property
    def inputs(self) -> tuple[Indicator, ...]:
        """The rows that a clerk fills."""
        return tuple(item for item in self.indicators if item.is_input)

    @cached_property
    def in_order_of_computation(self) -> tuple[Indicator, ...]:
        """The rows with a percentage formula, each after those it is computed from."""
        order: list[Indicator] = []
        for item in self.indicators:
            self._visit(item, order, ())
        return tuple(order)

    def _visit(self, item: Indicator, order: list[Indicator], path: tuple[str, ...]) -> None:
        if item.id in path:
            raise FormError(f"indicator {item.id}: computed from itself: {' → '.join(path)}")
        if item.percent is None or item in order:
            return
        for ref in item.percent.refs:
            if ref in self.by_id:
                self._visit(self.by_id[ref], order, (*path, item.id))
        order.append(item)

    @cached_property
    def helper_ids(self) -> Mapping[str, Indicator]:
        """Ids of the optional numerators (``.tu``) and denominators (``.mau``)."""
        return {
            f"{item.id}{end}": item
            for item in self.indicators
            if item.helper is not None
            for end in (".tu", ".mau")
        }

    def instances(self, level: str, scope: str = "workbook") -> tuple[RuleInstance, ...]:
        """Return the rule instances that apply to a workbook of *level*."""
        return tuple(
            instance
            for rule in self.rules
            if rule.scope == scope and rule.level in (None, level)
            for instance in rule.instances()
        )

    def rule(self, check: str) -> Rule | None:
        """Return the rule that runs the named *check*, if the form has it."""
        return next((rule for rule in self.rules if rule.check == check), None)

    def period(self, code: str) -> Period:
        """Return the period written as *code*, such as ``2022-6T``.

        Raises:
            ValueError: In Vietnamese, where the code is not one of the form's periods.
        """
        year, _, kind = code.partition("-")
        for item in self.period_kinds:
            if item.code == kind and re.fullmatch(r"[0-9]{4}", year):
                return Period(int(year), item)
        allowed = ", ".join(f"2022-{item.code}" for item in self.period_kinds)
        raise ValueError(f"Kỳ báo cáo “{code}” không có; ghi như {allowed}.")

    def unit(self, code: str) -> ReportingUnit:
        """Return the reporting unit with *code*.

        Raises:
            ValueError: In Vietnamese, where the form's list has no such unit.
        """
        for item in self.units:
            if item.code == code:
                return item
        raise ValueError(f"Mã đơn vị “{code}” không có trong danh sách đơn vị của biểu mẫu.")


# --- loading -----------------------------------------------------------------------------------


def load_form(source: str | Path = DEFAULT_FORM) -> Form:
    """Return the form in *source*: an id such as ``cchc-2022``, or the path of a TOML file.

    Raises:
        FormError: Where a block of the file is wrong, or the form does not exist.
    """
    path = Path(source)
    if path.suffix != ".toml":
        path = FORMS / f"{source}.toml"
    if not path.is_file():
        raise FormError(f"Không có biểu mẫu “{source}”.")
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{path.name}: {error}") from error
    return _build(data, path.parent)


def read_units(path: Path) -> tuple[ReportingUnit, ...]:
    """Return the reporting units of a CSV with at least ``code,name``; ``level`` is optional.

    Raises:
        ValueError: In Vietnamese, where a column is missing or a code appears twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"Không đọc được danh sách đơn vị {path.name} ({error}).") from error
    if not rows or not {"code", "name"} <= rows[0].keys():
        raise ValueError(f"{path.name}: danh sách đơn vị phải có ít nhất hai cột code, name.")
    units: dict[str, ReportingUnit] = {}
    for line, row in enumerate(rows, start=2):
        code = (row["code"] or "").strip()
        name = unicodedata.normalize("NFC", (row["name"] or "").strip())
        if not code or not name:
            raise ValueError(f"{path.name}, dòng {line}: thiếu mã hoặc tên đơn vị.")
        if code in units:
            raise ValueError(f"{path.name}, dòng {line}: mã đơn vị {code} lặp lại.")
        level, alias = ((row.get(key) or "").strip() for key in ("level", "alias"))
        if level not in ("", "commune", "district"):
            raise ValueError(f"{path.name}, dòng {line}: level phải là commune hoặc district.")
        units[code] = ReportingUnit(code, name, level or "commune", alias)
    return tuple(units.values())


def _build(data: dict[str, Any], folder: Path) -> Form:
    _only(data, {*Form.__dataclass_fields__, "period", "indicator", "rule"}, "form")
    try:
        form = Form(
            id=data["id"],
            version=data["version"],
            name=data["name"],
            sheet=data["sheet"],
            title=tuple(data["title"]),
            attached=data["attached"],
            header=data["header"],
            levels=data["levels"],
            years=(data["years"][0], data["years"][1]),
            period_kinds=tuple(_period(block) for block in data["period"]),
            indicators=tuple(_indicator(block) for block in data["indicator"]),
            rules=(),
            units=read_units(folder / data["units"]) if "units" in data else (),
        )
    except KeyError as error:
        raise FormError(f"form: thiếu mục {error}") from error
    except (ValueError, IndexError) as error:
        raise FormError(str(error) if isinstance(error, FormError) else f"form: {error}") from error
    _check_frame(form)
    _check_indicators(form)
    rules = tuple(_rule(block, form) for block in data.get("rule", ()))
    _unique(
        [f"{rule.id} {target}".strip() for rule in rules for target in rule.each or ("",)], "rule"
    )
    return Form(**{**_fields(form), "rules": rules})


def _fields(form: Form) -> dict[str, Any]:
    return {name: getattr(form, name) for name in Form.__dataclass_fields__}


def _require(condition: object, block: str, problem: str) -> None:
    if not condition:
        raise FormError(f"{block}: {problem}")


def _only(block: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(block.keys() - allowed)
    _require(not unknown, where, f"unknown key {', '.join(unknown)}")


def _unique(ids: list[str], what: str) -> None:
    seen: set[str] = set()
    for id in ids:
        # Excel does not tell defined names apart by letter case.
        _require(id.casefold() not in seen, f"{what} {id}", "appears more than once")
        seen.add(id.casefold())


def _node(text: str, where: str, is_condition: bool = False) -> Node:
    try:
        node = expression.parse(text)
        condition = expression.is_condition(node)
    except expression.ExpressionError as error:
        raise FormError(f"{where}: {error}") from error
    _require(expression.refs(node), where, f"{text!r} mentions no figure")
    _require(
        condition == is_condition,
        where,
        f"{text!r} is not a {'condition' if is_condition else 'number'}",
    )
    return node


def _period(block: dict[str, Any]) -> PeriodKind:
    where = f"period {block.get('code')}"
    try:
        start, end = (tuple(map(int, block[key].split("-"))) for key in ("start", "end"))
        for month, day in (start, end):
            date(2001, month, day)  # raises ValueError where a year has no such day
        return PeriodKind(
            code=block["code"],
            label=block["label"],
            start=(start[0], start[1]),
            start_year=block["start_year"],
            end=(end[0], end[1]),
            within=tuple(tuple(codes) for codes in block["within"]),
        )
    except (KeyError, ValueError, IndexError) as error:
        raise FormError(f"{where}: {error}") from error


def _indicator(block: dict[str, Any]) -> Indicator:
    where = f"indicator {block.get('id')}"
    fields = dict(block)
    _only(fields, set(Indicator.__dataclass_fields__), where)
    for key in ("id", "label", "kind", "stt"):
        _require(isinstance(fields.get(key), str), where, f"needs {key}")
    _require(fields["kind"] in KINDS, where, f"kind {fields['kind']!r} is not one of {KINDS}")
    for key in ("percent", "helper"):
        two = isinstance(fields.get(key), dict) and fields[key].keys() == {"part", "whole"}
        _require(two or key not in fields, where, f"{key} needs part and whole, and no more")
    if "percent" in fields:
        percent = fields["percent"]
        fields["percent"] = Percent(_node(percent["part"], where), _node(percent["whole"], where))
    if "helper" in fields:
        _require("percent" not in fields, where, "has both percent and helper")
        fields["helper"] = Helper(**fields["helper"])
        fields["percent"] = Percent(Ref(f"{fields['id']}.tu"), Ref(f"{fields['id']}.mau"))
    if "weight" in fields:
        fields["weight"] = _node(fields["weight"], where)
    if "codes" in fields:
        numeric = all(code.isdecimal() for code in fields["codes"])
        _require(numeric, where, "codes are whole numbers")
        fields["codes"] = {int(code): label for code, label in fields["codes"].items()}
        # The printed unit of a coded row is its list of codes.
        fields["unit"] = "\n".join(f"{text} = {code}" for code, text in fields["codes"].items())
    return Indicator(**fields)


def _check_frame(form: Form) -> None:
    """Check what stands around the rows: sheet, titles, levels and periods."""
    _require(len(form.sheet) <= MAX_SHEET_NAME, "form", "sheet name is too long for Excel")
    _require(not re.search(r"[\[\]:*?/\\']", form.sheet), "form", "sheet name has one of []:*?/\\'")
    _require(len(form.title) == 2, "form", "title needs two lines")
    for text in (*form.title, form.attached):
        unknown = set(re.findall(r"\{(.*?)\}", text)) - set(PLACEHOLDERS)
        _require(not unknown, "form", f"unknown placeholder {', '.join(sorted(unknown))}")
    _require(set(HEADERS) <= form.header.keys(), "form", f"header needs {', '.join(HEADERS)}")
    _require(
        form.levels and form.levels.keys() <= {"commune", "district"},
        "form",
        "levels are commune and district",
    )
    codes = [kind.code for kind in form.period_kinds]
    _unique(codes, "period")
    _require(0 < len(codes) <= MAX_PERIODS, "form", f"needs one to {MAX_PERIODS} periods")
    for kind in form.period_kinds:
        inner = {code for some in kind.within for code in some}
        _require(inner <= set(codes), f"period {kind.code}", "within mentions an unknown period")
        _require("," not in kind.label, f"period {kind.code}", "label has a comma")


def _check_indicators(form: Form) -> None:
    _require(form.indicators, "form", "has no indicator")
    _unique([*(item.id for item in form.indicators), *form.helper_ids], "indicator")
    known = set(form.by_id) | set(form.helper_ids)
    for item in form.indicators:
        _check_indicator(item, f"indicator {item.id}", known)
    assert form.in_order_of_computation is not None  # raises on a cycle


def _check_indicator(item: Indicator, where: str, known: set[str]) -> None:
    _require(re.fullmatch(r"[0-9A-Za-z.]+", item.id), where, "id has other than 0-9 A-Z a-z .")
    _require(item.level in LEVELS, where, f"level {item.level!r} is not one of {LEVELS}")
    _require(item.aggregate in AGGREGATES, where, f"aggregate {item.aggregate!r} is unknown")
    if not item.is_figure:
        _require(item.aggregate == "none" and not item.unit, where, "a heading has no figure")
        return
    _require(item.aggregate != "none", where, "needs an aggregate")
    _require(item.nature in NATURES, where, f"nature {item.nature!r} is not one of {NATURES}")
    # Rule F08 (the unit fits the row) is decided here once for every workbook.
    _require(item.unit not in ("", "-"), where, "needs a unit")
    _require(
        (item.kind == "percent") == (item.unit == "%"),
        where,
        "percent rows, and only they, have the unit %",
    )
    _require(item.percent is None or item.kind == "percent", where, "only a percent is computed")
    _require((item.kind == "code") == bool(item.codes), where, "codes belong to kind code")
    ratio = item.aggregate in ("ratio", "ratio_shared")
    _require(not ratio or item.is_computed, where, f"{item.aggregate} needs percent parts")
    _require(
        not ratio
        or (
            item.percent
            and isinstance(item.percent.part, Ref)
            and isinstance(item.percent.whole, Ref)
        ),
        where,
        f"{item.aggregate} needs one [id] as part and one as whole",
    )
    _require(item.aggregate != "weighted" or item.weight, where, "weighted needs a weight")
    used = (
        *(item.percent.refs if item.percent else ()),
        *(expression.refs(item.weight) if item.weight else ()),
    )
    for ref in used:
        _require(ref in known, where, f"mentions [{ref}], which the form does not have")
    listed = ",".join(map(str, item.codes))
    _require(len(listed) <= MAX_LIST, where, "too many codes for a drop-down list")
    _require(len(item.help) <= MAX_PROMPT, where, "help is too long for an input message")


def _rule(block: dict[str, Any], form: Form) -> Rule:
    where = f"rule {block.get('id')}"
    allowed = {
        "id",
        "severity",
        "message",
        "fix",
        "holds",
        "check",
        "each",
        "level",
        "scope",
        "against",
    }
    _only(block, allowed, where)
    for key in ("id", "severity", "message"):
        _require(isinstance(block.get(key), str), where, f"needs {key}")
    rule = Rule(
        id=block["id"],
        severity=block["severity"],
        message=block["message"],
        fix=block.get("fix", DEFAULT_FIX),
        holds=_node(block["holds"], where, is_condition=True) if "holds" in block else None,
        check=block.get("check"),
        each=_select(block["each"], form, where) if "each" in block else (),
        level=block.get("level"),
        scope=block.get("scope", "workbook"),
        against=block.get("against"),
    )
    _check_rule(rule, form, where, wants_each="each" in block)
    return rule


def _check_rule(rule: Rule, form: Form, where: str, wants_each: bool) -> None:
    _require(rule.severity in SEVERITIES, where, f"severity {rule.severity!r} is unknown")
    _require(rule.scope in SCOPES, where, f"scope {rule.scope!r} is unknown")
    _require(rule.level in (None, "commune", "district"), where, f"level {rule.level!r}")
    _require(
        (rule.scope == "period") == (rule.against in AGAINST),
        where,
        "against goes with scope period",
    )
    _require((rule.holds is None) != (rule.check is None), where, "needs either holds or check")
    checks = {"period": PERIOD_CHECKS, "city": CITY_CHECKS}.get(rule.scope, ())
    _require(rule.check is None or rule.check in checks, where, f"check {rule.check!r} unknown")
    _require(not wants_each or rule.each, where, "each selects no row")
    known = {*form.by_id, *form.helper_ids, *META, *(("*",) if rule.each else ())}
    for leaf in expression.leaves(rule.holds) if rule.holds else ():
        _require(leaf.id in known, where, f"mentions [{leaf.id}], which the form does not have")
        past = isinstance(leaf, Ref) and leaf.source == "previous"
        _require(not past or rule.scope == "period", where, "previous() goes with scope period")
    longest = max(map(len, rule.each), default=0)
    sentence = len(f"{rule.message} {rule.fix} [{rule.id}]") + longest
    _require(sentence <= MAX_LITERAL, where, "message and fix are too long for a formula")


def _select(each: dict[str, Any], form: Form, where: str) -> tuple[str, ...]:
    """Return the ids that a rule's ``each`` table selects, in printed order."""
    _only(
        each, {"ids", "except", "kind", "level", "nature", "aggregate", "formula", "input"}, where
    )
    for id in (*each.get("ids", ()), *each.get("except", ())):
        _require(id in form.by_id, where, f"selects {id}, which the form does not have")

    def chosen(item: Indicator) -> bool:
        if item.id in each.get("except", ()) or ("kind" not in each and not item.is_figure):
            return False
        if item.id not in each.get("ids", (item.id,)):
            return False
        if (item.percent is not None) != each.get("formula", item.percent is not None):
            return False
        if item.is_input != each.get("input", item.is_input):
            return False
        keys = ("kind", "level", "nature", "aggregate")
        return all(getattr(item, key) in each[key] for key in keys if key in each)

    return tuple(item.id for item in form.indicators if chosen(item))
