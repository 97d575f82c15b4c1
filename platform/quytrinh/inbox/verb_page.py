"""The menu “Thao tác khác” of a task or a case: what may be done besides its own actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from quytrinh.formkit import pickers
from quytrinh.organization.directory import PersonView
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.runtime.verbs import asked
from quytrinh.runtime.verbs.asked import SideLine
from quytrinh.runtime.verbs.offers import OfferedVerb, case_verbs, task_verbs
from quytrinh.runtime.verbs.situation import Situation, holds


@dataclass(frozen=True, slots=True)
class VerbEntry:
    """What was entered for a verb in vain, and why."""

    verb: str = ""
    problem: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class VerbMenu:
    """Verbs of one task and of its case; `about` = the task, None where only the case's remain."""

    about: CaseTask | None
    step_name: str
    task_verbs: tuple[OfferedVerb, ...]
    case_verbs: tuple[OfferedVerb, ...]
    people: tuple[tuple[str, str], ...]
    units: tuple[tuple[str, str], ...]
    entry: VerbEntry

    @property
    def has_any(self) -> bool:
        """Whether there is anything this person may do."""
        return any(verb.allowed for verb in (*self.task_verbs, *self.case_verbs))

    @property
    def is_open(self) -> bool:
        """Whether the menu is shown open: something in it was refused."""
        return bool(self.entry.verb)

    @property
    def refused(self) -> tuple[OfferedVerb, ...]:
        """What this person may not do now, each with why not."""
        return tuple(verb for verb in (*self.task_verbs, *self.case_verbs) if not verb.allowed)


@dataclass(frozen=True, slots=True)
class Questions:
    """What was asked beside the tasks of a case; `mine` = what this person is to answer."""

    mine: tuple[SideLine, ...]
    others: tuple[SideLine, ...]


def verb_menu(
    case: Case, person: PersonView, task_id: UUID | None, entry: VerbEntry | None
) -> VerbMenu:
    """Return the menu for the task that is shown, else for the first the case waits for."""
    situation = Situation.read(case)
    steps = [each for each in situation.live if each.flow_task_type == "HUMAN"]
    about = next((each for each in steps if each.pk == task_id), next(iter(steps), None))
    return VerbMenu(
        about=about,
        step_name=situation.plan.step(about.step).name if about else "",
        task_verbs=tuple(task_verbs(situation, about, person)) if about else (),
        case_verbs=tuple(case_verbs(situation, person)),
        people=tuple(pickers.people().items()),
        units=tuple(pickers.units().items()),
        entry=entry or VerbEntry(),
    )


def questions(case: Case, person: PersonView, chosen: UUID | None) -> Questions:
    """Return what was asked in a case; the one that was opened first."""
    lines = asked.of(case)
    mine = [line for line in lines if line.open and holds(line.task, person)]
    mine.sort(key=lambda line: line.id != chosen)
    return Questions(tuple(mine), tuple(line for line in lines if line not in mine))
