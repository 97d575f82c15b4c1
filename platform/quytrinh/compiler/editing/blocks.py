"""Steps put into a block, and a block taken away from around its steps."""

from __future__ import annotations

from typing import Any

from quytrinh.compiler.editing.entries import Draft, indented
from quytrinh.compiler.editing.references import references, steps_of
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import (
    StepPlace,
    find,
    fresh,
    ids,
    inner_blocks,
    name_of,
    step_id,
)
from quytrinh.compiler.editing.tree import Tree
from quytrinh.compiler.yaml_style import on_one_line, scalar
from quytrinh.spi import Registry

_INDENT = "  "


def wrap(draft: Draft, step: str, kind: str, members: Any) -> str:
    """Put a step into a block `parallel` (with the one after it) or `each`; return the block's id.

    Every piece of text keeps its comments; it only moves further in.
    """
    place = find(draft.tree, step)
    parts, at = draft.place(place.path)
    if parts.flow:
        raise EditRefused(
            "Các bước này viết trên một dòng trong văn bản nên chưa gộp khối được.",
            "Ở thẻ YAML, viết mỗi bước trên một dòng riêng.",
        )
    count = 2 if kind == "parallel" else 1
    chosen = [find_at(draft, place, offset) for offset in range(count)]
    if any(each is None or "end" in each.data for each in chosen):
        raise EditRefused(
            "Cần một bước liền sau (không phải bước kết thúc) để làm cùng lúc.",
            "Thêm một bước nữa vào sau bước này rồi gộp.",
            (step,),
        )
    block_id = fresh("cung_luc" if kind == "parallel" else "tung_noi", ids(draft.tree.plain))
    pieces = [draft.text[part.start : part.end] for part in parts.parts[at : at + count]]
    lines = (
        _parallel(block_id, chosen, pieces)
        if kind == "parallel"
        else _each(block_id, members, pieces[0])
    )
    new = indented("\n".join(lines), parts.column)
    last = parts.parts[at + count - 1]
    # The pieces are indented already where they stood; only what is around them is new.
    draft.replace(parts.parts[at].start, last.end, _placed(new, pieces, parts.column))
    return block_id


def find_at(draft: Draft, place: StepPlace, offset: int) -> StepPlace | None:
    """The step so many places after one in its block."""
    path = (*place.block, place.index + offset)
    if not draft.tree.has(path):
        return None
    data = _plain_at(draft.tree, path)
    return StepPlace("", place.block, place.index + offset, data)


def _plain_at(tree: Tree, path: Any) -> Any:
    value = tree.plain
    for name in path:
        value = value[name]
    return value


def _mark(number: int) -> str:
    """Where a piece of the old text comes; no text of ours holds this character."""
    return f"\x00{number}\x00"


def _parallel(block_id: str, chosen: list[Any], pieces: list[str]) -> list[str]:
    lines = [f"- id: {block_id}", f"{_INDENT}name: Làm cùng lúc", f"{_INDENT}parallel:"]
    for number, place in enumerate(chosen):
        name = scalar(name_of(place.data))
        lines += [
            f"{_INDENT * 2}nhanh_{number + 1}:",
            f"{_INDENT * 3}name: {name}",
            f"{_INDENT * 3}steps:",
            f"{_INDENT * 4}{_mark(number)}",
        ]
    return [*lines, f"{_INDENT}join: all"]


def _each(block_id: str, members: Any, piece: str) -> list[str]:
    return [
        f"- id: {block_id}",
        f"{_INDENT}name: Từng nơi cùng làm",
        f"{_INDENT}each: {on_one_line(members)}",
        f"{_INDENT}join: all",
        f"{_INDENT}steps:",
        f"{_INDENT * 2}{_mark(0)}",
    ]


def _placed(new: str, pieces: list[str], column: int) -> str:
    for number, piece in enumerate(pieces):
        mark = _mark(number)
        line = next(each for each in new.split("\n") if mark in each)
        new = new.replace(mark, indented(piece, line.index(mark) - column))
    return new


def unwrap(draft: Draft, step: str, registry: Registry) -> str:
    """Put the steps of a block in its place; return the id of the first.

    Raise EditRefused with the steps that point to the block, or if its text is on one line.
    """
    place = find(draft.tree, step)
    blocks = list(inner_blocks(place.data))
    if not blocks:
        raise EditRefused("Bước này không phải là khối.", places=(step,))
    inside = steps_of(place.data)
    pointing = [
        each.step or step
        for each in references(draft.tree, registry)
        if each.kind == "step" and each.name == step and each.step not in inside
    ]
    if pointing:
        raise EditRefused(
            f"Còn bước trỏ tới khối “{name_of(place.data)}”.",
            "Sửa các bước đó trước rồi bỏ khối.",
            tuple(dict.fromkeys(pointing)),
        )
    parts, at = draft.place(place.path)
    part = parts.parts[at]
    texts, direct = [], []
    for block in blocks:
        direct += [step_id(each) for each in _plain_at(draft.tree, (*place.path, *block))]
        inner = draft.tree.parts(draft.tree.at((*place.path, *block)))
        if inner.flow or parts.flow or not inner.parts:
            raise EditRefused(
                "Khối này viết trên một dòng trong văn bản nên chưa bỏ được.",
                "Ở thẻ YAML, viết mỗi bước của khối trên một dòng riêng.",
                (step,),
            )
        text = draft.text[inner.parts[0].start : inner.parts[-1].end]
        texts.append(indented(text, parts.column - inner.column))
    draft.replace(part.start, part.end, parts.separator.join(texts))
    if len(place.block) == 1:
        _leave_no_join(draft, direct)
    return direct[0]


def _leave_no_join(draft: Draft, steps: list[str]) -> None:
    """Outside a block nothing leads to its end: such routes go on to the next step."""
    for step in steps:
        for path in list(_joins(draft, step)):
            draft.remove(path)


def _joins(draft: Draft, step: str) -> list[Any]:
    place = find(draft.tree, step)
    found = [(*place.path, "to")] if place.data.get("to") == "join" else []
    actions = place.data.get("actions")
    for key, action in actions.items() if isinstance(actions, dict) else ():
        if isinstance(action, dict) and action.get("to") == "join":
            found.append((*place.path, "actions", key, "to"))
    return found
