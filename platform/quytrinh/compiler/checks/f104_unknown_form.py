"""F104: every form that is named exists."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for word in context.flow.form_references():
        if word.text not in context.forms:
            hint = did_you_mean(word.text, context.forms)
            yield error("F104", word.span, f"Không có biểu mẫu `{word.text}`", hint)
