"""What a plugin may import: protocols, data classes, the registry. Nothing of the platform else."""

from __future__ import annotations

from quytrinh.spi.built_in import built_in, built_in_plugins
from quytrinh.spi.registry import Registry, RegistryFrozen, WrongPlugin
from quytrinh.spi.steps import (
    Availability,
    Outcome,
    StepFailed,
    StepPlugin,
    StepRequest,
    StepResult,
    needs_person,
)

__all__ = [
    "Availability",
    "Outcome",
    "Registry",
    "RegistryFrozen",
    "StepFailed",
    "StepPlugin",
    "StepRequest",
    "StepResult",
    "WrongPlugin",
    "built_in",
    "built_in_plugins",
    "needs_person",
]
