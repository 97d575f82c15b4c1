"""What is wrong with a manifest."""

from __future__ import annotations

from collections.abc import Sequence

from quytrinh.language.diagnostics import Diagnostic


class ManifestError(Exception):
    """A manifest cannot be applied; nothing of it was."""


class ManifestInvalid(ManifestError):
    """The files of a manifest have errors; `diagnostics` says where and what to do."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(found.as_text() for found in self.diagnostics))
