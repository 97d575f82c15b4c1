"""Steps about other cases: `cases.start` begins one and does not wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.runtime.actions.start import begin, new_case
from quytrinh.runtime.models import STARTED, Case, FlowVersion
from quytrinh.spi import Availability, Outcome, StepFailed, StepRequest, StepResult, built_in

_FIELD = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}


@built_in
class StartCaseStep:
    """`cases.start`: begin a case of another procedure of the agency; this case goes on at once.

    The new case has the same creator and urgency, and the values of the fields named.
    """

    name = "cases.start"
    title = "Lập hồ sơ khác"
    inline = False
    interface = 1
    outcomes: ClassVar = (Outcome("begun", "Đã lập hồ sơ"),)
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["flow"],
        "properties": {
            "flow": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9-]{0,63}$",
                "description": "Mã quy trình đang có hiệu lực của cơ quan",
            },
            "fields": {
                "type": "object",
                "additionalProperties": _FIELD,
                "description": "Trường của hồ sơ mới: trường của hồ sơ này; mặc định: subject",
            },
        },
    }

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Begin; the request's id makes a repeat harmless."""
        key = f"{STARTED}{request.request_id}"
        with transaction.atomic():
            case = Case.objects.filter(start_key=key).first() or _begin(request, key)
        summary = _("Đã lập hồ sơ %(code)s") % {"code": case.code}
        return StepResult("begun", {"code": case.code, "summary": summary})


def _begin(request: StepRequest, key: str) -> Case:
    flow = request.parameters["flow"]
    version = FlowVersion.objects.in_force().filter(flow__key=flow).first()
    if version is None:
        message = _("Quy trình “%(flow)s” không còn hiệu lực.") % {"flow": flow}
        raise StepFailed(message, retryable=False)
    origin, now = Case.objects.get(pk=request.case_id), timezone.now()
    case = new_case(
        version,
        now=now,
        start_key=key,
        creator_id=origin.creator_id,
        unit_key=origin.unit_key,
        urgency=origin.urgency,
        subject=origin.subject,
    )
    wanted = request.parameters.get("fields", {})
    values = {name: request.data.get(source) for name, source in wanted.items()}
    case.subject = str(values.pop("subject", None) or origin.subject)
    case.fields = {name: value for name, value in values.items() if value is not None}
    begin(case, now=now, actor=None, origin=origin.code)
    return case
