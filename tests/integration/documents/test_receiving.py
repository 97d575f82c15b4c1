"""Taking files in: what is kept, what is refused, and that a refusal leaves nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from quytrinh.documents import storage
from quytrinh.documents.actions import attach, receive_upload
from quytrinh.documents.exceptions import UploadRefused
from quytrinh.documents.models import Document, DocumentVersion, StoredFile
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.exceptions import TenantContextMissing
from quytrinh.tenancy.ids import uuid7
from quytrinh.tenancy.models import Tenant
from tests.integration.documents.conftest import ACTOR, keep
from tests.support.pdf import pdf
from tests.support.uploads import pdf_upload


def _files(store: Path) -> list[Path]:
    return [path for path in store.rglob("*") if path.is_file()]


def test_the_bytes_are_kept_under_their_digest(at_work: Tenant, store: Path) -> None:
    content = pdf("một", "hai", "ba")
    received = receive_upload(upload=pdf_upload(content), actor=ACTOR)
    assert received.sha256 == hashlib.sha256(content).hexdigest()
    assert (received.pages, received.size) == (3, len(content))
    (path,) = _files(store)
    assert path == storage.path_of(received.sha256)
    assert path.read_bytes() == content


def test_the_same_content_twice_is_one_file(at_work: Tenant, store: Path) -> None:
    content = pdf()
    for name in ("a.pdf", "b.pdf"):
        receive_upload(upload=pdf_upload(content, name), actor=ACTOR)
    assert len(_files(store)) == 1


def test_two_agencies_keep_the_same_content_apart(at_work: Tenant, store: Path) -> None:
    other = Tenant.objects.create(slug="so-b", name="Sở B")
    content = pdf()
    receive_upload(upload=pdf_upload(content), actor=ACTOR)
    with tenant_context(other.pk):
        receive_upload(upload=pdf_upload(content), actor=ACTOR)
    assert len(_files(store)) == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "not_pdf"),
        (b"PK\x03\x04 a zipped document", "not_pdf"),
        (b"%PDF-1.7\nnothing of the kind", "broken"),
        (pdf("dài")[:400], "broken"),
        (pdf(password="bi-mat"), "encrypted"),
        (pdf(*["x"] * 301), "too_many_pages"),
        (b"%PDF-" + b"x" * 70_000, "too_large"),
    ],
)
def test_a_refusal_leaves_nothing_behind(
    at_work: Tenant, store: Path, settings, content: bytes, code: str
) -> None:
    settings.UPLOAD_MAX_BYTES = 70_000 if code == "too_large" else 10_000_000
    with pytest.raises(UploadRefused) as refused:
        receive_upload(upload=pdf_upload(content), actor=ACTOR)
    assert refused.value.code == code
    assert refused.value.message
    assert "%(" not in refused.value.message
    assert _files(store) == []


@pytest.mark.django_db
def test_no_file_is_taken_in_for_no_agency() -> None:
    with pytest.raises(TenantContextMissing):
        receive_upload(upload=pdf_upload(pdf()), actor=ACTOR)


def test_a_corrected_file_is_a_new_version_of_the_document(at_work: Tenant) -> None:
    owner = uuid7()
    first = keep(pdf("bản một"), owner=owner)
    with transaction.atomic():
        document = Document.objects.get(owner_id=owner)
    second = keep(pdf("bản hai"), owner=owner, replaces=document.pk)
    with transaction.atomic():
        versions = DocumentVersion.objects.filter(document=document).order_by("number")
        assert [(v.number, v.file_id) for v in versions] == [(1, first.pk), (2, second.pk)]
        (latest,) = DocumentVersion.objects.latest_of([document.pk])
        assert latest.file == second
    assert first.original_name == "Phiếu trình.pdf"


def test_the_document_of_another_case_cannot_be_replaced(at_work: Tenant) -> None:
    keep(pdf(), owner=uuid7())
    upload = receive_upload(upload=pdf_upload(pdf("khác")), actor=ACTOR)
    with transaction.atomic():
        theirs = Document.objects.get()
        with pytest.raises(Document.DoesNotExist):
            attach(upload=upload, slot="main", replaces=theirs.pk, owner=uuid7(), actor=ACTOR)


def test_latest_versions_come_in_the_order_asked(at_work: Tenant) -> None:
    owner = uuid7()
    for text in ("a", "b", "c"):
        keep(pdf(text), owner=owner)
    with transaction.atomic():
        ids = list(Document.objects.values_list("pk", flat=True))[::-1]
        assert [v.document_id for v in DocumentVersion.objects.latest_of(ids)] == ids


def test_a_stored_file_cannot_be_changed(stored: StoredFile) -> None:
    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        StoredFile.objects.update(sha256="0" * 64)
