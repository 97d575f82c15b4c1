"""Form definitions: JSON Schema 2020-12 of one flat object, with a few keys of our own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quytrinh.language.diagnostics import Diagnostic, Span, did_you_mean, error, finish
from quytrinh.language.fields import MEMBER_KINDS
from quytrinh.language.kinds import (
    Choice,
    Key,
    ListOf,
    MapOf,
    Number,
    Object,
    Text,
    Whole,
    json_schema,
)
from quytrinh.language.numbers import read_integer, read_number, read_truth
from quytrinh.language.patterns import fault_of
from quytrinh.language.schema import DIALECT, FORM_ID, HELP, LOCAL_ID, NAME
from quytrinh.language.shaping import Record, Shaper
from quytrinh.language.source import Word, read_source

MAX_FIELDS = 200
MAX_ITEMS = 500
TYPES = ("string", "integer", "number", "boolean", "array")
WIDGETS = ("textarea", "select", "radio")

_VALUE = Text("giá trị", max_length=200, numeric=True)
_LIMITS = (
    Key("maxLength", Whole(1), help="Số ký tự tối đa"),
    Key("minLength", Whole(1), help="Số ký tự tối thiểu"),
    Key("pattern", Text("biểu thức chính quy", max_length=500), help="Mẫu RE2 phải khớp"),
    Key("minimum", Number(), help="Nhỏ nhất"),
    Key("maximum", Number(), help="Lớn nhất"),
    Key("enum", ListOf(_VALUE, minimum=1, maximum=500), help="Danh sách giá trị"),
    Key(
        "format",
        Choice(("date", *MEMBER_KINDS)),
        help="Ngày; hoặc người, đơn vị, cơ quan được chọn",
    ),
)
ITEM = Object(
    "phần tử của danh sách",
    # No dates: an expression cannot see an instant inside a list.
    (
        Key("type", Choice(TYPES[:3]), required=True),
        *(key for key in _LIMITS if key.name != "format"),
        Key("format", Choice(MEMBER_KINDS), help="Người, đơn vị, cơ quan được chọn"),
    ),
)
FIELD = Object(
    "trường",
    (
        Key("type", Choice(TYPES), required=True, help="Kiểu dữ liệu"),
        Key("title", NAME, required=True, help="Nhãn"),
        Key("description", HELP, help="Lời hướng dẫn"),
        *_LIMITS,
        Key("default", _VALUE, help="Giá trị điền sẵn"),
        Key("items", ITEM, help="Phần tử của danh sách (type: array)"),
        Key("maxItems", Whole(1), help="Số phần tử tối đa"),
        Key("minItems", Whole(1), help="Số phần tử tối thiểu"),
        Key("x-labels", MapOf(_VALUE, NAME), help="Nhãn của từng giá trị trong enum"),
        Key("x-widget", Choice(WIDGETS), help="Cách hiển thị"),
        Key("x-slot", LOCAL_ID, help="Ngăn văn bản nhận tệp"),
        Key(
            "x-when",
            MapOf(LOCAL_ID, ListOf(_VALUE, single=True, minimum=1, maximum=50), 1, 5),
            help="Chỉ hỏi khi các trường này có một trong những giá trị này",
        ),
    ),
    needs=(("x-labels", "enum"),),
)
BODY = Object(
    "schema của biểu mẫu",
    (
        Key("type", Choice(("object",)), required=True),
        Key("properties", MapOf(LOCAL_ID, FIELD, 1, MAX_FIELDS), required=True, help="Các trường"),
        Key("required", ListOf(Text("mã trường", max_length=40)), help="Trường bắt buộc"),
    ),
)
SECTION = Object(
    "phần của biểu mẫu",
    (
        Key("title", NAME, required=True, help="Tên phần"),
        Key("help", HELP, help="Lời hướng dẫn"),
        Key("columns", Choice(("1", "2")), help="Số cột trên màn hình rộng"),
        Key(
            "fields",
            ListOf(Text("mã trường", max_length=40), minimum=1, maximum=MAX_FIELDS),
            required=True,
            help="Các trường của phần",
        ),
    ),
)
FORM = Object(
    "biểu mẫu",
    (
        Key("quytrinh", Choice(("1",), code="F010"), required=True, help="Phiên bản ngôn ngữ"),
        Key("form", FORM_ID, required=True, help="Mã biểu mẫu"),
        Key("name", NAME, required=True, help="Tên biểu mẫu"),
        Key("help", HELP, help="Lời hướng dẫn"),
        Key("schema", BODY, required=True, help="JSON Schema 2020-12"),
        Key("layout", ListOf(SECTION, minimum=1, maximum=50), help="Các phần trên trang"),
    ),
)
# Which limits a type may carry: a limit that cannot apply is a misunderstanding.
_ALLOWED = {
    "string": {"maxLength", "minLength", "pattern", "enum", "format", "x-widget", "x-slot"},
    "integer": {"minimum", "maximum", "enum", "x-widget"},
    "number": {"minimum", "maximum", "enum", "x-widget"},
    "boolean": {"x-widget"},
    "array": {"items", "maxItems", "minItems", "x-slot", "x-widget"},
}
_GENERAL = {"type", "title", "description", "default", "x-labels", "x-when"}
# What is chosen is not typed: it has no length, no pattern and no list of its own.
_TYPED = {"maxLength", "minLength", "pattern", "enum", "x-labels", "default", "x-slot"}
_WHOLES = ("maxLength", "minLength", "maxItems", "minItems")


@dataclass(frozen=True, kw_only=True)
class FormField:
    """One property; `schema` is its JSON Schema, typed, without its id."""

    id: Word
    schema: Mapping[str, Any]

    @property
    def type(self) -> str:
        return str(self.schema["type"])

    @property
    def slot(self) -> str | None:
        return self.schema.get("x-slot")


@dataclass(frozen=True, kw_only=True)
class FormSection:
    """Fields that stand together under a title."""

    title: Word
    help: Word | None = None
    columns: int = 1
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class FormDefinition:
    """A form; the order of its fields is the order on the page, unless sections say otherwise."""

    id: Word
    name: Word
    help: Word | None = None
    fields: tuple[FormField, ...]
    required: tuple[str, ...] = ()
    sections: tuple[FormSection, ...] = ()
    span: Span = field(compare=False, repr=False)

    def field(self, name: str) -> FormField | None:
        return next((each for each in self.fields if each.id.text == name), None)


@dataclass(frozen=True)
class FormResult:
    """`form` is None when an error makes it unusable."""

    form: FormDefinition | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        return self.form is not None and not any(each.is_error for each in self.diagnostics)


def form_schema_json() -> dict[str, Any]:
    """The published JSON Schema of a form file."""
    title = "Quy trình: tệp khai báo biểu mẫu (form)"
    return {"$schema": DIALECT, **json_schema(FORM), "title": title}


def check_form(text: str | bytes, *, file: str) -> FormResult:
    """Check one form file; all findings are collected."""
    source = read_source(text, file=file)
    diagnostics = list(source.diagnostics)
    form: FormDefinition | None = None
    if source.root is not None:
        shaper = Shaper()
        shaped = shaper.shape(source.root, FORM)
        diagnostics += shaper.diagnostics
        if isinstance(shaped, Record) and not shaper.broken:
            reader = _FormReader(shaped)
            form = reader.read()
            diagnostics += reader.diagnostics
    found = finish(diagnostics, source.text)
    return FormResult(None if any(each.is_error for each in found) else form, found)


class _FormReader:
    """A shaped form to its definition, with the checks that need more than one key."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.diagnostics: list[Diagnostic] = []

    def read(self) -> FormDefinition:
        body = self.record.child("schema")
        pairs = body.record_pairs("properties")
        required = body.words("required")
        self._check_required(required, [key.text for key, _ in pairs])
        named = {word.text for word in required}
        fields = tuple(FormField(id=key, schema=self._field(each)) for key, each in pairs)
        self._check_conditions(pairs, fields)
        return FormDefinition(
            id=self.record.word("form"),
            name=self.record.word("name"),
            help=self.record.maybe("help"),
            fields=fields,
            # In the order of the fields: the order of `required` means nothing.
            required=tuple(key.text for key, _ in pairs if key.text in named),
            sections=self._sections([key.text for key, _ in pairs]),
            span=self.record.span,
        )

    def _refuse(self, span: Span, message: str, hint: str = "", code: str = "F011") -> None:
        self.diagnostics.append(error(code, span, message, hint))

    def _check_required(self, required: tuple[Word, ...], fields: list[str]) -> None:
        for word in required:
            if word.text not in fields:
                message = f"Biểu mẫu không có trường `{word.text}`"
                self._refuse(word.span, message, did_you_mean(word.text, fields), "F408")

    def _sections(self, fields: list[str]) -> tuple[FormSection, ...]:
        """The layout; where there is one, every field stands in it, once."""
        records = self.record.records("layout")
        seen: dict[str, Word] = {}
        for word in (word for each in records for word in each.words("fields")):
            if word.text not in fields:
                message = f"Biểu mẫu không có trường `{word.text}`"
                self._refuse(word.span, message, did_you_mean(word.text, fields), "F408")
            elif word.text in seen:
                self._refuse(word.span, f"Trường `{word.text}` đã đứng ở phần khác")
            seen[word.text] = word
        missing = [name for name in fields if name not in seen]
        if records and missing:
            listed = ", ".join(f"`{name}`" for name in missing)
            self._refuse(self.record.keys["layout"], f"`layout` còn thiếu trường {listed}")
        return tuple(map(_section, records))

    def _check_conditions(
        self, pairs: tuple[tuple[Word, Record], ...], fields: tuple[FormField, ...]
    ) -> None:
        """`x-when` looks at an earlier field with few values: a list, or yes and no."""
        earlier: dict[str, FormField] = {}
        for (key, record), each in zip(pairs, fields, strict=True):
            for name, values in record.word_lists("x-when"):
                self._check_condition(name, values, earlier)
            earlier[key.text] = each

    def _check_condition(
        self, name: Word, values: tuple[Word, ...], earlier: Mapping[str, FormField]
    ) -> None:
        if name.text not in earlier:
            message = f"`x-when` chỉ xét được trường đứng trước; không có `{name.text}` ở trước"
            self._refuse(name.span, message, did_you_mean(name.text, earlier))
            return
        possible = values_of(earlier[name.text].schema)
        if not possible:
            message = (
                f"`x-when` chỉ xét trường có `enum` hoặc kiểu boolean, không phải `{name.text}`"
            )
            self._refuse(name.span, message)
        for word in values:
            if possible and word.text not in possible:
                listed = ", ".join(f"`{value}`" for value in possible)
                message = f"Giá trị `{word.text}` không thuộc {listed}"
                self._refuse(word.span, message, did_you_mean(word.text, possible))

    def _field(self, record: Record) -> dict[str, Any]:
        schema = self._typed(record)
        if schema["type"] == "array" and "items" not in schema and "x-slot" not in schema:
            message = "Thiếu mục bắt buộc `items` (trường kiểu array)"
            self._refuse(record.span, message, code="F003")
        return schema

    def _typed(self, record: Record) -> dict[str, Any]:
        kind = record.word("type").text
        schema: dict[str, Any] = {"type": kind}
        for name in record.values:
            if name not in _ALLOWED[kind] | _GENERAL:
                message = f"`{name}` không dùng với kiểu `{kind}`"
                self._refuse(record.keys[name], message, code="F009")
            elif name != "type":
                schema[name] = self._value(record, name, kind)
        self._check_limits(record, schema)
        return schema

    def _value(self, record: Record, name: str, kind: str) -> Any:
        if name == "enum":
            return [self._scalar(word, kind) for word in record.words("enum")]
        if name == "x-labels":
            return self._labels(record)
        if name == "x-when":
            return {
                key.text: [word.text for word in words]
                for key, words in record.word_lists("x-when")
            }
        if name == "items":
            items = record.record("items")
            return self._typed(items) if items else {}
        word = record.word(name)
        if name in _WHOLES:
            return int(word.text)
        if name in ("minimum", "maximum"):
            return self._scalar(word, kind)
        if name == "default":
            return self._scalar(word, kind)
        if name == "pattern":
            self._check_pattern(word)
        return word.text

    def _scalar(self, word: Word, kind: str) -> Any:
        try:
            return _READERS[kind](word.text)
        except (ValueError, KeyError):
            self._refuse(word.span, f"Giá trị `{word.text}` không thuộc kiểu `{kind}`")
            return word.text

    def _labels(self, record: Record) -> dict[str, str]:
        values = [word.text for word in record.words("enum")]
        labels: dict[str, str] = {}
        for key, label in record.word_pairs("x-labels"):
            labels[key.text] = label.text
            if key.text not in values:
                listed = ", ".join(f"`{value}`" for value in values)
                message = f"Giá trị `{key.text}` không thuộc {listed}"
                self._refuse(key.span, message, did_you_mean(key.text, values))
        return labels

    def _check_pattern(self, word: Word) -> None:
        if why := fault_of(word.text):
            self._refuse(word.span, f"Mẫu `{word.text}` không chạy được trong RE2: {why}")

    def _check_limits(self, record: Record, schema: dict[str, Any]) -> None:
        for low, high in (("minimum", "maximum"), ("minLength", "maxLength")):
            if low in schema and high in schema and schema[low] > schema[high]:
                self._refuse(record.keys[high], f"`{high}` nhỏ hơn `{low}`")
        if "enum" in schema and len({str(each) for each in schema["enum"]}) < len(schema["enum"]):
            self._refuse(record.keys["enum"], "Danh sách `enum` có giá trị lặp")
        if schema.get("maxItems", 0) > MAX_ITEMS:
            self._refuse(record.keys["maxItems"], f"`maxItems` quá {MAX_ITEMS}")
        if "default" in schema and "enum" in schema and schema["default"] not in schema["enum"]:
            self._refuse(record.keys["default"], "`default` không có trong `enum`")
        if schema.get("format") in MEMBER_KINDS and (useless := _TYPED & set(schema)):
            listed = ", ".join(f"`{name}`" for name in sorted(useless))
            self._refuse(record.keys["format"], f"Trường chọn từ danh sách không dùng {listed}")
        if "default" in schema and schema.get("format") == "date":
            self._check_date(record.word("default"))

    def _check_date(self, word: Word) -> None:
        try:
            date.fromisoformat(word.text)
        except ValueError:
            self._refuse(word.span, f"Giá trị `{word.text}` không phải ngày (năm-tháng-ngày)")


def values_of(schema: Mapping[str, Any]) -> list[str]:
    """The values a field may have, as texts, where these are few; otherwise none."""
    if schema["type"] == "boolean":
        return ["true", "false"]
    single = schema.get("items", {}) if schema["type"] == "array" else schema
    return [str(value) for value in single.get("enum", ())]


def _section(record: Record) -> FormSection:
    columns = record.maybe("columns")
    return FormSection(
        title=record.word("title"),
        help=record.maybe("help"),
        columns=int(columns.text) if columns else 1,
        fields=tuple(word.text for word in record.words("fields")),
    )


_READERS: dict[str, Any] = {
    "string": str,
    "integer": read_integer,
    "number": read_number,
    "boolean": read_truth,
}
