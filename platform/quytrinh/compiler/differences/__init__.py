"""What changed between two versions of a flow, as Vietnamese sentences with their class."""

from __future__ import annotations

from quytrinh.compiler.differences.flow import differences, renamed
from quytrinh.compiler.differences.model import KIND_NAMES, Change, ChangeKind

__all__ = ["KIND_NAMES", "Change", "ChangeKind", "differences", "renamed"]
