"""F113: a case begins by a message of a known kind."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.schema import EVENTS, EVENTS_LATER


def check(context: Context) -> Iterator[Diagnostic]:
    for start in context.flow.starts:
        event = start.event
        if event is None or event.text in EVENTS:
            continue
        if event.text in EVENTS_LATER:
            message = f"Phiên bản này chưa chạy được sự kiện `{event.text}`"
            hint = "bỏ cách khởi tạo này, hoặc chờ phiên bản sau của phần mềm"
            yield error("F012", event.span, message, hint)
        else:
            hint = did_you_mean(event.text, (*EVENTS, *EVENTS_LATER))
            yield error("F113", event.span, f"Không có sự kiện `{event.text}`", hint)
