"""What can be done to a text, one operation at a time; each gives back its patch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from quytrinh.compiler.editing.blocks import unwrap, wrap
from quytrinh.compiler.editing.entries import Draft
from quytrinh.compiler.editing.moving import move_step, reorder_entry
from quytrinh.compiler.editing.patch import Patch, difference
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.removal import delete_role, delete_step
from quytrinh.compiler.editing.renaming import rename
from quytrinh.compiler.editing.steps import TOP, find, fresh, ids, step_id
from quytrinh.compiler.editing.tree import Path
from quytrinh.language.source import MAX_BYTES, read_source
from quytrinh.spi import Registry


@dataclass(frozen=True, slots=True)
class Set:
    """Give places below a step (or below the flow, without one) values; None takes one out."""

    values: tuple[tuple[Path, Any], ...]
    step: str = ""


@dataclass(frozen=True, slots=True)
class Insert:
    """A new step after one (`after`), or at the beginning of a block (`block`).

    Its id is made different from all others.
    """

    data: Mapping[str, Any]
    after: str = ""
    block: Path = TOP


@dataclass(frozen=True, slots=True)
class Move:
    """A step by so many places within its block, or behind another step (`after`)."""

    step: str
    by: int = 0
    after: str = ""


@dataclass(frozen=True, slots=True)
class Delete:
    """A step with what is inside it; refused if others point to it, unless these are `repaired`."""

    step: str
    repair: bool = False


@dataclass(frozen=True, slots=True)
class DeleteRole:
    """A role that nothing names any more."""

    role: str


@dataclass(frozen=True, slots=True)
class Wrap:
    """A step (and for `parallel` the one after it) put into a block; `members`: those of `each`."""

    step: str
    kind: str
    members: Any = None


@dataclass(frozen=True, slots=True)
class Unwrap:
    """The steps of a block put in its place."""

    step: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Another id for a step or a role, wherever it is named."""

    kind: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Reorder:
    """An entry of a map or list (an action, a role, a case of a choice) by so many places."""

    path: Path
    by: int
    step: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A whole new text, as it was typed."""

    text: str


Operation: TypeAlias = (
    Set | Insert | Move | Delete | DeleteRole | Wrap | Unwrap | Rename | Reorder | Rewrite
)


@dataclass(frozen=True, slots=True)
class Edited:
    """The text after an operation, the patch that led to it, and the step to look at now."""

    text: str
    patch: Patch = field(repr=False)
    step: str = ""


def edit(text: str, operation: Operation, registry: Registry) -> Edited:
    """Do an operation; raise EditRefused, which says why not, and nothing is changed."""
    if isinstance(operation, Rewrite):
        return _rewritten(text, operation.text)
    draft = Draft(text)
    step = _do(draft, operation, registry)
    if len(draft.text.encode()) > MAX_BYTES:
        raise EditRefused("Văn bản sẽ dài quá 1 MB nên không sửa thêm được.")
    return Edited(draft.text, difference(text, draft.text), step)


def _rewritten(old: str, new: str) -> Edited:
    source = read_source(new, file="")
    if source.root is None and len(new.encode()) > MAX_BYTES:
        raise EditRefused("Nội dung quá dài: một quy trình không quá 1 MB.")
    return Edited(new, difference(old, new))


def _do(draft: Draft, operation: Operation, registry: Registry) -> str:
    """Change the draft; return the id of the step to look at."""
    match operation:
        case Set(values, step):
            return _set(draft, values, step)
        case Insert():
            return _insert(draft, operation)
        case Move(step, by, after):
            move_step(draft, step, by=by, after=after)
            return step
        case Delete(step, repair):
            return delete_step(draft, step, registry, repair=repair)
        case DeleteRole(role):
            delete_role(draft, role, registry)
        case Wrap(step, kind, members):
            return wrap(draft, step, kind, members)
        case Unwrap(step):
            return unwrap(draft, step, registry)
        case Rename(kind, old, new):
            return rename(draft, kind, old, new, registry)
        case Reorder(path, by, step):
            reorder_entry(draft, (*_base(draft, step), *path), by)
            return step
    return ""


def _base(draft: Draft, step: str) -> Path:
    return find(draft.tree, step).path if step else ()


def _set(draft: Draft, values: Iterable[tuple[Path, Any]], step: str) -> str:
    base = _base(draft, step)
    for path, value in values:
        if not path:
            raise EditRefused("Chưa nói sửa mục nào.")
        if value is None:
            draft.remove((*base, *path))
        else:
            draft.set((*base, *path), value)
    return step


def _insert(draft: Draft, operation: Insert) -> str:
    data = dict(operation.data)
    key = "id" if "id" in data else "end"
    wanted = step_id(data)
    if not wanted:
        raise EditRefused("Bước mới chưa có mã.")
    data[key] = fresh(wanted, ids(draft.tree.plain))
    if operation.after:
        place = find(draft.tree, operation.after)
        block, at = place.block, place.index + 1
    else:
        block, at = operation.block, 0
    if not draft.tree.has(block):
        draft.set(block, [])
    draft.insert(block, at, data)
    return step_id(data)
