"""F801: a rule of a regulation that binds the flow is broken; told as the shortest story.

Asked only of a flow that declares a basis and is whole: a misspelt target or an unknown plugin
would hide its ways.
"""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.regulation.law import Law
from quytrinh.compiler.regulation.telling import cure_of
from quytrinh.language.diagnostics import Diagnostic, error, warning
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    if context.packs.vocabulary is None or not _is_whole(context):
        return
    law = Law(context)
    for offence in law.offences():
        rule = offence.binding.rule
        tell = error if offence.binding.severity == "error" else warning
        message = f"{offence.story}: {rule.message} ({offence.article}; {rule.id.text})"
        yield tell("F801", offence.span, message, cure_of(rule, law.vocabulary))
    if not law.worlds.whole:
        message = "Quy trình phân biệt quá 64 trường hợp: chỉ xét được 64 trường hợp đầu"
        yield warning("F801", context.flow.id.span, message, "bớt điều kiện, hoặc tách quy trình")


def _is_whole(context: Context) -> bool:
    roles: list[Word] = [step.by for step in context.flow.human_steps()]
    return (
        bool(context.flow.basis)
        and len(context.steps) == sum(1 for _ in context.flow.all_steps())
        and context.all_targets_known
        and not any(graph.run_out for graph in context.graph.blocks)
        and all(use.run.text in context.registry for use in context.flow.plugin_uses())
        and all(role.text in context.roles for role in roles)
        and all(word.text in context.steps for _, _, word in context.returns())
        and context.all_forms_known
    )
