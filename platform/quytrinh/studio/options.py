"""The parameters of a plugin as fields of a form, made from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from quytrinh.compiler.editing.steps import name_of
from quytrinh.compiler.editing.tree import Path
from quytrinh.spi import StepPlugin
from quytrinh.studio.routes import Choice

if TYPE_CHECKING:
    from quytrinh.studio.sheet import Sheet

PREFIX = "with-"


@dataclass(frozen=True, slots=True)
class Option:
    """One parameter; with `choices` it is picked, several of them where `many`."""

    name: str
    label: str
    help: str
    value: str
    choices: list[Choice]
    many: bool
    required: bool


def options_of(plugin: StepPlugin, sheet: Sheet, data: Mapping[str, Any]) -> list[Option]:
    """Return the fields of a step's plugin."""
    known = data.get("with")
    values = known if isinstance(known, Mapping) else {}
    required = plugin.schema.get("required", ())
    return [
        _option(key, schema, values.get(key), sheet, key in required)
        for key, schema in plugin.schema.get("properties", {}).items()
    ]


def _option(
    key: str, schema: Mapping[str, Any], value: Any, sheet: Sheet, required: bool
) -> Option:
    many = schema.get("type") == "array"
    chosen = value if isinstance(value, list) else [value]
    choices = _choices(schema.get("items", schema) if many else schema, sheet, chosen)
    if choices and not many:
        choices = [Choice("", _("Mặc định"), value is None), *choices]
    title, described = schema.get("title"), schema.get("description", "")
    return Option(
        name=PREFIX + key,
        label=title or described or key,
        help=described if title else "",
        value="; ".join(str(each) for each in chosen if isinstance(each, str)),
        choices=choices,
        many=many,
        required=required,
    )


def _choices(schema: Mapping[str, Any], sheet: Sheet, chosen: list[Any]) -> list[Choice]:
    """What a parameter may be: one of a list, true or false, or a thing of this procedure."""
    refers = schema.get("x-refers")
    if refers == "role":
        roles = sheet.flow.get("roles")
        found = [
            (key, str(each.get("name", key)) if isinstance(each, Mapping) else key)
            for key, each in (roles.items() if isinstance(roles, Mapping) else ())
        ]
    elif refers == "step":
        found = [(each.id, name_of(each.data)) for each in sheet.steps if "by" in each.data]
    elif refers == "slot":
        found = _slots(sheet)
    elif "enum" in schema:
        labels = schema.get("x-labels", {})
        found = [(str(each), labels.get(each, str(each))) for each in schema["enum"]]
    elif schema.get("type") == "boolean":
        found = [("true", _("Có")), ("false", _("Không"))]
    else:
        return []
    known = {value for value, _label in found}
    found += [(each, each) for each in chosen if isinstance(each, str) and each not in known]
    return [Choice(value, label, value in chosen) for value, label in found]


def _slots(sheet: Sheet) -> list[tuple[str, str]]:
    named = [
        ("main", _("Văn bản chính")),
        ("annexes", _("Phụ lục")),
        ("slip", _("Phiếu trình")),
        ("related", _("Tài liệu liên quan")),
    ]
    if sheet.flow.get("document") == "incoming":
        named += [("reply", _("Văn bản trả lời")), ("reply_annexes", _("Phụ lục trả lời"))]
    own = sheet.flow.get("documents")
    for key, each in own.items() if isinstance(own, Mapping) else ():
        named.append((key, str(each.get("name", key)) if isinstance(each, Mapping) else key))
    return named


def option_values(
    plugin: StepPlugin, sheet: Sheet, data: Mapping[str, Any], posted: QueryDict
) -> Iterator[tuple[Path, Any]]:
    """Return what the form says of the parameters, where it is something else than before."""
    known = data.get("with")
    values = known if isinstance(known, Mapping) else {}
    for option in options_of(plugin, sheet, data):
        if option.name not in posted and f"{option.name}-shown" not in posted:
            continue
        key = option.name.removeprefix(PREFIX)
        new: Any = posted.get(option.name, "").strip() or None
        if option.many:
            entered = posted.getlist(option.name) if option.choices else (new or "").split(";")
            new = [each.strip() for each in entered if each.strip()] or None
        if new != values.get(key):
            yield ("with", key), new
