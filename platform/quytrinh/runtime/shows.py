"""The forms in which a procedure is shown outside a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from quytrinh.compiler.bpmn import bpmn_xml
from quytrinh.compiler.differences import KIND_NAMES, differences
from quytrinh.compiler.drawing import draw
from quytrinh.compiler.remarks import facts
from quytrinh.compiler.wording import StepRow, describe
from quytrinh.runtime.named_flows import NamedFlow
from quytrinh.runtime.plugins import registry


def svg(flow: NamedFlow) -> str:
    """Return the drawing."""
    return draw(flow.plan, phrases=flow.phrases)


def bpmn(flow: NamedFlow) -> str:
    """Return the BPMN 2.0 XML, for the tools of others."""
    return bpmn_xml(flow.phrases)


def canonical_json(flow: NamedFlow) -> str:
    """Return the normal form, to be read."""
    return json.dumps(flow.canonical, ensure_ascii=False, indent=2)


def table(flow: NamedFlow) -> str:
    """Return the table of steps as text: a line for each thing that is said of a step."""
    lines = [flow.plan.name]
    lines += [f"{fact.label}: {fact.text}" for fact in facts(flow.plan, flow.phrases)]
    for row in describe(flow.phrases):
        lines += _lines(row)
    return "\n".join(lines)


def differences_by_class(old: NamedFlow, new: NamedFlow) -> list[tuple[str, list[str]]]:
    """Return what changed: sentences under the name of their class, in the order of KIND_NAMES."""
    found = differences(
        old.canonical,
        new.canonical,
        forms_before=old.forms,
        forms_after=new.forms,
        registry=registry(),
    )
    grouped = {kind: [each.sentence for each in found if each.kind == kind] for kind in KIND_NAMES}
    return [(KIND_NAMES[kind], sentences) for kind, sentences in grouped.items() if sentences]


def _lines(row: StepRow) -> Iterator[str]:
    indent = "    " * row.depth
    if row.branch:
        yield f"{indent}[{row.branch}]"
    number = f"{row.number}. " if row.number else ""
    yield f"{indent}{number}{row.name}"
    said = (
        ("Người thực hiện", row.who),
        ("Chỉ khi", row.condition),
        ("Thời hạn", row.due),
        ("Căn cứ", "; ".join(row.citations)),
        *(("Lưu ý", remark) for remark in row.remarks),
    )
    for label, text in said:
        if text:
            yield f"{indent}    {label}: {text}"
    for result in row.results:
        condition = f" (chỉ khi {result.condition})" if result.condition else ""
        arrow = "↩" if result.returns else "→"
        yield f"{indent}    {result.label}{condition} {arrow} {result.target}".rstrip()


FORMATS: Mapping[str, Callable[[NamedFlow], str]] = {
    "table": table,
    "svg": svg,
    "bpmn": bpmn,
    "json": canonical_json,
}
