"""The API of absences, delegations and calendars: the same actions as the pages."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from quytrinh.api import organization_serializers as serializers
from quytrinh.api.views import AgencyView
from quytrinh.organization import absences
from quytrinh.organization.directory import directory
from quytrinh.organization.models import Absence, Delegation


class AbsencesView(AgencyView):
    """Who is away: an administrator sees everyone, others what concerns them."""

    @extend_schema(responses=serializers.AbsenceSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the absences that are not over."""
        found = Absence.objects.ahead(timezone.localdate())
        if not self.person.is_administrator:
            found = found.of(self.person.id)
        return Response(serializers.AbsenceSerializer(found, many=True).data)

    @extend_schema(
        request=serializers.NewAbsenceSerializer, responses={201: serializers.AbsenceSerializer}
    )
    def post(self, request: Request) -> Response:
        """Note that somebody is away."""
        entered = serializers.NewAbsenceSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        absence = absences.record_absence(
            actor=self.person, **{"person": self.person.id, **entered.validated_data}
        )
        data = serializers.AbsenceSerializer(absence).data
        return Response(data, status=status.HTTP_201_CREATED)


class AbsenceView(AgencyView):
    """One absence."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, absence_id: UUID) -> Response:
        """Note that the person is back."""
        absences.end_absence(actor=self.person, absence=absence_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DelegationsView(AgencyView):
    """Who acts for whom: an administrator sees everyone, others what they gave or received."""

    @extend_schema(responses=serializers.DelegationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List the delegations that are not over."""
        found = Delegation.objects.ahead(timezone.localdate())
        if not self.person.is_administrator:
            found = found.of(self.person.id)
        return Response(serializers.DelegationSerializer(found, many=True).data)

    @extend_schema(
        request=serializers.NewDelegationSerializer,
        responses={201: serializers.DelegationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Let somebody act for another."""
        entered = serializers.NewDelegationSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        delegation = absences.delegate(
            actor=self.person, **{"giver": self.person.id, **entered.validated_data}
        )
        data = serializers.DelegationSerializer(delegation).data
        return Response(data, status=status.HTTP_201_CREATED)


class DelegationView(AgencyView):
    """One delegation."""

    @extend_schema(responses={204: None})
    def delete(self, request: Request, delegation_id: UUID) -> Response:
        """Take it back, or give it back."""
        absences.end_delegation(actor=self.person, delegation=delegation_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class CalendarView(AgencyView):
    """The calendars of the agency."""

    @extend_schema(responses=serializers.CalendarSerializer)
    def get(self, request: Request, year: int) -> Response:
        """Show the hours of each calendar and the days of a year that are otherwise."""
        known = directory(request.tenant.organization_version).calendars
        special = [day for day in sorted(known.special) if day.year == year]
        data = {
            "year": year,
            "immediate_minutes": int(known.immediate.total_seconds()) // 60,
            "calendars": [
                {
                    "key": key,
                    "name": name,
                    "week": [list(map(str, each)) for each in known.calendar(key).week],
                }
                for key, name in known.names.items()
            ],
            "days": [each for day in special for each in known.special[day]],
        }
        return Response(serializers.CalendarSerializer(data).data)
