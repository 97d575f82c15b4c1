"""What a plugin may import: protocols, data classes, the registry. Nothing of the platform else."""

from __future__ import annotations

from quytrinh.spi.built_in import built_in, built_in_plugins
from quytrinh.spi.exchange import (
    AgencyOnAxis,
    Delivery,
    DeliveryState,
    Exchange,
    ExchangeFailed,
    ExchangePlugin,
    Parcel,
    ParcelKind,
)
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
    ONE_OF_THE_STEPS,
    Availability,
    Outcome,
    StepFailed,
    StepPlugin,
    StepRequest,
    StepResult,
    needs_person,
)

__all__ = [
    "ONE_OF_THE_STEPS",
    "AgencyOnAxis",
    "Availability",
    "Credential",
    "Delivery",
    "DeliveryState",
    "Exchange",
    "ExchangeFailed",
    "ExchangePlugin",
    "Outcome",
    "Parcel",
    "ParcelKind",
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
    "built_in",
    "built_in_plugins",
    "needs_person",
]
