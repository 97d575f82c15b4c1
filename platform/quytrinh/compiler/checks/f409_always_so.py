"""F409: a condition that is the same for every case decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, warning
from quytrinh.language.expression_reads import constant


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known or not context.all_forms_known:
        return
    for place in context.places:
        site = place.site
        if site.need != "condition" or place.checked.problems:
            continue
        state = context.filled.at(site.step, site.moment, site.detail)
        # A `has()` of a step that nothing reaches (F201) says nothing.
        if state < 0:
            continue
        value = constant(site.expression.text, partial(context.filled.is_sure, state))
        if value is not None:
            message = f"Điều kiện luôn {'đúng' if value else 'sai'}"
            hint = "bỏ điều kiện" if value else "bỏ nhánh này, hoặc sửa điều kiện"
            yield warning("F409", site.expression.span, message, hint)
