"""The seam to Viewflow: what we override is still there, and means what it means.

An upgrade of Viewflow that changes any of this fails here, by name, before it fails in a case.
"""

from __future__ import annotations

import inspect
from importlib.metadata import version
from unittest.mock import Mock

import pytest
from django.db import transaction
from viewflow.workflow.activation import Activation
from viewflow.workflow.base import Flow, Node
from viewflow.workflow.models import AbstractProcess, AbstractTask, Task
from viewflow.workflow.nodes.end import EndActivation
from viewflow.workflow.nodes.if_gate import If, IfActivation
from viewflow.workflow.nodes.job import AbstractJobActivation
from viewflow.workflow.nodes.join import JoinActivation
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.nodes.switch import Switch, SwitchActivation
from viewflow.workflow.nodes.view import View, ViewActivation
from viewflow.workflow.status import STATUS
from viewflow.workflow.token import Token

from quytrinh.runtime import definitions
from quytrinh.runtime.engine import activations
from quytrinh.runtime.engine.registry import flow_class
from tests.integration.runtime.conftest import Office
from tests.integration.runtime.test_constructs import LOOP
from tests.support.stock_flow import StockLoop


def transitions(activation_class: type) -> dict[tuple[str, str], str | None]:
    """Return (transition, source status) -> target status."""
    found = {}
    for source in [*STATUS.values]:
        for transition in activation_class.status.get_outgoing_transitions(source):
            found[transition.func.__name__, source] = transition.target
    return found


def test_viewflow_is_the_version_the_seam_was_written_for() -> None:
    assert version("django-viewflow").startswith("2.4.")


@pytest.mark.parametrize(
    ("stock", "signature"),
    [
        (Activation.create, ["flow_task", "prev_activation", "token", "data", "seed"]),
        (ViewActivation.create, ["flow_task", "prev_activation", "token", "data", "seed"]),
        (AbstractJobActivation.create, ["flow_task", "prev_activation", "token", "data", "seed"]),
        (JoinActivation.create, ["flow_task", "prev_activation", "token", "data", "seed"]),
        (JoinActivation.is_done, ["self"]),
        (Node._create, ["self", "prev_activation", "token", "data", "seed"]),
        (Node._resolve, ["self", "instance"]),
        (Node._outgoing, ["self"]),
        (Flow._get_urls, ["self"]),
        (Flow.has_view_permission, ["self", "user", "obj"]),
        (Flow.has_manage_permission, ["self", "user", "obj"]),
        (Flow.node, ["self", "name", "no_obsolete"]),
        (View.__init__, ["self", "view", "undo_func", "kwargs"]),
        (If.__init__, ["self", "cond", "kwargs"]),
        (Switch.Case, ["self", "node", "cond"]),
    ],
)
def test_overridden_method_keeps_its_signature(stock, signature: list[str]) -> None:
    assert list(inspect.signature(stock).parameters) == signature


def test_fields_we_replace_in_the_abstract_models_still_exist() -> None:
    process = {field.name for field in AbstractProcess._meta.get_fields()}
    task = {field.name for field in AbstractTask._meta.get_fields()}
    assert process == {"flow_class", "status", "created", "finished"}
    assert task == {
        "flow_task", "flow_task_type", "status", "created", "assigned", "started", "finished",
        "scheduled", "previous", "token", "external_task_id", "owner", "owner_permission",
        "owner_permission_content_type", "owner_permission_obj_pk", "owner_permission_obj",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ours", "stock", "added", "lost"),
    [
        (activations.StartActivation, StartHandleActivation, {}, set()),
        (
            activations.HumanActivation,
            ViewActivation,
            {
                ("take", "NEW"): "STARTED",
                ("take", "ASSIGNED"): "STARTED",
                ("decide_by_silence", "NEW"): "DONE",
                ("decide_by_silence", "ASSIGNED"): "DONE",
            },
            set(),
        ),
        (activations.IfActivation, IfActivation, {}, set()),
        (activations.SwitchActivation, SwitchActivation, {}, set()),
        (activations.EndActivation, EndActivation, {}, set()),
        (
            activations.JobActivation,
            AbstractJobActivation,
            {
                ("activate", "NEW"): "SCHEDULED",
                ("give_up", "SCHEDULED"): "ERROR",
                ("give_up", "STARTED"): "ERROR",
                ("hand_back", "SCHEDULED"): "CANCELED",
                ("hand_back", "STARTED"): "CANCELED",
                ("hand_back", "ERROR"): "CANCELED",
                ("retry", "ERROR"): "SCHEDULED",
            },
            set(),
        ),
    ],
)
def test_transitions_are_the_stock_ones_and_those_we_name(ours, stock, added, lost) -> None:
    before, after = transitions(stock), transitions(ours)
    assert {key: after[key] for key in after if before.get(key, "absent") != after[key]} == added
    assert set(before) - set(after) == lost


def test_token_grows_and_shrinks_by_segments() -> None:
    first, second = (next(tokens) for tokens in [Token.split_token_source("start", 17)] * 2)
    assert (first.token, second.token) == ("start/17_1", "start/17_2")
    assert first.get_base_split_token() == "start"


@pytest.mark.django_db(transaction=True)
def test_compiled_flow_has_one_class_for_each_text_and_no_addresses(office: Office) -> None:
    digest = office.promulgate(LOOP).definition_id
    compiled = flow_class(digest)
    assert compiled is flow_class(digest)
    assert compiled.instance._get_urls() == []
    assert not compiled.instance.has_view_permission(Mock())
    assert not compiled.instance.has_manage_permission(Mock())
    assert {node.name for node in compiled.instance.nodes()} == {
        "node_start", "node_draft", "node_review", "node_decide", "node_check",
        "node_check__when", "node_finish",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_every_edge_of_the_plan_is_an_edge_of_the_graph(office: Office) -> None:
    digest = office.promulgate(LOOP).definition_id
    instance = flow_class(digest).instance
    edges = {
        (node.name, edge.dst.name, edge.label)
        for node in instance.nodes()
        for edge in node._outgoing()
    }
    for step in definitions.plan(digest).steps:
        for action in step.actions:
            target = action.route.return_to or action.route.to
            entry = f"{target}__when" if target == "check" else target
            assert (f"node_{step.id}", f"node_{entry}", action.id) in edges


STORIES = [
    ["submit", "approve", "approve"],
    ["simple"],
    ["submit", "return", "submit", "approve", "approve"],
    ["submit", "approve", "again", "submit", "approve", "approve"],
    ["submit", "return", "simple"],
]
DOERS = {"draft": "chuyen-vien", "review": "truong-phong", "decide": "giam-doc"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("story", STORIES, ids="-".join)
def test_same_story_gives_the_same_statuses_as_on_stock_models(office: Office, story) -> None:
    office.promulgate(LOOP)
    case = office.begin("thu-nghiem")
    for action in story:
        office.act(DOERS[office.place(case)], case, action)
    assert office.statuses(case) == stock_statuses(office, story)


def stock_statuses(office: Office, story: list[str]) -> list[tuple[str, str]]:
    """Live the story on Viewflow's own models; leave out the switches only it needs."""
    user = office.agency.user("chuyen-vien")
    with transaction.atomic():
        process = StockLoop.start.run()
        for action in story:
            task = Task.objects.get(process=process, status__in=["NEW", "ASSIGNED"])
            with task.activation() as activation:
                activation.process.data[task.flow_task.name] = action
                activation.process.save()
                activation.assign(user)
                activation.start(None)
                activation.execute()
        tasks = Task.objects.filter(process=process).order_by("pk")
        return [
            (task.flow_task.name, task.status)
            for task in tasks
            if not task.flow_task.name.endswith("_route")
        ]
