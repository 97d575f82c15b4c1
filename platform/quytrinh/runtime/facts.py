"""What expressions and roles may know about a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.compiler.scope import slots_of
from quytrinh.documents.models import Document
from quytrinh.language.expressions import ExpressionError, evaluate
from quytrinh.language.fields import BUILT_IN, typed_values
from quytrinh.organization.resolve import CaseFacts
from quytrinh.runtime import definitions
from quytrinh.runtime.exceptions import ExpressionFailed
from quytrinh.runtime.scopes import Scope

if TYPE_CHECKING:
    from quytrinh.runtime.models import Case

# Fields of the record that live in columns, so that lists and searches see them.
COLUMN_FIELDS = ("subject", "urgency")


def record_of(case: Case) -> dict[str, Any]:
    """Return the flat record `case.<field>` (flow-language §4.1)."""
    built_in = {
        "code": case.code,
        "unit": case.unit_key,
        "creator": str(case.creator_id) if case.creator_id else None,
        "started_at": case.created,
        "subject": case.subject,
        "urgency": str(case.urgency),  # a choice while the case is new
    }
    if case.due_at:
        built_in["due_at"] = case.due_at
    return {**case.fields, **built_in}


def entered_at(scope: Scope) -> dict[str, Any]:
    """Return what the forms of steps in this scope edit: the case's record, or the branch's."""
    return record_of(scope.case) if scope.member_branch is None else scope.fields


def environment(
    scope: Scope, expression: str, event: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """Return the variables of an expression in a scope; documents are read only if named."""
    case = scope.case
    types = {**definitions.field_types_of(case.digest), **BUILT_IN}
    # Asked for seldom, and known by a query of its own.
    agency = {"agency": case.tenant.slug} if "case.agency" in expression else {}
    return {
        "case": typed_values({**record_of(case), **agency}, types),
        "docs": _documents_of(case) if "docs." in expression else {},
        "steps": {step: _timed(done) for step, done in scope.all_memories().items()},
        "item": _typed_item(scope.item(), types),
        "results": {
            step: [typed_values(each, types) for each in found]
            for step, found in scope.results().items()
        },
        "setting": definitions.settings_of(case.digest),
        "event": dict(event or {}),
        "now": timezone.now(),
    }


def _timed(memory: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is remembered of a step, with the instant as an instant."""
    at = memory.get("at")
    return {**memory, "at": datetime.fromisoformat(at)} if at else dict(memory)


def _typed_item(item: dict[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    typed = typed_values({name: each for name, each in item.items() if name != "outer"}, types)
    return typed | ({"outer": _typed_item(item["outer"], types)} if "outer" in item else {})


def _documents_of(case: Case) -> dict[str, Any]:
    """Return what is known of the documents in each slot: a list, maybe empty, if it holds many."""
    ids = [document for held in case.slots.values() for document in held]
    known = {str(each.pk): each.facts for each in Document.objects.filter(pk__in=ids)}
    plan = definitions.plan(case.digest)
    many = {slot for slot, kind in slots_of(plan.document).items() if kind.startswith("list")}
    many |= {slot.id for slot in plan.documents if slot.many}
    empty: dict[str, Any] = {slot: [] for slot in many}
    return empty | {
        slot: [known[each] for each in held] if slot in many else known[held[0]]
        for slot, held in case.slots.items()
        if held
    }


def evaluate_for(scope: Scope, expression: str, event: Mapping[str, Any] | None = None) -> Any:
    """Evaluate an expression; raise ExpressionFailed, which rolls the step back and says so."""
    try:
        return evaluate(expression, environment(scope, expression, event))
    except ExpressionError as error:
        raise ExpressionFailed(
            _("Không tính được điều kiện “%(condition)s”: %(reason)s")
            % {"condition": expression, "reason": error},
            hint=_("Hãy báo người quản trị quy trình; hồ sơ chưa thay đổi."),
        ) from error


def holds_for(scope: Scope, condition: str, event: Mapping[str, Any] | None = None) -> bool:
    """Tell whether a condition holds; an error never counts as false."""
    value = evaluate_for(scope, condition, event)
    if not isinstance(value, bool):
        message = _("Điều kiện “%(condition)s” không cho kết quả đúng hoặc sai.")
        raise ExpressionFailed(message % {"condition": condition})
    return value


def facts_of(scope: Scope) -> CaseFacts:
    """Return what decides who the roles of this case are, as seen from a scope."""
    memories = scope.all_memories()
    return CaseFacts(
        creator=scope.case.creator_id,
        unit=scope.case.unit_key or None,
        performers={step: UUID(done["by"]) for step, done in memories.items() if done.get("by")},
        evaluate=lambda expression: evaluate_for(scope, expression),
    )
