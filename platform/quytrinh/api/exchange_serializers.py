"""Shapes of what travels between agencies: documents with their signatures, messages, statuses."""

from __future__ import annotations

from rest_framework import serializers

from quytrinh.exchange.choices import MessageKind, Origin, TransportState
from quytrinh.signing.verdicts import Verdict

VERDICTS = [verdict.value for verdict in Verdict]


class BadgeSerializer(serializers.Serializer):
    """A verdict for machines, and in words."""

    verdict = serializers.ChoiceField(VERDICTS)
    label = serializers.CharField()  # type: ignore[assignment]
    sentence = serializers.CharField()


class SignatureSerializer(serializers.Serializer):
    """One signature: what it is worth, whose it is, when it was made by whose clock."""

    badge = BadgeSerializer()
    kind = serializers.CharField()
    signer = serializers.CharField()
    organisation = serializers.CharField()
    issuer = serializers.CharField()
    time = serializers.CharField()
    level = serializers.CharField()
    problems = serializers.ListField(child=serializers.CharField())


class VerificationSerializer(serializers.Serializer):
    """What the signatures of a file are worth together and one by one."""

    badge = BadgeSerializer()
    signatures = SignatureSerializer(many=True)
    problems = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.CharField())


class FileSerializer(serializers.Serializer):
    """The bytes of the newest version."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="original_name")
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    pages = serializers.IntegerField()


class PaperSerializer(serializers.Serializer):
    """A document of a case; without `verification` nobody has verified the file (yet)."""

    id = serializers.UUIDField(source="document_id")
    slot = serializers.CharField()
    code = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()
    file = FileSerializer()
    verification = VerificationSerializer(allow_null=True)
    checked_at = serializers.DateTimeField(allow_null=True)
    is_being_checked = serializers.BooleanField()


class WordSerializer(serializers.Serializer):
    """A business status (QCVN 102:2016): 01 to 06, 13, 15, 16."""

    code = serializers.CharField()
    title = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    reason = serializers.CharField()
    is_ours = serializers.BooleanField()


class NewsSerializer(serializers.Serializer):
    """What the sender said of a document later."""

    kind = serializers.ChoiceField(MessageKind.choices)
    title = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField()


class ArrivalSerializer(serializers.Serializer):
    """The message with which a case began, and what its sender was told."""

    message_id = serializers.UUIDField()
    sender = serializers.CharField()
    sender_code = serializers.CharField()
    origin = serializers.ChoiceField(Origin.choices)
    number = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    signer = serializers.CharField()
    received_at = serializers.DateTimeField()
    warnings = serializers.ListField(child=serializers.CharField())
    statuses = WordSerializer(many=True)
    news = NewsSerializer(many=True)
    is_asked_back = serializers.BooleanField()
    asked_back = serializers.CharField()


class ShipmentSerializer(serializers.Serializer):
    """One message to one receiver: how far the axis is with it, and apart, what became of it."""

    message_id = serializers.UUIDField()
    kind = serializers.ChoiceField(MessageKind.choices)
    receiver = serializers.CharField()
    receiver_code = serializers.CharField()
    number = serializers.CharField()
    sent_at = serializers.DateTimeField()
    transport = serializers.ChoiceField(TransportState.choices)
    transport_error = serializers.CharField()
    statuses = WordSerializer(many=True)


class AskBackSerializer(serializers.Serializer):
    """Why a document of ours is wanted back."""

    reason = serializers.CharField(allow_blank=True)


class RecallAnswerSerializer(serializers.Serializer):
    """The answer to a sender who wants a document back; a refusal needs its reason."""

    agree = serializers.BooleanField()
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=1000)
