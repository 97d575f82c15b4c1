"""Fifty clerks on one register: the rate at which it gives numbers without a gap."""

from __future__ import annotations

import pytest
from django.db import transaction

from quytrinh.documents.registers import open_registers
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import tenant_context
from tests.support.clerks import CLERKS, REGISTERS, assert_no_gap, number_side_by_side

pytestmark = pytest.mark.django_db(transaction=True)

EACH = 20
SLOWEST = 20  # numbers a second; two idle cores give many times as many


def test_a_register_gives_a_thousand_numbers_to_fifty_clerks() -> None:
    tenant = create_tenant(slug="so-do", name="Sở đo")
    with tenant_context(tenant.pk):
        with transaction.atomic():
            open_registers(declared=REGISTERS)
        campaign = number_side_by_side(tenant.pk, each=EACH)
        assert assert_no_gap() == campaign.kept < campaign.asked == CLERKS * EACH
    print(f"{CLERKS} clerks, 15 % rolled back: {campaign}")
    assert campaign.kept / campaign.seconds >= SLOWEST
