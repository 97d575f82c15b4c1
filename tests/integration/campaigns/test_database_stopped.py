"""The database stopped at once under load, again and again: what was accepted is there, once."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, connection

from quytrinh.background.dispatch import release_leases_of_the_dead
from quytrinh.background.models import OutboxMessage
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.exceptions import TaskAlreadyDone
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from scripts import services
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.agencies import Agencies
from tests.support.campaign import figure
from tests.support.postgresql import fresh_database
from tests.support.processes import side_by_side
from tests.support.waiting import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

STOPS = figure(10)
WORKERS = 3
ROAD = {
    "draft": ("chuyen-vien", "submit", SLIP),
    "review": ("truong-phong", "approve", {}),
    "decide": ("giam-doc", "approve", {"directive": "Đồng ý"}),
    "close": ("van-thu", "done", {"dossier": "HS-01"}),
}


@pytest.fixture
def cluster(
    agencies: Agencies, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[services.Cluster]:
    """A cluster of this test's own with both agencies in it, to which Django now speaks."""
    tests_own, name = (
        os.environ["QUYTRINH_TEST_POSTGRES_URL"],
        settings.DATABASES["default"]["NAME"],
    )
    folder = tmp_path_factory.mktemp("cluster", numbered=True)
    for each in (folder, *folder.parents[:2]):
        each.chmod(0o755)
    with services.postgresql(folder / "postgresql", keeps_commits=True) as own:
        monkeypatch.setenv("QUYTRINH_TEST_POSTGRES_URL", own.url)
        with fresh_database(name):
            _copy(_in(tests_own, name), _in(own.url, name))
            connection.close()
            with monkeypatch.context() as elsewhere:
                elsewhere.setitem(connection.settings_dict, "PORT", own.port)
                yield own
                connection.close()


def _in(url: str, database: str) -> str:
    return f"{url.rpartition('/')[0]}/{database}"


def _copy(source: str, target: str) -> None:
    dump = subprocess.run(["pg_dump", source], check=True, stdout=subprocess.PIPE)
    subprocess.run(["psql", "-q", target], check=True, input=dump.stdout, stdout=subprocess.PIPE)


class Clerk:
    """A process that begins cases and takes each to its end, whatever happens to the database."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office = office
        self.over, self.finished = folder / "over", folder / "finished"
        self.losses = 0

    def work(self, number: int) -> list[UUID]:
        """Work until it is over; return the cases that were accepted."""
        accepted: list[UUID] = []
        while not self.over.exists():
            case = self._try(lambda: self.office.begin("phieu-trinh"))
            if case is not None:
                accepted.append(case.pk)
                self._take_to_its_end(case)
        return accepted

    def _take_to_its_end(self, case: Case) -> None:
        while not self._try(lambda: self._go_on(case)):
            pass
        with self.finished.open("a") as finished:
            finished.write(f"{case.pk}\n")

    def _go_on(self, case: Case) -> bool:
        """Do what the case waits for; tell whether it is finished."""
        if self.office.case(case).finished:
            return True
        place = self.office.place(case)
        if place not in ROAD:
            self.office.work_off()
            return False
        who, action, values = ROAD[place]
        self.office.act(who, case, action, values=values)
        return False

    def _try(self, act):
        try:
            return act()
        except (DatabaseError, InterfaceError):
            # As whoever restarts a worker that lost its database: connect anew, go on.
            self.losses += 1
            connection.close()
            self._until_it_answers()
        except (TaskAlreadyDone, CaseTask.DoesNotExist):
            pass  # it had been done when the answer was lost
        return None

    def _until_it_answers(self) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                release_leases_of_the_dead()
            except (DatabaseError, InterfaceError):
                connection.close()
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the database did not come back")


def stop_again_and_again(cluster: services.Cluster, finished: Path, over: Path) -> None:
    """Stop the database at once whenever some more cases have come to their end."""
    try:
        for _ in range(STOPS):
            before = _lines(finished)
            wait_for(lambda before=before: _lines(finished) > before + 1, "cases go on")
            cluster.stop_at_once()
            cluster.start()
        before = _lines(finished)
        wait_for(lambda: _lines(finished) > before, "cases go on after the last stop")
    finally:
        over.touch()


def _lines(file: Path) -> int:
    return len(file.read_text().splitlines()) if file.exists() else 0


def test_database_stopped_at_once_under_load_loses_nothing(
    cluster: services.Cluster, agencies: Agencies, tmp_path: Path
) -> None:
    office = Office(agencies.binh_thuan)
    clerk = Clerk(office, tmp_path)
    power = Thread(target=stop_again_and_again, args=(cluster, clerk.finished, clerk.over))
    connection.close()
    power.start()
    accepted = [case for some in side_by_side(WORKERS, clerk.work) for case in some]
    power.join()

    with office.agency.at_work():
        cases = Case.objects.values_list("pk", "finished", "journal_seq")
        assert set(accepted) <= {case for case, *_ in cases}
        # A case whose acceptance nobody heard of stands at its first step, whole.
        finished = {case for case, finished, _ in cases if finished}
        assert set(accepted) == finished
        waiting = CaseTask.objects.open().exclude(process__in=finished)
        assert {step for (step,) in waiting.values_list("step")} <= {"draft"}
        assert set(InboxEntry.objects.filter(kind="task").values_list("case_id", flat=True)) == {
            case for case, finished, _ in cases if not finished
        }
        written = Counter(JournalEntry.objects.values_list("subject_id", flat=True))
        assert all(written[case] == journal_seq for case, _, journal_seq in cases)
        verbs = Counter(
            JournalEntry.objects.filter(subject_id__in=finished).values_list("verb", flat=True)
        )
        assert verbs["task.completed"] == len(ROAD) * len(finished)
        assert verbs["step.completed"] == verbs["case.closed"] == len(finished)
        assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"done"}
    call_command("journal", "verify")
    print(f"stopped {STOPS} times: {len(accepted)} accepted cases, all finished, once")  # noqa: T201
