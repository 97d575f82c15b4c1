"""A BPMN document: nodes and flows of a process and its sub-processes, written as XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from quytrinh.compiler.layout import Point, Rect
from quytrinh.compiler.svg import number

_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
_BOUNDS = "http://www.omg.org/spec/DD/20100524/DC"
_LINES = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmn": _MODEL, "bpmndi": _DIAGRAM, "dc": _BOUNDS, "di": _LINES}
for _prefix, _uri in _PREFIXES.items():
    ET.register_namespace(_prefix, _uri)
_HORIZONTAL = {"isHorizontal": "true"}


def element(tag: str, text: str = "", **attributes: str) -> ET.Element:
    """An element of the BPMN model; empty attributes are left out."""
    written = {key.rstrip("_"): value for key, value in attributes.items() if value}
    found = ET.Element(f"{{{_MODEL}}}{tag}", written)
    found.text = text or None
    return found


def with_text(tag: str, child: str, text: str) -> ET.Element:
    """An element with one expression inside."""
    found = element(tag)
    found.append(element(child, text))
    return found


@dataclass
class Node:
    """A flow node; `details` come after its flows, `inner` is the content of a sub-process."""

    tag: str
    id: str
    name: str
    rect: Rect
    documentation: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    details: list[ET.Element] = field(default_factory=list)
    inner: Scope | None = None


@dataclass
class Flow:
    """A sequence flow; an empty condition is none."""

    id: str
    source: str
    target: str
    points: Sequence[Point]
    name: str = ""
    condition: str = ""


@dataclass
class Scope:
    """What a process or a sub-process holds; `lanes` = who does which node (role -> nodes)."""

    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    lanes: dict[str, list[str]] = field(default_factory=dict)

    def all_nodes(self) -> Iterator[Node]:
        for node in self.nodes:
            yield node
            if node.inner:
                yield from node.inner.all_nodes()

    def all_flows(self) -> Iterator[Flow]:
        yield from self.flows
        for node in self.nodes:
            if node.inner:
                yield from node.inner.all_flows()


@dataclass
class Document:
    """A process in its pool."""

    key: str
    name: str
    documentation: str
    top: Scope
    lane_names: dict[str, str]
    lane_rects: dict[str, Rect]
    pool: Rect
    # Messages and escalations, which BPMN declares outside the process.
    roots: list[ET.Element] = field(default_factory=list)

    def write(self) -> str:
        """The XML, as text."""
        root = element("definitions", id=f"definitions.{self.key}", targetNamespace=_NAMESPACE)
        root.extend(self.roots)
        collaboration = element("collaboration", id="collaboration.1")
        process = f"process.{self.key}"
        collaboration.append(
            element("participant", id="pool.1", name=self.name, processRef=process)
        )
        root.append(collaboration)
        body = element("process", id=process, name=self.name, isExecutable="false")
        if self.documentation:
            body.append(element("documentation", self.documentation))
        body.append(self._lane_set(self.top, "lanes.1"))
        self._fill(body, self.top)
        root.append(body)
        root.append(self._diagram())
        ET.indent(root)
        return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"

    def _lane_set(self, scope: Scope, key: str) -> ET.Element:
        """The lanes of a scope; only those of the process are drawn and carry the plain ids."""
        found = element("laneSet", id=key)
        for lane, nodes in scope.lanes.items():
            inner = "" if scope is self.top else f".{key}"
            line = element("lane", id=f"lane.{lane}{inner}", name=self.lane_names[lane])
            line.extend(element("flowNodeRef", node) for node in nodes)
            found.append(line)
        return found

    def _fill(self, parent: ET.Element, scope: Scope) -> None:
        incoming: dict[str, list[str]] = {}
        outgoing: dict[str, list[str]] = {}
        for flow in scope.flows:
            outgoing.setdefault(flow.source, []).append(flow.id)
            incoming.setdefault(flow.target, []).append(flow.id)
        for node in scope.nodes:
            found = element(node.tag, id=node.id, name=node.name, **node.attributes)
            if node.documentation:
                found.append(element("documentation", node.documentation))
            found.extend(element("incoming", each) for each in incoming.get(node.id, ()))
            found.extend(element("outgoing", each) for each in outgoing.get(node.id, ()))
            found.extend(node.details)
            if node.inner:
                found.append(self._lane_set(node.inner, f"lanes.{node.id}"))
                self._fill(found, node.inner)
            parent.append(found)
        for flow in scope.flows:
            found = element(
                "sequenceFlow",
                id=flow.id,
                name=flow.name,
                sourceRef=flow.source,
                targetRef=flow.target,
            )
            if flow.condition:
                found.append(element("conditionExpression", flow.condition))
            parent.append(found)

    def _diagram(self) -> ET.Element:
        found = ET.Element(f"{{{_DIAGRAM}}}BPMNDiagram", {"id": "diagram.1"})
        plane = ET.SubElement(
            found,
            f"{{{_DIAGRAM}}}BPMNPlane",
            {"id": "plane.1", "bpmnElement": "collaboration.1"},
        )
        plane.append(_shape("pool.1", self.pool, _HORIZONTAL))
        for lane, rect in self.lane_rects.items():
            plane.append(_shape(f"lane.{lane}", rect, _HORIZONTAL))
        for node in self.top.all_nodes():
            expanded = {"isExpanded": "true"} if node.inner else {}
            plane.append(_shape(node.id, node.rect, expanded))
        plane.extend(_edge(flow) for flow in self.top.all_flows())
        return found


_NAMESPACE = "https://quytrinh.vn/bpmn"


def _shape(key: str, rect: Rect, attributes: dict[str, str]) -> ET.Element:
    found = ET.Element(
        f"{{{_DIAGRAM}}}BPMNShape", {"id": f"{key}.shape", "bpmnElement": key, **attributes}
    )
    bounds = {
        "x": number(rect.x),
        "y": number(rect.y),
        "width": number(rect.width),
        "height": number(rect.height),
    }
    ET.SubElement(found, f"{{{_BOUNDS}}}Bounds", bounds)
    return found


def _edge(flow: Flow) -> ET.Element:
    key = {"id": f"{flow.id}.edge", "bpmnElement": flow.id}
    found = ET.Element(f"{{{_DIAGRAM}}}BPMNEdge", key)
    for x, y in flow.points:
        ET.SubElement(found, f"{{{_LINES}}}waypoint", {"x": number(x), "y": number(y)})
    return found
