"""How long the law takes over a procedure of the library, and in how many worlds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.law import law_of, shipped_flows

LIMIT_MS = 150


@pytest.mark.parametrize("path", shipped_flows(), ids=lambda path: path.stem)
def test_the_law_over_a_procedure_is_quick(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    law_of(text)
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        law = law_of(text)
        list(law.offences())
        best = min(best, (time.process_time() - began) * 1000)
    print(f"{path.stem}: {best:.0f} ms, {len(law.worlds.worlds)} worlds")
    assert best < LIMIT_MS
