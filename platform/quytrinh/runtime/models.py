"""Definitions, versions, cases, tasks and inboxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from quytrinh.journal.chain import GENESIS
from quytrinh.organization.models import Person
from quytrinh.runtime.choices import EntryKind, MigrationState, Urgency, VersionState
from quytrinh.runtime.querysets import (
    CaseMigrationQuerySet,
    CaseQuerySet,
    CaseTaskQuerySet,
    CaseViewerQuerySet,
    FlowVersionQuerySet,
    InboxQuerySet,
)
from quytrinh.tenancy.models import TenantModel
from quytrinh.tenancy.querysets import TenantManager

if TYPE_CHECKING:
    from quytrinh.runtime.unit_of_work import UnitOfWork

NODE_PREFIX = "node_"
# What tells a side task from the nodes of a flow.
SIDE = "SIDE"
# Beginnings of `start_key` that are no messages: a step that called or started, a date that came.
CALLED, SCHEDULED, STARTED = "call:", "schedule:", "start:"
OWN_STARTS = (CALLED, SCHEDULED, STARTED)


class Definition(models.Model):
    """Canonical JSON under its SHA-256: what several agencies share is stored once. Append only."""

    digest = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=16)
    canonical_json = models.TextField()


class LibraryFlow(models.Model):
    """A procedure of the library, as it was brought in at set-up; the same for all agencies."""

    key = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=300)
    help = models.TextField(blank=True)
    document = models.CharField(max_length=16, blank=True)
    # Keys of the regulations it rests on.
    basis = models.JSONField(default=list)
    # Its text and those of its forms: {library, source, forms}.
    text = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")


class Form(TenantModel):
    """A form of the agency: its text, and the definition new versions of procedures refer to."""

    key = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    source = models.TextField()
    definition = models.ForeignKey(Definition, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="form_key")]


class Flow(TenantModel):
    """A procedure of the agency; what it says is in its versions."""

    key = models.CharField(max_length=64)
    name = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="flow_key")]

    def __str__(self) -> str:
        return self.name


class FlowVersion(TenantModel):
    """One wording of a procedure, with this agency's values of its settings.

    Triggers refuse any change of the text once submitted, and of everything once promulgated.
    """

    flow = models.ForeignKey(Flow, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(
        max_length=16, choices=VersionState.choices, default=VersionState.DRAFT
    )
    source = models.TextField()
    # Absent while the draft has errors.
    definition = models.ForeignKey(
        Definition, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Setting -> the agency's value as texts; a setting not named keeps the flow's default.
    settings = models.JSONField(default=dict)
    # The promulgated flow with every setting's value, where the flow has settings.
    edition = models.ForeignKey(Definition, null=True, on_delete=models.PROTECT, related_name="+")
    # The text of the library that the draft began as; kept even when the library goes on.
    adopted = models.ForeignKey(Definition, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=2000, blank=True, default="")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    # Why the head of the agency returned it, until it is submitted again.
    returned_because = models.CharField(max_length=2000, blank=True, default="")
    decision_number = models.CharField(max_length=64, blank=True)
    decision_date = models.DateField(null=True)
    effective_from = models.DateField(null=True)
    promulgated_at = models.DateTimeField(null=True)
    promulgated_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TenantManager.from_queryset(FlowVersionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "flow", "number"], name="version_number"),
        ]

    @property
    def plan_digest(self) -> str | None:
        """By which definition cases run: the flow with the agency's values, or the flow itself."""
        found: str | None = self.edition_id or self.definition_id
        return found


class DraftEdit(TenantModel):
    """One change of a draft's text, so that it can be taken back and made again."""

    version = models.ForeignKey(FlowVersion, on_delete=models.CASCADE, related_name="edits")
    number = models.PositiveIntegerField()
    # Hunks of the patch: [start, old, new].
    hunks = models.JSONField()
    # Digest of the text that the edit led to; another text has made the edit past history.
    made = models.CharField(max_length=64)
    # The step to look at after it.
    step = models.CharField(max_length=64, blank=True, default="")
    undone = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version", "number"], name="edit_number"),
        ]


class Case(TenantModel, AbstractProcess):
    """One running procedure, pinned to the version it began under."""

    # Which Flow class carries it follows from the digest; string references are not used.
    flow_class = property(lambda case: case._flow_class())  # type: ignore[assignment]
    flow_version = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="cases")
    digest = models.CharField(max_length=64)
    code = models.CharField(max_length=32)
    subject = models.CharField(max_length=1000, blank=True)
    urgency = models.CharField(max_length=16, choices=Urgency.choices, default=Urgency.NORMAL)
    unit_key = models.CharField(max_length=64, blank=True)
    creator = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(null=True)
    fields = models.JSONField(default=dict)
    slots = models.JSONField(default=dict)
    # Human step -> how it was last completed: {action, by, at, times, actions, back}.
    steps = models.JSONField(default=dict)
    # Rises with each step taken, so that a read that waited for the lock knows it is stale.
    revision = models.PositiveIntegerField(default=0)
    journal_seq = models.PositiveIntegerField(default=0)
    journal_hash = models.CharField(max_length=64, default=GENESIS)
    # What began the case, if no person did: the same message never begins two.
    start_key = models.CharField(max_length=200, default="")
    # Blocks begun so far, by number, with their branches (scopes.py).
    blocks = models.JSONField(default=dict)
    # Since when its clock stands (flows/README.md, clocks).
    clock_stands_since = models.DateTimeField(null=True)
    # Scope and step -> how often each verb was used there.
    verbs_used = models.JSONField(default=dict)
    # The step of another case that called this one.
    parent_task = models.UUIDField(null=True)

    objects = TenantManager.from_queryset(CaseQuerySet)()
    unit_of_work: UnitOfWork | None = None

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="case_code"),
            models.UniqueConstraint(
                fields=["tenant", "start_key"],
                condition=~models.Q(start_key=""),
                name="one_case_a_message",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "created"], name="case_by_age")]

    def __str__(self) -> str:
        return self.code

    @property
    def begun_by_message(self) -> bool:
        """Whether another agency's message began the case, so that somebody can be told."""
        return bool(self.start_key) and not self.start_key.startswith(OWN_STARTS)

    @property
    def coerced(self) -> Case:
        """Return the case itself: there is one class of cases."""
        return self

    def _flow_class(self) -> Any:
        from quytrinh.runtime.engine.registry import flow_class

        return flow_class(self.digest)

    def save(self, **kwargs: Any) -> None:
        """Hand the case to the unit of work; cases change nowhere else."""
        _unit_of_work(self).case_changed()


class CaseTask(TenantModel, AbstractTask):
    """One node of one case. Viewflow moves it; the unit of work writes it."""

    process = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="task_set", db_index=False
    )
    node = models.CharField(max_length=100)
    step = models.CharField(max_length=64)
    role = models.CharField(max_length=64, blank=True)
    flow_task = property(  # type: ignore[assignment]
        lambda task: task._get_flow_task(), lambda task, node: task._set_flow_task(node)
    )
    previous = property(lambda task: task.previous_ids)  # type: ignore[assignment]
    previous_ids = models.JSONField(default=list)
    scheduled = None
    external_task_id = None
    status = models.CharField(max_length=16, choices=STATUS.choices, default=STATUS.NEW)
    created = models.DateTimeField(default=timezone.now)
    owner = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Viewflow's generic permission cannot be removed from its base class; never filled.
    owner_permission = models.CharField(max_length=1, null=True)  # noqa: DJ001  (see above)
    owner_permission_content_type = models.ForeignKey(
        ContentType, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner_permission_obj_pk = models.CharField(max_length=1, null=True)  # noqa: DJ001  (see above)

    holder_keys = models.JSONField(default=list)
    due_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    action = models.CharField(max_length=64, blank=True)
    comment = models.TextField(blank=True)
    done_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    data = models.JSONField(default=dict)

    objects = TenantManager.from_queryset(CaseTaskQuerySet)()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "process", "created"], name="tasks_of_case")]

    def __str__(self) -> str:
        return f"{self.node} {self.status}"

    @property
    def is_machine(self) -> bool:
        """Whether the machine is at work and no person is asked."""
        return self.flow_task_type == "JOB"

    @property
    def is_side(self) -> bool:
        """Whether somebody is asked beside a task: an opinion, or help; never a token."""
        return self.flow_task_type == SIDE

    @property
    def suspended(self) -> dict[str, Any] | None:
        """Since when and why the task stands still; None while it is worked on."""
        return self.data.get("suspended")

    def _get_flow_task(self) -> Any:
        return self.process.flow_class.instance.node(NODE_PREFIX + self.node)

    def _set_flow_task(self, node: Any) -> None:
        self.node = node.name.removeprefix(NODE_PREFIX)
        self.step = self.node.partition("__")[0]

    def save(self, **kwargs: Any) -> None:
        """Hand the task to the unit of work; tasks change nowhere else."""
        if not self.flow_task_type:
            self.flow_task_type = self.flow_task.task_type
        _unit_of_work(self.process).task_changed(self)


class InboxEntry(TenantModel):
    """What an inbox shows: one row for each task and holder key, written with the step."""

    kind = models.CharField(max_length=8, choices=EntryKind.choices, default=EntryKind.TASK)
    holder_key = models.CharField(max_length=160)
    task_id = models.UUIDField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    case_code = models.CharField(max_length=32)
    title = models.CharField(max_length=1000, blank=True)
    step_name = models.CharField(max_length=300)
    flow_name = models.CharField(max_length=300)
    urgency = models.CharField(max_length=16, choices=Urgency.choices)
    sender_name = models.CharField(max_length=300, blank=True)
    # Why it stands still, or who presses for it.
    note = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    # The deadline, or the end of time: a list has one order.
    sort_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(InboxQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "task_id", "holder_key"], name="inbox_once")
        ]
        indexes = [
            models.Index(
                fields=["tenant", "holder_key", "kind", "sort_at", "id"], name="inbox_page"
            )
        ]


class CaseViewer(TenantModel):
    """Under this key a case was begun, held or done: whoever has it may see the case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=160)

    objects = TenantManager.from_queryset(CaseViewerQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "case", "key"], name="viewer_once")
        ]
        indexes = [models.Index(fields=["tenant", "key", "case"], name="cases_of_viewer")]


class CaseMigration(TenantModel):
    """Running cases of one version are carried over to a later one, as somebody decided."""

    source = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(FlowVersion, on_delete=models.PROTECT, related_name="+")
    # Step of the earlier version -> step of the later one; those not named are gone.
    steps = models.JSONField(default=dict)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    objects = TenantManager.from_queryset(CaseMigrationQuerySet)()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "begun_at"], name="migrations_by_age")]


class MigratedCase(TenantModel):
    """One case of a migration: what became of it, and what it was before."""

    migration = models.ForeignKey(
        CaseMigration, on_delete=models.PROTECT, related_name="cases", db_index=False
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(
        max_length=8, choices=MigrationState.choices, default=MigrationState.WAITING
    )
    # Why it was not carried over, or cannot be taken back.
    reason = models.CharField(max_length=2000, blank=True, default="")
    # What to put back (runtime/migration/carrying.py), and at which revision that is still right.
    before = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "migration", "case"], name="migrated_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "migration", "state", "id"], name="migration_progress")
        ]


def _unit_of_work(case: Case) -> UnitOfWork:
    if case.unit_of_work is None:
        raise RuntimeError("a case changes only inside a unit of work")
    return case.unit_of_work
