"""Business statuses of a document at its receiver, and which may follow which. Pure."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

ARRIVED, REFUSED, ACCEPTED, ASSIGNED, HANDLING, COMPLETED = "01", "02", "03", "04", "05", "06"
ASK_BACK, AGREE_BACK, DENY_BACK = "13", "15", "16"

TITLES = {
    ARRIVED: _("Đã đến"),
    REFUSED: _("Từ chối tiếp nhận"),
    ACCEPTED: _("Đã tiếp nhận"),
    ASSIGNED: _("Phân công xử lý"),
    HANDLING: _("Đang xử lý"),
    COMPLETED: _("Hoàn thành"),
    ASK_BACK: _("Yêu cầu lấy lại văn bản"),
    AGREE_BACK: _("Đồng ý yêu cầu cập nhật, lấy lại"),
    DENY_BACK: _("Từ chối yêu cầu cập nhật, lấy lại"),
}
# Each needs one of these before it, and none of those.
_AFTER: dict[str, tuple[set[str], set[str]]] = {
    ARRIVED: (set(), set()),
    REFUSED: ({ARRIVED}, {REFUSED, ACCEPTED, ASSIGNED, HANDLING, COMPLETED}),
    ACCEPTED: ({ARRIVED}, {REFUSED, COMPLETED}),
    ASSIGNED: ({ACCEPTED}, {REFUSED, HANDLING, COMPLETED}),
    HANDLING: ({ACCEPTED}, {REFUSED, COMPLETED}),
    COMPLETED: ({ACCEPTED}, {REFUSED}),
    ASK_BACK: (set(), {REFUSED, COMPLETED}),
    AGREE_BACK: ({ASK_BACK}, {DENY_BACK}),
    DENY_BACK: ({ASK_BACK}, {AGREE_BACK}),
}
NEED_REASON = {REFUSED, ASK_BACK, DENY_BACK}
# In the order of a document's life; asking back is another matter and changes none of them.
PROGRESS = (ARRIVED, REFUSED, ACCEPTED, ASSIGNED, HANDLING, COMPLETED)
FROM_SENDER = {ASK_BACK}


def may_follow(code: str, known: Collection[str]) -> bool:
    """Tell whether a status may be given to a document that has these already."""
    if code not in _AFTER:
        return False
    needed, forbidden = _AFTER[code]
    return (not needed or bool(needed & set(known))) and not forbidden & set(known)


def contradicts(code: str, known: Collection[str]) -> bool:
    """Tell whether a status cannot be true of a document that has these already.

    Of others' statuses only this is asked: one before it may have been lost or is still coming.
    """
    return code not in _AFTER or bool(_AFTER[code][1] & set(known) - {HANDLING, COMPLETED, code})


def words_beyond(code: str, description: str) -> str:
    """Return what was said with a status beyond the words that every one of its kind has."""
    return "" if description.strip() == str(TITLES.get(code, "")) else description


def is_asked_back(codes: Collection[str]) -> bool:
    """Tell whether the sender asks for the document and has no answer yet."""
    return ASK_BACK in codes and not {AGREE_BACK, DENY_BACK} & set(codes)


def furthest(codes: Collection[str]) -> str:
    """Return the status that tells how far a document is, empty before the first."""
    return next((code for code in reversed(PROGRESS) if code in codes), "")


def lead_to(code: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the statuses to give, in order, so that this one may be given; empty if none do.

    A receiver who reports "being handled" has accepted the document, whether said or not.
    """
    if may_follow(code, known):
        return (code,)
    if ACCEPTED not in known and code in {ASSIGNED, HANDLING, COMPLETED}:
        return (ACCEPTED, code) if may_follow(ACCEPTED, known) else ()
    return ()
