"""The library: procedures and forms that agencies take over, as text."""

from __future__ import annotations

from pathlib import Path

from quytrinh.compiler.files import LIBRARY_FLOWS, LIBRARY_FORMS
from quytrinh.language.source import MapNode, Word, read_source


def library_flow(root: Path, key: str) -> Path:
    """Return where the library keeps a procedure, whether or not it has it."""
    return root / LIBRARY_FLOWS / f"{key}.yaml"


def library_forms(root: Path) -> list[Path]:
    """Return the files of the library's forms."""
    return sorted((root / LIBRARY_FORMS).glob("*.yaml"))


def library_keys(root: Path) -> list[str]:
    """Return the keys of the library's procedures: its files are named after them."""
    return sorted(path.stem for path in (root / LIBRARY_FLOWS).glob("*.yaml"))


def under_key(source: str, key: str) -> str:
    """Return the text of a procedure with another key, everything else untouched."""
    root = read_source(source, file=key).root
    named = root.get("flow") if isinstance(root, MapNode) else None
    if not isinstance(named, Word):
        return source
    lines = source.split("\n")
    line = lines[named.span.line - 1]
    before, after = line[: named.span.column - 1], line[named.span.end_column - 1 :]
    lines[named.span.line - 1] = f"{before}{key}{after}"
    return "\n".join(lines)
