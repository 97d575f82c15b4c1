"""What the pages of the studio show of procedures, versions and findings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.compiler.remarks import Fact, facts
from quytrinh.compiler.wording import StepRow, describe
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.runtime import drawing
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.procedures import UNFINISHED

# No procedure is as long; drawing more lines than this takes seconds.
MOST_LINES = 5_000


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list of versions."""

    number: int
    draft: bool
    in_force: bool
    state_name: str
    url: str
    decision: str = ""


@dataclass(frozen=True, slots=True)
class ListingLine:
    """A numbered line of the source; `tone` is the gravest finding that begins on it."""

    number: int
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A version as table and as drawing."""

    drawing: str = ""
    facts: tuple[Fact, ...] = ()
    steps: tuple[StepRow, ...] = ()


def version_row(version: FlowVersion, current: FlowVersion | None) -> VersionRow:
    """Return a version as the list of versions shows it; `current` is the one in force."""
    draft = version.state in UNFINISHED
    if draft:
        url = reverse("studio:draft", args=[version.pk])
    else:
        url = reverse("studio:version", args=[version.flow.key, version.number])
    return VersionRow(
        number=version.number,
        draft=draft,
        in_force=version == current,
        state_name=standing(version, current),
        url=url,
        decision=version.decision_number,
    )


def standing(version: FlowVersion, current: FlowVersion | None) -> str:
    """Return in words whether a promulgated version is, was or will be in force."""
    if version == current:
        return _("Đang có hiệu lực")
    effective_from = version.effective_from
    promulgated = version.state == VersionState.PROMULGATED
    if promulgated and effective_from and effective_from > timezone.localdate():
        return _("Có hiệu lực từ %(day)s") % {"day": effective_from.strftime("%d/%m/%Y")}
    if version.state in UNFINISHED:
        return str(version.get_state_display())
    return _("Đã được thay thế")


def picture(version: FlowVersion) -> Picture:
    """Return table and drawing of a version; a draft with errors has neither."""
    digest = version.plan_digest
    if digest is None:
        return Picture()
    phrases = drawing.phrases(digest)
    title = _("Sơ đồ quy trình %(name)s") % {"name": phrases.plan.name}
    return Picture(
        drawing=drawing.of_definition(digest, title=title),
        facts=facts(phrases.plan, phrases),
        steps=describe(phrases),
    )


def listing(source: str, findings: Sequence[Diagnostic]) -> list[ListingLine]:
    """Return the numbered lines of a source, those with findings marked; none of an endless one."""
    lines = source.splitlines()
    if len(lines) > MOST_LINES:
        return []
    tones: dict[int, str] = {}
    for finding in findings:
        if finding.is_error or finding.span.line not in tones:
            tones[finding.span.line] = "error" if finding.is_error else "warning"
    return [
        ListingLine(number, text, tones.get(number, ""))
        for number, text in enumerate(lines, start=1)
    ]
