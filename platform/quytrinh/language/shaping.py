"""Nodes against the grammar: collects what does not fit, gives back typed records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from quytrinh.language.diagnostics import Diagnostic, Span, did_you_mean, error
from quytrinh.language.kinds import (
    RESERVED,
    ByValue,
    Choice,
    Kind,
    ListOf,
    MapOf,
    Number,
    Object,
    OneKindOf,
    Raw,
    Text,
    Truth,
    Whole,
)
from quytrinh.language.numbers import read_integer, read_number
from quytrinh.language.source import ListNode, MapNode, Node, Word


@dataclass(frozen=True)
class Record:
    """A well-shaped object: keys of the grammar to shaped values."""

    span: Span = field(compare=False, repr=False)
    label: str = ""
    values: dict[str, Shaped] = field(default_factory=dict)
    keys: dict[str, Span] = field(default_factory=dict, compare=False, repr=False)

    def word(self, name: str) -> Word:
        value = self.values[name]
        if not isinstance(value, Word):
            raise TypeError(f"{name} is no scalar in the grammar")
        return value

    def maybe(self, name: str) -> Word | None:
        return self.word(name) if name in self.values else None

    def record(self, name: str) -> Record | None:
        return self.child(name) if name in self.values else None

    def child(self, name: str) -> Record:
        value = self.values[name]
        if not isinstance(value, Record):
            raise TypeError(f"{name} is no object in the grammar")
        return value

    def flag(self, name: str) -> bool:
        return name in self.values and self.word(name).text == "true"

    def node(self, name: str) -> Node | None:
        value = self.values.get(name)
        return value.node if isinstance(value, RawValue) else None

    def words(self, name: str) -> tuple[Word, ...]:
        return tuple(item for item in self._items(name) if isinstance(item, Word))

    def records(self, name: str) -> tuple[Record, ...]:
        return tuple(item for item in self._items(name) if isinstance(item, Record))

    def word_pairs(self, name: str) -> tuple[tuple[Word, Word], ...]:
        return tuple((key, value) for key, value in self.pairs(name) if isinstance(value, Word))

    def word_lists(self, name: str) -> tuple[tuple[Word, tuple[Word, ...]], ...]:
        """A map of names to lists of words."""
        return tuple(
            (key, tuple(item for item in value.items if isinstance(item, Word)))
            for key, value in self.pairs(name)
            if isinstance(value, Items)
        )

    def record_pairs(self, name: str) -> tuple[tuple[Word, Record], ...]:
        return tuple((key, value) for key, value in self.pairs(name) if isinstance(value, Record))

    def _items(self, name: str) -> tuple[Shaped, ...]:
        value = self.values.get(name)
        return value.items if isinstance(value, Items) else ()

    def pairs(self, name: str) -> tuple[tuple[Word, Shaped], ...]:
        """Names of the author's choice with their values, whatever these are."""
        value = self.values.get(name)
        return value.pairs if isinstance(value, Pairs) else ()


@dataclass(frozen=True)
class Items:
    items: tuple[Shaped, ...]


@dataclass(frozen=True)
class Pairs:
    pairs: tuple[tuple[Word, Shaped], ...]


@dataclass(frozen=True)
class RawValue:
    node: Node


Shaped = Word | Record | Items | Pairs | RawValue


class Shaper:
    """Walks one file. `broken` tells that something needed is missing: no AST can be made."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.broken = False

    def shape(self, node: Node, kind: Kind) -> Shaped | None:
        match kind:
            case Text():
                return self._text(node, kind)
            case Choice():
                return self._choice(node, kind)
            case Whole():
                return self._whole(node, kind)
            case Number():
                return self._scalar(node, read_number, "số")
            case Truth():
                return self._truth(node, kind)
            case Raw():
                return RawValue(node)
            case ListOf():
                return self._list(node, kind)
            case MapOf():
                return self._map(node, kind)
            case Object():
                return self._object(node, kind)
            case OneKindOf():
                return self._one_kind(node, kind)
            case ByValue():
                return self._by_value(node, kind)

    def refuse(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """Note a fault after which the value cannot be used."""
        self.broken = True
        self.note(code, span, message, hint)

    def note(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """Note a fault which leaves the rest of the file readable."""
        self.diagnostics.append(error(code, span, message, hint))

    def _word(self, node: Node, expected: str, *, settable: bool = False) -> Word | None:
        if isinstance(node, Word):
            if node.setting and not settable:
                self.refuse("F011", node.span, "Chỗ này không đặt được bằng tham số của cơ quan")
                return None
            if node.text:
                return node
            self.refuse("F011", node.span, f"Giá trị để trống; cần {expected}")
            return None
        found = "danh sách" if isinstance(node, ListNode) else "một nhóm mục"
        self.refuse("F011", _start(node.span), f"Cần {expected}, đang là {found}")
        return None

    def _text(self, node: Node, kind: Text) -> Word | None:
        word = self._word(node, kind.label, settable=kind.settable)
        if word is None:
            return None
        if len(word.text) > kind.max_length:
            limit = f"Giá trị dài {len(word.text)} ký tự, quá {kind.max_length}"
            self.refuse("F011", word.span, limit)
            return None
        if kind.code == "F006":
            return self._identifier(word, kind)
        if not kind.accepts(word.text):
            stem = "Thời hạn" if kind.code == "F501" else "Giá trị"
            self.refuse(kind.code, word.span, f"{stem} `{word.text}` không hợp lệ", kind.hint)
            return None
        return word

    def _identifier(self, word: Word, kind: Text) -> Word | None:
        reserved = word.text in RESERVED and word.text not in kind.also
        if kind.accepts(word.text) and not reserved:
            return word
        message = f"Mã `{word.text}` không hợp lệ hoặc là từ dành riêng"
        self.refuse("F006", word.span, message, _identifier_hint(word.text, kind))
        return None

    def _choice(self, node: Node, kind: Choice) -> Word | None:
        listed = ", ".join(f"`{value}`" for value in kind.values)
        word = self._word(node, f"một trong {listed}")
        if word is None:
            return None
        if word.text not in kind.values:
            message = (
                f"Không hỗ trợ phiên bản ngôn ngữ {word.text}"
                if kind.code == "F010"
                else f"Giá trị `{word.text}` không thuộc {listed}"
            )
            near = did_you_mean(word.text, kind.values)
            self.refuse(kind.code, word.span, message, near if near.startswith("có phải") else "")
            return None
        return word

    def _whole(self, node: Node, kind: Whole) -> Word | None:
        word = self._scalar(node, read_integer, "số nguyên", settable=kind.settable)
        if word is not None and int(word.text) < kind.minimum:
            self.refuse("F011", word.span, f"Giá trị `{word.text}` phải từ {kind.minimum} trở lên")
            return None
        return word

    def _scalar(
        self, node: Node, read: Callable[[str], object], label: str, *, settable: bool = False
    ) -> Word | None:
        word = self._word(node, label, settable=settable)
        if word is None:
            return None
        try:
            read(word.text)
        except ValueError:
            self.refuse("F011", word.span, f"Giá trị `{word.text}` không phải {label}")
            return None
        return word

    def _truth(self, node: Node, kind: Truth) -> Word | None:
        allowed = ("true", "false") if kind.only is None else (str(kind.only).lower(),)
        return self._choice(node, Choice(allowed))

    def _list(self, node: Node, kind: ListOf) -> Items | None:
        if not isinstance(node, ListNode):
            if not kind.single:
                self.refuse("F011", _start(node.span), "Cần một danh sách (`- …`)")
                return None
            node = ListNode((node,), node.span)
        count = len(node.items)
        if count < kind.minimum:
            empty = "Nhánh không có bước nào" if kind.empty_code == "F008" else "Danh sách trống"
            self.refuse(kind.empty_code, node.span, empty)
        if kind.maximum is not None and count > kind.maximum:
            self.refuse("F001", _start(node.span), f"Có {count} phần tử, quá {kind.maximum}")
            return None
        shaped = [self.shape(item, kind.item) for item in node.items]
        return Items(tuple(item for item in shaped if item is not None))

    def _map(self, node: Node, kind: MapOf) -> Pairs | None:
        if not isinstance(node, MapNode):
            self.refuse("F011", _start(node.span), "Cần một nhóm mục (`mã: …`)")
            return None
        count = len(node.entries)
        if count < kind.minimum:
            self.refuse("F011", node.span, "Nhóm trống; cần ít nhất một mục")
        if kind.maximum is not None and count > kind.maximum:
            self.refuse("F001", _start(node.span), f"Có {count} mục, quá {kind.maximum}")
            return None
        return Pairs(tuple(self._pairs(node, kind)))

    def _pairs(self, node: MapNode, kind: MapOf) -> Iterator[tuple[Word, Shaped]]:
        for key, value in node.entries:
            name = self._text(key, kind.key)
            shaped = self.shape(value, kind.value)
            if name is not None and shaped is not None:
                yield name, shaped

    def _object(self, node: Node, kind: Object) -> Record | None:
        main = kind.key(kind.main) if kind.main else None
        if isinstance(node, Word) and main is not None:
            value = self.shape(node, main.kind)
            if value is None:
                return None
            return Record(node.span, kind.label, {kind.main: value}, {kind.main: node.span})
        if not isinstance(node, MapNode):
            self.refuse("F011", _start(node.span), f"Cần một nhóm mục của {kind.label}")
            return None
        record = Record(_start(node.span), kind.label)
        for key, entry in node.entries:
            self._entry(record, key, entry, kind)
        self._completeness(record, node, kind)
        return record

    def _entry(self, record: Record, word: Word, value: Node, kind: Object) -> None:
        key = kind.key(word.text)
        if key is None:
            known = [each.name for each in kind.keys]
            message = f"Không có mục `{word.text}` ở đây ({kind.label})"
            self.note("F002", word.span, message, did_you_mean(word.text, known))
        else:
            record.keys[key.name] = word.span
            shaped = self.shape(value, key.kind)
            if shaped is not None:
                record.values[key.name] = shaped

    def _completeness(self, record: Record, node: MapNode, kind: Object) -> None:
        for key in kind.keys:
            if key.required and key.name not in record.keys:
                message = f"Thiếu mục bắt buộc `{key.name}` ({kind.label})"
                self.refuse("F003", record.span, message, self._near_miss(node, key.name, kind))
        for first, second in kind.excluding:
            if first in record.keys and second in record.keys:
                message = f"`{first}` và `{second}` không đi cùng nhau"
                self.refuse("F009", record.keys[second], message, "giữ một trong hai")
        for name, other in kind.needs:
            if name in record.keys and other not in record.keys:
                message = f"`{name}` chỉ dùng cùng `{other}`"
                self.refuse("F009", record.keys[name], message)
        if kind.one_of:
            self._exactly_one(record, kind)
        if kind.any_of and not any(name in record.keys for name in kind.any_of):
            listed = ", ".join(f"`{name}`" for name in kind.any_of)
            self.refuse("F003", record.span, f"Thiếu mục bắt buộc: ít nhất một trong {listed}")

    def _near_miss(self, node: MapNode, name: str, kind: Object) -> str:
        unknown = [key.text for key, _ in node.entries if kind.key(key.text) is None]
        return did_you_mean(name, unknown) if unknown else ""

    def _exactly_one(self, record: Record, kind: Object) -> None:
        present = [name for name in kind.one_of if name in record.keys]
        listed = ", ".join(f"`{name}`" for name in kind.one_of)
        if not present:
            self.refuse("F003", record.span, f"Thiếu mục bắt buộc: một trong {listed}")
        for extra in present[1:]:
            message = f"`{present[0]}` và `{extra}` không đi cùng nhau"
            self.refuse("F009", record.keys[extra], message, f"chỉ một trong {listed}")

    def _one_kind(self, node: Node, kind: OneKindOf) -> Record | None:
        if not isinstance(node, MapNode):
            self.refuse("F011", _start(node.span), f"Cần một nhóm mục của {kind.label}")
            return None
        names = [key.text for key, _ in node.entries if key.text in kind.by_key]
        first, *others = sorted(names) or [""]
        telling = kind.together.get((first, others[0])) if len(others) == 1 else first
        if telling and len(others) < 2:
            return self._object(node, kind.by_key[telling])
        listed = f"đang có {', '.join(f'`{name}`' for name in names)}" if names else "chưa có loại"
        known = ", ".join(f"`{name}`" for name in kind.by_key)
        message = f"{kind.label.capitalize()} phải thuộc đúng một loại; {listed}"
        self.refuse("F007", _start(node.span), message, f"cần đúng một trong {known}")
        return None

    def _by_value(self, node: Node, kind: ByValue) -> Record | None:
        if not isinstance(node, MapNode):
            self.refuse("F011", _start(node.span), f"Cần một nhóm mục của {kind.label}")
            return None
        told = node.get(kind.key)
        if told is None:
            self.refuse("F003", _start(node.span), f"Thiếu mục bắt buộc `{kind.key}`")
            return None
        word = self._choice(told, Choice(tuple(kind.by_value)))
        return self._object(node, kind.by_value[word.text]) if word else None


def _start(span: Span) -> Span:
    """The beginning of a long place: its first line."""
    if span.end_line == span.line:
        return span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)


def _identifier_hint(text: str, kind: Text) -> str:
    if text in RESERVED:
        return f"`{text}` là từ dành riêng, hãy đặt mã khác"
    return f"{kind.label}: chữ thường không dấu, bắt đầu bằng chữ cái ({kind.pattern})"
