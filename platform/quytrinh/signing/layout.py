"""Layouts of signatures, read from data: one file a regulation, none of it in code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

DEFAULT = "nghi-dinh-30-2020"
_DIRECTORY = Path(__file__).with_name("layouts")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What on the page a mark is placed by; one of these, else the place of `otherwise`."""

    between: bool = False
    over: str = ""
    share: float = 0
    side: str = "left"
    after: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    corner: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark on a page: a signature field, or text printed before the first signature."""

    id: str
    field: str
    label: str
    cite: str
    page: str
    size: tuple[float, float]
    anchor: Anchor
    otherwise: Mapping[str, float]
    text: tuple[str, ...] = ()
    text_otherwise: tuple[str, ...] = ()
    text_size: float = 10
    image: str = ""
    image_colour: Colour | None = None
    locks: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The marks that a regulation knows."""

    id: str
    name: str
    marks: Mapping[str, Mark] = field(default_factory=dict)


class UnknownLayout(Exception):
    """There is no such layout."""


@cache
def layout(name: str) -> Layout:
    """Return a layout, over the one that it extends."""
    path = _DIRECTORY / f"{name}.yaml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise UnknownLayout(name)
    given = yaml.safe_load(path.read_text("utf-8"))
    inherited = layout(given["extends"]).marks if "extends" in given else {}
    own = {key: _mark(key, value) for key, value in given.get("marks", {}).items()}
    return Layout(given["layout"], given["name"], {**inherited, **own})


def layouts() -> tuple[str, ...]:
    """Return the names of all layouts."""
    return tuple(sorted(path.stem for path in _DIRECTORY.glob("*.yaml")))


def _mark(key: str, given: Mapping[str, Any]) -> Mark:
    values = dict(given)
    anchor: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.pop("anchor").items()
    }
    for name in ("size", "text", "text_otherwise"):
        values[name] = tuple(values.get(name, ()))
    colour = values.pop("image_colour", None)
    return Mark(id=key, anchor=Anchor(**anchor), image_colour=_colour(colour), **values)


def _colour(text: str | None) -> Colour | None:
    if text is None:
        return None
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue
