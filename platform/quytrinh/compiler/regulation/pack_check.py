"""P001 to P012: what is wrong with a pack itself, told with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error, warning
from quytrinh.language.regulation import Regulation, Rule, Selector, Vocabulary
from quytrinh.language.source import Word
from quytrinh.spi import Registry

ANY = "any"
AFTER_CLERK = "after_clerk"
OF_PERSONS = frozenset({"comment", "reason"})


def check_pack(pack: Regulation, packs: Mapping[str, Regulation]) -> Iterator[Diagnostic]:
    """What can be said of a pack beside the other packs."""
    yield from _articles(pack)
    yield from _ids(pack)
    for word in pack.imports:
        if word.text not in packs:
            yield error("P008", word.span, f"Không có quy chế `{word.text}`", _near(word, packs))
    for conflict in pack.conflicts:
        yield from _conflicting(pack, conflict.other, conflict.rules, packs)


def check_vocabulary(vocabulary: Vocabulary, registry: Registry | None) -> Iterator[Diagnostic]:
    """What can be said of the words themselves."""
    for act in vocabulary.acts.values():
        for selector in act:
            yield from _known_run(selector, registry)


def fits_vocabulary(
    pack: Regulation, vocabulary: Vocabulary, registry: Registry | None
) -> Iterator[Diagnostic]:
    """Whether every word of the rules is known, and every rule can fire."""
    for rule in pack.rules:
        for selector in rule.all_selectors():
            yield from _selector(selector, pack, vocabulary, registry)
        yield from _words(rule, vocabulary)
        faults = list(_facts(rule, vocabulary))
        yield from faults
        if not faults and not is_possible(rule.when, vocabulary):
            message = f"Quy tắc {rule.id.text} không bao giờ áp dụng: không hồ sơ nào thỏa `when`"
            yield error("P009", rule.id.span, message, "xem `implies` của bảng từ")


def is_possible(when: Mapping[str, tuple[str, ...]], vocabulary: Vocabulary) -> bool:
    """Whether some circumstances meet a `when`, by what the facts imply."""
    concerned = {
        name for each in vocabulary.implies for name in (*each.condition, *each.consequence)
    }
    names = [name for name in when if name in concerned]
    others = [name for name in concerned if name not in when]
    values = [when[name] for name in names] + [vocabulary.facts[name].values for name in others]
    worlds = (dict(zip([*names, *others], combined, strict=True)) for combined in product(*values))
    return any(agrees(world, vocabulary) for world in worlds)


def agrees(world: Mapping[str, str], vocabulary: Vocabulary) -> bool:
    """Whether no fact of a world is ruled out by another."""
    for each in vocabulary.implies:
        held = all(world.get(name) in values for name, values in each.condition.items())
        if held and any(
            name in world and world[name] not in values for name, values in each.consequence.items()
        ):
            return False
    return True


def _articles(pack: Regulation) -> Iterator[Diagnostic]:
    for rule in pack.rules:
        for word in rule.cite:
            if word.text in pack.repealed:
                message = f"Điều {word.text} đã hết hiệu lực: {pack.repealed[word.text]}"
                yield error(
                    "P011", word.span, message, "dẫn điều khoản thay thế, hoặc `superseded_by`"
                )
            elif not pack.knows(word.text):
                message = f"Không có điều `{word.text}` trong `articles` của quy chế này"
                yield error("P001", word.span, message, _near(word, pack.articles))


def _ids(pack: Regulation) -> Iterator[Diagnostic]:
    seen: dict[str, Word] = {}
    for rule in pack.rules:
        first = seen.setdefault(rule.id.text, rule.id)
        if first is not rule.id:
            message = f"Mã quy tắc `{rule.id.text}` đã dùng ở dòng {first.span.line}"
            yield error("P006", rule.id.span, message)
    for rule in pack.rules:
        later = rule.superseded_by
        if later is not None and (later.text not in seen or later.text == rule.id.text):
            message = f"Không có quy tắc `{later.text}` để thay cho {rule.id.text}"
            yield error("P007", later.span, message, _near(later, seen))


def _conflicting(
    pack: Regulation, other: Word, rules: tuple[Word, ...], packs: Mapping[str, Regulation]
) -> Iterator[Diagnostic]:
    if other.text not in packs:
        yield error("P008", other.span, f"Không có quy chế `{other.text}`", _near(other, packs))
        return
    known = {rule.id.text for each in (pack, packs[other.text]) for rule in each.rules}
    for word in rules:
        if word.text not in known:
            message = f"Không có quy tắc `{word.text}` trong hai quy chế này"
            yield error("P008", word.span, message, _near(word, known))


def _selector(
    selector: Selector, pack: Regulation, vocabulary: Vocabulary, registry: Registry | None
) -> Iterator[Diagnostic]:
    acts = {**vocabulary.acts, **pack.acts}
    if selector.act is not None and selector.act.text not in acts:
        message = f"Không có hành vi `{selector.act.text}` trong bảng từ"
        yield error("P002", selector.act.span, message, _near(selector.act, acts))
    if selector.by is not None and selector.by.text not in vocabulary.capacities:
        yield _unknown_capacity(selector.by, vocabulary)
    yield from _known_run(selector, registry)


def _known_run(selector: Selector, registry: Registry | None) -> Iterator[Diagnostic]:
    run = selector.run
    if run is None or registry is None or not registry.names():
        return
    if run.text not in registry:
        message = f"Chưa có phần mở rộng `{run.text}`: quy tắc chưa thể xét"
        yield warning("P010", run.span, message, did_you_mean(run.text, registry.names()))
        return
    known = [outcome.id for outcome in registry.get(run.text).outcomes]
    for outcome in selector.outcomes:
        if outcome != ANY and outcome not in known:
            message = f"`{run.text}` không có kết quả `{outcome}`"
            yield error("P002", run.span, message, did_you_mean(outcome, known))


def _words(rule: Rule, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    by = rule.options.get("by")
    if by and by not in vocabulary.capacities:
        yield _unknown_capacity(Word(by, rule.places["by"]), vocabulary)
    for name in rule.options.get("machine", ()):
        if name != AFTER_CLERK and name not in vocabulary.acts:
            message = f"Không có hành vi `{name}` trong bảng từ"
            hint = did_you_mean(name, vocabulary.acts)
            yield error("P002", rule.places["machine"], message, hint)
    required = (name for offer in rule.offers for name in offer.requires)
    for name in (*rule.options.get("fields", ()), *required):
        if name not in vocabulary.fields and name not in OF_PERSONS:
            message = f"Bảng từ không có trường `{name}`"
            place = rule.places.get("fields") or rule.places.get("offers", rule.span)
            yield error("P012", place, message, did_you_mean(name, vocabulary.fields))


def _facts(rule: Rule, vocabulary: Vocabulary) -> Iterator[Diagnostic]:
    for name, values in rule.facts:
        fact = vocabulary.facts.get(name.text)
        if fact is None:
            message = f"Không có dữ kiện `{name.text}` trong bảng từ"
            yield error("P004", name.span, message, _near(name, vocabulary.facts))
            continue
        for word in values:
            if word.text not in fact.values:
                message = f"Dữ kiện `{name.text}` không có giá trị `{word.text}`"
                yield error("P004", word.span, message, _near(word, fact.values))


def _unknown_capacity(word: Word, vocabulary: Vocabulary) -> Diagnostic:
    message = f"Không có tư cách `{word.text}` trong bảng từ"
    return error("P003", word.span, message, _near(word, vocabulary.capacities))


def _near(word: Word, known: Mapping[str, object] | set[str] | tuple[str, ...]) -> str:
    return did_you_mean(word.text, known)
