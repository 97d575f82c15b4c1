"""Flows of the library before the law, without the rooms that run their steps."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from quytrinh.compiler.context import Context
from quytrinh.compiler.regulation.law import Law, Offence
from quytrinh.compiler.regulation.packs import SHIPPED, shipped_packs
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.spi import Outcome, Registry
from tests.support.language import FakeStep

LIBRARY = SHIPPED.parent
FORMS = LIBRARY.parent / "forms"
# What the checker must know of a plugin: which of its outcomes are success.
OUTCOMES = {
    "signing.verify": ("valid", "!unsigned", "!invalid", "!unreadable", "!undetermined"),
    "signing.sign": ("signed", "!refused"),
    "signing.seal": ("sealed", "!refused"),
    "signing.prepare": ("prepared", "!refused"),
    "exchange.dispatch": ("dispatched", "!excluded", "!unknown_receiver"),
    "exchange.check_origin": ("known", "not_by_axis", "!unknown", "!mismatch"),
}


@lru_cache(maxsize=1)
def registry() -> Registry:
    """Steps by the names that the library runs, with their outcomes."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in LIBRARY.glob("*.yaml"))
    names = {*re.findall(r"\brun: ([a-z_.]+)", text), *OUTCOMES, "documents.void_number"}
    return Registry(
        [
            FakeStep(
                name,
                outcomes=tuple(
                    Outcome(each.lstrip("!"), each, normal=not each.startswith("!"))
                    for each in OUTCOMES.get(name, ("done",))
                ),
            )
            for name in sorted(names)
        ]
    )


@lru_cache(maxsize=1)
def forms() -> dict[str, FormDefinition]:
    """The forms of the library."""
    found = (check_form(path.read_bytes(), file=path.name).form for path in FORMS.glob("*.yaml"))
    return {form.id.text: form for form in found if form}


@lru_cache(maxsize=64)
def text_of(name: str) -> str:
    """The text of a flow of the library."""
    return (LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")


def law_of(text: str, *, file: str = "thu.yaml") -> Law:
    """The law over a text, which must be readable."""
    flow, findings = parse_flow(read_source(text, file=file))
    assert flow is not None, findings
    return Law(Context(flow, forms(), registry(), packs=shipped_packs()))


def broken(text: str) -> dict[str, Offence]:
    """The rules a text breaks, warnings included, by their ids."""
    return {each.binding.rule.id.text: each for each in law_of(text).offences()}


def errors(text: str) -> set[str]:
    """The ids of the rules whose breaking keeps a text from being promulgated."""
    return {name for name, each in broken(text).items() if each.binding.severity == "error"}


def shipped_flows() -> list[Path]:
    """Every flow of the library."""
    return sorted(LIBRARY.glob("*.yaml"))
