"""Plans made in Python, for tests that need no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quytrinh.compiler.plan import (
    Plan,
    PlanAction,
    PlanCase,
    PlanDue,
    PlanRole,
    PlanRoute,
    PlanStart,
    PlanStep,
)

DIGEST = "0123456789abcdef" * 4


def action(
    label: str, to: str | None = None, *, back_to: str | None = None, **more: Any
) -> PlanAction:
    """One action of a human step."""
    return PlanAction(label.lower(), label, PlanRoute(to=to, return_to=back_to), **more)


def human(
    id_: str,
    role: str,
    *actions: PlanAction,
    name: str = "",
    due: PlanDue | None = None,
    **more: Any,
) -> PlanStep:
    """A step of a person."""
    return PlanStep(
        id=id_, kind="human", name=name or id_, role=role, actions=actions, due=due, **more
    )


def service(id_: str, outcomes: Mapping[str, PlanRoute], *, name: str = "") -> PlanStep:
    """A step of the machine."""
    return PlanStep(id=id_, kind="service", name=name or id_, run="case.note", outcomes=outcomes)


def choice(id_: str, *cases: tuple[str | None, str]) -> PlanStep:
    """A choice; a case without condition is the else."""
    return PlanStep(
        id=id_, kind="choose", name=id_, choose=tuple(PlanCase(when, to) for when, to in cases)
    )


def end(id_: str, name: str = "") -> PlanStep:
    """An end."""
    return PlanStep(id=id_, kind="end", name=name or id_, outcome=id_)


def plan_of(steps: Sequence[PlanStep], roles: Mapping[str, str], **more: Any) -> Plan:
    """A plan of these steps; `roles` are id -> name in order."""
    return Plan(
        flow="thu",
        name="Quy trình thử",
        digest=DIGEST,
        roles={key: PlanRole(key, name, ({"creator": True},)) for key, name in roles.items()},
        steps=tuple(steps),
        forms={},
        **{"starts": (PlanStart(by=next(iter(roles))),), **more},
    )


def submission_slip() -> Plan:
    """The demo agencies' submission slip, with one more way out of the choice."""
    steps = (
        human(
            "draft",
            "drafter",
            action("Trình duyệt", "review"),
            name="Lập phiếu trình",
            due=PlanDue("2d"),
        ),
        human(
            "review",
            "head",
            action("Đồng ý", "route"),
            action("Trả lại", back_to="draft", comment="required"),
            name="Kiểm tra nội dung",
            due=PlanDue("1d", {"urgent": "4h", "flash": "1h"}),
            cite=("binh-thuan-866-2016:6.2.a",),
        ),
        choice("route", ("case.estimated_cost >= 500000000.0", "decide"), (None, "close")),
        human(
            "decide",
            "leader",
            action("Phê duyệt", "stamp"),
            action("Không đồng ý", "refused"),
            action("Yêu cầu làm rõ", back_to="draft"),
            name="Quyết định",
            due=PlanDue("1d"),
        ),
        service("stamp", {"done": PlanRoute(to="close")}, name="Ghi nhận ý kiến"),
        human(
            "close",
            "clerk",
            action("Hoàn thành", "done"),
            name="Vào sổ, lưu hồ sơ",
            due=PlanDue("4h"),
        ),
        end("done", "Đã giải quyết"),
        end("refused", "Không được duyệt"),
    )
    roles = {"drafter": "Chuyên viên", "head": "Trưởng phòng", "leader": "Lãnh đạo"}
    return plan_of(steps, {**roles, "clerk": "Văn thư"}, basis=("binh-thuan-866-2016",))
