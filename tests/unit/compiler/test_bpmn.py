"""The BPMN of a plan: whole, well-formed, drawn, and with ids that stay."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from quytrinh.compiler.bpmn import bpmn_xml
from quytrinh.compiler.links import exits
from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import Plan
from tests.support.campaign import figure
from tests.support.plans import submission_slip
from tests.support.random_plans import RandomPlans

_SPACES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bd": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
_NAME = re.compile(r"[A-Za-z_][\w.-]*")
_TAGS = {
    "human": {"userTask"},
    "service": {"serviceTask"},
    "choose": {"exclusiveGateway"},
    "parallel": {"subProcess"},
    "each": {"subProcess"},
    "call": {"callActivity"},
    "wait": {"intermediateCatchEvent", "eventBasedGateway"},
    "end": {"endEvent"},
}


class Parsed:
    """A BPMN document as another program reads it."""

    def __init__(self, plan: Plan) -> None:
        self.root = etree.fromstring(bpmn_xml(Phrases.of(plan)).encode())
        self.by_id = {each.get("id"): each for each in self.root.iter() if each.get("id")}

    def all(self, path: str) -> list[etree._Element]:
        return self.root.findall(f".//{path}", _SPACES)


def _tag(found: etree._Element) -> str:
    return etree.QName(found).localname


def _check_references(parsed: Parsed) -> None:
    ids = [each.get("id") for each in parsed.root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert all(_NAME.fullmatch(key) for key in ids)
    for flow in parsed.all("b:sequenceFlow"):
        for end in ("sourceRef", "targetRef"):
            # A sequence flow may not cross the border of its sub-process.
            assert parsed.by_id[flow.get(end)].getparent() is flow.getparent(), flow.get("id")
    for event in parsed.all("b:boundaryEvent"):
        assert parsed.by_id[event.get("attachedToRef")].getparent() is event.getparent()
    for name in ("messageRef", "escalationRef", "processRef", "bpmnElement"):
        for each in parsed.root.iter():
            assert each.get(name) is None or each.get(name) in parsed.by_id
    for reference in (*parsed.all("b:flowNodeRef"), *parsed.all("b:incoming")):
        assert reference.text in parsed.by_id


def _check_drawn(parsed: Parsed) -> None:
    drawn = {each.get("bpmnElement"): each for each in parsed.all("bd:BPMNShape")}
    lines = {each.get("bpmnElement"): each for each in parsed.all("bd:BPMNEdge")}
    for flow in parsed.all("b:sequenceFlow"):
        assert len(lines[flow.get("id")].findall("di:waypoint", _SPACES)) >= 2
    nodes = [each.get("id") for each in parsed.all("b:*") if each.get("id") in drawn]
    assert {flow.get("sourceRef") for flow in parsed.all("b:sequenceFlow")} <= set(nodes)
    assert {each.text for each in parsed.all("b:flowNodeRef")} <= set(nodes)


def _check_complete(plan: Plan, parsed: Parsed) -> None:
    phrases = Phrases.of(plan)
    for step in plan.all_steps():
        assert _tag(parsed.by_id[step.id]) in _TAGS[step.kind]
        for number, way in enumerate(exits(step, phrases)):
            if way.action is not None:
                key = f"{step.id}.to.{way.action.id}"
            elif way.outcome:
                key = f"{step.id}.outcome.{way.outcome}"
            else:
                key = (
                    f"{step.id}.case.{number}" if way.kind == "case" else f"{step.id}.{way.kind}.to"
                )
            assert _tag(parsed.by_id[key]) == "sequenceFlow", key
        if step.kind == "each":
            assert (
                parsed.by_id[step.id].find("b:multiInstanceLoopCharacteristics", _SPACES)
                is not None
            )
    assert len(parsed.all("b:process/b:startEvent")) == len(plan.starts)


@pytest.mark.parametrize("batch", range(4))
def test_any_plan_is_exported_whole(batch: int) -> None:
    plans = RandomPlans(batch)
    for _ in range(figure(400) // 4):
        plan = plans.plan()
        parsed = Parsed(plan)
        _check_references(parsed)
        _check_drawn(parsed)
        _check_complete(plan, parsed)


def test_lanes_hold_the_steps_of_their_role() -> None:
    parsed = Parsed(submission_slip())
    lanes = {
        lane.get("name"): [node.text for node in lane.findall("b:flowNodeRef", _SPACES)]
        for lane in parsed.all("b:process/b:laneSet/b:lane")
    }
    assert "stamp" in lanes["Hệ thống"]
    assert {"draft", "start.0"} <= set(lanes["Chuyên viên"])


def test_the_same_plan_gives_the_same_text() -> None:
    texts = {bpmn_xml(Phrases.of(submission_slip())) for _ in range(2)}
    assert len(texts) == 1
