"""Which steps came, went, moved, or have another id now."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from quytrinh.compiler.differences.model import Change, Json, quoted
from quytrinh.compiler.differences.side import TOP, Block, Located, Side, blocks_of, located
from quytrinh.compiler.planning import NEXT

KIND_KEYS = ("choose", "parallel", "each", "call", "wait", "end")
_TEXTS = frozenset({"name", "label", "help"})


def kind_of(raw: Json) -> str:
    """The kind of a canonical step."""
    found = next((key for key in KIND_KEYS if key in raw), "")
    return found or ("human" if "by" in raw else "service")


def renamed_steps(before: Json, after: Json) -> dict[str, str]:
    """Steps that have another id in the place of an equal one: earlier id -> later id."""
    old = {each.id: each for each in located(before["steps"])}
    new = {each.id: each for each in located(after["steps"])}
    mapping: dict[str, str] = {}
    while True:
        gone = [old[key] for key in old if key not in new and key not in mapping]
        came = [new[key] for key in new if key not in old and key not in mapping.values()]
        places = {_place(each, new, {}): each for each in came}
        found = (
            (each.id, places[_place(each, old, mapping)].id)
            for each in gone
            if _place(each, old, mapping) in places
        )
        pair = next(found, None)
        if pair is None:
            return mapping
        mapping[pair[0]] = pair[1]


def _place(
    step: Located, steps: Mapping[str, Located], names: Mapping[str, str]
) -> tuple[Any, ...]:
    """What must be equal for a step to be the same under another id."""
    owner, branch = step.block
    beside = [
        names.get(each.id, each.id)
        for each in steps.values()
        if each.block == step.block and abs(each.position - step.position) == 1
    ]
    raw = step.raw
    does = (kind_of(raw), raw.get("by"), raw.get("run"), raw.get("call"))
    return (names.get(owner, owner), branch, step.position == 0, *does, *beside)


def with_new_ids(canonical: Json, names: Mapping[str, str]) -> dict[str, Any]:
    """The same flow with its steps under other ids, wherever they are named."""
    if not names:
        return dict(canonical)
    spoken = re.compile(rf"\b(steps|results)\.({'|'.join(map(re.escape, names))})\b")

    def renamed(value: Any, key: str = "", *, step: bool = False) -> Any:
        if isinstance(value, list):
            return [renamed(each, key, step=key == "steps") for each in value]
        if isinstance(value, Mapping):
            return {
                name: renamed(each, "step id" if step and name == "id" else name)
                for name, each in value.items()
            }
        if not isinstance(value, str) or key in _TEXTS:
            return value
        if key in ("step id", "to", "return_to", "else", "not_by", "performer_of", "end"):
            return names.get(value, value)
        return spoken.sub(lambda found: f"{found[1]}.{names[found[2]]}", value)

    return {key: renamed(value, key) for key, value in canonical.items() if key != "uses"} | {
        "uses": canonical["uses"]
    }


def step_changes(before: Side, after: Side) -> Iterator[Change]:
    """Steps that came, went or moved; the steps inside a block that went go with it."""
    for step in before.steps.values():
        if step.id not in after.steps and not _goes_with_block(step, before, after):
            yield Change(
                "course", f"Bỏ bước {before.step(step.id)}{_inside(step, before)}.", step.id
            )
    for step in after.steps.values():
        if step.id not in before.steps and not _goes_with_block(step, after, before):
            yield Change("course", _came(step, after), step.id)
    for block, ids in after.blocks.items():
        yield from _reordered(block, ids, before, after)
    for step in after.steps.values():
        earlier = before.steps.get(step.id)
        if earlier is not None and earlier.block != step.block:
            places = f"{_block_name(earlier.block, before)} → {_block_name(step.block, after)}"
            yield Change("course", f"Bước {after.step(step.id)} chuyển chỗ: {places}.", step.id)


def _goes_with_block(step: Located, here: Side, there: Side) -> bool:
    """Whether the block a step stands in came or went as a whole."""
    return (
        step.block != TOP
        and step.block not in there.blocks
        and (step.block[0] not in there.steps or _same_kind(step.block[0], here, there))
    )


def _same_kind(step: str, here: Side, there: Side) -> bool:
    return kind_of(here.steps[step].raw) == kind_of(there.steps[step].raw)


def _inside(step: Located, side: Side) -> str:
    names = [side.step(each.id) for _, steps in blocks_of(step.raw) for each in located(steps)]
    return f" (cùng các bước bên trong: {', '.join(names)})" if names else ""


def _came(step: Located, side: Side) -> str:
    ids = side.blocks[step.block]
    place = f"sau {side.step(ids[step.position - 1])}" if step.position else "ở đầu"
    if step.block != TOP:
        place += f", trong {_block_name(step.block, side)}"
    who = side.phrases.who(side.phrases.plan.step(step.id))
    by = f", {who} làm" if who and kind_of(step.raw) == "human" else ""
    return f"Thêm bước {side.step(step.id)} {place}{by}{_inside(step, side)}."


def _block_name(block: Block, side: Side) -> str:
    owner, branch = block
    if block == TOP:
        return "ngoài cùng"
    if not branch:
        return f"khối {side.step(owner)}"
    return f"nhánh {quoted(branch_name(side.steps[owner].raw, branch))} của {side.step(owner)}"


def branch_name(raw: Json, branch: str) -> str:
    """The name of a branch of a canonical `parallel`."""
    found = next(each for each in raw["parallel"] if each["id"] == branch)
    return str(found.get("name", branch))


def _reordered(block: Block, ids: Sequence[str], before: Side, after: Side) -> Iterator[Change]:
    earlier = before.blocks.get(block, [])
    kept = [key for key in ids if key in earlier]
    old = [key for key in earlier if key in set(kept)]
    if old == kept:
        return
    same_course = _falls(old, before) == _falls(kept, after)
    for key in _moved(old, kept):
        place, was = _after_which(kept, key, after), _after_which(old, key, before)
        sentence = f"Bước {after.step(key)} nay {place} (trước: {was})."
        yield Change("wording" if same_course else "course", sentence, key)


def _after_which(ids: Sequence[str], key: str, side: Side) -> str:
    position = ids.index(key)
    return f"đứng sau {side.step(ids[position - 1])}" if position else "đứng đầu"


def _falls(ids: Sequence[str], side: Side) -> dict[str, str]:
    """Where the order of the list leads: its first step, and what follows those that go on."""
    falls = {"": ids[0]}
    for key, following in zip(ids, [*ids[1:], ""], strict=True):
        if goes_on(side.steps[key].raw):
            falls[key] = following
    return falls


def goes_on(raw: Json) -> bool:
    """Whether some route of a step leads to whatever follows it in its list."""
    if "end" in raw:
        return False
    if "choose" in raw:
        return any(NEXT in (case.get("to"), case.get("else")) for case in raw["choose"])
    routes = [*raw.get("actions", ()), *raw.get("outcomes", {}).values()]
    if "when" in raw or any(route.get("to") == NEXT for route in routes):
        return True
    decided = "actions" in raw and "run" not in raw
    implied = not decided or any("to" not in r and "return_to" not in r for r in raw["actions"])
    return "to" not in raw and implied


def _moved(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The fewest items whose moving makes one order the other."""
    places = [old.index(key) for key in new]
    ends: list[int] = []
    heads: list[int] = []
    links: list[int] = []
    for index, place in enumerate(places):
        at = bisect_left(ends, place)
        links.append(heads[at - 1] if at else -1)
        if at == len(ends):
            ends.append(place)
            heads.append(index)
        else:
            ends[at], heads[at] = place, index
    keep: set[int] = set()
    walk = heads[-1] if heads else -1
    while walk >= 0:
        keep.add(walk)
        walk = links[walk]
    return [key for index, key in enumerate(new) if index not in keep]
