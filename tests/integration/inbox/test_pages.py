"""The pages of work: what they show, to whom, and how they refuse."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quytrinh.runtime.models import Case, InboxEntry
from tests.support.agencies import FILLED, Agencies, Agency

# Case pages mark tasks seen after their transaction.
pytestmark = pytest.mark.django_db(transaction=True)
START = "/ho-so/moi/phieu-trinh/"


@pytest.fixture
def here(agencies: Agencies) -> Agency:
    """The agency of these tests."""
    return agencies.binh_thuan


def submit(agency: Agency, client: Client, **changed: object) -> object:
    """Begin a case by the page."""
    return client.post(START, {**FILLED, "action": "submit", "_agency": agency.slug, **changed})


def test_a_case_begun_on_the_page_waits_for_the_head(here: Agency) -> None:
    client = here.client("chuyen-vien")
    answer = submit(here, client)
    assert answer.status_code == 302
    assert FILLED["subject"] in client.get(answer["Location"]).content.decode()
    assert FILLED["subject"] in here.client("truong-phong").get("/viec/").content.decode()
    assert FILLED["subject"] not in here.client("van-thu").get("/viec/").content.decode()


def test_an_incomplete_form_keeps_what_was_typed_and_begins_nothing(here: Agency) -> None:
    answer = submit(here, here.client("chuyen-vien"), subject="")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert FILLED["content"] in page
    assert "Bắt buộc nhập" in page
    with here.at_work():
        assert not Case.objects.exists()


def test_a_file_that_is_no_pdf_is_refused_on_its_field_and_begins_nothing(here: Agency) -> None:
    text = SimpleUploadedFile("to-trinh.pdf", b"khong phai pdf", "application/pdf")
    answer = submit(here, here.client("chuyen-vien"), file=text)
    assert answer.status_code == 422
    assert "không phải PDF" in answer.content.decode()
    with here.at_work():
        assert not Case.objects.exists()


def test_the_second_press_of_a_button_is_told_who_was_first(here: Agency) -> None:
    case, task = here.new_case()
    client = here.client("chuyen-vien")
    posted = {**FILLED, "_agency": here.slug}
    assert client.post(f"/viec/{task.pk}/submit/", posted).status_code == 302
    again = client.post(f"/viec/{task.pk}/submit/", posted)
    assert again.status_code == 409
    page = again.content.decode()
    assert here.person("chuyen-vien").full_name in page
    assert f"/viec/{task.pk}/" in page
    assert client.get(f"/viec/{task.pk}/")["Location"] == f"/ho-so/{case.pk}/"


def test_a_return_without_a_reason_is_refused_beside_the_comment(here: Agency) -> None:
    submit(here, here.client("chuyen-vien"))
    client = here.client("truong-phong")
    with here.at_work():
        entry = InboxEntry.objects.for_keys(here.person("truong-phong").keys).get()
    answer = client.post(f"/viec/{entry.task_id}/return/", {"_agency": here.slug})
    assert answer.status_code == 422
    assert "phải ghi rõ lý do" in answer.content.decode()
    assert client.get(f"/viec/{entry.task_id}/return/")["Location"] == f"/viec/{entry.task_id}/"


def test_a_form_drawn_for_another_agency_changes_nothing(agencies: Agencies) -> None:
    here, there = agencies
    _case, task = here.new_case()
    posted = {**FILLED, "_agency": there.slug}
    answer = here.client("chuyen-vien").post(f"/viec/{task.pk}/submit/", posted)
    assert answer.status_code == 409
    assert here.open_task(_case).pk == task.pk


@pytest.mark.parametrize("who", ["pho-giam-doc", "chanh-van-phong"])
def test_a_case_does_not_exist_for_those_it_does_not_concern(here: Agency, who: str) -> None:
    case, task = here.new_case()
    client = here.client(who)
    for address in (f"/ho-so/{case.pk}/", f"/viec/{task.pk}/"):
        assert client.get(address).status_code == 404
    posted = {**FILLED, "_agency": here.slug}
    assert client.post(f"/viec/{task.pk}/submit/", posted).status_code == 404


@pytest.mark.parametrize("who", ["giam-doc", "van-thu", "chuyen-vien"])
def test_another_agency_sees_nothing_of_a_case(agencies: Agencies, who: str) -> None:
    here, there = agencies
    case, task = here.new_case()
    client = there.client(who)
    for address in (f"/ho-so/{case.pk}/", f"/viec/{task.pk}/"):
        assert client.get(address).status_code == 404
    assert FILLED["subject"] not in client.get("/ho-so/").content.decode()


def test_opening_a_task_marks_it_seen(here: Agency) -> None:
    _case, task = here.new_case()
    here.client("van-thu").get(f"/ho-so/{_case.pk}/")
    with here.at_work():
        assert InboxEntry.objects.get(task_id=task.pk).seen_at is None
    here.client("chuyen-vien").get(f"/viec/{task.pk}/")
    with here.at_work():
        assert InboxEntry.objects.get(task_id=task.pk).seen_at is not None


@pytest.mark.parametrize("query", ["loc=qua-han", "loc=hom-nay", "loc=de-biet", "loc=la", "sau=la"])
def test_filters_and_places_of_lists_never_fail(here: Agency, query: str) -> None:
    client = here.client("chuyen-vien")
    assert client.get(f"/viec/?{query}").status_code == 200
    assert client.get(f"/ho-so/?{query}").status_code == 200


def test_the_inbox_goes_on_where_its_page_ended(here: Agency, monkeypatch) -> None:
    monkeypatch.setattr("quytrinh.inbox.inbox_page.PAGE_SIZE", 2)
    subjects = {f"Việc thứ {number}" for number in range(5)}
    for subject in subjects:
        here.new_case(values={**FILLED, "subject": subject})
    client, address, seen = here.client("chuyen-vien"), "/viec/", []
    while address:
        page = client.get(address).context["page"]
        seen += [entry.title for entry in page.entries]
        address = page.next_url
    assert len(seen) == len(subjects)
    assert set(seen) == subjects


def test_what_is_told_once_is_not_lost_to_a_page_that_refreshes_itself(here: Agency) -> None:
    """The page left behind asks for itself anew while the browser is on its way to the next."""
    client, told = here.client("chuyen-vien"), "Đã lập hồ sơ"
    address = submit(here, client)["Location"]
    refresh = client.get(address, headers={"X-Requested-With": "live"})
    assert told not in refresh.content.decode()
    assert told in client.get(address).content.decode()
    assert told not in client.get(address).content.decode()
