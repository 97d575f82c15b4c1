"""Shapes of migrations of running cases in the API."""

from __future__ import annotations

from rest_framework import serializers


class StepChoicesSerializer(serializers.Serializer):
    """Earlier step -> later step, beside the proposed mapping; empty = the step is gone."""

    steps = serializers.DictField(
        child=serializers.CharField(max_length=64, allow_blank=True), default=dict
    )


class CaseChoiceSerializer(serializers.Serializer):
    """Which cases; without it, all."""

    cases = serializers.ListField(
        child=serializers.UUIDField(), required=False, allow_null=True, max_length=10_000
    )


class MigrationWishSerializer(StepChoicesSerializer, CaseChoiceSerializer):
    """Which cases are to be carried over, and how."""


class VerdictSerializer(serializers.Serializer):
    """Whether a case may go over, and each reason why not."""

    case_id = serializers.UUIDField()
    code = serializers.CharField()
    subject = serializers.CharField()
    at = serializers.ListField(child=serializers.CharField())
    may_move = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField())


class ChoiceSerializer(serializers.Serializer):
    """An earlier step, and what it becomes."""

    step = serializers.CharField()
    name = serializers.CharField()
    chosen = serializers.CharField(allow_blank=True)
    options = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class DryRunSerializer(serializers.Serializer):
    """The dry run over every open case of a version."""

    source = serializers.IntegerField(source="source.number")  # type: ignore[assignment]
    target = serializers.IntegerField(source="target.number")
    choices = ChoiceSerializer(many=True)
    movable = serializers.IntegerField()
    blocked = serializers.IntegerField()
    verdicts = VerdictSerializer(many=True)


class CaseLineSerializer(serializers.Serializer):
    """What became of one case: waiting, moved, kept, undoing, undone."""

    case_id = serializers.UUIDField()
    code = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()


class MigrationSerializer(serializers.Serializer):
    """A migration; done when nothing is unsettled."""

    id = serializers.UUIDField()
    procedure = serializers.CharField()
    source = serializers.IntegerField()  # type: ignore[assignment]
    target = serializers.IntegerField()
    begun_at = serializers.DateTimeField()
    steps = serializers.DictField(child=serializers.CharField())
    unsettled = serializers.IntegerField()
    cases = CaseLineSerializer(many=True)
