"""Shapes of verbs: what is offered, what goes with one, what was asked beside a task."""

from __future__ import annotations

from rest_framework import serializers


class OfferedVerbSerializer(serializers.Serializer):
    """A verb: lawful, or why not; `asks` names what goes with it."""

    id = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    allowed = serializers.BooleanField()
    why_not = serializers.CharField()
    comment = serializers.ChoiceField(["optional", "required"])
    comment_label = serializers.CharField()
    asks = serializers.ListField(
        child=serializers.ChoiceField(["person", "member", "new_lead", "period"])
    )
    max = serializers.CharField()


class AskedSerializer(serializers.Serializer):
    """What goes with a verb: words; a person, or a unit by its key; a period such as `2d`."""

    comment = serializers.CharField(required=False, allow_blank=True, default="")
    person = serializers.UUIDField(required=False, allow_null=True, default=None)
    unit = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)
    period = serializers.CharField(required=False, allow_blank=True, default="", max_length=16)
    new_lead = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)


class QuestionSerializer(serializers.Serializer):
    """What was asked beside a task, and the answer if there is one."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(["consult", "handler"])
    task_id = serializers.UUIDField()
    asked = serializers.CharField()
    by = serializers.CharField()
    question = serializers.CharField()
    at = serializers.DateTimeField()
    open = serializers.BooleanField()
    answer = serializers.CharField()
    answered_by = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
