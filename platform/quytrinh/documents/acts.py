"""Decisions about documents, which leave evidence: who decided what on which version.

What an act gives back goes to the record of the case and, with person and time, into its
journal. Rules of regulations select acts, never names of steps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


def _with_instruction(*fields: str) -> tuple[str, ...]:
    return (*fields, "deadline", "instruction")


ACTS = (
    Act("documents.draft", "Soạn dự thảo"),
    Act("documents.submit_for_signature", "Trình ký"),
    Act("documents.check_content", "Kiểm tra nội dung"),
    Act("documents.check_form", "Kiểm tra thể thức"),
    Act("documents.approve", "Phê duyệt"),
    Act("documents.scan", "Số hóa văn bản giấy"),
    Act("documents.receive", "Tiếp nhận", needs_document=False),
    Act("documents.hand_over_paper", "Chuyển bản giấy", needs_document=False),
    Act(
        "documents.distribute",
        "Phân phối, cho ý kiến chỉ đạo",
        needs_document=False,
        fields=_with_instruction("lead", "support"),
    ),
    Act(
        "documents.assign",
        "Phân công xử lý",
        needs_document=False,
        fields=_with_instruction("assignee"),
    ),
    Act("documents.handle", "Xử lý văn bản", needs_document=False, fields=("result",)),
    Act(
        "documents.archive_in_dossier",
        "Lập hồ sơ",
        needs_document=False,
        fields=("dossier",),
    ),
    Act("records.keep", "Lưu văn bản", by_person=None),
)
for act in ACTS:
    built_in(act)
