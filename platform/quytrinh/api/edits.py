"""Edits of drafts through the API: the same operations as the studio's editor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from quytrinh.api import procedure_serializers as serializers
from quytrinh.api.procedures import AuthorView
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.wire import operation_from_json
from quytrinh.runtime import actions
from quytrinh.runtime.actions.edits import text_digest
from quytrinh.runtime.drawing import of_draft
from quytrinh.runtime.exceptions import EditNotPossible


class EditsView(AuthorView):
    """Edits."""

    @extend_schema(request=serializers.EditSerializer, responses=serializers.EditedSerializer)
    def post(self, request: Request, version_id: UUID) -> Response:
        """Do one operation: set, insert, move, delete, wrap, unwrap, rename, reorder, rewrite."""
        entered = self.entered(serializers.EditSerializer)
        try:
            operation = operation_from_json(entered["operation"])
        except EditRefused as refusal:
            raise EditNotPossible(refusal.message, hint=refusal.hint) from refusal
        return _shown(
            actions.edit_draft(
                version_id=version_id,
                actor=self.person,
                base=entered["base"],
                operation=operation,
            )
        )


class UndoView(AuthorView):
    """Taking back."""

    @extend_schema(request=serializers.UndoSerializer, responses=serializers.EditedSerializer)
    def post(self, request: Request, version_id: UUID) -> Response:
        """Take the last edit back."""
        entered = self.entered(serializers.UndoSerializer)
        return _shown(actions.undo_edit(version_id=version_id, actor=self.person, **entered))


class RedoView(AuthorView):
    """Making again."""

    @extend_schema(request=serializers.UndoSerializer, responses=serializers.EditedSerializer)
    def post(self, request: Request, version_id: UUID) -> Response:
        """Make the edit again that was last taken back."""
        entered = self.entered(serializers.UndoSerializer)
        return _shown(actions.redo_edit(version_id=version_id, actor=self.person, **entered))


def _shown(edited: actions.DraftEdited) -> Response:
    source = edited.version.source
    shown: dict[str, Any] = {
        "source": source,
        "base": text_digest(source),
        "step": edited.step,
        "ok": edited.result.ok,
        "diagnostics": edited.result.diagnostics,
        "drawing": of_draft(edited.version, edited.result),
    }
    return Response(serializers.EditedSerializer(shown).data)
