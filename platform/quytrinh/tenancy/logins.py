"""Login by password, with guessing slowed down: so many failures, then a pause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import suppress

from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import HttpRequest

from quytrinh.tenancy.models import User

PAUSE_SECONDS = 15 * 60
# An agency behind one address mistypes too; a name is paused for the guessing address only, so
# that nobody can lock a colleague out.
MOST_FROM_ADDRESS = 50
MOST_FOR_NAME = 10


class TooManyFailures(Exception):
    """Whoever this is has to wait; the password is not even looked at."""


def user_of_password(request: HttpRequest, *, username: str, password: str) -> User | None:
    """Return the user with this name and password, or None; raise TooManyFailures."""
    counters = dict(_counters(request, username))
    if any(cache.get(key, 0) >= most for key, most in counters.items()):
        raise TooManyFailures
    user = authenticate(request, username=username, password=password)
    if user is None:
        for key in counters:
            _count(key)
    return user


def _counters(request: HttpRequest, username: str) -> Iterator[tuple[str, int]]:
    """Yield the keys under which failures are counted, and how many are too many."""
    address = request.META.get("REMOTE_ADDR", "")
    name = hashlib.sha256(username.lower().encode(errors="replace")).hexdigest()
    yield f"login-failures:{address}", MOST_FROM_ADDRESS
    yield f"login-failures:{address}:{name}", MOST_FOR_NAME


def _count(key: str) -> None:
    cache.add(key, 0, PAUSE_SECONDS)
    with suppress(ValueError):  # it ran out in between
        cache.incr(key)
