"""What the page of absences and delegations reads from its two forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quytrinh.formkit.dates import VietnameseDateField

Choices = Sequence[tuple[str, str]]


class _PeriodForm(forms.Form):
    """From one day to another, of one of these people."""

    person = forms.TypedChoiceField(label=_("Của ai"))
    since = VietnameseDateField(_("Từ ngày"))
    until = VietnameseDateField(_("Đến hết ngày"))

    def __init__(self, *args: Any, people: Choices, others: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people
        self.fields[self.other_field].choices = others
        self.fields[self.other_field].error_messages["required"] = _("Hãy chọn một người.")

    other_field = ""


class AbsenceForm(_PeriodForm):
    """Somebody is away."""

    prefix = "vang"
    other_field = "substitute"
    substitute = forms.ChoiceField(label=_("Người làm thay"), required=False)
    reason = forms.CharField(label=_("Lý do"), required=False, max_length=300)


class DelegationForm(_PeriodForm):
    """Somebody lets another act for them."""

    prefix = "uy-quyen"
    other_field = "receiver"
    receiver = forms.ChoiceField(label=_("Người được ủy quyền"))
    scope = forms.MultipleChoiceField(label=_("Phạm vi"), required=False)
    basis = forms.CharField(label=_("Văn bản ủy quyền"), required=False, max_length=300)

    def __init__(self, *args: Any, scopes: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scopes
