"""Example runs beside a procedure: lived on paper, and compared with what they say must happen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.compiler.simulation import Simulation, Story
from quytrinh.compiler.simulation_choice import Chooser
from quytrinh.deadlines.calendars import Calendars, build_calendars
from quytrinh.deadlines.files import shipped_years, special_days
from quytrinh.deadlines.paper import PaperClock
from quytrinh.language.runs import ExampleRun
from quytrinh.runtime.named_flows import NamedFlow


def national_calendars() -> Calendars:
    """Return the calendars of an agency that has declared none of its own."""
    return build_calendars(
        national=[day for year in shipped_years() for day in special_days(year.days)]
    )


def live(flow: NamedFlow, example: ExampleRun) -> Story:
    """Return what happens; raise Undecidable where it decides what is not offered."""
    urgent = {"urgency": example.urgency} if example.urgency else {}
    given = {name: typed(text) for name, text in example.given.items()}
    return Simulation(
        flow.phrases,
        clock=PaperClock(national_calendars(), example.urgency),
        chooser=Chooser(
            flow.plan, script=example.decide, values={**urgent, **given}, members=example.members
        ),
        start=timezone.make_aware(datetime.fromisoformat(example.start)),
        urgency=example.urgency,
    ).run()


def departures(story: Story, example: ExampleRun) -> Iterator[str]:
    """Say where a story is not what its example says."""
    if story.outcome != example.ends:
        found = {"found": story.outcome or _("chưa kết thúc"), "wanted": example.ends}
        yield _("kết thúc là “%(found)s”, không phải “%(wanted)s”") % found
    lines = iter(line.text for line in story.lines)
    for wanted in example.tells:
        if not any(wanted in line for line in lines):
            yield _("không kể, hoặc kể không đúng thứ tự: “%s”") % wanted
            break
    for unwanted in example.silent:
        if any(unwanted in line.text for line in story.lines):
            yield _("kể điều không được có: “%s”") % unwanted


def typed(text: str) -> Any:
    """Return a number or a truth value where a text looks like one, else the text."""
    try:
        return json.loads(text)
    except ValueError:
        return text
