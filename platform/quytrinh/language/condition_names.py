"""What the names in a condition are called: fields by their titles, values by their labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["number", "text", "truth", "day", "moment", "list", "person"]
_KINDS: dict[str, Kind] = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "truth",
    "array": "list",
}
_URGENCIES = {
    "normal": "Thường",
    "urgent": "Khẩn",
    "very_urgent": "Thượng khẩn",
    "flash": "Hỏa tốc",
}
_AMBIGUOUS = (" và ", " hoặc ", ",", ";")


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field: its title, what kind of value it holds, and the labels of its values."""

    title: str
    kind: Kind
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StepName:
    """A step: its name, in quotes, and the labels of its actions."""

    title: str
    actions: Mapping[str, str] = field(default_factory=dict)


_BUILT_IN = {
    "code": FieldName("Mã hồ sơ", "text"),
    "agency": FieldName("Cơ quan", "text"),
    "unit": FieldName("Đơn vị", "text"),
    "creator": FieldName("Người lập hồ sơ", "person"),
    "started_at": FieldName("Thời điểm lập hồ sơ", "moment"),
    "due_at": FieldName("Hạn của hồ sơ", "moment"),
    "subject": FieldName("Trích yếu", "text"),
    "field": FieldName("Lĩnh vực", "text"),
    "urgency": FieldName("Mức độ khẩn", "text", _URGENCIES),
    "secrecy": FieldName("Độ mật", "text"),
    "source": FieldName("Nguồn", "text"),
    "received_at": FieldName("Thời điểm nhận", "moment"),
}
# What the record of a member says.
RESULT: Mapping[str, FieldName] = {
    "state": FieldName(
        "tình trạng",
        "text",
        {"open": "Đang làm", "done": "Đã xong", "released": "Được rút", "late": "Quá hạn"},
    ),
    "action": FieldName("lựa chọn", "text"),
    "comment": FieldName("ý kiến", "text"),
    "by": FieldName("người làm", "person"),
    "at": FieldName("thời điểm xong", "moment"),
}
_SLOTS = {
    "main": "chính",
    "annexes": "phụ lục",
    "slip": "phiếu trình",
    "related": "liên quan",
    "reply": "trả lời",
    "reply_annexes": "phụ lục trả lời",
}
_MANY = frozenset({"annexes", "related", "reply_annexes"})


_MEMBER = {
    "unit": FieldName("Đơn vị đang xử lý", "text"),
    "person": FieldName("Người đang xử lý", "person"),
    "agency": FieldName("Cơ quan đang xử lý", "text"),
    "lead": FieldName("Vai trò chủ trì", "truth"),
}
_SETTING_KINDS: dict[str, Kind] = {"number": "number", "boolean": "truth", "units": "list"}


@dataclass(frozen=True, slots=True)
class Names:
    """Everything a condition of one flow may name; `many` are the slots that hold a list."""

    fields: Mapping[str, FieldName] = field(default_factory=lambda: _BUILT_IN)
    slots: Mapping[str, str] = field(default_factory=lambda: _SLOTS)
    many: frozenset[str] = _MANY
    steps: Mapping[str, StepName] = field(default_factory=dict)
    settings: Mapping[str, FieldName] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        forms: Iterable[Mapping[str, Any]],
        steps: Mapping[str, StepName] | None = None,
        settings: Mapping[str, FieldName] | None = None,
    ) -> Names:
        """The names that canonical forms give; the form that comes first names a field."""
        fields: dict[str, FieldName] = {}
        slots: dict[str, str] = {}
        for form in forms:
            for each in form["schema"]["properties"]:
                if "x-slot" in each:
                    slots.setdefault(each["x-slot"], f"“{each['title']}”")
                else:
                    fields.setdefault(each["id"], _field_name(each))
        return cls(
            fields=_BUILT_IN | fields,
            slots=_SLOTS | slots,
            steps=steps or {},
            settings=settings or {},
        )

    def field_of(self, path: str) -> FieldName | None:
        """What `case.x`, a branch's own `item.x` or `setting.x` is called."""
        root, _, name = path.partition(".")
        match root:
            case "case":
                return self.fields.get(name)
            case "item":
                return _MEMBER.get(name) or self.fields.get(name)
            case "setting":
                return self.settings.get(name)
        return None


def setting_name(title: str, type_: str) -> FieldName:
    """What a parameter of the flow is called in a condition."""
    return FieldName(_in_a_sentence(title), _SETTING_KINDS.get(type_, "text"))


def _field_name(schema: Mapping[str, Any]) -> FieldName:
    kind = "day" if schema.get("format") == "date" else _KINDS[schema["type"]]
    labels = schema.get("x-labels") or schema.get("items", {}).get("x-labels", {})
    return FieldName(_in_a_sentence(schema["title"]), kind, labels)


def _in_a_sentence(title: str) -> str:
    """A title that reads like a part of the sentence stands in quotes."""
    plain = title.rstrip(" ?:.")
    return f"“{plain}”" if any(word in plain for word in _AMBIGUOUS) else plain
