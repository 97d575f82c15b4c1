"""Where the steps of a text are: in what block, at what place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.tree import Path, Tree

TOP: Path = ("steps",)


@dataclass(frozen=True, slots=True)
class StepPlace:
    """A step as its text stands, shaped or not; `data` is what it says, as plain texts."""

    id: str
    block: Path
    index: int
    data: Mapping[str, Any]

    @property
    def path(self) -> Path:
        return (*self.block, self.index)

    @property
    def depth(self) -> int:
        """How many blocks it is in."""
        return (len(self.block) - 1) // 2 if self.block[-1] == "steps" else 0


def step_id(data: Any) -> str:
    """The id of a step; an end's is its outcome."""
    if not isinstance(data, Mapping):
        return ""
    found = data.get("id") or data.get("end")
    return found if isinstance(found, str) else ""


def places(root: Any, block: Path = TOP) -> Iterator[StepPlace]:
    """Every step in the order of the text, those of a block after it."""
    for index, data in enumerate(_list_at(root, block)):
        if not isinstance(data, Mapping):
            continue
        place = StepPlace(step_id(data), block, index, data)
        yield place
        for inner in inner_blocks(data):
            yield from places(root, (*place.path, *inner))


def inner_blocks(data: Mapping[str, Any]) -> Iterator[Path]:
    """The blocks of a step, as paths within it."""
    branches = data.get("parallel")
    if isinstance(branches, Mapping):
        yield from (("parallel", key, "steps") for key in branches)
    if "steps" in data:
        yield ("steps",)


def find(tree: Tree, step: str) -> StepPlace:
    """The place of a step; raise EditRefused."""
    for place in places(tree.plain):
        if place.id == step:
            return place
    raise EditRefused(
        f"Không còn bước “{step}” trong văn bản.", "Có thể bước vừa bị xóa; tải lại trang."
    )


def name_of(data: Mapping[str, Any]) -> str:
    """What people call a step."""
    name = data.get("name")
    return name if isinstance(name, str) and name else step_id(data)


def ids(root: Any) -> set[str]:
    return {place.id for place in places(root)}


def fresh(wanted: str, taken: set[str]) -> str:
    """An id not yet taken: `wanted`, or with a number behind it."""
    if wanted not in taken:
        return wanted
    number = next(n for n in range(2, len(taken) + 3) if f"{wanted}_{n}" not in taken)
    return f"{wanted}_{number}"


def _list_at(root: Any, path: Path) -> list[Any]:
    value = root
    for name in path:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and isinstance(name, int) and name < len(value):
            value = value[name]
        else:
            return []
    return value if isinstance(value, list) else []
