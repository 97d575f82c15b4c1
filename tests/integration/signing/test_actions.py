"""Documents of an agency: prepared, signed, sealed and verified by steps; once each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import transaction

from quytrinh.documents import storage
from quytrinh.documents.actions import ReceivedUpload, attach
from quytrinh.documents.models import DocumentVersion
from quytrinh.organization.directory import directory
from quytrinh.signing import actions, demo, facts, plugins, trust_services
from quytrinh.signing.exceptions import SigningRefused
from quytrinh.signing.facts import DocumentFacts
from quytrinh.signing.models import SignatureRecord, TrustAnchor, Verification
from quytrinh.signing.steps import PrepareStep, SealStep, SignStep, VerifyStep
from quytrinh.spi import SigningRegistry, StepFailed, StepRequest
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.support.agencies import Agencies, Agency
from tests.support.signing import Authority, authority, decision

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once("postgresql")]


@pytest.fixture
def office(agencies: Agencies, settings, monkeypatch) -> Iterator[Agency]:
    """An agency whose head has a key, with the demo authority of this run."""
    home: Authority = authority("office")
    settings.KEYS_ROOT = home.pki.passphrase_file.parent
    settings.SIGNATURE_IMAGES = settings.KEYS_ROOT / "images"
    registry = SigningRegistry([home.plugin])
    monkeypatch.setattr(actions, "registry", lambda: registry)
    monkeypatch.setattr("quytrinh.signing.steps.registry", lambda: registry)
    trust_services.trust_services.cache_clear()
    plugins.registry.cache_clear()
    monkeypatch.setattr(facts, "_lookups", [])
    agency = next(iter(agencies))
    with tenant_context(agency.tenant.pk):
        demo.equip(agency.tenant, {leader(): "Nguyễn Hữu Thế"})
        yield agency
    trust_services.trust_services.cache_clear()


def leader() -> UUID:
    """The head of the agency at work."""
    with transaction.atomic():
        return directory().holders("role:thu-truong")[0]


def new_document(content: bytes) -> UUID:
    """A document of some case."""
    with transaction.atomic():
        with storage.incoming([content], limit=10**8) as blob:
            storage.keep(blob)
        upload = ReceivedUpload(blob.sha256, blob.size, 1, "du-thao.pdf", uuid7())
        return attach(upload=upload, slot="main", replaces=None, owner=uuid7(), actor=upload.actor)


def request_for(document: UUID, **given) -> StepRequest:
    defaults = {
        "request_id": str(uuid7()),
        "case_id": str(uuid7()),
        "case_code": "1",
        "step": "sign",
        "documents": {"main": [str(document)]},
        "actor": str(leader()),
    }
    return StepRequest(**{**defaults, **given})


def versions_of(document: UUID) -> list[DocumentVersion]:
    with transaction.atomic():
        found = DocumentVersion.objects.filter(document=document).order_by("number")
        return list(found.select_related("file"))


def know_number(document: UUID) -> None:
    """What the register tells once the document has its number."""
    known = DocumentFacts("866", "QĐ-UBND", date(2026, 11, 22))
    facts.register(lambda asked: known if asked == document else None)


def test_number_sign_seal(office: Agency) -> None:
    document = new_document(decision())
    know_number(document)
    assert PrepareStep().run(request_for(document, actor=None)).outcome == "prepared"
    assert SignStep().run(request_for(document)).outcome == "signed"
    assert SealStep().run(request_for(document)).outcome == "sealed"
    assert VerifyStep().run(request_for(document)).outcome == "valid"
    versions = versions_of(document)
    contents = [storage.path_of(each.file.sha256).read_bytes() for each in versions]
    assert len(versions) == 4
    assert all(after.startswith(before) for before, after in pairwise(contents))
    with transaction.atomic():
        records = list(SignatureRecord.objects.order_by("pk"))
        assert [each.mark for each in records] == ["person", "seal"]
        assert records[0].sha256_before == versions[1].file.sha256
        assert records[0].sha256_after == versions[2].file.sha256
        assert {each.level for each in records} == {"B-LT"}


def test_sign_number_seal(office: Agency) -> None:
    document = new_document(decision())
    assert SignStep().run(request_for(document)).outcome == "signed"
    with pytest.raises(StepFailed) as waits:
        SealStep().run(request_for(document))
    assert "chưa có số" in waits.value.message
    know_number(document)
    layout = {"layout": "ha-tinh-33-2019"}
    assert SealStep().run(request_for(document, parameters=layout)).outcome == "sealed"
    assert VerifyStep().run(request_for(document)).outcome == "valid"
    with transaction.atomic():
        fields = set(SignatureRecord.objects.values_list("field", flat=True))
    assert fields == {"ChuKyNguoiKy", "SoKyHieu", "NgayThangNam", "DauCoQuan"}


def test_a_repeated_request_signs_once(office: Agency) -> None:
    document = new_document(decision())
    asked = request_for(document)
    first, second = SignStep().run(asked), SignStep().run(asked)
    assert first == second
    assert len(versions_of(document)) == 2


def test_a_version_that_came_in_between_is_not_overtaken(office: Agency, monkeypatch) -> None:
    document = new_document(decision())
    signing = actions.core.sign

    def slow(pdf: bytes, **given):
        with transaction.atomic():
            version = versions_of(document)[-1]
            upload = ReceivedUpload(version.file.sha256, 1, 1, "moi.pdf", uuid7())
            attach(upload=upload, slot="main", replaces=document,
                   owner=version.document.owner_id, actor=upload.actor)  # fmt: skip
        return signing(pdf, **given)

    monkeypatch.setattr(actions.core, "sign", slow)
    with pytest.raises(StepFailed) as refused:
        SignStep().run(request_for(document))
    assert refused.value.retryable
    with transaction.atomic():
        assert not SignatureRecord.objects.exists()
    assert len(versions_of(document)) == 2


def test_who_has_no_key_is_named(office: Agency) -> None:
    document = new_document(decision())
    with transaction.atomic():
        clerk = directory().holders("role:van-thu")[0]
        name = directory().name_of(clerk)
    with pytest.raises(StepFailed) as refused:
        SignStep().run(request_for(document, actor=str(clerk)))
    assert name in refused.value.message


def test_an_unsigned_document_is_told(office: Agency) -> None:
    result = VerifyStep().run(request_for(new_document(decision())))
    assert result.outcome == "unsigned"
    assert result.outputs["verdict"] == "KHÔNG CÓ CHỮ KÝ"
    assert result.outputs["reason"]


def test_findings_are_kept(office: Agency) -> None:
    document = new_document(decision())
    VerifyStep().run(request_for(document))
    with transaction.atomic():
        file = versions_of(document)[-1].file
        assert Verification.objects.latest_of([file.pk])[file.pk].found.verdict == "unsigned"


def test_an_agency_trusts_whom_it_chose(office: Agency) -> None:
    document = new_document(decision())
    SignStep().run(request_for(document))
    with transaction.atomic():
        TrustAnchor.objects.all().delete()
    result = VerifyStep().run(request_for(document))
    assert result.outcome == "undetermined"
    assert "chưa tin cậy" in result.outputs["reason"]


def test_trust_is_added_once(office: Agency) -> None:
    demo.equip(office.tenant, {})
    with transaction.atomic():
        assert TrustAnchor.objects.count() == 1


def test_equipping_again_changes_nothing(office: Agency, settings) -> None:
    kept = {path: path.stat().st_mtime_ns for path in settings.KEYS_ROOT.rglob("*.p*")}
    demo.equip(office.tenant, {leader(): "Nguyễn Hữu Thế"})
    assert {path: path.stat().st_mtime_ns for path in settings.KEYS_ROOT.rglob("*.p*")} == kept


def test_nothing_is_kept_when_the_service_is_silent(office: Agency, monkeypatch) -> None:
    document = new_document(decision())

    def silent(*args, **kwargs):
        raise SigningRefused("tsa_silent")

    monkeypatch.setattr(actions.core, "sign", silent)
    with pytest.raises(StepFailed) as waits:
        SignStep().run(request_for(document))
    assert waits.value.retryable
    assert len(versions_of(document)) == 1


def test_set_up_gives_everyone_in_the_demonstration_a_key(office: Agency, capsys) -> None:
    with transaction.atomic():
        everyone = list(directory().people)
    with tenant_context(None):
        call_command("demo_keys")
    plugin = actions.registry().get("pkcs12")
    assert all(plugin.credentials(office.slug, f"person:{person}") for person in everyone)
    assert plugin.credentials(office.slug, "organisation")
