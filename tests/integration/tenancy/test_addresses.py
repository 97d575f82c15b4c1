"""Every address and every operation of the API with another agency's ids: as if they were not.

Generated from the URL resolver, so that a page that comes later is tested too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from knox.models import AuthToken

from quytrinh.tenancy import policies
from quytrinh.tenancy.ids import uuid7
from tests.support.agencies import PEOPLE
from tests.support.lives import Life

pytestmark = pytest.mark.django_db
REFUSALS = {400, 403, 404, 405}
# Parameters that name nothing of an agency's.
OF_EVERYBODY = {
    "number": 1,
    "action": "approve",
    "verb": "note",
    "case_verb": "cancel",
    "year": 2026,
    "shape": "svg",
    "library_key": "mua-sam",
}
WITH_UUID = (
    "case",
    "task",
    "file",
    "version",
    "alarm",
    "message",
    "absence",
    "delegation",
    "migration",
    "work",
)


@dataclass(frozen=True, slots=True)
class Address:
    """A named address and the parameters in its path."""

    name: str
    parameters: tuple[str, ...]

    def filled(self, life: Life | None) -> str:
        """The address with the ids of an agency, or with ids of nothing."""
        known = ids_of(life) if life else ids_of_nothing()
        return reverse(self.name, kwargs={name: known[name] for name in self.parameters})


def addresses() -> Iterator[Address]:
    """Every address of the platform."""

    def below(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Address]:
        for part in resolver.url_patterns:
            if isinstance(part, URLResolver):
                inner = (*spaces, part.namespace) if part.namespace else spaces
                yield from below(part, inner)
            else:
                assert isinstance(part, URLPattern)
                yield Address(":".join((*spaces, part.name)), tuple(part.pattern.converters))

    return below(get_resolver(), ())


ADDRESSES = list(addresses())
WITH_IDS = [each for each in ADDRESSES if not OF_EVERYBODY.keys() >= set(each.parameters)]
with_ids = pytest.mark.parametrize("address", WITH_IDS, ids=lambda address: address.name)


def ids_of(life: Life) -> dict[str, Any]:
    """What stands for each parameter; a new parameter has to be added here."""
    return {
        "case_id": life.case,
        "task_id": life.open_task,
        "file_id": life.file,
        "version_id": life.draft,
        "key": life.flow_key,
        "flow_key": life.flow_key,
        "alarm_id": life.alarm,
        "message_id": life.message,
        "absence_id": life.absence,
        "delegation_id": life.delegation,
        "migration_id": life.migration,
        "work_id": life.work,
        **OF_EVERYBODY,
    }


def ids_of_nothing() -> dict[str, Any]:
    """Ids that nobody has."""
    named = {"key": "khong-co", "flow_key": "khong-co", **OF_EVERYBODY}
    return {**{f"{name}_id": uuid7() for name in WITH_UUID}, **named}


def rows_of(life: Life) -> list[Any]:
    """Every row of an agency."""
    with life.agency.at_work():
        return [
            list(model._default_manager.order_by("pk").values())
            for model in policies.tenant_models(apps)
        ]


def posted(life: Life) -> dict[str, str]:
    """A form as an attacker posts it: for their own agency."""
    return {
        "_agency": life.agency.slug,
        "comment": "x",
        "source": "quytrinh: 1",
        "directive": "x",
        "decision_number": "1",
        "decision_date": "01/09/2026",
        "effective_from": "01/09/2026",
    }


# What the API needs to be told, whichever operation it is.
TOLD = {
    "values": {},
    "comment": "x",
    "reason": "x",
    "agree": True,
    "base": "0" * 64,
    "operation": {"op": "delete", "step": "x"},
    "decision_number": "1",
    "decision_date": "2026-09-01",
}


def test_every_page_is_here():
    assert len(ADDRESSES) >= 28
    assert len(WITH_IDS) >= 14


@with_ids
@pytest.mark.parametrize("who", PEOPLE)
def test_ids_of_another_agency_are_ids_of_nothing(neighbours, address, who):
    ours, theirs = neighbours.ours, neighbours.theirs
    client = ours.agency.client(who, raise_request_exception=False)
    before = rows_of(theirs)
    for ask in (
        lambda url: client.get(url, follow=True),
        lambda url: client.post(url, posted(ours), follow=True),
        lambda url: client.post(url, TOLD, "application/json", follow=True),
        lambda url: client.delete(url, follow=True),
    ):
        answer, control = ask(address.filled(theirs)), ask(address.filled(None))
        assert answer.status_code in REFUSALS
        assert answer.status_code == control.status_code
        assert theirs.word.encode() not in answer.content.replace(theirs.flow_key.encode(), b"")
    assert rows_of(theirs) == before


@with_ids
def test_somebody_of_the_agency_itself_is_answered(neighbours, address):
    """Otherwise the test above would prove nothing."""
    theirs = neighbours.theirs
    statuses = set()
    for who in PEOPLE:
        client = theirs.agency.client(who, raise_request_exception=False)
        url = address.filled(theirs)
        statuses |= {
            client.get(url, follow=True).status_code,
            client.post(url, posted(theirs), follow=True).status_code,
            client.post(url, TOLD, "application/json").status_code,
            client.delete(url).status_code,
        }
    assert statuses & {200, 204, 409, 422}
    assert not {status for status in statuses if status >= 500}


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_strangers_see_nothing(neighbours, address):
    client = Client(raise_request_exception=False)
    theirs = neighbours.theirs
    before = rows_of(theirs)
    url = address.filled(theirs)
    for answer in (client.get(url), client.post(url, posted(theirs)), client.delete(url)):
        assert answer.status_code < 500
        if address.name in {"accounts:greeting", "accounts:login", "api:schema"}:
            continue
        if answer.status_code == 302:
            assert re.match(r"/dang-nhap/\?next=|/$", answer["Location"])
        else:
            assert answer.status_code in {400, 401, 403, 404, 405}
    assert rows_of(theirs) == before


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_head_named_for_an_agency_one_does_not_work_for_opens_nothing(neighbours, address):
    ours, theirs = neighbours.ours, neighbours.theirs
    headers = {"X-Agency": theirs.agency.slug}
    client = ours.agency.client("giam-doc", raise_request_exception=False, headers=headers)
    before = rows_of(theirs)
    url = address.filled(theirs)
    for answer in (client.get(url), client.post(url, {"values": {}}, "application/json")):
        assert answer.status_code < 500
        content = answer.content.replace(theirs.flow_key.encode(), b"")
        if address.name != "accounts:greeting":  # in a demo it names everyone to everyone
            assert theirs.word.encode() not in content
    assert rows_of(theirs) == before


@pytest.mark.parametrize(
    "address", [each for each in ADDRESSES if each.name.startswith("api:")], ids=lambda a: a.name
)
def test_token_of_one_agency_opens_nothing_of_another(neighbours, address):
    ours, theirs = neighbours.ours, neighbours.theirs
    _instance, token = AuthToken.objects.create(ours.agency.user("giam-doc"))
    client = Client(raise_request_exception=False, headers={"Authorization": f"Token {token}"})
    before = rows_of(theirs)
    url = address.filled(theirs)
    for answer in (client.get(url), client.post(url, TOLD, "application/json")):
        assert answer.status_code < 500
        assert theirs.word.encode() not in answer.content.replace(theirs.flow_key.encode(), b"")
        if address in WITH_IDS:
            assert answer.status_code in {404, 405}
    assert rows_of(theirs) == before


@pytest.mark.parametrize("who", [*PEOPLE, None])
def test_files_are_seen_by_those_who_see_the_case(neighbours, who):
    ours, theirs = neighbours.ours, neighbours.theirs
    urls = [
        reverse("documents:page", args=[theirs.file, 1]),
        reverse("documents:text", args=[theirs.file, 1]),
        reverse("documents:download", args=[theirs.file]),
    ]
    client = ours.agency.client(who) if who else Client()
    for url in urls:
        assert client.get(url).status_code == 404
        assert client.get(url + "?rong=99999").status_code == 404
