"""Where chains end, as the rooms that own their subjects know it: shows an end that was cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from quytrinh.journal.chain import Head

HeadSource = Callable[[], Iterable[Head]]

_sources: list[HeadSource] = []


def register(source: HeadSource) -> None:
    """Add a source of heads of the agency at work; rooms do so in AppConfig.ready()."""
    _sources.append(source)


def known_heads() -> dict[UUID, Head]:
    """Return the heads that are kept besides the journal, for the agency at work."""
    return {head.subject_id: head for source in _sources for head in source()}
