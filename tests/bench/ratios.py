"""Timing that survives a busy machine: CPU time, the best of many rounds, as ratios in one run."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUNDS = 15


def cpu_seconds(work: Callable[[], object], *, repeat: int) -> float:
    """Return the CPU time of one call, from the best round."""
    rounds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(repeat):
            work()
        rounds.append((time.process_time() - started) / repeat)
    return min(rounds)


def report(name: str, measured: float, yardstick: float, *, at_most: float) -> None:
    """Print a ratio and refuse one above its bound."""
    ratio = measured / yardstick
    milliseconds, of = measured * 1000, yardstick * 1000
    print(f"{name}: {milliseconds:.3f} ms, {ratio:.3f} of {of:.3f} ms (at most {at_most})")
    assert ratio <= at_most, name
