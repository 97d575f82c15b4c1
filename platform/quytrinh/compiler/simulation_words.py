"""The sentences of a simulated case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from quytrinh.compiler.naming import Phrases, step_name
from quytrinh.compiler.plan import PlanStep
from quytrinh.compiler.simulation_choice import FINISHED, Option

_URGENCIES = {"urgent": "khẩn", "very_urgent": "thượng khẩn", "flash": "hỏa tốc"}
MACHINE = "hệ thống"


class Narrator:
    """Tells of one plan's steps by their names."""

    def __init__(self, phrases: Phrases, urgency: str) -> None:
        self.phrases = phrases
        self.plan = phrases.plan
        self.urgency = _URGENCIES.get(urgency, "")

    def beginning(self, due: datetime | None) -> str:
        urgent = f", độ khẩn {self.urgency}" if self.urgency else ""
        limit = f"; hạn chung {_moment(due)}" if due else ""
        return f"Hồ sơ bắt đầu theo quy trình “{self.plan.name}”{urgent}{limit}."

    def arrived(self, step: PlanStep, due: datetime | None, branch: str) -> str:
        limit = f"; hạn {_moment(due)}" if due else ""
        if step.kind == "wait":
            return f"{_in(branch)}Chờ ở “{step_name(step)}”{limit}."
        if step.kind == "call":
            return f"{_in(branch)}Lập hồ sơ con ở “{step_name(step)}”{limit}."
        return f"{_in(branch)}Việc “{step_name(step)}” đến {self._who(step)}{limit}."

    def done(self, step: PlanStep, chosen: Option, branch: str, *, late: bool) -> str:
        when = ", đã quá hạn" if late else ""
        if step.kind == "human":
            who = _capital(self._who(step))
            return f"{_in(branch)}{who} chọn “{chosen.label}” ở “{step_name(step)}”{when}."
        return self.outcome(step, chosen.key, branch, when)

    def outcome(self, step: PlanStep, outcome: str, branch: str, when: str = "") -> str:
        result = self.phrases.outcome(step, outcome)
        if step.kind == "wait":
            return f"{_in(branch)}Hết chờ ở “{step_name(step)}”: {result}{when}."
        if step.kind == "call":
            said = "" if outcome == FINISHED else f": {result}"
            return f"{_in(branch)}Hồ sơ con ở “{step_name(step)}” kết thúc{said}{when}."
        return f"{_in(branch)}Hệ thống làm “{step_name(step)}”: {result}{when}."

    def passed_over(self, step: PlanStep, branch: str) -> str:
        return f"{_in(branch)}Bỏ qua “{step_name(step)}”: điều kiện không thỏa."

    def chosen_case(self, step: PlanStep, target: str, branch: str) -> str:
        to = step_name(self.plan.step(target)) if target != "join" else "cuối nhánh"
        return f"{_in(branch)}Rẽ nhánh: đi tới “{to}”."

    def returned(self, step: PlanStep, target: PlanStep) -> str:
        return f"“{step_name(step)}” trả lại “{step_name(target)}”."

    def straight_back(self, step: PlanStep, target: PlanStep) -> str:
        return f"“{step_name(step)}” đã sửa xong, về thẳng “{step_name(target)}”."

    def late(self, step: PlanStep, branch: str) -> str:
        return f"{_in(branch)}“{step_name(step)}” quá hạn."

    def silence(self, step: PlanStep, label: str) -> str:
        return f"Im lặng quá hạn ở “{step_name(step)}”: coi như “{label}”."

    def ran_beside(self, step: PlanStep, run: str) -> str:
        title = self.phrases.plugin(run)
        return f"Vì quá hạn, hệ thống chạy thêm “{title}”; việc “{step_name(step)}” vẫn còn đó."

    def opened(self, step: PlanStep, branches: Sequence[str], due: datetime | None) -> str:
        if not branches:
            return f"“{step_name(step)}” không có nhánh nào, đi tiếp."
        limit = f"; hạn {_moment(due)}" if due else ""
        return f"“{step_name(step)}” mở {len(branches)} nhánh: {', '.join(branches)}{limit}."

    def joined(self, step: PlanStep, released: Sequence[str]) -> str:
        rest = f"; thôi việc ở nhánh {', '.join(released)}" if released else ""
        return f"“{step_name(step)}” xong{rest}."

    def ended(self, step: PlanStep) -> str:
        return f"Hồ sơ kết thúc: {step_name(step)}."

    def _who(self, step: PlanStep) -> str:
        return self.plan.roles[step.role].name if step.role else MACHINE


def _in(branch: str) -> str:
    return f"[{branch}] " if branch else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _moment(instant: datetime | None) -> str:
    return f"{instant:%H:%M %d/%m/%Y}" if instant else ""
