"""What a plugin may import: protocols, data classes, the registry. Nothing of the platform else."""

from __future__ import annotations

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
from quytrinh.spi.steps import (
    Availability,
    Outcome,
    StepFailed,
    StepPlugin,
    StepRequest,
    StepResult,
)

__all__ = [
    "AgencyOnAxis",
    "Availability",
    "Delivery",
    "DeliveryState",
    "Exchange",
    "ExchangeFailed",
    "ExchangePlugin",
    "Outcome",
    "Parcel",
    "ParcelKind",
    "Registry",
    "RegistryFrozen",
    "StepFailed",
    "StepPlugin",
    "StepRequest",
    "StepResult",
    "WrongPlugin",
]
