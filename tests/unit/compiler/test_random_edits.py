"""Random edits of random flows: a comparison names each of them, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from quytrinh.compiler.differences import Change
from tests.support.campaign import figure
from tests.support.random_edits import Editor, Said
from tests.support.random_flows import sound_flow
from tests.unit.compiler.test_differences import canonical, compared


def _unmatched(said: Sequence[Said], found: Sequence[Change]) -> tuple[list[Said], list[Change]]:
    left = list(found)
    missing = []
    for each in said:
        fits = [one for one in left if one.kind == each.kind and one.step in each.steps]
        if fits:
            left.remove(fits[0])
        else:
            missing.append(each)
    return missing, left


@pytest.mark.parametrize("batch", range(10))
def test_every_random_edit_is_named_and_nothing_else(batch: int) -> None:
    random = Random(batch)  # noqa: S311 - tests
    for number in range(figure(1000) // 10):
        before = canonical(sound_flow(batch * 1000 + number))
        editor = Editor(before, random)
        editor.edit(random.randint(1, 5), structure=random.random() < 0.5)
        found = compared(before, editor.flow)
        missing, unasked = _unmatched(editor.said, found)
        assert not missing and not unasked, (batch, number)
        assert all(change.sentence.endswith(".") for change in found)
