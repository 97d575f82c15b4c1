"""Shapes of procedures in the API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from quytrinh.language.diagnostics import Diagnostic


class DiagnosticField(serializers.Field):
    """A finding of the checker, as `flow check --format json` writes it."""

    def to_representation(self, value: Diagnostic) -> dict[str, Any]:
        """Return code, severity, message, hint and place."""
        return value.as_json()


class CheckSerializer(serializers.Serializer):
    """A text to be checked; nothing is kept."""

    source = serializers.CharField(  # type: ignore[assignment]
        max_length=1024 * 1024, trim_whitespace=False
    )


class FindingsSerializer(serializers.Serializer):
    """What the checker says; `not_run_yet` keeps a right text from promulgation."""

    ok = serializers.BooleanField()
    diagnostics = serializers.ListField(child=DiagnosticField())
    not_run_yet = serializers.ListField(child=DiagnosticField())


class SettingsField(serializers.DictField):
    """Setting -> the agency's value as a list of texts."""

    child = serializers.ListField(child=serializers.CharField(max_length=500), max_length=500)


class DraftTextSerializer(serializers.Serializer):
    """A text to be kept as a draft."""

    source = serializers.CharField(  # type: ignore[assignment]
        max_length=1024 * 1024, trim_whitespace=False
    )
    settings = SettingsField(required=False)


class VersionSerializer(serializers.Serializer):
    """A version of a procedure, in any state."""

    id = serializers.UUIDField()
    procedure = serializers.CharField(source="flow.key")
    number = serializers.IntegerField()
    state = serializers.CharField()
    digest = serializers.CharField(source="definition_id", allow_null=True)
    edition = serializers.CharField(source="edition_id", allow_null=True)
    settings = SettingsField()
    note = serializers.CharField()
    returned_because = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    decision_number = serializers.CharField()
    decision_date = serializers.DateField(allow_null=True)
    effective_from = serializers.DateField(allow_null=True)


class VersionTextSerializer(VersionSerializer):
    """A version with its text."""

    source = serializers.CharField()  # type: ignore[assignment]


class SavedDraftSerializer(serializers.Serializer):
    """A draft that was kept, and what the checker says of it."""

    draft = VersionSerializer()
    diagnostics = serializers.ListField(child=DiagnosticField())


class ProcedureSerializer(serializers.Serializer):
    """A procedure of the agency: the version in force, and the draft that is newer."""

    key = serializers.CharField()
    name = serializers.CharField()
    in_force = VersionSerializer(source="current", allow_null=True)
    draft = VersionSerializer(allow_null=True)


class ChangesSerializer(serializers.Serializer):
    """Sentences of one class of differences."""

    title = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())


class SubmissionSerializer(serializers.Serializer):
    """What the author tells the head."""

    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ReturnSerializer(serializers.Serializer):
    """Why the head returns a draft."""

    reason = serializers.CharField(max_length=2000)


class PromulgationSerializer(serializers.Serializer):
    """The decision of the head; `settings` instead of those of the draft."""

    decision_number = serializers.CharField(max_length=64)
    decision_date = serializers.DateField()
    effective_from = serializers.DateField(required=False)
    settings = SettingsField(required=False)


class EditSerializer(serializers.Serializer):
    """One operation on a draft's text; `base` is the digest of the text it was made for."""

    base = serializers.CharField(max_length=64)
    operation = serializers.DictField()


class UndoSerializer(serializers.Serializer):
    """An edit to be taken back or made again."""

    base = serializers.CharField(max_length=64)


class EditedSerializer(serializers.Serializer):
    """A draft after an edit: its text and that text's digest, the findings, the drawing."""

    source = serializers.CharField()  # type: ignore[assignment]
    base = serializers.CharField()
    step = serializers.CharField()
    ok = serializers.BooleanField()
    diagnostics = serializers.ListField(child=DiagnosticField())
    drawing = serializers.CharField()
