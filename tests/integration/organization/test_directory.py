"""The directory of an agency: few queries, kept until something changes, never another's."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from quytrinh.language.manifest import OrganizationManifest, check_manifest
from quytrinh.organization.actions import add_missing, organization_changed
from quytrinh.organization.directory import directory, person_of_user
from quytrinh.organization.models import Person, Post, Unit
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.exceptions import TenantContextMissing
from quytrinh.tenancy.models import Membership, Tenant, User

TENANTS = Path(__file__).parents[3] / "tenants"


def manifest_of(slug: str) -> OrganizationManifest:
    """Read the manifest of a demo agency."""
    file = TENANTS / slug / "organization.yaml"
    manifest = check_manifest(file.read_text(), str(file)).manifest
    assert isinstance(manifest, OrganizationManifest)
    return manifest


def new_agency(slug: str) -> Tenant:
    """Create a demo agency and its people."""
    tenant = create_tenant(slug=slug, name=slug)
    with tenant_context(tenant.pk):
        add_missing(manifest=manifest_of(slug))
    return tenant


@pytest.fixture
def agency(transactional_db: None) -> Tenant:
    """The demo agency of Bình Thuận."""
    return new_agency("binh-thuan")


def test_people_of_the_manifest_hold_what_it_says(agency):
    with tenant_context(agency.pk):
        people = directory()
        officer, head, clerk = (
            person_of_user(User.objects.get(username=f"{login}.binh-thuan").pk)
            for login in ("chuyen-vien", "truong-phong", "van-thu")
        )
    assert len(people.people) == 6
    assert list(people.units) == ["ban-giam-doc", "van-phong", "phong-nghiep-vu"]
    assert people.unit("van-phong").parent == "ban-giam-doc"
    assert officer.unit == "phong-nghiep-vu"
    assert people.holders("unit:phong-nghiep-vu/head") == (head.id,)
    assert clerk.is_clerk
    assert people.position_name_of(clerk.id) == "Văn thư"
    assert [person.is_agency_head for person in people.people.values()].count(True) == 1


def test_directory_is_built_once_and_kept(agency):
    with tenant_context(agency.pk):
        version = Tenant.objects.get(pk=agency.pk).organization_version
        first = directory(version)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert directory(version) is first
        assert len(captured) == 0
        with CaptureQueriesContext(connection) as captured:
            assert directory() is first
        assert len(captured) == 1


def test_change_is_seen_at_once(agency):
    with tenant_context(agency.pk):
        clerk = directory().holders("role:van-thu")[0]
        with transaction.atomic():
            Post.objects.filter(person_id=clerk).delete()
            organization_changed()
        assert directory().unit_of(clerk) is None


def test_rolled_back_change_is_never_served(agency):
    with tenant_context(agency.pk):
        clerk = directory().holders("role:van-thu")[0]
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            Post.objects.filter(person_id=clerk).delete()
            organization_changed()
            assert directory().unit_of(clerk) is None
            raise ZeroDivisionError
        with transaction.atomic():
            organization_changed()
        assert directory().unit_of(clerk) == "van-phong"


def test_agencies_do_not_see_each_other(agency):
    other = new_agency("ha-tinh")
    with tenant_context(agency.pk):
        ours = set(directory().people)
    with tenant_context(other.pk):
        assert not ours & set(directory().people)
        user = User.objects.get(username="van-thu.binh-thuan")
        assert person_of_user(user.pk) is None
    with pytest.raises(TenantContextMissing):
        directory()


def test_manifest_applied_again_adds_nothing_and_keeps_what_the_agency_changed(agency):
    with tenant_context(agency.pk), transaction.atomic():
        Unit.objects.filter(key="van-phong").update(name="Văn phòng Sở")
        Person.objects.filter(staff_code="van-thu.binh-thuan").update(full_name="Người Khác")
    with tenant_context(agency.pk):
        assert not add_missing(manifest=manifest_of("binh-thuan"))
        assert directory(0).unit("van-phong").name == "Văn phòng Sở"
    assert Membership.objects.filter(tenant=agency).count() == 6


def test_new_logins_have_no_password(agency):
    assert not User.objects.get(username="van-thu.binh-thuan").has_usable_password()
