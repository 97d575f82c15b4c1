"""The protocol of a step plugin: what a machine does in a flow, and how it says how that went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

# The schema of a parameter that names a step, or several of which only one is done in a case.
ONE_OF_THE_STEPS: Mapping[str, Any] = {
    "type": ["string", "array"],
    "x-refers": "step",
    "minItems": 1,
    "items": {"type": "string", "x-refers": "step"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result that a flow may route on; a *normal* one goes on by itself."""

    id: str
    title: str
    normal: bool = True


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether the plugin can work here and now; `reason` says why not, in Vietnamese."""

    usable: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StepRequest:
    """One piece of work.

    `request_id` names it for ever: the same id comes again after a crash or a retry.
    `parameters` are the step's `with:`, typed by the plugin's schema; `data` are the fields of
    the case; `documents` gives for each slot the ids of its documents. Where a person decides or
    confirms, `actor` is that person's id, `action` what they chose and `comment` what they said.
    `performers` tells who last completed each human step so far.
    """

    request_id: str
    case_id: str
    case_code: str
    step: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, Sequence[str]] = field(default_factory=dict)
    actor: str | None = None
    performers: Mapping[str, str] = field(default_factory=dict)
    action: str = ""
    comment: str = ""

    def performer_named(self, parameter: str) -> str | None:
        """Return who did the step that a parameter names; of several, the first that was done."""
        named = self.parameters.get(parameter, ())
        steps = [named] if isinstance(named, str) else named
        return next((self.performers[step] for step in steps if step in self.performers), None)


@dataclass(frozen=True, slots=True)
class StepResult:
    """The outcome reached, and values that expressions read as `steps.<id>.<output>`."""

    outcome: str
    outputs: Mapping[str, Any] = field(default_factory=dict)


class StepFailed(Exception):
    """The plugin could not do its work; `retryable` tells whether trying again may help."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.retryable = retryable


def needs_person(plugin: StepPlugin) -> bool | None:
    """Whether a person must confirm, must not, or (None) may."""
    declared: bool | None = getattr(plugin, "by_person", None)
    return declared


@runtime_checkable
class StepPlugin(Protocol):
    """One kind of machine step, named in a flow by `run:`.

    The key words are those of RFC 2119.

    * A plugin MUST be idempotent by `request_id`: asked again with the same id it MUST have its
      effect once only and SHOULD give the same result.
    * `run` MUST answer with one of the declared outcomes, or raise `StepFailed`. Any other
      exception is treated as a failure which MAY be retried.
    * `run` MUST NOT keep state between requests of different agencies.
    * A plugin with `inline` true runs in the transaction of the step: it MUST NOT do input or
      output outside the database.
    * `interface` MUST grow when the meaning of the parameters or the set of outcomes changes.
    * `availability` MUST be quick and MUST NOT raise.
    * A plugin MAY have `by_person`: true if it acts only when a person confirms (a signature),
      false if it never waits for one. Without it both are right.
    """

    # Dotted, lower case: `documents.number`.
    name: str
    title: str
    # JSON Schema 2020-12 of an object: the step's `with:`. A string with `x-refers: role` or
    # `x-refers: slot` names a role or a document slot of the flow; the checker resolves it; so it
    # does with `step`.
    schema: Mapping[str, Any]
    outcomes: Sequence[Outcome]
    inline: bool
    interface: int

    def availability(self) -> Availability: ...

    def run(self, request: StepRequest) -> StepResult: ...
