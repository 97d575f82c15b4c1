"""F701: `reports` names business statuses of the exchange of documents."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.schema import STATUSES


def check(context: Context) -> Iterator[Diagnostic]:
    for word in context.flow.statuses():
        if word.text not in STATUSES:
            hint = f"một trong {', '.join(STATUSES)}"
            yield error("F701", word.span, f"Không có trạng thái `{word.text}`", hint)
