"""What a plugin may import: protocols, data classes, the registry. Nothing of the platform else."""

from __future__ import annotations

from quytrinh.spi.registry import Registry, RegistryFrozen, WrongPlugin
from quytrinh.spi.steps import (
    Availability,
    Outcome,
    StepFailed,
    StepPlugin,
    StepRequest,
    StepResult,
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
]
