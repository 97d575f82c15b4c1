"""F011: the default of a parameter is of its type, so that the text runs where nothing is set."""

from __future__ import annotations

from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.setting_values import faults_of_values
from quytrinh.language.diagnostics import Diagnostic, error


def check(context: Context) -> Iterator[Diagnostic]:
    for setting in context.flow.settings:
        name = setting.id.text
        if setting.type.text == "choice" and not setting.choices:
            message = f"Tham số `{name}` kiểu `choice` mà thiếu `choices`"
            yield error("F011", setting.type.span, message, "liệt kê các giá trị trong `choices`")
            continue
        default = tuple(word.text for word in setting.default)
        # Which positions and units there are, only an agency knows.
        faults = faults_of_values([setting], {name: default}, positions=default, units=default)
        if fault := faults.get(name):
            place = setting.default[0].span
            yield error("F011", place, f"Giá trị mặc định của tham số `{name}`: {fault}")
