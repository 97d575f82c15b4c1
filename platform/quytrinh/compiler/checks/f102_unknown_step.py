"""F102: every route, `not_by`, `performer_of` and a plugin's step names a step of this flow."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import HumanStep
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    for _, target in context.targets():
        if target.text not in ("next", "join"):
            yield from _unknown(context, target)
    for _, _, target in context.returns():
        yield from _unknown(context, target)
    for step in context.flow.human_steps():
        for word in step.not_by:
            yield from _unknown(context, word)
    for word in context.parameter_references("step"):
        yield from _unknown(context, word)
    for resolver in context.resolvers():
        if resolver.kind == "performer_of":
            yield from _performed(context, resolver.value)


def _unknown(context: Context, word: Word) -> Iterator[Diagnostic]:
    if word.text not in context.steps:
        hint = did_you_mean(word.text, context.steps)
        yield error("F102", word.span, f"Không có bước `{word.text}`", hint)


def _performed(context: Context, word: Word) -> Iterator[Diagnostic]:
    yield from _unknown(context, word)
    step = context.steps.get(word.text)
    if step is not None and not isinstance(step, HumanStep):
        human = [each.id.text for each in context.flow.human_steps()]
        message = f"Bước `{word.text}` không có người làm, không dùng được ở `performer_of`"
        yield error("F102", word.span, message, did_you_mean(word.text, human))
