"""The way a case has gone: blocks gone through again, what was released, who held what how long."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quytrinh.runtime import drawing, history, tree
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.tree import Entry, Tree
from tests.integration.runtime.conftest import Office
from tests.integration.runtime.test_blocks import act, answer, asked, begun
from tests.integration.runtime.test_migration import settle
from tests.support.migrating import migrate
from tests.support.two_wordings import AFTER, BEFORE, FLOW

pytestmark = pytest.mark.django_db(transaction=True)


def way_of(office: Office, case: Case) -> Tree:
    """The tree of a case as the head of the agency sees it."""
    with office.agency.at_work():
        found = Case.objects.get(pk=case.pk)
        return tree.of(found, history.of(found), office.agency.person("giam-doc"))


def outline(entries: tuple[Entry, ...]) -> list[object]:
    """Steps and branches with how each stands."""
    return [
        (
            entry.name if not entry.branches else f"{entry.name} {entry.round}",
            entry.state,
            *((branch.name, branch.state, outline(branch.entries)) for branch in entry.branches),
        )
        for entry in entries
    ]


@pytest.fixture
def returned(office: Office) -> Case:
    """Opinions were asked for, the lead's was enough, and they are asked for again."""
    case = asked(office, "lead: case.unit\n    join: lead")
    answer(office, case, "phong-nghiep-vu", "truong-phong", "Đồng ý")
    act(office, case, "giam-doc", "decide", "again", comment="Hỏi lại cho rõ kinh phí")
    return case


def test_block_returned_to_is_there_twice_with_what_was_released(office, returned) -> None:
    draft, first, decide, second = outline(way_of(office, returned).entries)
    assert draft == ("draft", "done")
    assert first == (
        "ask 1",
        "done",
        ("Phòng Nghiệp vụ", "done", [("answer", "done")]),
        ("Văn phòng", "released", [("answer", "canceled")]),
    )
    assert decide == ("decide", "returned")
    assert second[:2] == ("ask 2", "open")
    assert [branch[1] for branch in second[2:]] == ["open", "open"]


def test_what_was_cancelled_says_why(office, returned) -> None:
    _draft, first, decide, _second = way_of(office, returned).entries
    lead, released = first.branches
    assert (lead.lead, released.lead) == (True, False)
    assert released.entries[0].state_words == "được rút vì khối đã xong"
    assert (decide.state_words, decide.comment) == ("Hỏi lại", "Hỏi lại cho rõ kinh phí")


def test_branches_that_die_with_a_return_say_so(office: Office) -> None:
    case = begun(office, "all")
    act(office, case, "truong-phong", "check_content", "again")
    block = way_of(office, case).entries[1]
    assert (block.state, block.state_words) == ("canceled", "dừng vì hồ sơ bị trả lại")
    states = {branch.name: branch.state for branch in block.branches}
    assert set(states.values()) == {"canceled"}


def test_time_is_by_the_clock_and_in_working_hours(office, returned) -> None:
    with office.agency.at_work():
        task = CaseTask.objects.get(process=returned, step="draft", flow_task_type="HUMAN")
        # From Friday 16:00 to Monday 09:00: an hour on Friday, two on Monday.
        monday = task.finished.replace(
            year=2026, month=11, day=30, hour=2, minute=0, second=0, microsecond=0
        )
        friday = monday - timedelta(days=2, hours=17)
        CaseTask.objects.filter(pk=task.pk).update(created=friday, finished=monday)
    way = way_of(office, returned)
    first = way.entries[0]
    assert first.elapsed == timedelta(days=2, hours=17)
    assert timedelta(hours=1) < first.working < timedelta(hours=4)
    assert [each.times for each in way.times] == [1, 4, 1]


def test_step_of_an_earlier_version_keeps_its_name(office: Office) -> None:
    office.promulgate(BEFORE)
    case = office.begin(FLOW)
    office.act("chuyen-vien", case, "submit")
    office.promulgate(AFTER)
    migrate(office.agency)
    settle(office)
    assert [each.name for each in way_of(office, case).entries] == ["Soạn", "Thẩm định"]


def test_page_and_api_tell_the_same(office, returned) -> None:
    """API-01."""
    client = office.agency.client("giam-doc", headers={"X-Agency": office.agency.slug})
    page = client.get(f"/ho-so/{returned.pk}/").content.decode()
    told = client.get(f"/api/v1/cases/{returned.pk}").json()
    block = told["way"][1]
    assert [branch["state"] for branch in block["branches"]] == ["done", "released"]
    assert block["branches"][1]["steps"][0]["reason"] in page
    assert "được rút, không phải làm nữa" in page
    assert {line["what"] for line in told["history"]} >= {"Bắt đầu khối", "Khối đã xong"}


def test_history_speaks_of_everything_in_words(office, returned) -> None:
    with office.agency.at_work():
        lines = history.of(Case.objects.get(pk=returned.pk))
    assert not [line.what for line in lines if "." in line.what]
    again = next(line for line in lines if line.what == "Bắt đầu khối")
    assert again.comment == "lần 2: Phòng Nghiệp vụ, Văn phòng"


def test_drawing_marks_a_block_that_is_gone_through_again_as_not_done(office, returned) -> None:
    answer(office, returned, "van-phong", "chanh-van-phong", "Đồng ý")
    with office.agency.at_work():
        current, done = drawing.marks(Case.objects.get(pk=returned.pk))
    assert current == {"answer"}
    assert done == {"start", "draft", "decide"}


def test_drawing_marks_every_place_of_a_case_in_several_branches(office: Office) -> None:
    case = begun(office, "all")
    act(office, case, "van-thu", "check_form", "ok")
    with office.agency.at_work():
        current, done = drawing.marks(Case.objects.get(pk=case.pk))
    assert current == {"check_content", "sign_form"}
    assert {"draft", "check_form"} <= done
    assert "examine" not in done
