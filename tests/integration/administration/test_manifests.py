"""An agency comes from its files: all or nothing, as often as one likes, nothing overwritten."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from quytrinh.administration import actions
from quytrinh.administration.actions import DEMO_PASSWORD
from quytrinh.administration.manifests import read_agency
from quytrinh.documents.models import Register
from quytrinh.organization.models import Unit
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.models import Flow, FlowVersion, Form
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant, TenantHost, User

AGENCIES = ("binh-dinh", "binh-thuan", "dien-bien", "ha-tinh", "quang-binh")
TENANTS = Path(__file__).parents[3] / "tenants"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def tenants(tmp_path: Path) -> Path:
    """A copy of the shipped manifests, to be changed."""
    return shutil.copytree(TENANTS, tmp_path / "tenants")


def said(command: str, *args: str) -> str:
    """Run a command; return what it says."""
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


def versions(slug: str) -> list[tuple[str, int, str]]:
    """Return what versions of the submission slip an agency has."""
    with tenant_context(Tenant.objects.get(slug=slug).pk), transaction.atomic():
        slips = FlowVersion.objects.filter(flow__key="phieu-trinh").order_by("number")
        return list(slips.values_list("flow__key", "number", "state"))


def replace(path: Path, old: str, new: str) -> None:
    """Change a file."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_demo_is_complete_and_doing_it_again_changes_nothing():
    assert "cơ quan mới" in said("demo")
    before = [versions(slug) for slug in ("binh-thuan", "ha-tinh")]
    passwords = list(User.objects.order_by("pk").values_list("password", flat=True))
    again = said("demo").splitlines()
    assert again == [f"{slug}: không có gì mới." for slug in AGENCIES]
    assert [versions(slug) for slug in ("binh-thuan", "ha-tinh")] == before
    assert before == [[("phieu-trinh", 1, VersionState.PROMULGATED)]] * 2
    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == passwords
    # Bình Định has two deputies.
    assert User.objects.count() == 6 * len(AGENCIES) + 1
    assert User.objects.get(username="van-thu.ha-tinh").check_password(DEMO_PASSWORD)


def test_agencies_that_adopt_one_procedure_share_its_definition():
    said("demo")
    digests = set()
    for tenant in Tenant.objects.filter(slug__in=["binh-dinh", "dien-bien", "quang-binh"]):
        with tenant_context(tenant.pk), transaction.atomic():
            slips = FlowVersion.objects.filter(flow__key="phieu-trinh")
            digests |= set(slips.values_list("definition_id", flat=True))
    assert len(digests) == 1


def test_each_demo_agency_has_its_registers_and_all_its_procedures_in_force():
    said("demo")
    for slug in AGENCIES:
        with tenant_context(Tenant.objects.get(slug=slug).pk), transaction.atomic():
            books = Register.objects.order_by("key").values_list("key", "book")
            assert set(books) >= {("den", "incoming"), ("di", "outgoing")}
            declared = {flow.key for flow in read_agency(TENANTS / slug).flows}
            in_force = set(FlowVersion.objects.in_force().values_list("flow__key", flat=True))
            assert in_force >= {"van-ban-den", "van-ban-di", "phieu-trinh"}
            # The others begin by what this version cannot run yet, and wait as drafts.
            waiting = FlowVersion.objects.filter(flow__key__in=declared - in_force)
            assert {each.state for each in waiting} <= {VersionState.DRAFT}
            assert in_force | {each.flow.key for each in waiting} == declared


def test_procedure_of_the_library_is_taken_over_under_the_agencys_key(tenants):
    manifest = tenants / "ha-tinh" / "tenant.yaml"
    replace(manifest, "  nghi-phep: nghi-phep", "  xin-nghi: nghi-phep")
    said("tenant", "apply", str(tenants / "ha-tinh"))
    with tenant_context(Tenant.objects.get(slug="ha-tinh").pk), transaction.atomic():
        draft = FlowVersion.objects.get(flow__key="xin-nghi")
        assert draft.source.count("flow: xin-nghi") == 1
        assert Form.objects.filter(key="don-nghi-phep").exists()
        assert not Form.objects.filter(key="tai-khoan").exists()


@pytest.mark.parametrize(
    ("adopted", "told"),
    [
        ("nghi-phep: nghi-phe", "có phải `nghi-phep`"),
        ("phieu-trinh: phieu-trinh", "Cơ quan đã có quy trình `phieu-trinh`"),
    ],
)
def test_what_cannot_be_taken_over_is_told(tenants, adopted, told):
    replace(tenants / "ha-tinh" / "tenant.yaml", "nghi-phep: nghi-phep", adopted)
    with pytest.raises(CommandError, match=told):
        said("tenant", "apply", str(tenants / "ha-tinh"))


def test_register_without_a_way_to_write_its_numbers_is_refused(tenants):
    manifest = tenants / "binh-thuan" / "tenant.yaml"
    replace(manifest, '    pattern: "{number}/{type}-{agency}"\n', "")
    with pytest.raises(CommandError, match="pattern"):
        said("tenant", "apply", str(tenants / "binh-thuan"))


@pytest.mark.parametrize("pattern", ["{type}-{agency}", "{number}/{secret}", "{number}{number}"])
def test_pattern_of_numbers_has_the_number_once_and_known_places_only(tenants, pattern):
    manifest = tenants / "binh-thuan" / "tenant.yaml"
    replace(manifest, '"{number}/{type}-{agency}"', f'"{pattern}"')
    with pytest.raises(CommandError, match="không hợp lệ"):
        said("tenant", "apply", str(tenants / "binh-thuan"))


@pytest.mark.parametrize("stage", ["add_missing", "_save_drafts", "promulgate", "save_form"])
def test_demo_cut_short_is_completed_by_the_next_run(monkeypatch, stage):
    calls = []
    whole = getattr(actions, stage)

    def cut_short(*args, **kwargs):
        calls.append(stage)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return whole(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(actions, stage, cut_short)
        with pytest.raises(KeyboardInterrupt):
            said("demo")
    said("demo")
    for slug in ("binh-thuan", "ha-tinh"):
        assert versions(slug) == [("phieu-trinh", 1, VersionState.PROMULGATED)]


def test_demo_is_refused_outside_demo_mode(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="chế độ demo"):
        said("demo")
    assert not Tenant.objects.exists()


def test_preview_says_what_would_come_and_leaves_nothing(tenants):
    assert "6 người" in said("tenant", "apply", "--dry-run", str(tenants / "binh-thuan"))
    assert not Tenant.objects.exists()
    assert not User.objects.exists()


def test_changed_flow_becomes_a_new_draft_and_the_version_in_force_stays(tenants):
    said("demo", "--tenants", str(tenants))
    flow = tenants / "binh-thuan" / "flows" / "phieu-trinh.yaml"
    replace(flow, "label: Trình duyệt", "label: Trình lãnh đạo")
    folder = str(tenants / "binh-thuan")
    assert "bản nháp quy trình: phieu-trinh" in said("tenant", "apply", folder)
    assert "không có gì mới" in said("tenant", "apply", folder)
    assert versions("binh-thuan") == [
        ("phieu-trinh", 1, VersionState.PROMULGATED),
        ("phieu-trinh", 2, VersionState.DRAFT),
    ]


def test_changed_comment_is_no_change(tenants):
    said("demo", "--tenants", str(tenants))
    flow = tenants / "binh-thuan" / "flows" / "phieu-trinh.yaml"
    flow.write_text("# một lời bình\n" + flow.read_text())
    assert "không có gì mới" in said("tenant", "apply", str(tenants / "binh-thuan"))


def test_changed_form_replaces_the_form_and_makes_a_new_draft(tenants):
    said("demo", "--tenants", str(tenants))
    replace(tenants / "binh-thuan" / "forms" / "y-kien.yaml", "maxLength: 2000", "maxLength: 1500")
    told = said("tenant", "apply", str(tenants / "binh-thuan"))
    assert "biểu mẫu: y-kien" in told
    assert "bản nháp quy trình: phieu-trinh" in told


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("tenant.yaml", "tenant: binh-thuan", "tenant: Bình Thuận"),
        ("organization.yaml", "position: truong-phong", "position: truong-phog"),
        ("forms/y-kien.yaml", "type: object", "type: objekt"),
        ("flows/phieu-trinh.yaml", "by: clerk", "by: clark"),
        ("flows/phieu-trinh.yaml", "form: luu-ho-so", "form: khong-co"),
    ],
)
def test_broken_file_is_refused_with_its_place_and_nothing_is_half_done(tenants, file, old, new):
    path = tenants / "binh-thuan" / file
    line = path.read_text().partition(old)[0].count("\n") + 1
    replace(path, old, new)
    with pytest.raises(CommandError) as refusal:
        said("tenant", "apply", str(tenants / "binh-thuan"))
    assert f"{path}:{line}:" in str(refusal.value)
    assert "lỗi F" in str(refusal.value)
    assert refusal.value.returncode == 1
    assert not Tenant.objects.exists()


def test_organization_of_another_agency_is_refused(tenants):
    replace(
        tenants / "binh-thuan" / "organization.yaml", "organization: binh-thuan", "organization: x"
    )
    with pytest.raises(CommandError, match="không phải “binh-thuan”"):
        said("tenant", "apply", str(tenants / "binh-thuan"))


def test_broken_bytes_are_refused(tenants):
    (tenants / "binh-thuan" / "flows" / "phieu-trinh.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="lỗi F"):
        said("tenant", "apply", str(tenants / "binh-thuan"))


def test_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"tenant\.yaml"):
        said("tenant", "apply", str(tmp_path))


def test_parent_is_applied_before_its_units_and_must_be_known(tenants):
    child = tenants / "ha-tinh"
    replace(child / "tenant.yaml", "demo: true", "demo: true\nparent: binh-thuan\nhosts: [ht.vn]")
    with pytest.raises(CommandError, match="cơ quan cấp trên"):
        said("tenant", "apply", str(child))
    said("tenant", "apply", str(child), str(tenants / "binh-thuan"))
    assert Tenant.objects.get(slug="ha-tinh").parent.slug == "binh-thuan"
    assert TenantHost.objects.get(host="ht.vn").tenant.slug == "ha-tinh"


def test_living_organization_is_not_overwritten(tenants):
    said("demo", "--tenants", str(tenants))
    tenant = Tenant.objects.get(slug="binh-thuan")
    with tenant_context(tenant.pk), transaction.atomic():
        before = (Flow.objects.count(), Form.objects.count())
        Unit.objects.filter(key="van-phong").update(name="Văn phòng Sở")
    said("tenant", "apply", str(tenants / "binh-thuan"))
    with tenant_context(tenant.pk), transaction.atomic():
        assert Unit.objects.get(key="van-phong").name == "Văn phòng Sở"
        assert (Flow.objects.count(), Form.objects.count()) == before
