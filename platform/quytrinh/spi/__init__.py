"""What a plugin may import: protocols, data classes, the registry. Nothing of the platform else."""

from __future__ import annotations

from quytrinh.spi.registry import Registry, RegistryFrozen, WrongPlugin
from quytrinh.spi.signing import (
    Credential,
    Pending,
    SignatureForm,
    Signed,
    SignerKind,
    SigningFailed,
    SigningPlugin,
    SigningRequest,
)
from quytrinh.spi.signing_registry import SigningRegistry
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
    "Credential",
    "Outcome",
    "Pending",
    "Registry",
    "RegistryFrozen",
    "SignatureForm",
    "Signed",
    "SignerKind",
    "SigningFailed",
    "SigningPlugin",
    "SigningRegistry",
    "SigningRequest",
    "StepFailed",
    "StepPlugin",
    "StepRequest",
    "StepResult",
    "WrongPlugin",
]
