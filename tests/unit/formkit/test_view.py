"""Forms as HTML."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.template import Context, Template

from quytrinh.formkit.definition import fields_of
from quytrinh.formkit.view import FormView, in_words
from tests.support.forms import EVERYTHING


class _Tags(HTMLParser):
    """All start tags of a page with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def by_id(self, id_: str) -> dict[str, str | None]:
        (attributes,) = [each for _tag, each in self.found if each.get("id") == id_]
        return attributes


def _html(**parts: Any) -> str:
    form = FormView.of(EVERYTHING, **parts)
    return Template("{% load formkit %}{% render_form form %}").render(Context({"form": form}))


def test_every_control_has_a_label_and_every_reference_a_target() -> None:
    tags = _Tags(_html(errors={"subject": ["Bắt buộc nhập"], "units": ["Tối đa 2 mục"]}))
    ids = [attributes["id"] for _tag, attributes in tags.found if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes.get("for") for tag, attributes in tags.found if tag == "label"}
    for tag, attributes in tags.found:
        assert "style" not in attributes
        if tag in ("input", "select", "textarea"):
            assert attributes["id"] in labelled
        for id_ in (attributes.get("aria-describedby") or "").split():
            assert id_ in ids
        if tag == "a":
            assert (attributes["href"] or "")[1:] in ids


def test_values_are_shown_as_written_here() -> None:
    tags = _Tags(
        _html(values={"estimated_cost": 1234567.5, "deadline": "2026-09-05", "secret": True})
    )
    assert tags.by_id("field-estimated_cost")["value"] == "1.234.567,5"
    assert tags.by_id("field-deadline")["value"] == "05/09/2026"
    assert "checked" in tags.by_id("field-secret")


def test_what_was_entered_wrongly_is_shown_as_entered() -> None:
    tags = _Tags(_html(values={"deadline": "31/02/2026", "copies": "hai"}))
    assert tags.by_id("field-deadline")["value"] == "31/02/2026"
    assert tags.by_id("field-copies")["value"] == "hai"


def test_errors_are_summed_up_and_told_on_the_field() -> None:
    html = _html(errors={"subject": ["Bắt buộc nhập"]})
    tags = _Tags(html)
    field = tags.by_id("field-subject")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "field-subject-help field-subject-error"
    assert tags.by_id("error-summary")["role"] == "alert"
    assert html.count("Bắt buộc nhập") == 2
    assert "error-summary" not in _html()


def test_texts_are_escaped() -> None:
    html = _html(values={"subject": '"><script>', "content": "</textarea><script>"})
    assert "<script" not in html


def test_a_file_field_shows_what_is_there() -> None:
    html = _html(files={"main": ["du-thao.pdf"]})
    field = _Tags(html).by_id("field-main")
    assert field["type"] == "file"
    assert (field["accept"] or "").startswith("application/pdf")
    assert "Đang có: du-thao.pdf." in html


def test_values_in_words() -> None:
    fields = {field.id: field for field in fields_of(EVERYTHING)}
    assert in_words(fields["urgency"], "urgent") == "Khẩn"
    assert in_words(fields["units"], ["a", "c"]) == "Phòng A, Phòng C"
    assert in_words(fields["secret"], True) == "Có"
    assert in_words(fields["estimated_cost"], 5e8) == "500.000.000"
    assert in_words(fields["deadline"], "2026-09-05") == "05/09/2026"
