"""The yardstick: what any engine must at least send, by hand, on our own tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from django.conf import settings

from quytrinh.tenancy.ids import uuid7
from tests.bench.engines.engine import STEPS, Shape
from tests.bench.engines.ours import Ours
from tests.support.postgresql import addresses

TENANT = "SELECT set_config('app.tenant', %s, true)"
UPDATE = "UPDATE runtime_casetask SET status = 'DONE', finished = %s WHERE id = %s"
INSERT_TASK = """
INSERT INTO runtime_casetask (id, tenant_id, process_id, node, step, role, flow_task_type, token,
    status, created, owner_id, holder_keys, previous_ids, action, comment, data)
VALUES (%s, %s, %s, 'review', 'review', 'doer', 'HUMAN', 'start',
    'ASSIGNED', %s, %s, '[]', '[]', '', '', '{}')
"""
INSERT_ENTRY = """
INSERT INTO journal_journalentry (id, tenant_id, subject_id, seq, at, actor, verb, payload,
    prev_hash, hash)
VALUES (%s, %s, %s, %s, %s, %s, 'task.completed', '{}', %s, %s)
"""
HASH = "0" * 64


@dataclass
class BareCase:
    """A case, its open task, and how many steps were done."""

    id: UUID
    task: UUID
    steps: int
    done: int = 0


class Bare:
    """BEGIN, the tenant setting, UPDATE, INSERT, INSERT, COMMIT; prepared."""

    name = "bare"

    def __init__(self, ours: Ours) -> None:
        self.ours = ours
        self.tenant, self.person = ours.agency.tenant.pk, ours.person.id
        database = str(settings.DATABASES["default"]["NAME"])
        self.connection = psycopg.connect(addresses(database).serving, autocommit=True)

    @property
    def backend(self) -> int:
        """Return the process id of the own connection's backend."""
        return self.connection.info.backend_pid

    def begin(self, shape: Shape) -> BareCase:
        """Let ours make the case row and a first task."""
        case = self.ours.begin(shape)
        return BareCase(case.pk, self.ours.next_task(case), STEPS[shape])

    def next_task(self, case: BareCase) -> BareCase:
        """Return the case, which knows its task."""
        return case

    def do(self, case: BareCase) -> None:
        """Close the task, open another, note it."""
        now, task = datetime.now(UTC), uuid7()
        cursor = self.connection.cursor()
        cursor.execute("BEGIN", prepare=True)
        cursor.execute(TENANT, [str(self.tenant)], prepare=True)
        cursor.execute(UPDATE, [now, case.task], prepare=True)
        values = [task, self.tenant, case.id, now, self.person]
        cursor.execute(INSERT_TASK, values, prepare=True)
        case.done += 1
        entry = [uuid7(), self.tenant, case.id, 100 + case.done, now, self.person, HASH, HASH]
        cursor.execute(INSERT_ENTRY, entry, prepare=True)
        cursor.execute("COMMIT", prepare=True)
        case.task = task

    def is_over(self, case: BareCase) -> bool:
        """Tell whether all steps were done."""
        return case.done == case.steps
