"""Waiting for what another process does, without sleeping longer than needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
PATIENCE = 20


def wait_for(look: Callable[[], Found | None], what: str) -> Found:
    """Return the first truthy answer of `look`; fail by naming `what` never came."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {PATIENCE} s: {what}")
