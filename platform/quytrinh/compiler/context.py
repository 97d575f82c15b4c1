"""What the rules look at: a flow, the forms and plugins it may name, and indexes over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from quytrinh.compiler.scope import Scope
from quytrinh.language.ast import Flow, Role, Step
from quytrinh.language.form import FormDefinition
from quytrinh.spi import Registry


@dataclass(frozen=True)
class Context:
    flow: Flow
    forms: Mapping[str, FormDefinition]
    registry: Registry

    @cached_property
    def scope(self) -> Scope:
        return Scope.of(self.flow, self.forms)

    @cached_property
    def steps(self) -> dict[str, Step]:
        """By id; of two with one id (F005) the first."""
        return {step.id.text: step for step in reversed(self.flow.steps)}

    @cached_property
    def roles(self) -> dict[str, Role]:
        return {role.id.text: role for role in self.flow.roles}
