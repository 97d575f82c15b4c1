"""Taking steps and roles away without leaving anybody who points to them."""

from __future__ import annotations

from collections.abc import Sequence

from quytrinh.compiler.editing.entries import Draft
from quytrinh.compiler.editing.references import Reference, references, steps_of
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import StepPlace, find, name_of, places, step_id
from quytrinh.spi import Registry

_ROUTES = frozenset({"to", "return_to", "else"})


def delete_step(draft: Draft, step: str, registry: Registry, *, repair: bool) -> str:
    """Delete a step; return the id of the one that now stands in its place.

    Raise EditRefused with the steps that point to it, unless `repair` is to point them to the
    next one.
    """
    place = find(draft.tree, step)
    gone = steps_of(place.data)
    pointing = _pointing(draft, gone, registry)
    following = _neighbour(draft, place)
    if pointing and not repair:
        raise EditRefused(
            f"{_names(draft, pointing)} đang trỏ tới bước “{name_of(place.data)}”.",
            "Sửa các bước đó trước, hoặc chọn “Xóa và cho trỏ sang bước kế tiếp”.",
            _steps_of(pointing),
        )
    _refuse_last(draft, place)
    _point_elsewhere(draft, pointing, following)
    draft.remove(find(draft.tree, step).path)
    return following


def delete_role(draft: Draft, role: str, registry: Registry) -> None:
    """Delete a role; raise EditRefused with the steps that name it."""
    using = [
        each
        for each in references(draft.tree, registry)
        if each.kind == "role" and each.name == role
    ]
    if using:
        raise EditRefused(
            f"{_names(draft, using)} đang giao cho vai trò này.",
            "Giao các bước đó cho vai trò khác rồi xóa.",
            _steps_of(using),
        )
    draft.remove(("roles", role))


def _pointing(draft: Draft, gone: set[str], registry: Registry) -> list[Reference]:
    return [
        each
        for each in references(draft.tree, registry)
        if each.kind == "step" and each.name in gone and each.step not in gone
    ]


def _neighbour(draft: Draft, place: StepPlace) -> str:
    """The step after one in its block, else the one before it, else none."""
    ids = [each.id for each in places(draft.tree.plain) if each.block == place.block]
    after = ids[place.index + 1 : place.index + 2]
    return next(iter(after or ids[max(place.index - 1, 0) : place.index]), "")


def _refuse_last(draft: Draft, place: StepPlace) -> None:
    parts, _ = draft.place(place.path)
    if len(parts.parts) == 1 and len(place.block) > 1:
        raise EditRefused(
            "Đây là bước duy nhất của khối; một khối không thể trống.",
            "Bỏ khối đi, hoặc thêm bước khác vào khối trước.",
            (place.id,),
        )


def _point_elsewhere(draft: Draft, pointing: Sequence[Reference], following: str) -> None:
    """Let routes lead to the following step, and exclusions go; nothing else can be mended."""
    others = [each for each in pointing if not _can_mend(each)]
    if others or (pointing and not following):
        raise EditRefused(
            f"{_names(draft, others or pointing)} còn dùng kết quả của bước này.",
            "Sửa điều kiện hoặc vai trò đó trước.",
            _steps_of(others or pointing),
        )
    for each in reversed(pointing):
        if "not_by" in each.path:
            key = each.path.index("not_by")
            whole = draft.tree.plain
            for name in each.path[: key + 1]:
                whole = whole[name]
            single = isinstance(whole, str) or len(whole) == 1
            draft.remove(each.path[: key + 1] if single else each.path)
        else:
            draft.set(each.path, following)


def _can_mend(reference: Reference) -> bool:
    if reference.within:
        return False
    keys = [part for part in reference.path if isinstance(part, str)]
    return reference.key in _ROUTES or "not_by" in keys or "outcomes" in keys


def _steps_of(found: Sequence[Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.step for each in found if each.step))


def _names(draft: Draft, found: Sequence[Reference]) -> str:
    """The steps that references stand in, and the roles, by their names."""
    names = {step_id(each.data): name_of(each.data) for each in places(draft.tree.plain)}
    roles = draft.tree.plain.get("roles", {})
    said = []
    for each in found:
        if each.step:
            said.append(f"bước “{names.get(each.step, each.step)}”")
        elif each.path[0] == "roles" and isinstance(roles, dict):
            role = roles.get(each.path[1])
            name = role.get("name") if isinstance(role, dict) else None
            said.append(f"vai trò “{name or each.path[1]}”")
        else:
            said.append("phần khai chung")
    joined = ", ".join(dict.fromkeys(said))
    return joined[:1].upper() + joined[1:]
