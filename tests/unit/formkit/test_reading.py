"""What a browser posts, read."""

from __future__ import annotations

import unicodedata

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from quytrinh.formkit.reading import Posted, keep_known, read_post
from quytrinh.formkit.validation import validate
from tests.support.forms import EVERYTHING


def _read(posted: str = "", **files: SimpleUploadedFile) -> Posted:
    sent = MultiValueDict({name: [file] for name, file in files.items()})
    return read_post(EVERYTHING, QueryDict(posted), sent)


def test_values_get_the_types_of_their_fields() -> None:
    posted = _read(
        "subject=Xin+mua&urgency=urgent&estimated_cost=1.234,5&copies=2&deadline=5/9/2026"
        "&secret=on&units=a&units=c&receivers=S%E1%BB%9F+A%0D%0A%0D%0AS%E1%BB%9F+B"
    )
    assert posted.values == {
        "subject": "Xin mua",
        "content": None,
        "urgency": "urgent",
        "estimated_cost": 1234.5,
        "copies": 2,
        "deadline": "2026-09-05",
        "notation": None,
        "secret": True,
        "units": ["a", "c"],
        "receivers": ["Sở A", "Sở B"],
    }
    assert validate(EVERYTHING, posted.values, filled_slots={"main"}) == {}


def test_keys_that_the_form_does_not_have_are_ignored() -> None:
    assert "owner" not in _read("owner=me&csrfmiddlewaretoken=x").values


def test_letters_are_composed_and_ends_trimmed() -> None:
    decomposed = unicodedata.normalize("NFD", "Ủy ban")
    query = QueryDict(mutable=True)
    query["subject"] = f"  {decomposed} "
    assert read_post(EVERYTHING, query, MultiValueDict()).values["subject"] == "Ủy ban"


def test_a_text_that_is_no_number_or_date_is_kept_for_validation_to_refuse() -> None:
    posted = _read("copies=hai&deadline=31/02/2026")
    assert posted.values["copies"] == "hai"
    assert validate(EVERYTHING, posted.values, complete=False) == {
        "copies": ["Phải là số nguyên"],
        "deadline": ["Phải là ngày có thật, viết dạng 05/09/2026"],
    }


def test_files_come_by_slot() -> None:
    posted = _read(main=SimpleUploadedFile("a.pdf", b"x"), other=SimpleUploadedFile("b", b"y"))
    assert {slot: [file.name for file in files] for slot, files in posted.uploads.items()} == {
        "main": ["a.pdf"]
    }
    assert "main" not in posted.values


def test_of_values_sent_as_json_only_the_forms_own_are_kept_composed() -> None:
    sent = {
        "subject": unicodedata.normalize("NFD", "Ủy"),
        "receivers": ["a", 1],
        "main": "x",
        "z": 1,
    }
    assert keep_known(EVERYTHING, sent) == {"subject": "Ủy", "receivers": ["a", 1]}
