"""Files of time: `calendar: 2026` (public holidays of a year), `calendars: <agency>` (its hours).

Days are told one by one, as announcements tell them: nothing is computed from the moon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from quytrinh.language.diagnostics import Diagnostic, Span, error, finish
from quytrinh.language.kinds import Choice, Key, ListOf, MapOf, Object, OneKindOf, Text, Truth
from quytrinh.language.manifest import KEY, NAME, SLUG
from quytrinh.language.schema import CALENDARS, HOUR_PATTERN, WEEKDAYS
from quytrinh.language.shaping import Record, Shaper
from quytrinh.language.source import Word, read_source

NATURAL = "natural"
KINDS_OF_DAY = ("holiday", "morning", "work")
_DAY = "|".join(WEEKDAYS)
_VERSION = Key("quytrinh", Choice(("1",), code="F010"), required=True, help="Phiên bản ngôn ngữ")

DATE = Text("ngày", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", max_length=10)
YEAR = Text("năm", r"20[0-9]{2}", max_length=4, numeric=True)
WEEK_KEY = Text("thứ trong tuần, ví dụ mon, mon-fri", rf"(?:{_DAY})(?:-(?:{_DAY}))?", max_length=7)
SESSION = Text(
    "buổi làm việc, ví dụ 07:30-11:30",
    rf"{HOUR_PATTERN}-(?:{HOUR_PATTERN}|24:00)",
    max_length=11,
)
NUMBER = Text("số, ký hiệu văn bản", max_length=100)
IMMEDIATE = Text("khoảng thời gian, ví dụ 15m", r"[1-9][0-9]{0,2}[mh]", "F501", 4)

_DAY_KEYS = (
    Key("date", DATE, required=True, help="Ngày, viết 2026-02-17"),
    Key(
        "kind",
        Choice(KINDS_OF_DAY),
        required=True,
        help="Nghỉ, chỉ làm buổi sáng, hay làm việc (ngày vốn nghỉ)",
    ),
    Key("name", NAME, required=True, help="Dịp gì"),
    Key("made_up_on", DATE, help="Làm bù vào ngày này"),
)
NATIONAL = Object(
    "ngày nghỉ lễ, tết cả nước",
    (
        _VERSION,
        Key("calendar", YEAR, required=True, help="Năm"),
        Key(
            "days",
            ListOf(
                Object(
                    "ngày",
                    (
                        *_DAY_KEYS,
                        Key("announcement", NUMBER, help="Số, ký hiệu văn bản thông báo"),
                        Key("estimated", Truth(only=True), help="Dự kiến, chưa có thông báo"),
                    ),
                    one_of=("announcement", "estimated"),
                ),
                maximum=200,
            ),
            required=True,
            help="Những ngày khác ngày thường",
        ),
    ),
)
AGENCY = Object(
    "lịch của cơ quan",
    (
        _VERSION,
        Key("calendars", SLUG, required=True, help="Mã cơ quan"),
        Key("immediate", IMMEDIATE, help="“Ngay” là trong bao lâu; mặc định 15m"),
        Key(
            "hours",
            MapOf(
                KEY,
                Object(
                    "giờ làm việc",
                    (
                        Key("name", NAME, help="Tên lịch"),
                        Key("holidays", Truth(), help="Nghỉ lễ, tết như cả nước; mặc định có"),
                        Key(
                            "week",
                            MapOf(WEEK_KEY, ListOf(SESSION, minimum=1, maximum=4), minimum=1),
                            required=True,
                            help="Các buổi theo thứ trong tuần; thứ không ghi là nghỉ",
                        ),
                    ),
                ),
                maximum=20,
            ),
            help="Theo từng lịch: working, reception, hoặc lịch riêng",
        ),
        Key(
            "days",
            ListOf(
                Object(
                    "ngày",
                    (
                        *_DAY_KEYS,
                        Key("announcement", NUMBER, help="Số, ký hiệu văn bản của cơ quan"),
                        Key("calendars", ListOf(KEY, maximum=20), help="Chỉ của những lịch này"),
                    ),
                ),
                maximum=400,
            ),
            help="Ngày riêng của cơ quan, thay cho lịch cả nước",
        ),
    ),
)
CALENDAR_FILE = OneKindOf("tệp", "calendar", {"calendar": NATIONAL, "calendars": AGENCY})


@dataclass(frozen=True)
class DayEntry:
    """A day that is otherwise; `made_up_on` = the day on which this one is worked instead."""

    day: date
    kind: str
    name: str
    announcement: str = ""
    estimated: bool = False
    made_up_on: date | None = None
    calendars: tuple[str, ...] = ()


@dataclass(frozen=True)
class HoursEntry:
    """A calendar of an agency: sessions as texts for each weekday, Monday first."""

    key: str
    week: tuple[tuple[str, ...], ...]
    name: str = ""
    holidays: bool = True


@dataclass(frozen=True)
class NationalYear:
    year: int
    days: tuple[DayEntry, ...]


@dataclass(frozen=True)
class AgencyCalendars:
    slug: str
    immediate: str = ""
    hours: tuple[HoursEntry, ...] = ()
    days: tuple[DayEntry, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class CalendarResult:
    """`found` is None when an error makes it unusable."""

    found: NationalYear | AgencyCalendars | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        return self.found is not None and not any(each.is_error for each in self.diagnostics)


def calendar_names(declared: AgencyCalendars | None) -> tuple[str, ...]:
    """The calendars on which an agency's deadlines may be counted: those of all, and its own."""
    own = tuple(entry.key for entry in declared.hours) if declared else ()
    return tuple(dict.fromkeys((*CALENDARS, *own)))


def check_calendar_file(text: str | bytes, file: str) -> CalendarResult:
    """Check a year of public holidays or the calendars of an agency; its key tells which."""
    source = read_source(text, file=file)
    diagnostics = list(source.diagnostics)
    found: NationalYear | AgencyCalendars | None = None
    if source.root is not None:
        shaper = Shaper()
        shaped = shaper.shape(source.root, CALENDAR_FILE)
        diagnostics += shaper.diagnostics
        if isinstance(shaped, Record) and not shaper.broken:
            faults = list(_faults(shaped))
            diagnostics += faults
            if not faults:
                found = _national(shaped) if "calendar" in shaped.values else _agency(shaped)
    findings = finish(diagnostics, source.text)
    return CalendarResult(None if any(each.is_error for each in findings) else found, findings)


def _national(record: Record) -> NationalYear:
    return NationalYear(
        year=int(record.word("calendar").text),
        days=tuple(_day(each) for each in record.records("days")),
    )


def _agency(record: Record) -> AgencyCalendars:
    immediate = record.maybe("immediate")
    return AgencyCalendars(
        slug=record.word("calendars").text,
        immediate=immediate.text if immediate else "",
        hours=tuple(_hours(key.text, each) for key, each in record.record_pairs("hours")),
        days=tuple(_day(each) for each in record.records("days")),
        span=record.span,
    )


def _day(record: Record) -> DayEntry:
    announcement, made_up_on = record.maybe("announcement"), record.maybe("made_up_on")
    return DayEntry(
        day=date.fromisoformat(record.word("date").text),
        kind=record.word("kind").text,
        name=record.word("name").text,
        announcement=announcement.text if announcement else "",
        estimated=record.flag("estimated"),
        made_up_on=date.fromisoformat(made_up_on.text) if made_up_on else None,
        calendars=tuple(word.text for word in record.words("calendars")),
    )


def _hours(key: str, record: Record) -> HoursEntry:
    week: list[tuple[str, ...]] = [() for _ in WEEKDAYS]
    for days, sessions in record.word_lists("week"):
        for day in _weekdays(days.text):
            week[day] = tuple(word.text for word in sessions)
    name, holidays = record.maybe("name"), record.maybe("holidays")
    return HoursEntry(
        key=key,
        week=tuple(week),
        name=name.text if name else "",
        holidays=holidays is None or holidays.text == "true",
    )


def _weekdays(text: str) -> range:
    first, _, last = text.partition("-")
    return range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def _faults(record: Record) -> Iterator[Diagnostic]:
    """What is well shaped and still cannot be meant."""
    days = record.records("days")
    dates = [
        word for each in days for word in (each.word("date"), each.maybe("made_up_on")) if word
    ]
    unreal = [fault for word in dates for fault in _unreal(word)]
    yield from unreal
    if not unreal:
        yield from _days_twice(days)
        yield from _outside_year(record, days)
    yield from (fault for each in days for fault in _made_up_work(each))
    known = {"working", "reception", *(key.text for key, _ in record.record_pairs("hours"))}
    for each in days:
        yield from (
            _unknown(word, known) for word in each.words("calendars") if word.text not in known
        )
    for key, hours in record.record_pairs("hours"):
        yield from _hours_faults(key, hours)


def _unreal(word: Word) -> Iterator[Diagnostic]:
    try:
        date.fromisoformat(word.text)
    except ValueError:
        yield error("F011", word.span, f"Không có ngày `{word.text}`")


def _days_twice(days: Iterable[Record]) -> Iterator[Diagnostic]:
    """A day is told once for each calendar, whether as a day of its own or as one made up."""
    seen: dict[tuple[str, str], Word] = {}
    for each in days:
        calendars = [word.text for word in each.words("calendars")] or [""]
        for word in filter(None, (each.word("date"), each.maybe("made_up_on"))):
            for calendar in calendars:
                first = seen.setdefault((word.text, calendar), word)
                if first is not word:
                    message = f"Ngày `{word.text}` khai hai lần (lần đầu ở dòng {first.span.line})"
                    yield error("F004", word.span, message)


def _outside_year(record: Record, days: Iterable[Record]) -> Iterator[Diagnostic]:
    if "calendar" not in record.values:
        return
    year = record.word("calendar").text
    for each in days:
        word = each.word("date")
        if not word.text.startswith(year):
            yield error("F011", word.span, f"Ngày `{word.text}` không thuộc năm {year}")


def _made_up_work(day: Record) -> Iterator[Diagnostic]:
    made_up_on = day.maybe("made_up_on")
    if made_up_on and day.word("kind").text != "holiday":
        message = "`made_up_on` chỉ dùng với ngày nghỉ (`kind: holiday`)"
        yield error("F009", made_up_on.span, message)


def _unknown(word: Word, known: Iterable[str]) -> Diagnostic:
    listed = ", ".join(f"`{each}`" for each in sorted(known))
    return error("F106", word.span, f"Không có lịch `{word.text}`", f"hiện có: {listed}")


def _hours_faults(key: Word, hours: Record) -> Iterator[Diagnostic]:
    if key.text == NATURAL:
        yield error("F006", key.span, "Lịch `natural` là mọi ngày, mọi giờ; không khai lại được")
    seen: dict[int, Word] = {}
    for days, sessions in hours.word_lists("week"):
        covered = _weekdays(days.text)
        if not covered:
            yield error("F011", days.span, f"Giá trị `{days.text}` đi ngược tuần")
        for day in covered:
            if seen.setdefault(day, days) is not days:
                yield error("F004", days.span, f"Thứ `{WEEKDAYS[day]}` khai hai lần")
        yield from _out_of_order(sessions)


def _out_of_order(sessions: Iterable[Word]) -> Iterator[Diagnostic]:
    """Sessions follow one another in the day."""
    end = ""
    for word in sessions:
        opens, closes = word.text.split("-")
        if not end <= opens < closes:
            yield error(
                "F011", word.span, f"Buổi `{word.text}` không đi sau buổi trước, hoặc ngược"
            )
        end = closes
