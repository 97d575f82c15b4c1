"""Stories for people: steps by their names, what was chosen in brackets, open conditions told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quytrinh.compiler.regulation.course import Moment, is_visible
from quytrinh.compiler.regulation.search import Piece
from quytrinh.compiler.regulation.worlds import World
from quytrinh.language.ast import EndStep, HumanStep, ServiceStep, Step
from quytrinh.language.regulation import Rule, Selector, Vocabulary
from quytrinh.spi import Registry

ARROW = " → "
BESIDE = "‖"


def story_of(
    pieces: Sequence[Piece], registry: Registry, world: World, vocabulary: Vocabulary, rule: Rule
) -> str:
    """The story as one line; circumstances first where the rule or the flow distinguishes them."""
    told = list(_parts(pieces, registry))
    return _circumstances(world, vocabulary, rule) + ARROW.join(told)


def cure_of(rule: Rule, vocabulary: Vocabulary) -> str:
    """What would make it right: the rule's own hint, or what its pattern asks."""
    if rule.hint:
        return rule.hint
    said = {name: _named(selectors, vocabulary) for name, selectors in rule.selectors.items()}
    match rule.pattern:
        case "precedence":
            return f"mọi đường tới “{said['then']}” phải qua “{said['first']}” trước"
        case "order":
            return f"làm theo thứ tự: {said['order'].replace(' hoặc ', ', ')}"
        case "response":
            return (
                f"sau “{said['trigger']}”, mọi đường phải qua “{said['then']}” trước khi kết thúc"
            )
        case "existence" if "at_most" not in rule.options:
            return f"mọi đường tới kết thúc phải qua “{said['of']}”"
        case "absence" if "after" in said:
            return f"không để đường nào tới “{said['of']}” sau “{said['after']}”"
        case "chain_response":
            return f"ngay sau “{said['trigger']}” phải là “{said['next']}”"
    return ""


def _named(selectors: Sequence[Selector], vocabulary: Vocabulary) -> str:
    return " hoặc ".join(_name_of(each, vocabulary) for each in selectors)


def _name_of(selector: Selector, vocabulary: Vocabulary) -> str:
    if selector.act is not None:
        return vocabulary.names.get(selector.act.text, selector.act.text)
    if selector.all_of:
        return " và ".join(_name_of(each, vocabulary) for each in selector.all_of)
    if selector.reach:
        return f"bước {_named(selector.reach, vocabulary)}"
    if selector.run is not None:
        return next(
            (
                vocabulary.names[name]
                for name, act in vocabulary.acts.items()
                if name in vocabulary.names
                and any(each.run and each.run.text == selector.run.text for each in act)
            ),
            selector.run.text,
        )
    told = (selector.by.text if selector.by else "", selector.event, *selector.actions)
    return " ".join(filter(None, (*told, *selector.ends, *selector.statuses)))


def _parts(pieces: Sequence[Piece], registry: Registry) -> Iterator[str]:
    last = next((p for p in reversed(pieces) if p.moment.step is not None), None)
    for piece in pieces:
        moment = piece.moment
        step = moment.step
        arrived = moment.kind == "reach" and (piece is last or isinstance(step, EndStep))
        if step is None or not is_visible(step) or not (moment.kind == "done" or arrived):
            continue
        said = _name(step) + _open(piece)
        if moment.kind == "done":
            said += _choice(moment, step, registry)
        yield f"{BESIDE} {said} {BESIDE}" if piece.beside else said


def _choice(moment: Moment, step: Step, registry: Registry) -> str:
    if moment.action is not None and isinstance(step, HumanStep):
        return f" [{moment.action.label.text}]" if len(step.actions) > 1 else ""
    if moment.way == "late":
        return " [quá hạn]"
    run = step.run if isinstance(step, HumanStep | ServiceStep) else None
    if moment.way != "outcome" or run is None or run.text not in registry or moment.succeeded:
        return ""
    titles = {each.id: each.title for each in registry.get(run.text).outcomes}
    return f" [{titles.get(moment.name, moment.name).lower()}]"


def _open(piece: Piece) -> str:
    if not piece.guards:
        return ""
    said = (f"`{text}` {'đúng' if wanted else 'sai'}" for text, wanted in piece.guards)
    return f" (nếu {' và '.join(said)})"


def _circumstances(world: World, vocabulary: Vocabulary, rule: Rule) -> str:
    """The facts this story is about, as people say them."""
    known = {**{name: values[0] for name, values in rule.when.items() if len(values) == 1}}
    known |= {name: value for name, value in world.facts.items() if name in known or rule.when}
    told = [
        vocabulary.facts[name].labels[value]
        for name, value in known.items()
        if name in vocabulary.facts and value in vocabulary.facts[name].labels
    ]
    return f"Với {', '.join(dict.fromkeys(told))}: " if told else ""


def _name(step: Step) -> str:
    return step.name.text if step.name else step.id.text
