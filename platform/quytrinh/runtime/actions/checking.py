"""Verifying what arrived, whatever its procedure asks: the page shows what is found."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from quytrinh.background.actions import enqueue
from quytrinh.background.notify import inbox_changed
from quytrinh.documents.actions import PDF
from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.runtime.models import Case, CaseViewer
from quytrinh.signing.actions import verify_file
from quytrinh.signing.models import Verification
from quytrinh.tenancy.context import current_tenant_id

CHECK_KIND = "runtime.check"


def check_later(*, case_id: UUID, message_id: UUID) -> None:
    """Have the files that a message brought to a case verified, once it is committed."""
    enqueue(kind=CHECK_KIND, key=f"{CHECK_KIND}:{message_id}", payload={"case_id": str(case_id)})


def check_files(*, case_id: UUID) -> None:
    """Verify the current files of a case that nobody has verified. Call it outside a transaction.

    Each verification is kept by itself: the same file twice is harmless.
    """
    files = _unverified(case_id)
    for file in files:
        verify_file(file)
    if files:
        with transaction.atomic():
            keys = CaseViewer.objects.keys_of(case_id)
        inbox_changed(current_tenant_id(), keys, case_id)


def _unverified(case_id: UUID) -> list[StoredFile]:
    with transaction.atomic():
        case = Case.objects.filter(pk=case_id).first()
        held = case.slots.values() if case else ()
        versions = DocumentVersion.objects.latest_of(
            UUID(document) for documents in held for document in documents
        )
        files = [each.file for each in versions if each.file.media_type == PDF]
        known = Verification.objects.latest_of(file.pk for file in files)
        return [file for file in files if file.pk not in known]
