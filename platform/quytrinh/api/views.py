"""The API: the same actions as the pages."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import get_token_model
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from quytrinh.api import serializers
from quytrinh.api.exceptions import NoAgency
from quytrinh.api.exchange_serializers import AskBackSerializer, RecallAnswerSerializer
from quytrinh.api.parsers import StrictJSONParser
from quytrinh.documents.views import download
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import actions, correspondence, definitions, history, papers, tree
from quytrinh.runtime.actions.entry import Uploads
from quytrinh.runtime.actions.start import startable
from quytrinh.runtime.exceptions import FormInvalid, NotFoundForYou, RuntimeFailure
from quytrinh.runtime.facts import entered_at, record_of
from quytrinh.runtime.lawful import actions_for, holds
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from quytrinh.runtime.scopes import scope_of
from quytrinh.runtime.verbs import asked
from quytrinh.runtime.verbs.offers import case_verbs, task_verbs
from quytrinh.runtime.verbs.situation import Situation
from quytrinh.tenancy.logins import TooManyFailures, user_of_password


class LoginRefused(RuntimeFailure):
    """The same answer for an unknown name and for a wrong password."""

    status_code = 401
    code = "login_refused"


class LoginPaused(RuntimeFailure):
    """Too many failures; nobody is told whether the name exists."""

    status_code = 429
    code = "login_paused"


class AgencyView(APIView):
    """A view for someone who works in an agency."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse who works for no agency here."""
        super().initial(request, *args, **kwargs)
        if getattr(request, "person", None) is None:
            raise NoAgency

    @property
    def person(self) -> PersonView:
        """Return the person who asks."""
        return self.request.person


class LoginView(APIView):
    """Exchange name and password for a token."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    @extend_schema(
        request=serializers.LoginSerializer, responses=serializers.TokenSerializer, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Give a token."""
        entered = serializers.LoginSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        try:
            user = user_of_password(request, **entered.validated_data)
        except TooManyFailures:
            raise LoginPaused(_("Đăng nhập sai quá nhiều lần. Hãy thử lại sau 15 phút.")) from None
        if user is None:
            raise LoginRefused(_("Tên đăng nhập hoặc mật khẩu không đúng."))
        instance, token = get_token_model().objects.create(user)
        return Response({"token": token, "expires_at": instance.expiry})


class InboxPagination(CursorPagination):
    """Most pressing first, by key and not by offset."""

    page_size = 25
    max_page_size = 100
    page_size_query_param = "limit"
    ordering = ("sort_at", "id")

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return a page; a cursor that names no place in the list is not found."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except ValidationError as error:
            raise NotFound(self.invalid_cursor_message) from error


class InboxView(AgencyView):
    """What waits for me."""

    @extend_schema(responses=serializers.InboxEntrySerializer(many=True))
    def get(self, request: Request) -> Response:
        """List my inbox."""
        entries = InboxEntry.objects.for_keys(self.person.keys)
        paginator = InboxPagination()
        page = paginator.paginate_queryset(entries, request, view=self)
        unique = {entry.task_id: entry for entry in page}
        data = serializers.InboxEntrySerializer(unique.values(), many=True).data
        return paginator.get_paginated_response(data)


class FlowsView(AgencyView):
    """Procedures I may begin."""

    @extend_schema(responses=serializers.FlowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """List them."""
        rows = [
            {
                "key": version.flow.key,
                "name": version.flow.name,
                "version": version.number,
                "digest": version.definition_id,
            }
            for version in startable(self.person)
        ]
        return Response(serializers.FlowSerializer(rows, many=True).data)


class CasesView(AgencyView):
    """Cases."""

    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(
        request=serializers.StartSerializer, responses={201: serializers.StartedSerializer}
    )
    def post(self, request: Request) -> Response:
        """Begin a case."""
        entered = serializers.StartSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        case_id = actions.begin_case(
            flow_key=entered.validated_data["flow"],
            actor=self.person,
            action=entered.validated_data["action"],
            values=_values(entered.validated_data["values"]),
            comment=entered.validated_data["comment"],
            uploads=_uploads(request),
        )
        return Response({"case_id": case_id}, status=status.HTTP_201_CREATED)


class CaseView(AgencyView):
    """One case."""

    @extend_schema(responses=serializers.CaseSerializer)
    def get(self, request: Request, case_id: UUID) -> Response:
        """Show a case to those who may see it."""
        case = (
            Case.objects.visible_to(self.person)
            .select_related("flow_version__flow")
            .filter(pk=case_id)
            .first()
        )
        if case is None:
            raise NotFoundForYou
        exchanged, lines = correspondence.of(case), history.of(case)
        way = tree.of(case, lines, self.person)
        data = {
            "id": case.pk,
            "code": case.code,
            "subject": case.subject,
            "urgency": case.urgency,
            "status": case.status,
            "outcome": case.outcome,
            "flow": case.flow_version.flow.key,
            "version": case.flow_version.number,
            "values": record_of(case),
            "waiting": history.waiting(case),
            "questions": asked.of(case),
            "verbs": case_verbs(Situation.read(case), self.person),
            "history": lines,
            "way": way.entries,
            "times": way.times,
            "documents": papers.of(case),
            "arrival": exchanged.arrival,
            "shipments": exchanged.shipments,
        }
        return Response(serializers.CaseSerializer(data).data)


class RecallView(AgencyView):
    """A sender wants a document back."""

    @extend_schema(request=RecallAnswerSerializer, responses={204: None})
    def post(self, request: Request, case_id: UUID) -> Response:
        """Agree, which closes the case, or refuse with a reason."""
        entered = RecallAnswerSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        actions.answer_recall(case_id=case_id, actor=self.person, **entered.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AskBackView(AgencyView):
    """A document of ours is wanted back."""

    @extend_schema(request=AskBackSerializer, responses={204: None})
    def post(self, request: Request, case_id: UUID, message_id: UUID) -> Response:
        """Ask a receiver to give a document back (status 13); its answer comes as a status."""
        entered = AskBackSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        actions.ask_document_back(
            case_id=case_id, message_id=message_id, actor=self.person, **entered.validated_data
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class FileView(AgencyView):
    """The original bytes of a file of a case."""

    @extend_schema(responses={(200, "application/octet-stream"): bytes})
    def get(self, request: Request, file_id: UUID) -> HttpResponseBase:
        """Fetch a file of a case one may see; `documents` of the case name it."""
        try:
            return download(request, file_id)
        except Http404:
            raise NotFoundForYou from None


class TaskView(AgencyView):
    """One task."""

    @extend_schema(responses=serializers.TaskSerializer)
    def get(self, request: Request, task_id: UUID) -> Response:
        """Show a task with its form and its actions, lawful or why not."""
        task = CaseTask.objects.open_or_asked().filter(pk=task_id).first()
        if task is None or not self._may_see(task):
            raise NotFoundForYou
        plan = definitions.plan(task.process.digest)
        step = plan.step(task.step)
        data = {
            "id": task.pk,
            "case_id": task.process_id,
            "case_code": task.process.code,
            "step": step.id,
            "step_name": step.name,
            "status": task.status,
            "due_at": task.due_at,
            "form": definitions.form(plan.forms[step.form]) if step.form else None,
            "values": entered_at(scope_of(task)),
            "actions": [] if task.is_side else actions_for(task, self.person),
            "suspended": (task.suspended or {}).get("reason", ""),
            "question": task.data.get("side", {}).get("question", ""),
            "verbs": task_verbs(Situation.read(task.process), task, self.person),
        }
        return Response(serializers.TaskSerializer(data).data)

    def _may_see(self, task: CaseTask) -> bool:
        return holds(task, self.person) or (
            Case.objects.visible_to(self.person).filter(pk=task.process_id).exists()
        )


class PerformView(AgencyView):
    """Doing a task."""

    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(
        request=serializers.PerformSerializer, responses=serializers.StepResultSerializer
    )
    def post(self, request: Request, task_id: UUID, action: str) -> Response:
        """Do a task by one of its actions."""
        entered = serializers.PerformSerializer(data=request.data)
        entered.is_valid(raise_exception=True)
        result = actions.perform(
            task_id=task_id,
            actor=self.person,
            action=action,
            values=_values(entered.validated_data["values"]),
            comment=entered.validated_data["comment"],
            uploads=_uploads(request),
        )
        return Response(serializers.StepResultSerializer(result).data)


def _values(entered: Any) -> dict[str, Any]:
    if not isinstance(entered, dict):
        raise FormInvalid({"values": [_("Phải là một đối tượng JSON: {trường: giá trị}")]})
    return entered


def _uploads(request: Request) -> Uploads:
    return {slot: request.FILES.getlist(slot) for slot in request.FILES}
