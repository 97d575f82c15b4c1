"""Compiled flows by digest: the same text in a thousand agencies is one class."""

from __future__ import annotations

from functools import lru_cache

from quytrinh.runtime import definitions
from quytrinh.runtime.engine.compile import TenantFlow, compile_plan

# About 25 kB each: 64 MB at most.
KEPT = 2048


@lru_cache(maxsize=KEPT)
def flow_class(digest: str) -> type[TenantFlow]:
    """Return the Flow class of a promulgated text."""
    return compile_plan(definitions.plan(digest))
