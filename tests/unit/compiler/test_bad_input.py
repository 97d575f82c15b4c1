"""Every key of the language missing, misspelt, mistyped, said twice; and texts meant to do harm."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from textwrap import dedent

import pytest
import yaml

from quytrinh.compiler.check import CheckResult, check_flow
from quytrinh.language.kinds import Key, Kind, ListOf, MapOf, Object, OneKindOf
from quytrinh.language.schema import FLOW
from tests.support.language import GOLDEN, fake_registry, golden_flows, golden_forms

FORMS = golden_forms()
FLOWS = golden_flows()
REGISTRY = fake_registry()
Path = tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """Where a right text has a key: the way to its mapping by positions, and its own position."""

    file: str
    owner: Object
    key: Key
    path: Path
    position: int

    @property
    def name(self) -> str:
        return f"{self.owner.label}: {self.key.name}"


def check(text: str) -> CheckResult:
    return check_flow(text, file="x.yaml", forms=FORMS, registry=REGISTRY, flows=FLOWS)


def errors(node: yaml.Node) -> list[str]:
    result = check(yaml.serialize(node, Dumper=yaml.CSafeDumper, allow_unicode=True, width=1000))
    return [each.code for each in result.diagnostics if each.is_error]


def places(node: yaml.Node, kind: Kind, file: str, path: Path = ()) -> Iterator[Place]:
    """The keys of the grammar that a text has, with the objects they belong to."""
    match kind, node:
        case OneKindOf(), yaml.MappingNode():
            names = [key.value for key, _ in node.value if key.value in kind.by_key]
            telling = kind.together.get(tuple(sorted(names)), names[0])  # type: ignore[call-overload]
            yield from places(node, kind.by_key[telling], file, path)
        case Object(), yaml.MappingNode():
            for position, (name, value) in enumerate(node.value):
                key = kind.key(name.value)
                if key is not None:
                    yield Place(file, kind, key, path, position)
                    yield from places(value, key.kind, file, (*path, position))
        case MapOf(), yaml.MappingNode():
            for position, (_, value) in enumerate(node.value):
                yield from places(value, kind.value, file, (*path, position))
        case ListOf(), yaml.SequenceNode():
            for position, value in enumerate(node.value):
                yield from places(value, kind.item, file, (*path, position))
        case ListOf(), _:
            yield from places(node, kind.item, file, path)


def keys_of(kind: Kind, seen: set[int]) -> Iterator[tuple[Object, Key]]:
    """Every key of the grammar."""
    if id(kind) in seen:
        return
    seen.add(id(kind))
    match kind:
        case OneKindOf():
            for each in kind.by_key.values():
                yield from keys_of(each, seen)
        case Object():
            for key in kind.keys:
                yield kind, key
                yield from keys_of(key.kind, seen)
        case MapOf():
            yield from keys_of(kind.value, seen)
        case ListOf():
            yield from keys_of(kind.item, seen)


def composed(text: str) -> yaml.Node:
    """The nodes of a text without their places, which would only make copies slow."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        node.start_mark = node.end_mark = None
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
    return root


TREES = {
    path.stem: composed(path.read_text(encoding="utf-8"))
    for path in sorted((GOLDEN / "ok").glob("*.yaml"))
}
FIRST: dict[str, Place] = {}
for _file, _tree in TREES.items():
    for _place in places(_tree, FLOW, _file):
        FIRST.setdefault(_place.name, _place)


def changed(place: Place) -> tuple[yaml.Node, yaml.MappingNode]:
    """A copy of the text of a place, and the mapping in it that has the key."""
    tree = deepcopy(TREES[place.file])
    node = tree
    for position in place.path:
        found = node.value[position]
        node = found[1] if isinstance(node, yaml.MappingNode) else found
    assert isinstance(node, yaml.MappingNode)
    return tree, node


def scalar(text: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", text)


def test_right_texts_have_every_key_of_the_language() -> None:
    known = {f"{owner.label}: {key.name}" for owner, key in keys_of(FLOW, set())}
    assert known - FIRST.keys() == set()


@pytest.mark.parametrize("place", FIRST.values(), ids=FIRST)
class TestEveryKey:
    def test_missing(self, place: Place) -> None:
        tree, mapping = changed(place)
        del mapping.value[place.position]
        found = errors(tree)
        if place.key.required:
            assert {"F003", "F007", "F009"} & set(found)

    def test_misspelt(self, place: Place) -> None:
        tree, mapping = changed(place)
        _, value = mapping.value[place.position]
        mapping.value[place.position] = (scalar(f"{place.key.name}x"), value)
        assert {"F002", "F007"} & set(errors(tree))

    def test_mistyped(self, place: Place) -> None:
        tree, mapping = changed(place)
        key, _ = mapping.value[place.position]
        wrong = yaml.SequenceNode("tag:yaml.org,2002:seq", [])
        for _ in range(3):
            wrong = yaml.SequenceNode("tag:yaml.org,2002:seq", [wrong])
        mapping.value[place.position] = (key, wrong)
        assert {"F011", "F601"} & set(errors(tree))

    def test_empty(self, place: Place) -> None:
        tree, mapping = changed(place)
        key, _ = mapping.value[place.position]
        mapping.value[place.position] = (key, scalar(""))
        assert errors(tree) or place.key.name == "with"

    def test_said_twice(self, place: Place) -> None:
        tree, mapping = changed(place)
        mapping.value.append(deepcopy(mapping.value[place.position]))
        assert "F004" in errors(tree)


# --- texts that are meant to do harm ---------------------------------------------------------

BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
)
HEAD = "quytrinh: 1\nflow: a\nname: A\nroles: {r: {name: R, who: {role: r}}}\nsteps:\n"
HARM = {
    "alias bomb": BOMB,
    "deep lists": "[" * 10_000,
    "deep maps": "{a: " * 10_000,
    "deep blocks": "".join(f"{' ' * n}-\n" for n in range(10_000)),
    "long scalar": HEAD + f"  - {{id: a, by: r, name: {'x' * 10_000_000}}}",
    "long key": f"{'k' * 10_000_000}: 1",
    "many values": HEAD + "  - {id: a, by: r}\n" * 50_000,
    "many keys": "".join(f"k{n}: 1\n" for n in range(90_000)),
    "deep expression": HEAD + f"  - {{id: a, by: r, when: '{'(' * 190}true{')' * 190}'}}\n",
    "many negations": HEAD + f"  - {{id: a, by: r, when: '{'!' * 390}true'}}\n",
    "many expressions": HEAD
    + "".join(
        f'  - {{id: s{n}, by: r, when: "{" && ".join(["case.urgency == `a`"] * 40)}"}}\n'.replace(
            "`", "'"
        )
        for n in range(400)
    ),
}
CHILD = """
    import resource, sys, time
    from quytrinh.compiler.check import check_flow
    from quytrinh.spi import Registry
    text = sys.stdin.buffer.read()
    check_flow("a: b", file="x", forms={}, registry=Registry())
    pages = int(open("/proc/self/statm").read().split()[0])
    limit = pages * resource.getpagesize() + 100_000_000
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    began = time.process_time()
    found = check_flow(text, file="x", forms={}, registry=Registry()).diagnostics
    took = time.process_time() - began
    print(took, found[0].code, found[0].as_text()[:300] if found else "")
"""


@pytest.mark.parametrize("text", HARM.values(), ids=HARM)
def test_harmful_text_is_answered_within_a_second_and_100_megabytes(text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", dedent(CHILD)], input=text.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    took, code, said = done.stdout.decode().split(" ", 2)
    assert float(took) < 1
    assert code[0] == "F" and said
