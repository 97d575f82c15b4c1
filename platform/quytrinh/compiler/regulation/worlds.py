"""The circumstances a flow distinguishes, and what its conditions come to in each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

from quytrinh.compiler.context import Context
from quytrinh.compiler.regulation.pack_check import agrees
from quytrinh.language import condition_tree as tree
from quytrinh.language.regulation import Fact, Vocabulary
from quytrinh.language.tokens import BadCharacter

MOST_WORLDS = 64
START_EVENT = "exchange.received"
AXIS = "axis"
LEAD = "item.lead"
Guards = tuple[tuple[str, bool], ...]
Truth = bool | None
# Values that an empty field may stand for.
_PLAIN = frozenset({"false", "normal", "none"})


@dataclass(frozen=True, eq=False)
class World:
    """One set of circumstances: facts, and conditions that are the same wherever they stand."""

    facts: Mapping[str, str]
    atoms: Mapping[str, bool]
    facts_of: Facts
    _values: dict[tuple[str, Truth], Truth] = field(default_factory=dict, repr=False)

    def holds(self, guards: Guards, lead: Truth = None) -> Truth:
        """Whether all of these conditions come out as wanted; None = that is not known here."""
        open_ones = self.open(guards, lead)
        return False if open_ones is None else (None if open_ones else True)

    def open(self, guards: Guards, lead: Truth = None) -> Guards | None:
        """The conditions that are not decided here; None if one is decided the other way."""
        found = []
        for text, wanted in guards:
            value = self.value(text, lead)
            if value is None:
                found.append((text, wanted))
            elif value != wanted:
                return None
        return tuple(found)

    def value(self, text: str, lead: Truth = None) -> Truth:
        """What a condition comes to here."""
        key = (text, lead)
        if key not in self._values:
            node = self.facts_of.parsed(text)
            self._values[key] = None if node is None else self._truth(node, lead)
        return self._values[key]

    def _truth(self, node: tree.Node, lead: Truth) -> Truth:
        match node:
            case tree.Not(operand):
                inner = self._truth(operand, lead)
                return None if inner is None else not inner
            case tree.Pair("&&" | "||" as operator, left, right):
                return _joined(operator, self._truth(left, lead), self._truth(right, lead))
            case tree.Literal(bool() as value):
                return value
            case tree.Name(path) if path == LEAD:
                return lead
        known = self.facts_of.of_atom(node, self.facts)
        return known if known is not None else self.atoms.get(repr(node))


class Facts:
    """What tells the facts in one flow: its forms, slots, plugins and starts."""

    def __init__(self, context: Context, vocabulary: Vocabulary, agency: Mapping[str, str]) -> None:
        self.context = context
        self.vocabulary = vocabulary
        self.agency = agency
        self._trees: dict[str, tree.Node | None] = {}
        self.by_field = {f.case_field: name for name, f in vocabulary.facts.items() if f.case_field}
        self.by_slot = {f.slot: name for name, f in vocabulary.facts.items() if f.slot}

    @cached_property
    def fields(self) -> dict[str, Sequence[str]]:
        """The fields that some form of the flow asks, with their lists of values."""
        found: dict[str, Sequence[str]] = {}
        for _, form in self.context.used_forms():
            for each in form.fields:
                found[each.id.text] = [str(value) for value in each.schema.get("enum", ())]
        return found

    @cached_property
    def slots(self) -> set[str]:
        """The document slots that some form fills."""
        forms = (form for _, form in self.context.used_forms())
        return {each.slot for form in forms for each in form.fields if each.slot}

    @cached_property
    def runs(self) -> set[str]:
        """Every plugin the flow runs."""
        return {use.run.text for use in self.context.flow.plugin_uses()}

    def parsed(self, text: str) -> tree.Node | None:
        """A condition taken apart; None where that cannot be done."""
        if text not in self._trees:
            try:
                self._trees[text] = tree.parse(text)
            except (tree.NotUnderstood, BadCharacter):
                self._trees[text] = None
        return self._trees[text]

    def domain(self, name: str) -> tuple[str, ...]:
        """The values that a fact can have in this flow."""
        fact = self.vocabulary.facts[name]
        if name in self.agency:
            return (self.agency[name],)
        if name == "document":
            return self.documents
        asked = fact.case_field in self.fields or fact.slot in self.slots
        if name == "channel":
            return self._channels(fact)
        if fact.unless_asked and not asked:
            return fact.unless_asked
        if fact.slot and not asked:
            return tuple(value for value in fact.values if value not in fact.filled)
        offered = set(self.fields.get(fact.case_field, ()))
        return tuple(value for value in fact.values if not offered or value in offered)

    @cached_property
    def documents(self) -> tuple[str, ...]:
        """What kinds of document the flow is about."""
        found = [self.context.flow.document.text] if self.context.flow.document else []
        if "documents.copy" in self.runs:
            found = ["copy"]
        found += ["account_request"] * any(run.startswith("accounts.") for run in self.runs)
        return tuple(found)

    def _channels(self, fact: Fact) -> tuple[str, ...]:
        """By the starts: a message comes by the axis, a person enters what came otherwise."""
        starts = self.context.flow.starts
        by_message = any(each.event and each.event.text == START_EVENT for each in starts)
        by_person = not starts or any(each.by for each in starts)
        offered = self.fields.get(fact.case_field, ()) or fact.absent
        entered = [value for value in fact.values if by_person and value in offered]
        return tuple([AXIS] * by_message + entered) or fact.values

    def of_atom(self, node: tree.Node, world: Mapping[str, str]) -> Truth:
        """What a part of a condition comes to by the facts; None where they do not tell."""
        match node:
            case tree.Call("has", (tree.Name(path),)):
                return self._present(path, world)
            case tree.Name(path):
                value = self._value(path, world)
                return value == "true" if value in ("true", "false") else None
            case tree.Pair("==" | "!=" as operator, left, right):
                return self._compared(operator, left, right, world)
            case tree.Pair("in", tree.Name(path), tree.Items(items)):
                value = self._value(path, world)
                texts = [str(i.value) for i in items if isinstance(i, tree.Literal)]
                return None if value is None else value in texts
        return None

    def mentioned(self, node: tree.Node) -> Iterator[str]:
        """The facts that a condition depends on."""
        for path in _names(node):
            head, _, rest = path.partition(".")
            known = self.by_field if head == "case" else self.by_slot if head == "docs" else {}
            if rest in known:
                yield known[rest]

    def _value(self, path: str, world: Mapping[str, str]) -> str | None:
        head, _, rest = path.partition(".")
        if head == "case":
            return world.get(self.by_field.get(rest, ""))
        if head == "setting":
            return self._setting(rest)
        return None

    def _setting(self, name: str) -> str | None:
        for each in self.context.flow.settings:
            if each.id.text == name and len(each.default) == 1:
                values = self.context.settings.get(name)
                return values[0] if values else each.default[0].text
        return None

    def _present(self, path: str, world: Mapping[str, str]) -> Truth:
        head, _, rest = path.partition(".")
        if head == "docs" and rest in self.by_slot:
            name = self.by_slot[rest]
            fact = self.vocabulary.facts[name]
            return world[name] in fact.filled if name in world else None
        if head != "case" or world.get(self.by_field.get(rest, "")) is None:
            return None
        name = self.by_field[rest]
        value = world[name]
        if value in _PLAIN:
            return None
        return rest in self.fields or value not in self.vocabulary.facts[name].absent

    def _compared(
        self, operator: str, left: tree.Node, right: tree.Node, world: Mapping[str, str]
    ) -> Truth:
        if isinstance(left, tree.Literal):
            left, right = right, left
        if not isinstance(left, tree.Name) or not isinstance(right, tree.Literal):
            return None
        value = self._value(left.path, world)
        if value is None:
            return None
        same = value == (str(right.value).lower() if isinstance(right.value, bool) else right.value)
        return same if operator == "==" else not same


class Worlds:
    """Every world that the conditions of a flow distinguish; `whole` is False past the limit."""

    def __init__(self, facts: Facts, conditions: Sequence[str]) -> None:
        self.facts = facts
        trees = [node for text in conditions if (node := facts.parsed(text)) is not None]
        names = list(dict.fromkeys(n for node in trees for n in facts.mentioned(node)))
        atoms = Counter(repr(atom) for node in trees for atom in self._atoms(node))
        # Those told in several places first: that they agree matters most.
        repeated = [atom for atom, _ in atoms.most_common()]
        self.whole = True
        size = 1
        for name in names:
            size *= max(1, len(facts.domain(name)))
        while repeated and size * 2 ** len(repeated) > MOST_WORLDS:
            repeated.pop()
        if size > MOST_WORLDS:
            self.whole = False
        self.worlds = tuple(self._build(names, repeated))[:MOST_WORLDS]
        self._extensions: dict[object, list[dict[str, str]]] = {}

    def _build(self, names: Sequence[str], atoms: Sequence[str]) -> Iterator[World]:
        domains = [self.facts.domain(name) for name in names]
        for values in product(*domains):
            world = dict(zip(names, values, strict=True))
            if agrees(world, self.facts.vocabulary):
                for truths in product((False, True), repeat=len(atoms)):
                    yield World(world, dict(zip(atoms, truths, strict=True)), self.facts)

    def _atoms(self, node: tree.Node) -> Iterator[tree.Node]:
        match node:
            case tree.Not(operand):
                yield from self._atoms(operand)
            case tree.Pair("&&" | "||", left, right):
                yield from self._atoms(left)
                yield from self._atoms(right)
            case _:
                if not any(True for _ in self.facts.mentioned(node)) and "item." not in repr(node):
                    yield node

    def meeting(
        self, when: Mapping[str, tuple[str, ...]]
    ) -> Iterator[tuple[World, dict[str, str]]]:
        """The worlds in which a rule speaks, each with the facts it adds, as many as there are."""
        for world in self.worlds:
            for more in self._extended(world, when):
                yield world, more

    def _extended(self, world: World, when: Mapping[str, tuple[str, ...]]) -> list[dict[str, str]]:
        key = (tuple(world.facts.items()), tuple(when.items()))
        if key not in self._extensions:
            self._extensions[key] = list(self._extend(world, when))
        return self._extensions[key]

    def _extend(
        self, world: World, when: Mapping[str, tuple[str, ...]]
    ) -> Iterator[dict[str, str]]:
        if any(name in world.facts and world.facts[name] not in v for name, v in when.items()):
            return
        free = [name for name in when if name not in world.facts]
        linked = [name for name in ("medium",) if name not in world.facts and name not in when]
        choices = [[v for v in self.facts.domain(name) if v in when[name]] for name in free]
        choices += [list(self.facts.domain(name)) for name in linked]
        for values in product(*choices):
            more = dict(zip([*free, *linked], values, strict=True))
            whole = {**world.facts, **more}
            if agrees(whole, self.facts.vocabulary) and self._is_shown(whole):
                yield {name: more[name] for name in free}

    def _is_shown(self, world: Mapping[str, str]) -> bool:
        """Whether the plugins of the flow make every value of this world possible."""
        for name, fact in self.facts.vocabulary.facts.items():
            if not fact.shown_by or name not in world or fact.case_field in self.facts.fields:
                continue
            shown = {v for v, runs in fact.shown_by.items() if self.facts.runs & set(runs)}
            others = {k: v for k, v in world.items() if k != name}
            forced = not any(agrees({**others, name: v}, self.facts.vocabulary) for v in shown)
            if shown and world[name] not in shown and not forced:
                return False
        return True


def _joined(operator: str, left: Truth, right: Truth) -> Truth:
    decisive = operator == "||"
    if decisive in (left, right):
        return decisive
    return None if None in (left, right) else not decisive


def _names(node: tree.Node) -> Iterator[str]:
    match node:
        case tree.Name(path):
            yield path
        case tree.Not(operand):
            yield from _names(operand)
        case tree.Pair(_, left, right):
            yield from _names(left)
            yield from _names(right)
        case tree.Call(_, arguments):
            for each in arguments:
                yield from _names(each)
        case tree.Either(test, left, right):
            for each in (test, left, right):
                yield from _names(each)
        case tree.Items(items):
            for each in items:
                yield from _names(each)
