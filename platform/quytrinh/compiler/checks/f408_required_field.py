"""F408: an action requires fields that its own form or its step's form asks for."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error


def check(context: Context) -> Iterator[Diagnostic]:
    for step in context.flow.human_steps():
        for action in step.actions:
            references = (step.form, action.form)
            if any(word and word.text not in context.forms for word in references):
                continue  # F104 says it
            known = [field.id.text for field in context.fields_of(*references)]
            for word in action.requires:
                if word.text not in known:
                    message = f"Biểu mẫu của bước không có `{word.text}`"
                    hint = did_you_mean(word.text, known) or "bước này không có biểu mẫu"
                    yield error("F408", word.span, message, hint)
