"""Regulation packs: what a text obliges, as data, and the vocabulary its rules are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quytrinh.language.diagnostics import Diagnostic, Span, error, finish
from quytrinh.language.kinds import json_schema
from quytrinh.language.regulation_schema import REGULATION, VOCABULARY
from quytrinh.language.schema import DIALECT
from quytrinh.language.shaping import Items, Record, Shaped, Shaper
from quytrinh.language.source import MapNode, Word, plain, read_source

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class Selector:
    """What a rule speaks of: an act by name, or one told in full; all that is given must hold.

    `reach`: the arrival at a step that would do one of these. `all_of`: each of these.
    """

    act: Word | None = None
    run: Word | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    outcomes: tuple[str, ...] = ()
    by: Word | None = None
    actions: tuple[str, ...] = ()
    verb: str = ""
    ends: tuple[str, ...] = ()
    writes: str = ""
    event: str = ""
    statuses: tuple[str, ...] = ()
    arrival: bool = False
    condition: str = ""
    reach: tuple[Selector, ...] = ()
    all_of: tuple[Selector, ...] = ()
    span: Span = field(compare=False, repr=False)

    def within(self) -> Iterator[Selector]:
        """Itself and every selector inside it."""
        yield self
        for each in (*self.reach, *self.all_of):
            yield from each.within()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An action, a verb or an act that a step must offer."""

    action: str = ""
    verb: str = ""
    act: Word | None = None
    leads_to: tuple[Selector, ...] = ()
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One obligation. `selectors` and `options` carry the keys of its pattern, by name."""

    id: Word
    pattern: str
    cite: tuple[Word, ...]
    severity: str
    message: str
    hint: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    covers: tuple[str, ...] = ()
    superseded_by: Word | None = None
    selectors: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict, hash=False)
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    offers: tuple[Offer, ...] = ()
    facts: tuple[tuple[Word, tuple[Word, ...]], ...] = field(default=(), compare=False, repr=False)
    places: Mapping[str, Span] = field(default_factory=dict, compare=False, repr=False)
    span: Span = field(compare=False, repr=False)

    @property
    def is_in_force(self) -> bool:
        """Whether no later rule took its place."""
        return self.superseded_by is None

    def select(self, key: str) -> tuple[Selector, ...]:
        """The selectors of one key; none where the rule does not give it."""
        return self.selectors.get(key, ())

    def all_selectors(self) -> Iterator[Selector]:
        """Every selector the rule mentions, however deep."""
        offered = (each for offer in self.offers for each in offer.leads_to)
        for selector in (*(s for group in self.selectors.values() for s in group), *offered):
            yield from selector.within()


@dataclass(frozen=True, kw_only=True)
class Conflict:
    """A contradiction with another pack that is known, and which of the two prevails."""

    other: Word
    rules: tuple[Word, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class Regulation:
    """A pack; `articles` in the order of the file, by citation."""

    id: Word
    title: str
    short: str
    draft: bool
    national: bool
    binds: Mapping[str, str] = field(hash=False)
    since: date | None
    until: date | None
    imports: tuple[Word, ...]
    acts: Mapping[str, tuple[Selector, ...]] = field(hash=False)
    articles: Mapping[str, str] = field(hash=False)
    repealed: Mapping[str, str] = field(hash=False)
    unverified: frozenset[str]
    rules: tuple[Rule, ...]
    conflicts: tuple[Conflict, ...]
    span: Span = field(compare=False, repr=False)

    def in_force_on(self, day: date) -> bool:
        """Whether the text binds on a day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )

    def knows(self, article: str) -> bool:
        """Whether the pack has this article, clause or point, or a part of it."""
        inside = f"{article}."
        return article in self.articles or any(each.startswith(inside) for each in self.articles)


@dataclass(frozen=True)
class Telling:
    """An outcome that is there only where a fact has one of these values."""

    run: str
    outcomes: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One circumstance, its possible values, and what of a case tells it."""

    values: tuple[str, ...]
    case_field: str = ""
    absent: tuple[str, ...] = ()
    slot: str = ""
    filled: tuple[str, ...] = ()
    told_by: tuple[Telling, ...] = ()
    # What is possible where no form asks; what the plugins of a flow show to be possible.
    unless_asked: tuple[str, ...] = ()
    shown_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Implication:
    """Where the first holds, only the second is possible."""

    condition: Mapping[str, tuple[str, ...]]
    consequence: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words that rules share: acts, capacities of people, fields of forms, facts."""

    id: Word
    acts: Mapping[str, tuple[Selector, ...]] = field(hash=False)
    names: Mapping[str, str] = field(hash=False)
    # A capacity: ways of finding people (`role`, `position` …) with the values they may have.
    capacities: Mapping[str, tuple[Mapping[str, tuple[str, ...]], ...]] = field(hash=False)
    # What a plugin takes for a parameter that a step does not give.
    defaults: Mapping[str, Mapping[str, str]] = field(hash=False)
    fields: Mapping[str, tuple[str, ...]] = field(hash=False)
    facts: Mapping[str, Fact] = field(hash=False)
    implies: tuple[Implication, ...]
    lasting: frozenset[str]
    once: frozenset[str]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True)
class RegulationResult:
    """What a file declares (None when an error makes it unusable), and what was found."""

    found: Regulation | Vocabulary | None
    diagnostics: tuple[Diagnostic, ...]


def regulation_schema_json() -> dict[str, Any]:
    """The published JSON Schema of a pack."""
    title = "Quy trình: tệp khai báo quy chế (regulation)"
    return {"$schema": DIALECT, **json_schema(REGULATION), "title": title}


def vocabulary_schema_json() -> dict[str, Any]:
    """The published JSON Schema of the vocabulary of rules."""
    title = "Quy trình: bảng từ của quy chế (vocabulary)"
    return {"$schema": DIALECT, **json_schema(VOCABULARY), "title": title}


def read_regulation(text: str | bytes, *, file: str) -> RegulationResult:
    """Read one pack or vocabulary; what needs other files is checked by the compiler."""
    source = read_source(text, file=file)
    root = source.root
    if not isinstance(root, MapNode):
        return RegulationResult(None, finish(source.diagnostics, source.text))
    is_pack = root.get("vocabulary") is None
    shaper = Shaper()
    shaped = shaper.shape(root, REGULATION if is_pack else VOCABULARY)
    diagnostics = [*source.diagnostics, *shaper.diagnostics]
    found: Regulation | Vocabulary | None = None
    if isinstance(shaped, Record) and not shaper.broken:
        diagnostics += _impossible_days(shaped)
    if isinstance(shaped, Record) and not any(each.is_error for each in diagnostics):
        found = _regulation(shaped) if is_pack else _vocabulary(shaped)
    if isinstance(found, Regulation):
        diagnostics += _numbers_as_articles(found)
    return RegulationResult(found, finish(diagnostics, source.text))


def _impossible_days(record: Record) -> Iterator[Diagnostic]:
    effective = record.record("effective")
    for word in (effective.maybe(name) for name in ("from", "until")) if effective else ():
        try:
            date.fromisoformat(word.text if word else "2000-01-01")
        except ValueError:
            assert word is not None
            yield error("F011", word.span, f"Không có ngày `{word.text}`", "viết như 2016-03-28")


def _numbers_as_articles(pack: Regulation) -> Iterator[Diagnostic]:
    """P005: `cite: 8.1` is a number to other readers of YAML, which make 8.1 of 8.10."""
    for rule in pack.rules:
        for word in rule.cite:
            quoted = word.span.end_column - word.span.column > len(word.text)
            if not quoted and _NUMBER.fullmatch(word.text):
                message = f"Điều khoản `{word.text}` viết như một con số"
                yield error("P005", word.span, message, f'đặt trong nháy: "{word.text}"')


def _regulation(record: Record) -> Regulation:
    effective = record.record("effective")
    return Regulation(
        id=record.word("regulation"),
        title=record.word("title").text,
        short=record.word("short").text,
        draft=_text(record, "status") == "draft",
        national=record.flag("national"),
        binds=_texts(record, "binds"),
        since=_day(effective, "from"),
        until=_day(effective, "until"),
        imports=record.words("imports"),
        acts=_acts(record),
        articles=_texts(record, "articles"),
        repealed=_texts(record, "repealed"),
        unverified=frozenset(word.text for word in record.words("unverified")),
        rules=tuple(_rule(each) for each in record.records("rules")),
        conflicts=tuple(
            Conflict(
                other=each.word("with"), rules=each.words("rules"), note=each.word("note").text
            )
            for each in record.records("conflicts")
        ),
        span=record.span,
    )


def _vocabulary(record: Record) -> Vocabulary:
    return Vocabulary(
        id=record.word("vocabulary"),
        acts=_acts(record),
        names=_texts(record, "names"),
        capacities={key.text: _ways(value) for key, value in record.pairs("capacities")},
        defaults=plain(defaults) if (defaults := record.node("defaults")) else {},
        fields=_lists(record, "fields"),
        facts={key.text: _fact(each) for key, each in record.record_pairs("facts")},
        implies=tuple(
            Implication(_lists(each, "if"), _lists(each, "then"))
            for each in record.records("implies")
        ),
        lasting=frozenset(word.text for word in record.words("lasting")),
        once=frozenset(word.text for word in record.words("once")),
        span=record.span,
    )


def _rule(record: Record) -> Rule:
    selectors = {
        name: tuple(_selector(each) for each in record.records(name))
        for name in _SELECTOR_KEYS
        if name in record.values
    }
    taken = {*selectors, *_HEAD_KEYS, "offers"}
    return Rule(
        id=record.word("id"),
        pattern=record.word("pattern").text,
        cite=record.words("cite"),
        severity=record.word("severity").text,
        message=record.word("message").text,
        hint=_text(record, "hint"),
        when=_lists(record, "when"),
        facts=record.word_lists("when"),
        covers=tuple(word.text for word in record.words("covers")),
        superseded_by=record.maybe("superseded_by"),
        selectors=selectors,
        options={name: _plain(value) for name, value in record.values.items() if name not in taken},
        offers=tuple(_offer(each) for each in record.records("offers")),
        places=record.keys,
        span=record.word("id").span,
    )


_HEAD_KEYS = frozenset(
    ("id", "pattern", "cite", "severity", "message", "hint", "when", "covers", "superseded_by")
)
_SELECTOR_KEYS = (
    *("of", "after", "until", "first", "then", "undone_by", "order", "trigger", "unless"),
    *("next", "from", "to"),
)


def _selector(record: Record) -> Selector:
    parameters = record.node("with")
    return Selector(
        act=record.maybe("act"),
        run=record.maybe("run"),
        parameters=plain(parameters) if isinstance(parameters, MapNode) else {},
        outcomes=_all(record, "outcome"),
        by=record.maybe("by"),
        actions=_all(record, "action"),
        verb=_text(record, "verb"),
        ends=_all(record, "end"),
        writes=_text(record, "writes"),
        event=_text(record, "event"),
        statuses=_all(record, "status"),
        arrival=record.flag("arrival"),
        condition=_text(record, "if"),
        reach=tuple(_selector(each) for each in record.records("reach")),
        all_of=tuple(_selector(each) for each in record.records("all_of")),
        span=record.span,
    )


def _offer(record: Record) -> Offer:
    return Offer(
        action=_text(record, "action"),
        verb=_text(record, "verb"),
        act=record.maybe("act"),
        leads_to=tuple(_selector(each) for each in record.records("leads_to")),
        requires=_all(record, "requires"),
    )


def _fact(record: Record) -> Fact:
    return Fact(
        values=_all(record, "values"),
        case_field=_text(record, "field"),
        absent=_all(record, "absent"),
        slot=_text(record, "slot"),
        filled=_all(record, "filled"),
        told_by=tuple(
            Telling(each.word("run").text, _all(each, "outcome"), _all(each, "values"))
            for each in record.records("told_by")
        ),
        unless_asked=_all(record, "unless_asked"),
        shown_by=_lists(record, "shown_by"),
        labels=_texts(record, "labels"),
    )


def _acts(record: Record) -> dict[str, tuple[Selector, ...]]:
    return {
        key.text: tuple(_selector(each) for each in value.items if isinstance(each, Record))
        for key, value in record.pairs("acts")
        if isinstance(value, Items)
    }


def _ways(value: Shaped) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """The ways of finding people of one capacity."""
    assert isinstance(value, Items)
    found = (_plain(each) for each in value.items)
    return tuple({kind: tuple(values) for kind, values in each.items()} for each in found)


def _plain(value: Shaped) -> Any:
    """A shaped value without its places."""
    if isinstance(value, Word):
        return value.text
    if isinstance(value, Items):
        return tuple(_plain(item) for item in value.items)
    if isinstance(value, Record):
        return {name: _plain(each) for name, each in value.values.items()}
    if hasattr(value, "pairs"):
        return {key.text: _plain(each) for key, each in value.pairs}
    return plain(value.node)


def _text(record: Record, name: str) -> str:
    word = record.maybe(name)
    return word.text if word else ""


def _all(record: Record, name: str) -> tuple[str, ...]:
    return tuple(word.text for word in record.words(name))


def _texts(record: Record, name: str) -> dict[str, str]:
    return {key.text: value.text for key, value in record.word_pairs(name)}


def _lists(record: Record, name: str) -> dict[str, tuple[str, ...]]:
    return {key.text: tuple(word.text for word in words) for key, words in record.word_lists(name)}


def _day(record: Record | None, name: str) -> date | None:
    text = _text(record, name) if record else ""
    return date.fromisoformat(text) if text else None
