"""kill -9 between the number and the receiver: after it, nothing is missing, nothing is twice.

A child process does what is due and what people do next, until it kills itself right before or
right after something that outlives it: a write, a commit, the naming of a file, the start of a
program. The next child goes on as a restarted server does. Killed once at each such point of each
transaction (`make soak`), or at one in twenty-five.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from quytrinh.background import dispatch as dispatcher
from quytrinh.background.models import OutboxMessage
from quytrinh.documents.models import DocumentVersion, NumberSeries
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.signing.models import SignatureRecord
from quytrinh.signing.verdicts import Verdict
from tests.integration.runtime.conftest import Office
from tests.support.agencies import Agencies
from tests.support.provinces import (
    CAPACITY,
    ROADS,
    acts,
    draft,
    entries,
    judged,
    settle,
    walk,
    wordings,
)

pytestmark = pytest.mark.django_db(transaction=True)

STRIDE = 1 if os.environ.get("QUYTRINH_CAMPAIGN") == "full" else 25
LASTING = {"os.rename", "os.link", "os.remove", "subprocess.Popen"}
# What people do from the number on; before it, in Hà Tĩnh, the leader signs.
AT_STEP = {
    "sign": ("giam-doc", "confirm"),
    "number": ("van-thu", "confirm"),
    "seal": ("van-thu", "confirm"),
}
ACTS = {
    "binh-thuan": [
        "documents.number", "signing.prepare", "signing.sign", "signing.seal",
        "documents.register_out", "exchange.dispatch", "records.keep",
    ],
    "ha-tinh": [
        "signing.sign", "documents.number", "signing.seal",
        "documents.register_out", "exchange.dispatch", "records.keep",
    ],
}  # fmt: skip
SIGNED = {
    "binh-thuan": ["ChuKyNguoiKy", "DauCoQuan"],
    "ha-tinh": ["ChuKyNguoiKy", "SoKyHieu", "NgayThangNam", "DauCoQuan"],
}


class Doom:
    """Counts what outlives a process, and ends this one when its number comes up."""

    def __init__(self, number: int) -> None:
        self._left = number

    def step(self) -> None:
        """One more such thing is about to happen, or has just happened."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, execute: Any, sql: str, *rest: Any) -> Any:
        """Watch a statement of the ORM."""
        if sql.lstrip()[:6].upper() == "SELECT":
            return execute(sql, *rest)
        self.step()
        result = execute(sql, *rest)
        self.step()
        return result

    def event(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Watch files and programs."""
        if name in LASTING:
            self.step()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch from here on; for a child process only, which takes no hook back."""
        commit = BaseDatabaseWrapper.commit

        def watched_commit(wrapper: BaseDatabaseWrapper) -> None:
            self.step()
            commit(wrapper)
            self.step()

        BaseDatabaseWrapper.commit = watched_commit
        sys.addaudithook(self.event)
        with connection.execute_wrapper(self.statement):
            yield


def go_on(office: Office, case: Case, doomed_at: int) -> None:
    """Do what a restarted server and its people do until the document has arrived."""
    with Doom(doomed_at).watching():
        dispatcher.release_leases_of_the_dead()
        settle(office)
        while not (now := office.case(case)).finished:
            who, action = AT_STEP[office.place(now)]
            office.act(who, case, action, values=CAPACITY)
            settle(office)


def reached(offices: list[Office]) -> tuple[Any, ...]:
    """Tell how far everything is: whatever a transaction writes changes this."""
    found = []
    for office in offices:
        with office.agency.at_work():
            found.append((
                list(Case.objects.order_by("pk").values_list("pk", "revision")),
                OutboxMessage.objects.count(),
                OutboxMessage.objects.filter(state="done").count(),
                DocumentVersion.objects.count(),
                CaseTask.objects.count(),
                ExchangeMessage.objects.count(),
            ))  # fmt: skip
    return tuple(found)


def kill_all_along(office: Office, case: Case, offices: list[Office]) -> int:
    """Kill one child after the other until one comes to the end; return how many were killed."""
    fork, draw = multiprocessing.get_context("fork"), random.Random(2026)  # noqa: S311
    before, point, kills = reached(offices), 1 + draw.randrange(STRIDE), 0
    while True:
        connections.close_all()
        child = fork.Process(target=go_on, args=(office, case, point))
        child.start()
        child.join()
        if child.exitcode == 0:
            return kills
        assert child.exitcode == -signal.SIGKILL
        kills += 1
        now = reached(offices)
        point = 1 + draw.randrange(STRIDE) if now != before else point + STRIDE
        before = now


@pytest.mark.parametrize("province", [0, 1])
def test_killed_from_number_to_dispatch_everything_happens_once(
    agencies: Agencies, province: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Work under which process after process dies is set aside; here it is not its fault.
    monkeypatch.setattr(dispatcher, "MOST_CRASHES", 10**6)
    monkeypatch.setattr(dispatcher, "MOST_ATTEMPTS", 10**6)
    offices = [Office(agency) for agency in agencies]
    office, other = offices[province], offices[1 - province]
    slug = office.agency.slug
    case = draft(office)
    walk(office, case, ROADS[slug][: 3 - province])
    kills = kill_all_along(office, case, offices)
    assert kills > 200 / STRIDE, "hardly anything was interrupted: this test proved nothing"

    assert office.case(case).outcome == "issued"
    assert acts(office, case)[-len(ACTS[slug]) :] == ACTS[slug]
    assert [entry.number for entry in entries(office)] == [1]
    with office.agency.at_work():
        assert NumberSeries.objects.get(register__key="di").last == 1
        fields = SignatureRecord.objects.order_by("pk").values_list("field", flat=True)
        assert sorted(fields) == sorted(SIGNED[slug])
        [sent] = ExchangeMessage.objects.outgoing()
    assert (sent.transport_state, sent.business_status) == ("delivered", "01")
    found = wordings(office)
    assert len(found) == 4 - province
    assert all(after.startswith(before) for before, after in pairwise(found))
    finding = judged(office, found[-1], tmp_path)
    assert finding.verdict == Verdict.VALID
    assert [each.field for each in finding.signatures] == SIGNED[slug]
    with other.agency.at_work():
        [arrived] = ExchangeMessage.objects.incoming()
        [opened] = Case.objects.exclude(start_key="")
    assert arrived.case_id == opened.pk
    assert wordings(other) == [found[-1]]
    for each in offices:
        with each.agency.at_work():
            assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"done"}
    call_command("journal", "verify")
    walk(office, draft(office), ROADS[slug][:4])
    assert [entry.number for entry in entries(office)] == [1, 2]
    print(f"{slug}: killed {kills} times")  # noqa: T201
