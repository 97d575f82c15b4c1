"""Work in real processes side by side; they are forked, so they know what the test knows."""

from __future__ import annotations

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from django.db import connections

Answer = TypeVar("Answer")
FORK = multiprocessing.get_context("fork")


def side_by_side(count: int, work: Callable[[int], Answer]) -> list[Answer]:
    """Let `count` processes do `work(number)` at once; return what each answered.

    A process that fails fails the test, with its own traceback.
    """
    connections.close_all()
    pipes = [FORK.Pipe(duplex=False) for _ in range(count)]
    started = [
        FORK.Process(target=_answer, args=(work, number, mouth))
        for number, (_, mouth) in enumerate(pipes)
    ]
    for process in started:
        process.start()
    for _, mouth in pipes:
        mouth.close()
    answers = [_heard(ear) for ear, _ in pipes]
    for process in started:
        process.join()
    for answer in answers:
        assert not isinstance(answer, _Failed), answer.said
    return answers


def killed(work: Callable[[], Any]) -> bool:
    """Do work in a process of its own; tell whether it was killed before it came to the end."""
    connections.close_all()
    process = FORK.Process(target=work)
    process.start()
    process.join()
    assert process.exitcode in (0, -signal.SIGKILL), process.exitcode
    return process.exitcode != 0


def kill_oneself() -> None:
    """End this process as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


class _Failed:
    def __init__(self, said: str) -> None:
        self.said = said


def _answer(work: Callable[[int], Any], number: int, mouth: Connection) -> None:
    try:
        answer = work(number)
    except Exception:  # noqa: BLE001  (whatever it is, the test is told)
        answer = _Failed(traceback.format_exc())
    mouth.send(answer)
    mouth.close()
    connections.close_all()


def _heard(ear: Connection) -> Any:
    try:
        return ear.recv()
    except EOFError:
        return _Failed("the process ended without an answer")
