"""Form definitions: read, typed, in order."""

from __future__ import annotations

import time

import pytest
from jsonschema import Draft202012Validator

from quytrinh.compiler.canonical import canonical_form, digest, form_json_schema
from quytrinh.compiler.text import definition_text
from quytrinh.language.form import FormDefinition, check_form
from tests.support.language import GOLDEN

PATHS = sorted((GOLDEN / "forms").glob("*.yaml"))


def form(properties: str, required: str = "[]") -> FormDefinition:
    text = (
        "quytrinh: 1\nform: thu\nname: Thử\n"
        f"schema: {{type: object, required: {required}, properties: {properties}}}\n"
    )
    result = check_form(text, file="x")
    assert result.form is not None, [each.as_text() for each in result.diagnostics]
    return result.form


def test_fields_keep_their_order_and_values_their_types() -> None:
    definition = form(
        "{z: {type: integer, title: Z, minimum: 1, enum: [3, 1], x-labels: {'3': Ba}},"
        " a: {type: number, title: A, maximum: 2.50, default: 1},"
        " m: {type: boolean, title: M, default: true},"
        " d: {type: string, title: '2026', maxLength: 10}}",
        "[a, z]",
    )
    assert canonical_form(definition) == {
        "quytrinh": 1,
        "form": "thu",
        "name": "Thử",
        "schema": {
            "type": "object",
            "properties": [
                {
                    "id": "z",
                    "type": "integer",
                    "title": "Z",
                    "minimum": 1,
                    "enum": [3, 1],
                    "x-labels": {"3": "Ba"},
                },
                {"id": "a", "type": "number", "title": "A", "maximum": 2.5, "default": 1},
                {"id": "m", "type": "boolean", "title": "M", "default": True},
                {"id": "d", "type": "string", "title": "2026", "maxLength": 10},
            ],
            "required": ["z", "a"],
        },
    }


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_canonical_form_to_text_and_back_is_the_identity(path) -> None:  # type: ignore[no-untyped-def]
    first = check_form(path.read_bytes(), file="x").form
    assert first is not None
    canonical = canonical_form(first)
    again = check_form(definition_text(canonical), file="y").form
    assert again == first
    assert digest(canonical_form(again)) == digest(canonical)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_canonical_form_gives_a_json_schema(path) -> None:  # type: ignore[no-untyped-def]
    definition = check_form(path.read_bytes(), file="x").form
    assert definition is not None
    schema = form_json_schema(canonical_form(definition))
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == [field.id.text for field in definition.fields]


def test_order_of_fields_is_part_of_the_digest_and_order_of_keys_is_not() -> None:
    a, b = "a: {type: string, title: A}", "b: {type: string, title: B}"
    first = digest(canonical_form(form(f"{{{a}, {b}}}")))
    assert digest(canonical_form(form(f"{{{b}, {a}}}"))) != first
    assert digest(canonical_form(form(f"{{a: {{title: A, type: string}}, {b}}}"))) == first


@pytest.mark.parametrize("pattern", ["(a+)+$", "(x{1,200}){1,200}", "[[:alpha:]]+", "a|b"])
def test_patterns_are_compiled_by_re2_in_no_time(pattern: str) -> None:
    began = time.process_time()
    text = (
        "quytrinh: 1\nform: thu\nname: A\nschema: {type: object, properties:"
        f" {{a: {{type: string, title: A, pattern: '{pattern}'}}}}}}\n"
    )
    check_form(text, file="x")
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("pattern", ["(?=a)", r"(a)\1", "(", "a{1,100000}"])
def test_patterns_that_re2_does_not_run_are_refused(pattern: str) -> None:
    text = (
        "quytrinh: 1\nform: thu\nname: A\nschema: {type: object, properties:"
        f" {{a: {{type: string, title: A, pattern: '{pattern}'}}}}}}\n"
    )
    result = check_form(text, file="x")
    assert not result.ok
    assert [each.code for each in result.diagnostics] == ["F011"]


CHOSEN = """
quytrinh: 1
form: phan-cong
name: Phân công
schema:
  type: object
  required: [lead, reason]
  properties:
    urgent:  {type: boolean, title: Gấp}
    kind:    {type: string, title: Loại, enum: [chu-tri, phoi-hop]}
    lead:    {type: string, format: unit, title: Đơn vị chủ trì}
    helpers: {type: array, title: Người phối hợp, items: {type: string, format: person}}
    reason:  {type: string, title: Lý do gấp, x-when: {urgent: true, kind: [chu-tri, phoi-hop]}}
layout:
  - {title: Giao việc, columns: 2, fields: [kind, lead, helpers]}
  - {title: Độ khẩn, help: Chỉ khi cần., fields: [urgent, reason]}
"""


def test_chosen_fields_sections_and_conditions_are_in_the_normal_form() -> None:
    result = check_form(CHOSEN, file="f.yaml")
    assert result.diagnostics == ()
    assert result.form is not None
    canonical = canonical_form(result.form)
    fields = {each["id"]: each for each in canonical["schema"]["properties"]}
    assert fields["helpers"]["items"] == {"type": "string", "format": "person"}
    assert fields["reason"]["x-when"] == {"urgent": ["true"], "kind": ["chu-tri", "phoi-hop"]}
    assert canonical["layout"][0] == {
        "title": "Giao việc", "columns": 2, "fields": ["kind", "lead", "helpers"],
    }  # fmt: skip
    again = check_form(definition_text(canonical), file="f.yaml")
    assert again.form is not None
    assert canonical_form(again.form) == canonical


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[kind, lead, helpers]", "[kind, lead]", "`helpers`"),
        ("[kind, lead, helpers]", "[kind, lead, helpers, urgent]", "`urgent` đã đứng"),
        ("[urgent, reason]", "[urgent, reason, khac]", "`khac`"),
        ("{urgent: true,", "{urgent: maybe,", "`maybe`"),
        ("{urgent: true,", "{lead: x,", "`lead`"),
        ("{urgent: true,", "{reason: x,", "đứng trước"),
        ("format: unit,", "format: unit, maxLength: 9,", "`maxLength`"),
        ("format: unit,", "format: house,", "`house`"),
        ("columns: 2", "columns: 3", "`3`"),
    ],
)
def test_wrong_layout_or_condition_is_told(old: str, new: str, place: str) -> None:
    assert old in CHOSEN
    result = check_form(CHOSEN.replace(old, new, 1), file="f.yaml")
    assert not result.ok
    assert place in "\n".join(each.message for each in result.diagnostics)
