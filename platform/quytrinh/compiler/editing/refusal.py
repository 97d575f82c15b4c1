"""Why an edit was not made, and what would make it possible."""

from __future__ import annotations


class EditRefused(Exception):
    """Nothing was changed; `places` are the ids of steps that stand in the way."""

    def __init__(self, message: str, hint: str = "", places: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.places = places
