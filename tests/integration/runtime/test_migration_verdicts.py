"""What keeps a running case from going over to a later version, in a sentence for each reason."""

from __future__ import annotations

import pytest

from quytrinh.runtime import actions
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.support.migrating import verdicts
from tests.support.pdf import pdf
from tests.support.two_wordings import BEFORE, FLOW
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db(transaction=True)

ROLES = """
quytrinh: 1
flow: de-nghi
name: Đề nghị
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
  clerk: {name: Văn thư, who: {role: van-thu}}
"""
DRAFT = "  - {id: draft, name: Soạn, by: drafter, actions: {submit: {label: Trình}}}\n"
END = "  - {end: done}\n"


def flow(*steps: str, more: str = "") -> str:
    """A procedure that begins with a draft."""
    return f"{ROLES}{more}steps:\n{DRAFT}{''.join(steps)}{END}"


def human(step: str, name: str, by: str = "head", more: str = "") -> str:
    """A step with one action."""
    return f"  - {{id: {step}, name: {name}, by: {by}, {more}actions: {{ok: {{label: Xong}}}}}}\n"


def block(*branches: str, join: str = "all") -> str:
    """A block of branches of one step each, by their ids."""
    inside = "".join(
        f"      {each}:\n        steps: [{{id: at_{each}, name: Bước {each}, by: clerk, "
        "actions: {ok: {label: Xong}}}]\n"
        for each in branches
    )
    return f"  - id: together\n    name: Cùng làm\n    parallel:\n{inside}    join: {join}\n"


def reasons(office: Office, before: str, after: str, *, moves: int = 1, **choices: str) -> str:
    """What is said of a case that made some moves under `before` when `after` is in force."""
    office.promulgate(before)
    case = office.begin(FLOW)
    for _ in range(moves):
        office.act("chuyen-vien", case, "submit")
    office.promulgate(after)
    return " ".join(verdicts(office.agency, **choices)[case.code].reasons)


def test_task_open_in_a_step_that_is_gone(office: Office) -> None:
    old = flow(human("review", "Kiểm tra"), human("decide", "Quyết định", "leader"))
    said = reasons(office, old, flow(human("decide", "Quyết định", "leader")))
    assert said == "Việc “Kiểm tra” đang mở ở bước phiên bản mới không còn."


def test_step_that_is_gone_may_become_another_of_its_kind(office: Office) -> None:
    old = flow(human("review", "Kiểm tra"), human("decide", "Quyết định", "leader"))
    new = flow(human("decide", "Quyết định", "leader"))
    assert reasons(office, old, new, review="decide") == ""


def test_step_in_the_place_of_an_equal_one_is_proposed_as_renamed(office: Office) -> None:
    new = flow(human("examine", "Thẩm định"))
    assert reasons(office, flow(human("review", "Kiểm tra")), new) == ""


def test_step_that_is_in_a_block_now(office: Office) -> None:
    new = flow(
        "  - id: both\n    parallel:\n      one:\n        steps:\n    "
        + human("review", "Kiểm tra").replace("  - ", "      - ")
        + "      two:\n        steps:\n    "
        + human("other", "Việc khác").replace("  - ", "      - ")
        + "    join: all\n"
    )
    said = reasons(office, flow(human("review", "Kiểm tra")), new)
    assert said == "Việc “Kiểm tra” đang mở, mà bước này nay nằm trong khối khác."


@pytest.mark.parametrize(
    "after",
    [block("a", "b", "c"), block("a", "b", join="any"), block("a")],
    ids=["a branch more", "another join", "a branch less"],
)
def test_block_that_changed_while_it_is_open(office: Office, after: str) -> None:
    if after == block("a"):
        after = block("a", "c")  # a block has two branches at least
    said = reasons(office, flow(block("a", "b")), flow(after))
    assert "Khối “Cùng làm” đang mở, mà phiên bản mới đổi các nhánh" in said


def test_open_block_that_is_the_same_goes_over(office: Office) -> None:
    new = flow(block("a", "b"), human("number", "Lấy số"))
    assert reasons(office, flow(block("a", "b")), new) == ""


FORM = "form: y-kien, "


def test_field_that_the_new_version_has_had_entered_before(office: Office) -> None:
    new = (
        f"{ROLES}steps:\n"
        + DRAFT.replace("by: drafter, ", f"by: drafter, {FORM}")
        + (
            human("review", "Kiểm tra")
            + "  - id: way\n    choose:\n      - {when: \"case.directive == 'x'\", to: decide}\n"
            "      - {else: end_of_it}\n"
            + human("decide", "Quyết định", "leader")
            + human("end_of_it", "Lưu", "clerk")
            + END
        )
    )
    said = reasons(office, flow(human("review", "Kiểm tra")), new)
    assert said == "Phiên bản mới cần “Ý kiến chỉ đạo”, mà hồ sơ chưa nhập."


def test_field_that_is_still_to_be_entered_blocks_nothing(office: Office) -> None:
    new = flow(
        human("review", "Kiểm tra", more=FORM),
        "  - id: way\n    choose:\n      - {when: \"case.directive == 'x'\", to: decide}\n"
        "      - {else: end_of_it}\n",
        human("decide", "Quyết định", "leader"),
        human("end_of_it", "Lưu", "clerk"),
    )
    assert reasons(office, flow(human("review", "Kiểm tra")), new) == ""


def test_step_whose_performer_is_asked_for_later(office: Office) -> None:
    new = flow(
        human("first", "Xem trước"),
        human("review", "Kiểm tra"),
        human("again", "Xem lại", "viewer"),
    ).replace("steps:\n", "  viewer: {name: Người xem, who: {performer_of: first}}\nsteps:\n", 1)
    said = reasons(office, flow(human("review", "Kiểm tra")), new)
    assert said == "Phiên bản mới cần kết quả của bước “Xem trước”, mà hồ sơ chưa qua bước đó."


def test_wait_for_something_else(office: Office) -> None:
    wait = "  - {id: pause, name: Chờ, wait: {for: PERIOD}}\n"
    said = reasons(office, flow(wait.replace("PERIOD", "3d")), flow(wait.replace("PERIOD", "5d")))
    assert said == "“Chờ” đang chờ, mà phiên bản mới chờ điều khác."


def test_job_the_machine_is_at(office: Office) -> None:
    job = "  - {id: tell, name: Báo tin, run: inbox.inform, with: {roles: [NEWS]}}\n"
    old, new = flow(job.replace("NEWS", "leader")), flow(job.replace("NEWS", "head"))
    said = reasons(office, old, new)
    assert said == "Hệ thống đang thực hiện “Báo tin”; hãy chuyển sau khi xong."


def test_return_that_can_no_longer_go_straight_back(office: Office) -> None:
    office.promulgate(BEFORE)
    case = office.begin(FLOW)
    office.act("chuyen-vien", case, "submit")
    office.act("truong-phong", case, "back")
    office.promulgate(flow(human("decide", "Quyết định", "leader")))
    [said] = verdicts(office.agency, review="")[case.code].reasons
    assert said.startswith("Hồ sơ đã bị trả về “Soạn” để quay lại thẳng “Kiểm tra”")


def test_documents_in_a_slot_that_is_gone(office: Office, settings, tmp_path) -> None:
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"
    old = f"{ROLES}document: internal\nsteps:\n" + DRAFT.replace(
        "by: drafter, ", "by: drafter, form: phieu-trinh, "
    )
    office.promulgate(old + human("review", "Kiểm tra") + END)
    case = office.begin(FLOW)
    with tenant_context(office.agency.tenant.pk):
        actions.perform(
            task_id=office.agency.open_task(case).pk,
            actor=office.agency.person("chuyen-vien"),
            action="submit",
            values={"subject": "Mua máy in", "content": "Kính trình.", "urgency": "normal"},
            uploads={"main": [pdf_upload(pdf(), "a.pdf")]},
        )
    office.promulgate(flow(human("review", "Kiểm tra")))
    [said] = verdicts(office.agency)[case.code].reasons
    assert "đang có văn bản, mà phiên bản mới không có ngăn này" in said
