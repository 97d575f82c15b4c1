"""Decisions about accounts: who agreed to a change and who made it, by the case that asked."""

from __future__ import annotations

from quytrinh.documents.acts import Act
from quytrinh.spi import built_in

_REQUEST = ("request_kind", "account_person", "account_rights", "request_reason")

ACCOUNT_ACTS = (
    Act("accounts.approve", "Đồng ý đề xuất về tài khoản", needs_document=False, fields=_REQUEST),
    Act("accounts.change", "Sửa đổi tài khoản", needs_document=False, fields=_REQUEST),
)
for act in ACCOUNT_ACTS:
    built_in(act)
