"""States of an outbox message."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class MessageState(models.TextChoices):
    """`pending` until its effect is done; `dead` when every attempt failed."""

    PENDING = "pending", _("Đang chờ")
    DONE = "done", _("Đã xong")
    DEAD = "dead", _("Không thực hiện được")
