"""How single values are written in the normal form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from quytrinh.language.settings import REFERENCE
from quytrinh.language.source import Word

Json = dict[str, Any]


def text(word: Word | None) -> Any:
    """A word's text; a setting of the agency by its name, since its value is no part of the flow.

    Typed `Any`: where a setting may stand, so may a reference to it.
    """
    if word is None:
        return None
    return {REFERENCE: word.setting} if word.setting else word.text


def texts(words: Iterable[Word]) -> Any:
    """The texts of several words; one reference where a setting gave them all."""
    listed = list(words)
    if listed and listed[0].setting:
        return {REFERENCE: listed[0].setting}
    return [word.text for word in listed]


def whole(word: Word | None) -> Any:
    """A whole number, or the reference to a setting."""
    if word is None or word.setting:
        return text(word)
    return int(word.text)


def without_empty(values: Json) -> Json:
    """Every key equal to its default is left out; the default of these is to be absent."""
    return {key: value for key, value in values.items() if value not in (None, [], {}, False)}


def unless(value: Any, default: Any) -> Any:
    """The value, or None where it is the default."""
    return None if value == default else value
