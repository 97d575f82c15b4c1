"""An agency written to files can be brought back from them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from quytrinh.administration.manifests import AgencyFiles, read_agency
from quytrinh.language.manifest import OrganizationManifest, RegisterDeclaration, TenantManifest
from quytrinh.runtime.models import FlowVersion
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant
from tests.integration.administration.test_manifests import TENANTS, said
from tests.integration.administration.test_manifests import replace as replace_in
from tests.integration.runtime.test_submission import FLOW

pytestmark = pytest.mark.django_db(transaction=True)


def comparable(files: AgencyFiles) -> tuple[object, ...]:
    """What files say, without what no agency keeps.

    That is demo, where procedures come from, the order of roles and symbols.
    """
    organization = files.organization
    assert organization is not None
    return (
        replace(files.tenant, demo=False, adopts=(), registers=_symbols_sorted(files.tenant)),
        _roles_sorted(organization),
        {(each.key, each.digest) for each in (*files.forms, *files.flows)},
        {(each.key, tuple(each.settings.items())) for each in files.flows},
    )


def _symbols_sorted(tenant: TenantManifest) -> tuple[RegisterDeclaration, ...]:
    return tuple(replace(each, units=tuple(sorted(each.units))) for each in tenant.registers)


def _roles_sorted(organization: OrganizationManifest) -> OrganizationManifest:
    people = tuple(replace(each, roles=tuple(sorted(each.roles))) for each in organization.people)
    return replace(organization, people=people)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An agency's files, with a flow that has settings and a value of one of them."""
    copied = shutil.copytree(TENANTS / "ha-tinh", tmp_path / "ha-tinh")
    (copied / "flows" / "xin-xe.yaml").write_text(FLOW)
    with (copied / "tenant.yaml").open("a") as manifest:
        manifest.write("  xin-xe: {within: 4h}\n")
    return copied


def test_exported_files_say_what_was_applied(folder: Path, tmp_path: Path) -> None:
    said("tenant", "apply", str(folder))
    said("tenant", "export", "ha-tinh", str(tmp_path / "out"))
    assert comparable(read_agency(tmp_path / "out")) == comparable(read_agency(folder))
    assert said("tenant", "apply", str(tmp_path / "out")).strip() == "ha-tinh: không có gì mới."


def test_changed_value_of_a_setting_is_a_new_draft(folder: Path) -> None:
    said("tenant", "apply", str(folder))
    replace_in(folder / "tenant.yaml", "within: 4h", "within: 6h")
    assert "xin-xe" in said("tenant", "apply", str(folder))
    with tenant_context(Tenant.objects.get(slug="ha-tinh").pk), transaction.atomic():
        drafts = FlowVersion.objects.filter(flow__key="xin-xe").order_by("number")
        found = list(drafts.values_list("number", "settings"))
    assert found == [(1, {"within": ["4h"]}), (2, {"within": ["6h"]})]


@pytest.mark.parametrize(
    ("wrong", "said_of_it"),
    [
        ("xin-xe: {within: soon}", "soon"),
        ("xin-xe: {withn: 4h}", "within"),
        ("xin-xy: {within: 4h}", "xin-xe"),
    ],
)
def test_wrong_settings_are_told_at_their_place(folder: Path, wrong: str, said_of_it: str) -> None:
    replace_in(folder / "tenant.yaml", "xin-xe: {within: 4h}", wrong)
    with pytest.raises(CommandError, match=said_of_it):
        call_command("tenant", "apply", str(folder))
    assert not Tenant.objects.exists()


def test_nothing_is_overwritten(folder: Path, tmp_path: Path) -> None:
    said("tenant", "apply", str(folder))
    with pytest.raises(CommandError, match="không trống"):
        said("tenant", "export", "ha-tinh", str(folder))
    with pytest.raises(CommandError, match="khong-co"):
        said("tenant", "export", "khong-co", str(tmp_path / "out"))
