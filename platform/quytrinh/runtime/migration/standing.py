"""What pages and API show of running cases and versions: who runs by what, and the dry run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from quytrinh.runtime.migration.actions import versions_of
from quytrinh.runtime.migration.mapping import Choice, choices, chosen
from quytrinh.runtime.migration.verdicts import Judge, Verdict, dry_run
from quytrinh.runtime.models import Case, CaseMigration, FlowVersion, MigratedCase


@dataclass(frozen=True, slots=True)
class OldVersion:
    """An earlier version by which cases still run."""

    flow_key: str
    flow_name: str
    number: int
    cases: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would become of every case that runs by a version."""

    source: FlowVersion
    target: FlowVersion
    choices: tuple[Choice, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def movable(self) -> int:
        """How many cases nothing blocks."""
        return sum(verdict.may_move for verdict in self.verdicts)

    @property
    def blocked(self) -> int:
        """How many would stay."""
        return len(self.verdicts) - self.movable


@dataclass(frozen=True, slots=True)
class CaseLine:
    """What became of one case."""

    case_id: UUID
    code: str
    subject: str
    state: str
    state_name: str
    reason: str


def old_versions(in_force: Mapping[str, int] | None = None) -> list[OldVersion]:
    """Return the versions before those in force by which cases still run, by procedure.

    `in_force`: procedure -> number, where that is known; only of these is told.
    """
    if in_force is None:
        in_force = dict(FlowVersion.objects.in_force().values_list("flow__key", "number"))
    named = ("flow_version__flow__key", "flow_version__flow__name", "flow_version__number")
    running = Case.objects.filter(finished=None, flow_version__flow__key__in=in_force)
    counted = (
        running.values_list(*named).annotate(count=Count("pk")).order_by(named[1], f"-{named[2]}")
    )
    found = (OldVersion(*row) for row in counted)
    return [each for each in found if each.number < in_force.get(each.flow_key, 0)]


def dry_run_of(flow_key: str, number: int, wanted: Mapping[str, str]) -> DryRun:
    """Judge every case that runs by a version; `wanted` are choices beside the proposed mapping.

    Blocked ones come first. Raises NotFoundForYou, VersionConflict, FormInvalid.
    """
    source, target = versions_of(flow_key, number)
    steps = chosen(source, target, wanted)
    judge = Judge(source, target, steps)
    cases = list(Case.objects.running_under(source))
    verdicts = dry_run(judge, cases)
    names = {name for verdict in verdicts for name in verdict.at}
    occupied = [step.id for step in judge.old.all_steps() if step.name in names]
    return DryRun(
        source,
        target,
        choices(source, target, steps, occupied),
        tuple(sorted(verdicts, key=lambda verdict: verdict.may_move)),
    )


def case_lines(migration: CaseMigration, state: str = "") -> list[CaseLine]:
    """Return what became of each case of a migration, or of those in a state."""
    lines = MigratedCase.objects.filter(migration=migration).select_related("case")
    if state:
        lines = lines.filter(state=state)
    return [
        CaseLine(
            case_id=line.case_id,
            code=line.case.code,
            subject=line.case.subject,
            state=line.state,
            state_name=str(line.get_state_display()),
            reason=line.reason,
        )
        for line in lines.defer("before").order_by("pk")
    ]
