"""The editor: a procedure declared step by step, without a line of YAML typed."""

from __future__ import annotations

import hashlib

import pytest
from django.http import HttpResponse

from quytrinh.runtime.models import FlowVersion
from tests.support.agencies import Agencies, Agency

pytestmark = pytest.mark.django_db


class Editing:
    """The editor of one draft, as somebody's browser without scripts uses it."""

    def __init__(self, here: Agency, address: str, who: str = "giam-doc") -> None:
        self.here, self.address = here, address
        self.client = here.client(who)

    @property
    def source(self) -> str:
        """The text as it is kept."""
        with self.here.at_work():
            return FlowVersion.objects.get(pk=self.address.rstrip("/").split("/")[-2]).source

    @property
    def base(self) -> str:
        return hashlib.sha256(self.source.encode()).hexdigest()

    def post(self, op: str, **entered: str) -> HttpResponse:
        entered = entered if "base" in entered else {"base": self.base, **entered}
        return self.client.post(self.address, {"op": op, "_agency": self.here.slug, **entered})

    def do(self, op: str, **entered: str) -> str:
        """Do an operation that is not refused; return the step looked at then."""
        answer = self.post(op, **entered)
        assert answer.status_code == 302, answer.context["refused"].message
        return answer["Location"].partition("buoc=")[2]

    def page(self, step: str = "") -> HttpResponse:
        return self.client.get(self.address, {"buoc": step})


@pytest.fixture
def here(agencies: Agencies) -> Agency:
    """The agency of these tests."""
    return agencies.binh_thuan


@pytest.fixture
def editing(here: Agency) -> Editing:
    """A new procedure about an outgoing document."""
    entered = {"name": "Văn bản đi thử", "document": "outgoing", "_agency": here.slug}
    answer = here.client("giam-doc").post("/quy-trinh/ban-nhap/moi/", entered)
    assert answer.status_code == 302
    return Editing(here, answer["Location"])


STEPS = (
    ("documents.draft", "nguoi_lap"),
    ("documents.check_content", "phu_trach"),
    ("documents.approve", "lanh_dao"),
    ("documents.number", "van_thu"),
    ("signing.sign", "lanh_dao"),
    ("signing.seal", "van_thu"),
)


def six_steps(editing: Editing) -> None:
    """Add the steps of an outgoing document, each after the one before."""
    step = ""
    for kind, role in STEPS:
        step = editing.do("insert", kind=kind, role=role, step=step)


def test_six_steps_added_one_by_one_have_no_errors(editing: Editing) -> None:
    """Nobody types YAML: name, work and role are picked, the way back comes with the work."""
    six_steps(editing)
    page = editing.page()
    assert [each.diagnostic for each in page.context["sheet"].findings if each.step == ""] == []
    assert page.context["sheet"].errors == 0
    assert [row.name for row in page.context["sheet"].rows][:2] == [
        "Soạn dự thảo",
        "Kiểm tra nội dung",
    ]
    assert "<svg" in page.content.decode()


def test_a_deadline_is_set_in_words_and_taken_back_byte_for_byte(editing: Editing) -> None:
    six_steps(editing)
    before = editing.source
    editing.do("step", step="phe_duyet", **{"due-amount": "2", "due-unit": "d"} | LEVELS)
    assert "due: 2d" in editing.source
    editing.do("undo")
    assert editing.source == before
    editing.do("redo")
    assert "due: 2d" in editing.source


LEVELS = {
    f"due-{level}-{part}": ""
    for level in ("urgent", "very_urgent", "flash")
    for part in ("amount", "unit")
}


def test_an_edit_of_an_outdated_text_is_refused_and_what_was_entered_is_shown(
    editing: Editing,
) -> None:
    """Both versions are kept: the one that was saved, and what this person entered."""
    old = editing.base
    editing.do("insert", kind="documents.draft", role="nguoi_lap")
    kept = editing.source
    answer = editing.post("insert", kind="human", name="Việc của tôi", role="van_thu", base=old)
    assert answer.status_code == 409
    assert "Việc của tôi" in answer.content.decode()
    assert editing.source == kept


def test_a_step_others_point_to_is_deleted_only_with_a_repair(editing: Editing) -> None:
    six_steps(editing)
    answer = editing.post("delete", step="soan_du_thao")
    assert answer.status_code == 422
    assert "kiem_tra_noi_dung" in answer.context["refused"].places
    editing.do("delete", step="soan_du_thao", repair="1")
    assert "soan_du_thao" not in editing.source


def test_a_broken_text_is_kept_and_told(editing: Editing) -> None:
    """YAML pasted that cannot be read: the page stands, the text stays, undo brings it back."""
    before = editing.source
    editing.do("rewrite", source="a: [b")
    page = editing.page()
    assert not page.context["sheet"].readable
    assert "a: [b" in page.content.decode()
    editing.do("undo")
    assert editing.source == before


def test_a_misspelt_name_is_mended_by_one_click(editing: Editing) -> None:
    six_steps(editing)
    broken = editing.source.replace("return_to: soan_du_thao", "return_to: soan_du_tho", 1)
    editing.do("rewrite", source=broken)
    (finding, *_rest) = editing.page().context["sheet"].findings
    assert finding.fixes
    editing.do("fix", fix=f"{finding.number}-0")
    assert editing.page().context["sheet"].errors == 0


def test_a_role_in_use_is_not_deleted(editing: Editing) -> None:
    six_steps(editing)
    answer = editing.post("delete-role", role="van_thu")
    assert answer.status_code == 422
    assert "Cấp số, ngày" in answer.context["refused"].message


def test_lanes_show_who_would_receive_the_work_today(editing: Editing) -> None:
    roles = {role.id: role for role in editing.page().context["roles"]}
    assert roles["lanh_dao"].today
    assert roles["nguoi_lap"].open


def test_a_draft_of_another_agency_is_not_found(editing: Editing, agencies: Agencies) -> None:
    other = Editing(agencies.ha_tinh, editing.address)
    assert other.page().status_code == 404
    assert other.post("undo", base="x" * 64).status_code == 404
    assert other.post("delete", base="x" * 64, step="a").status_code == 404


def test_others_do_not_enter(editing: Editing) -> None:
    assert Editing(editing.here, editing.address, "chuyen-vien").page().status_code == 403


def test_a_step_is_moved_up_and_deleted(editing: Editing) -> None:
    six_steps(editing)
    editing.do("move", step="phe_duyet", by="-1")
    assert [row.id for row in editing.page().context["sheet"].rows][1] == "phe_duyet"
    editing.do("delete", step="phe_duyet")
    assert "phe_duyet" not in editing.source
