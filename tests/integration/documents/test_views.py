"""Addresses of files: only for those who may see the case, always as harmless answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import transaction
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from django.urls import reverse

from quytrinh.documents import access, storage, views
from quytrinh.documents.middleware import UploadSizeMiddleware
from quytrinh.documents.models import Document, StoredFile
from quytrinh.organization.snapshot import PersonView
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from quytrinh.tenancy.models import Tenant

_PERSON = PersonView(id=uuid7(), full_name="Nguyễn Văn An")


@pytest.fixture
def ask(at_work: Tenant) -> Callable[..., HttpRequest]:
    """Make a request of a person of the agency."""

    def request(person: PersonView | None = _PERSON, **query: str) -> HttpRequest:
        made = RequestFactory().get("/", query)
        made.tenant, made.person = at_work, person
        return made

    return request


@pytest.fixture
def allow(monkeypatch) -> Callable[[access.Check], None]:
    """Register who may see what, for one test."""

    def register(check: access.Check) -> None:
        monkeypatch.setattr(access, "_checks", [])
        access.register(check)

    return register


@pytest.fixture(autouse=True)
def transaction_of_the_page(db) -> Iterator[None]:
    """Pages are read in one transaction, which the middleware opens."""
    with transaction.atomic():
        yield


def test_a_page_is_shown_to_whom_the_case_is_visible(stored: StoredFile, ask, allow) -> None:
    owner = Document.objects.get().owner_id
    allow(lambda person, case: (person, case) == (_PERSON, owner))
    answer = views.page_image(ask(), stored.pk, 1)
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("private")


def test_only_few_widths_exist(stored: StoredFile, ask, allow) -> None:
    allow(lambda person, case: True)
    default = views.page_image(ask(), stored.pk, 1).content
    assert views.page_image(ask(rong="99999"), stored.pk, 1).content == default
    assert views.page_image(ask(rong="1640"), stored.pk, 1).content != default


def test_the_original_is_downloaded_never_shown(stored: StoredFile, ask, allow) -> None:
    allow(lambda person, case: True)
    answer = views.download(ask(), stored.pk)
    assert answer.content == storage.path_of(stored.sha256).read_bytes()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Phi%E1%BA%BFu")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_text_of_a_page(stored: StoredFile, ask, allow) -> None:
    allow(lambda person, case: True)
    answer = views.page_text(ask(), stored.pk, 2)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "Trang hai" in answer.content.decode()


@pytest.mark.parametrize("view", [views.page_image, views.page_text])
def test_a_page_that_does_not_exist_is_404(stored: StoredFile, ask, allow, view) -> None:
    allow(lambda person, case: True)
    with pytest.raises(Http404):
        view(ask(), stored.pk, 99)


def _every_view(request: HttpRequest, file_id: UUID) -> Iterator[Callable[[], object]]:
    yield lambda: views.page_image(request, file_id, 1)
    yield lambda: views.page_text(request, file_id, 1)
    yield lambda: views.download(request, file_id)


def test_who_may_not_see_the_case_finds_no_file(stored: StoredFile, ask, allow) -> None:
    allow(lambda person, case: False)
    for view in _every_view(ask(), stored.pk):
        with pytest.raises(Http404):
            view()


def test_nobody_sees_a_file_while_no_check_is_registered(
    stored: StoredFile, ask, monkeypatch
) -> None:
    monkeypatch.setattr(access, "_checks", [])
    for view in _every_view(ask(), stored.pk):
        with pytest.raises(Http404):
            view()


def test_a_stranger_finds_no_file(stored: StoredFile, ask, allow) -> None:
    allow(lambda person, case: True)
    for view in _every_view(ask(person=None), stored.pk):
        with pytest.raises(Http404):
            view()


def test_a_file_of_another_agency_is_not_found(stored: StoredFile, ask, allow) -> None:
    allow(lambda person, case: True)
    other = Tenant.objects.create(slug="so-b", name="Sở B")
    request = ask()
    request.tenant = other
    with tenant_context(other.pk):
        for view in _every_view(request, stored.pk):
            with pytest.raises(Http404):
                view()


def test_addresses() -> None:
    id_ = UUID(int=7)
    assert reverse("documents:page", args=[id_, 3]) == f"/tai-lieu/{id_}/trang/3.webp"
    assert reverse("documents:download", args=[id_]) == f"/tai-lieu/{id_}/tai-ve/"


def test_a_body_that_is_too_large_is_refused_unread(settings) -> None:
    settings.REQUEST_MAX_BYTES = 100
    middleware = UploadSizeMiddleware(lambda request: SimpleNamespace(status_code=200))
    request = RequestFactory().post("/viec/", b"x" * 101, content_type="text/plain")
    answer = middleware(request)
    assert answer.status_code == 413
    assert "quá lớn" in answer.content.decode()
    api = RequestFactory().post("/api/v1/tasks/", b"x" * 101, content_type="text/plain")
    assert middleware(api)["Content-Type"] == "application/json"
    small = RequestFactory().post("/viec/", b"x" * 100, content_type="text/plain")
    assert middleware(small).status_code == 200
