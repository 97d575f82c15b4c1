"""Findings of the checker: where, what, why and what to do about it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Severity = Literal["error", "warning"]
SEVERITY_LABELS: dict[Severity, str] = {"error": "lỗi", "warning": "cảnh báo"}
EXCERPT_WIDTH = 160
# The breaks that libyaml counts as the end of a line.
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file; lines and columns count from 1, the end is exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def within(self, offset: int, length: int = 1) -> Span:
        """A part of this one-line place, `offset` characters after its beginning."""
        column = self.column + offset
        return Span(self.file, self.line, column, self.line, column + length)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding; `excerpt` is the offending line of the file."""

    code: str
    severity: Severity
    message: str
    span: Span
    hint: str = ""
    excerpt: str = field(default="", compare=False, repr=False)

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def as_text(self) -> str:
        """`file:line:column: severity F211: message`, the line with a caret, the hint."""
        span = self.span
        label = SEVERITY_LABELS[self.severity]
        lines = [f"{span.file}:{span.line}:{span.column}: {label} {self.code}: {self.message}"]
        if self.excerpt:
            lines += [f"    {self.excerpt[:EXCERPT_WIDTH]}", f"    {self._carets()}"]
        if self.hint:
            lines.append(f"  gợi ý: {self.hint}")
        return "\n".join(line.rstrip() for line in lines)

    def as_json(self) -> dict[str, Any]:
        span = self.span
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "hint": self.hint,
            "file": span.file,
            "line": span.line,
            "column": span.column,
            "end_line": span.end_line,
            "end_column": span.end_column,
        }

    def _carets(self) -> str:
        span = self.span
        if span.column > EXCERPT_WIDTH:
            return ""
        end = span.end_column if span.end_line == span.line else len(self.excerpt) + 1
        width = max(1, min(end, EXCERPT_WIDTH + 1) - span.column)
        return " " * (span.column - 1) + "^" * width


def error(code: str, span: Span, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, "error", message, span, hint)


def warning(code: str, span: Span, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, "warning", message, span, hint)


def did_you_mean(value: str, choices: Iterable[str]) -> str:
    """A hint naming the nearest of the choices, else a few of them."""
    known = list(choices)
    near = difflib.get_close_matches(value, known, n=1, cutoff=0.6)
    if near:
        return f"có phải `{near[0]}`?"
    if not known:
        return ""
    shown = ", ".join(f"`{choice}`" for choice in known[:8])
    return f"hiện có: {shown}" + (", …" if len(known) > 8 else "")


def finish(diagnostics: Iterable[Diagnostic], text: str) -> tuple[Diagnostic, ...]:
    """In the order of the file, without repetition, each with its line of the text."""
    lines = split_lines(text)
    ordered = sorted(set(diagnostics), key=lambda found: (found.span, found.code, found.message))
    return tuple(replace(found, excerpt=_line(lines, found.span.line)) for found in ordered)


def split_lines(text: str) -> list[str]:
    return _LINE_BREAK.split(text)


def _line(lines: Sequence[str], number: int) -> str:
    # A tab would move the caret; a width of one keeps both aligned.
    return lines[number - 1].replace("\t", " ") if 0 < number <= len(lines) else ""
