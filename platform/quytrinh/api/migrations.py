"""Running cases and new versions through the API: dry run, carrying over, undo."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from quytrinh.api import migration_serializers as serializers
from quytrinh.api.views import AgencyView
from quytrinh.runtime.exceptions import NotFoundForYou
from quytrinh.runtime.migration.actions import migrate_cases, require_migrator, undo_migration
from quytrinh.runtime.migration.standing import case_lines, dry_run_of
from quytrinh.runtime.models import CaseMigration
from quytrinh.tenancy.context import reading


class MigratorView(AgencyView):
    """A view for who decides on running cases: head and administrator."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse everybody else."""
        super().initial(request, *args, **kwargs)
        require_migrator(self.person)

    def entered(self, serializer: type[drf.Serializer]) -> dict[str, Any]:
        """Return what was sent, in its shape."""
        sent = serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        found: dict[str, Any] = sent.validated_data
        return found


class DryRunView(MigratorView):
    """What would become of the cases of an earlier version."""

    @extend_schema(
        request=serializers.StepChoicesSerializer, responses=serializers.DryRunSerializer
    )
    def post(self, request: Request, key: str, number: int) -> Response:
        """Judge every open case; nothing changes."""
        steps = self.entered(serializers.StepChoicesSerializer)["steps"]
        with reading(), transaction.atomic():
            found = dry_run_of(key, number, steps)
            return Response(serializers.DryRunSerializer(found).data)


class MigrationsView(MigratorView):
    """Cases of an earlier version go over to the version in force."""

    @extend_schema(
        request=serializers.MigrationWishSerializer,
        responses={202: serializers.MigrationSerializer},
    )
    def post(self, request: Request, key: str, number: int) -> Response:
        """Have them carried over in the background; those that are blocked stay."""
        entered = self.entered(serializers.MigrationWishSerializer)
        begun = migrate_cases(flow_key=key, number=number, actor=self.person, **entered)
        return Response(_shown(begun.pk), status=status.HTTP_202_ACCEPTED)


class MigrationView(MigratorView):
    """One migration."""

    @extend_schema(responses=serializers.MigrationSerializer)
    def get(self, request: Request, migration_id: UUID) -> Response:
        """Show what has become of each case."""
        return Response(_shown(migration_id))


class UndoView(MigratorView):
    """Cases go back to the version they were under."""

    @extend_schema(
        request=serializers.CaseChoiceSerializer,
        responses={202: serializers.MigrationSerializer},
    )
    def post(self, request: Request, migration_id: UUID) -> Response:
        """Have cases put back as they were; those that went on since stay."""
        entered = self.entered(serializers.CaseChoiceSerializer)
        undo_migration(migration_id=migration_id, actor=self.person, **entered)
        return Response(_shown(migration_id), status=status.HTTP_202_ACCEPTED)


def _shown(migration_id: UUID) -> dict[str, Any]:
    with reading(), transaction.atomic():
        migration = CaseMigration.objects.with_progress().filter(pk=migration_id).first()
        if migration is None:
            raise NotFoundForYou
        shown = {
            "id": migration.pk,
            "procedure": migration.source.flow.key,
            "source": migration.source.number,
            "target": migration.target.number,
            "begun_at": migration.begun_at,
            "steps": migration.steps,
            "unsettled": migration.count_waiting + migration.count_undoing,
            "cases": case_lines(migration),
        }
        found: dict[str, Any] = serializers.MigrationSerializer(shown).data
        return found
