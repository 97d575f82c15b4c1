"""F405: two forms that name one field edit one value, so they must agree on its type."""

from __future__ import annotations

from collections.abc import Iterator, Set

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.fields import BUILT_IN, MEMBER_KINDS, READ_ONLY, type_label, type_of
from quytrinh.language.form import FormField
from quytrinh.language.source import Word

OF_MEMBER = frozenset({*MEMBER_KINDS, "lead", "outer"})


def check(context: Context) -> Iterator[Diagnostic]:
    built_in = {name: (type_label(kind), "hồ sơ (có sẵn)") for name, kind in BUILT_IN.items()}
    yield from _forms(context, None, READ_ONLY, built_in)
    for each in context.scope.items:
        # What members fill belongs to their branches: another record than the case.
        yield from _forms(context, each, OF_MEMBER, {})


def _forms(
    context: Context, each: str | None, fixed: Set[str], seen: dict[str, tuple[str, str]]
) -> Iterator[Diagnostic]:
    told: set[str] = set()
    for word in context.scope.forms_in(each):
        if word.text in context.forms and word.text not in told:
            told.add(word.text)
            for field in context.forms[word.text].fields:
                if field.id.text in fixed:
                    yield _fixed(word, field)
                else:
                    yield from _field(word, field, seen)


def _fixed(word: Word, field: FormField) -> Diagnostic:
    message = (
        f"Trường `{field.id.text}` của biểu mẫu `{word.text}` là trường có sẵn, không sửa được"
    )
    return error("F405", word.span, message, "đặt tên khác cho trường")


def _field(word: Word, field: FormField, seen: dict[str, tuple[str, str]]) -> Iterator[Diagnostic]:
    name = field.id.text
    kind = f"tệp {field.slot}" if field.slot else type_label(type_of(field.schema))
    known, where = seen.setdefault(name, (kind, f"biểu mẫu `{word.text}`"))
    if known != kind:
        message = f"`{name}` khai hai kiểu: {known} ở {where}, {kind} ở biểu mẫu `{word.text}`"
        yield error("F405", word.span, message, "dùng một kiểu, hoặc đặt tên trường khác")
