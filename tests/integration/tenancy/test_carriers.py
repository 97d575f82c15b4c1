"""How the agency reaches the code: requests, background tasks, sockets, commands."""

from __future__ import annotations

from importlib import import_module

import pytest
from asgiref.sync import sync_to_async
from celery.app.task import Context
from django.conf import settings as installed
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from quytrinh.background.actions import enqueue
from quytrinh.background.celery_app import TENANT_HEADER
from quytrinh.background.choices import MessageState
from quytrinh.background.exceptions import ContextLeaked
from quytrinh.background.handlers import registered_temporarily
from quytrinh.background.models import OutboxMessage
from quytrinh.background.tasks import run_message, sweep_outbox
from quytrinh.organization.actions import organization_changed
from quytrinh.organization.models import Person
from quytrinh.runtime.models import Case
from quytrinh.tenancy.actions import add_host, add_member, create_tenant
from quytrinh.tenancy.context import current_tenant_id, current_tenant_id_or_none
from quytrinh.tenancy.exceptions import TenantContextMissing
from quytrinh.tenancy.models import Membership, TenantHost
from tests.support.agencies import FLOW
from tests.support.websocket import Socket

pytestmark = pytest.mark.django_db(transaction=True)
KIND = "test.carried"


def agency_of(client: Client, host: str = "localhost", **headers: str) -> str | None:
    """The agency a page is drawn for, None when the person has none there."""
    answer = client.get("/viec/", headers={"Host": host, **headers})
    assert answer.status_code in {200, 403}
    return answer.context["agency"].slug if answer.status_code == 200 else None


def works_for_both(agencies) -> Client:
    """A browser of somebody who works for both agencies."""
    a, b = agencies
    user = a.user("chuyen-vien")
    add_member(user=user, tenant=b.tenant)
    with b.at_work():
        Person.objects.create(user=user, full_name="Kiêm nhiệm", staff_code="kiem-nhiem")
        organization_changed()
    client = Client()
    client.force_login(user)
    return client


def test_host_serves_its_agency_and_those_below_it(agencies, settings):
    settings.DEMO, settings.ALLOWED_HOSTS = False, ["*"]
    a, b = agencies
    below = create_tenant(slug="cap-duoi", name="Cấp dưới", parent=a.tenant)
    add_host(tenant=a.tenant, host="A.gov.vn")
    add_host(tenant=b.tenant, host="b.gov.vn")
    add_member(user=a.user("van-thu"), tenant=below)
    ours, theirs = a.client("giam-doc"), b.client("giam-doc")
    for host in ("a.gov.vn", "A.GOV.VN", "a.gov.vn:8443"):
        assert (agency_of(ours, host), agency_of(theirs, host)) == (a.slug, None)
    assert (agency_of(ours, "b.gov.vn"), agency_of(theirs, "b.gov.vn")) == (None, b.slug)
    for host in ("localhost", "c.gov.vn", "ha-tinh.localhost", "a.gov.vn.evil.example"):
        assert (agency_of(ours, host), agency_of(theirs, host)) == (None, None)
    with transaction.atomic():
        assert below.slug in {tenant.slug for tenant in tenants(a.client("van-thu"), "a.gov.vn")}
        assert not tenants(a.client("van-thu"), "b.gov.vn")


def tenants(client: Client, host: str):
    """The agencies a page offers to switch to."""
    return client.get("/viec/", headers={"Host": host}).context["agencies"]


def test_local_names_of_a_demo(agencies):
    a, b = agencies
    ours = a.client("giam-doc")
    assert agency_of(ours, "localhost") == a.slug
    assert agency_of(ours, f"{a.slug}.localhost:8000") == a.slug
    assert agency_of(ours, f"{b.slug}.localhost") is None
    TenantHost.objects.create(host="b.example", tenant=b.tenant)
    assert agency_of(ours, "b.example") is None


def test_session_holds_the_agency_at_work_and_switching_changes_it(agencies):
    a, b = agencies
    client = works_for_both(agencies)
    assert agency_of(client) == a.slug
    for agency in (b, a, b):
        switched = client.post("/doi-co-quan/", {"agency": agency.slug})
        assert switched.status_code == 302
        assert agency_of(client) == agency.slug
    assert client.post("/doi-co-quan/", {"agency": "khong-co"}).status_code == 404
    assert agency_of(client, f"{a.slug}.localhost") == a.slug  # the host narrows the choice
    assert agency_of(client) == b.slug


def test_nobody_switches_to_an_agency_they_do_not_work_for(agencies):
    a, b = agencies
    client = a.client("giam-doc")
    assert client.post("/doi-co-quan/", {"agency": b.slug}).status_code == 404
    assert agency_of(client) == a.slug


def test_header_names_one_of_ones_own_agencies(agencies):
    a, b = agencies
    client = works_for_both(agencies)
    assert agency_of(client, **{"X-Agency": b.slug}) == b.slug
    assert agency_of(client, **{"X-Agency": a.slug}) == a.slug
    assert agency_of(a.client("giam-doc"), **{"X-Agency": b.slug}) is None
    answer = a.client("giam-doc").get(reverse("api:inbox"), headers={"X-Agency": b.slug})
    assert (answer.status_code, answer.json()["code"]) == (403, "no_agency")


def test_revoked_membership_and_inactive_user_are_out_at_once(agencies):
    a, _b = agencies
    client = a.client("giam-doc")
    assert agency_of(client) == a.slug
    Membership.objects.filter(user=a.user("giam-doc")).delete()
    assert agency_of(client) is None
    other = a.client("van-thu")
    user = a.user("van-thu")
    user.is_active = False
    user.save()
    assert other.get("/viec/").status_code == 302


def test_form_drawn_for_another_agency_changes_nothing(agencies):
    a, b = agencies
    client = works_for_both(agencies)
    form = {"action": "submit", "subject": "x", "content": "y", "urgency": "normal"}
    client.post("/doi-co-quan/", {"agency": b.slug})  # in another tab
    for drawn_for in (a.slug, "khong-co", ""):
        answer = client.post(f"/ho-so/moi/{FLOW}/", {**form, "_agency": drawn_for})
        assert answer.status_code == 409
        assert "cơ quan khác" in answer.content.decode()
    for agency in agencies:
        with agency.at_work():
            assert not Case.objects.exists()
    assert client.post(f"/ho-so/moi/{FLOW}/", {**form, "_agency": b.slug}).status_code == 302
    with b.at_work():
        assert Case.objects.count() == 1


def test_form_sent_after_the_logout_leads_to_the_login(agencies):
    form = {"_agency": agencies.binh_thuan.slug, "subject": "x"}
    answer = Client().post(f"/ho-so/moi/{FLOW}/", form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/")


def test_nothing_of_a_request_stays_behind(agencies):
    for agency in (*agencies, *agencies):
        assert agency_of(agency.client("giam-doc")) == agency.slug
        assert current_tenant_id_or_none() is None
        assert not connection.in_atomic_block


def put(agency) -> OutboxMessage:
    """A message in the outbox of an agency."""
    with agency.at_work():
        enqueue(kind=KIND, key=agency.slug, payload={})
        return OutboxMessage.objects.get(key=agency.slug)


def delivered(message_id: object, tenant_id: int | None) -> None:
    """Run the task as a worker does for a message of the broker."""
    run_message.push_request(**Context(headers={}, tenant_id=tenant_id).__dict__)
    try:
        run_message(str(message_id))
    finally:
        run_message.pop_request()


def test_task_works_for_the_agency_of_its_header_only(agencies):
    a, b = agencies
    ran = []
    with registered_temporarily(KIND, lambda message: ran.append(current_tenant_id())):
        ours, theirs = put(a), put(b)
        delivered(theirs.pk, a.tenant.pk)  # forged or mixed up: there is no such message
        assert not ran
        delivered(theirs.pk, b.tenant.pk)
        delivered(ours.pk, a.tenant.pk)
    assert ran == [b.tenant.pk, a.tenant.pk]
    assert current_tenant_id_or_none() is None
    for agency in agencies:
        with agency.at_work():
            assert OutboxMessage.objects.get().state == MessageState.DONE


def test_task_without_an_agency_does_nothing(agencies):
    message = put(agencies.binh_thuan)
    with pytest.raises(TenantContextMissing):
        delivered(message.pk, None)
    with pytest.raises(TenantContextMissing):
        run_message.apply_async((str(message.pk),))


def test_task_that_fails_leaves_no_agency_behind(agencies):
    message = put(agencies.binh_thuan)
    with registered_temporarily(KIND, lambda message: 1 / 0):
        delivered(message.pk, agencies.binh_thuan.tenant.pk)
    assert current_tenant_id_or_none() is None
    assert not connection.in_atomic_block


def test_task_refuses_to_follow_a_leaked_agency(agencies):
    with agencies.binh_thuan.at_work():
        for task in (lambda: delivered("x", 1), sweep_outbox):
            with pytest.raises(ContextLeaked):
                task()


def test_sweep_wakes_each_message_for_its_own_agency(agencies, monkeypatch):
    sent = []
    monkeypatch.setattr(
        run_message, "apply_async", lambda args, headers, **_: sent.append((args, headers))
    )
    messages = [put(agency) for agency in agencies]
    sent.clear()
    sweep_outbox()
    assert sorted(headers[TENANT_HEADER] for _args, headers in sent) == sorted(
        agency.tenant.pk for agency in agencies
    )
    for (message_id,), headers in sent:
        owner = next(row.tenant_id for row in messages if str(row.pk) == message_id)
        assert headers == {TENANT_HEADER: owner}


def test_command_for_an_unknown_agency_is_refused(agencies):
    with pytest.raises(CommandError):
        call_command("journal", "verify", "--tenant", "khong-co")


def socket(login: str | None, host: str, origin: str | None) -> Socket:
    """A browser that opens the inbox's socket from a page of `origin`."""
    from quytrinh.asgi import application

    headers = [(b"host", host.encode())]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if login:
        headers.append((b"cookie", f"{installed.SESSION_COOKIE_NAME}={login}".encode()))
    return Socket(application.application_mapping["websocket"], "/ws/inbox/", headers)


def session_key(agency) -> str:
    """A logged-in session of somebody of the agency."""
    key = agency.client("van-thu").session.session_key
    assert import_module(installed.SESSION_ENGINE).SessionStore().exists(key)
    return key


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("host", "origin", "let_in"),
    [
        ("localhost:8000", "http://localhost:8000", True),
        ("localhost:8000", "https://localhost:8000", True),
        ("localhost:8000", "http://evil.example", False),
        ("localhost:8000", "http://localhost:9000", False),
        ("localhost:8000", "http://localhost:8000.evil.example", False),
        ("localhost:8000", "http://evil.example/localhost:8000", False),
        ("localhost:8000", "null", False),
        ("localhost:8000", "", False),
        ("localhost:8000", None, False),
        ("ha-tinh.localhost", "http://ha-tinh.localhost", False),  # another agency's host
    ],
)
async def test_socket_is_opened_by_pages_of_its_own_site_only(agencies, host, origin, let_in):
    key = await sync_to_async(session_key)(agencies.binh_thuan)
    browser = socket(key, host, origin)
    assert await browser.connect() is let_in
    if let_in:
        assert await browser.told() == {"count": 0}
        await browser.disconnect()


@pytest.mark.asyncio
async def test_socket_asks_for_a_login(agencies):
    assert not await socket(None, "localhost", "http://localhost").connect()
