"""The library of procedures, brought into the database at set-up: nothing reads its files later."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.db import transaction

from quytrinh.administration.exceptions import ManifestInvalid
from quytrinh.compiler.adopting import library_flow, library_forms, library_keys
from quytrinh.compiler.canonical import canonical_flow, canonical_form
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.planning import build_plan
from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.runtime.actions.drafts import keep_definition
from quytrinh.runtime.models import LibraryFlow
from quytrinh.runtime.plugins import registry

KIND = "library"


@transaction.atomic
def load_library(*, root: Path) -> tuple[str, ...]:
    """Make the library what the files under `root` say; return the keys of what has changed.

    Raises ManifestInvalid with all findings of the first procedure that has errors.
    """
    forms, form_texts = _forms(root)
    texts = {key: library_flow(root, key).read_text(encoding="utf-8") for key in library_keys(root)}
    signatures = _signatures(texts, forms)
    known = dict(LibraryFlow.objects.values_list("key", "text_id"))
    changed = tuple(
        key
        for key, source in texts.items()
        if _load(key, source, forms, form_texts, signatures) != known.get(key)
    )
    LibraryFlow.objects.exclude(key__in=texts).delete()
    return changed


def _load(
    key: str,
    source: str,
    forms: Mapping[str, FormDefinition],
    form_texts: Mapping[str, str],
    signatures: Mapping[str, Signature],
) -> str:
    """Keep one procedure with the forms that it asks; return the digest of the texts."""
    result = check_flow(source, file=key, forms=forms, registry=registry(), flows=signatures)
    if result.flow is None or not result.ok:
        raise ManifestInvalid(result.diagnostics)
    canonical = canonical_flow(result.flow, forms, registry())
    definition = keep_definition("flow", canonical)
    plan = build_plan(canonical, definition)
    for name in plan.forms:
        keep_definition("form", canonical_form(forms[name]))
    asked = {name: form_texts[name] for name in sorted(plan.forms)}
    text = keep_definition(KIND, {"library": key, "source": source, "forms": asked})
    LibraryFlow.objects.update_or_create(
        key=key,
        defaults={
            "name": plan.name,
            "help": result.flow.help.text if result.flow.help else "",
            "document": plan.document or "",
            "basis": list(plan.basis),
            "text_id": text,
            "definition_id": definition,
        },
    )
    return text


def _forms(root: Path) -> tuple[dict[str, FormDefinition], dict[str, str]]:
    """Read the library's forms: as definitions and as texts."""
    forms: dict[str, FormDefinition] = {}
    texts: dict[str, str] = {}
    for path in library_forms(root):
        source = path.read_text(encoding="utf-8")
        result = check_form(source, file=str(path))
        if result.form is None or not result.ok:
            raise ManifestInvalid(result.diagnostics)
        forms[result.form.id.text] = result.form
        texts[result.form.id.text] = source
    return forms, texts


def _signatures(
    texts: Mapping[str, str], forms: Mapping[str, FormDefinition]
) -> dict[str, Signature]:
    """What the library's procedures offer to each other."""
    read = (parse_flow(read_source(text, file=key))[0] for key, text in texts.items())
    return {flow.id.text: signature_of(flow, forms) for flow in read if flow}
