"""F404: branches run at the same time, so two of them may not write one field."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.ast import Branch, HumanStep, ParallelStep, walk
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.all_steps():
        if not isinstance(step, ParallelStep):
            continue
        first: dict[str, str] = {}
        for branch in step.branches:
            written = _written(context, step, branch)
            for word, other, names in _both(written, first):
                listed = ", ".join(f"`{name}`" for name in names)
                branches = f"`{other}` và `{branch.id.text}`"
                message = f"Hai nhánh cùng ghi {listed}: {branches} (biểu mẫu `{word.text}`)"
                yield error("F404", word.span, message, "mỗi nhánh dùng trường riêng")
            first = {**dict.fromkeys(written, branch.id.text), **first}


def _both(written: dict[str, Word], first: dict[str, str]) -> Iterator[tuple[Word, str, list[str]]]:
    """The fields that an earlier branch writes too, by form and branch."""
    found: dict[tuple[str, str], tuple[Word, list[str]]] = {}
    for name, word in written.items():
        if name in first:
            found.setdefault((word.text, first[name]), (word, []))[1].append(name)
    for (_, other), (word, names) in found.items():
        yield word, other, names


def _written(context: Context, parallel: ParallelStep, branch: Branch) -> dict[str, Word]:
    """The fields and single slots that a branch fills, with the first form that does."""
    around = context.nesting.eaches(parallel.id.text)
    written: dict[str, Word] = {}
    for step in walk(branch.steps):
        # Members of an `each` inside write records of their own.
        if not isinstance(step, HumanStep) or context.nesting.eaches(step.id.text) != around:
            continue
        for word in (step.form, *(action.form for action in step.actions)):
            for field in context.fields_of(word):
                many = context.scope.slots.get(field.slot or "", "").startswith("list<")
                if not many:
                    written.setdefault(
                        field.id.text if not field.slot else field.slot, word or step.id
                    )
    return written
