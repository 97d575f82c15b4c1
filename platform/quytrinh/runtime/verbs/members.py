"""Members of an `each` added and released while it runs (flows/README.md, blocks)."""

from __future__ import annotations

from django.utils.translation import gettext as _
from viewflow.workflow.activation import Activation
from viewflow.workflow.token import Token

from quytrinh.runtime.engine.blocks import JoinActivation
from quytrinh.runtime.engine.members import member_branch
from quytrinh.runtime.engine.registry import flow_class
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import NODE_PREFIX
from quytrinh.runtime.scopes import OPEN, add_branch
from quytrinh.runtime.unit_of_work import UnitOfWork
from quytrinh.runtime.verbs.situation import Situation

MOST = 500


def add(work: UnitOfWork, situation: Situation, number: str, member: str) -> None:
    """Begin a branch for one more member; the block's deadline stays. Raises FormInvalid."""
    block = work.case.blocks[number]
    if situation.branch(number, member):
        raise FormInvalid({"unit": [_("Nơi này đã cùng xử lý.")]})
    if len(block["branches"]) >= MOST:
        raise FormInvalid({"unit": [_("Một khối có nhiều nhất 500 nơi cùng xử lý.")]})
    branch = member_branch(member, work, lead=False)
    kinds = {each["member_kind"] for each in block["branches"].values()}
    if branch["member_kind"] not in kinds:
        words = _("Khối này hỏi từng đơn vị; hãy chọn một đơn vị.")
        by_person = _("Khối này hỏi từng người; hãy chọn một người.")
        raise FormInvalid({"unit": [words if "unit" in kinds else by_person]})
    token = add_branch(work.case, number, branch)
    before = JoinActivation(work.block_task(number))
    node = getattr(flow_class(work.case.digest).instance, NODE_PREFIX + block["step"])
    first = node.first_of("")._create(before, Token(token))
    Activation._activate_next(before, {first})


def release(
    work: UnitOfWork, situation: Situation, number: str, member: str, new_lead: str
) -> None:
    """End a member's branch; what it said stays. The lead goes only once another leads."""
    found = situation.branch(number, member)
    if found is None or found[1]["state"] != OPEN:
        raise FormInvalid({"unit": [_("Nơi này không còn xử lý trong khối này.")]})
    token, branch = found
    if branch["lead"]:
        heir = situation.branch(number, new_lead) if new_lead != member else None
        if heir is None or heir[1]["state"] != OPEN:
            words = _("Nơi này chủ trì; hãy chọn nơi khác đang xử lý làm chủ trì thay.")
            raise FormInvalid({"new_lead": [words]})
        branch["lead"], heir[1]["lead"] = False, True
    work.release_branch(token, state="released", reason="released")
    join = JoinActivation(work.block_task(number))
    if join.complete.can_proceed():
        join.complete()
        join.activate_next()
