"""The condition of a step as fields of a form, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from quytrinh.compiler.canonical import canonical_form
from quytrinh.compiler.editing.conditions import (
    EMPTY,
    FILLED,
    Condition,
    FieldTest,
    Joiner,
    read_condition,
    write_condition,
)
from quytrinh.language.condition_names import Names
from quytrinh.language.condition_words import condition_in_words
from quytrinh.language.fields import BUILT_IN, READ_ONLY, field_types
from quytrinh.runtime.actions.drafts import forms_of_agency
from quytrinh.studio.routes import Choice
from quytrinh.studio.sheet import Sheet

# Lines of the builder; a longer condition is written in the YAML box.
LINES = 3


@dataclass(frozen=True, slots=True)
class TestRow:
    """One line: which field, how it is compared, with what."""

    number: int
    fields: list[Choice]
    operators: list[Choice]
    value: str

    @property
    def number_text(self) -> str:
        """The number, for names of fields."""
        return str(self.number)


@dataclass(frozen=True)
class Builder:
    """A condition in lines; `simple` is false where it says more than lines can."""

    words: str
    simple: bool
    any_of: bool
    rows: list[TestRow]
    text: str


@dataclass(frozen=True, slots=True)
class _Fields:
    types: Mapping[str, str]
    titles: Mapping[str, str]
    names: Names


def builder_of(sheet: Sheet, when: str) -> Builder:
    """Return the condition of a step as the form shows it."""
    fields = _fields(sheet)
    found = read_condition(when)
    simple = found is not None and len(found.tests) <= LINES
    tests = list(found.tests) if found and simple else []
    shown = [*tests, *[FieldTest("", "==")] * (min(len(tests) + 1, LINES) - len(tests))]
    return Builder(
        words=condition_in_words(when, fields.names) if when else "",
        simple=simple,
        any_of=found is not None and found.joiner == "||",
        rows=[_row(number, test, fields) for number, test in enumerate(shown)],
        text=when,
    )


def when_of(sheet: Sheet, posted: QueryDict) -> str | None:
    """Return the condition that the lines say; None for none."""
    tests = []
    for number in range(LINES):
        name = posted.get(f"test-{number}-field", "")
        if name:
            operator = posted.get(f"test-{number}-operator", "==")
            tests.append(FieldTest(name, operator, posted.get(f"test-{number}-value", "").strip()))
    if not tests:
        return None
    joiner: Joiner = "||" if posted.get("test-any") == "1" else "&&"
    return write_condition(Condition(joiner, tuple(tests)), _fields(sheet).types)


def _row(number: int, test: FieldTest, fields: _Fields) -> TestRow:
    choices = [Choice("", _("Luôn làm") if number == 0 else "–", not test.field)]
    choices += [Choice(key, fields.titles.get(key, key), key == test.field) for key in fields.types]
    if test.field and test.field not in fields.types:
        choices.append(Choice(test.field, test.field, True))
    operators = [
        ("==", _("là")),
        ("!=", _("không phải là")),
        (">", _("lớn hơn")),
        (">=", _("từ … trở lên")),
        ("<", _("nhỏ hơn")),
        ("<=", _("không quá")),
        (FILLED, _("đã nhập")),
        (EMPTY, _("chưa nhập")),
    ]
    picked = [Choice(key, label, key == test.operator) for key, label in operators]
    return TestRow(number, choices, picked, test.value)


def _fields(sheet: Sheet) -> _Fields:
    """The fields that the procedure's forms fill, and those that every case has."""
    used = {str(each.data["form"]) for each in sheet.steps if "form" in each.data}
    start = sheet.flow.get("start")
    for each in start if isinstance(start, list) else [start]:
        if isinstance(each, Mapping) and isinstance(each.get("form"), str):
            used.add(each["form"])
    forms = [canonical_form(form) for key, form in forms_of_agency().items() if key in used]
    types: dict[str, str] = {}
    titles = {
        "subject": _("Trích yếu"),
        "urgency": _("Độ khẩn"),
        "field": _("Lĩnh vực"),
        "secrecy": _("Độ mật"),
        "source": _("Nguồn"),
    }
    for form in forms:
        types |= field_types(form)
        titles |= {each["id"]: each["title"] for each in form["schema"]["properties"]}
    simple = ("string", "int", "double", "bool")
    own = {key: kind for key, kind in types.items() if kind in simple}
    writable = set(BUILT_IN) - READ_ONLY - {"received_at"}
    built_in = {key: BUILT_IN[key] for key in BUILT_IN if key in writable and key not in own}
    return _Fields(own | built_in, titles, Names.of(forms, {}, {}))
