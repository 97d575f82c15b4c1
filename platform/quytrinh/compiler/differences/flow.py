"""The whole comparison, and what changed outside the steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from quytrinh.compiler.differences.forms import form_changes
from quytrinh.compiler.differences.model import (
    Change,
    ChangeKind,
    Json,
    by_id,
    changed,
    common_order,
    quoted,
)
from quytrinh.compiler.differences.order import renamed_steps, step_changes, with_new_ids
from quytrinh.compiler.differences.side import Forms, Side
from quytrinh.compiler.differences.steps import StepPair, verb_changes
from quytrinh.compiler.time_words import start_in_words
from quytrinh.spi import Registry

_TIME_TYPES = ("when", "period")
_PEOPLE_TYPES = ("position", "units")


def renamed(before: Json, after: Json) -> dict[str, str]:
    """Steps taken for the same although their ids differ: earlier id -> later id."""
    return renamed_steps(before, after)


def differences(
    before: Json,
    after: Json,
    *,
    forms_before: Forms | None = None,
    forms_after: Forms | None = None,
    registry: Registry | None = None,
) -> tuple[Change, ...]:
    """Every difference between two canonical flows, the flow as a whole first, then its steps.

    Canonical forms by their ids name fields and tell what changed in them; plugins name their
    outcomes. Steps, actions, branches and roles are matched by their ids.
    """
    names = renamed_steps(before, after)
    old = Side(with_new_ids(before, names), forms_before or {}, registry)
    new = Side(after, forms_after or forms_before or {}, registry)
    pairs = (
        StepPair(old, new, old.steps[key], new.steps[key]).changes()
        for key in new.steps
        if key in old.steps
    )
    return tuple(
        chain(
            _FlowPair(old, new).changes(),
            _renamings(names, new),
            step_changes(old, new),
            chain.from_iterable(pairs),
            form_changes(old, new),
        )
    )


def _renamings(names: Mapping[str, str], after: Side) -> Iterator[Change]:
    for old, new in names.items():
        words = f"Bước {after.step(new)} đổi mã: `{old}` → `{new}` (coi là cùng một bước)."
        yield Change("course", words, new)


class _FlowPair:
    """The flow as it was and as it is, without its steps."""

    def __init__(self, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self.old, self.new = before.canonical, after.canonical

    def changes(self) -> Iterator[Change]:
        yield from self._compare("course", "flow", "Mã quy trình")
        yield from self._compare("wording", "name", "Tên quy trình")
        yield from self._compare("wording", "help", "Lời hướng dẫn của quy trình")
        yield from self._compare("data", "document", "Loại văn bản")
        yield from self._listed("law", "basis", "quy chế căn cứ")
        yield from self._cites()
        yield from self._roles()
        yield from self._starts()
        if self.old.get("due") != self.new.get("due"):
            words = self.before.due(self.old.get("due")), self.after.due(self.new.get("due"))
            yield Change("time", changed("Hạn của cả hồ sơ", *words))
        yield from self._compare("time", "on_late", "Xử lý khi cả hồ sơ quá hạn")
        yield from verb_changes(self.before, self.after, self.old, self.new, "", None)
        yield from self._settings()
        yield from self._slots()
        yield from self._plugins()

    def _compare(self, kind: ChangeKind, key: str, what: str) -> Iterator[Change]:
        old, new = self.old.get(key), self.new.get(key)
        if old != new:
            yield Change(kind, changed(what, self.before.value(old), self.after.value(new)))

    def _listed(self, kind: ChangeKind, key: str, what: str) -> Iterator[Change]:
        old, new = self.old.get(key, []), self.new.get(key, [])
        for gone in old:
            if gone not in new:
                yield Change(kind, f"Bỏ {what} {quoted(gone)}.")
        for came in new:
            if came not in old:
                yield Change(kind, f"Thêm {what} {quoted(came)}.")
        if not common_order(old, new):
            yield Change(kind, f"Thứ tự {what} thay đổi.")

    def _cites(self) -> Iterator[Change]:
        old, new = self.old.get("cite", []), self.new.get("cite", [])
        if old != new:
            words = self.before.cites(old), self.after.cites(new)
            yield Change("law", changed("Căn cứ của quy trình", *words))

    def _roles(self) -> Iterator[Change]:
        old, new = by_id(self.old.get("roles", ())), by_id(self.new.get("roles", ()))
        for key in old:
            if key not in new:
                yield Change("people", f"Bỏ vai trò {self.before.role(key)}.")
        for key, role in new.items():
            if key not in old:
                yield Change("people", f"Thêm vai trò {self.after.role(key)}.")
                continue
            if old[key]["name"] != role["name"]:
                names = quoted(old[key]["name"]), quoted(role["name"])
                yield Change("wording", changed("Tên vai trò", *names))
            for part, what in _ROLE_PARTS:
                if old[key].get(part) != role.get(part):
                    words = (
                        _resolvers(old[key].get(part), self.before),
                        _resolvers(role.get(part), self.after),
                    )
                    yield Change("people", changed(f"{what} {quoted(role['name'])}", *words))
        if not common_order(list(old), list(new)):
            yield Change("wording", "Thứ tự các vai trò trên sơ đồ thay đổi.")

    def _starts(self) -> Iterator[Change]:
        if self.old.get("start") == self.new.get("start"):
            return
        words = [
            "; ".join(start_in_words(start, side.phrases) for start in side.phrases.plan.starts)
            for side in (self.before, self.after)
        ]
        if self.before.phrases.plan.starts != self.after.phrases.plan.starts:
            yield Change("exchange", changed("Cách bắt đầu hồ sơ", *words))

    def _settings(self) -> Iterator[Change]:
        old, new = by_id(self.old.get("settings", ())), by_id(self.new.get("settings", ()))
        for key in old:
            if key not in new:
                kind = _setting_kind(old[key])
                yield Change(kind, f"Bỏ tham số {quoted(old[key]['name'])}.")
        for key, setting in new.items():
            kind = _setting_kind(setting)
            name = quoted(setting["name"])
            if key not in old:
                yield Change(kind, f"Thêm tham số {name}.")
                continue
            if old[key]["name"] != setting["name"]:
                yield Change("wording", changed("Tên tham số", quoted(old[key]["name"]), name))
            for part, what in (("type", "Kiểu"), ("default", "Mặc định"), ("choices", "Lựa chọn")):
                if old[key].get(part) != setting.get(part):
                    words = [self.after.value(each.get(part)) for each in (old[key], setting)]
                    yield Change(kind, changed(f"{what} của tham số {name}", *words))
        if not common_order(list(old), list(new)):
            yield Change("wording", "Thứ tự các tham số thay đổi.")

    def _slots(self) -> Iterator[Change]:
        old, new = by_id(self.old.get("documents", ())), by_id(self.new.get("documents", ()))
        for key in old:
            if key not in new:
                yield Change("data", f"Bỏ ngăn văn bản {quoted(old[key]['name'])}.")
        for key, slot in new.items():
            name = quoted(slot["name"])
            if key not in old:
                yield Change("data", f"Thêm ngăn văn bản {name}.")
                continue
            if old[key]["name"] != slot["name"]:
                words = changed("Tên ngăn văn bản", quoted(old[key]["name"]), name)
                yield Change("wording", words)
            for part, what in (("kind", "Loại văn bản"), ("many", "Nhiều văn bản")):
                if old[key].get(part) != slot.get(part):
                    words_ = [self.after.value(each.get(part)) for each in (old[key], slot)]
                    yield Change("data", changed(f"{what} của ngăn {name}", *words_))
        if not common_order(list(old), list(new)):
            yield Change("wording", "Thứ tự các ngăn văn bản thay đổi.")

    def _plugins(self) -> Iterator[Change]:
        """Plugins that both use; one that came or went is told where it is used."""
        old, new = self.old["uses"]["steps"], self.new["uses"]["steps"]
        for name, interface in new.items():
            if old.get(name, interface) != interface:
                title = quoted(self.after.phrases.plugin(name))
                yield Change("course", f"Phần mở rộng {title} có cách nối mới.")


_ROLE_PARTS = (
    ("who", "Ai giữ vai trò"),
    ("if_absent", "Ai thay khi vắng, vai trò"),
    ("assign", "Cách giao việc, vai trò"),
)
_RESOLVERS = {
    "role": "người có chức danh",
    "position": "người giữ chức vụ",
    "head_of": "trưởng của",
    "members_of": "mọi người của",
    "in_charge_of": "lãnh đạo phụ trách",
    "person": "người được chọn ở",
    "performer_of": "người đã làm",
}


def _resolvers(raw: Sequence[Json] | str | None, side: Side) -> str:
    if isinstance(raw, str):
        return {"least_busy": "người ít việc nhất"}.get(raw, raw)
    return "; ".join(_resolver(each, side) for each in raw or ())


def _resolver(raw: Json, side: Side) -> str:
    within = f" trong {side.phrases.expression(raw['in'])}" if "in" in raw else ""
    if "creator" in raw:
        return "người lập hồ sơ"
    kind = next(key for key in _RESOLVERS if key in raw)
    named = side.step(raw[kind]) if kind == "performer_of" else side.value(raw[kind])
    return f"{_RESOLVERS[kind]} {side.phrases.expression(named)}{within}"


def _setting_kind(setting: Json) -> ChangeKind:
    if setting["type"] in _TIME_TYPES:
        return "time"
    return "people" if setting["type"] in _PEOPLE_TYPES else "data"
