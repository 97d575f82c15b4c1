"""How much a campaign of random tests does: all of it in `make soak`, a tenth in `make test`."""

from __future__ import annotations

import os


def figure(full: int) -> int:
    """The number of tries of a campaign whose full figure is given."""
    return full if os.environ.get("QUYTRINH_CAMPAIGN") == "full" else full // 10
