"""What `make bench` found, kept as build/bench.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "build" / "bench.json"


def keep(section: str, found: dict[str, Any]) -> None:
    """Keep what was found under the name of a section."""
    known = json.loads(FILE.read_text()) if FILE.exists() else {}
    known[section] = known.get(section, {}) | found
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n")
