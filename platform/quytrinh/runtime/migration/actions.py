"""Somebody has running cases carried over, or taken back; the background does it in batches.

Each case is one transaction and one line of the migration; a batch that was cut short is simply
done again, since lines that are settled are passed over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.background.actions import enqueue
from quytrinh.background.message import Message
from quytrinh.journal.actions import record
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.choices import MigrationState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    CaseStays,
    FormInvalid,
    NotFoundForYou,
    VersionConflict,
)
from quytrinh.runtime.migration.mapping import chosen
from quytrinh.runtime.migration.moving import move_case, take_back_case
from quytrinh.runtime.migration.verdicts import Judge
from quytrinh.runtime.models import Case, CaseMigration, FlowVersion, MigratedCase
from quytrinh.tenancy.ids import uuid7

MIGRATE_KIND = "runtime.migrate"
# Cases in one message; each is a transaction of its own.
BATCH = 50
UNSETTLED = (MigrationState.WAITING, MigrationState.UNDOING)


def require_migrator(actor: PersonView) -> None:
    """Refuse anyone but the head of the agency and its administrators."""
    if not actor.moves_cases:
        raise ActionNotAllowed(
            _("Chỉ thủ trưởng hoặc quản trị viên được chuyển hồ sơ sang phiên bản mới.")
        )


def versions_of(flow_key: str, number: int) -> tuple[FlowVersion, FlowVersion]:
    """Return an earlier version of a procedure and the one in force.

    Raises NotFoundForYou, and VersionConflict when it is not an earlier one.
    """
    versions = FlowVersion.objects.select_related("flow").filter(flow__key=flow_key)
    target = versions.in_force().first()
    source = versions.filter(number=number).first()
    if target is None or source is None or source.plan_digest is None:
        raise NotFoundForYou
    if source.number >= target.number:
        raise VersionConflict(_("Chỉ chuyển được từ phiên bản cũ sang phiên bản đang có hiệu lực."))
    return source, target


@transaction.atomic
def migrate_cases(
    *,
    flow_key: str,
    number: int,
    actor: PersonView,
    steps: Mapping[str, str] | None = None,
    cases: Collection[UUID] | None = None,
) -> CaseMigration:
    """Have running cases of a version carried over to the version in force.

    `steps`: choices beside the proposed mapping, empty = the step is gone; `cases`: only these.
    Raises ActionNotAllowed, NotFoundForYou, VersionConflict, FormInvalid.
    """
    require_migrator(actor)
    source, target = versions_of(flow_key, number)
    mapping = chosen(source, target, steps or {})
    running = Case.objects.running_under(source)
    if cases is not None:
        running = running.filter(pk__in=cases)
    ids = list(running.values_list("pk", flat=True))
    if not ids:
        raise FormInvalid({"cases": [_("Hãy chọn ít nhất một hồ sơ đang chạy theo phiên bản cũ.")]})
    migration = CaseMigration(source=source, target=target, steps=mapping, begun_by_id=actor.id)
    migration.save()
    MigratedCase.objects.bulk_create(
        MigratedCase(tenant_id=migration.tenant_id, migration=migration, case_id=case)
        for case in ids
    )
    facts = {"source": source.number, "target": target.number, "cases": len(ids)}
    _record(migration, "flow.migration_begun", actor, **facts)
    _enqueue(migration.pk)
    return migration


@transaction.atomic
def undo_migration(
    *, migration_id: UUID, actor: PersonView, cases: Collection[UUID] | None = None
) -> CaseMigration:
    """Have cases of a migration put back as they were; those that went on since stay.

    `cases`: only these. Raises ActionNotAllowed, NotFoundForYou, FormInvalid.
    """
    require_migrator(actor)
    migration = CaseMigration.objects.select_related("source__flow").filter(pk=migration_id).first()
    if migration is None:
        raise NotFoundForYou
    lines = MigratedCase.objects.filter(migration=migration, state=MigrationState.MOVED)
    if cases is not None:
        lines = lines.filter(case_id__in=cases)
    wanted = lines.update(state=MigrationState.UNDOING, undone_by_id=actor.id, reason="")
    if not wanted:
        raise FormInvalid({"cases": [_("Không có hồ sơ nào đã chuyển để hoàn tác.")]})
    _record(migration, "flow.migration_undone", actor, cases=wanted)
    _enqueue(migration.pk)
    return migration


def migrate_batch(message: Message) -> None:
    """Settle some cases of a migration, and leave the others to the next message."""
    migration_id = UUID(message.payload["migration"])
    with transaction.atomic():
        migration = CaseMigration.objects.select_related("source", "target").get(pk=migration_id)
        judge = Judge(migration.source, migration.target, migration.steps)
        unsettled = MigratedCase.objects.filter(migration=migration, state__in=UNSETTLED)
        lines = list(unsettled.order_by("pk")[:BATCH])
    failures = [failure for line in lines if (failure := _try(line, judge))]
    if failures:
        raise failures[0]
    if len(lines) == BATCH:
        with transaction.atomic():
            message.complete()
            _enqueue(migration_id)


def give_up(message: Message, _reason: str) -> None:
    """Leave what could not be settled where it is, and say so on its line."""
    lines = MigratedCase.objects.filter(migration=UUID(message.payload["migration"]))
    told = _("Hệ thống không chuyển được hồ sơ này; hãy báo quản trị viên.")
    lines.filter(state=MigrationState.WAITING).update(state=MigrationState.KEPT, reason=told)
    lines.filter(state=MigrationState.UNDOING).update(state=MigrationState.MOVED, reason=told)


def _try(line: MigratedCase, judge: Judge) -> Exception | None:
    """Settle a line; one that fails is tried again with the message and keeps no other waiting."""
    try:
        _settle(line, judge)
    except Exception as failure:  # noqa: BLE001  (returned, and raised once the others are settled)
        return failure
    return None


def _settle(line: MigratedCase, judge: Judge) -> None:
    back = line.state == MigrationState.UNDOING
    try:
        (take_back_case if back else move_case)(line.pk, line.case_id, judge)
    except CaseStays as stays:
        state = MigrationState.MOVED if back else MigrationState.KEPT
        with transaction.atomic():
            # Another worker may have settled it meanwhile; then nothing is said again.
            still = MigratedCase.objects.filter(pk=line.pk, state=line.state)
            still.update(state=state, reason=stays.message[:2000])


def _enqueue(migration_id: UUID) -> None:
    key = f"migrate:{migration_id}:{uuid7()}"
    enqueue(kind=MIGRATE_KIND, key=key, payload={"migration": str(migration_id)})


def _record(migration: CaseMigration, verb: str, actor: PersonView, **facts: object) -> None:
    payload = {"migration": str(migration.pk), **facts}
    record(subject_id=migration.source.flow_id, verb=verb, actor=actor.id, payload=payload)
