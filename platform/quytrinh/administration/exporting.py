"""An agency as files again: the layout that `tenant apply` reads (tenants/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.administration.exceptions import ManifestError
from quytrinh.administration.manifests import (
    CALENDARS_FILE,
    ORGANIZATION_FILE,
    TENANT_FILE,
)
from quytrinh.deadlines.calendars import SpecialDay
from quytrinh.deadlines.models import AgencyDay, OfficeHours
from quytrinh.documents.models import Register
from quytrinh.exchange.models import AgencyCode, ExcludedMark
from quytrinh.language.schema import WEEKDAYS
from quytrinh.organization.directory import Directory, PersonView, directory
from quytrinh.organization.snapshot import PostView, UnitView
from quytrinh.runtime.models import FlowVersion, Form
from quytrinh.runtime.querysets import version_in_force
from quytrinh.tenancy.context import reading, tenant_context
from quytrinh.tenancy.models import Tenant, TenantHost

WIDTH = 100


def export_agency(*, slug: str, folder: Path) -> tuple[str, ...]:
    """Write an agency's manifest, forms and procedures; return the files' names.

    Of each procedure the version in force, else its newest draft without errors. A folder that
    holds anything is refused: nothing is overwritten.
    """
    tenant = Tenant.objects.filter(slug=slug).select_related("parent").first()
    if tenant is None:
        raise ManifestError(_("Không có cơ quan “%s”.") % slug)
    if folder.exists() and any(folder.iterdir()):
        raise ManifestError(_("Thư mục %s không trống.") % folder)
    with tenant_context(tenant.pk), reading(), transaction.atomic():
        texts = _texts(tenant)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(texts)


def _texts(tenant: Tenant) -> dict[str, str]:
    versions = _versions()
    texts = {
        TENANT_FILE: _yaml("tenant", _tenant(tenant, versions)),
        ORGANIZATION_FILE: _yaml("organization", _organization(tenant, directory())),
    }
    if calendars := _calendars(tenant):
        texts[CALENDARS_FILE] = _yaml("calendars", calendars)
    for form in Form.objects.order_by("key"):
        texts[f"forms/{form.key}.yaml"] = form.source
    for key, version in versions.items():
        texts[f"flows/{key}.yaml"] = version.source
    return texts


def _versions() -> dict[str, FlowVersion]:
    """Return the version of each procedure that is worth keeping."""
    grouped: dict[str, list[FlowVersion]] = {}
    sound = FlowVersion.objects.exclude(definition=None).select_related("flow")
    for version in sound.order_by("flow__key", "-number"):
        grouped.setdefault(version.flow.key, []).append(version)
    return {key: version_in_force(found) or found[0] for key, found in grouped.items()}


def _yaml(schema: str, content: Mapping[str, Any]) -> str:
    head = f"# yaml-language-server: $schema=../{schema}.schema.json\n"
    return head + yaml.safe_dump(
        _without_empty(content), allow_unicode=True, sort_keys=False, width=WIDTH
    )


def _without_empty(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value not in (None, "", [], {})}


def _tenant(tenant: Tenant, versions: Mapping[str, FlowVersion]) -> dict[str, Any]:
    codes = AgencyCode.objects.filter(partner__is_self=True).order_by("pk")
    return {
        "quytrinh": 1,
        "tenant": tenant.slug,
        "name": tenant.name,
        "parent": tenant.parent.slug if tenant.parent else None,
        "hosts": [*TenantHost.objects.filter(tenant=tenant).values_list("host", flat=True)],
        "codes": [*codes.values_list("value", flat=True)],
        "excludes": dict(ExcludedMark.objects.order_by("pk").values_list("mark", "article")),
        "registers": {each.key: _register(each) for each in Register.objects.order_by("pk")},
        "settings": {key: each.settings for key, each in versions.items() if each.settings},
    }


def _register(register: Register) -> dict[str, Any]:
    return _without_empty(
        {
            "name": register.name,
            "book": register.book,
            "pattern": register.pattern,
            "pattern_untyped": register.pattern_untyped,
            "agency": register.agency_symbol,
            "units": register.unit_symbols,
        }
    )


def _organization(tenant: Tenant, people: Directory) -> dict[str, Any]:
    return {
        "quytrinh": 1,
        "organization": tenant.slug,
        "units": {unit.key: _unit(unit) for unit in people.units.values()},
        "positions": {each.key: each.name for each in people.positions.values()},
        # Who holds no post today is not in the organization any more.
        "people": {each.staff_code: _person(each) for each in people.people.values() if each.posts},
    }


def _unit(unit: UnitView) -> dict[str, Any] | str:
    return {"name": unit.name, "parent": unit.parent} if unit.parent else unit.name


def _person(person: PersonView) -> dict[str, Any]:
    return _without_empty(
        {
            "name": person.full_name,
            "posts": [_post(post) for post in person.posts],
            "roles": sorted(person.roles),
        }
    )


def _post(post: PostView) -> dict[str, Any]:
    post_and_unit = {"unit": post.unit, "position": post.position}
    return _without_empty(
        {**post_and_unit, "head": post.is_head or None, "fields": list(post.fields)}
    )


def _calendars(tenant: Tenant) -> dict[str, Any]:
    """Return the agency's own days and hours; empty if it has none."""
    hours = OfficeHours.objects.first()
    made_up = {day.instead_of: day.day for day in AgencyDay.objects.views() if day.instead_of}
    days = [
        _day(day, made_up.get(day.day))
        for day in AgencyDay.objects.views()
        if day.instead_of is None
    ]
    if hours is None and not days:
        return {}
    return {
        "quytrinh": 1,
        "calendars": tenant.slug,
        "immediate": f"{hours.immediate}m" if hours else None,
        "hours": {each["key"]: _hours(each) for each in hours.calendars} if hours else None,
        "days": days,
    }


def _hours(stored: Mapping[str, Any]) -> dict[str, Any]:
    week = dict(zip(WEEKDAYS, stored["week"], strict=True))
    return {
        "name": stored["name"],
        "holidays": stored["holidays"],
        "week": _without_empty(week),
    }


def _day(day: SpecialDay, made_up_on: date | None) -> dict[str, Any]:
    return _without_empty(
        {
            "date": day.day.isoformat(),
            "kind": day.kind.value,
            "name": day.reason,
            "made_up_on": made_up_on.isoformat() if made_up_on else None,
            "announcement": day.announcement,
            "calendars": list(day.calendars),
        }
    )
