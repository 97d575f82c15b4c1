"""F307: `not_by` keeps people apart, so it names steps that people do."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    human = [step.id.text for step in context.flow.human_steps()]
    for step in context.flow.human_steps():
        for word in step.not_by:
            named = context.steps.get(word.text)
            if named is not None and not isinstance(named, HumanStep):
                others = [name for name in human if name != step.id.text]
                message = f"`{word.text}` không phải bước của người"
                yield error("F307", word.span, message, did_you_mean(word.text, others))
