"""Procedures through the API: what the studio shows, and the same actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework import serializers as drf
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from quytrinh.api import procedure_serializers as serializers
from quytrinh.api.views import AgencyView
from quytrinh.compiler.not_run_yet import not_run_yet
from quytrinh.runtime import actions
from quytrinh.runtime.actions.drafts import check_draft, require_author
from quytrinh.runtime.exceptions import DraftInvalid, NotFoundForYou
from quytrinh.runtime.models import FlowVersion
from quytrinh.runtime.named_flows import flow_of_version
from quytrinh.runtime.procedures import UNFINISHED, changes, flow_rows
from quytrinh.runtime.querysets import version_in_force
from quytrinh.runtime.shows import FORMATS

CONTENT_TYPES: Mapping[str, str] = {
    "svg": "image/svg+xml",
    "json": "application/json",
    "table": "text/plain; charset=utf-8",
    "bpmn": "application/xml",
}


class AuthorView(AgencyView):
    """A view for who prepares procedures; what only the head may do, the actions refuse."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse everybody else."""
        super().initial(request, *args, **kwargs)
        require_author(self.person)

    def entered(self, serializer: type[drf.Serializer]) -> dict[str, Any]:
        """Return what was sent, in its shape."""
        sent = serializer(data=self.request.data)
        sent.is_valid(raise_exception=True)
        found: dict[str, Any] = sent.validated_data
        return found


class ProceduresView(AuthorView):
    """The procedures of the agency."""

    @extend_schema(responses=serializers.ProcedureSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them with the version in force and the newest draft."""
        return Response(serializers.ProcedureSerializer(flow_rows(), many=True).data)


class ProcedureView(AuthorView):
    """One procedure."""

    @extend_schema(responses=serializers.VersionSerializer(many=True))
    def get(self, request: Request, key: str) -> Response:
        """List its versions, the newest first."""
        versions = _versions(key)
        return Response(serializers.VersionSerializer(versions, many=True).data)


class VersionView(AuthorView):
    """One version of a procedure in one of its shapes."""

    @extend_schema(
        parameters=[OpenApiParameter("shape", str, OpenApiParameter.PATH, enum=list(FORMATS))],
        responses={(200, kind): OpenApiTypes.STR for kind in CONTENT_TYPES.values()},
    )
    def get(self, request: Request, key: str, number: int, shape: str) -> HttpResponse:
        """Return drawing, table, BPMN or normal form."""
        version = next((each for each in _versions(key) if each.number == number), None)
        if version is None or version.definition_id is None or shape not in FORMATS:
            raise NotFoundForYou
        shown = FORMATS[shape](flow_of_version(version))
        return HttpResponse(shown, content_type=CONTENT_TYPES[shape])


class CheckView(AuthorView):
    """Checking a text."""

    @extend_schema(request=serializers.CheckSerializer, responses=serializers.FindingsSerializer)
    def post(self, request: Request) -> Response:
        """Say everything that the checker finds; nothing is kept."""
        result = check_draft(self.entered(serializers.CheckSerializer)["source"])
        waiting = not_run_yet(result.flow) if result.ok and result.flow else ()
        found = {"ok": result.ok, "diagnostics": result.diagnostics, "not_run_yet": waiting}
        return Response(serializers.FindingsSerializer(found).data)


class DraftsView(AuthorView):
    """Drafts."""

    @extend_schema(
        request=serializers.DraftTextSerializer, responses={201: serializers.SavedDraftSerializer}
    )
    def post(self, request: Request) -> Response:
        """Keep a text as a new draft, with errors or without."""
        return Response(_saved(self, version_id=None), status=status.HTTP_201_CREATED)


class DraftView(AuthorView):
    """One draft, or one that was submitted."""

    @extend_schema(responses=serializers.VersionTextSerializer)
    def get(self, request: Request, version_id: UUID) -> Response:
        """Show it with its text."""
        return Response(serializers.VersionTextSerializer(_draft(version_id)).data)

    @extend_schema(
        request=serializers.DraftTextSerializer, responses=serializers.SavedDraftSerializer
    )
    def put(self, request: Request, version_id: UUID) -> Response:
        """Keep another text in its place."""
        return Response(_saved(self, version_id=version_id))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, version_id: UUID) -> Response:
        """Throw it away."""
        actions.delete_draft(version_id=version_id, actor=self.person)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ChangesView(AuthorView):
    """How a draft differs."""

    @extend_schema(responses=serializers.ChangesSerializer(many=True))
    def get(self, request: Request, version_id: UUID) -> Response:
        """Tell in sentences how it differs from the version in force."""
        version = _draft(version_id)
        current = version_in_force(_versions(version.flow.key))
        return Response(serializers.ChangesSerializer(changes(version, current), many=True).data)


class SubmitView(AuthorView):
    """Submitting a draft."""

    @extend_schema(
        request=serializers.SubmissionSerializer, responses=serializers.VersionSerializer
    )
    def post(self, request: Request, version_id: UUID) -> Response:
        """Lay it before the head of the agency."""
        entered = self.entered(serializers.SubmissionSerializer)
        version = actions.submit(version_id=version_id, actor=self.person, **entered)
        return Response(serializers.VersionSerializer(version).data)


class ReturnView(AuthorView):
    """Returning a draft."""

    @extend_schema(request=serializers.ReturnSerializer, responses=serializers.VersionSerializer)
    def post(self, request: Request, version_id: UUID) -> Response:
        """Give it back to its author; only the head."""
        entered = self.entered(serializers.ReturnSerializer)
        version = actions.return_draft(version_id=version_id, actor=self.person, **entered)
        return Response(serializers.VersionSerializer(version).data)


class PromulgateView(AuthorView):
    """Promulgating a draft."""

    @extend_schema(
        request=serializers.PromulgationSerializer, responses=serializers.VersionSerializer
    )
    def post(self, request: Request, version_id: UUID) -> Response:
        """Put it in force by a decision; only the head."""
        entered = self.entered(serializers.PromulgationSerializer)
        version = actions.promulgate(version_id=version_id, actor=self.person, **entered)
        return Response(serializers.VersionSerializer(version).data)


def _versions(key: str) -> list[FlowVersion]:
    versions = FlowVersion.objects.filter(flow__key=key).select_related("flow")
    found = list(versions.order_by("-number"))
    if not found:
        raise NotFoundForYou
    return found


def _draft(version_id: UUID) -> FlowVersion:
    drafts = FlowVersion.objects.filter(state__in=UNFINISHED).select_related("flow")
    version = drafts.filter(pk=version_id).first()
    if version is None:
        raise NotFoundForYou
    return version


def _saved(view: AuthorView, *, version_id: UUID | None) -> dict[str, Any]:
    entered = view.entered(serializers.DraftTextSerializer)
    result = actions.save_draft(
        source=entered["source"],
        settings=entered.get("settings"),
        actor=view.person,
        version_id=version_id,
    )
    if result.version is None:
        raise DraftInvalid(result.diagnostics)
    saved = {"draft": result.version, "diagnostics": result.diagnostics}
    return dict(serializers.SavedDraftSerializer(saved).data)
