"""Decisions about documents, which leave evidence: who decided what on which version.

What an act gives back goes to the record of the case and, with person and time, into its
journal. Rules of regulations select acts, never names of steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.documents.evidence import evidence, parameters
from quytrinh.spi import (
    Availability,
    Outcome,
    StepFailed,
    StepRequest,
    StepResult,
    built_in,
)


@dataclass(frozen=True)
class Act:
    """One kind of decision. `fields` of the case are part of what was decided."""

    name: str
    title: str
    needs_document: bool = True
    fields: tuple[str, ...] = ()
    by_person: bool | None = True
    inline: bool = True
    interface: int = 1
    outcomes: Sequence[Outcome] = (Outcome("done", "Đã ghi nhận"),)
    schema: Mapping[str, Any] = field(default_factory=parameters)

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Give the evidence of the decision."""
        documents = evidence(request)
        if self.needs_document and not documents:
            message = _("Hồ sơ chưa có tệp văn bản nên chưa thực hiện được: %(act)s.")
            raise StepFailed(message % {"act": self.title.lower()}, retryable=False)
        values = {name: request.data.get(name) for name in self.fields}
        decided = {name: value for name, value in values.items() if value}
        outputs = {"documents": documents, "fields": decided}
        return StepResult("done", {name: value for name, value in outputs.items() if value})


def _choice(name: str, description: str, *values: str) -> Mapping[str, Any]:
    """Return a schema with one more parameter, which is one of these words."""
    return parameters(**{name: {"enum": list(values), "description": description}})


def _with_instruction(*fields: str) -> tuple[str, ...]:
    return (*fields, "deadline", "instruction")


# Of the documents at hand: there must be one.
_ON_DOCUMENTS = (
    Act("documents.draft", "Soạn dự thảo"),
    Act("documents.submit_for_signature", "Trình ký"),
    Act("documents.check_content", "Kiểm tra nội dung"),
    Act("documents.check_form", "Kiểm tra thể thức"),
    Act("documents.fix_form", "Sửa thể thức"),
    Act("documents.approve", "Phê duyệt"),
    Act("documents.scan", "Số hóa văn bản giấy"),
    Act(
        "documents.copy",
        "Sao văn bản",
        fields=("document_type", "original_code"),
        schema=_choice("kind", "Hình thức sao", "true_copy", "copy_of_copy", "extract"),
    ),
    Act("documents.sign_paper", "Ký văn bản giấy", fields=("capacity",)),
    Act("documents.print", "In văn bản", fields=("copies",)),
    Act(
        "documents.stamp",
        "Đóng dấu",
        fields=("copies",),
        schema=_choice("target", "Đóng dấu lên bản nào", "original", "copy"),
    ),
    Act("documents.dispatch_paper", "Gửi bản giấy", fields=("copies", "paper_recipients")),
    Act("documents.withdraw", "Hủy văn bản điện tử đã nhận"),
    Act("records.keep", "Lưu văn bản", by_person=None),
    Act("records.keep_paper", "Lưu bản giấy", fields=("paper_place",)),
)
# Of the matter: it may be decided before there is a file, or without one.
_ON_THE_MATTER = (
    Act("documents.receive", "Tiếp nhận"),
    Act("documents.forward_unopened", "Chuyển nguyên bì", fields=("named_receiver",)),
    Act("documents.hand_over_paper", "Chuyển bản giấy", fields=("paper_holder",)),
    Act(
        "documents.distribute",
        "Phân phối, cho ý kiến chỉ đạo",
        fields=_with_instruction("field", "lead", "support"),
        schema=_choice("to", "Chuyển một nơi hay nhiều nơi", "one", "many"),
    ),
    Act("documents.assign", "Phân công xử lý", fields=_with_instruction("assignee", "assignment")),
    Act("documents.handle", "Xử lý văn bản", fields=("result", "opinion")),
    Act("documents.archive_in_dossier", "Lập hồ sơ", fields=("dossier",)),
)
ACTS = (*_ON_DOCUMENTS, *(replace(act, needs_document=False) for act in _ON_THE_MATTER))
for act in ACTS:
    built_in(act)
