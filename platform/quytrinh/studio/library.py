"""The library: procedures that an agency looks through and takes over with one click."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quytrinh.compiler.regulation.packs import shipped_packs
from quytrinh.compiler.remarks import facts
from quytrinh.compiler.wording import describe
from quytrinh.organization.access import flow_author_required
from quytrinh.runtime import actions, drawing
from quytrinh.runtime.exceptions import ActionNotAllowed
from quytrinh.runtime.models import Flow, LibraryFlow
from quytrinh.studio.pages import Picture
from quytrinh.tenancy.context import reading

UNPROCESSABLE = 422
KINDS = ("incoming", "outgoing", "internal")


@dataclass(frozen=True, slots=True)
class LibraryRow:
    """A procedure in the list; `regulations` as people name them; `ours` if the agency has it."""

    key: str
    name: str
    help: str
    document: str
    regulations: tuple[str, ...]
    ours: bool

    def answers(self, words: str, document: str) -> bool:
        """Tell whether it has every word, written with or without marks, and is of the kind."""
        text = _folded(" ".join((self.name, self.help, self.key, *self.regulations)))
        return document in ("", self.document) and all(
            word in text for word in _folded(words).split()
        )


@require_safe
@flow_author_required
def library(request: HttpRequest) -> HttpResponse:
    """List the procedures of the library, those that answer what is looked for."""
    words, document = request.GET.get("tim", "").strip(), request.GET.get("loai", "")
    with reading(), transaction.atomic():
        rows = [row for row in _rows() if row.answers(words, document)]
    kinds = [(kind, _document(kind)) for kind in KINDS]
    context = {"rows": rows, "words": words, "document": document, "kinds": kinds}
    return render(request, "studio/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@flow_author_required
def entry(request: HttpRequest, library_key: str) -> HttpResponse:
    """Show a procedure of the library; a POST takes it over as a draft of the agency."""
    if request.method != "POST":
        return _entry_page(request, library_key)
    get_object_or_404(LibraryFlow, pk=library_key)
    try:
        adopted = actions.adopt(key=library_key, actor=request.person)
    except ActionNotAllowed as refusal:
        return _entry_page(request, library_key, problem=refusal.message)
    messages.success(request, _("Đã lấy quy trình về thành bản nháp của cơ quan."))
    if adopted.own_forms:
        told = _("Giữ nguyên biểu mẫu cơ quan đã có, khác với thư viện: %(forms)s.")
        messages.warning(request, told % {"forms": ", ".join(adopted.own_forms)})
    return redirect("studio:editor", adopted.version.pk)


def _entry_page(request: HttpRequest, key: str, problem: str = "") -> HttpResponse:
    with reading(), transaction.atomic():
        found = get_object_or_404(LibraryFlow, pk=key)
        context: dict[str, Any] = {
            "entry": found,
            "regulations": _regulations(found.basis),
            "picture": _picture(found),
            "ours": Flow.objects.filter(key=key, versions__isnull=False).exists(),
            "problem": problem,
        }
    status = UNPROCESSABLE if problem else None
    return render(request, "studio/library_flow.html", context, status=status)


def _rows() -> Iterator[LibraryRow]:
    ours = set(Flow.objects.filter(versions__isnull=False).values_list("key", flat=True))
    for found in LibraryFlow.objects.order_by("key"):
        yield LibraryRow(
            key=found.key,
            name=found.name,
            help=found.help,
            document=found.document,
            regulations=_regulations(found.basis),
            ours=found.key in ours,
        )


def _regulations(basis: list[str]) -> tuple[str, ...]:
    packs = shipped_packs().by_id
    return tuple(packs[key].short if key in packs else key for key in basis)


def _folded(text: str) -> str:
    """Return a text in small letters without marks, as people type it in haste."""
    spread = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))


def _document(kind: str) -> str:
    match kind:
        case "incoming":
            return _("Văn bản đến")
        case "outgoing":
            return _("Văn bản đi")
        case _other:
            return _("Việc nội bộ")


def _picture(found: LibraryFlow) -> Picture:
    phrases = drawing.phrases(found.definition_id)
    title = _("Sơ đồ quy trình %(name)s") % {"name": found.name}
    return Picture(
        drawing=drawing.of_definition(found.definition_id, title=title),
        facts=facts(phrases.plan, phrases),
        steps=describe(phrases),
    )
