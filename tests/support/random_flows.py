"""Flows made by chance, as YAML texts: right ones with every construct, small ones of any shape.

They lean on the forms, plugins and callable procedures of the golden files. One seed, one text.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import yaml

Json = dict[str, Any]

NAMES = (
    "Soạn dự thảo",
    "Kiểm tra nội dung",
    "Kiểm tra thể thức và kỹ thuật trình bày",
    "Ký",
    "Cho số, ghi ngày tháng",
    "Phân phối, cho ý kiến chỉ đạo giải quyết",
    "Xử lý văn bản",
    "Lấy ý kiến phối hợp của các đơn vị có liên quan trước khi trình",
    "Lưu",
    "Tổng hợp",
)
LABELS = ("Đồng ý", "Hoàn thành", "Trình lãnh đạo", "Chuyển tiếp", "Xong phần việc của đơn vị")
BACK_LABELS = ("Trả lại", "Yêu cầu sửa lại và trình lại", "Làm lại từ đầu")
CONDITIONS = (
    "case.urgency == 'flash'",
    "case.urgency != 'normal' && size(case.support) > 2",
    "has(case.people) || case.instruction.contains('gấp')",
)
MEMBERS = ("units", "people", "role", "fixed", "agencies")


def sound_flow(seed: int, *, size: int = 6) -> str:
    """A procedure without a fault, with most constructs of the language; `size` steps outermost."""
    return _dump(_Maker(_chance(seed)).flow(size))


def shape_flow(seed: int) -> str:
    """A small procedure of any shape: routes lead anywhere, blocks may never end."""
    return _dump(_Shaper(_chance(seed)).flow())


def _chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same seed gives the same text


def _dump(flow: Json) -> str:
    return yaml.safe_dump(flow, allow_unicode=True, sort_keys=False, width=1000)


@dataclass
class _Block:
    """A block while it is made: who may act in it, and the steps it can go back to."""

    depth: int = 0
    member: str = ""
    parallel: bool = False
    ids: list[str] = field(default_factory=list)
    earlier: list[str] = field(default_factory=list)
    humans: list[str] = field(default_factory=list)
    outer: list[str] = field(default_factory=list)


class _Maker:
    """Keeps to a simple rule: what every step offers without condition leads one step on."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.count = 0
        self.used: set[str] = set()
        self.incoming = rng.random() < 0.5

    def flow(self, size: int) -> Json:
        steps = [self._first(), *self._steps(_Block(earlier=["assign"], humans=["assign"]), size)]
        ends = [{"end": "done", "name": "Đã giải quyết"}]
        if self.incoming:
            ends[0]["reports"] = "06"
        if self.rng.random() < 0.5:
            ends.append({"end": "refused", "name": "Không giải quyết", "cite": ["6.3"]})
            steps[0]["actions"]["refuse"] = {"label": "Từ chối", "to": "refused"}
        flow: Json = {
            "quytrinh": "1",
            "flow": f"ngau-nhien-{self.rng.randrange(10**6)}",
            "name": "Quy trình ngẫu nhiên",
            "document": "incoming" if self.incoming else "internal",
            "documents": {"dossier": {"name": "Hồ sơ kèm theo", "many": "true"}},
            "basis": "nghi-dinh-30-2020",
            "roles": {},
            "due": {"in": "300d", "remind": ["10d"], "escalate": "leader"},
            "on_late": {"run": "demo.post"},
            "verbs": {"extend": {"max": "5d", "comment": "required"}, "reopen": {"by": ["leader"]}},
            "settings": {
                "answer_within": {"name": "Hạn trả lời", "type": "when", "default": "2d"},
                "print_too": {"name": "In bản giấy", "type": "boolean", "default": "false"},
            },
            "steps": [*steps, *ends],
        }
        if starts := self._starts():
            flow["start"] = starts
        flow["roles"] = self._roles()
        return flow

    def _starts(self) -> list[Json]:
        starts: list[Json] = [{"event": "exchange.received"}] if self.incoming else []
        if self.incoming and self.rng.random() < 0.3:
            starts.append({"schedule": {"every": "month", "day": "last_working", "at": "07:30"}})
        if starts or self.rng.random() < 0.3:
            starts.append({"by": "clerk", "form": "phieu-trinh"})
        return starts

    def _roles(self) -> Json:
        known = {
            "clerk": {"name": "Văn thư", "who": {"role": "van-thu"}, "assign": "least_busy"},
            "leader": {
                "name": "Lãnh đạo",
                "who": {"position": "thu-truong"},
                "if_absent": [{"position": "pho-thu-truong"}],
            },
            "handler": {"name": "Đơn vị xử lý", "who": {"head_of": "item.unit"}},
            "hearer": {"name": "Người cho ý kiến", "who": {"person": "item.person"}},
            "lead": {"name": "Đơn vị chủ trì", "who": {"members_of": "case.lead"}},
        }
        used = {"clerk", "leader"} | self.used
        return {name: role for name, role in known.items() if name in used}

    def _first(self) -> Json:
        step: Json = {"id": "assign", "name": "Phân công", "by": "clerk", "form": "phan-cong"}
        step["actions"] = {"forward": {"label": "Chuyển xử lý", "requires": ["instruction"]}}
        if self.incoming:
            step["reports"] = "03"
        return step

    def _id(self, stem: str) -> str:
        self.count += 1
        return f"{stem}_{self.count}"

    def _steps(self, block: _Block, count: int) -> list[Json]:
        """Steps of one block; the ids are known beforehand, so that routes can lead ahead."""
        kinds = [self._kind(block) for _ in range(count)]
        block.ids = [self._id(kind) for kind in kinds]
        made = []
        for place, (kind, name) in enumerate(zip(kinds, block.ids, strict=True)):
            ahead = block.ids[place + 1 :] + (["join"] if block.depth else [])
            step = {"id": name, **getattr(self, f"_{kind}")(block, name, ahead)}
            made.append(self._decorated(kind, step))
            if kind not in ("choose", "service", "wait"):
                block.earlier.append(name)
            if kind == "human":
                block.humans.append(name)
        return made

    def _kind(self, block: _Block) -> str:
        if block.member == "agencies":
            return self.rng.choice(("service", "wait", "choose"))
        kinds = ["human"] * 5 + ["service", "choose", "wait"]
        if block.depth == 0:
            kinds += ["call"]
        if block.depth < 2:
            kinds += ["parallel", "each"]
        return self.rng.choice(kinds)

    def _decorated(self, kind: str, step: Json) -> Json:
        if kind != "choose" and self.rng.random() < 0.2:
            step["when"] = self.rng.choice(CONDITIONS)
        if self.rng.random() < 0.3:
            step["cite"] = [self.rng.choice(("6.1", "6.2.a", "nghi-dinh-30-2020:7"))]
        if self.rng.random() < 0.2:
            step["help"] = "Xem kỹ văn bản trước khi chọn."
        if kind in ("human", "service", "call", "wait") and self.rng.random() < 0.1:
            step["stops_clock"] = "true"
        return step

    def _due(self) -> Any:
        return self.rng.choice(
            (
                "2d",
                {"in": "1d", "by_urgency": {"urgent": "4h", "flash": "immediate"}},
                {"in": "5d", "remind": ["1d", {"before": "4h", "to": "clerk"}]},
                {"at": "case.deadline", "escalate": [{"to": "leader", "after": "1d"}]},
                {"in": "next_working_morning", "from": "case.started_at", "calendar": "natural"},
                {"in": {"setting": "answer_within"}},
            )
        )

    def _human(self, block: _Block, name: str, ahead: list[str]) -> Json:
        step: Json = {"name": self.rng.choice(NAMES), "by": self._role(block)}
        # Branches that run side by side may not write one field.
        if block.member and not block.parallel and self.rng.random() < 0.4:
            step["form"] = "ket-qua"
        if self.rng.random() < 0.2:
            return {**step, **self._confirmed(ahead)}
        actions: Json = {"done": {"label": self.rng.choice(LABELS)}}
        if self.rng.random() < 0.4:
            actions["other"] = self._sideways(block, ahead)
        if self.rng.random() < 0.5:
            actions["back"] = self._back(block)
        step["actions"] = actions
        if block.humans and self.rng.random() < 0.2:
            step["not_by"] = [self.rng.choice(block.humans)]
        if self.rng.random() < 0.2:
            step["verbs"] = {"suspend": {"comment": "required", "stops_clock": "true"}}
        if self.rng.random() < 0.5:
            step["due"] = self._due()
            if self.rng.random() < 0.4:
                step["on_late"] = self._late(block, ahead, silent="form" not in step)
        return step

    def _role(self, block: _Block) -> str:
        choices = ["clerk", "leader", "lead"]
        own = {"units": "handler", "fixed": "handler", "people": "hearer"}
        choices += [own[block.member]] * 3 if block.member in own else []
        role = self.rng.choice(choices)
        self.used.add(role)
        return role

    def _confirmed(self, ahead: list[str]) -> Json:
        if self.rng.random() < 0.5:
            return {"run": "demo.note", "with": {"text": "Ghi sổ", "times": "2"}}
        wrong = self._target(ahead)
        return {
            "run": "demo.verify",
            "actions": {"confirm": {"label": "Kiểm tra"}, "skip": {"label": "Bỏ qua"}},
            "outcomes": {"broken": wrong, "unsigned": {"to": wrong}},
        }

    def _target(self, ahead: list[str]) -> str:
        return self.rng.choice([*ahead, "next"])

    def _sideways(self, block: _Block, ahead: list[str]) -> Json:
        action: Json = {"label": "Cách khác", "to": self._target(ahead)}
        if self.rng.random() < 0.3 and block.humans and block.humans[-1] in block.ids:
            action["to"] = self.rng.choice([each for each in block.humans if each in block.ids])
        extra = self.rng.choice(
            (
                {},
                {"when": self.rng.choice(CONDITIONS)},
                {"at_most": str(self.rng.randint(1, 3))},
                {"comment": "required"},
                {"run": "demo.approve"},
            )
        )
        return {**action, **extra}

    def _back(self, block: _Block) -> Json:
        own = [each for each in block.earlier if each in block.ids or not block.depth]
        outer = block.outer
        action: Json = {"label": self.rng.choice(BACK_LABELS)}
        if own and (not outer or self.rng.random() < 0.6):
            action["return_to"] = self.rng.choice(own)
            if self.rng.random() < 0.4:
                action["then"] = "back_here"
        else:
            action["return_to"] = self.rng.choice(outer or ["assign"])
        if self.rng.random() < 0.3:
            action["at_most"] = "2"
        if self.rng.random() < 0.5:
            action["comment"] = "required"
        return action

    def _late(self, block: _Block, ahead: list[str], *, silent: bool) -> Json:
        ways: list[Json] = [{"run": "demo.post"}, {"to": self._target(ahead)}]
        if silent:
            ways.append({"action": "done"})
        return self.rng.choice(ways)

    def _service(self, block: _Block, name: str, ahead: list[str]) -> Json:
        if self.rng.random() < 0.5:
            return {"run": "demo.post", "name": "Gửi đi"}
        wrong = self._target(ahead)
        outcomes = {"broken": wrong, "unsigned": wrong}
        if self.rng.random() < 0.3:
            outcomes["failed"] = wrong
        return {"run": "demo.verify", "name": "Kiểm tra chữ ký", "outcomes": outcomes}

    def _choose(self, block: _Block, name: str, ahead: list[str]) -> Json:
        onward = ahead[0] if ahead else "next"
        count = self.rng.randint(1, 2)
        cases = [
            {"when": self.rng.choice(CONDITIONS), "to": self._target(ahead)} for _ in range(count)
        ]
        return {"choose": [*cases, {"else": onward}]}

    def _wait(self, block: _Block, name: str, ahead: list[str]) -> Json:
        waits: list[Json] = [
            {"wait": {"for": "5d", "calendar": "natural"}},
            {"wait": {"until": "case.deadline"}},
            {
                "wait": {"for": "3w", "event": ["exchange.update"], "when": "has(event.kind)"},
                "outcomes": {"time": self._target(ahead)},
            },
        ]
        return self.rng.choice(waits)

    def _call(self, block: _Block, name: str, ahead: list[str]) -> Json:
        back = {"return_to": self.rng.choice(block.earlier)}
        return {
            "call": "con-in-an",
            "by": "clerk",
            "with": {
                "documents": {"main": "main"},
                "fields": {"subject": "case.instruction", "content": "case.instruction"},
            },
            "outcomes": {"cancelled": self.rng.choice((back, self._target(ahead)))},
        }

    def _parallel(self, block: _Block, name: str, ahead: list[str]) -> Json:
        branches: Json = {}
        for number in range(self.rng.randint(2, 4)):
            inner = self._inner(block, name, member=block.member, parallel=True)
            branch: Json = {"name": f"Nhánh {number + 1}"}
            if self.rng.random() < 0.3:
                branch["when"] = self.rng.choice(CONDITIONS)
            branch["steps"] = self._steps(inner, self.rng.randint(1, 3))
            branches[f"branch_{number + 1}"] = branch
        join = self.rng.choice(("all", "any", {"when": "case.urgency == 'flash'"}))
        return {"name": "Song song", "parallel": branches, "join": join, **self._block_due(ahead)}

    def _block_due(self, ahead: list[str]) -> Json:
        if self.rng.random() < 0.7:
            return {}
        return {"due": "10d", "on_late": {"to": self._target(ahead)}}

    def _inner(self, block: _Block, name: str, *, member: str, parallel: bool = False) -> _Block:
        outer = [*block.outer, *(each for each in block.earlier), name]
        return _Block(block.depth + 1, member, parallel, outer=outer)

    def _each(self, block: _Block, name: str, ahead: list[str]) -> Json:
        member = self.rng.choice(MEMBERS)
        inner = self._inner(block, name, member=member)
        joins: list[Any] = ["all", "any", {"when": f"results.{name}.exists(r, r.state == 'late')"}]
        step: Json = {"name": "Từng thành viên"}
        step["each"] = {
            "units": "case.support",
            "people": "case.people",
            "agencies": "case.agencies",
            "role": {"role": "clerk"},
            "fixed": {"units": ["phong-a", "phong-b"]},
        }[member]
        if member == "units" and self.rng.random() < 0.6:
            step["lead"] = "case.lead"
            joins = ["lead"]
        step["join"] = self.rng.choice(joins)
        step["verbs"] = {"add_handler": {"by": ["leader"]}}
        step["steps"] = self._steps(inner, self.rng.randint(1, 3))
        return {**step, **self._block_due(ahead)}


class _Shaper:
    """Small nested shapes whose routes lead anywhere in their block, and now and then out of it."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.count = 0
        self.ids: list[str] = []
        self.wanted: set[str] = set()
        self.budget = 8

    def flow(self) -> Json:
        top = self._block(0, [], self.rng.randint(1, 4))
        ends = ["done", "other"][: self.rng.randint(1, 2)]
        names = [step["id"] for step in top] + ends
        self._route(top, names, [])
        # An end that nothing leads to would make almost every shape wrong in the same way.
        ends = [end for end in ends if end == "done" or end in self.wanted]
        return {
            "quytrinh": "1",
            "flow": "hinh-dang",
            "name": "Hình dạng",
            "roles": {"doer": {"name": "Người làm", "who": {"role": "nguoi-lam"}}},
            "start": {"by": "doer"},
            "steps": [*top, *({"end": end} for end in ends)],
        }

    def _block(self, depth: int, outer: list[str], count: int) -> list[Json]:
        steps = []
        for _ in range(count):
            self.count += 1
            self.budget -= 1
            kinds = ["human"] * 4 + ["service", "choose", "wait"]
            if depth < 2 and self.budget > 2:
                kinds += ["parallel", "each"] * 2
            kind = self.rng.choice(kinds)
            name = f"{kind[0]}{self.count}"
            self.ids.append(name)
            steps.append({"id": name, "_kind": kind, "_depth": depth})
        names = [step["id"] for step in steps]
        for step in steps:
            if step["_kind"] in ("parallel", "each"):
                self._fill(step, depth, [*outer, *names])
        return steps

    def _fill(self, step: Json, depth: int, outer: list[str]) -> None:
        """Give a composite step its blocks, their routes included."""

        def inside() -> list[Json]:
            block = self._block(depth + 1, outer, self.rng.randint(1, 2))
            self._route(block, [each["id"] for each in block] + ["join"], outer)
            return block

        joins: list[Any] = ["all", "all", "any", {"when": "case.urgency == 'flash'"}]
        if step["_kind"] == "parallel":
            branches: Json = {}
            for number in range(2):
                branches[f"b{number}"] = {"steps": inside()}
                if self.rng.random() < 0.2:
                    branches[f"b{number}"]["when"] = "case.urgency == 'flash'"
            step["parallel"] = branches
        else:
            step["each"] = self.rng.choice(({"role": "doer"}, {"units": ["phong-a", "phong-b"]}))
        step["join"] = self.rng.choice(joins)
        if step["_kind"] == "each":
            step["steps"] = inside()

    def _target(self, names: list[str]) -> str:
        """Mostly on, often anywhere in the block, seldom anywhere at all."""
        chance = self.rng.random()
        if chance < 0.75:
            return "next"
        target = self.rng.choice(names if chance < 0.99 else self.ids)
        self.wanted.add(target)
        return target

    def _route(self, steps: list[Json], names: list[str], outer: list[str]) -> None:
        for place, step in enumerate(steps):
            kind = step.pop("_kind")
            step.pop("_depth")
            back = [each for each in (*outer, *names[: place + 1]) if each[0] in "hpe"]
            getattr(self, f"_{kind}")(step, names, back)
            if kind != "choose":
                if self.rng.random() < 0.15:
                    step["when"] = "case.urgency == 'urgent'"
                if self.rng.random() < 0.15:
                    step["to"] = self._target(names)

    def _late(self, step: Json, names: list[str], back: list[str]) -> None:
        if self.rng.random() < 0.2:
            step["due"] = "1d"
            step["on_late"] = self._way(names, back)

    def _way(self, names: list[str], back: list[str]) -> Json:
        if back and self.rng.random() < 0.25:
            return {"return_to": self.rng.choice(back)}
        return {"to": self._target(names)}

    def _human(self, step: Json, names: list[str], back: list[str]) -> None:
        step["by"] = "doer"
        actions: Json = {"on": {"label": "Tiếp"}} if self.rng.random() < 0.6 else {}
        for number in range(self.rng.randint(0 if actions else 1, 2)):
            action: Json = {"label": "Làm", **self._way(names, back)}
            if action.get("return_to") in names and self.rng.random() < 0.3:
                action["then"] = "back_here"
            if self.rng.random() < 0.15:
                action["when"] = "case.urgency == 'flash'"
            if self.rng.random() < 0.15:
                action["at_most"] = "1"
            actions[f"a{number}"] = action
        step["actions"] = actions
        if self.rng.random() < 0.1:
            step["due"] = "1d"
            step["on_late"] = {"action": next(iter(actions))}
        else:
            self._late(step, names, back)

    def _service(self, step: Json, names: list[str], back: list[str]) -> None:
        step["run"] = "demo.verify"
        step["outcomes"] = {name: self._way(names, back) for name in ("broken", "unsigned")}

    def _choose(self, step: Json, names: list[str], back: list[str]) -> None:
        cases = [{"when": "case.urgency == 'flash'", "to": self._target(names)}]
        step["choose"] = [*cases, {"else": self._target(names)}]

    def _wait(self, step: Json, names: list[str], back: list[str]) -> None:
        step["wait"] = {"for": "1d", "event": "exchange.update"}
        step["outcomes"] = {"time": self._way(names, back)}

    def _parallel(self, step: Json, names: list[str], back: list[str]) -> None:
        self._late(step, names, back)

    def _each(self, step: Json, names: list[str], back: list[str]) -> None:
        self._late(step, names, back)
