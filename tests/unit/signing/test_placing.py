"""Where marks go: between title and name, a seal over a third on the left, numbers in gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from quytrinh.signing.inspection import Field, Inspection, Page, Phrase, from_json, to_json
from quytrinh.signing.layout import UnknownLayout, layout, layouts
from quytrinh.signing.placing import Values, place

A4 = (0.0, 0.0, 595.3, 841.9)
VALUES = Values(
    title="CHỦ TỊCH", name="Nguyễn Hữu Thế", number="866", notation="QĐ-UBND",
    day="22", month="11", year="2026",
)  # fmt: skip
NATIONAL = layout("nghi-dinh-30-2020")


def page_with(**phrases: tuple[float, float, float, float]) -> Inspection:
    found = {name: (Phrase(0, box),) for name, box in phrases.items()}
    return Inspection(first=Page(0, A4), last=Page(0, A4), phrases=found)


@given(x=some.floats(150, 450), name_at=some.floats(120, 300), gap=some.floats(40, 120))
def test_the_seal_covers_a_third_of_the_signature_on_its_left(x, name_at, gap) -> None:
    found = Inspection(
        first=Page(0, A4),
        last=Page(0, A4),
        phrases={
            "CHỦ TỊCH": (Phrase(0, (x - 30, name_at + gap, x + 30, name_at + gap + 10)),),
            "Nguyễn Hữu Thế": (Phrase(0, (x - 45, name_at, x + 45, name_at + 10)),),
        },
    )
    person = place(NATIONAL, "person", found, VALUES).place.box
    seal = place(NATIONAL, "seal", found, VALUES).place.box
    width = person[2] - person[0]
    assert (seal[2] - person[0]) / width == pytest.approx(1 / 3, abs=0.01)
    assert seal[0] < person[0]
    assert (seal[1] + seal[3]) / 2 == pytest.approx((person[1] + person[3]) / 2)
    assert (person[0] + person[2]) / 2 == pytest.approx(x)
    assert seal[2] - seal[0] == pytest.approx(36 / 25.4 * 72)


def test_a_signature_stands_between_title_and_name() -> None:
    found = page_with(**{"CHỦ TỊCH": (370, 280, 440, 292), "Nguyễn Hữu Thế": (360, 200, 450, 212)})
    left, bottom, right, top = place(NATIONAL, "person", found, VALUES).place.box
    assert 212 <= bottom < top <= 280
    assert (left + right) / 2 == 405


def test_without_the_name_the_layout_says_where() -> None:
    box = place(NATIONAL, "person", page_with(), VALUES).place.box
    assert box[2] == pytest.approx(595.3 - 30 / 25.4 * 72)


def test_day_and_month_fill_their_gaps() -> None:
    found = page_with(
        **{"ngày": (300, 720, 325, 730), "tháng": (350, 720, 380, 730), "năm": (405, 720, 428, 730)}
    )
    placed = place(NATIONAL, "date", found, VALUES)
    assert placed.drawing.lines == ("22", "11")
    assert placed.drawing.centres == (12.5, 67.5)
    assert placed.place.box[0] == 325
    assert placed.place.box[2] == 405


def test_words_on_other_lines_are_no_date() -> None:
    found = page_with(
        **{"ngày": (300, 720, 325, 730), "tháng": (350, 600, 380, 610), "năm": (405, 720, 428, 730)}
    )
    assert place(NATIONAL, "date", found, VALUES).drawing.lines == ("ngày 22 tháng 11 năm 2026",)


def test_a_prepared_field_keeps_its_place() -> None:
    box = (10.0, 20.0, 110.0, 70.0)
    found = Inspection(
        first=Page(0, A4), last=Page(3, A4), fields={"DauCoQuan": Field(2, box, False)}
    )
    placed = place(NATIONAL, "seal", found, VALUES).place
    assert (placed.page, placed.box) == (2, box)


def test_an_agency_without_a_seal_signs_by_its_own_name() -> None:
    """Not by that of the clerk who has it made."""
    said = Values(name="Võ Thị Thử Nghiệm", organisation="Cơ quan mẫu")
    assert place(NATIONAL, "seal", page_with(), said).drawing.lines == ("Cơ quan mẫu",)


def test_who_has_no_image_signs_by_name() -> None:
    drawing = place(NATIONAL, "person", page_with(), VALUES).drawing
    assert drawing.lines == ("Nguyễn Hữu Thế",)
    assert drawing.colour == NATIONAL.marks["person"].image_colour


@pytest.mark.parametrize("name", layouts())
def test_every_layout_can_be_placed_and_names_its_articles(name: str) -> None:
    for mark_id, mark in layout(name).marks.items():
        assert mark.cite
        placed = place(layout(name), mark_id, page_with(), VALUES).place
        assert placed.box[0] < placed.box[2]
        assert placed.box[1] < placed.box[3]
    assert layout(name).marks["seal"].locks


def test_no_field_name_begins_another() -> None:
    names = {mark.field for name in layouts() for mark in layout(name).marks.values()}
    assert not [(a, b) for a in names for b in names if a != b and b.startswith(a)]


def test_regulations_differ_by_data_alone() -> None:
    assert layout("nghi-dinh-30-2020").marks["scan"].image == ""
    assert layout("ha-tinh-33-2019").marks["scan"].image == "seal"


@pytest.mark.parametrize("name", ["../secret", "khong-co"])
def test_an_unknown_layout_is_told(name: str) -> None:
    with pytest.raises(UnknownLayout):
        layout(name)


def test_an_inspection_survives_its_journey() -> None:
    found = Inspection(
        first=Page(0, A4),
        last=Page(1, A4),
        phrases={"Số:": (Phrase(0, (1.0, 2.0, 3.0, 4.0)),)},
        fields={"DauCoQuan": Field(1, (1.0, 2.0, 3.0, 4.0), True)},
    )
    assert from_json(to_json(found).encode()) == found
    assert found.signed
