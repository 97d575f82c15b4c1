"""Signing with keys in PKCS#12 files: for demonstrations and tests, not for an agency's keys."""

from __future__ import annotations

from quytrinh_sign_pkcs12.plugin import Pkcs12Signing

__all__ = ["Pkcs12Signing"]
