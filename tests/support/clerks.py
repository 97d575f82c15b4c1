"""Clerks who number documents in one register, some of whom fail; what becomes of the numbers."""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from django.db import connections, transaction

from quytrinh.documents import numbering
from quytrinh.documents.models import Document, NumberSeries, RegisterEntry
from quytrinh.documents.numbering import Line
from quytrinh.language.manifest import RegisterDeclaration
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7

CLERKS = 50
ROLLED_BACK = 0.15
DAY = date(2026, 11, 2)
REGISTERS = (
    RegisterDeclaration("den", "Sổ văn bản đến", "incoming"),
    RegisterDeclaration(
        "di",
        "Sổ văn bản đi",
        "outgoing",
        pattern="{number}/{type}-{agency}",
        pattern_untyped="{number}/{agency}-{unit}",
        agency="SA",
        units=(("phong-mot", "P1"),),
    ),
)


def new_document() -> Document:
    document = Document(owner_id=uuid7(), kind="main")
    document.save()
    return document


def number(document: Document, *, day: date = DAY, type: str = "QĐ", unit: str = ""):
    line = Line(document=document.pk, case=document.owner_id, type=type, subject="Về việc thử")
    return numbering.number_document(register="di", line=line, day=day, actor=None, unit=unit)


def numbers(year: int = DAY.year) -> list[int]:
    with transaction.atomic():
        found = RegisterEntry.objects.filter(series__year=year).order_by("number")
        return list(found.values_list("number", flat=True))


def assert_no_gap() -> int:
    """Numbers run from 1 without gap or repetition up to what the series says; return that."""
    found = numbers()
    assert found == list(range(1, len(found) + 1))
    with transaction.atomic():
        assert NumberSeries.objects.get(year=DAY.year).last == len(found)
    return len(found)


class RolledBack(Exception):
    """A clerk's step that fails after its number was taken."""


def take(tenant_id: int, draw: random.Random) -> bool:
    """Number a new document; in some cases fail right after."""
    with tenant_context(tenant_id):
        try:
            with transaction.atomic():
                number(new_document())
                if draw.random() < ROLLED_BACK:
                    raise RolledBack
        except RolledBack:
            return False
    return True


@dataclass(frozen=True, slots=True)
class Campaign:
    """How many numbers were asked for and kept, in what time; the patience of one in a hundred."""

    asked: int
    kept: int
    seconds: float
    worst: float

    def __str__(self) -> str:
        rate = self.kept / self.seconds
        return f"{self.kept} numbers kept of {self.asked}: {rate:.0f}/s, p99 {self.worst:.2f} s"


def number_side_by_side(tenant_id: int, *, each: int) -> Campaign:
    """Let all clerks number in one register at once, a thread a clerk."""

    def clerk(seed: int) -> list[tuple[bool, float]]:
        draw = random.Random(seed)  # noqa: S311  (which clerk fails is no secret)
        done = []
        try:
            for _ in range(each):
                started = time.monotonic()
                done.append((take(tenant_id, draw), time.monotonic() - started))
        finally:
            connections.close_all()
        return done

    started = time.monotonic()
    with ThreadPoolExecutor(CLERKS) as clerks:
        results = [one for done in clerks.map(clerk, range(CLERKS)) for one in done]
    seconds = time.monotonic() - started
    kept = sum(taken for taken, _ in results)
    worst = sorted(took for _, took in results)[int(len(results) * 0.99) - 1]
    return Campaign(len(results), kept, seconds, worst)
