"""An agency that files belong to, in a store of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import transaction

from quytrinh.documents.actions import attach, receive_upload
from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from quytrinh.tenancy.models import Tenant
from tests.support.pdf import pdf
from tests.support.uploads import pdf_upload

ACTOR = uuid7()


@pytest.fixture(autouse=True)
def store(settings, tmp_path: Path) -> Path:
    """Keep the files of each test apart."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CACHE_ROOT = tmp_path / "cache"
    return tmp_path / "files"


@pytest.fixture
def agency(db) -> Tenant:
    return Tenant.objects.create(slug="so-a", name="Sở A")


@pytest.fixture
def at_work(agency: Tenant) -> Iterator[Tenant]:
    """Work for the agency."""
    with tenant_context(agency.pk):
        yield agency


@pytest.fixture
def stored(at_work: Tenant) -> StoredFile:
    """A file of two pages in a document of some case."""
    return keep(pdf("Kính gửi: Ủy ban", "Trang hai"), owner=uuid7())


def keep(content: bytes, *, owner: UUID, replaces: UUID | None = None) -> StoredFile:
    """Take a file in and attach it to an owner."""
    upload = receive_upload(upload=pdf_upload(content), actor=ACTOR)
    with transaction.atomic():
        document = attach(upload=upload, slot="main", replaces=replaces, owner=owner, actor=ACTOR)
        (version,) = DocumentVersion.objects.latest_of([document])
        return version.file
