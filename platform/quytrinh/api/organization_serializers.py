"""Shapes of the API: absences, delegations, calendars."""

from __future__ import annotations

from rest_framework import serializers


class NewAbsenceSerializer(serializers.Serializer):
    """Somebody is away: `person` is the one who asks unless an administrator names another."""

    person = serializers.UUIDField(required=False)
    since = serializers.DateField()
    until = serializers.DateField()
    substitute = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class AbsenceSerializer(serializers.Serializer):
    """Somebody is away, now or soon."""

    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    since = serializers.DateField()
    until = serializers.DateField()
    substitute = serializers.UUIDField(source="substitute_id", allow_null=True)
    reason = serializers.CharField()


class NewDelegationSerializer(serializers.Serializer):
    """Somebody may act for another; `scope` = keys such as `role:van-thu`, none = everything."""

    giver = serializers.UUIDField(required=False)
    receiver = serializers.UUIDField()
    since = serializers.DateField()
    until = serializers.DateField()
    scope = serializers.ListField(
        child=serializers.CharField(max_length=160), required=False, default=list, max_length=50
    )
    basis = serializers.CharField(required=False, allow_blank=True, default="", max_length=300)


class DelegationSerializer(serializers.Serializer):
    """Somebody may act for another, now or soon."""

    id = serializers.UUIDField()
    giver = serializers.UUIDField(source="giver_id")
    receiver = serializers.UUIDField(source="receiver_id")
    since = serializers.DateField()
    until = serializers.DateField()
    scope = serializers.ListField(child=serializers.CharField())
    basis = serializers.CharField()


class SpecialDaySerializer(serializers.Serializer):
    """A day that is otherwise than its weekday, and what announced it."""

    day = serializers.DateField()
    kind = serializers.ChoiceField(["holiday", "morning", "work"])
    reason = serializers.CharField()
    announcement = serializers.CharField()
    estimated = serializers.BooleanField()
    instead_of = serializers.DateField(allow_null=True)
    calendars = serializers.ListField(child=serializers.CharField())


class WeekSerializer(serializers.Serializer):
    """One of the agency's calendars: its hours on each weekday, Monday first."""

    key = serializers.CharField()
    name = serializers.CharField()
    week = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))


class CalendarSerializer(serializers.Serializer):
    """A year of the agency: its calendars and the days that are otherwise."""

    year = serializers.IntegerField()
    immediate_minutes = serializers.IntegerField()
    calendars = WeekSerializer(many=True)
    days = SpecialDaySerializer(many=True)
