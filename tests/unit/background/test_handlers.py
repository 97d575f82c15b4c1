"""Each kind of message has one handler."""

from __future__ import annotations

import pytest

from quytrinh.background.exceptions import UnknownKind
from quytrinh.background.handlers import handler_of, register, registered_temporarily


def nothing(message: object) -> None:
    """Do nothing."""


def test_handler_is_found_by_kind_while_registered():
    with registered_temporarily("test.nothing", nothing):
        assert handler_of("test.nothing").handle is nothing
    with pytest.raises(UnknownKind, match=r"test\.nothing"):
        handler_of("test.nothing")


def test_same_handler_twice_is_harmless_another_is_refused():
    with registered_temporarily("test.nothing", nothing):
        register("test.nothing", nothing)
        with pytest.raises(ValueError, match="already has a handler"):
            register("test.nothing", print)
