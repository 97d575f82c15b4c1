"""The agencies that other tests start from: complete, and anew for each test."""

from __future__ import annotations

import pytest

from quytrinh.runtime.models import Case
from tests.support.agencies import PEOPLE


@pytest.mark.parametrize("turn", range(10))
@pytest.mark.django_db(transaction=True)
def test_each_transactional_test_begins_with_both(agencies, turn):
    begins_with_both(agencies)


@pytest.mark.parametrize("turn", range(10))
def test_each_test_begins_with_both(agencies, turn):
    begins_with_both(agencies)


def begins_with_both(agencies):
    for agency in agencies:
        with agency.at_work():
            assert not Case.objects.exists()
        case, task = agency.new_case()
        assert task.step == "draft"
        assert case.subject == "Mua sắm máy in"
        for who in PEOPLE:
            assert agency.person(who).full_name
        assert agency.client("chuyen-vien").get("/viec/").status_code == 200
