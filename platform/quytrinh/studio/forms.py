"""What the studio reads from its forms: the source of a draft, the decision that promulgates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quytrinh.compiler.plan import PlanSetting
from quytrinh.formkit.dates import VietnameseDateField
from quytrinh.organization.directory import Directory

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PREFIX = "setting_"
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


class NoteForm(forms.Form):
    """What the author tells the head with a draft."""

    note = forms.CharField(
        label=_("Lời trình thủ trưởng"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
    )


class ReasonForm(forms.Form):
    """Why the head returns a draft."""

    reason = forms.CharField(
        label=_("Lý do trả lại"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "input"}),
        error_messages={"required": _("Hãy nêu lý do trả lại.")},
    )


class PromulgationForm(forms.Form):
    """The decision by which the head of the agency promulgates a draft, with the settings."""

    decision_number = forms.CharField(
        label=_("Số, ký hiệu quyết định"),
        max_length=64,
        error_messages={"required": _("Hãy nhập số, ký hiệu của quyết định.")},
    )
    decision_date = VietnameseDateField(_("Ngày quyết định"))
    effective_from = VietnameseDateField(_("Hiệu lực từ ngày"))

    def __init__(
        self,
        *args: Any,
        settings: Iterable[PlanSetting] = (),
        people: Directory | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.settings = tuple(settings)
        for setting in self.settings:
            self.fields[PREFIX + setting.id] = setting_field(setting, people)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "input")
            if isinstance(field, VietnameseDateField):
                field.widget.attrs |= {"inputmode": "numeric", "placeholder": "dd/mm/yyyy"}
            if isinstance(field.widget, forms.TextInput):
                field.widget.attrs["autocomplete"] = "off"

    @property
    def values(self) -> dict[str, list[str]]:
        """The agency's value of each setting, as the language reads them."""
        entered = {each.id: self.cleaned_data.get(PREFIX + each.id) for each in self.settings}
        return {
            name: list(value) if isinstance(value, list) else [str(value).strip()]
            for name, value in entered.items()
            if value
        }

    def clean(self) -> dict[str, Any]:
        """Refuse a version in force before it was decided, or decided in the future."""
        data = super().clean() or {}
        decided, effective = data.get("decision_date"), data.get("effective_from")
        if decided and decided > timezone.localdate():
            self.add_error("decision_date", _("Ngày quyết định không được ở tương lai."))
        if decided and effective and effective < decided:
            self.add_error("effective_from", _("Ngày hiệu lực không được trước ngày quyết định."))
        return data


_HELP = {
    "when": _("Ví dụ 30m, 4h, 2d, same_day, next_working_day"),
    "period": _("Ví dụ 4h, 2d, 1w"),
}


def setting_field(setting: PlanSetting, people: Directory | None) -> forms.Field:
    """The field in which an agency sets a parameter of a procedure; it holds the value of now."""
    options = _options(setting, people)
    if setting.type == "units":
        return forms.MultipleChoiceField(
            label=setting.name,
            choices=options,
            initial=list(setting.value),
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        )
    if options:
        return forms.ChoiceField(label=setting.name, choices=options, initial=setting.value[0])
    return forms.CharField(
        label=setting.name,
        max_length=500,
        initial=setting.value[0],
        help_text=_HELP.get(setting.type, ""),
    )


def _options(setting: PlanSetting, people: Directory | None) -> list[tuple[str, StrOrPromise]]:
    match setting.type:
        case "choice":
            return [(value, value) for value in setting.choices]
        case "boolean":
            return [("true", _("Có")), ("false", _("Không"))]
        case "position":
            return [(each.key, each.name) for each in people.positions.values()] if people else []
        case "units":
            return [(each.key, each.name) for each in people.units.values()] if people else []
    return []
