"""What can go wrong when people are looked up."""

from __future__ import annotations


class OrganizationError(Exception):
    """The organization of the agency does not answer this question."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class UnknownResolver(OrganizationError):
    """A role of a flow is bound by a resolver that this version does not know."""


class UnresolvableRole(OrganizationError):
    """A role of a flow needs something that this case does not have."""
