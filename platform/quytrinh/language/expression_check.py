"""Adapter over CEL: check an expression against typed names, give it one spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from cel_expr_python import cel

from quytrinh.language.fields import MEMBER_KINDS, element_of, type_label
from quytrinh.language.patterns import compiles
from quytrinh.language.tokens import BadCharacter, Token, name_chain, print_tokens, tokenize

MAX_LENGTH = 1000
MAX_TOKENS = 400
MAX_COMPREHENSION_DEPTH = 2
COMPREHENSIONS = frozenset({"all", "exists", "exists_one", "map", "filter"})
_ERROR = re.compile(r"ERROR: <input>:1:(\d+): (.*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']+)'")
_OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '([^']*)'")
_NOTHING = re.compile(r"'<EOF>'")


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault at a place inside the expression; `name` is the unknown name."""

    kind: Literal["syntax", "size", "unknown", "type"]
    offset: int
    length: int
    message: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """`text` is the normalised expression, `type` its type; both empty if there are problems."""

    text: str
    type: str
    problems: tuple[Problem, ...]


_EXPLANATIONS = (
    ("cannot be the operand of a select", "giá trị này không có trường con"),
    ("has() argument must be", "`has(…)` cần tên một trường, ví dụ `has(case.subject)`"),
    ("undeclared reference", "không có tên này"),
)


class Checker:
    """Checks expressions over one set of typed names, such as `case.area: double`."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = dict(variables)

    def check(self, text: str) -> Checked:
        if found := size_problem(text):
            return Checked("", "", (found,))
        try:
            tokens = tokenize(text)
        except BadCharacter as bad:
            message = f"không hiểu ký tự `{bad.character}`"
            return Checked("", "", (Problem("syntax", bad.offset, 1, message),))
        if found := _bulk_problem(tokens) or _pattern_problem(tokens):
            return Checked("", "", (found,))
        return self._check_tokens(tokens)

    def _check_tokens(self, tokens: list[Token]) -> Checked:
        words, unknown = self._rewrite_has(tokens)
        environment = _environment(self._named(tokens))
        # Each pass widens one literal, so there are no more passes than literals.
        for _ in range(len(tokens) + 1):
            text, offsets = _spell(words)
            try:
                compiled = environment.compile(text)
            except RuntimeError as raised:
                errors = _errors(str(raised))
                if not (errors and _widen(words, offsets, errors)):
                    problems = _problems(errors, words, offsets, str(raised))
                    return Checked("", "", (*unknown, *problems))
            else:
                kind = type_name(compiled.return_type())
                normal = print_tokens(_restore_has(words, tokens))
                return Checked(normal, kind, ()) if not unknown else Checked("", "", unknown)
        raise AssertionError("widening did not end")

    def _named(self, tokens: list[Token]) -> tuple[tuple[str, str], ...]:
        """The variables that an expression names, with their types: only these are declared."""
        found = set()
        for index in range(len(tokens)):
            parts = name_chain(tokens, index)[0].split(".")
            prefixes = (".".join(parts[:size]) for size in range(1, len(parts) + 1))
            found |= {name for name in prefixes if name in self.variables}
        return tuple(sorted((name, self.variables[name]) for name in found))

    def _rewrite_has(self, tokens: list[Token]) -> tuple[list[Token], tuple[Problem, ...]]:
        """`has(case.area)` to one word, a variable; the words of it keep their places."""
        words: list[Token] = []
        unknown: list[Problem] = []
        index = 0
        while index < len(tokens):
            name, end = has_argument(tokens, index)
            if not name:
                words.append(tokens[index])
                index += 1
                continue
            if name in self.variables:
                words.append(Token("has", _has_name(name), tokens[index].offset))
            elif self._inside_open_record(name):
                words += tokens[index:end]
            else:
                first = tokens[index + 2]
                unknown.append(Problem("unknown", first.offset, len(name), "", name))
                words.append(Token("has", "true", tokens[index].offset))
            index = end
        return words, tuple(unknown)

    def _inside_open_record(self, name: str) -> bool:
        parts = name.split(".")
        return any(
            self.variables.get(".".join(parts[:size])) == "record" for size in range(1, len(parts))
        )


@lru_cache(maxsize=512)
def _environment(variables: tuple[tuple[str, str], ...]) -> Any:
    declared = {name: cel_type(kind) for name, kind in variables}
    # `has()` of a variable is mis-typed by the library, so it is a variable of its own.
    declared |= {_has_name(name): cel.Type.BOOL for name, _ in variables}
    return cel.NewEnv(variables=declared)


def size_problem(text: str) -> Problem | None:
    if len(text) <= MAX_LENGTH:
        return None
    return Problem("size", 0, 1, f"dài quá {MAX_LENGTH} ký tự")


def _bulk_problem(tokens: list[Token]) -> Problem | None:
    if len(tokens) > MAX_TOKENS:
        return Problem("size", tokens[MAX_TOKENS].offset, 1, f"quá {MAX_TOKENS} từ")
    depth = 0
    opened: list[bool] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.text == "(":
            macro = before is not None and before.text in COMPREHENSIONS
            opened.append(macro)
            depth += macro
            if depth > MAX_COMPREHENSION_DEPTH:
                message = f"lồng quá {MAX_COMPREHENSION_DEPTH} phép duyệt danh sách"
                return Problem("size", token.offset, 1, message)
        elif token.text == ")" and opened:
            depth -= opened.pop()
    return None


def _pattern_problem(tokens: list[Token]) -> Problem | None:
    """A pattern written out is compiled now, so that it cannot fail a case later."""
    for call, bracket, pattern in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if call.text == "matches" and bracket.text == "(" and pattern.kind == "string":
            plain = "\\" not in pattern.text and pattern.text[0] in "'\""
            if plain and not compiles(pattern.text[1:-1]):
                message = f"mẫu {pattern.text} không chạy được trong RE2"
                return Problem("syntax", pattern.offset, len(pattern.text), message)
    return None


def has_argument(tokens: list[Token], index: int) -> tuple[str, int]:
    """The argument of `has(…)` that begins at a token, and the index after its bracket."""
    head = [token.text for token in tokens[index : index + 2]]
    called_on = index and tokens[index - 1].text == "."
    if head != ["has", "("] or called_on:
        return "", index
    name, end = name_chain(tokens, index + 2)
    if end < len(tokens) and tokens[end].text == ")" and "." in name:
        return name, end + 1
    return "", index


def _has_name(name: str) -> str:
    return "has__" + name.replace(".", "__")


def _restore_has(words: list[Token], tokens: list[Token]) -> list[Token]:
    """The words as written, but with their widened literals."""
    changed = {word.offset: word for word in words if word.kind != "has"}
    return [changed.get(token.offset, token) for token in tokens]


def _spell(words: list[Token]) -> tuple[str, list[int]]:
    """The words with one space between, and where each begins."""
    offsets: list[int] = []
    text = ""
    for word in words:
        offsets.append(len(text))
        text += word.text + " "
    # A string may span lines; the library would then count columns afresh.
    return text.replace("\n", " ").rstrip(), offsets


def _errors(message: str) -> list[tuple[int, str]]:
    return [(int(column) - 1, text) for column, text in _ERROR.findall(message)]


def _word_at(offsets: list[int], column: int) -> int:
    return max((index for index, start in enumerate(offsets) if start <= column), default=0)


def _widen(words: list[Token], offsets: list[int], errors: list[tuple[int, str]]) -> bool:
    """Make a whole number beside a double a double; tells whether it could."""
    for column, text in errors:
        overload = _OVERLOAD.search(text)
        if overload is None:
            continue
        at = _word_at(offsets, column)
        sides = {"(double, int)": at + 1, "(int, double)": at - 1}
        side = sides.get(overload.group(2))
        if side is None:
            continue
        if side > at and side < len(words) and words[side].text == "-":
            side += 1
        if 0 <= side < len(words) and words[side].kind == "int" and words[side].text.isdigit():
            words[side] = replace(words[side], kind="double", text=f"{words[side].text}.0")
            return True
    return False


def _problems(
    errors: list[tuple[int, str]], words: list[Token], offsets: list[int], message: str
) -> list[Problem]:
    if not errors:
        return [Problem("syntax", 0, 1, message.split("\n")[0][:200])]
    # What follows from an error already told is not told.
    first = [each for each in errors if "*error*" not in each[1]]
    return [_problem(column, text, words, offsets) for column, text in first or errors]


def _problem(column: int, text: str, words: list[Token], offsets: list[int]) -> Problem:
    at = _word_at(offsets, column) if words else 0
    if undeclared := _UNDECLARED.search(text):
        name = undeclared.group(1)
        return _unknown(name, at, words)
    if not words:
        return Problem("syntax", 0, 1, "trống")
    word = words[at]
    if overload := _OVERLOAD.search(text):
        operator = overload.group(1).strip("_").replace("_", "")
        kinds = ", ".join(_library_type(each) for each in overload.group(2)[1:-1].split(", "))
        message = f"phép `{operator}` không dùng được với ({kinds})"
        return Problem("type", word.offset, len(word.text), message)
    if "Syntax error" in text:
        what = "thiếu phần sau" if _NOTHING.search(text) else f"không hiểu `{word.text}`"
        return Problem("syntax", word.offset, len(word.text), what)
    message = next((vi for part, vi in _EXPLANATIONS if part in text), text)
    return Problem("type", word.offset, len(word.text), message)


def _library_type(name: str) -> str:
    """A type in the library's messages, in Vietnamese."""
    known = {"google.protobuf.Timestamp": "timestamp", "google.protobuf.Duration": "duration"}
    return type_label(known.get(name, name))


def _unknown(name: str, at: int, words: list[Token]) -> Problem:
    """The library points at the last dot of a name: go back to where the name begins."""
    start = at
    first = name.split(".")[0]
    while start > 0 and words[start].text != first:
        start -= 1
    return Problem("unknown", words[start].offset, len(name), "", name)


_TYPES: dict[str, Any] = {
    "string": cel.Type.STRING,
    "int": cel.Type.INT,
    "double": cel.Type.DOUBLE,
    "bool": cel.Type.BOOL,
    "timestamp": cel.Type.TIMESTAMP,
    "record": cel.Type.Map(cel.Type.STRING, cel.Type.DYN),
}


def cel_type(kind: str) -> Any:
    """Our name of a type to the library's; units, people and agencies are known by their keys."""
    if element := element_of(kind):
        return cel.Type.List(cel_type(element))
    return _TYPES["string" if kind in MEMBER_KINDS else kind]


def type_name(kind: Any) -> str:
    """The library's type to our name; `dyn` where it cannot tell."""
    for name in (*_TYPES, *(f"list<{each}>" for each in _TYPES)):
        if kind == cel_type(name):
            return name
    return str(kind.name()).lower()
