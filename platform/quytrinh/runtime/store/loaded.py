"""What a store reads."""

from __future__ import annotations

from dataclasses import dataclass

from quytrinh.runtime.models import Case, CaseTask


@dataclass(frozen=True, slots=True)
class Loaded:
    """A locked case, its open tasks, and how fresh a directory of its agency must be."""

    case: Case
    open_tasks: tuple[CaseTask, ...]
    organization_version: int
