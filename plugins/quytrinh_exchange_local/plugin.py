"""The plugin: what the platform finds by its entry point."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from quytrinh.spi import Availability
from quytrinh_exchange_local.axis import LocalAxis


class LocalExchange:
    """`local`: agencies that share a folder, on one machine or on a file system they all see."""

    name = "local"
    title = "Trục nội bộ (thư mục dùng chung)"
    interface = 1
    options: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["folder"],
        "properties": {"folder": {"type": "string", "description": "Thư mục chứa gói tin"}},
    }

    def availability(self, options: Mapping[str, Any]) -> Availability:
        """Say whether the folder can be written to."""
        folder = Path(str(options.get("folder", "")))
        existing = next((each for each in (folder, *folder.parents) if each.exists()), folder)
        if not options.get("folder") or not (existing.is_dir() and os.access(existing, os.W_OK)):
            return Availability(usable=False, reason="Không ghi được vào thư mục của trục nội bộ")
        return Availability()

    def connect(self, options: Mapping[str, Any]) -> LocalAxis:
        """Return the axis in this folder."""
        return LocalAxis(Path(options["folder"]))
