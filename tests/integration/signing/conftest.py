"""Signed documents, made once for this directory: each costs a child process or two."""

from __future__ import annotations

import pytest

from quytrinh.signing import child, core
from quytrinh.signing.verdicts import DocumentFinding
from tests.support.signing import NUMBERED, Authority, authority, decision, values


@pytest.fixture(scope="session")
def home() -> Authority:
    """The authority that everybody here trusts."""
    return authority()


@pytest.fixture(scope="session")
def verify(home: Authority):
    """A function that verifies bytes as an agency that trusts `home` does."""

    def _verify(pdf: bytes) -> DocumentFinding:
        return child.verify_bytes(pdf, anchors=home.services.anchors(), crls=home.services.crls())

    return _verify


@pytest.fixture(scope="session")
def number_first(home: Authority) -> list[bytes]:
    """Bình Thuận: number, the leader's signature, the seal. Every stage of the file."""
    at, said = home.workplace("binh-thuan-866-2016"), values(**NUMBERED)
    draft = decision()
    numbered = core.prepare(draft, at.layout, said)
    signed = core.sign(numbered, request_id="bt-1", signatory=home.person(), values=said, at=at)
    sealed = core.seal(
        signed.pdf, request_id="bt-2", signatory=home.organisation(), values=said, at=at
    )
    return [draft, numbered, signed.pdf, sealed.pdf]


@pytest.fixture(scope="session")
def number_last(home: Authority) -> list[bytes]:
    """Hà Tĩnh: the leader's signature, then number, date and seal. Every stage of the file."""
    at = home.workplace("ha-tinh-33-2019")
    draft = decision()
    signed = core.sign(draft, request_id="ht-1", signatory=home.person(), values=values(), at=at)
    sealed = core.seal(
        signed.pdf,
        request_id="ht-2",
        signatory=home.organisation(),
        values=values(**NUMBERED),
        at=at,
    )
    return [draft, signed.pdf, sealed.pdf]
