"""Definitions by digest: read once, verified, kept for the life of the process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from quytrinh.compiler.canonical import canonical_bytes
from quytrinh.compiler.canonical import digest as digest_of
from quytrinh.compiler.naming import names_of
from quytrinh.compiler.plan import Plan, depths
from quytrinh.compiler.planning import build_plan, setting_value
from quytrinh.language.condition_names import Names
from quytrinh.language.fields import field_types
from quytrinh.language.settings import Values
from quytrinh.runtime.exceptions import TamperedDefinition
from quytrinh.runtime.models import Definition

KEPT = 512
EDITION = "edition"


def store(kind: str, digest: str, canonical_json: str) -> None:
    """Keep a definition; one that is there already is the same text."""
    Definition.objects.get_or_create(
        digest=digest, defaults={"kind": kind, "canonical_json": canonical_json}
    )


@lru_cache(maxsize=KEPT)
def canonical(digest: str) -> Mapping[str, Any]:
    """Return the definition with this digest; raise TamperedDefinition if its text changed."""
    text = Definition.objects.get(digest=digest).canonical_json
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise TamperedDefinition(digest)
    return json.loads(text)


@lru_cache(maxsize=KEPT)
def plan(digest: str) -> Plan:
    """Return the plan of a flow definition, or of an edition of it."""
    found = canonical(digest)
    if EDITION in found:
        return build_plan(canonical(found[EDITION]), digest, found["settings"])
    return build_plan(found, digest)


def plan_with(flow_digest: str, settings: Values) -> Plan:
    """Return the plan of a flow with an agency's values, before they are promulgated."""
    return build_plan(canonical(flow_digest), flow_digest, settings)


def keep_edition(flow_digest: str, settings: Values) -> str:
    """Keep a flow together with an agency's values of its settings; return the digest of both."""
    edition = {EDITION: flow_digest, "settings": {name: list(settings[name]) for name in settings}}
    found = digest_of(edition)
    store(EDITION, found, canonical_bytes(edition).decode())
    return found


@lru_cache(maxsize=KEPT)
def field_types_of(digest: str) -> Mapping[str, str]:
    """Return the types of the fields a flow's forms declare, as expressions see them."""
    types: dict[str, str] = {}
    for form_digest in plan(digest).forms.values():
        types |= field_types(form(form_digest))
    return types


@lru_cache(maxsize=KEPT)
def settings_of(digest: str) -> Mapping[str, Any]:
    """Return the values of a flow's settings."""
    return {setting.id: setting_value(setting) for setting in plan(digest).settings}


@lru_cache(maxsize=KEPT)
def depths_of(digest: str) -> Mapping[str, int]:
    """Return how many blocks each step of a flow is in."""
    return depths(plan(digest).steps)


def form(digest: str) -> Mapping[str, Any]:
    """Return a form definition."""
    return canonical(digest)


def forms_of(digest: str) -> dict[str, Mapping[str, Any]]:
    """Return the forms of a flow by their ids."""
    return {name: form(each) for name, each in plan(digest).forms.items()}


@lru_cache(maxsize=KEPT)
def condition_names(digest: str) -> Names:
    """Return what conditions of a flow call its fields and steps."""
    return names_of(plan(digest), forms_of(digest))
