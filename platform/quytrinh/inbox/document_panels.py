"""The documents of a case as its page shows them: pages, number, what the signatures are worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from quytrinh.compiler.plan import Plan
from quytrinh.inbox.record import slot_titles
from quytrinh.runtime.papers import Paper
from quytrinh.signing.explain import Panel


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page of a document."""

    number: int
    url: str
    text_url: str


@dataclass(frozen=True, slots=True)
class DocumentPanel:
    """The latest version of a document of the case."""

    id: UUID
    slot: str
    title: str
    code: str
    date: date | None
    version: int
    file_name: str
    pages: int
    images: tuple[PageImage, ...]
    download_url: str
    verification: Panel | None
    is_being_checked: bool

    @property
    def signers(self) -> tuple[str, ...]:
        """Who signed, in the order of the signatures."""
        signatures = self.verification.signatures if self.verification else ()
        named = (each.signer or each.organisation for each in signatures)
        return tuple(dict.fromkeys(name for name in named if name))


def document_panels(papers: Sequence[Paper], plan: Plan) -> tuple[DocumentPanel, ...]:
    """Return the panels of a case's documents."""
    titles = slot_titles(plan)
    usual = {"main": _("Văn bản chính"), "annexes": _("Phụ lục, tệp kèm theo")}
    return tuple(
        _panel(paper, titles.get(paper.slot) or usual.get(paper.slot, _("Văn bản")))
        for paper in papers
    )


def _panel(paper: Paper, title: str) -> DocumentPanel:
    file = paper.file
    return DocumentPanel(
        id=paper.document_id,
        slot=paper.slot,
        title=title,
        code=paper.code,
        date=paper.date,
        version=paper.version,
        file_name=file.original_name,
        pages=file.pages,
        images=tuple(_page_image(file.pk, number) for number in range(1, file.pages + 1)),
        download_url=reverse("documents:download", args=[file.pk]),
        verification=paper.verification,
        is_being_checked=paper.is_being_checked,
    )


def _page_image(file_id: UUID, number: int) -> PageImage:
    return PageImage(
        number,
        reverse("documents:page", args=[file_id, number]),
        reverse("documents:text", args=[file_id, number]),
    )
