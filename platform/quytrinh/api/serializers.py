"""Shapes of the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from quytrinh.api.exchange_serializers import (
    ArrivalSerializer,
    PaperSerializer,
    ShipmentSerializer,
)
from quytrinh.api.parsers import refuse_unstorable
from quytrinh.api.verb_serializers import OfferedVerbSerializer, QuestionSerializer
from quytrinh.runtime.models import InboxEntry
from quytrinh.runtime.tree import Entry


class InboxEntrySerializer(serializers.ModelSerializer):
    """One row of an inbox."""

    class Meta:
        model = InboxEntry
        fields = (
            "task_id", "case_id", "kind", "case_code", "title", "step_name", "flow_name",
            "urgency", "sender_name", "created_at", "due_at", "seen_at", "note",
        )  # fmt: skip


class OfferedActionSerializer(serializers.Serializer):
    """An action of a task: lawful, or why not."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    why_not = serializers.CharField()
    style = serializers.ChoiceField(["forward", "return"])  # type: ignore[assignment]
    comment = serializers.ChoiceField(["none", "optional", "required"])
    target_name = serializers.CharField()


class TaskSerializer(serializers.Serializer):
    """A task with its form, the case's values, and what may be done with it."""

    id = serializers.UUIDField()
    case_id = serializers.UUIDField()
    case_code = serializers.CharField()
    step = serializers.CharField()
    step_name = serializers.CharField()
    status = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    form = serializers.DictField(allow_null=True)
    values = serializers.DictField()
    actions = OfferedActionSerializer(many=True)
    suspended = serializers.CharField()
    question = serializers.CharField()
    verbs = OfferedVerbSerializer(many=True)


class ValuesField(serializers.JSONField):
    """Values of a form's fields; as multipart they are JSON in text and came past the parser."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values; refuse what cannot be read or stored."""
        try:
            values = super().to_internal_value(data)
        except RecursionError:
            self.fail("invalid")
        refuse_unstorable(values)
        return values


class PerformSerializer(serializers.Serializer):
    """What is entered with an action; as multipart, `values` is JSON and files go by slot."""

    values = ValuesField(required=False, default=dict)
    comment = serializers.CharField(required=False, allow_blank=True, default="")


class StepResultSerializer(serializers.Serializer):
    """What became of a step."""

    case_id = serializers.UUIDField()
    case_code = serializers.CharField()
    finished = serializers.BooleanField()
    my_next_task = serializers.UUIDField(allow_null=True)


class StartSerializer(serializers.Serializer):
    """Which procedure to begin, with which values; with an `action` its first step is done too."""

    flow = serializers.CharField(max_length=64)
    action = serializers.CharField(required=False, allow_blank=True, default="")
    values = ValuesField(required=False, default=dict)
    comment = serializers.CharField(required=False, allow_blank=True, default="")


class StartedSerializer(serializers.Serializer):
    """A case that was begun."""

    case_id = serializers.UUIDField()


class FlowSerializer(serializers.Serializer):
    """A procedure the person may begin."""

    key = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField()


class HistoryLineSerializer(serializers.Serializer):
    """One thing that happened to a case."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    on_behalf_of = serializers.CharField()
    what = serializers.CharField()
    step = serializers.CharField()
    comment = serializers.CharField()
    is_return = serializers.BooleanField()


class WaitingLineSerializer(serializers.Serializer):
    """One thing a case waits for."""

    step = serializers.CharField()
    who = serializers.ListField(child=serializers.CharField())
    since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    task_id = serializers.UUIDField()
    suspended = serializers.CharField()


class SpanField(serializers.Field):
    """A span of time in whole seconds."""

    def to_representation(self, value: timedelta) -> int:
        """Return the seconds."""
        return int(value.total_seconds())


class StepTimeSerializer(serializers.Serializer):
    """How often a step was gone through, and how long that took: working time, and by the clock."""

    name = serializers.CharField()
    times = serializers.IntegerField()
    working = SpanField()
    elapsed = SpanField()


class WaySerializer(serializers.Serializer):
    """A step of the way of a case, or a block with its branches; they have such steps again."""

    step = serializers.CharField()
    name = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField(source="state_words")
    who = serializers.ListField(child=serializers.CharField())
    on_behalf_of = serializers.CharField()
    comment = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    working = SpanField()
    elapsed = SpanField()
    round = serializers.IntegerField()
    child = serializers.UUIDField(allow_null=True)
    branches = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_branches(self, entry: Entry) -> list[dict[str, Any]]:
        """Return each branch with what happened in it."""
        return [
            {
                "name": branch.name,
                "lead": branch.lead,
                "state": branch.state,
                "steps": WaySerializer(branch.entries, many=True).data,
            }
            for branch in entry.branches
        ]


class CaseSerializer(serializers.Serializer):
    """A case as those who may see it see it."""

    id = serializers.UUIDField()
    code = serializers.CharField()
    subject = serializers.CharField()
    urgency = serializers.CharField()
    status = serializers.CharField()
    outcome = serializers.CharField()
    flow = serializers.CharField()
    version = serializers.IntegerField()
    values = serializers.DictField()
    waiting = WaitingLineSerializer(many=True)
    history = HistoryLineSerializer(many=True)
    questions = QuestionSerializer(many=True)
    verbs = OfferedVerbSerializer(many=True)
    way = WaySerializer(many=True)
    times = StepTimeSerializer(many=True)
    documents = PaperSerializer(many=True)
    arrival = ArrivalSerializer(allow_null=True)
    shipments = ShipmentSerializer(many=True)


class LoginSerializer(serializers.Serializer):
    """Name and password."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=256, write_only=True)


class TokenSerializer(serializers.Serializer):
    """A token for the Authorization header: `Token <token>`."""

    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
