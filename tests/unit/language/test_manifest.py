"""The files of an agency."""

from __future__ import annotations

from quytrinh.language.manifest import (
    Adoption,
    OrganizationManifest,
    PersonEntry,
    PositionEntry,
    PostEntry,
    TenantManifest,
    UnitEntry,
    check_manifest,
)

TENANT = """\
quytrinh: 1
tenant: so-noi-vu
name: Sở Nội vụ
parent: tinh
hosts: [so-noi-vu.localhost]
demo: true
adopts: {van-ban-den: xu-ly-van-ban-den}
"""
ORGANIZATION = """\
quytrinh: 1
organization: so-noi-vu
units:
  lanh-dao: {name: Lãnh đạo Sở}
  van-phong: {name: Văn phòng, parent: lanh-dao}
  phong-moi: Phòng mới
positions:
  giam-doc: {name: Giám đốc}
  chuyen-vien: Chuyên viên
people:
  an.nv:
    name: Nguyễn Văn An
    posts: [{unit: lanh-dao, position: giam-doc, head: true}]
    roles: [thu-truong]
  binh.tt: {name: Trần Thị Bình, posts: [{unit: van-phong, position: chuyen-vien}]}
"""


def test_a_tenant_is_read() -> None:
    result = check_manifest(TENANT, "tenant.yaml")
    assert result.ok
    assert result.manifest == TenantManifest(
        slug="so-noi-vu",
        name="Sở Nội vụ",
        parent="tinh",
        hosts=("so-noi-vu.localhost",),
        demo=True,
        adopts=(Adoption("van-ban-den", "xu-ly-van-ban-den"),),
    )


def test_only_the_name_is_needed() -> None:
    result = check_manifest("quytrinh: 1\ntenant: a\nname: A\n", "tenant.yaml")
    assert result.manifest == TenantManifest(slug="a", name="A")


def test_an_organization_is_read_in_order() -> None:
    result = check_manifest(ORGANIZATION, "organization.yaml")
    assert result.diagnostics == ()
    assert result.manifest == OrganizationManifest(
        slug="so-noi-vu",
        units=(
            UnitEntry("lanh-dao", "Lãnh đạo Sở"),
            UnitEntry("van-phong", "Văn phòng", "lanh-dao"),
            UnitEntry("phong-moi", "Phòng mới"),
        ),
        positions=(
            PositionEntry("giam-doc", "Giám đốc"),
            PositionEntry("chuyen-vien", "Chuyên viên"),
        ),
        people=(
            PersonEntry(
                "an.nv",
                "Nguyễn Văn An",
                (PostEntry("lanh-dao", "giam-doc", head=True),),
                ("thu-truong",),
            ),
            PersonEntry("binh.tt", "Trần Thị Bình", (PostEntry("van-phong", "chuyen-vien"),)),
        ),
    )


def test_a_broken_manifest_is_not_given_out() -> None:
    result = check_manifest(ORGANIZATION.replace("unit: van-phong", "unit: van-fong"), "o.yaml")
    assert result.manifest is None
    (found,) = result.diagnostics
    assert (found.code, found.span.line, found.hint) == ("F011", 15, "có phải `van-phong`?")
