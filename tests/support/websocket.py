"""A browser's WebSocket without a server (channels.testing needs daphne, which we do not)."""

from __future__ import annotations

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

PATIENCE = 5


class Socket(ApplicationCommunicator):
    """One connection to an ASGI application."""

    def __init__(self, application: Any, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": b"",
            "headers": headers,
            "subprotocols": [],
        }
        super().__init__(application, scope)

    async def connect(self) -> bool:
        """Open the connection; tell whether it was accepted."""
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(PATIENCE))["type"] == "websocket.accept"

    async def told(self) -> Any:
        """Return the next message, which is JSON."""
        output = await self.receive_output(PATIENCE)
        assert output["type"] == "websocket.send", output
        return json.loads(output["text"])

    async def say(self, content: Any) -> None:
        """Send a message as the browser."""
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})

    async def disconnect(self) -> None:
        """Close the connection as the browser."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(PATIENCE)
