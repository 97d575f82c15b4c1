"""Why a document is not signed; messages are for the person whose task waits."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _


class SigningRefused(Exception):
    """The document was not signed and nothing was stored; `retryable`: trying again may help."""

    MESSAGES = {
        "tsa_silent": _("Dịch vụ cấp dấu thời gian không trả lời nên văn bản chưa được ký."),
        "revocation_silent": _("Không hỏi được tình trạng chứng thư số nên văn bản chưa được ký."),
        "no_credential": _("%(holder)s chưa có chứng thư số ở cơ quan này."),
        "unknown_plugin": _("Chưa cài phương thức ký số “%(name)s”."),
        "plugin_unavailable": _("Phương thức ký số chưa dùng được: %(reason)s."),
        "plugin_failed": _("Thiết bị ký số từ chối: %(reason)s."),
        "pending": _("Đang chờ người ký xác nhận trên thiết bị."),
        "certificate_expired": _("Chứng thư số của người ký đã hết hạn."),
        "certificate_revoked": _("Chứng thư số của người ký đã bị thu hồi."),
        "certificate_refused": _("Chứng thư số của người ký không được cơ quan tin cậy."),
        "unreadable": _("Tệp văn bản không đọc được nên không ký được."),
        "encrypted": _("Tệp văn bản có mật khẩu. Hãy bỏ mật khẩu rồi trình ký lại."),
        "active_content": _(
            "Tệp văn bản chứa mã chạy được (JavaScript) nên nội dung có thể đổi sau khi ký. "
            "Hãy xuất lại tệp PDF."
        ),
        "already_signed": _("Văn bản đã có chữ ký nên không ghi thêm lên trang được."),
        "field_taken": _("Chỗ ký “%(field)s” đã có chữ ký."),
        "broken_before": _("Văn bản đã ký trước đó không còn hợp lệ: %(reason)s"),
        "result_not_valid": _("Kết quả ký không hợp lệ nên không được lưu: %(reason)s"),
        "changed_meanwhile": _("Văn bản đã có phiên bản mới trong lúc ký. Hãy xem lại rồi ký."),
        "no_document": _("Hồ sơ không có văn bản để ký."),
        "no_number": _("Văn bản chưa có số và ngày ban hành."),
    }
    RETRYABLE = frozenset({
        "tsa_silent", "revocation_silent", "plugin_unavailable", "pending", "changed_meanwhile",
    })  # fmt: skip

    def __init__(self, code: str, *, retryable: bool | None = None, **values: object) -> None:
        self.code = code
        self.message = str(self.MESSAGES[code]) % values
        self.retryable = code in self.RETRYABLE if retryable is None else retryable
        super().__init__(self.message)


class TrustServiceSilent(Exception):
    """The states of certificates could not be had; trying again may help."""
