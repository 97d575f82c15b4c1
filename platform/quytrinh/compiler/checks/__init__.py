"""The rules, one a file; each is a function from the context to what it found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quytrinh.compiler.context import Context
from quytrinh.language.diagnostics import Diagnostic

RULES: tuple[Callable[[Context], Iterator[Diagnostic]], ...] = ()
