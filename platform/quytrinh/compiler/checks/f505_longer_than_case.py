"""F505: the deadlines on the shortest way through a procedure fit into that of the whole case."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from quytrinh.compiler.context import Context
from quytrinh.compiler.durations import in_words, minutes
from quytrinh.compiler.graph import EXIT, BlockGraph, Edge
from quytrinh.language.ast import Due, EachStep, EndStep, ParallelStep, Step, WaitStep
from quytrinh.language.diagnostics import Diagnostic, warning
from quytrinh.language.source import Word


def check(context: Context) -> Iterator[Diagnostic]:
    due = context.flow.due
    limit = minutes(due.within, due.calendar) if due else None
    if due is None or limit is None or not context.all_targets_known:
        return
    total = _Shortest(context, due.calendar).through(context.graph.top)
    if total is not None and total > limit:
        spent, allowed = in_words(total, due.calendar), in_words(limit, due.calendar)
        message = f"Cộng các hạn trên đường ngắn nhất ({spent}) vượt hạn chung ({allowed})"
        place = due.within.span if due.within else due.span
        yield warning("F505", place, message, "tăng hạn chung, hoặc giảm hạn các bước")


class _Shortest:
    """Sums of the deadlines counted on one calendar; others are left out."""

    def __init__(self, context: Context, calendar: Word | None) -> None:
        self._context = context
        self._calendar = calendar.text if calendar else ""

    def through(self, graph: BlockGraph) -> int | None:
        """The least time from the first step to the end; None if no way leads there."""
        steps = {step.id.text: step for step in graph.steps}
        ends = {step.id.text for step in graph.steps if isinstance(step, EndStep)} | {EXIT}
        leaving: dict[str, list[Edge]] = {}
        for edge in graph.edges:
            if edge.kind != "return":
                leaving.setdefault(edge.source, []).append(edge)
        waiting = [(0, graph.steps[0].id.text)]
        seen: set[str] = set()
        while waiting:
            spent, name = heapq.heappop(waiting)
            if name in ends:
                return spent
            if name in seen:
                continue
            seen.add(name)
            for edge in leaving.get(name, ()):
                heapq.heappush(waiting, (spent + self._time(steps[name], edge), edge.target))
        return None

    def _time(self, step: Step, edge: Edge) -> int:
        if edge.way == "passed":
            return 0
        if isinstance(step, WaitStep):
            dated = not step.events or edge.name == "time"
            return self._minutes(step.period, step.calendar) if dated else 0
        if step.due:
            return self._due(step.due)
        return self._inside(step)

    def _due(self, due: Due) -> int:
        # Counted from an instant of its own, a deadline does not add to the others.
        return 0 if due.since else self._minutes(due.within, due.calendar)

    def _minutes(self, period: Word | None, calendar: Word | None) -> int:
        same = (calendar.text if calendar else "") == self._calendar
        return minutes(period, calendar) or 0 if same else 0

    def _inside(self, step: Step) -> int:
        times = [self.through(graph) or 0 for graph in self._context.graph.inside(step.id.text)]
        if isinstance(step, ParallelStep):
            for position, branch in enumerate(step.branches):
                if branch.when and position < len(times):
                    times[position] = 0
            return max(times, default=0) if step.join.kind == "all" else min(times, default=0)
        # The list of an `each` may be empty, unless its units are fixed.
        return times[0] if isinstance(step, EachStep) and step.members.units and times else 0
