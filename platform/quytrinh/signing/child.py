"""Asking the child process that opens files of others; whatever happens to it, we go on."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quytrinh.signing import inspection, verdicts
from quytrinh.signing.inspection import Inspection
from quytrinh.signing.verdicts import DocumentFinding

_SECONDS = 60
_WORKER = Path(__file__).parent / "pdf" / "worker.py"
# Each child may use a core and much memory.
_children = threading.BoundedSemaphore(2)


class ChildDied(Exception):
    """The child was killed by a limit or by what it read."""


def verify(path: Path, *, anchors: Sequence[bytes], crls: Sequence[bytes] = ()) -> DocumentFinding:
    """Return what the signatures of a file are worth; never raises for what the file contains."""
    asked = {"anchors": _text(anchors), "crls": _text(crls)}
    try:
        return verdicts.from_json(_ask("verify", path, asked))
    except ChildDied:
        return DocumentFinding(problems=("too_costly",))


def verify_bytes(
    pdf: bytes, *, anchors: Sequence[bytes], crls: Sequence[bytes] = ()
) -> DocumentFinding:
    """Verify a file that has no name yet."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return verify(Path(file.name), anchors=anchors, crls=crls)


def inspect(path: Path, *, phrases: Sequence[str]) -> Inspection:
    """Return what the signing of a file needs to know."""
    try:
        return inspection.from_json(_ask("inspect", path, {"phrases": list(phrases)}))
    except ChildDied:
        return Inspection(problem="too_costly")


def _text(blobs: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(each).decode("ascii") for each in blobs]


def _ask(verb: str, path: Path, asked: dict[str, Any]) -> bytes:
    command = [sys.executable, "-I", str(_WORKER), verb, str(path)]
    with _children:
        try:
            child = subprocess.run(  # noqa: S603 - our own worker, a path of our own making
                command,
                input=json.dumps(asked).encode(),
                capture_output=True,
                timeout=_SECONDS,
                env={},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ChildDied from error
    if child.returncode:
        raise ChildDied
    return child.stdout
