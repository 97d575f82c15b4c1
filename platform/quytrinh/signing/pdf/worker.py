"""The child process that opens files of others: limited in memory and time, without Django.

Run as a file: `worker.py verify|inspect FILE`, what is asked as JSON on standard input, the answer
as JSON on standard output.
"""

from __future__ import annotations

import base64
import json
import logging
import resource
import sys
from pathlib import Path
from typing import Any

_MEMORY = 1536 * 1024 * 1024
_CPU_SECONDS = 40


def _limit_resources() -> None:
    """Nothing a file contains can take more than this, or write a byte."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _verify(data: bytes, asked: dict[str, Any]) -> str:
    from quytrinh.signing import verdicts
    from quytrinh.signing.pdf.verify import Trust, verify

    anchors, crls = (
        tuple(base64.b64decode(each) for each in asked[name]) for name in ("anchors", "crls")
    )
    return verdicts.to_json(verify(data, Trust(anchors, crls)))


def _inspect(data: bytes, asked: dict[str, Any]) -> str:
    from quytrinh.signing import inspection
    from quytrinh.signing.pdf.inspect import inspect

    return inspection.to_json(inspect(data, asked["phrases"]))


def main(arguments: list[str]) -> None:
    """Do one thing with one file."""
    verb, path = arguments
    asked = json.load(sys.stdin)
    _limit_resources()
    logging.disable(logging.CRITICAL)
    work = {"verify": _verify, "inspect": _inspect}[verb]
    sys.stdout.write(work(Path(path).read_bytes(), asked))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
    main(sys.argv[1:])
