"""Small flows of any shape that an agency of the tests can run; one seed, one text."""

from __future__ import annotations

from itertools import count
from typing import Any

import yaml

from quytrinh.compiler.check import check_flow
from quytrinh.compiler.not_run_yet import not_run_yet
from quytrinh.runtime.plugins import registry
from tests.support.random_flows import shape_flow

UNITS = ["phong-nghiep-vu", "van-phong"]
DOER = {"name": "Người làm", "who": {"creator": True}}


def living_flow(seed: int) -> str:
    """Return the first flow from this seed on with a block and nothing the checker is against."""
    for each in count(seed * 1000):
        text = _for_an_agency(shape_flow(each))
        result = check_flow(text, file="x.yaml", forms={}, registry=registry())
        if "join:" in text and result.ok and not not_run_yet(result.flow):
            return text
    raise AssertionError("unreachable")


def _for_an_agency(text: str) -> str:
    flow = yaml.safe_load(text)
    flow["roles"] = {"doer": DOER}
    for step in flow["steps"]:
        _adapt(step)
    return yaml.safe_dump(flow, allow_unicode=True, sort_keys=False, width=1000)


def _adapt(step: dict[str, Any]) -> None:
    """Let a plugin that is there do what a plugin of the compiler's tests does."""
    if step.get("run"):
        step["run"], step["with"] = "inbox.inform", {"roles": ["doer"]}
        step.pop("outcomes", None)
    if "units" in step.get("each", ()):
        step["each"] = {"units": UNITS}
    inner = list(step.get("steps", ()))
    for branch in step.get("parallel", {}).values():
        inner += branch["steps"]
    for each in inner:
        _adapt(each)
