"""The agency at work: carried explicitly through requests, background tasks, channels, commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from quytrinh.tenancy.exceptions import TenantContextMissing


@dataclass(frozen=True, slots=True)
class TenantContext:
    """`tenant_id` is the local number of the agency; it never leaves this installation."""

    tenant_id: int


_current: ContextVar[TenantContext | None] = ContextVar("quytrinh_tenant", default=None)
_reading: ContextVar[bool] = ContextVar("quytrinh_reading", default=False)


@contextmanager
def tenant_context(tenant_id: int | None) -> Iterator[None]:
    """Work for this agency (None: for no agency) until the block ends."""
    token = _current.set(None if tenant_id is None else TenantContext(tenant_id))
    try:
        yield
    finally:
        _current.reset(token)


def current_tenant_id_or_none() -> int | None:
    """Return the agency at work, or None."""
    context = _current.get()
    return context.tenant_id if context else None


def current_tenant_id() -> int:
    """Return the agency at work; raise TenantContextMissing when there is none."""
    context = _current.get()
    if context is None:
        raise TenantContextMissing
    return context.tenant_id


@contextmanager
def reading() -> Iterator[None]:
    """Say that the transactions begun in this block only read.

    SQLite then begins them without the write lock, so that pages do not wait for each other.
    """
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Undo `reading` for a transaction that follows a page, such as marking a task seen."""
    token = _reading.set(False)
    try:
        yield
    finally:
        _reading.reset(token)


def is_reading() -> bool:
    """Tell whether the current block only reads."""
    return _reading.get()
