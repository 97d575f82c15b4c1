"""Where each step stands: in which block, inside which `each`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from quytrinh.language.ast import Block, EachStep, Flow, Step, child_blocks


@dataclass(frozen=True, eq=False)
class Nest:
    """A block in its place; `parent` is the block that contains it."""

    block: Block
    parent: Nest | None = None

    @property
    def owner(self) -> Step | None:
        return self.block.owner

    @property
    def is_top(self) -> bool:
        return self.parent is None

    def outward(self) -> Iterator[Nest]:
        """This block and every one around it, the innermost first."""
        nest: Nest | None = self
        while nest is not None:
            yield nest
            nest = nest.parent

    @cached_property
    def eaches(self) -> tuple[EachStep, ...]:
        """The `each` steps whose bodies this block is in, the innermost first."""
        owners = (nest.owner for nest in self.outward())
        return tuple(owner for owner in owners if isinstance(owner, EachStep))


class Nesting:
    """All blocks of a flow, an outer one before those inside it."""

    def __init__(self, flow: Flow) -> None:
        self.nests: list[Nest] = []
        # Of two steps with one id (F005) the first.
        self.home: dict[str, Nest] = {}
        self.inside: dict[str, list[Nest]] = {}
        self._add(Nest(Block(flow.steps)))
        self.top = self.nests[0]

    def _add(self, nest: Nest) -> None:
        self.nests.append(nest)
        for step in nest.block.steps:
            self.home.setdefault(step.id.text, nest)
            for block in child_blocks(step):
                child = Nest(block, nest)
                self.inside.setdefault(step.id.text, []).append(child)
                self._add(child)

    def eaches(self, step: str) -> tuple[EachStep, ...]:
        return self.home[step].eaches if step in self.home else ()

    def standing_in(self, nest: Nest, step: str) -> str | None:
        """The step of a block that is this step or contains it; None where it stands outside."""
        inner = step
        for around in self.home[step].outward() if step in self.home else ():
            if around is nest:
                return inner
            inner = around.owner.id.text if around.owner else ""
        return None
