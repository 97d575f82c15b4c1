"""An agency's values of a flow's settings: are they of the declared types?"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from quytrinh.language.ast import Setting
from quytrinh.language.diagnostics import did_you_mean
from quytrinh.language.numbers import read_number, read_truth
from quytrinh.language.schema import WORDS_OF_TIME
from quytrinh.language.settings import Values

MAX_TEXT = 500
_WHEN = re.compile(r"[1-9][0-9]{0,3}[mhd]")
_PERIOD = re.compile(r"[1-9][0-9]{0,3}[mhdwy]")


def faults_of_values(
    settings: Iterable[Setting],
    values: Values,
    *,
    positions: Collection[str],
    units: Collection[str],
) -> dict[str, str]:
    """What is wrong with each value given, by setting; `positions`, `units`: the agency's keys."""
    declared = {setting.id.text: setting for setting in settings}
    found: dict[str, str] = {}
    for name, texts in values.items():
        if name not in declared:
            hint = did_you_mean(name, declared)
            found[name] = f"Quy trình không có tham số `{name}`" + (f"; {hint}" if hint else "")
        elif fault := _Reader(declared[name], positions, units).fault_of(texts):
            found[name] = fault
    return found


@dataclass(frozen=True)
class _Reader:
    setting: Setting
    positions: Collection[str]
    units: Collection[str]

    def fault_of(self, texts: Collection[str]) -> str:
        kind = self.setting.type.text
        if not texts:
            return "Chưa có giá trị"
        if kind != "units" and len(texts) > 1:
            return "Chỉ nhận một giá trị"
        return next(filter(None, (_FAULTS[kind](self, text) for text in texts)), "")

    def _when(self, text: str) -> str:
        if text in WORDS_OF_TIME or _WHEN.fullmatch(text):
            return ""
        return f"`{text}` không phải thời hạn; ví dụ `4h`, `2d`, `same_day`"

    def _period(self, text: str) -> str:
        return "" if _PERIOD.fullmatch(text) else f"`{text}` không phải khoảng thời gian, như `2d`"

    def _number(self, text: str) -> str:
        return _read(read_number, text, f"`{text}` không phải số")

    def _boolean(self, text: str) -> str:
        return _read(read_truth, text, f"`{text}` không phải `true` hay `false`")

    def _text(self, text: str) -> str:
        return "" if len(text) <= MAX_TEXT else f"Dài quá {MAX_TEXT} ký tự"

    def _choice(self, text: str) -> str:
        listed = [word.text for word in self.setting.choices]
        return _among(text, listed, "lựa chọn")

    def _position(self, text: str) -> str:
        return _among(text, self.positions, "chức vụ của cơ quan")

    def _unit(self, text: str) -> str:
        return _among(text, self.units, "đơn vị của cơ quan")


_FAULTS: dict[str, Callable[[_Reader, str], str]] = {
    "when": _Reader._when,
    "period": _Reader._period,
    "number": _Reader._number,
    "boolean": _Reader._boolean,
    "text": _Reader._text,
    "choice": _Reader._choice,
    "position": _Reader._position,
    "units": _Reader._unit,
}


def _read(reader: Callable[[str], object], text: str, fault: str) -> str:
    try:
        reader(text)
    except ValueError:
        return fault
    return ""


def _among(text: str, known: Collection[str], what: str) -> str:
    if text in known:
        return ""
    hint = did_you_mean(text, known)
    return f"`{text}` không thuộc các {what}" + (f"; {hint}" if hint else "")
