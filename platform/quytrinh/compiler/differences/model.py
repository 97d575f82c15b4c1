"""One difference, and how values stand beside each other in its sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["course", "people", "time", "data", "exchange", "wording", "law"]
KIND_NAMES: Mapping[ChangeKind, str] = {
    "course": "Đường đi",
    "people": "Người thực hiện",
    "time": "Thời hạn",
    "data": "Dữ liệu",
    "exchange": "Liên thông",
    "wording": "Câu chữ",
    "law": "Căn cứ",
}
NOTHING = "không có"
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: what a running case must fear of it, a sentence, and the step it is about.

    Only *course* and *data* need a mapping for running cases. `step` is an id of the later version
    (of the earlier one for a step that is gone); None = the flow as a whole.
    """

    kind: ChangeKind
    sentence: str
    step: str | None = None


def quoted(name: str) -> str:
    """A name inside a sentence."""
    return f"“{name}”"


def changed(subject: str, before: str, after: str) -> str:
    """«Hạn của “Kiểm tra”: 1 ngày → 4 giờ.»"""
    return f"{subject}: {before or NOTHING} → {after or NOTHING}."


def by_id(items: Sequence[Json]) -> dict[str, Json]:
    """The items of an ordered map of the normal form by their ids."""
    return {item["id"]: item for item in items}


def common_order(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether what is in both stands in the same order."""
    kept = set(before) & set(after)
    return [x for x in before if x in kept] == [x for x in after if x in kept]
