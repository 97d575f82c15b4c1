"""Telling open browsers that something changed. Pages work without it."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

INBOX_CHANGED = "inbox.changed"


def inbox_group(tenant_id: int, key: str) -> str:
    """Return the channel group of a holder key; group names allow few characters."""
    digest = hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()
    return f"t{tenant_id}.{digest}"


def inbox_changed(tenant_id: int, keys: Iterable[str], case_id: UUID | None = None) -> None:
    """Tell whoever holds one of these keys that their inbox changed, and by which case.

    Call it after commit.
    """
    try:
        async_to_sync(_send)(tenant_id, tuple(dict.fromkeys(keys)), str(case_id or ""))
    except Exception:
        # The work itself is committed; a counter that moves later is no reason to fail it.
        logger.exception("browsers of agency %d were not told", tenant_id)


async def _send(tenant_id: int, keys: tuple[str, ...], case_id: str) -> None:
    layer = get_channel_layer()
    for key in keys:
        event = {"type": INBOX_CHANGED, "case": case_id}
        await layer.group_send(inbox_group(tenant_id, key), event)
