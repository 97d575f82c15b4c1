"""Telling open browsers that something changed. Pages work without it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import threading
from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer

from quytrinh.background.channel_layer import ThreadSafeInMemoryChannelLayer

logger = logging.getLogger(__name__)

INBOX_CHANGED = "inbox.changed"


def inbox_group(tenant_id: int, key: str) -> str:
    """Return the channel group of a holder key; group names allow few characters."""
    digest = hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()
    return f"t{tenant_id}.{digest}"


def inbox_changed(tenant_id: int, keys: Iterable[str], case_id: UUID | None = None) -> None:
    """Tell whoever holds one of these keys that their inbox changed, and by which case.

    Call it after commit. Nobody waits for the message to be sent.
    """
    groups = [inbox_group(tenant_id, key) for key in dict.fromkeys(keys)]
    event = {"type": INBOX_CHANGED, "case": str(case_id or "")}
    layer = get_channel_layer()
    if isinstance(layer, ThreadSafeInMemoryChannelLayer):
        for group in groups:
            layer.group_send_soon(group, event)
    else:
        asyncio.run_coroutine_threadsafe(_send(layer, groups, event), _loop(os.getpid()))


@cache
def _loop(process: int) -> asyncio.AbstractEventLoop:
    """Return the loop of a process that sends; a fork begins its own.

    A loop of its own for each message would cost more than a step, and a connection to Redis.
    """
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="notify", daemon=True).start()
    return loop


async def _send(layer: Any, groups: list[str], event: dict[str, str]) -> None:
    try:
        for group in groups:
            await layer.group_send(group, event)
    except Exception:
        # The work itself is committed; a counter that moves later is no reason to fail it.
        logger.exception("browsers were not told")
