"""Failed work comes back with patience, never all at once, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.background.retry import LONGEST_DELAY, MOST_ATTEMPTS, delay_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (54, 3600)]
)
def test_delay_doubles_up_to_an_hour(attempts, seconds):
    longest = timedelta(seconds=seconds)
    assert longest / 2 <= delay_after(attempts) <= longest


@given(st.integers(1, 10_000))
def test_delay_never_exceeds_an_hour(attempts):
    assert timedelta(0) < delay_after(attempts) <= LONGEST_DELAY


def test_all_attempts_together_take_about_two_days():
    longest = sum(
        (timedelta(seconds=min(30 * 2**n, 3600)) for n in range(MOST_ATTEMPTS - 1)), timedelta(0)
    )
    assert timedelta(hours=44) < longest < timedelta(hours=52)


def test_messages_that_failed_together_come_back_apart():
    assert len({delay_after(3) for _ in range(20)}) > 1
