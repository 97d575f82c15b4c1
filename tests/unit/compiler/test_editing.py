"""Edits of texts: small, with their comments, and taken back byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quytrinh.compiler.editing.operations import (
    Delete,
    Insert,
    Move,
    Operation,
    Rename,
    Set,
    Unwrap,
    Wrap,
    edit,
)
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import StepPlace, places
from quytrinh.compiler.editing.tree import Tree
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.spi import Registry
from tests.support.campaign import figure

ROOT = Path(__file__).parents[3]
FLOWS = sorted([*ROOT.glob("flows/*.yaml"), *ROOT.glob("tenants/*/flows/*.yaml")])
NO_PLUGINS = Registry()
TEXT = """\
# Quy trình mẫu
quytrinh: 1
flow: mau
name: Mẫu
roles:
  a: {name: Người, who: {creator: true}}   # ai cũng được
steps:
  # soạn trước
  - id: soan
    name: Soạn
    by: a        # người soạn
    # hết phần soạn

  - {id: duyet, name: Duyệt, by: a, actions: {tra: {label: Trả, return_to: soan}, dat: {}}}
  - id: luu      # cuối cùng
    name: Lưu
    when: steps.soan.action == 'done'
    by: a
  - {end: xong}
# hết
"""


def steps_of(text: str) -> list[StepPlace]:
    return list(places(Tree(text).plain))


def do(text: str, operation: Operation) -> str:
    """Do an operation; its patch taken back gives the same bytes."""
    edited = edit(text, operation, NO_PLUGINS)
    assert edited.patch.inverse().apply(edited.text) == text
    assert edited.patch.apply(text) == edited.text
    return edited.text


def test_a_step_moves_with_its_comments() -> None:
    moved = do(TEXT, Move("soan", 1))
    assert moved.index("{id: duyet") < moved.index("# soạn trước") < moved.index("- id: soan")
    assert moved.index("# hết phần soạn") < moved.index("- id: luu")
    assert do(moved, Move("soan", -1)) == TEXT


def test_setting_a_value_touches_its_own_place_only() -> None:
    changed = do(TEXT, Set(((("by",), "b"),), "soan"))
    assert changed == TEXT.replace("by: a        #", "by: b        #")
    added = do(TEXT, Set(((("due",), "2d"),), "duyet"))
    assert "by: a, due: 2d, actions" in added


def test_a_step_with_those_who_point_to_it_is_refused_with_their_names() -> None:
    with pytest.raises(EditRefused) as refusal:
        edit(TEXT, Delete("soan"), NO_PLUGINS)
    assert refusal.value.places == ("duyet", "luu")
    assert "“Duyệt”" in refusal.value.message


def test_a_repair_leads_routes_to_the_next_step() -> None:
    text = TEXT.replace("    when: steps.soan.action == 'done'\n", "")
    assert "return_to: duyet" in do(text, Delete("soan", repair=True))


def test_a_new_name_reaches_routes_and_conditions() -> None:
    renamed = do(TEXT, Rename("step", "soan", "soan_thao"))
    assert "return_to: soan_thao" in renamed
    assert "steps.soan_thao.action" in renamed
    assert do(renamed, Rename("step", "soan_thao", "soan")) == TEXT
    assert "by: nguoi        #" in do(TEXT, Rename("role", "a", "nguoi"))


def test_the_first_step_of_an_empty_procedure_stands_on_its_own_line() -> None:
    text = "quytrinh: 1\nflow: a\nsteps: []\n"
    changed = do(text, Insert({"id": "moi", "name": "Mới", "by": "a"}))
    assert changed == "quytrinh: 1\nflow: a\nsteps:\n  - {id: moi, name: Mới, by: a}\n"


@pytest.mark.parametrize("text", ["a: [b", "a: &x 1\nb: *x", "\x00", "- " * 60, "[" * 3000])
def test_what_cannot_be_read_is_refused_plainly(text: str) -> None:
    with pytest.raises(EditRefused):
        edit(text, Delete("a"), NO_PLUGINS)


def inverses(step: StepPlace) -> Iterator[tuple[Operation, Callable[[str], Operation]]]:
    """Operations with the operation that undoes each, not only its patch."""
    for by in (-2, -1, 1, 2):
        yield Move(step.id, by), lambda _new, by=by: Move(step.id, -by)
    yield Insert({"id": "moi", "name": "Mới", "due": "2d"}, after=step.id), lambda new: Delete(new)
    if "end" not in step.data:
        back = Rename("step", "ten_khac", step.id)
        yield Rename("step", step.id, "ten_khac"), lambda _new: back
    if step.data.get("to") != "join":
        yield Wrap(step.id, "each", {"role": "a"}), lambda new: Unwrap(new)


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_operation_on_shipped_flows_has_its_inverse(path: Path) -> None:
    """Campaign: random edits of each flow, each taken back by its opposite and by its patch."""
    text = path.read_text(encoding="utf-8")
    pairs = [pair for step in steps_of(text) for pair in inverses(step)]
    # A thousand in full, a hundredth of it every day.
    chosen = random.Random(path.name).choices(pairs, k=figure(1000) ** 2 // 1000)  # noqa: S311
    comments = sorted(line.strip() for line in text.split("\n") if "#" in line)
    for operation, opposite in chosen:
        try:
            edited = edit(text, operation, NO_PLUGINS)
        except EditRefused:
            continue
        assert edited.patch.inverse().apply(edited.text) == text
        kept = sorted(line.strip() for line in edited.text.split("\n") if "#" in line)
        if not isinstance(operation, Rename):
            assert kept == comments
        assert edit(edited.text, opposite(edited.step), NO_PLUGINS).text == text


@pytest.mark.parametrize("path", FLOWS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_setting_what_is_there_changes_nothing(path: Path) -> None:
    """Table to YAML to table is the identity: a value read and set again leaves every byte."""
    text = path.read_text(encoding="utf-8")
    before, _findings = parse_flow(read_source(text, file=""))
    for step in steps_of(text):
        values = tuple(((key,), value) for key, value in step.data.items())
        assert do(text, Set(values, step.id)) == text
    assert parse_flow(read_source(text, file=""))[0] == before
