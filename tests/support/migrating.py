"""Cases between two wordings of a procedure, and everything the database knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Model

from quytrinh.runtime.migration.actions import migrate_cases, versions_of
from quytrinh.runtime.migration.mapping import chosen
from quytrinh.runtime.migration.verdicts import Judge, Verdict, dry_run
from quytrinh.runtime.models import Case, CaseMigration, MigratedCase
from quytrinh.tenancy.context import tenant_context
from tests.support.agencies import Agency
from tests.support.two_wordings import FLOW, MAPPING

# Rows that tell of cases; the journal keeps both acts, and counts them.
TOLD_OF_CASES = ("Case", "CaseTask", "InboxEntry", "CaseViewer")
COUNTED = {"revision", "journal_seq", "journal_hash"}


def judge(agency: Agency, number: int = 1, **choices: str) -> Judge:
    """The judge of cases of a version against the one in force."""
    with agency.at_work():
        source, target = versions_of(FLOW, number)
        return Judge(source, target, chosen(source, target, choices))


def verdicts(agency: Agency, **choices: str) -> dict[str, Verdict]:
    """The dry run over every open case of the first version, by code."""
    judged = judge(agency, **choices)
    with agency.at_work():
        found = dry_run(judged, list(Case.objects.running_under(judged.source)))
    return {verdict.code: verdict for verdict in found}


def migrate(
    agency: Agency,
    cases: Sequence[Case] | None = None,
    steps: Mapping[str, str] = MAPPING,
) -> CaseMigration:
    """Have cases carried over, as the head of the agency."""
    with tenant_context(agency.tenant.pk):
        return migrate_cases(
            flow_key=FLOW,
            number=1,
            actor=agency.person("giam-doc"),
            cases=None if cases is None else [case.pk for case in cases],
            steps=steps,
        )


def states(agency: Agency, migration: CaseMigration) -> list[str]:
    """What has become of each case of a migration."""
    with agency.at_work():
        lines = MigratedCase.objects.filter(migration=migration).order_by("pk")
        return list(lines.values_list("state", flat=True))


def dump(agency: Agency) -> dict[str, Mapping[Any, Mapping[str, Any]]]:
    """Every row that tells of cases, whole, and every timer that is still to go off."""
    with agency.at_work():
        rows = {name: _rows(apps.get_model("runtime", name)) for name in TOLD_OF_CASES}
        waiting = apps.get_model("background", "OutboxMessage").objects.filter(
            kind="runtime.timer", state="pending"
        )
        return {**rows, "timers": {each.key: {"due": each.not_before} for each in waiting}}


def _rows(model: type[Model]) -> dict[Any, dict[str, Any]]:
    return {
        row.pk: {
            field.attname: getattr(row, field.attname)
            for field in model._meta.concrete_fields
            if field.name not in COUNTED
        }
        for row in model.objects.all()
    }
