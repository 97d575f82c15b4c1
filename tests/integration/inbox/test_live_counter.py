"""The live counter: told on connecting and on each change, for one agency, while one belongs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from asgiref.sync import sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.routing import URLRouter
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from quytrinh.background.notify import inbox_changed
from quytrinh.inbox import consumers
from quytrinh.organization.actions import organization_changed
from quytrinh.organization.directory import person_of_user
from quytrinh.organization.models import Post
from quytrinh.routing import websocket_urlpatterns
from quytrinh.runtime.actions import start_case
from quytrinh.runtime.models import Case
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Membership, Tenant, User
from tests.support.websocket import PATIENCE, Socket

application = AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


@pytest.fixture
def agencies(transactional_db: None) -> None:
    """The demo agencies."""
    call_command("demo", verbosity=0)


def session_of(login: str) -> str:
    """Log a user in; return the key of the session."""
    user = User.objects.get(username=login)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def browser(session_key: str | None, host: bytes = b"localhost") -> Socket:
    """A browser that opens the inbox's socket."""
    headers = [(b"host", host), (b"origin", b"http://" + host)]
    if session_key:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session_key}".encode()))
    return Socket(application, "/ws/inbox/", headers)


@asynccontextmanager
async def connected(login: str) -> AsyncIterator[Socket]:
    """A browser whose connection was accepted and that was told the count."""
    socket = browser(await sync_to_async(session_of)(login))
    assert await socket.connect()
    try:
        yield socket
    finally:
        await socket.disconnect()


def new_case(login: str) -> Case:
    """Start a case, whose first task then waits for that person."""
    user = User.objects.get(username=login)
    tenant = Membership.objects.get(user=user).tenant
    with tenant_context(tenant.pk):
        return start_case(flow_key="phieu-trinh", actor=person_of_user(user.pk), values={})


async def test_count_is_told_on_connecting_and_on_change(agencies):
    async with connected("chuyen-vien.binh-thuan") as socket:
        assert await socket.told() == {"count": 0}
        case = await sync_to_async(new_case)("chuyen-vien.binh-thuan")
        assert await socket.told() == {"count": 1, "case": str(case.pk)}


async def test_other_people_and_other_agencies_are_told_nothing(agencies):
    async with (
        connected("van-thu.binh-thuan") as colleague,
        connected("chuyen-vien.ha-tinh") as stranger,
    ):
        for socket in (colleague, stranger):
            assert await socket.told() == {"count": 0}
        await sync_to_async(new_case)("chuyen-vien.binh-thuan")
        for socket in (colleague, stranger):
            assert await socket.receive_nothing(0.3)


async def test_group_of_one_agency_is_not_the_group_of_another(agencies):
    async with connected("van-thu.ha-tinh") as socket:
        assert await socket.told() == {"count": 0}
        tenant = await Tenant.objects.aget(slug="binh-thuan")
        await sync_to_async(inbox_changed)(tenant.pk, ["role:van-thu"])
        assert await socket.receive_nothing(0.3)
        tenant = await Tenant.objects.aget(slug="ha-tinh")
        await sync_to_async(inbox_changed)(tenant.pk, ["role:van-thu"])
        assert await socket.told() == {"count": 0}


@pytest.mark.parametrize("session_key", [None, "khongcophienlamviecnay1234567890"])
async def test_stranger_is_not_let_in(agencies, session_key):
    assert not await browser(session_key).connect()


async def test_user_who_is_no_person_of_the_agency_is_not_let_in(agencies):
    await User.objects.acreate_user("khach")
    assert not await browser(await sync_to_async(session_of)("khach")).connect()


async def test_host_that_serves_another_agency_does_not_let_in(agencies):
    session = await sync_to_async(session_of)("van-thu.ha-tinh")
    assert not await browser(session, b"binh-thuan.localhost").connect()


@pytest.mark.parametrize("leaving", ["membership", "session", "inactive"])
async def test_whoever_no_longer_belongs_is_closed(agencies, monkeypatch, leaving):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.2)
    user = await User.objects.aget(username="van-thu.ha-tinh")
    async with connected(user.username) as socket:
        assert await socket.told() == {"count": 0}
        if leaving == "membership":
            await Membership.objects.filter(user=user).adelete()
        elif leaving == "session":
            sessions = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class()
            await sessions.objects.all().adelete()
        else:
            await User.objects.filter(pk=user.pk).aupdate(is_active=False)
        closed = await socket.receive_output(PATIENCE)
        assert closed["type"] == "websocket.close"
        assert closed["code"] == consumers.NOT_A_MEMBER


async def test_change_of_posts_is_followed(agencies, monkeypatch):
    monkeypatch.setattr(consumers, "RECHECK_SECONDS", 0.2)
    tenant = await Tenant.objects.aget(slug="ha-tinh")

    def lose_posts() -> None:
        with tenant_context(tenant.pk), transaction.atomic():
            Post.objects.all().update(until=timezone.localdate() - timedelta(days=1))
            organization_changed()

    async with connected("van-thu.ha-tinh") as socket:
        assert await socket.told() == {"count": 0}
        await sync_to_async(lose_posts)()
        assert await socket.told() == {"count": 0}
        await sync_to_async(inbox_changed)(tenant.pk, ["unit:van-phong/members"])
        assert await socket.receive_nothing(0.1)
        await sync_to_async(inbox_changed)(tenant.pk, ["role:van-thu"])
        assert await socket.told() == {"count": 0}


async def test_what_a_browser_sends_is_ignored(agencies):
    async with connected("van-thu.ha-tinh") as socket:
        assert await socket.told() == {"count": 0}
        await socket.say({"type": "inbox.changed"})
        assert await socket.receive_nothing(0.2)
