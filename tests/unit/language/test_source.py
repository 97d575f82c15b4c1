"""The reader: positions, and a short answer to whatever is not our YAML."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.language.source import MAX_DEPTH, MAX_SCALAR, ListNode, MapNode, Word, read_source

BOMB = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
)
HOSTILE: dict[str, str | bytes] = {
    "alias bomb": BOMB,
    "alias alone": "a: *b",
    "recursive alias": "a: &a [*a]",
    "deep flow nesting": "[" * 10_000,
    "deep flow maps": "{a: " * 10_000,
    "deep block nesting": "".join(f"{' ' * n}- \n" for n in range(1, 400)),
    "huge scalar": "a: " + "x" * 10_000_000,
    "long scalar": "a: " + "x" * (MAX_SCALAR + 1),
    "many nodes": "a: [" + "x, " * 60_000 + "x]",
    "python tag": "a: !!python/object/apply:os.system [ls]",
    "local tag": "a: !thing b",
    "non-specific tag": "a: ! b",
    "tag directive": "%TAG ! tag:example.org,2000:\n---\na: b",
    "yaml directive": "%YAML 1.1\n---\na: b",
    "merge key": "a: b\n<<: {c: d}",
    "two documents": "a: b\n---\nc: d",
    "complex key": "? [a, b]\n: c",
    "tab indent": "a:\n\tb: c",
    "binary": bytes(range(256)),
    "zeros": b"\0" * 1000,
    "not utf-8": "a: Trình".encode("utf-16"),
    "latin-1": "a: Tr\xecnh".encode("latin-1"),
    "cut utf-8": "a: Trình".encode()[:-4] + b"\xc3",
    "empty": "",
    "only a comment": "# nothing\n",
    "escaped zero": 'a: "\\0"',
    "escaped bell": 'a: "\\a"',
    "surrogate": 'a: "\\uD800"',
    "lone surrogate in text": "a: \ud800",
    "unclosed quote": "a: 'b",
    "unclosed list": "a: [b",
    "unclosed map": "{a: b",
    "bad indent": "a:\n  b: c\n d: e",
    "colon in text": "a: b: c",
    "percent": "%",
    "at sign": "a: @b",
    "backtick": "`",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_refused_at_once_with_a_place(data: str | bytes) -> None:
    began = time.process_time()
    source = read_source(data, file="x.yaml")
    assert time.process_time() - began < 1
    assert source.root is None
    (found,) = source.diagnostics
    assert found.code == "F001"
    assert found.span.line >= 1
    assert found.span.column >= 1
    assert "x.yaml:" in found.as_text()


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_any_input_gives_nodes_or_a_diagnostic(data: str | bytes) -> None:
    source = read_source(data, file="x.yaml")
    assert (source.root is None) == any(each.code == "F001" for each in source.diagnostics)


@pytest.mark.parametrize("depth", [1, MAX_DEPTH - 1])
def test_nesting_up_to_the_limit_is_read(depth: int) -> None:
    source = read_source("[" * depth + "x" + "]" * depth, file="x.yaml")
    assert source.diagnostics == ()


def test_every_scalar_is_a_string_as_written() -> None:
    source = read_source("a: [13:30, 06, no, 6.10, ~, true, 0x1F, 2026-01-31, '7']", file="x")
    assert isinstance(source.root, MapNode)
    items = source.root.get("a")
    assert isinstance(items, ListNode)
    expected = ["13:30", "06", "no", "6.10", "~", "true", "0x1F", "2026-01-31", "7"]
    assert [item.text for item in items.items if isinstance(item, Word)] == expected


def test_places_count_characters_not_bytes() -> None:
    source = read_source("# Việt\ntên: {quận: mười}\n", file="x")
    assert isinstance(source.root, MapNode)
    inner = source.root.get("tên")
    assert isinstance(inner, MapNode)
    span = inner.entries[0][1].span
    assert (span.line, span.column, span.end_column) == (2, 13, 17)


def test_scalars_are_composed_and_trimmed() -> None:
    source = read_source('a: " Tri\u0300nh  "', file="x")
    assert isinstance(source.root, MapNode)
    word = source.root.get("a")
    assert isinstance(word, Word)
    assert word.text == "Trình"


def test_byte_order_mark_is_ignored() -> None:
    assert read_source("\ufeffa: b".encode(), file="x").diagnostics == ()


def test_duplicate_keys_name_both_places_and_the_first_is_kept() -> None:
    source = read_source("a: 1\nb: 2\na: 3\n", file="x")
    (found,) = source.diagnostics
    assert found.code == "F004"
    assert (found.span.line, found.span.column) == (3, 1)
    assert "dòng 1, cột 1" in found.message
    assert isinstance(source.root, MapNode)
    word = source.root.get("a")
    assert isinstance(word, Word)
    assert word.text == "1"


def test_one_document_marker_may_stand_first() -> None:
    assert read_source("---\na: b\n...\n", file="x").diagnostics == ()
