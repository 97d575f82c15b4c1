"""A message sent from any thread wakes the server's loop at once."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from asgiref.sync import async_to_sync

from quytrinh.background.channel_layer import ThreadSafeInMemoryChannelLayer
from quytrinh.background.notify import inbox_group


@pytest.mark.asyncio
async def test_message_from_another_thread_arrives_at_once():
    layer = ThreadSafeInMemoryChannelLayer()
    channel = await layer.new_channel()
    await layer.group_add("t1.x", channel)

    def send() -> None:
        async_to_sync(layer.group_send)("t1.x", {"type": "inbox.changed"})

    sender = threading.Thread(target=send)
    began = time.monotonic()
    sender.start()
    message = await asyncio.wait_for(layer.receive(channel), timeout=5)
    await asyncio.to_thread(sender.join)
    assert message == {"type": "inbox.changed"}
    assert time.monotonic() - began < 1


@pytest.mark.asyncio
async def test_message_from_the_same_loop_arrives():
    layer = ThreadSafeInMemoryChannelLayer()
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "inbox.changed"})
    assert await layer.receive(channel) == {"type": "inbox.changed"}


def test_message_without_a_server_goes_nowhere_quietly():
    layer = ThreadSafeInMemoryChannelLayer()
    async_to_sync(layer.group_send)("t1.x", {"type": "inbox.changed"})


def test_group_names_carry_the_agency_and_are_valid():
    layer = ThreadSafeInMemoryChannelLayer()
    name = inbox_group(7, "unit:phong-nghiep-vu/members")
    assert name.startswith("t7.")
    assert name != inbox_group(8, "unit:phong-nghiep-vu/members")
    layer.require_valid_group_name(name)
