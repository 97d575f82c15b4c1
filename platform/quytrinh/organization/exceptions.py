"""What can go wrong when people are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class OrganizationError(Exception):
    """The organization of the agency does not answer this question."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class UnknownResolver(OrganizationError):
    """A role of a flow is bound by a resolver that this version does not know."""


class UnresolvableRole(OrganizationError):
    """A role of a flow needs something that this case does not have."""


class EntryRefused(OrganizationError):
    """What was entered of an absence or a delegation cannot be; `errors` by field."""

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = errors
        super().__init__(" ".join(text for texts in errors.values() for text in texts))


class NotYours(OrganizationError):
    """There is no such absence or delegation, or it is not for this person to change."""
