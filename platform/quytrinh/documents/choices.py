"""Books that documents are entered in, and what becomes of a number."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Book(models.TextChoices):
    """Which way the documents of a register go."""

    INCOMING = "incoming", _("Văn bản đến")
    OUTGOING = "outgoing", _("Văn bản đi")


class EntryState(models.TextChoices):
    """Life of a number."""

    RESERVED = "reserved", _("Đã cấp số")
    ISSUED = "issued", _("Đã vào sổ")
    VOID = "void", _("Số hủy")
