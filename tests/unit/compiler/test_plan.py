"""From the normal form to the plan: every default and every `next` resolved."""

from __future__ import annotations

import json

import pytest

from quytrinh.compiler.canonical import canonical_bytes, canonical_flow, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.plan import Plan, PlanCase, PlanDue, PlanRoute
from quytrinh.compiler.planning import build_plan
from tests.support.language import GOLDEN, fake_registry, golden_forms

FORMS = golden_forms()
REGISTRY = fake_registry()


def plan_of(name: str) -> Plan:
    data = (GOLDEN / "ok" / f"{name}.yaml").read_bytes()
    result = check_flow(data, file=name, forms=FORMS, registry=REGISTRY)
    assert result.flow is not None
    canonical = canonical_flow(result.flow, FORMS, REGISTRY)
    # As the database gives it back: keys sorted, plain JSON.
    stored = json.loads(canonical_bytes(canonical))
    return build_plan(stored, digest(stored))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of("phieu-trinh")


def test_head_of_the_plan(plan: Plan) -> None:
    assert (plan.flow, plan.document) == ("phieu-trinh", "internal")
    assert plan.basis == ("noi-quy",)
    assert plan.cite == ("noi-quy:2",)
    assert (plan.start_role, plan.start_form) == ("drafter", None)
    assert plan.due == PlanDue("10d", {}, "natural")
    assert set(plan.forms) == {"phieu-trinh", "y-kien"}
    assert all(len(each) == 64 for each in plan.forms.values())


def test_steps_keep_their_order_and_know_the_next(plan: Plan) -> None:
    ids = [step.id for step in plan.steps]
    assert ids == (
        "draft review assist route decide verify note inform close done refused".split()  # noqa: SIM905
    )
    assert [step.next for step in plan.steps[:3]] == ["review", "assist", "route"]
    assert plan.step("refused").next is None
    with pytest.raises(KeyError):
        plan.step("gone")


def test_actions_are_resolved(plan: Plan) -> None:
    approve, fix, back, skip = plan.step("review").actions
    assert approve.route == PlanRoute(to="assist")
    assert approve.comment == "none"
    assert fix.route == PlanRoute(return_to="draft", then="back_here")
    assert fix.comment == "required"
    assert back.route == PlanRoute(return_to="draft", at_most=3)
    assert back.comment == "optional"
    assert skip.route == PlanRoute(to="close")
    assert (skip.comment, skip.when) == ("optional", "case.kind != 'mua-sam'")
    (submit,) = plan.step("draft").actions
    assert submit.requires == ("kind", "file")
    assert submit.cite == ("noi-quy:2.1", "nghi-dinh-30-2020:11.2.đ")
    assert plan.step("decide").actions[1].incomplete


def test_the_default_action_is_there(plan: Plan) -> None:
    (done,) = plan.step("close").actions
    assert (done.id, done.label, done.route) == ("done", "Hoàn thành", PlanRoute(to="done"))


def test_choose_is_resolved_and_literals_are_widened(plan: Plan) -> None:
    assert plan.step("route").choose == (
        PlanCase("has(case.estimated_cost) && case.estimated_cost >= 500000000.0", "decide"),
        PlanCase("steps.review.action == 'approve' && case.kind in ['nhan-su', 'khac']", "decide"),
        PlanCase(None, "close"),
    )


def test_every_outcome_of_a_plugin_is_resolved(plan: Plan) -> None:
    assert plan.step("verify").outcomes == {
        "valid": PlanRoute(to="note"),
        "broken": PlanRoute(return_to="decide"),
        "unsigned": PlanRoute(to="close"),
        "failed": PlanRoute(to="close"),
    }
    note = plan.step("note")
    assert note.outcomes == {"done": PlanRoute(to="inform")}
    assert note.with_ == {
        "text": "Đã quyết định",
        "times": 2,
        "ratio": 0.5,
        "loud": True,
        "tags": ["a", "1"],
    }


def test_roles_carry_their_resolvers(plan: Plan) -> None:
    assert plan.roles["drafter"].who == ({"creator": True},)
    assert plan.roles["leader"].if_absent == (
        {"position": "pho-giam-doc"},
        {"role": "thu-truong", "in": "case.unit"},
    )
    assert [*plan.roles] == ["drafter", "head", "leader", "helper", "clerk", "staff"]


def test_ends_carry_their_outcome(plan: Plan) -> None:
    end = plan.step("refused")
    assert (end.kind, end.outcome, end.name) == ("end", "refused", "Không được duyệt")


def test_start_and_the_to_of_a_step() -> None:
    plan = plan_of("may-khoi-dau")
    assert (plan.start_role, plan.start_form) == ("clerk", "phieu-trinh")
    done, more = plan.step("sort").actions
    assert done.route == PlanRoute(to="keep")
    assert more.route == PlanRoute(to="ask")
    assert plan.step("ask").when == "!has(docs.reply)"
    assert plan.step("ask").name == "ask"


def test_a_plan_is_a_pure_function_of_the_canonical_bytes(plan: Plan) -> None:
    assert plan_of("phieu-trinh") == plan
