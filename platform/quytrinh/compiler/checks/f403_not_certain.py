"""F403: what an expression reads has certainly been filled when it is evaluated."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context, Place
from quytrinh.language.diagnostics import Diagnostic, Span, error
from quytrinh.language.expression_reads import fact_of, unsure_reads
from quytrinh.language.tokens import name_chain, tokenize


def check(context: Context) -> Iterator[Diagnostic]:
    if not context.all_targets_known or not context.all_forms_known:
        return
    told: set[Span] = set()
    for place in context.places:
        # Who may begin is asked before there is a case.
        if place.checked.problems or (place.site.role and not place.site.step):
            continue
        for name in _unsure(context, place):
            span = _span_of(place, name)
            # A role used at several steps is told about once.
            if span not in told:
                told.add(span)
                message, hint = _explain(place, name)
                yield error("F403", span, message, hint)


def _unsure(context: Context, place: Place) -> list[str]:
    site, filled = place.site, context.filled
    state = filled.at(site.step, site.moment, site.detail)
    return unsure_reads(
        site.expression.text, lambda fact: filled.can_read(state, place.names, fact)
    )


def _span_of(place: Place, name: str) -> Span:
    tokens = tokenize(place.site.expression.text)
    for index, token in enumerate(tokens):
        called_on = index and tokens[index - 1].text in (".", "(")
        asked = index > 1 and tokens[index - 2].text == "has" and tokens[index - 1].text == "("
        if not asked and not (called_on and tokens[index - 1].text == "."):
            found, _ = name_chain(tokens, index)
            if found == name or found.startswith(f"{name}."):
                return place.span_at(token.offset, len(name))
    return place.site.expression.span


def _explain(place: Place, name: str) -> tuple[str, str]:
    site = place.site
    where = f"bước `{site.step.id.text}`" if site.step else "lúc khởi tạo"
    if name.startswith("steps."):
        message = f"`{name}` có thể chưa có khi tới {where}: bước đó có thể chưa làm"
        return message, f"thêm `has({name}) && …`, hoặc đặt sau bước đó"
    fact = fact_of(name)
    kind = "chưa có" if name.startswith("docs.") else "chưa được nhập"
    message = f"`{fact}` có thể {kind} khi tới {where}"
    if site.need == "condition":
        return message, f"thêm `has({fact}) && …`, hoặc bắt buộc nhập ở bước trước"
    return message, f"bắt buộc nhập ở bước trước, hoặc thêm `when: has({fact})` ở {where}"
