"""What changed within one step that is in both versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quytrinh.compiler.differences.model import (
    Change,
    ChangeKind,
    Json,
    by_id,
    changed,
    common_order,
    quoted,
)
from quytrinh.compiler.differences.order import kind_of
from quytrinh.compiler.differences.side import Located, Side, located
from quytrinh.compiler.planning import DEFAULT_ACTIONS, DEFAULT_CONFIRM
from quytrinh.compiler.scheme import join_in_words

_KIND_WORDS = {
    "human": "người làm",
    "service": "hệ thống làm",
    "choose": "rẽ nhánh",
    "parallel": "song song",
    "each": "từng nơi",
    "call": "gọi quy trình khác",
    "wait": "chờ",
    "end": "kết thúc",
}
_COMMENTS = {"none": "không cần", "optional": "tùy", "required": "bắt buộc"}
_WORKED = ("human", "service")


@dataclass(frozen=True, slots=True)
class StepPair:
    """A step as it was and as it is."""

    before: Side
    after: Side
    old: Located
    new: Located

    def changes(self) -> Iterator[Change]:
        """Every difference between the two."""
        old, new = kind_of(self.old.raw), kind_of(self.new.raw)
        same = old == new or {old, new} == set(_WORKED)
        yield from self._texts()
        yield from self._common()
        if old != new:
            words = changed(f"Loại của bước {self.name}", _KIND_WORDS[old], _KIND_WORDS[new])
            yield Change("course", words, self.id)
        if same:
            yield from self._work()
            yield from self._block()
            yield from self._rest()

    @property
    def id(self) -> str:
        return self.new.id

    @property
    def name(self) -> str:
        return self.after.step(self.id)

    def _change(self, kind: ChangeKind, what: str, before: str, after: str) -> Change:
        return Change(kind, changed(f"{what} của {self.name}", before, after), self.id)

    def _compare(self, kind: ChangeKind, key: str, what: str) -> Iterator[Change]:
        """A key whose value is text or close to it."""
        old, new = self.old.raw.get(key), self.new.raw.get(key)
        if old != new:
            yield self._change(kind, what, self.before.value(old), self.after.value(new))

    def _texts(self) -> Iterator[Change]:
        old, new = self.old.raw, self.new.raw
        if old.get("name") != new.get("name"):
            names = self.before.step(self.old.id), self.after.step(self.new.id)
            yield Change("wording", changed("Tên bước", *names), self.id)
        yield from self._compare("wording", "help", "Lời hướng dẫn")

    def _common(self) -> Iterator[Change]:
        old, new = self.old.raw, self.new.raw
        if old.get("when") != new.get("when"):
            words = self.before.condition(old.get("when")), self.after.condition(new.get("when"))
            yield self._change("course", "Điều kiện", *words)
        yield from self._onward()
        if old.get("due") != new.get("due"):
            yield from self._due(old.get("due"), new.get("due"))
        if old.get("on_late") != new.get("on_late"):
            yield self._change(*self._late())
        if old.get("stops_clock") != new.get("stops_clock"):
            stands = "dừng" if new.get("stops_clock") else "vẫn chạy"
            yield Change("time", f"Trong lúc ở {self.name}, thời hạn hồ sơ nay {stands}.", self.id)
        yield from self._compare("exchange", "reports", "Trạng thái báo nơi gửi")
        yield from self._cites("Căn cứ", old.get("cite"), new.get("cite"))

    def _cites(self, what: str, old: list[str] | None, new: list[str] | None) -> Iterator[Change]:
        if old != new:
            words = self.before.cites(old or []), self.after.cites(new or [])
            yield self._change("law", what, *words)

    def _due(self, old: Json | None, new: Json | None) -> Iterator[Change]:
        cited = [(each or {}).get("cite") for each in (old, new)]
        yield from self._cites("Căn cứ thời hạn", *cited)
        rest = [
            {key: value for key, value in (each or {}).items() if key != "cite"}
            for each in (old, new)
        ]
        if rest[0] != rest[1]:
            yield self._change("time", "Hạn", self.before.due(rest[0]), self.after.due(rest[1]))

    def _onward(self) -> Iterator[Change]:
        """The step's own target, where one of the two names it."""
        if "to" not in self.old.raw and "to" not in self.new.raw:
            return
        if kind_of(self.old.raw) == "choose" or kind_of(self.new.raw) == "choose":
            return
        if self.old.raw.get("to") != self.new.raw.get("to"):
            yield self._routed(f"Sau bước {self.name}", {}, {})

    def _routed(self, subject: str, old: Json, new: Json) -> Change:
        """Another route; or the same one that is only written otherwise."""
        leads = self.before.leads(old, self.old), self.after.leads(new, self.new)
        words = [self.before.route(old, self.old), self.after.route(new, self.new)]
        if leads[0] == leads[1]:
            sentence = f"{subject}: {words[1]} như cũ, nhưng ghi theo cách khác."
            return Change("wording", sentence, self.id)
        if words[0] == words[1]:
            # Two steps of one name are told apart by their ids.
            words = [f"{said} (`{lead[0]}`)" for said, lead in zip(words, leads, strict=True)]
        return Change("course", changed(subject, words[0], words[1]), self.id)

    def _late(self) -> tuple[ChangeKind, str, str, str]:
        words = [self._late_words(side, place) for side, place in self._sides]
        return ("course", "Xử lý khi quá hạn", words[0], words[1])

    @property
    def _sides(self) -> tuple[tuple[Side, Located], tuple[Side, Located]]:
        return (self.before, self.old), (self.after, self.new)

    def _late_words(self, side: Side, place: Located) -> str:
        late = place.raw.get("on_late")
        if not late:
            return ""
        if "action" in late:
            return f"tự làm “{late['action']}”"
        if "run" in late:
            given = f" ({side.value(late['with'])})" if "with" in late else ""
            return f"tự chạy {quoted(side.phrases.plugin(late['run']))}{given}"
        return _limited(side.route(late, place), late)

    def _work(self) -> Iterator[Change]:
        """Who or what does it, with which data."""
        old, new = self.old.raw, self.new.raw
        if old.get("by") != new.get("by"):
            words = [
                side.role(raw["by"]) if "by" in raw else ""
                for side, raw in ((self.before, old), (self.after, new))
            ]
            yield self._change("people", "Người thực hiện", *words)
        yield from self._compare("data", "form", "Biểu mẫu")
        if old.get("not_by") != new.get("not_by"):
            words = [
                ", ".join(side.step(each) for each in place.raw.get("not_by", ()))
                for side, place in self._sides
            ]
            yield self._change("people", "Không giao cho người đã làm", *words)
        if old.get("run") != new.get("run"):
            words = [
                quoted(side.phrases.plugin(place.raw["run"])) if "run" in place.raw else ""
                for side, place in self._sides
            ]
            yield self._change("course", "Việc hệ thống làm", *words)
        if "call" not in old:
            yield from self._compare("data", "with", "Tham số")
        yield from verb_changes(self.before, self.after, old, new, f" ({self.name})", self.id)
        yield from self._actions()
        yield from self._outcomes()

    def _actions(self) -> Iterator[Change]:
        old, new = _actions_of(self.old.raw), _actions_of(self.new.raw)
        for key in old:
            if key not in new:
                label = quoted(old[key]["label"])
                yield Change("course", f"Bỏ thao tác {label} ở {self.name}.", self.id)
        for key, action in new.items():
            if key not in old:
                route = self.after.route(action, self.new)
                label = quoted(action["label"])
                yield Change("course", f"Thêm thao tác {label} ở {self.name}: {route}.", self.id)
            else:
                yield from self._action(old[key], action)
        if not common_order(list(old), list(new)):
            yield Change("wording", f"Thứ tự các thao tác của {self.name} thay đổi.", self.id)

    def _action(self, old: Json, new: Json) -> Iterator[Change]:
        where = f"{quoted(new['label'])} ở {self.name}"

        def differs(key: str) -> bool:
            return old.get(key) != new.get(key)

        def simple(kind: ChangeKind, key: str, what: str) -> Iterator[Change]:
            if differs(key):
                words = self.before.value(old.get(key)), self.after.value(new.get(key))
                yield Change(kind, changed(f"{what} của thao tác {where}", *words), self.id)

        if differs("label"):
            labels = quoted(old["label"]), quoted(new["label"])
            yield Change("wording", changed(f"Nhãn thao tác ở {self.name}", *labels), self.id)
        yield from self._action_route(old, new, where)
        if differs("when"):
            words = self.before.condition(old.get("when")), self.after.condition(new.get("when"))
            yield Change("course", changed(f"Điều kiện của thao tác {where}", *words), self.id)
        if differs("comment") and _comment(old) != _comment(new):
            words = _COMMENTS[_comment(old)], _COMMENTS[_comment(new)]
            yield Change("data", changed(f"Ý kiến khi {where}", *words), self.id)
        yield from simple("course", "run", "Việc hệ thống làm")
        yield from simple("data", "with", "Tham số")
        yield from simple("data", "form", "Biểu mẫu")
        yield from simple("data", "requires", "Trường bắt buộc")
        yield from simple("data", "incomplete", "Cho phép nhập thiếu")
        yield from simple("exchange", "reports", "Trạng thái báo nơi gửi")
        if differs("cite"):
            words = self.before.cites(old.get("cite", [])), self.after.cites(new.get("cite", []))
            yield Change("law", changed(f"Căn cứ của thao tác {where}", *words), self.id)

    def _action_route(self, old: Json, new: Json, where: str) -> Iterator[Change]:
        if old.get("at_most") != new.get("at_most"):
            words = [
                side.value(each.get("at_most"))
                for side, each in ((self.before, old), (self.after, new))
            ]
            words = [f"{each} lần" if each else "không giới hạn" for each in words]
            yield Change("course", changed(f"Số lần được {where}", *words), self.id)
        if all(old.get(key) == new.get(key) for key in ("to", "return_to", "then")):
            return
        same = self.before.leads(old, self.old) == self.after.leads(new, self.new)
        # An action that left its target to the step is told with the step.
        if not same or self.old.raw.get("to") == self.new.raw.get("to"):
            yield self._routed(f"Thao tác {where}", old, new)

    def _outcomes(self) -> Iterator[Change]:
        old, new = self.old.raw.get("outcomes", {}), self.new.raw.get("outcomes", {})
        for outcome in {**old, **new}:
            if old.get(outcome) != new.get(outcome):
                yield self._outcome(outcome, old.get(outcome), new.get(outcome))

    def _outcome(self, outcome: str, old: Json | None, new: Json | None) -> Change:
        step = self.after.phrases.plan.step(self.id)
        subject = f"Kết quả {quoted(self.after.phrases.outcome(step, outcome))} của {self.name}"
        if old is not None and new is not None and old.get("at_most") == new.get("at_most"):
            return self._routed(subject, old, new)
        words = [
            _limited(side.route(route, place), route) if route is not None else "như lệ thường"
            for (side, place), route in zip(self._sides, (old, new), strict=True)
        ]
        return Change("course", changed(subject, words[0], words[1]), self.id)

    def _block(self) -> Iterator[Change]:
        old, new = self.old.raw, self.new.raw
        if old.get("join") != new.get("join"):
            words = [self._join_words(side, place) for side, place in self._sides]
            yield self._change("course", "Cách gộp nhánh", *words)
        if "parallel" in old:
            yield from self._branches(by_id(old["parallel"]), by_id(new["parallel"]))
        for key, what in (("each", "Danh sách nơi xử lý"), ("lead", "Nơi chủ trì")):
            if old.get(key) != new.get(key):
                words = [
                    self._members_words(side, place.raw.get(key)) for side, place in self._sides
                ]
                yield self._change("people", what, *words)

    def _join_words(self, side: Side, place: Located) -> str:
        return join_in_words(side.phrases.plan.step(place.id), side.phrases)

    def _members_words(self, side: Side, value: Json | str | None) -> str:
        """A list by its title, a role by its name, units as they are written."""
        if isinstance(value, Mapping):
            if "role" in value:
                return f"vai trò {side.role(value['role'])}"
            value = value.get("list") or side.value(value["units"])
        return side.phrases.expression(value or "")

    def _branches(self, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
        for key in old:
            if key not in new:
                words = f"Bỏ nhánh {_branch_words(old[key], self.before)} của {self.name}."
                yield Change("course", words, self.id)
        for key, branch in new.items():
            if key not in old:
                words = f"Thêm nhánh {_branch_words(branch, self.after)} vào {self.name}."
                yield Change("course", words, self.id)
                continue
            names = [quoted(each.get("name", key)) for each in (old[key], branch)]
            if names[0] != names[1]:
                yield Change("wording", changed(f"Tên nhánh ở {self.name}", *names), self.id)
            whens = [each.get("when") for each in (old[key], branch)]
            if whens[0] != whens[1]:
                said = self.before.condition(whens[0]), self.after.condition(whens[1])
                subject = f"Điều kiện của nhánh {names[1]} ở {self.name}"
                yield Change("course", changed(subject, *said), self.id)
        if not common_order(list(old), list(new)):
            yield Change("wording", f"Thứ tự các nhánh của {self.name} thay đổi.", self.id)

    def _rest(self) -> Iterator[Change]:
        """What only a choice, a wait, a call or an end has."""
        old, new = self.old.raw, self.new.raw
        if "choose" in old:
            yield from self._cases()
        if "wait" in old and old["wait"] != new["wait"]:
            time = {"for", "until", "calendar"}
            parts = [{k: v for k, v in raw["wait"].items() if k not in time} for raw in (old, new)]
            kind: ChangeKind = "time" if parts[0] == parts[1] else "course"
            words = self.before.wait(old["wait"]), self.after.wait(new["wait"])
            yield self._change(kind, "Việc chờ", *words)
        if "call" in old:
            if old["call"] != new["call"]:
                flows = quoted(old["call"]), quoted(new["call"])
                yield self._change("course", "Quy trình được gọi", *flows)
            yield from self._compare("data", "with", "Dữ liệu đưa sang quy trình được gọi")
        if old.get("end") != new.get("end"):
            yield self._change("course", "Kết quả của hồ sơ", old["end"], new["end"])

    def _cases(self) -> Iterator[Change]:
        """Cases are matched by their conditions; those left over in order, by their places."""
        old = {case.get("when", ""): case for case in self.old.raw["choose"]}
        new = {case.get("when", ""): case for case in self.new.raw["choose"]}
        gone = [when for when in old if when not in new]
        came = [when for when in new if when not in old]
        for was, now in zip(gone, came, strict=False):
            said = self.before.condition(was), self.after.condition(now)
            yield self._change("course", "Điều kiện rẽ", *said)
            yield from self._case(old[was], new[now])
        for was in gone[len(came) :]:
            words = f"Bỏ trường hợp “{self.before.condition(was)}” ở {self.name}."
            yield Change("course", words, self.id)
        for now in came[len(gone) :]:
            route = self.after.route(_route_of(new[now]), self.new)
            words = f"Thêm trường hợp “{self.after.condition(now)}” ở {self.name}: {route}."
            yield Change("course", words, self.id)
        for when in new:
            if when in old:
                yield from self._case(old[when], new[when])
        if not common_order(list(old), list(new)):
            yield Change("course", f"Thứ tự xét các trường hợp ở {self.name} thay đổi.", self.id)

    def _case(self, old: Json, new: Json) -> Iterator[Change]:
        if _route_of(old) != _route_of(new):
            said = self.after.condition(new.get("when")) or "còn lại"
            subject = f"Trường hợp “{said}” ở {self.name}"
            yield self._routed(subject, _route_of(old), _route_of(new))


def _limited(words: str, route: Json) -> str:
    return f"{words}, tối đa {route['at_most']} lần" if "at_most" in route else words


def _route_of(case: Json) -> Json:
    return {"to": case.get("to", case.get("else"))}


def _branch_words(branch: Json, side: Side) -> str:
    inner = ", ".join(side.step(each.id) for each in located(branch["steps"]))
    return f"{quoted(branch.get('name', branch['id']))} ({inner})"


def _actions_of(raw: Json) -> dict[str, Json]:
    """The actions of a canonical step, those that go without saying included."""
    if "by" not in raw:
        return {}
    if "run" not in raw:
        return by_id(raw.get("actions", DEFAULT_ACTIONS))
    written = by_id(raw.get("actions", ()))
    first = DEFAULT_CONFIRM["id"]
    return written if first in written else {first: DEFAULT_CONFIRM, **written}


def _comment(action: Json) -> str:
    return str(action.get("comment", "optional" if "return_to" in action else "none"))


def verb_changes(
    before: Side, after: Side, old: Json, new: Json, where: str, step: str | None
) -> Iterator[Change]:
    """General verbs that are restricted otherwise; `where` is said after the sentence."""
    was, now = old.get("verbs", {}), new.get("verbs", {})
    for verb in {**was, **now}:
        if was.get(verb) != now.get(verb):
            words = before.verb(verb, was.get(verb)), after.verb(verb, now.get(verb))
            yield Change("people", changed(f"Thao tác chung{where}", *words), step)
