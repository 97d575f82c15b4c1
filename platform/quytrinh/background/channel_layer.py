"""A channel layer within one process that may be used from any thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from channels.layers import InMemoryChannelLayer


class ThreadSafeInMemoryChannelLayer(InMemoryChannelLayer):
    """Hands messages from other threads to the loop of the server, which they would not wake.

    Without it a message sent by the worker's thread waits until the server's loop happens to
    wake up, seconds later.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._server_loop: asyncio.AbstractEventLoop | None = None

    async def new_channel(self, prefix: str = "specific.") -> str:
        """Name a channel for a consumer, whose loop is the server's."""
        self._server_loop = asyncio.get_running_loop()
        return await super().new_channel(prefix)

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Send to one channel, in the server's loop."""
        await self._in_server_loop(super().send, channel, message)

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Send to a group, in the server's loop."""
        await self._in_server_loop(super().group_send, group, message)

    def group_send_soon(self, group: str, message: dict[str, Any]) -> None:
        """Send to a group from any thread without waiting; nothing is done if nobody listens."""
        loop = self._server_loop
        if group in self.groups and loop is not None and not loop.is_closed():
            asyncio.run_coroutine_threadsafe(super().group_send(group, message), loop)

    async def _in_server_loop(
        self, send: Callable[..., Coroutine[Any, Any, None]], target: str, message: dict[str, Any]
    ) -> None:
        loop = self._server_loop
        if loop is None or loop.is_closed() or loop is asyncio.get_running_loop():
            await send(target, message)
            return
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(send(target, message), loop))
