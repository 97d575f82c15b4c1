"""Random flows lived at random: presses, replays, races, kills, timers, restarted dispatchers.

After each act: one token a scope, nobody's task without a holder, every opinion kept, the journal's
chain whole. And from wherever a case has come to, its end can be reached.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from quytrinh.background import dispatch
from quytrinh.background.models import OutboxMessage
from quytrinh.journal.chain import Head, verify
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.actions import step as frame
from quytrinh.runtime.exceptions import ActionNotAllowed, RuntimeFailure, TaskAlreadyDone
from quytrinh.runtime.models import CaseTask, InboxEntry
from quytrinh.runtime.querysets import OPEN
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.support.campaign import figure
from tests.support.living_flows import living_flow

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once("postgresql")]

LIVES = figure(300)
ACTS = 12
# Presses after which a case that wanders at random has met its end.
PATIENCE = 400
FLOW = "hinh-dang"
CHANCE = st.integers(0, 10**6)


class Killed(BaseException):
    """As the process ending here: no handler of ours catches it."""


@contextmanager
def killing(place: Any, name: str, when: str) -> Iterator[None]:
    """End the process, as it were, before or after the first call of something."""
    real, killed = getattr(place, name), []

    def doomed(*arguments: Any, **named: Any) -> Any:
        if killed:
            return real(*arguments, **named)
        killed.append(True)
        if when == "after":
            real(*arguments, **named)
        raise Killed

    setattr(place, name, doomed)
    try:
        yield
    finally:
        setattr(place, name, real)


class Life(RuleBasedStateMachine):
    """One case of a random flow."""

    office: Office
    tally: Counter[str]

    @initialize(seed=CHANCE)
    def begin(self, seed: int) -> None:
        """Put a flow in force and begin a case."""
        self.text = living_flow(seed)
        self.office.promulgate(self.text)
        self.person = self.office.agency.person("chuyen-vien")
        self.case = self.office.begin(FLOW)
        self.opinions: dict[UUID, str] = {}

    # --- what people and machines do ------------------------------------------------------------

    @rule(chance=CHANCE)
    def press(self, chance: int) -> None:
        """Do one of the open tasks by one of its actions."""
        self._press(random.Random(chance))  # noqa: S311

    @rule(chance=CHANCE)
    def press_again(self, chance: int) -> None:
        """Do a task, and send the same request once more."""
        done = self._press(random.Random(chance))  # noqa: S311
        if done:
            with pytest.raises(TaskAlreadyDone):
                self._perform(*done, "lần nữa")
            self.tally["replayed"] += 1

    @rule(chance=CHANCE)
    def race(self, chance: int) -> None:
        """Have two press the same task at once; one of them wins."""
        chosen = self._choice(random.Random(chance))  # noqa: S311
        if chosen is None or connection.vendor != "postgresql":
            return
        with ThreadPoolExecutor(2) as racers:
            told = list(racers.map(lambda who: self._race(*chosen, f"người {who}"), range(2)))
        won = [comment for comment in told if comment]
        assert len(won) <= 1, told
        if won:
            self.opinions[chosen[0].pk] = won[0]
            self.tally["raced"] += 1

    @rule(chance=CHANCE, point=st.sampled_from(["save-before", "save-after", "wake-after"]))
    def be_killed(self, chance: int, point: str) -> None:
        """Die in the middle of a step: it has not been; press it again."""
        chosen = self._choice(random.Random(chance))  # noqa: S311
        if chosen is None:
            return
        before = self.office.case(self.case).revision
        name, _, when = point.partition("-")
        try:
            with killing(frame, name, when):
                self._perform(*chosen, "dở dang")
        except (Killed, RuntimeFailure):
            pass
        assert self.office.case(self.case).revision == before
        self.tally["killed in a step"] += 1
        self._try(*chosen, "sau khi khởi động lại")

    @rule()
    def work_off(self) -> None:
        """Let the dispatcher do what is due."""
        dispatch.run_due()

    @rule(when=st.sampled_from(["before", "after"]))
    def restart_dispatcher(self, when: str) -> None:
        """Kill the dispatcher over a message; the next one takes over what it held."""
        try:
            with killing(dispatch, "_complete_unless_done", when):
                dispatch.run_due()
        except Killed:
            self.tally["dispatcher killed"] += 1
        dispatch.release_leases_of_the_dead()
        dispatch.run_due()

    @rule()
    def let_time_pass(self) -> None:
        """Let every timer go off, deadlines passed or not."""
        self._make_due()
        dispatch.run_due()

    # --- what always holds ----------------------------------------------------------------------

    @invariant()
    def one_token_a_scope(self) -> None:
        """No scope has two tokens; an open case has one, a finished case none."""
        tasks = self._open()
        tokens = Counter(str(task.token) for task in tasks)
        assert all(number == 1 for number in tokens.values()), (tokens, self.text)
        assert bool(tasks) == (self.office.case(self.case).finished is None)

    @invariant()
    def no_open_task_without_a_holder(self) -> None:
        """What waits for people waits in inboxes, and nothing else does."""
        waiting = {task.pk for task in self._open() if task.flow_task_type == "HUMAN"}
        assert all(task.holder_keys for task in self._open() if task.pk in waiting)
        with self.office.agency.at_work():
            entries = InboxEntry.objects.filter(case=self.case, kind="task")
            assert set(entries.values_list("task_id", flat=True)) == waiting

    @invariant()
    def every_opinion_is_kept(self) -> None:
        """What anybody said when they did a task stands there for good."""
        with self.office.agency.at_work():
            said = CaseTask.objects.filter(pk__in=self.opinions).values_list("pk", "comment")
            assert dict(said) == self.opinions

    @invariant()
    def the_journal_is_whole(self) -> None:
        """Its entries follow from each other, up to where the case says it stands."""
        case = self.office.case(self.case)
        with self.office.agency.at_work():
            entries = JournalEntry.objects.of_subject(case.pk).order_by("seq")
            head = Head(case.pk, case.journal_seq, case.journal_hash)
            assert verify(entries, head=head) is None

    def teardown(self) -> None:
        """Reach an end from here."""
        if not hasattr(self, "opinions"):
            return
        rng = random.Random(self.case.code)  # noqa: S311
        for _ in range(PATIENCE):
            if self.office.case(self.case).finished:
                self.tally["lives"] += 1
                return
            if self._press(rng) is None:
                self._make_due()
                dispatch.run_due()
        raise AssertionError(f"no end reached\n{self.text}")

    # --- how ------------------------------------------------------------------------------------

    def _open(self) -> list[CaseTask]:
        with self.office.agency.at_work():
            tasks = CaseTask.objects.filter(process=self.case, status__in=OPEN)
            return list(tasks.order_by("pk"))

    def _choice(self, rng: random.Random) -> tuple[CaseTask, str] | None:
        tasks = [task for task in self._open() if task.flow_task_type == "HUMAN"]
        if not tasks:
            return None
        task = rng.choice(tasks)
        step = definitions.plan(self.case.digest).step(task.step)
        return task, rng.choice(step.actions).id

    def _press(self, rng: random.Random) -> tuple[CaseTask, str] | None:
        chosen = self._choice(rng)
        return chosen if chosen and self._try(*chosen, f"ý kiến {rng.random()}") else None

    def _try(self, task: CaseTask, action: str, comment: str) -> bool:
        try:
            self._perform(task, action, comment)
        except ActionNotAllowed:
            return False
        self.opinions[task.pk] = comment
        self.tally["pressed"] += 1
        return True

    def _perform(self, task: CaseTask, action: str, comment: str) -> None:
        with tenant_context(self.office.agency.tenant.pk):
            actions.perform(task_id=task.pk, actor=self.person, action=action, comment=comment)

    def _race(self, task: CaseTask, action: str, comment: str) -> str:
        try:
            self._perform(task, action, comment)
        except (TaskAlreadyDone, ActionNotAllowed):
            return ""
        finally:
            connections.close_all()
        return comment

    def _make_due(self) -> None:
        with self.office.agency.at_work():
            pending = OutboxMessage.objects.filter(state="pending")
            pending.update(not_before=timezone.now() - timedelta(seconds=1))


def living(office: Office, tally: Counter[str]) -> Callable[[], Life]:
    """Return lives of this office's cases."""

    class OfficeLife(Life):
        pass

    OfficeLife.office, OfficeLife.tally = office, tally
    return OfficeLife


def test_random_lives_keep_what_always_holds(office: Office) -> None:
    tally: Counter[str] = Counter()
    run_state_machine_as_test(
        living(office, tally),
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=ACTS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert tally["lives"] >= LIVES // 2
    assert tally["pressed"] > LIVES
    print(", ".join(f"{what}: {count}" for what, count in sorted(tally.items())))  # noqa: T201
