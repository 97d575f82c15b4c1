"""What a version takes for granted at each step, from its text as it was promulgated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from quytrinh.compiler import needs
from quytrinh.compiler.text import definition_text
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.runtime import definitions
from quytrinh.runtime.facts import record_of
from quytrinh.runtime.plugins import registry
from quytrinh.runtime.scopes import Scope

KEPT = 128
EMPTY = (None, "", [])


@lru_cache(maxsize=KEPT)
def of_definition(digest: str) -> Mapping[str, tuple[str, ...]]:
    """Return step -> facts a case must have to go on from there."""
    text = definition_text(definitions.canonical(digest))
    flow, _findings = parse_flow(read_source(text, file=digest))
    assert flow is not None
    return needs.needs_of(flow, _forms(digest), registry())


def _forms(digest: str) -> dict[str, FormDefinition]:
    texts = (
        definition_text(definitions.canonical(form))
        for form in definitions.plan(digest).forms.values()
    )
    read = (check_form(text, file=digest).form for text in texts)
    return {form.id.text: form for form in read if form}


def missing(facts: tuple[str, ...], scope: Scope) -> Iterator[str]:
    """Yield which of these facts are not there, as seen from a scope."""
    held = {
        "case": record_of(scope.case),
        "docs": scope.case.slots,
        "steps": scope.all_memories(),
        "item": scope.item(),
    }
    for fact in facts:
        root, *names = fact.split(".")
        found = held.get(root, {})
        for name in names:
            found = found.get(name) if isinstance(found, Mapping) else None
        if found in EMPTY:
            yield fact
