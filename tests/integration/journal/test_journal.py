"""The journal only grows, and says so when somebody changed it."""

from __future__ import annotations

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from quytrinh.journal import heads
from quytrinh.journal.actions import record
from quytrinh.journal.models import JournalEntry
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import tenant_context
from tests.support.postgresql import as_owner

SUBJECT = uuid4()
PAYLOAD = {
    "điều": "6.2.a",
    "number": 1.5,
    "whole": 3.0,
    "tiny": 1e-300,
    "big": 2**60,
    "list": [None, True, {"x": "Ω"}],
}


@pytest.fixture
def agency(transactional_db):
    """An agency with three entries about one subject, and one about another."""
    tenant = create_tenant(slug="so-mau", name="Sở mẫu")
    with tenant_context(tenant.pk), transaction.atomic():
        for number in range(3):
            record(subject_id=SUBJECT, verb=f"test.{number}", actor=uuid4(), payload=PAYLOAD)
        record(subject_id=uuid4(), verb="test.other")
    return tenant


def verified(*args: str) -> str:
    """Run the command; return what it says."""
    out = StringIO()
    call_command("journal", "verify", *args, stdout=out)
    return out.getvalue()


def forge(statement: str) -> None:
    """Change the journal as an intruder with the owner's rights would: past triggers and wall."""
    table = "journal_journalentry"
    if connection.vendor == "postgresql":
        with as_owner() as owner:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
            owner.execute(statement)
            owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = [row for row in cursor.fetchall() if table in row[1]]
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement)
        for _name, sql in triggers:
            cursor.execute(sql)


def test_chain_read_back_from_the_database_is_whole(agency):
    with tenant_context(agency.pk), transaction.atomic():
        entries = list(JournalEntry.objects.of_subject(SUBJECT))
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[1].prev_hash == entries[0].hash
    assert "2 chuỗi" in verified()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE journal_journalentry SET verb = 'x'", "DELETE FROM journal_journalentry"],
)
def test_database_refuses_change_and_removal(agency, statement):
    with (
        tenant_context(agency.pk),
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "seq"),
    [
        ("UPDATE journal_journalentry SET verb = 'forged' WHERE verb = 'test.1'", 2),
        ("UPDATE journal_journalentry SET payload = '{}' WHERE verb = 'test.2'", 3),
        ("UPDATE journal_journalentry SET actor = NULL WHERE verb = 'test.0'", 1),
        ("DELETE FROM journal_journalentry WHERE verb = 'test.0'", 2),
        ("DELETE FROM journal_journalentry WHERE verb = 'test.1'", 3),
        ("UPDATE journal_journalentry SET hash = prev_hash WHERE verb = 'test.1'", 2),
    ],
)
def test_verify_names_the_first_bad_entry(agency, statement, seq):
    forge(statement)
    with pytest.raises(CommandError, match=f"so-mau: .*{SUBJECT}, dòng {seq}") as refusal:
        verified()
    assert refusal.value.returncode == 1


def test_verify_of_one_agency_leaves_the_others_alone(agency):
    create_tenant(slug="so-khac", name="Sở khác")
    assert "so-mau" not in verified("--tenant", "so-khac")
    with pytest.raises(CommandError) as refusal:
        verified("--tenant", "khong-co")
    assert refusal.value.returncode == 2


def test_verify_sees_an_end_that_was_cut_off(agency, monkeypatch):
    with tenant_context(agency.pk), transaction.atomic():
        head = JournalEntry.objects.head(SUBJECT)
    monkeypatch.setattr(heads, "_sources", [lambda: [head]])
    assert "2 chuỗi" in verified()
    forge("DELETE FROM journal_journalentry WHERE verb = 'test.2'")
    with pytest.raises(CommandError, match=f"{SUBJECT}, dòng 3: chuỗi kết thúc sai chỗ"):
        verified()


def test_verify_sees_a_chain_that_is_gone(agency, monkeypatch):
    with tenant_context(agency.pk), transaction.atomic():
        head = JournalEntry.objects.head(SUBJECT)
    monkeypatch.setattr(heads, "_sources", [lambda: [head]])
    forge("DELETE FROM journal_journalentry WHERE verb <> 'test.other'")
    with pytest.raises(CommandError, match=f"{SUBJECT}, dòng 3"):
        verified()
