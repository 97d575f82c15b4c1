"""Words of the exchange room that the database knows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Direction(models.TextChoices):
    """Which way a message went."""

    IN = "in", _("Đến")
    OUT = "out", _("Đi")


class MessageKind(models.TextChoices):
    """What a message is about, other than a status."""

    NEW = "new", _("Văn bản mới")
    RECALL = "recall", _("Thu hồi")
    UPDATE = "update", _("Cập nhật")
    REPLACE = "replace", _("Thay thế")


class TransportState(models.TextChoices):
    """How far the axis is with a message: nothing about what the receiver does with it."""

    PENDING = "pending", _("Chờ gửi")
    SENT = "sent", _("Đã gửi lên trục")
    DELIVERED = "delivered", _("Đã đến nơi nhận")
    FAILED = "failed", _("Không gửi được")


class CodeScheme(models.TextChoices):
    """Where a code of an agency comes from; codes of neither kind live on the axis too."""

    QCVN_102 = "qcvn102", _("QCVN 102:2016")
    QD_20 = "qd20", _("QĐ 20/2020/QĐ-TTg")
    OTHER = "other", _("Khác")


class Origin(models.TextChoices):
    """What is known of who sent a message."""

    KNOWN = "known", _("Đúng cơ quan gửi")
    UNKNOWN = "unknown", _("Cơ quan gửi chưa có trong danh bạ")
    MISMATCH = "mismatch", _("Mã trong gói tin khác mã đã gửi lên trục")
