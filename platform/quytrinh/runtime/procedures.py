"""What pages and API show of the procedures of an agency, beside their drawings and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.models import Flow, FlowVersion
from quytrinh.runtime.named_flows import flow_of_version
from quytrinh.runtime.querysets import version_in_force
from quytrinh.runtime.shows import differences_by_class

UNFINISHED = (VersionState.DRAFT, VersionState.SUBMITTED)


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A procedure in the list: the version in force, and the latest draft if it is newer.

    `draft` may be submitted already: then it waits for the head's decision.
    """

    key: str
    name: str
    current: FlowVersion | None
    draft: FlowVersion | None


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What changed of one kind: the course, the people, the deadlines …"""

    title: str
    sentences: tuple[str, ...]


def changes(version: FlowVersion, current: FlowVersion | None) -> tuple[ChangeGroup, ...]:
    """Return how a version differs from the one in force; nothing to compare, nothing to tell."""
    if current is None or current.pk == version.pk or version.definition_id is None:
        return ()
    grouped = differences_by_class(flow_of_version(current), flow_of_version(version))
    return tuple(ChangeGroup(title, tuple(sentences)) for title, sentences in grouped)


def flow_rows() -> list[FlowRow]:
    """Return the procedures of the agency by name."""
    versions: dict[UUID, list[FlowVersion]] = {}
    for version in FlowVersion.objects.defer("source").order_by("-number"):
        versions.setdefault(version.flow_id, []).append(version)
    return [
        _flow_row(flow, versions.get(flow.pk, [])) for flow in Flow.objects.order_by("name", "key")
    ]


def _flow_row(flow: Flow, versions: Sequence[FlowVersion]) -> FlowRow:
    newest = versions[0] if versions and versions[0].state in UNFINISHED else None
    return FlowRow(key=flow.key, name=flow.name, current=version_in_force(versions), draft=newest)
