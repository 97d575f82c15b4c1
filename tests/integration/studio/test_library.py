"""The library: procedures looked for, looked at, and taken over with one click."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse

from quytrinh.administration.library import load_library
from quytrinh.language.form import check_form
from quytrinh.runtime import definitions
from quytrinh.runtime.actions import save_form
from quytrinh.runtime.models import FlowVersion, Form, LibraryFlow
from tests.support.agencies import Agencies, Agency

pytestmark = pytest.mark.django_db
LIBRARY = "/quy-trinh/thu-vien/"
INCOMING = "binh-dinh-van-ban-den"
FEW = (INCOMING, "mua-sam", "ha-tinh-van-ban-di")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A library of a few of the procedures that ship, so that it is read quickly."""
    shutil.copytree(settings.ROOT / "forms", tmp_path / "forms")
    (tmp_path / "flows").mkdir()
    for key in FEW:
        shutil.copy(settings.ROOT / "flows" / f"{key}.yaml", tmp_path / "flows")
    return tmp_path


@pytest.fixture
def here(agencies: Agencies, root: Path) -> Agency:
    """An agency that may look into the library."""
    load_library(root=root)
    return agencies.binh_thuan


def names(here: Agency, **asked: str) -> set[str]:
    answer = here.client("giam-doc").get(LIBRARY, asked)
    assert answer.status_code == 200
    return {row.key for row in answer.context["rows"]}


def take(here: Agency, key: str = INCOMING, who: str = "giam-doc") -> HttpResponse:
    return here.client(who).post(f"{LIBRARY}{key}/", {"_agency": here.slug})


def draft_of(here: Agency, key: str = INCOMING) -> FlowVersion:
    with here.at_work():
        return FlowVersion.objects.select_related("flow").get(flow__key=key)


def test_a_procedure_is_found_by_name_regulation_and_kind_of_document(here: Agency) -> None:
    assert INCOMING in names(here, tim="pho giam doc")
    assert INCOMING in names(here, tim="PHÓ GIÁM ĐỐC", loai="incoming")
    assert INCOMING not in names(here, loai="outgoing")
    by_regulation = names(here, tim="132")
    assert INCOMING in by_regulation
    assert not any(key.startswith("ha-tinh") for key in by_regulation)
    assert names(here, tim="không có quy trình này đâu") == set()


def test_a_procedure_is_shown_with_table_articles_and_drawing(here: Agency) -> None:
    page = here.client("giam-doc").get(f"{LIBRARY}{INCOMING}/").content.decode()
    assert "Giám đốc bút phê" in page
    assert "Điều 4 khoản 1" in page
    assert "<svg" in page
    assert "Lấy về cơ quan" in page


def test_it_is_taken_over_with_one_click_and_remembers_its_text(here: Agency) -> None:
    answer = take(here)
    assert answer.status_code == 302
    version = draft_of(here)
    assert answer["Location"] == f"/quy-trinh/ban-nhap/{version.pk}/soan/"
    assert version.definition_id, "the draft has no errors"
    entry = LibraryFlow.objects.get(pk=INCOMING)
    assert version.adopted_id == entry.text_id
    assert definitions.canonical(version.adopted_id)["source"] == version.source
    with here.at_work():
        assert Form.objects.filter(key="but-phe").exists()


def test_taken_twice_it_is_told_and_nothing_is_lost(here: Agency) -> None:
    take(here)
    kept = draft_of(here).pk
    again = take(here)
    assert again.status_code == 422
    assert "Cơ quan đã có quy trình" in again.content.decode()
    assert draft_of(here).pk == kept


def test_a_form_that_the_agency_has_otherwise_stays_as_it_is(here: Agency) -> None:
    texts = definitions.canonical(LibraryFlow.objects.get(pk=INCOMING).text_id)["forms"]
    form = check_form(texts["but-phe"], file="but-phe").form
    assert form is not None
    mine = texts["but-phe"].replace(form.name.text, "Bút phê của cơ quan")
    with here.at_work():
        save_form(source=mine, file="but-phe")
    client = here.client("giam-doc")
    answer = client.post(f"{LIBRARY}{INCOMING}/", {"_agency": here.slug}, follow=True)
    assert "Giữ nguyên biểu mẫu cơ quan đã có, khác với thư viện: Bút phê của cơ quan" in (
        answer.content.decode()
    )
    with here.at_work():
        assert Form.objects.get(key="but-phe").source == mine


def test_the_draft_keeps_its_text_when_the_library_goes_on(here: Agency, root: Path) -> None:
    take(here)
    version = draft_of(here)
    other = LibraryFlow.objects.exclude(pk=INCOMING).first()
    assert other is not None
    LibraryFlow.objects.filter(pk=INCOMING).update(text_id=other.text_id)
    assert load_library(root=root) == (INCOMING,)
    assert load_library(root=root) == ()
    LibraryFlow.objects.filter(pk=INCOMING).delete()
    assert version.adopted_id
    assert definitions.canonical(version.adopted_id)["source"] == version.source


def test_what_the_library_has_not_is_not_found(here: Agency) -> None:
    assert here.client("giam-doc").get(f"{LIBRARY}khong-co/").status_code == 404
    assert take(here, "khong-co").status_code == 404


def test_whoever_drafts_no_procedures_takes_none(here: Agency) -> None:
    assert take(here, who="chuyen-vien").status_code == 403
    with here.at_work():
        assert not FlowVersion.objects.filter(flow__key=INCOMING).exists()


def test_all_that_ships_is_brought_in(agencies: Agencies) -> None:
    changed = load_library(root=settings.ROOT)
    assert set(changed) == {path.stem for path in (settings.ROOT / "flows").glob("*.yaml")}
    answer = agencies.binh_thuan.client("giam-doc").get(LIBRARY)
    assert len(answer.context["rows"]) == len(changed)
    assert any(row.ours for row in answer.context["rows"])
