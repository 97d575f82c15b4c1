"""A condition as a Vietnamese sentence; what is not surely understood stays as it is written."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal as OneOf

from quytrinh.language.condition_names import RESULT, FieldName, Kind, Names
from quytrinh.language.condition_tree import (
    RELATIONS,
    Call,
    Items,
    Literal,
    Name,
    Node,
    Not,
    NotUnderstood,
    Pair,
    parse,
)
from quytrinh.language.numbers import write_number
from quytrinh.language.tokens import BadCharacter

_TIME_HERE = timezone(timedelta(hours=7))
_YES, _NO = "“Có”", "“Không”"
_CONNECTIVES = {"&&": " và ", "||": " hoặc "}
_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE = {"==": "!=", "!=": "==", "in": "not in"}
_ARITHMETIC = {"+": "cộng", "-": "trừ", "*": "nhân"}
_DURATION = re.compile(r"(\d+)([hms])")
_DURATION_UNITS = {"h": "giờ", "m": "phút", "s": "giây"}
_METHODS = {
    "startsWith": "bắt đầu bằng",
    "endsWith": "kết thúc bằng",
    "contains": "có chứa",
}
_TO_VALUE = {"==": "{} là {}", "!=": "{} không phải là {}"}
_TO_FIELD = {"==": "{} trùng với {}", "!=": "{} khác {}"}
_ORDER = {
    "number": {
        "<": "{} nhỏ hơn {}",
        "<=": "{} không quá {}",
        ">": "{} lớn hơn {}",
        ">=": "{} từ {} trở lên",
    },
    "moment": {
        "<": "{} trước {}",
        "<=": "{} không sau {}",
        ">": "{} sau {}",
        ">=": "{} từ {} trở đi",
    },
}


@dataclass(frozen=True, slots=True)
class _Phrase:
    """An operand in words. `value` is a literal's; `labels` are what its values are called."""

    text: str
    kind: Kind | OneOf["instant", "duration"]
    labels: Mapping[str, str] = field(default_factory=dict)
    value: str | int | float | bool | datetime | None = None

    @property
    def is_value(self) -> bool:
        return self.value is not None


def condition_in_words(text: str, names: Names) -> str:
    """``case.cost >= 5.0`` as «Kinh phí từ 5 trở lên»; the text itself if any part is unclear."""
    try:
        return _Speaker(names).sentence(parse(text))
    except (NotUnderstood, BadCharacter):
        return text


class _Speaker:
    """Says the nodes of a tree; raises NotUnderstood rather than guess."""

    def __init__(self, names: Names) -> None:
        self.names = names
        # Inside `results.x.exists(r, …)`: the members that `r` goes through.
        self.members: dict[str, str] = {}

    def sentence(self, node: Node) -> str:
        match node:
            case Pair(operator="&&" | "||"):
                return self._joined(node)
            case Pair(operator=operator) if operator in RELATIONS:
                return self._relation(operator, node.left, node.right)
            case Not():
                return self._denied(node.operand)
            case Call(function="has", arguments=(Name(path),), method=False):
                return self._presence(path, there=True)
            case Call(method=True):
                return self._method(node)
            case Name(path) if self._asks_for_lead(path):
                return "là chủ trì"
            case Name():
                return f"{self._truth(node)} là {_YES}"
        raise NotUnderstood(node)

    def _asks_for_lead(self, path: str) -> bool:
        root, _, rest = path.partition(".")
        return rest == "lead" and (root == "item" or root in self.members)

    def _joined(self, node: Pair) -> str:
        parts = _chain(node, node.operator)
        if node.operator == "&&":
            parts = _without_obvious(parts)
        if len(parts) == 1:
            return self.sentence(parts[0])
        return _CONNECTIVES[node.operator].join(self._part(part) for part in parts)

    def _part(self, node: Node) -> str:
        nested = isinstance(node, Pair) and node.operator in _CONNECTIVES
        said = self.sentence(node)
        return f"({said})" if nested else said

    def _denied(self, node: Node) -> str:
        match node:
            case Not():
                return self.sentence(node.operand)
            case Call(function="has", arguments=(Name(path),), method=False):
                return self._presence(path, there=False)
            case Pair(operator=operator) if operator in _OPPOSITE:
                return self._relation(_OPPOSITE[operator], node.left, node.right)
            case Name(path) if self._asks_for_lead(path):
                return "không phải là chủ trì"
            case Name():
                return f"{self._truth(node)} là {_NO}"
        return f"không phải trường hợp ({self.sentence(node)})"

    def _truth(self, node: Name) -> str:
        phrase = self._name(node.path)
        if phrase.kind != "truth":
            raise NotUnderstood(node)
        return phrase.text

    def _presence(self, path: str, *, there: bool) -> str:
        root, _, rest = path.partition(".")
        if root in ("case", "item"):
            return f"{'đã' if there else 'chưa'} có {self._name(path).text}"
        if root == "docs" and rest in self.names.slots:
            return f"{'có' if there else 'chưa có'} văn bản {self.names.slots[rest]}"
        step, _, detail = rest.partition(".")
        if root == "steps" and step in self.names.steps and detail in ("", *_STEP_DETAILS):
            return f"{'đã' if there else 'chưa'} xong bước {self.names.steps[step].title}"
        raise NotUnderstood(path)

    def _method(self, node: Call) -> str:
        if node.function == "exists":
            return f"có {self._members(node)}"
        if node.function == "all":
            members, said = self._each_member(node)
            return f"với mọi {members} thì {said}"
        if node.function not in _METHODS or len(node.arguments) != 2:
            raise NotUnderstood(node)
        target, wanted = (self.phrase(each) for each in node.arguments)
        if target.kind != "text" or target.is_value or not isinstance(wanted.value, str):
            raise NotUnderstood(node)
        return f"{target.text} {_METHODS[node.function]} {wanted.text}"

    def _members(self, node: Call) -> str:
        members, said = self._each_member(node)
        return f"{members} mà {said}"

    def _each_member(self, node: Call) -> tuple[str, str]:
        """The members that a comprehension goes through, and what it asks of each."""
        match node.arguments:
            case (Name(path), Name(variable), condition) if path.startswith("results."):
                step = path.removeprefix("results.")
                if step in self.names.steps and variable not in self.members:
                    self.members[variable] = step
                    said = self._part(condition)
                    del self.members[variable]
                    return f"thành viên của {self.names.steps[step].title}", said
        raise NotUnderstood(node)

    def _relation(self, operator: str, left: Node, right: Node) -> str:
        if operator in ("in", "not in"):
            return self._membership(operator, left, right)
        if counted := self._counted(operator, left, right):
            return counted
        first, second = self.phrase(left), self.phrase(right)
        if first.is_value:
            first, second = second, first
            operator = _FLIPPED.get(operator, operator)
        if first.is_value:
            raise NotUnderstood(operator)
        return _compared(operator, first, second)

    def _counted(self, operator: str, left: Node, right: Node) -> str:
        """`size(x) > 0` as «có x»; empty where it is another comparison."""
        match left, right:
            case Call(function="size", arguments=(Name(path),), method=False), Literal(value=0):
                if operator in (">", "!=", "==") and self._name(path).kind == "list":
                    return self._presence(path, there=operator != "==")
        return ""

    def _membership(self, operator: str, left: Node, right: Node) -> str:
        negative = "không " if operator == "not in" else ""
        item = self.phrase(left)
        if isinstance(right, Items) and not item.is_value:
            found = [_value_of(item, self.phrase(each)) for each in right.items]
            if not found:
                raise NotUnderstood("an empty list")
            between = "; " if item.kind == "number" else ", "
            return f"{item.text} {negative}thuộc {between.join(found)}"
        whole = self.phrase(right)
        if whole.kind != "list" or not item.is_value:
            raise NotUnderstood(operator)
        return f"{whole.text} {negative}có {_label(whole, item)}"

    def phrase(self, node: Node) -> _Phrase:
        match node:
            case Literal():
                return _literal(node.value)
            case Name():
                return self._name(node.path)
            case Pair(operator=operator) if operator in _ARITHMETIC:
                return self._sum(node)
            case Call(method=False):
                return self._function(node)
        raise NotUnderstood(node)

    def _name(self, path: str) -> _Phrase:
        root, _, rest = path.partition(".")
        if path == "now":
            return _Phrase("hiện tại", "moment")
        if known := self._known(path):
            return _Phrase(known.title, known.kind, known.labels)
        if root == "results" and rest in self.names.steps:
            return _Phrase(f"kết quả của {self.names.steps[rest].title}", "list")
        if root == "docs" and rest in self.names.many:
            return _Phrase(f"văn bản {self.names.slots[rest]}", "list")
        step, _, detail = rest.partition(".")
        if root == "steps" and step in self.names.steps and detail in _STEP_DETAILS:
            words, kind = _STEP_DETAILS[detail]
            named = self.names.steps[step]
            labels = named.actions if detail == "action" else {}
            return _Phrase(f"{words} {named.title}", kind, labels)
        raise NotUnderstood(path)

    def _known(self, path: str) -> FieldName | None:
        """What a value of the case, of a member or of the agency is called."""
        root, _, name = path.partition(".")
        if root in self.members:
            return RESULT.get(name) or self.names.field_of(f"item.{name}")
        return self.names.field_of(path)

    def _function(self, node: Call) -> _Phrase:
        match node.function, node.arguments:
            case "size", (Call(function="filter", method=True) as chosen,):
                return _Phrase(f"số {self._members(chosen)}", "number")
            case "size", (Name(path),):
                known = self._name(path)
                counted = {"list": "số mục của", "text": "số ký tự của"}
                if known.kind in counted:
                    return _Phrase(f"{counted[known.kind]} {known.text}", "number")
            case "timestamp", (Literal(value=str(text)),):
                return _Phrase(text, "instant", value=_instant(text))
            case "duration", (Literal(value=str(text)),):
                if found := _DURATION.fullmatch(text):
                    return _Phrase(f"{found[1]} {_DURATION_UNITS[found[2]]}", "duration")
        raise NotUnderstood(node)

    def _sum(self, node: Pair) -> _Phrase:
        first, second = self.phrase(node.left), self.phrase(node.right)
        kinds = (first.kind, second.kind)
        words = [
            f"({each.text})" if isinstance(part, Pair) else each.text
            for each, part in ((first, node.left), (second, node.right))
        ]
        text = f"{words[0]} {_ARITHMETIC[node.operator]} {words[1]}"
        if kinds == ("number", "number"):
            return _Phrase(text, "number")
        if kinds[0] in ("day", "moment") and kinds[1] == "duration" and node.operator != "*":
            return _Phrase(text, "moment")
        raise NotUnderstood(node)


_STEP_DETAILS: dict[str, tuple[str, Kind]] = {
    "action": ("kết quả bước", "text"),
    "outcome": ("kết quả bước", "text"),
    "by": ("người làm bước", "person"),
    "at": ("thời điểm xong bước", "moment"),
    "times": ("số lần làm bước", "number"),
}


def _chain(node: Node, operator: str) -> list[Node]:
    """The operands of one connective, whatever way they are nested."""
    if isinstance(node, Pair) and node.operator == operator:
        return _chain(node.left, operator) + _chain(node.right, operator)
    return [node]


def _without_obvious(parts: list[Node]) -> list[Node]:
    """Leave out `has(x)` beside a comparison of x that holds only when x is there."""
    told = {path for part in parts for path in _told(part)}
    return [part for part in parts if _asked(part) not in told]


def _asked(node: Node) -> str:
    match node:
        case Call(function="has", arguments=(Name(path),), method=False):
            return path
    return ""


def _told(node: Node) -> set[str]:
    """The names a part of a condition says something positive about."""
    match node:
        case Name(path):
            return {path}
        case Pair(operator="==" | "<" | "<=" | ">" | ">=" | "in"):
            return {path for side in (node.left, node.right) for path in _sides(side)}
        case Call(method=True, arguments=(Name(path), *_)):
            return {path}
    return set()


def _sides(node: Node) -> tuple[str, ...]:
    match node:
        case Name(path):
            return (path,)
        case Call(function="size", arguments=(Name(path),)):
            return (path,)
    return ()


def _compared(operator: str, first: _Phrase, second: _Phrase) -> str:
    kinds = {first.kind, second.kind}
    if kinds <= {"day", "moment", "instant"}:
        said = _moment_of(first, second)
        known = _ORDER["moment"] | (_TO_VALUE if second.is_value else _TO_FIELD)
    elif kinds == {"number"}:
        said = _label(first, second)
        known = _ORDER["number"] | (_TO_VALUE if second.is_value else _TO_FIELD)
    elif first.kind == "truth" and isinstance(second.value, bool):
        wanted = second.value is (operator == "==")
        said, known = (_YES if wanted else _NO), dict.fromkeys(("==", "!="), "{} là {}")
    elif kinds in ({"text"}, {"person"}):
        said = _label(first, second)
        known = _TO_VALUE if second.is_value else _TO_FIELD
    else:
        raise NotUnderstood(operator)
    if operator not in known:
        raise NotUnderstood(operator)
    return known[operator].format(first.text, said)


def _literal(value: str | int | float | bool) -> _Phrase:
    if isinstance(value, bool):
        return _Phrase(_YES if value else _NO, "truth", value=value)
    if isinstance(value, str):
        return _Phrase(f"“{value}”", "text", value=value)
    if not math.isfinite(value):
        raise NotUnderstood(value)
    return _Phrase(write_number(value), "number", value=value)


def _label(known: _Phrase, value: _Phrase) -> str:
    """What a value of a field with labels is called; other values stand as they are."""
    plain = isinstance(value.value, str | int | float) and not isinstance(value.value, bool)
    key = f"{value.value:g}" if isinstance(value.value, float) else str(value.value)
    return f"“{known.labels[key]}”" if plain and key in known.labels else value.text


def _value_of(known: _Phrase, value: _Phrase) -> str:
    if not value.is_value or value.kind != known.kind:
        raise NotUnderstood(value.text)
    return _label(known, value)


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotUnderstood(text) from error
    if found.tzinfo is None or found.second or found.microsecond:
        raise NotUnderstood(text)
    return found


def _moment_of(first: _Phrase, second: _Phrase) -> str:
    """The second operand: a day beside a day, else the hour and the day by the clock here."""
    if not isinstance(second.value, datetime):
        return second.text
    if first.kind == "day":
        # A day entered in a form is midnight of that day in UTC.
        found = second.value.astimezone(UTC)
        if found.hour or found.minute:
            raise NotUnderstood(second.text)
        return found.strftime("%d/%m/%Y")
    return second.value.astimezone(_TIME_HERE).strftime("%H:%M ngày %d/%m/%Y")
