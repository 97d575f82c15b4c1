"""What a caller needs to know of another procedure: its inputs, its ends, what it calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quytrinh.compiler.scope import slots_of_flow
from quytrinh.language.ast import CallStep, EndStep, Flow
from quytrinh.language.fields import BUILT_IN, READ_ONLY, type_of
from quytrinh.language.form import FormDefinition
from quytrinh.language.schema import CALL_EVENT


@dataclass(frozen=True)
class Signature:
    """A procedure as others call it; `required` names the inputs it cannot begin without."""

    flow: str
    callable: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    slots: Mapping[str, str] = field(default_factory=dict)
    required_slots: tuple[str, ...] = ()
    outcomes: tuple[tuple[str, str], ...] = ()
    calls: tuple[str, ...] = ()


Signatures = Mapping[str, Signature]


def signature_of(flow: Flow, forms: Mapping[str, FormDefinition]) -> Signature:
    """The signature of a flow, which need not be right in every other way."""
    start = next(
        (each for each in flow.starts if each.event and each.event.text == CALL_EVENT), None
    )
    form = forms.get(start.form.text) if start and start.form else None
    asked = form.fields if form else ()
    required = form.required if form else ()
    own = {each.id.text: type_of(each.schema) for each in asked if each.slot is None}
    taken = {name: kind for name, kind in BUILT_IN.items() if name not in READ_ONLY}
    steps = tuple(flow.all_steps())
    return Signature(
        flow=flow.id.text,
        callable=start is not None,
        fields=taken | own,
        required=tuple(name for name in required if name in own),
        slots=slots_of_flow(flow),
        required_slots=tuple(
            each.slot for each in asked if each.slot is not None and each.id.text in required
        ),
        outcomes=tuple(
            (step.outcome.text, step.name.text if step.name else step.outcome.text)
            for step in steps
            if isinstance(step, EndStep)
        ),
        calls=tuple(dict.fromkeys(step.flow.text for step in steps if isinstance(step, CallStep))),
    )
