"""What a step of each kind costs on PostgreSQL: statements and round trips, by libpq's trace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from quytrinh.runtime import actions
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.wire import Wire

Watch = Callable[[], AbstractContextManager[Wire]]
# BEGIN, the tenant setting and COMMIT travel with every step and are not counted.
FRAME = 3

SPLIT = """
quytrinh: 1
flow: hai-nhanh
name: Hai nhánh
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  head: {name: Trưởng phòng, who: {head_of: case.unit}}
steps:
  - {id: draft, by: drafter, actions: {go: {label: Trình}}}
  - id: both
    parallel:
      a: {steps: [{id: one, by: drafter, actions: {go: {label: Xong}}}]}
      b: {steps: [{id: two, by: drafter, actions: {go: {label: Xong}}}]}
    join: all
    due: {in: 2d, remind: 4h, escalate: head}
  - {id: last, by: head, actions: {go: {label: Xong}, redo: {label: Lại, return_to: both}}}
  - {end: done}
"""
EACH = """
quytrinh: 1
flow: hoi-y-kien
name: Hỏi ý kiến
roles:
  drafter: {name: Người soạn, who: {creator: true}}
  unit_head: {name: Trưởng đơn vị, who: {head_of: item.unit}}
steps:
  - {id: draft, by: drafter, actions: {go: {label: Hỏi}}}
  - id: ask
    each: {units: [phong-nghiep-vu, van-phong]}
    join: all
    steps:
      - {id: answer, by: unit_head, actions: {go: {label: Trả lời}}}
  - {id: pause, wait: {for: 2d}}
  - {id: last, by: drafter, actions: {go: {label: Xong}}}
  - {end: done}
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Statements besides the frame, and round trips."""

    statements: int
    round_trips: int


@dataclass(frozen=True, slots=True)
class Counting:
    """Does steps in an office and counts them."""

    office: Office
    watch: Watch

    def start(self, flow: str) -> tuple[Case, Cost]:
        """Begin a case."""
        person = self.office.agency.person("chuyen-vien")
        with tenant_context(self.office.agency.tenant.pk), self.watch() as seen:
            case = actions.start_case(flow_key=flow, actor=person)
        return case, _cost(seen)

    def step(self, who: str, task: CaseTask, action: str, **entered: Any) -> Cost:
        """Do a task."""
        person = self.office.agency.person(who)
        with tenant_context(self.office.agency.tenant.pk), self.watch() as seen:
            actions.perform(task_id=task.pk, actor=person, action=action, **entered)
        return _cost(seen)

    def next(self, who: str, case: Case, action: str, **entered: Any) -> Cost:
        """Do the one task at which a case stands."""
        return self.step(who, self.office.agency.open_task(case), action, **entered)

    def tasks(self, case: Case) -> list[CaseTask]:
        """Return the open tasks of a case, by the order of their making."""
        with self.office.agency.at_work():
            return list(CaseTask.objects.open().filter(process=case).order_by("pk"))


def _cost(seen: Wire) -> Cost:
    return Cost(seen.statements - FRAME, seen.round_trips)


def count_kinds(office: Office, watch: Watch) -> Mapping[str, Cost]:
    """Do a step of each kind, everything kept warm; return what each cost."""
    office.promulgate(SPLIT)
    office.promulgate(EACH)
    counting = Counting(office, watch)
    for _ in range(2):  # the first round makes everything warm
        found = _slip(counting) | _split(counting) | _each(counting)
    return found


def _slip(counting: Counting) -> dict[str, Cost]:
    """The submission slip: forms, a return, a condition with a choice, a job, the end."""
    found = {}
    office = counting.office
    case, _ = counting.start("phieu-trinh")
    found["human"] = counting.next("chuyen-vien", case, "submit", values=SLIP)
    found["return"] = counting.next("truong-phong", case, "return", comment="Sửa")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    found["condition and choice"] = counting.next("truong-phong", case, "approve")
    directive = {"directive": "Đồng ý"}
    found["into the outbox"] = counting.next("giam-doc", case, "approve", values=directive)
    office.work_off()
    found["end"] = counting.next("van-thu", case, "done", values={"dossier": "HS-01"})
    return found


def _split(counting: Counting) -> dict[str, Cost]:
    """Two branches side by side, with timers; back into the block from behind it."""
    case, start = counting.start("hai-nhanh")
    found = {"start": start, "split": counting.next("chuyen-vien", case, "go")}
    one, two = counting.tasks(case)
    found["branch"] = counting.step("chuyen-vien", one, "go")
    found["join"] = counting.step("chuyen-vien", two, "go")
    found["return into a block"] = counting.next("truong-phong", case, "redo")
    return found


def _each(counting: Counting) -> dict[str, Cost]:
    """A branch for each member, then a wait."""
    case, _ = counting.start("hoi-y-kien")
    found = {"each": counting.next("chuyen-vien", case, "go")}
    one, two = counting.tasks(case)
    found["member"] = counting.step("truong-phong", one, "go")
    found["join and wait"] = counting.step("chanh-van-phong", two, "go")
    return found
