"""Who gets in, as whom, and what the others are told."""

from __future__ import annotations

import pytest
from django.test import Client

from quytrinh.tenancy.models import Membership, User
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db
PASSWORD = "mot-mat-khau-dai-2026"


@pytest.fixture
def user(agencies: Agencies) -> User:
    """A specialist with a password."""
    user = agencies.binh_thuan.user("chuyen-vien")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_greeting_names_every_demo_agency_and_its_people(
    agencies: Agencies, client: Client, settings
) -> None:
    settings.DEMO = True
    page = client.get("/").content.decode()
    for agency in agencies:
        assert agency.tenant.name in page
        assert f'value="chuyen-vien.{agency.slug}"' in page


def test_outside_a_demo_nobody_is_shown_and_no_button_lets_in(
    agencies: Agencies, client: Client, settings
) -> None:
    settings.DEMO = False
    assert "chuyen-vien" not in client.get("/").content.decode()
    posted = {"agency": "binh-thuan", "username": "chuyen-vien.binh-thuan"}
    assert client.post("/dang-nhap/trinh-dien/", posted).status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_demo_button_enters_as_that_person(agencies: Agencies, client: Client, settings) -> None:
    settings.DEMO = True
    posted = {"agency": "ha-tinh", "username": "van-thu.ha-tinh"}
    client.post("/dang-nhap/trinh-dien/", posted)
    page = client.get("/viec/").content.decode()
    assert agencies.ha_tinh.person("van-thu").full_name in page


def test_a_demo_button_of_one_agency_does_not_enter_another(
    agencies: Agencies, client: Client, settings
) -> None:
    settings.DEMO = True
    posted = {"agency": "ha-tinh", "username": "van-thu.binh-thuan"}
    assert client.post("/dang-nhap/trinh-dien/", posted).status_code == 404


def test_the_right_password_enters(user: User, client: Client) -> None:
    answer = client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/viec/").status_code == 200


@pytest.mark.parametrize("username", ["chuyen-vien.binh-thuan", "khong-co-nguoi-nay"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    user: User, client: Client, username: str
) -> None:
    answer = client.post("/dang-nhap/", {"username": username, "password": "sai"})
    assert answer.status_code == 422
    assert answer.context["problem"] == "Tên đăng nhập hoặc mật khẩu không đúng."
    assert username in answer.content.decode()


def test_login_never_leads_to_another_site(user: User, client: Client) -> None:
    posted = {"username": user.username, "password": PASSWORD, "next": "https://la.example/"}
    assert client.post("/dang-nhap/", posted)["Location"] == "/viec/"


def test_a_stranger_is_sent_to_the_login_and_back(client: Client) -> None:
    assert client.get("/ho-so/moi/")["Location"] == "/dang-nhap/?next=/ho-so/moi/"


def test_logging_out_needs_a_post(agencies: Agencies) -> None:
    client = agencies.binh_thuan.client("van-thu")
    assert client.get("/dang-xuat/").status_code == 405
    assert client.post("/dang-xuat/")["Location"] == "/"
    assert client.get("/viec/").status_code == 302


def test_one_switches_only_to_an_agency_one_belongs_to(agencies: Agencies) -> None:
    here, there = agencies
    client = here.client("chuyen-vien")
    assert client.post("/doi-co-quan/", {"agency": there.slug}).status_code == 404
    Membership.objects.create(user=here.user("chuyen-vien"), tenant=there.tenant)
    assert client.post("/doi-co-quan/", {"agency": there.slug}).status_code == 302
    # A member there, but nobody there: refused in words, and free to go back.
    refused = client.get("/viec/")
    assert refused.status_code == 403
    assert here.tenant.name in refused.content.decode()
