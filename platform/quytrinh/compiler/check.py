"""Check a flow's text: read it, shape it, apply every rule. Collects, never raises."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from quytrinh.compiler.checks import RULES
from quytrinh.compiler.context import Context
from quytrinh.compiler.regulation.packs import NO_PACKS, Packs
from quytrinh.compiler.signatures import Signatures
from quytrinh.language.ast import Flow
from quytrinh.language.diagnostics import Diagnostic, finish
from quytrinh.language.form import FormDefinition
from quytrinh.language.parse import parse_flow
from quytrinh.language.schema import CALENDARS
from quytrinh.language.settings import Values
from quytrinh.language.source import read_source
from quytrinh.spi import Registry

NO_FLOWS: Signatures = MappingProxyType({})


@dataclass(frozen=True)
class CheckResult:
    """`flow` is there whenever it could be read, even with errors; use it only when `ok`."""

    flow: Flow | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        return self.flow is not None and not any(each.is_error for each in self.diagnostics)


def check_flow(
    text: str | bytes,
    *,
    file: str,
    forms: Mapping[str, FormDefinition],
    registry: Registry,
    flows: Signatures = NO_FLOWS,
    settings: Values | None = None,
    calendars: Collection[str] = CALENDARS,
    packs: Packs = NO_PACKS,
) -> CheckResult:
    """Everything that can be said about a flow's text without asking an agency.

    `flows`: the procedures it may call. `settings`: the agency's values of its parameters.
    `calendars`: those its deadlines may be counted on. `packs`: the regulations that are known.
    """
    source = read_source(text, file=file)
    flow, shape_findings = parse_flow(source, settings)
    diagnostics = [*source.diagnostics, *shape_findings]
    if flow is not None:
        context = Context(flow, forms, registry, flows, calendars, packs, settings or {})
        for rule in RULES:
            diagnostics += rule(context)
    return CheckResult(flow, finish(diagnostics, source.text))
