"""What changed in the forms that both versions use."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.differences.model import (
    Change,
    Json,
    by_id,
    changed,
    common_order,
    quoted,
)
from quytrinh.compiler.differences.side import Side

_WORDING = frozenset({"title", "description", "x-labels", "x-widget"})


def form_changes(before: Side, after: Side) -> Iterator[Change]:
    """Forms with another digest: field by field where both texts are known."""
    old, new = before.canonical["uses"]["forms"], after.canonical["uses"]["forms"]
    for name, digest in new.items():
        if old.get(name, digest) == digest:
            continue
        if name in before.forms and name in after.forms:
            yield from _changes(before.forms[name], after.forms[name])
        else:
            yield Change("data", f"Biểu mẫu {quoted(name)} có nội dung mới.")


def _changes(old: Json, new: Json) -> Iterator[Change]:
    where = f"biểu mẫu {quoted(new['name'])}"
    for key in ("name", "help"):
        if old.get(key) != new.get(key):
            words = changed(f"Lời văn của {where}", old.get(key, ""), new.get(key, ""))
            yield Change("wording", words)
    was, now = by_id(old["schema"]["properties"]), by_id(new["schema"]["properties"])
    for key in was:
        if key not in now:
            yield Change("data", f"Bỏ trường {quoted(was[key]['title'])} khỏi {where}.")
    for key, field in now.items():
        if key not in was:
            yield Change("data", f"Thêm trường {quoted(field['title'])} vào {where}.")
        else:
            yield from _field(was[key], field, where)
    if not common_order(list(was), list(now)):
        yield Change("wording", f"Thứ tự các trường của {where} thay đổi.")
    required = [each["schema"].get("required", []) for each in (old, new)]
    for key in [*required[0], *required[1]]:
        if (key in required[0]) != (key in required[1]) and key in was and key in now:
            asked = "bắt buộc" if key in required[1] else "không bắt buộc"
            title = quoted(now[key]["title"])
            yield Change("data", f"Trường {title} của {where} nay {asked}.")
    rest = [
        {k: v for k, v in each.items() if k not in ("name", "help", "schema", "form")}
        for each in (old, new)
    ]
    if rest[0] != rest[1]:
        yield Change("wording", f"Cách trình bày {where} thay đổi.")


def _field(old: Json, new: Json, where: str) -> Iterator[Change]:
    keys = {key for key in {**old, **new} if old.get(key) != new.get(key)}
    if "title" in keys:
        titles = quoted(old["title"]), quoted(new["title"])
        yield Change("wording", changed(f"Nhãn trường của {where}", *titles))
    if keys & _WORDING - {"title"}:
        yield Change("wording", f"Lời văn của trường {quoted(new['title'])} ({where}) thay đổi.")
    if limits := sorted(keys - _WORDING):
        said = ", ".join(f"{key} {old.get(key, '–')} → {new.get(key, '–')}" for key in limits)
        yield Change("data", f"Trường {quoted(new['title'])} của {where}: {said}.")
