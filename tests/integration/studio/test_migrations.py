"""Pages and API by which the head carries running cases over and takes them back."""

from __future__ import annotations

import pytest

from quytrinh.background.dispatch import run_due
from quytrinh.runtime.models import CaseMigration
from tests.integration.runtime.conftest import Office, office  # noqa: F401  (a fixture)
from tests.support.two_wordings import AFTER, BEFORE, FLOW

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = f"/quy-trinh/{FLOW}/1/chuyen-ho-so/"
CHOICE = {"buoc-review": "examine"}


@pytest.fixture
def cases(office):  # noqa: F811  (the fixture)
    """Two cases under the earlier version, both to be reviewed."""
    office.promulgate(BEFORE)
    begun = []
    for _ in range(2):
        case = office.begin(FLOW)
        office.act("chuyen-vien", case, "submit")
        begun.append(case)
    office.promulgate(AFTER)
    return begun


@pytest.fixture
def head(office: Office):  # noqa: F811
    """The browser of the head of the agency."""
    return office.agency.client("giam-doc")


def settle() -> None:
    while run_due():
        pass


def test_flow_page_leads_to_the_dry_run_of_each_earlier_version(head, cases) -> None:
    page = head.get(f"/quy-trinh/{FLOW}/").content.decode()
    assert PAGE in page
    assert "Phiên bản 1: 2 hồ sơ" in page


def test_dry_run_says_what_blocks_each_case_until_its_step_is_chosen(head, cases) -> None:
    blocked = head.get(PAGE, {"buoc-review": ""}).content.decode()
    assert "Việc “Kiểm tra” đang mở ở bước phiên bản mới không còn." in blocked
    chosen = head.get(PAGE, CHOICE).content.decode()
    assert "chuyển được 2 · bị chặn 0" in chosen


def test_chosen_case_goes_over_and_comes_back(office, head, cases) -> None:  # noqa: F811
    sent = {**CHOICE, "_agency": office.agency.slug, "chon": "da-chon", "ho-so": str(cases[0].pk)}
    begun = head.post(PAGE, sent, follow=True)
    address = begun.redirect_chain[-1][0]
    assert "hx-trigger" in begun.content.decode()
    settle()
    page = head.get(address).content.decode()
    assert "Đã xong 1/1 hồ sơ" in page
    assert office.case(cases[0]).flow_version_id != office.case(cases[1]).flow_version_id
    head.post(f"{address}hoan-tac/", {"_agency": office.agency.slug, "chon": "tat-ca"})
    settle()
    assert "Đã hoàn tác" in head.get(address).content.decode()
    assert office.place(cases[0]) == "review"


def test_nothing_chosen_is_said_and_nothing_begun(office, head, cases) -> None:  # noqa: F811
    answer = head.post(PAGE, {**CHOICE, "_agency": office.agency.slug, "chon": "da-chon"})
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một hồ sơ" in answer.content.decode()
    with office.agency.at_work():
        assert not CaseMigration.objects.exists()


@pytest.mark.parametrize("wrong", [{"buoc-review": "no-such"}, {"ho-so": "x"}, {"trang": "x"}])
def test_what_makes_no_sense_is_refused_in_words(head, cases, wrong) -> None:
    assert head.get(PAGE, wrong).status_code in {200, 422}


def test_administrator_finds_cases_and_migrations(office, head, cases) -> None:  # noqa: F811
    head.post(PAGE, {**CHOICE, "_agency": office.agency.slug, "chon": "tat-ca"})
    settle()
    administrator = office.agency.client("chanh-van-phong")
    page = administrator.get("/quan-tri/chuyen-ho-so/").content.decode()
    assert "1 → 2" in page
    assert "đã chuyển 2" in page


def test_specialist_is_let_in_nowhere(office, cases) -> None:  # noqa: F811
    specialist = office.agency.client("chuyen-vien")
    assert specialist.get(PAGE).status_code == 403


def test_api_does_the_same(office, cases) -> None:  # noqa: F811
    """API-01: dry run, carrying over, progress, undo."""
    client = office.agency.client("giam-doc", headers={"X-Agency": office.agency.slug})

    def post(path: str, **told):
        return client.post(f"/api/v1/{path}", told, "application/json")

    run = post(f"procedures/{FLOW}/1/dry-run", steps={"review": "examine"}).json()
    assert (run["movable"], run["blocked"]) == (2, 0)
    begun = post(
        f"procedures/{FLOW}/1/migrations", steps={"review": "examine"}, cases=[str(cases[0].pk)]
    )
    assert begun.status_code == 202
    settle()
    found = client.get(f"/api/v1/migrations/{begun.json()['id']}").json()
    assert [line["state"] for line in found["cases"]] == ["moved"]
    assert post(f"migrations/{found['id']}/undo").status_code == 202
    settle()
    assert office.place(cases[0]) == "review"
