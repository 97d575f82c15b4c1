"""Numbers of registers: none missing, none twice, one for a document; void ones stay."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from quytrinh.documents import numbering
from quytrinh.documents.choices import EntryState
from quytrinh.documents.exceptions import NoSuchRegister, NumberNotFound
from quytrinh.documents.models import NumberSeries, Register, RegisterEntry
from quytrinh.documents.numbering import Line
from quytrinh.documents.registers import open_registers
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant
from tests.support.clerks import (
    CLERKS,
    DAY,
    REGISTERS,
    assert_no_gap,
    new_document,
    number,
    number_side_by_side,
    numbers,
    take,
)

pytestmark = pytest.mark.django_db(transaction=True)

FULL = os.environ.get("QUYTRINH_CAMPAIGN") == "full"
EACH = 20 if FULL else 2
KILLS = 50 if FULL else 5


@pytest.fixture
def at_work(agency: Tenant):
    """The agency at work, its registers open."""
    with tenant_context(agency.pk):
        with transaction.atomic():
            open_registers(declared=REGISTERS)
        yield agency


def test_numbers_follow_each_other_and_begin_anew_each_year(at_work) -> None:
    with transaction.atomic():
        codes = [number(new_document()).code for _ in range(2)]
        codes.append(number(new_document(), day=date(2027, 1, 1)).code)
    assert codes == ["01/QĐ-SA", "02/QĐ-SA", "01/QĐ-SA"]


def test_document_keeps_its_number_however_often_it_is_asked_for(at_work) -> None:
    with transaction.atomic():
        document = new_document()
        first = number(document)
        assert number(document, day=date(2027, 1, 1)).pk == first.pk
    assert numbers() == [1]


def test_number_is_written_on_the_document(at_work) -> None:
    with transaction.atomic():
        document = new_document()
        number(document, type="CV", unit="phong-mot")
        document.refresh_from_db()
    assert (document.number, document.notation, document.code) == ("01", "SA-P1", "01/SA-P1")
    assert (document.type, document.date, document.subject) == ("CV", DAY, "Về việc thử")


@pytest.mark.parametrize(
    ("pattern", "code", "notation"),
    [
        ("{number}/{type}-{agency}", "07/QĐ-SA", "QĐ-SA"),
        ("{number}-{type}/{agency}", "07-QĐ/SA", "QĐ/SA"),
        ("{number}/{year}/{type}-{agency}", "07/2026/QĐ-SA", "2026/QĐ-SA"),
        ("{number}/{type}-{agency}-{unit}", "07/QĐ-SA", "QĐ-SA"),
    ],
)
def test_notation_follows_the_agencys_pattern(pattern, code, notation) -> None:
    from quytrinh.documents.notation import write_code

    register = Register(pattern=pattern, agency_symbol="SA", unit_symbols={})
    written = write_code(register, number=7, day=DAY, type="QĐ", unit="khac")
    assert written == (code, notation)


def test_void_number_stays_with_its_reason_and_is_not_used_again(at_work) -> None:
    with transaction.atomic():
        document = new_document()
        entry = number(document)
        numbering.void_number(document=document.pk, reason="Soạn nhầm", actor=None)
        assert number(document).number == 2
        voided = RegisterEntry.objects.get(pk=entry.pk)
    assert (voided.state, voided.void_reason, voided.number) == ("void", "Soạn nhầm", 1)


def test_number_is_issued_once(at_work) -> None:
    with transaction.atomic():
        document = new_document()
        assert number(document).state == EntryState.RESERVED
        for recipients in ("Sở B", "Sở C"):
            numbering.issue_number(document=document.pk, recipients=recipients, signer="Lan")
        [entry] = RegisterEntry.objects.all()
    assert (entry.state, entry.recipients, entry.signer) == ("issued", "Sở B", "Lan")


def test_what_has_no_register_or_no_number_is_refused(at_work) -> None:
    with transaction.atomic():
        document = new_document()
        with pytest.raises(NumberNotFound):
            numbering.issue_number(document=document.pk, recipients="", signer="")
        line = Line(document=document.pk, case=document.owner_id)
        with pytest.raises(NoSuchRegister, match="den"):
            numbering.number_document(register="den", line=line, day=DAY, actor=None)


def test_arrival_takes_the_next_arrival_number(at_work) -> None:
    with transaction.atomic():
        for code in ("5/QĐ-B", "6/QĐ-B"):
            document = new_document()
            line = Line(document=document.pk, case=document.owner_id, code=code, sender="Sở B")
            entry = numbering.register_arrival(register="den", line=line, day=DAY, actor=None)
            again = numbering.register_arrival(register="den", line=line, day=DAY, actor=None)
            assert again.pk == entry.pk
    assert (entry.number, entry.state, entry.code) == (2, EntryState.ISSUED, "6/QĐ-B")


@pytest.mark.parametrize(
    "change",
    [
        lambda: NumberSeries.objects.update(last=7),
        lambda: NumberSeries.objects.update(last=0),
        lambda: NumberSeries.objects.update(year=2030),
        lambda: RegisterEntry.objects.update(number=9),
        lambda: RegisterEntry.objects.filter(state="void").update(void_reason="khác"),
        lambda: RegisterEntry.objects.filter(state="void").update(state="issued"),
    ],
)
def test_database_itself_refuses_to_bend_a_register(at_work, change) -> None:
    with transaction.atomic():
        document = new_document()
        number(document)
        numbering.void_number(document=document.pk, reason="Thử", actor=None)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        change()


def test_database_itself_refuses_to_remove_a_line(at_work) -> None:
    with transaction.atomic():
        number(new_document())
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        RegisterEntry.objects.all().delete()


def test_fifty_clerks_of_whom_some_fail_leave_no_gap(at_work) -> None:
    """R1: one register, a thread a clerk, 15 % of the steps rolled back."""
    campaign = number_side_by_side(at_work.pk, each=EACH)
    assert assert_no_gap() == campaign.kept
    assert 0 < campaign.kept < campaign.asked == CLERKS * EACH


def _number_for_ever(tenant_id: int, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  (which clerk fails is no secret)
    while True:
        take(tenant_id, draw)


def test_clerks_killed_at_any_moment_leave_no_gap(at_work) -> None:
    """R2: processes that number without end, killed by SIGKILL one after the other."""
    fork = multiprocessing.get_context("fork")
    draw = random.Random(2026)  # noqa: S311  (which clerk fails is no secret)
    for seed in range(KILLS):
        connections.close_all()
        clerks = [
            fork.Process(target=_number_for_ever, args=(at_work.pk, seed * 2 + each))
            for each in range(2)
        ]
        for clerk in clerks:
            clerk.start()
        time.sleep(0.15 + draw.random() * 0.15)
        for clerk in clerks:
            clerk.kill()
            clerk.join()
    with transaction.atomic():
        number(new_document())
    assert assert_no_gap() > KILLS
