"""What a step costs on PostgreSQL, counted on the wire by kind of step (facts: §8, §10)."""

from __future__ import annotations

import pytest

from tests.integration.runtime.conftest import Office
from tests.support.step_kinds import Cost, count_kinds

pytestmark = pytest.mark.django_db(transaction=True)

# One read under the lock and one write, each with what frames them in one round trip.
STEP = Cost(statements=2, round_trips=2)
# Which version is in force and how fresh the directory must be are asked before.
START = Cost(statements=3, round_trips=4)


def test_a_step_of_any_kind_is_one_read_and_one_write_in_two_round_trips(
    office: Office, wire
) -> None:
    found = dict(count_kinds(office, wire))
    assert found.pop("start") == START
    assert found == dict.fromkeys(found, STEP)
    assert len(found) == 12
