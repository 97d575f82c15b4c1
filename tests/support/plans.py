"""Plans made in Python, for tests that need no text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from quytrinh.compiler.plan import (
    JOIN,
    Plan,
    PlanAction,
    PlanBranch,
    PlanCall,
    PlanCase,
    PlanDue,
    PlanEscalation,
    PlanJoin,
    PlanMembers,
    PlanOnLate,
    PlanReminder,
    PlanRole,
    PlanRoute,
    PlanSchedule,
    PlanSetting,
    PlanStart,
    PlanStep,
    PlanVerb,
    PlanWait,
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


def handled_by_units() -> Plan:
    """A document handled by several units, its reply awaited and issued by another procedure."""
    work = human(
        "work",
        "unit",
        action("Nộp kết quả", JOIN),
        name="Xử lý",
        due=PlanDue(at="case.received_at", remind=(PlanReminder("1d"), PlanReminder("4h", "lead"))),
        not_by=("assign",),
        verbs=(PlanVerb("extend", by=("lead",), max="2d"), PlanVerb("consult", allowed=False)),
        stops_clock=True,
    )
    check = human("check", "lead", action("Đạt", JOIN), name="Kiểm tra", next=JOIN)
    pay = replace(check, id="pay")
    steps = (
        human("assign", "lead", action("Giao", "handle"), name="Phân công", next="handle"),
        PlanStep(
            id="handle",
            kind="each",
            name="Các đơn vị xử lý",
            branches=(PlanBranch("", "", (work,)),),
            members=PlanMembers("case.field"),
            lead="case.unit",
            join=PlanJoin("lead"),
            onward="both",
            next="both",
        ),
        PlanStep(
            id="both",
            kind="parallel",
            name="Hoàn thiện",
            branches=(
                PlanBranch("text", "Văn bản", (check,)),
                PlanBranch("money", "Kinh phí", (pay,), "case.urgency == 'flash'"),
            ),
            join=PlanJoin("all"),
            due=PlanDue("3d", escalate=(PlanEscalation("lead", "1d"),)),
            on_late=PlanOnLate(route=PlanRoute(to="hear")),
            onward="hear",
            next="hear",
        ),
        PlanStep(
            id="hear",
            kind="wait",
            name="Chờ phản hồi",
            wait=PlanWait(period="5d", events=("exchange.update",)),
            outcomes={"exchange.update": PlanRoute(to="issue"), "time": PlanRoute(to="done")},
            next="issue",
            onward="issue",
        ),
        PlanStep(
            id="issue",
            kind="call",
            name="Phát hành",
            call=PlanCall("van-ban-di", "lead"),
            outcomes={"cancelled": PlanRoute(return_to="assign", at_most=2)},
            next="done",
            onward="done",
        ),
        end("done", "Xong"),
    )
    roles = {"lead": "Lãnh đạo", "unit": "Đơn vị xử lý"}
    setting = PlanSetting("limit", "Hạn trình", "when", ("4h",))
    starts = (
        PlanStart(by="lead", form="x"),
        PlanStart(schedule=PlanSchedule("quarter", "first_working", at="08:00")),
    )
    return plan_of(steps, roles, settings=(setting,), starts=starts, due=PlanDue("30d"))
