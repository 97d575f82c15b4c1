"""A change of a text as replaced pieces; nothing outside them is touched."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Hunk:
    """`old`, which stands from `start` on, gives way to `new`."""

    start: int
    old: str
    new: str

    @property
    def end(self) -> int:
        return self.start + len(self.old)


class PatchDoesNotFit(Exception):
    """The text is not the one the patch was made for."""


@dataclass(frozen=True, slots=True)
class Patch:
    """Hunks in the order of the text, which do not overlap; places are those of the old text."""

    hunks: tuple[Hunk, ...] = ()

    def apply(self, text: str) -> str:
        """The new text; raise PatchDoesNotFit if a piece is not what the patch expects."""
        parts, at = [], 0
        for hunk in self.hunks:
            if text[hunk.start : hunk.end] != hunk.old or hunk.start < at:
                raise PatchDoesNotFit
            parts += [text[at : hunk.start], hunk.new]
            at = hunk.end
        return "".join([*parts, text[at:]])

    def inverse(self) -> Patch:
        """What gives back the old text, byte for byte."""
        shift, back = 0, []
        for hunk in self.hunks:
            back.append(Hunk(hunk.start + shift, hunk.new, hunk.old))
            shift += len(hunk.new) - len(hunk.old)
        return Patch(tuple(back))


def patch_of(hunks: Iterable[Hunk]) -> Patch:
    """A patch of hunks given in any order; those that change nothing are left out."""
    return Patch(tuple(sorted(hunk for hunk in hunks if hunk.old != hunk.new)))


def difference(old: str, new: str) -> Patch:
    """One hunk that makes `old` into `new`: what lies between their common ends."""
    if old == new:
        return Patch()
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    most -= head
    tail = next((at for at in range(most) if old[-1 - at] != new[-1 - at]), most)
    return Patch((Hunk(head, old[head : len(old) - tail], new[head : len(new) - tail]),))
