"""Days and hours as rows: public holidays for all, an agency's own over them."""

from __future__ import annotations

from django.db import models

from quytrinh.deadlines.calendars import DayKind
from quytrinh.deadlines.querysets import AgencyDayQuerySet, NationalDayQuerySet, OfficeHoursQuerySet
from quytrinh.tenancy.models import TenantModel
from quytrinh.tenancy.querysets import TenantManager


class Day(models.Model):
    """A day that is otherwise than its weekday, and the announcement that says so."""

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=[(each.value, each.value) for each in DayKind])
    reason = models.CharField(max_length=200)
    announcement = models.CharField(max_length=100, blank=True)
    # The day off that this one makes up for.
    instead_of = models.DateField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class NationalDay(Day):
    """A public holiday, or a day worked for one; no agency changes it.

    `year` is that of the file that tells it: a day may be made up for in the year before.
    """

    year = models.PositiveSmallIntegerField()
    estimated = models.BooleanField(default=False)

    objects = NationalDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day"], name="national_day_once")]


class AgencyDay(TenantModel, Day):
    """A day of the agency's own; `calendars` = those it is meant for, none = all with holidays."""

    calendars = models.JSONField(default=list)

    objects = TenantManager.from_queryset(AgencyDayQuerySet)()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "day"], name="agency_days")]


class OfficeHours(TenantModel):
    """The agency's calendars, and how many minutes `immediate` is there: one row an agency."""

    immediate = models.PositiveIntegerField(default=15)
    # One object a calendar: key, name, holidays, week (seven lists of "07:30-11:30").
    calendars = models.JSONField(default=list)

    objects = TenantManager.from_queryset(OfficeHoursQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="office_hours_once")]
