"""Files of example runs: `runs: <flow>` lists lives of cases on paper and what must happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from quytrinh.language.diagnostics import Diagnostic, Span, finish
from quytrinh.language.kinds import Choice, Key, ListOf, MapOf, Object, OneKindOf, Text
from quytrinh.language.manifest import KEY, NAME
from quytrinh.language.schema import LOCAL_ID
from quytrinh.language.shaping import Record, Shaper
from quytrinh.language.source import read_source

INSTANT = Text(
    "thời điểm, ví dụ 2026-11-23T08:00",
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}",
    max_length=16,
)
URGENCIES = ("normal", "urgent", "very_urgent", "flash")
PLACE = Text("bước, hoặc điều kiện của bước (`bước?`)", max_length=100)
VALUE = Text("giá trị", max_length=1000, numeric=True, truth=True)
SENTENCE = Text("đoạn lời kể", max_length=500)

_EXAMPLE = Object(
    "ví dụ",
    (
        Key("name", NAME, required=True, help="Ví dụ về việc gì"),
        Key("start", INSTANT, required=True, help="Hồ sơ bắt đầu lúc nào"),
        Key("urgency", Choice(URGENCIES), help="Độ khẩn"),
        Key("given", MapOf(LOCAL_ID, VALUE), help="Dữ liệu của hồ sơ"),
        Key("members", MapOf(LOCAL_ID, ListOf(NAME, maximum=50)), help="Thành viên của mỗi khối"),
        Key(
            "decide",
            MapOf(PLACE, ListOf(VALUE, single=True, minimum=1)),
            help="Bước: thao tác hoặc kết quả, lần lượt; `bước?`: yes hay no",
        ),
        Key("tells", ListOf(SENTENCE, minimum=1), help="Lời kể phải có, theo thứ tự"),
        Key("silent", ListOf(SENTENCE, minimum=1), help="Lời kể không được có"),
        Key("ends", LOCAL_ID, required=True, help="Kết quả của hồ sơ"),
    ),
)
RUNS = Object(
    "ví dụ chạy thử",
    (
        Key("quytrinh", Choice(("1",), code="F010"), required=True, help="Phiên bản ngôn ngữ"),
        Key("runs", KEY, required=True, help="Mã quy trình"),
        Key("examples", ListOf(_EXAMPLE, minimum=1, maximum=100), required=True, help="Các ví dụ"),
    ),
)
RUNS_FILE = OneKindOf("tệp", "runs", {"runs": RUNS})


@dataclass(frozen=True)
class ExampleRun:
    """One life of a case; `tells` must be told in this order, `silent` nowhere."""

    name: str
    start: str
    ends: str
    urgency: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    decide: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tells: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class RunsResult:
    """The examples of one flow, empty when an error makes the file unusable."""

    flow: str
    examples: tuple[ExampleRun, ...]
    diagnostics: tuple[Diagnostic, ...]


def check_runs(text: str | bytes, file: str) -> RunsResult:
    """Check a file of example runs by itself; the flow it names is not looked at."""
    source = read_source(text, file=file)
    diagnostics = list(source.diagnostics)
    flow = ""
    examples: tuple[ExampleRun, ...] = ()
    if source.root is not None:
        shaper = Shaper()
        shaped = shaper.shape(source.root, RUNS_FILE)
        diagnostics += shaper.diagnostics
        if isinstance(shaped, Record) and not shaper.broken:
            flow = shaped.word("runs").text
            examples = tuple(_example(each) for each in shaped.records("examples"))
    return RunsResult(flow, examples, finish(diagnostics, source.text))


def _example(record: Record) -> ExampleRun:
    urgency = record.maybe("urgency")
    return ExampleRun(
        name=record.word("name").text,
        start=record.word("start").text,
        ends=record.word("ends").text,
        urgency=urgency.text if urgency else "",
        given={key.text: value.text for key, value in record.word_pairs("given")},
        members=_lists(record, "members"),
        decide=_lists(record, "decide"),
        tells=tuple(word.text for word in record.words("tells")),
        silent=tuple(word.text for word in record.words("silent")),
        span=record.span,
    )


def _lists(record: Record, name: str) -> dict[str, tuple[str, ...]]:
    return {key.text: tuple(word.text for word in words) for key, words in record.word_lists(name)}
