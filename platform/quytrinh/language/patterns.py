"""Patterns run on RE2: linear time, whatever the author and the user write."""

from __future__ import annotations

import re2


def fault_of(pattern: str) -> str:
    """Why RE2 does not run a pattern; empty if it does."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as problem:
        reason = problem.args[0] if problem.args else ""
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return ""


def compiles(pattern: str) -> bool:
    return not fault_of(pattern)
