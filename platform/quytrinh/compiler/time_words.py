"""Time in the words of the people who read it: deadlines, waits, schedules, what lateness does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quytrinh.compiler.naming import Phrases, event_in_words
from quytrinh.compiler.plan import (
    JOIN,
    PlanDue,
    PlanOnLate,
    PlanRoute,
    PlanSchedule,
    PlanStart,
    PlanStep,
    PlanWait,
)

_MOMENTS = {
    "immediate": "ngay",
    "same_day": "trong ngày",
    "next_working_morning": "sáng ngày làm việc tiếp theo",
    "next_working_day": "ngày làm việc tiếp theo",
}
_UNITS = {"m": "phút", "h": "giờ", "d": "ngày", "w": "tuần", "y": "năm"}
_CALENDARS = {"working": " làm việc", "reception": " theo lịch tiếp nhận", "natural": ""}
_URGENCIES = {"urgent": "khẩn", "very_urgent": "thượng khẩn", "flash": "hỏa tốc"}
_PERIOD = re.compile(r"(\d+)([mhdwy])")
_EVERY = {
    "day": "hằng ngày",
    "week": "hằng tuần",
    "month": "hằng tháng",
    "quarter": "hằng quý",
    "half_year": "nửa năm một lần",
    "year": "hằng năm",
}
_DAYS = {
    "mon": "thứ Hai",
    "tue": "thứ Ba",
    "wed": "thứ Tư",
    "thu": "thứ Năm",
    "fri": "thứ Sáu",
    "sat": "thứ Bảy",
    "sun": "Chủ nhật",
    "first_working": "ngày làm việc đầu tiên",
    "last_working": "ngày làm việc cuối cùng",
}


def when_in_words(when: str, calendar: str = "working") -> str:
    """``2d`` as «2 ngày làm việc»."""
    period = _PERIOD.fullmatch(when)
    if period is None:
        return _MOMENTS.get(when, when)
    counted = _CALENDARS.get(calendar, f" theo lịch {calendar}")
    return f"{period[1]} {_UNITS[period[2]]}{counted}"


def period_in_words(period: str) -> str:
    """``2d`` as «2 ngày»."""
    return when_in_words(period, "natural")


def due_in_words(due: PlanDue | None, phrases: Phrases) -> str:
    """A deadline, whole: «1 ngày làm việc kể từ Thời điểm nhận; khẩn: 4 giờ; nhắc trước 1 giờ»."""
    return "; ".join(_due_parts(due, phrases)) if due else ""


def _due_parts(due: PlanDue, phrases: Phrases) -> Iterator[str]:
    since = f" kể từ {phrases.expression(due.since)}" if due.since else ""
    if due.within is not None:
        yield when_in_words(due.within, due.calendar) + since
    elif due.at is not None:
        yield f"đúng {phrases.expression(due.at)}"
    for level, when in due.by_urgency.items():
        yield f"{_URGENCIES.get(level, level)}: {period_in_words(when)}"
    for reminder in due.remind:
        whom = f" cho {phrases.role(reminder.to)}" if reminder.to else ""
        yield f"nhắc{whom} trước {period_in_words(reminder.before)}"
    for told in due.escalate:
        after = f" {period_in_words(told.after)}" if told.after else ""
        yield f"quá hạn{after} thì báo {phrases.role(told.to)}"


def due_briefly(due: PlanDue | None, phrases: Phrases) -> str:
    """A deadline as a box of the drawing shows it."""
    if due is None:
        return ""
    if due.within is None:
        return f"hạn: {phrases.expression(due.at or '')}"
    return f"hạn {period_in_words(due.within)}"


def late_in_words(step: PlanStep, phrases: Phrases) -> str:
    """What lateness of a step does: «quá hạn: tự “Đồng ý”»."""
    late = step.on_late
    if late is None:
        return ""
    if late.action is not None:
        labels = {action.id: action.label for action in step.actions}
        return f"quá hạn: tự “{labels.get(late.action, late.action)}”"
    return f"quá hạn: {_late_route(late, phrases)}"


def _late_route(late: PlanOnLate, phrases: Phrases) -> str:
    if late.route is None:
        return f"tự chạy “{phrases.plugin(late.run or '')}”"
    return route_in_words(late.route, phrases)


def route_in_words(route: PlanRoute, phrases: Phrases) -> str:
    """Where a route leads: «trả lại “Soạn thảo”, tối đa 2 lần»."""
    if route.return_to is not None:
        words = f"trả lại “{phrases.step(route.return_to)}”"
        if route.then == "back_here":
            words += ", xong quay lại thẳng đây"
    elif route.to == JOIN:
        words = "kết thúc nhánh"
    else:
        words = f"sang “{phrases.step(route.to or '')}”"
    return words + (f", tối đa {route.at_most} lần" if route.at_most else "")


def wait_in_words(wait: PlanWait, phrases: Phrases) -> str:
    """What a wait waits for: «chờ 3 ngày làm việc hoặc nơi gửi thu hồi văn bản»."""
    awaited = []
    if wait.period:
        awaited.append(when_in_words(wait.period, wait.calendar))
    if wait.until:
        awaited.append(f"đến {phrases.expression(wait.until)}")
    awaited += [event_in_words(event) for event in wait.events]
    condition = f" (khi {phrases.condition(wait.when)})" if wait.when else ""
    return f"chờ {' hoặc '.join(awaited)}{condition}"


def schedule_in_words(schedule: PlanSchedule) -> str:
    """When a schedule begins a case: «hằng tháng, ngày 25, lúc 08:00»."""
    parts = [_EVERY[schedule.every]]
    if schedule.day:
        parts.append(_DAYS.get(schedule.day, f"ngày {schedule.day}"))
    if schedule.before:
        parts.append(f"trước {period_in_words(schedule.before)}")
    if schedule.at:
        parts.append(f"lúc {schedule.at}")
    return ", ".join(parts)


def start_in_words(start: PlanStart, phrases: Phrases) -> str:
    """How a case begins: «Văn thư lập hồ sơ», «Khi nhận thư điện tử»."""
    if start.by:
        words = f"{phrases.role(start.by)} lập hồ sơ"
    elif start.schedule:
        words = schedule_in_words(start.schedule)
        words = words[0].upper() + words[1:]
    else:
        words = f"Khi {event_in_words(start.event or '')}"
    return words + (f", nếu {phrases.condition(start.when)}" if start.when else "")
