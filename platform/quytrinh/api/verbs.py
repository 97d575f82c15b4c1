"""Verbs over the API: the same actions as the pages."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from quytrinh.api.verb_serializers import AskedSerializer
from quytrinh.api.views import AgencyView
from quytrinh.runtime import actions
from quytrinh.runtime.verbs.effects import Asked
from quytrinh.runtime.verbs.offers import CASE_VERBS, SIDE_VERBS, TASK_VERBS


def _named(parameter: str, verbs: list[str]) -> list[OpenApiParameter]:
    return [OpenApiParameter(parameter, OpenApiTypes.STR, "path", enum=verbs)]


class TaskVerbView(AgencyView):
    """A verb on a task."""

    @extend_schema(
        parameters=_named("verb", [*TASK_VERBS, *SIDE_VERBS]),
        request=AskedSerializer,
        responses={204: None},
    )
    def post(self, request: Request, task_id: UUID, verb: str) -> Response:
        """Use a verb of the task; `verbs` of the task says which are lawful, or why not."""
        actions.use_on_task(task_id=task_id, actor=self.person, verb=verb, asked=_asked(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class CaseVerbView(AgencyView):
    """A verb on a case."""

    @extend_schema(
        parameters=_named("case_verb", [*CASE_VERBS]),
        request=AskedSerializer,
        responses={204: None},
    )
    def post(self, request: Request, case_id: UUID, case_verb: str) -> Response:
        """Recall, cancel or reopen; `verbs` of the case says which are lawful, or why not."""
        asked = _asked(request)
        actions.use_on_case(case_id=case_id, actor=self.person, verb=case_verb, asked=asked)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _asked(request: Request) -> Asked:
    entered = AskedSerializer(data=request.data)
    entered.is_valid(raise_exception=True)
    return Asked(**entered.validated_data)
