"""Tables of the signing room."""

from __future__ import annotations
