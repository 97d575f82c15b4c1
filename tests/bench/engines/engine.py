"""What every engine of the table can do, and the CPU it takes: client and PostgreSQL backend."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Protocol

Shape = Literal["linear", "split"]
# Seventeen nodes each: fifteen steps in a row; or three times one step, then two side by side.
STEPS: dict[Shape, int] = {"linear": 15, "split": 9}
SHAPES: tuple[Shape, ...] = ("linear", "split")


class Engine(Protocol):
    """One way to run cases; `backend` is the process of PostgreSQL that serves it."""

    name: str

    @property
    def backend(self) -> int:
        """Return the process id of the backend."""

    def begin(self, shape: Shape) -> Any:
        """Begin a case, outside the measurement."""

    def next_task(self, case: Any) -> Any:
        """Find a task that waits in a case, outside the measurement."""

    def do(self, task: Any) -> None:
        """Do one human step, as the request of a person would."""

    def is_over(self, case: Any) -> bool:
        """Tell whether a case has reached its end."""


def backend_seconds(process: int) -> float:
    """Return the CPU time a process has had, as the scheduler counts it."""
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def cpu_of(engine: Engine, work: Callable[[], object]) -> float:
    """Return the CPU seconds of this process and of the engine's backend."""
    served, own = backend_seconds(engine.backend), time.process_time()
    work()
    return time.process_time() - own + backend_seconds(engine.backend) - served


def walk(engine: Engine, shape: Shape, cases: int) -> float:
    """Take cases from start to end; return the CPU seconds of one human step."""
    begun = [engine.begin(shape) for _ in range(cases)]
    rows = _rows(engine, shape, begun)
    spent = sum(cpu_of(engine, lambda row=row: _do(engine, row)) for row in rows)
    assert all(engine.is_over(case) for case in begun), engine.name
    return spent / (cases * STEPS[shape])


def _rows(engine: Engine, shape: Shape, cases: Sequence[Any]) -> Iterator[list[Any]]:
    """Yield the tasks of all cases, one step after the other."""
    for _ in range(STEPS[shape]):
        yield [engine.next_task(case) for case in cases]


def _do(engine: Engine, tasks: Sequence[Any]) -> None:
    for task in tasks:
        engine.do(task)
