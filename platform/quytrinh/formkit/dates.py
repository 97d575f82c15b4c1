"""A date as people here type it, for Django's own forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class VietnameseDateField(forms.DateField):
    """A date typed as dd/mm/yyyy."""

    def __init__(self, label: StrOrPromise) -> None:
        super().__init__(
            label=label,
            input_formats=["%d/%m/%Y"],
            widget=forms.DateInput(format="%d/%m/%Y"),
            error_messages={
                "required": _("Hãy nhập ngày, dạng dd/mm/yyyy."),
                "invalid": _("Ngày không đúng, hãy nhập dạng dd/mm/yyyy."),
            },
        )
