"""What every step plugin must do, as checks anyone can run: each returns what is wrong.

A package of yours calls them in its own tests:

    assert step_problems(SendLetter()) == []
    assert trial_problems(SendLetter(), StepRequest(...)) == []
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from quytrinh.spi.registry import Registry, WrongPlugin
from quytrinh.spi.steps import Availability, StepFailed, StepPlugin, StepRequest, StepResult

_QUICK = 0.5  # seconds
_REFERS = {"role", "slot", "step"}


def step_problems(plugin: StepPlugin) -> list[str]:
    """Return what is wrong with a step plugin, without running it."""
    try:
        Registry([plugin])
    except WrongPlugin as error:
        return [str(error)]
    problems = [*documented(plugin), *schema_problems(plugin.schema, "schema")]
    problems += availability_problems(plugin.availability)
    if not isinstance(plugin.inline, bool):
        problems.append("inline is True or False")
    problems += [f"outcome {each.id} has no title" for each in plugin.outcomes if not each.title]
    return problems


def trial_problems(plugin: StepPlugin, request: StepRequest) -> list[str]:
    """Run a step twice with one request id, as after a crash, and return what is wrong."""
    errors = Draft202012Validator(plugin.schema).iter_errors(dict(request.parameters))
    problems = [f"the trial's parameters: {error.message}" for error in errors]
    answers: list[StepResult | str] = []
    for _ in range(2):
        try:
            answers.append(plugin.run(request))
        except StepFailed as failure:
            answers.append(failure.message)
        except Exception as error:  # noqa: BLE001 - whatever else it raises is the finding
            problems.append(f"run raised {type(error).__name__}, not StepFailed")
    declared = {outcome.id for outcome in plugin.outcomes}
    for answer in answers:
        if not isinstance(answer, StepResult | str):
            problems.append(f"run answered with {type(answer).__name__}, not StepResult")
        elif isinstance(answer, StepResult) and answer.outcome not in declared:
            problems.append(f"outcome {answer.outcome!r} is not declared")
    if len(answers) == 2 and answers[0] != answers[1]:
        problems.append("the same request id gave two different results")
    return problems


def documented(plugin: Any) -> Iterator[str]:
    """Whoever chooses a plugin must be able to read what it does."""
    if not (plugin.__class__.__doc__ or "").strip():
        yield "the class has no docstring"
    if not isinstance(plugin.title, str) or not plugin.title.strip():
        yield "the title is empty"


def schema_problems(schema: Mapping[str, Any], label: str) -> Iterator[str]:
    """A schema is closed, of an object, and refers to nothing outside itself."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        yield f"{label} is no JSON Schema 2020-12: {error.message}"
        return
    if schema.get("type") != "object" or schema.get("additionalProperties") is not False:
        yield f"{label} is of an object with additionalProperties false"
    for part in _parts(schema):
        reference = part.get("$ref", "#")
        if not isinstance(reference, str) or not reference.startswith("#"):
            yield f"{label} refers to something outside itself: {reference}"
        if part.get("x-refers", "role") not in _REFERS:
            yield f"{label}: x-refers is role, slot or step"


def _parts(schema: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(schema, Mapping):
        yield schema
        for value in schema.values():
            yield from _parts(value)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from _parts(value)


def availability_problems(ask: Callable[[], Availability]) -> Iterator[str]:
    """An availability answers at once and says why not."""
    started = time.monotonic()
    try:
        answer = ask()
    except Exception as error:  # noqa: BLE001 - it must not raise anything
        yield f"availability raised {type(error).__name__}"
        return
    if time.monotonic() - started > _QUICK:
        yield "availability is not quick"
    if not isinstance(answer, Availability):
        yield "availability answers with an Availability"
    elif not answer.usable and not answer.reason.strip():
        yield "availability says no without a reason"
