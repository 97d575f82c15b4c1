"""When a failed message is tried again: pure."""

from __future__ import annotations

import random
from datetime import timedelta

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
# Eight attempts in the first two hours, then one an hour: about two days in all.
MOST_ATTEMPTS = 54
# A message under which this many workers died is set aside: it may be what kills them.
MOST_CRASHES = 5


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after this many attempts: 30 s x 2^n, at most 1 h, with jitter.

    The jitter (half to the whole of it) keeps messages that failed together from coming back
    together.
    """
    doubled = min(FIRST_DELAY * 2 ** min(attempts - 1, 20), LONGEST_DELAY)
    return doubled * random.uniform(0.5, 1.0)  # noqa: S311  (spreads load, guards nothing)
