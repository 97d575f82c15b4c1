"""What can go wrong in the exchange; messages are for the person who sends or reports."""

from __future__ import annotations

from django.utils.translation import gettext as _


class ExchangeError(Exception):
    """The exchange cannot do what was asked; nothing was sent."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NoOwnCode(ExchangeError):
    """The agency has no code of its own, so nobody could answer it."""

    def __init__(self) -> None:
        super().__init__(_("Cơ quan chưa có mã định danh nên chưa gửi, nhận được văn bản."))


class UnknownReceiver(ExchangeError):
    """A receiver is in nobody's list of agencies."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        listed = ", ".join(codes)
        super().__init__(_("Không có trong danh bạ: %(codes)s.") % {"codes": listed})


class AnotherContent(ExchangeError):
    """The document was sent already, with other content under the same version."""

    def __init__(self) -> None:
        super().__init__(
            _("Văn bản này đã gửi với nội dung khác; hãy gửi bản cập nhật hoặc thay thế.")
        )


class UnlawfulStatus(ExchangeError):
    """A status that may not follow those given before."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(_("Không thể báo trạng thái %(code)s lúc này.") % {"code": code})


class ReasonMissing(ExchangeError):
    """Refusing and asking back need a reason."""

    def __init__(self) -> None:
        super().__init__(_("Từ chối hoặc lấy lại văn bản phải ghi rõ lý do."))
