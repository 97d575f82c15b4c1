"""Steps and entries moved as whole pieces of text, each with its comments."""

from __future__ import annotations

from quytrinh.compiler.editing.entries import Draft, indented
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import StepPlace, find
from quytrinh.compiler.editing.tree import Path
from quytrinh.compiler.yaml_style import on_one_line


def move_step(draft: Draft, step: str, *, by: int = 0, after: str = "") -> None:
    """Move a step within its block, or behind another one, perhaps of another block."""
    place = find(draft.tree, step)
    if not after:
        reorder_entry(draft, place.path, by)
        return
    goal = find(draft.tree, after)
    if goal.path[: len(place.path)] == place.path:
        raise EditRefused("Không chuyển một bước vào bên trong chính nó.", places=(after,))
    if goal.block == place.block:
        to = goal.index + (goal.index < place.index)
        reorder_entry(draft, place.path, to - place.index)
        return
    _move_across(draft, place, goal)


def reorder_entry(draft: Draft, path: Path, by: int) -> None:
    """Move an entry of a list or map; raise EditRefused at either end."""
    parts, at = draft.place(path)
    count = len(parts.parts)
    to = at + by
    if not 0 <= to < count:
        side = "đầu" if by < 0 else "cuối"
        raise EditRefused(f"Mục này đã ở {side} rồi.")
    order = list(range(count))
    order.insert(to, order.pop(at))
    draft.reorder(path[:-1], order)


def _move_across(draft: Draft, place: StepPlace, goal: StepPlace) -> None:
    """Cut a step out of its block and put it into another, indented as it is there."""
    parts, at = draft.place(place.path)
    if len(parts.parts) == 1:
        raise EditRefused(
            "Đây là bước duy nhất của khối, chuyển đi thì khối không còn bước nào.",
            "Bỏ khối đi, hoặc thêm bước khác vào khối trước.",
            (place.id,),
        )
    part = parts.parts[at]
    text = draft.text[part.start : part.end]
    goal_parts, _ = draft.place(goal.path)
    if goal_parts.flow or parts.flow:
        text = on_one_line(place.data) if goal_parts.flow else f"- {text}"
    else:
        text = indented(text, goal_parts.column - parts.column)
    draft.remove(place.path)
    goal = find(draft.tree, goal.id)
    draft.put(goal.block, goal.index + 1, text)
