"""States of versions and levels of urgency."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class VersionState(models.TextChoices):
    """Life of one wording of a procedure."""

    DRAFT = "draft", _("Bản nháp")
    SUBMITTED = "submitted", _("Đã trình thủ trưởng")
    PROMULGATED = "promulgated", _("Đã ban hành")
    SUPERSEDED = "superseded", _("Đã được thay thế")


class Urgency(models.TextChoices):
    """Levels of urgency (Nghị định 30/2020, Phụ lục VI)."""

    NORMAL = "normal", _("Thường")
    URGENT = "urgent", _("Khẩn")
    VERY_URGENT = "very_urgent", _("Thượng khẩn")
    FLASH = "flash", _("Hỏa tốc")


# Outcomes of cases that no end of their procedure has closed.
WITHDRAWN = {
    "recalled": _("Đã trả lại nơi gửi theo đề nghị thu hồi"),
    "replaced": _("Đã được thay thế bằng văn bản khác"),
    "cancelled": _("Đã hủy hồ sơ"),
}


class EntryKind(models.TextChoices):
    """Why something stands in an inbox."""

    TASK = "task", _("Việc phải làm")
    INFORM = "inform", _("Xem để biết")


class MigrationState(models.TextChoices):
    """What becomes of a running case that is carried over to a later version."""

    WAITING = "waiting", _("Đang chờ chuyển")
    MOVED = "moved", _("Đã chuyển")
    KEPT = "kept", _("Giữ phiên bản cũ")
    UNDOING = "undoing", _("Đang chờ hoàn tác")
    UNDONE = "undone", _("Đã hoàn tác")
