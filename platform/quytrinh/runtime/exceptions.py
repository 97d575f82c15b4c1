"""Refusals of the runtime. Each is told to a person: Vietnamese text, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class RuntimeFailure(Exception):
    """Something asked of a case cannot be done; `message` says why, `hint` what would help."""

    status_code = 400
    code = "refused"
    default = gettext_lazy("Không thực hiện được yêu cầu này.")

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        self.message = message or str(self.default)
        self.hint = hint
        super().__init__(self.message)


class NotFoundForYou(RuntimeFailure):
    """No such case, task or procedure, or not for this person: never tell which."""

    status_code = 404
    code = "not_found"
    default = gettext_lazy("Không tìm thấy hồ sơ hoặc việc này, hoặc bạn không được xem.")


class ActionNotAllowed(RuntimeFailure):
    """The person may see the task but not do this with it."""

    status_code = 403
    code = "not_allowed"
    default = gettext_lazy("Bạn không được thực hiện thao tác này.")


class TaskAlreadyDone(RuntimeFailure):
    """Somebody was faster, or the button was pressed twice."""

    status_code = 409
    code = "already_done"

    def __init__(self, *, step: str, who: str, when: datetime | None, action: str = "") -> None:
        self.step, self.who, self.when = step, who, when
        at = timezone.localtime(when).strftime("%H:%M %d/%m/%Y") if when else ""
        if who and at:
            message = _("Việc “%(step)s” đã được %(who)s xử lý lúc %(at)s.") % {
                "step": step,
                "who": who,
                "at": at,
            }
        else:
            message = _("Việc “%(step)s” không còn chờ xử lý.") % {"step": step}
        super().__init__(
            message, hint=_("Thao tác của bạn không được ghi thêm lần nữa; hồ sơ không thay đổi.")
        )


class FormInvalid(RuntimeFailure):
    """What was entered does not fit the form; `errors` is field -> messages."""

    status_code = 422
    code = "form_invalid"
    default = gettext_lazy("Thông tin nhập chưa đúng hoặc chưa đủ.")

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        self.errors = {name: list(messages) for name, messages in errors.items()}
        super().__init__()


class DraftInvalid(RuntimeFailure):
    """The text of a procedure has errors; `diagnostics` says where and what to do."""

    status_code = 422
    code = "draft_invalid"
    default = gettext_lazy("Bản quy trình còn lỗi nên chưa thể ban hành.")

    def __init__(self, diagnostics: Sequence[Any]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__()


class VersionConflict(RuntimeFailure):
    """The version is not a draft any more, or another was promulgated meanwhile."""

    status_code = 409
    code = "version_conflict"
    default = gettext_lazy("Bản này không còn là bản nháp nên không thể ban hành lại.")


class TextOutdated(RuntimeFailure):
    """The draft's text is no longer the one that the edit was made for; nothing was changed."""

    status_code = 409
    code = "text_outdated"
    default = gettext_lazy(
        "Bản nháp vừa được sửa ở nơi khác nên thay đổi này chưa ghi. Dưới đây là bản mới nhất;"
        " phần bạn vừa nhập vẫn được giữ lại."
    )


class EditNotPossible(RuntimeFailure):
    """An edit of a draft was refused; `places` are the ids of steps that stand in the way."""

    status_code = 422
    code = "edit_refused"

    def __init__(self, message: str, *, hint: str = "", places: Sequence[str] = ()) -> None:
        self.places = tuple(places)
        super().__init__(message, hint=hint)


class ExpressionFailed(RuntimeFailure):
    """A condition of the procedure could not be evaluated; the step was not taken."""

    status_code = 409
    code = "expression_failed"


class ActFailed(RuntimeFailure):
    """What the decision or the step was to do at once could not be done; nothing has changed."""

    status_code = 409
    code = "act_failed"


class NobodyReceives(RuntimeFailure):
    """No procedure in force of this agency begins by such a message."""

    status_code = 409
    code = "nobody_receives"
    default = gettext_lazy("Cơ quan chưa ban hành quy trình tiếp nhận văn bản liên thông.")


class TamperedDefinition(RuntimeError):
    """A promulgated text no longer has its digest: the database was changed behind our back."""


class CaseStays(RuntimeFailure):
    """A case is not carried over to another version, or not taken back; `message` says why."""

    status_code = 409
    code = "case_stays"
    gone_on = gettext_lazy(
        "Hồ sơ đã được xử lý tiếp sau khi chuyển nên ở lại phiên bản mới; việc đã làm không mất."
    )
