"""What the studio reads from its forms: the source of a draft, the decision that promulgates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SOURCE_MAX_BYTES = 1024 * 1024


class SourceForm(forms.Form):
    """The YAML of a draft, pasted or as a file; the file wins."""

    source = forms.CharField(required=False, strip=False)
    file = forms.FileField(required=False, allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        """Return the source, read as UTF-8."""
        data = super().clean() or {}
        upload = data.get("file")
        if upload:
            if upload.size > SOURCE_MAX_BYTES:
                raise forms.ValidationError(_("Tệp quá lớn: một quy trình không quá 1 MB."))
            try:
                data["source"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                raise forms.ValidationError(
                    _("Không đọc được tệp: hãy lưu tệp ở dạng văn bản UTF-8.")
                ) from None
        data["source"] = data.get("source", "").replace("\r\n", "\n")
        if len(data["source"].encode()) > SOURCE_MAX_BYTES:
            raise forms.ValidationError(_("Nội dung quá dài: một quy trình không quá 1 MB."))
        if not data["source"].strip():
            raise forms.ValidationError(_("Hãy dán nội dung YAML hoặc chọn tệp."))
        return data


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


class PromulgationForm(forms.Form):
    """The decision by which the head of the agency promulgates a draft."""

    decision_number = forms.CharField(
        label=_("Số, ký hiệu quyết định"),
        max_length=64,
        error_messages={"required": _("Hãy nhập số, ký hiệu của quyết định.")},
    )
    decision_date = VietnameseDateField(_("Ngày quyết định"))
    effective_from = VietnameseDateField(_("Hiệu lực từ ngày"))

    def clean(self) -> dict[str, Any]:
        """Refuse a version in force before it was decided, or decided in the future."""
        data = super().clean() or {}
        decided, effective = data.get("decision_date"), data.get("effective_from")
        if decided and decided > timezone.localdate():
            self.add_error("decision_date", _("Ngày quyết định không được ở tương lai."))
        if decided and effective and effective < decided:
            self.add_error("effective_from", _("Ngày hiệu lực không được trước ngày quyết định."))
        return data
