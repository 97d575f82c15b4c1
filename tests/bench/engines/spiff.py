"""SpiffWorkflow: the state of a case as JSON in one row; no tasks, inbox or record beside it."""

from __future__ import annotations

import io
from itertools import pairwise
from uuid import UUID

import psycopg
from django.conf import settings
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.task import TaskState

from quytrinh.tenancy.ids import uuid7
from tests.bench.engines.engine import SHAPES, STEPS, Shape
from tests.support.postgresql import addresses, as_owner

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="do">
<process id="{shape}" isExecutable="true">{nodes}{flows}</process>
</definitions>"""
STEP = "<manualTask id='{}'/>"
GATEWAY = "<parallelGateway id='{}'/>"
BLOCK = "s{0}>both{0} both{0}>one{0} both{0}>two{0} one{0}>join{0} two{0}>join{0}"
TABLE = "CREATE TABLE bench_spiff (id uuid PRIMARY KEY, state text NOT NULL)"


class Spiff:
    """Workflows of two processes, each in its row."""

    name = "spiff"

    def __init__(self) -> None:
        with as_owner() as owner:
            owner.execute(TABLE)
            owner.execute("GRANT ALL ON bench_spiff TO quytrinh_app")
        database = str(settings.DATABASES["default"]["NAME"])
        self.connection = psycopg.connect(addresses(database).serving, autocommit=True)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.specs = {shape: _spec(shape) for shape in SHAPES}

    @property
    def backend(self) -> int:
        """Return the process id of the own connection's backend."""
        return self.connection.info.backend_pid

    def begin(self, shape: Shape) -> UUID:
        """Run to the first step and save."""
        workflow, case = BpmnWorkflow(self.specs[shape]), uuid7()
        workflow.do_engine_steps()
        insert = "INSERT INTO bench_spiff VALUES (%s, %s)"
        self.connection.execute(insert, [case, self.serializer.serialize_json(workflow)])
        return case

    def next_task(self, case: UUID) -> UUID:
        """Return the case; the step finds its task in the state."""
        return case

    def do(self, case: UUID) -> None:
        """Load under a lock, do the first task that waits, save."""
        cursor = self.connection.cursor()
        cursor.execute("BEGIN", prepare=True)
        read = "SELECT state FROM bench_spiff WHERE id = %s FOR UPDATE"
        [state] = cursor.execute(read, [case], prepare=True).fetchone()
        workflow = self.serializer.deserialize_json(state)
        workflow.get_next_task(state=TaskState.READY, manual=True).run()
        workflow.do_engine_steps()
        write = "UPDATE bench_spiff SET state = %s WHERE id = %s"
        cursor.execute(write, [self.serializer.serialize_json(workflow), case], prepare=True)
        cursor.execute("COMMIT", prepare=True)

    def is_over(self, case: UUID) -> bool:
        """Tell whether the workflow is finished."""
        read = "SELECT state FROM bench_spiff WHERE id = %s"
        [state] = self.connection.execute(read, [case]).fetchone()
        return self.serializer.deserialize_json(state).is_completed()


def _drawn(shape: Shape) -> tuple[list[str], list[str]]:
    """Return the nodes between start and end, and the edges."""
    if shape == "linear":
        steps = [f"s{number}" for number in range(STEPS[shape])]
        edges = [f"{one}>{other}" for one, other in pairwise(steps)]
        return [STEP.format(step) for step in steps], ["start>s0", *edges, f"{steps[-1]}>finish"]
    blocks = range(STEPS[shape] // 3)
    steps = [f"{kind}{number}" for number in blocks for kind in ("s", "one", "two")]
    gateways = [f"{kind}{number}" for number in blocks for kind in ("both", "join")]
    nodes = [*map(STEP.format, steps), *map(GATEWAY.format, gateways)]
    inner = [edge for number in blocks for edge in BLOCK.format(number).split()]
    between = [f"join{number}>s{number + 1}" for number in blocks[:-1]]
    return nodes, ["start>s0", *inner, *between, f"join{blocks[-1]}>finish"]


def _spec(shape: Shape):
    nodes, edges = _drawn(shape)
    flows = "".join(
        "<sequenceFlow id='f{}' sourceRef='{}' targetRef='{}'/>".format(place, *edge.split(">"))
        for place, edge in enumerate(edges)
    )
    whole = "<startEvent id='start'/>" + "".join(nodes) + "<endEvent id='finish'/>"
    parser = BpmnParser()
    text = BPMN.format(shape=shape, nodes=whole, flows=flows)
    parser.add_bpmn_io(io.BytesIO(text.encode()))
    return parser.get_spec(shape)
