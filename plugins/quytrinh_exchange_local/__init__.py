"""The axis of one platform: real edXML files in a folder that its agencies share."""

from __future__ import annotations

from quytrinh_exchange_local.axis import LocalAxis
from quytrinh_exchange_local.plugin import LocalExchange

__all__ = ["LocalAxis", "LocalExchange"]
