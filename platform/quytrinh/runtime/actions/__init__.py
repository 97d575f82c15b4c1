"""What people and machines do to cases and procedures; pages, API and commands call these."""

from __future__ import annotations

from quytrinh.runtime.actions.adopt import Adopted, adopt
from quytrinh.runtime.actions.asking_back import ask_document_back
from quytrinh.runtime.actions.begin import begin_case
from quytrinh.runtime.actions.drafts import DraftResult, delete_draft, save_draft, save_form
from quytrinh.runtime.actions.edits import DraftEdited, edit_draft, redo_edit, undo_edit
from quytrinh.runtime.actions.message import start_from_message
from quytrinh.runtime.actions.overtaking import answer_recall
from quytrinh.runtime.actions.perform import StepResult, mark_seen, perform
from quytrinh.runtime.actions.start import start_case
from quytrinh.runtime.actions.verbs import use_on_case, use_on_task
from quytrinh.runtime.actions.versions import promulgate, return_draft, submit

__all__ = [
    "Adopted",
    "DraftEdited",
    "DraftResult",
    "StepResult",
    "adopt",
    "answer_recall",
    "ask_document_back",
    "begin_case",
    "delete_draft",
    "edit_draft",
    "mark_seen",
    "perform",
    "promulgate",
    "redo_edit",
    "return_draft",
    "save_draft",
    "save_form",
    "start_case",
    "start_from_message",
    "submit",
    "undo_edit",
    "use_on_case",
    "use_on_task",
]
