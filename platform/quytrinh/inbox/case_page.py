"""The page of a case: where it stands, what it says, and what this person may do now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from quytrinh.compiler.naming import step_numbers
from quytrinh.compiler.plan import Plan, PlanStep
from quytrinh.formkit.definition import Definition
from quytrinh.formkit.view import FormView
from quytrinh.inbox.document_panels import DocumentPanel, document_panels
from quytrinh.inbox.record import Item, record_items
from quytrinh.inbox.verb_page import Questions, VerbEntry, VerbMenu, questions, verb_menu
from quytrinh.organization.directory import PersonView
from quytrinh.runtime import correspondence, definitions, drawing, history, papers, tree
from quytrinh.runtime.actions.entry import COMMENT_FIELD, task_form
from quytrinh.runtime.choices import WITHDRAWN
from quytrinh.runtime.correspondence import Arrival, Shipment
from quytrinh.runtime.facts import entered_at
from quytrinh.runtime.lawful import OfferedAction, actions_for, holds
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.scopes import Scope, scope_of


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed and was refused: shown again with what is wrong about it."""

    values: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problem: str = ""
    files_lost: bool = False
    refused: bool = False
    # Which of several like forms it was.
    about: UUID | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands: `number` of `total` steps, who is expected to act."""

    number: int
    total: int
    name: str
    holder: str
    ended: bool
    error: str = ""
    retried_for: str = ""


@dataclass(frozen=True, slots=True)
class TaskPanel:
    """The task this person may do, its form and its actions; the first lawful one is main."""

    id: UUID
    step: PlanStep
    task: CaseTask
    form: FormView | None
    actions: tuple[OfferedAction, ...]
    main_action: str
    comment_rule: str
    comment_required_for: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the template shows."""

    case: Case
    flow_name: str
    version_number: int
    place: Place
    strip: str
    drawing: str
    documents: tuple[DocumentPanel, ...]
    arrival: Arrival | None
    shipments: tuple[Shipment, ...]
    may_recall: bool
    data: list[Item]
    task: TaskPanel | None
    other_tasks: tuple[tuple[UUID, str], ...]
    waiting: list[history.WaitingLine]
    history: list[history.HistoryLine]
    menu: VerbMenu
    questions: Questions
    tree: tree.Tree
    typed: Typed
    recall: Typed
    ask_back: Typed

    @property
    def comment_error(self) -> str:
        """What is wrong with the comment."""
        return " ".join(self.typed.errors.get(COMMENT_FIELD, ()))


def case_page(
    case: Case,
    person: PersonView,
    *,
    chosen: UUID | None = None,
    typed: Typed | None = None,
    recall: Typed | None = None,
    ask_back: Typed | None = None,
    verb: VerbEntry | None = None,
) -> CasePage:
    """Return the page of a case this person may see; `chosen` is the task they opened, `typed`,
    `recall` and `ask_back` what they entered in vain: for the task, for the sender who wants the
    document back, for a receiver who is to give it back; `verb`: for a verb."""
    plan = definitions.plan(case.digest)
    mine = _tasks_of(case, person)
    task = next((each for each in mine if chosen in (None, each.pk)), None)
    # A step that failed after it was confirmed came back with the reason.
    typed = typed or Typed(problem=task.data.get("problem", "") if task else "")
    waiting = history.waiting(case)
    documents = document_panels(papers.of(case), plan)
    exchanged, lines = correspondence.of(case), history.of(case)
    strip, whole = drawing.of_case(case)
    return CasePage(
        case=case,
        flow_name=plan.name,
        version_number=case.flow_version.number,
        place=_place(case, plan, waiting),
        strip=strip,
        drawing=whole,
        documents=documents,
        arrival=exchanged.arrival,
        shipments=exchanged.shipments,
        may_recall=person.is_clerk,
        data=record_items(case, plan),
        task=_task_panel(task, plan, person, documents, typed) if task else None,
        other_tasks=tuple((each.pk, plan.step(each.step).name) for each in mine if each != task),
        waiting=waiting,
        menu=verb_menu(case, person, chosen or (task.pk if task else None), verb),
        questions=questions(case, person, chosen),
        history=lines,
        tree=tree.of(case, lines, person),
        typed=typed,
        recall=recall or Typed(),
        ask_back=ask_back or Typed(),
    )


def _tasks_of(case: Case, person: PersonView) -> list[CaseTask]:
    """Return the open tasks of a case that wait for a person, each with its case at hand."""
    tasks = [
        task
        for task in CaseTask.objects.open().filter(process=case).order_by("created", "pk")
        if holds(task, person)
    ]
    for task in tasks:
        task.process = case
    return tasks


def _place(case: Case, plan: Plan, waiting: Sequence[history.WaitingLine]) -> Place:
    numbers = step_numbers(plan)
    if not waiting:
        ends = (step for step in plan.steps if step.kind == "end" and step.outcome == case.outcome)
        end = next(ends, None)
        name = end.name if end else str(WITHDRAWN.get(case.outcome, ""))
        return Place(len(numbers), len(numbers), name, "", ended=True)
    first = waiting[0]
    return Place(
        number=numbers[first.step_id],
        total=len(numbers),
        name=", ".join(dict.fromkeys(line.step for line in waiting)),
        holder=", ".join(dict.fromkeys(name for line in waiting for name in _holders(line))),
        ended=False,
        error=first.error,
        retried_for=first.retried_for,
    )


def _holders(line: history.WaitingLine) -> tuple[str, ...]:
    return (_("Hệ thống đang thực hiện"),) if line.by_machine else line.who


def _task_panel(
    task: CaseTask,
    plan: Plan,
    person: PersonView,
    documents: Sequence[DocumentPanel],
    typed: Typed,
) -> TaskPanel:
    step = plan.step(task.step)
    offered = tuple(actions_for(task, person))
    rules = {action.comment for action in offered}
    required = (action.label for action in offered if action.comment == "required")
    return TaskPanel(
        id=task.pk,
        step=step,
        task=task,
        form=_form(scope_of(task), task_form(plan, step), documents, typed),
        actions=offered,
        main_action=next((action.id for action in offered if action.allowed), ""),
        comment_rule="required" if rules == {"required"} else "none" if rules == {"none"} else "",
        comment_required_for=", ".join(required),
    )


def _form(
    scope: Scope, definition: Definition | None, documents: Sequence[DocumentPanel], typed: Typed
) -> FormView | None:
    """Return the form of a step with what the case or the branch holds, or what was typed."""
    if definition is None:
        return None
    kept = entered_at(scope)
    files: dict[str, list[str]] = {}
    for document in documents:
        files.setdefault(document.slot, []).append(document.file_name)
    values = {**kept, **typed.values}
    return FormView.of(definition, values=values, errors=typed.errors, files=files)
