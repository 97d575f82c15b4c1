"""The live counter of the inbox: a page works without it, but need not be reloaded with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import transaction

from quytrinh.background.notify import inbox_group
from quytrinh.organization.directory import person_of_user
from quytrinh.runtime.models import InboxEntry
from quytrinh.tenancy.context import reading, tenant_context
from quytrinh.tenancy.middleware import SESSION_KEY
from quytrinh.tenancy.models import User
from quytrinh.tenancy.selectors import tenants_of_user

RECHECK_SECONDS = 60
NOT_A_MEMBER = 4403

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Place:
    """In which agency, and under which keys, this browser is told about its inbox."""

    tenant_id: int
    keys: frozenset[str]

    @property
    def groups(self) -> frozenset[str]:
        """The channel groups of these keys."""
        return frozenset(inbox_group(self.tenant_id, key) for key in self.keys)


class InboxConsumer(AsyncJsonWebsocketConsumer):
    """Says {"count": n} on connecting and whenever the inbox changes, then with the case's id.

    The agency is fixed when the browser connects: host, membership, session, as for a page.
    """

    place: Place | None = None
    _recheck: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let in whoever is a person of the agency and looks at a page of this very site."""
        place = await self._find_place() if _is_same_origin(self.scope) else None
        if place is None:
            await self.close()
            return
        await self.accept()
        await self._move_to(place)
        await self._tell()
        self._recheck = asyncio.create_task(self._recheck_membership())

    async def disconnect(self, code: int) -> None:
        """Leave the groups."""
        if self._recheck is not None:
            self._recheck.cancel()
        await self._move_to(None)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Take nothing from browsers: every act is an ordinary request."""

    async def inbox_changed(self, event: dict[str, Any]) -> None:
        """Tell the new count, and which case changed (a message of a group)."""
        await self._tell(event.get("case", ""))

    async def _recheck_membership(self) -> None:
        """Follow changes of the person's posts; close when they no longer belong here."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            place = await self._find_place()
            if place is None or (self.place and place.tenant_id != self.place.tenant_id):
                with suppress(RuntimeError):  # the browser has gone meanwhile
                    await self.close(code=NOT_A_MEMBER)
                return
            if place != self.place:
                await self._move_to(place)
                await self._tell()

    async def _move_to(self, place: Place | None) -> None:
        before = self.place.groups if self.place else frozenset()
        after = place.groups if place else frozenset()
        for group in before - after:
            await self.channel_layer.group_discard(group, self.channel_name)
        for group in after - before:
            await self.channel_layer.group_add(group, self.channel_name)
        self.place = place

    async def _tell(self, case_id: str = "") -> None:
        if self.place is None:
            return
        keys = sorted(self.place.keys)
        count = await _in_agency(self.place.tenant_id, lambda: InboxEntry.objects.count_for(keys))
        await self.send_json({"count": count, "case": case_id} if case_id else {"count": count})

    @database_sync_to_async
    def _find_place(self) -> Place | None:
        session = self.scope["session"]
        user = User.objects.filter(pk=self.scope["user"].pk, is_active=True).first()
        if user is None or not session.exists(session.session_key):
            return None
        tenants = tenants_of_user(user, _host(self.scope))
        chosen = [tenant for tenant in tenants if tenant.pk == session.get(SESSION_KEY)]
        for tenant in chosen or tenants[:1]:
            with tenant_context(tenant.pk):
                person = person_of_user(user.pk, tenant.organization_version)
            return Place(tenant.pk, frozenset(person.keys)) if person else None
        return None


@database_sync_to_async
def _in_agency(tenant_id: int, ask: Callable[[], Answer]) -> Answer:
    """Ask the database for an agency, in a transaction that only reads."""
    with tenant_context(tenant_id), reading(), transaction.atomic():
        return ask()


def _is_same_origin(scope: dict[str, Any]) -> bool:
    """Tell whether the page that opens the socket came from the host it is opened to.

    The installation may serve several hosts, in a demo any: that one is allowed is not enough.
    """
    return urlsplit(_header(scope, b"origin")).netloc == _host(scope) != ""


def _host(scope: dict[str, Any]) -> str:
    return _header(scope, b"host")


def _header(scope: dict[str, Any], name: bytes) -> str:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    return headers.get(name, b"").decode("latin-1")
