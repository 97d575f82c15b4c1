"""What a child process found in a file that is to be signed: plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """A page, counted from 0, and its visible part in points."""

    index: int
    box: Box


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase on a page; its box begins on the line that letters stand on."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Field:
    """A signature field of the file."""

    page: int
    box: Box
    signed: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """`problem` is why the file cannot be signed: `encrypted`, `broken`, `too_costly`, or none."""

    problem: str = ""
    active_content: bool = False
    first: Page = Page(0, (0, 0, 0, 0))
    last: Page = Page(0, (0, 0, 0, 0))
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=dict)
    fields: Mapping[str, Field] = field(default_factory=dict)

    @property
    def signed(self) -> bool:
        return any(each.signed for each in self.fields.values())

    def page(self, name: str) -> Page:
        return self.first if name == "first" else self.last


def to_json(inspection: Inspection) -> str:
    """Write an inspection."""
    return json.dumps(asdict(inspection))


def from_json(text: bytes) -> Inspection:
    """Read an inspection."""
    given = json.loads(text)
    return Inspection(
        problem=given["problem"],
        active_content=given["active_content"],
        first=Page(given["first"]["index"], _box(given["first"]["box"])),
        last=Page(given["last"]["index"], _box(given["last"]["box"])),
        phrases={
            phrase: tuple(Phrase(each["page"], _box(each["box"])) for each in found)
            for phrase, found in given["phrases"].items()
        },
        fields={
            name: Field(each["page"], _box(each["box"]), each["signed"])
            for name, each in given["fields"].items()
        },
    )


def _box(given: list[float]) -> Box:
    left, bottom, right, top = (float(each) for each in given)
    return left, bottom, right, top
