"""Why a file is refused or cannot be shown; messages are for the person who sent it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from quytrinh.documents import gate


class UploadRefused(Exception):
    """A file that may not be kept; nothing of it was stored."""

    MESSAGES = {
        "empty": _("Tệp rỗng. Hãy chọn lại tệp."),
        "too_large": _("Tệp lớn quá %(limit)s MB. Hãy giảm dung lượng hoặc tách tệp."),
        "not_pdf": _("Tệp không phải PDF. Hãy lưu hoặc quét văn bản thành PDF rồi gửi lại."),
        "encrypted": _("Tệp PDF có mật khẩu. Hãy bỏ mật khẩu rồi gửi lại."),
        "broken": _("Tệp PDF bị hỏng, không mở được. Hãy xuất lại tệp từ bản gốc."),
        "too_many_pages": _("Tệp có hơn %(limit)s trang. Hãy tách tệp."),
        "too_costly": _(
            "Tệp PDF quá phức tạp nên không kiểm tra được. Hãy xuất lại tệp đơn giản hơn."
        ),
    }

    def __init__(self, code: str, **values: object) -> None:
        self.code = code
        self.message = str(self.MESSAGES[code]) % values
        super().__init__(self.message)


class DocumentExcluded(UploadRefused):
    """A document that is kept out by law or by its agency; nothing of it was stored.

    An UploadRefused, so whoever explains a refused file explains this too.
    """

    def __init__(self, place: gate.Place, exclusion: gate.Exclusion) -> None:
        self.code = "excluded"
        self.place, self.exclusion = place, exclusion
        self.message = gate.explain(place, exclusion)
        Exception.__init__(self, self.message)


class RenderingFailed(Exception):
    """A page could not be drawn within its limits of time and memory, or at all.

    `code` is what the child said: `encrypted`, `broken`, `too_many_pages`, `too_costly`.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class NoSuchPage(Exception):
    """The file does not have that page."""


class RegisterRefused(Exception):
    """Nothing was entered; the text is for the clerk."""

    message: Any = ""

    def __init__(self, **values: object) -> None:
        super().__init__(str(self.message) % values)


class NoSuchRegister(RegisterRefused):
    """The agency has no such register, or it is of the other book."""

    message = _("Cơ quan chưa mở sổ “%(key)s”. Hãy nhờ người quản trị mở sổ.")

    def __init__(self, key: str) -> None:
        super().__init__(key=key)


class NumberNotFound(RegisterRefused):
    """The document stands in no register."""

    message = _("Văn bản chưa được cấp số hoặc chưa vào sổ.")
