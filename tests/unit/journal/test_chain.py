"""Any change, removal or reordering of a chained entry is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quytrinh.journal.chain import GENESIS, Entry, Head, make_entry, storable, verify

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
payloads = st.dictionaries(st.text(), json_values, max_size=3)


def chain_of(bodies: list[dict], subject: UUID | None = None) -> list[Entry]:
    head = Head(subject or uuid4())
    entries = []
    for number, payload in enumerate(bodies):
        entry, head = make_entry(
            head,
            verb="task.completed",
            at=AT + timedelta(minutes=number),
            actor=uuid4(),
            payload=payload,
        )
        entries.append(entry)
    return entries


def test_first_entry_follows_genesis():
    entry, head = make_entry(Head(uuid4()), verb="case.started", at=AT)
    assert (entry.seq, entry.prev_hash) == (1, GENESIS)
    assert head == Head(entry.subject_id, 1, entry.hash)


@given(st.lists(payloads, min_size=1, max_size=6))
@settings(max_examples=40)
def test_untouched_chain_is_whole(bodies):
    entries = chain_of(bodies)
    last = entries[-1]
    assert verify(entries) is None
    assert verify(entries, head=Head(last.subject_id, last.seq, last.hash)) is None


CHANGES = {
    "at": AT - timedelta(microseconds=1),
    "actor": uuid4(),
    "on_behalf_of": uuid4(),
    "verb": "task.returned",
    "payload": {"forged": True},
    "prev_hash": "f" * 64,
    "hash": "f" * 64,
    "seq": 99,
    "subject_id": uuid4(),
}


@pytest.mark.parametrize("column", CHANGES)
@given(place=st.integers(0, 4))
@settings(max_examples=10)
def test_change_of_any_column_is_found_where_it_is(column, place):
    entries = chain_of([{"n": n} for n in range(5)])
    entries[place] = replace(entries[place], **{column: CHANGES[column]})
    fault = verify(entries)
    assert fault is not None
    # A changed subject_id of the very first entry shows at the next one.
    assert fault.seq in (entries[place].seq, place + 2)


@given(st.permutations(range(5)))
@settings(max_examples=40)
def test_reordering_is_found(order):
    entries = chain_of([{"n": n} for n in range(5)])
    shuffled = [entries[index] for index in order]
    assert (verify(shuffled) is None) == (order == sorted(order))


@given(st.sets(st.integers(0, 5), min_size=1, max_size=5))
@settings(max_examples=40)
def test_removal_is_found(removed):
    entries = chain_of([{"n": n} for n in range(6)])
    last = entries[-1]
    kept = [entry for index, entry in enumerate(entries) if index not in removed]
    assert verify(kept, head=Head(last.subject_id, last.seq, last.hash)) is not None
    only_the_end = removed == set(range(6 - len(removed), 6))
    assert (verify(kept) is None) == only_the_end


def test_recomputed_middle_breaks_the_link_after_it():
    entries = chain_of([{"n": n} for n in range(3)])
    forged, _ = make_entry(
        Head(entries[0].subject_id, 1, entries[0].hash), verb="task.completed", at=AT
    )
    fault = verify([entries[0], forged, entries[2]])
    assert fault is not None
    assert (fault.seq, fault.reason) == (3, "unlinked")


def test_entry_of_another_subject_is_found():
    ours, theirs = chain_of([{}, {}]), chain_of([{}, {}])
    fault = verify([ours[0], theirs[1]])
    assert fault is not None
    assert fault.reason == "foreign"


def test_same_instant_in_another_zone_has_the_same_hash():
    subject = uuid4()
    in_hanoi = AT.astimezone(timezone(timedelta(hours=7)))
    first, _ = make_entry(Head(subject), verb="case.started", at=AT)
    second, _ = make_entry(Head(subject), verb="case.started", at=in_hanoi)
    assert first.hash == second.hash


def test_storable_keeps_what_a_database_keeps():
    person = uuid4()
    assert storable(
        {"id": person, "money": Decimal("1.50"), "big": 2**60, "huge": 1e300, "nul": "a\0b"}
    ) == {
        "id": str(person),
        "money": "1.50",
        "big": str(2**60),
        "huge": "1e+300",
        "nul": "a\ufffdb",
    }
