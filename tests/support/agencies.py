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
from tests.support import emptying, snapshots

TENANTS = Path(__file__).parents[2] / "tenants"
FLOWS = Path(__file__).parents[2] / "flows"
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
    if connection.vendor == "sqlite":
        _install_on_sqlite()
    elif _kept.snapshot is None:
        _apply()
    else:
        _kept.put_back()
    known = {tenant.slug: Agency(tenant) for tenant in Tenant.objects.all()}
    return Agencies(known["binh-thuan"], known["ha-tinh"])


@dataclass
class _Kept:
    """What the manifests led to, kept for the run: applying them for each test takes too long.

    `present`: PostgreSQL has the rows, committed, though the test at work rolls back.
    """

    copy: sqlite3.Connection | None = None
    snapshot: snapshots.Snapshot | None = None
    present: bool = False

    def put_back(self) -> None:
        """Have the rows in PostgreSQL, committed."""
        assert self.snapshot is not None
        if not self.present:
            snapshots.put_back(self.snapshot)
            self.present = True

    def forget_rows(self) -> None:
        """Note that the database has been emptied."""
        self.present = False


_kept = _Kept()
emptying.on_empty(_kept.forget_rows)


def keep() -> None:
    """Apply the manifests to the empty database once, and empty it again."""
    _apply()
    if connection.vendor == "sqlite":
        _kept.copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(_kept.copy)
    else:
        _kept.snapshot = snapshots.take()
    emptying.empty()


def leave_empty() -> None:
    """Take committed agencies away again, before a test that has not asked for them."""
    if _kept.present:
        emptying.empty()


def hold() -> None:
    """Let what is installed stay until the caller empties the database."""
    _kept.forget_rows()


def _install_on_sqlite() -> None:
    connection.ensure_connection()
    if _kept.copy is None:
        _apply()
    elif connection.in_atomic_block:
        _insert_rows(_kept.copy)
    else:
        _kept.copy.backup(connection.connection)


def _insert_rows(copy: sqlite3.Connection) -> None:
    """Bring the rows into the transaction of a test that rolls back."""
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for (table,) in copy.execute(named).fetchall():
        rows = copy.execute(f'SELECT * FROM "{table}"').fetchall()
        if rows and table not in snapshots.KEPT:
            places = ", ".join("?" * len(rows[0]))
            statement = f'INSERT OR IGNORE INTO "{table}" VALUES ({places})'
            connection.connection.executemany(statement, rows)


def _apply() -> None:
    for slug in ("binh-thuan", "ha-tinh"):
        _apply_one(slug)


def _apply_one(slug: str) -> None:
    apply_manifest(files=_files(slug))
    make_demo_usable(files=_files(slug))


@cache
def _files(slug: str) -> AgencyFiles:
    return read_agency(TENANTS / slug)
