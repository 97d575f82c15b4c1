"""The two demo agencies, complete: six people each and the submission slip promulgated.

Tests ask for them by the fixture `agencies` of tests/integration/conftest.py.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client

from quytrinh.administration.actions import apply_manifest, make_demo_usable
from quytrinh.administration.manifests import AgencyFiles, read_agency
from quytrinh.organization.directory import PersonView, person_of_user
from quytrinh.runtime.actions import start_case
from quytrinh.runtime.models import Case, CaseTask
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.middleware import SESSION_KEY
from quytrinh.tenancy.models import Tenant, User

TENANTS = Path(__file__).parents[2] / "tenants"
FLOW = "phieu-trinh"
# The people of each agency, by what they are; the login is `<this>.<slug>`.
PEOPLE = (
    "giam-doc",
    "pho-giam-doc",
    "chanh-van-phong",
    "truong-phong",
    "chuyen-vien",
    "van-thu",
)
FILLED = {"subject": "Mua sắm máy in", "content": "Kính trình xem xét.", "urgency": "normal"}

_installed: sqlite3.Connection | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    """One agency and what tests do with it."""

    tenant: Tenant

    @property
    def slug(self) -> str:
        """The agency's slug."""
        return self.tenant.slug

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work for the agency in one transaction."""
        with tenant_context(self.tenant.pk), transaction.atomic():
            yield

    def user(self, who: str) -> User:
        """The user of one of PEOPLE."""
        return User.objects.get(username=f"{who}.{self.slug}")

    def person(self, who: str) -> PersonView:
        """One of PEOPLE as actions need them."""
        with tenant_context(self.tenant.pk):
            person = person_of_user(self.user(who).pk)
        assert person is not None
        return person

    def client(self, who: str, **options: Any) -> Client:
        """A browser in which one of PEOPLE is logged in and works for this agency."""
        client = Client(**options)
        client.force_login(self.user(who))
        session = client.session
        session[SESSION_KEY] = self.tenant.pk
        session.save()
        return client

    def new_case(
        self, who: str = "chuyen-vien", values: Mapping[str, Any] | None = None
    ) -> tuple[Case, CaseTask]:
        """Begin a case as one of PEOPLE; return it with its first task, which waits for them."""
        with tenant_context(self.tenant.pk):
            case = start_case(
                flow_key=FLOW, actor=self.person(who), values=FILLED if values is None else values
            )
            return case, self.open_task(case)

    def open_task(self, case: Case) -> CaseTask:
        """The task at which a case stands."""
        with self.at_work():
            return CaseTask.objects.open().select_related("process").get(process=case)


@dataclass(frozen=True, slots=True)
class Agencies:
    """Both agencies: `a, b = agencies`, or by name."""

    binh_thuan: Agency
    ha_tinh: Agency

    def __iter__(self) -> Iterator[Agency]:
        return iter((self.binh_thuan, self.ha_tinh))

    def bring(self, slug: str) -> Agency:
        """Bring another of the demo agencies onto the platform."""
        _apply_one(slug)
        return Agency(Tenant.objects.get(slug=slug))


def install() -> Agencies:
    """Bring both agencies into an empty database."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        _install_by_copy()
    else:
        _apply()
    known = {tenant.slug: Agency(tenant) for tenant in Tenant.objects.all()}
    return Agencies(known["binh-thuan"], known["ha-tinh"])


def _install_by_copy() -> None:
    """Apply the manifests once for each run, then copy the database they led to."""
    global _installed
    connection.ensure_connection()
    if _installed is None:
        _apply()
        _installed = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_installed)
    else:
        _installed.backup(connection.connection)


def _apply() -> None:
    for slug in ("binh-thuan", "ha-tinh"):
        _apply_one(slug)


def _apply_one(slug: str) -> None:
    apply_manifest(files=_files(slug))
    make_demo_usable(files=_files(slug))


@cache
def _files(slug: str) -> AgencyFiles:
    return read_agency(TENANTS / slug)
