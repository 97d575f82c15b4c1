"""Flows before the law: the library passes, other provinces' orders do not, mutants are caught."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.support.law import broken, errors, law_of, shipped_flows, text_of

BT_OUT, HT_OUT = "binh-thuan-van-ban-di", "ha-tinh-van-ban-di"
BT_IN, HT_IN = "binh-thuan-van-ban-den", "ha-tinh-van-ban-den"
DB_OUT, BD_IN, QB_OUT = "dien-bien-van-ban-di", "binh-dinh-van-ban-den", "quang-binh-van-ban-di"


@pytest.mark.parametrize("path", shipped_flows(), ids=lambda path: path.stem)
def test_every_procedure_of_the_library_keeps_its_basis_and_the_decree(path: Path) -> None:
    found = broken(path.read_text(encoding="utf-8"))
    assert {
        name: each.story for name, each in found.items() if each.binding.severity == "error"
    } == {}


def test_each_province_breaks_the_other_ones_order() -> None:
    """# SG-07, SG-08, NR-02"""
    swapped = broken(
        text_of(BT_OUT).replace("basis: binh-thuan-866-2016", "basis: ha-tinh-33-2019")
    )
    assert swapped["HT-R13"].story.endswith(
        "Duyệt nội dung [Duyệt và chuyển ban hành] → Cấp số, ngày"
    )
    assert swapped["HT-R13"].article == "Quy chế Hà Tĩnh (QĐ 33/2019), Điều 10.1.b, 10.1.c"
    swapped = broken(
        text_of(HT_OUT).replace("basis: ha-tinh-33-2019", "basis: binh-thuan-866-2016")
    )
    assert {"BT-R13", "BT-R15"} <= set(swapped)
    assert swapped["BT-R15"].story.endswith("Kiểm tra thể thức [Đúng thể thức] → Ký số cá nhân")


def test_a_name_alone_satisfies_nothing() -> None:
    """# OUT-06: the step is still called a check of form, but nothing is recorded."""
    text = text_of(BT_OUT).replace(
        "{label: Đúng thể thức, run: documents.check_form}", "{label: Đúng thể thức}"
    )
    assert "Kiểm tra thể thức" in text
    assert "ND-R23" in errors(text)


MUTANTS = [
    # flow, rule, what is taken out, what stands there instead
    (BT_OUT, "ND-R22", "run: documents.check_content", "comment: none"),
    (BT_OUT, "ND-R23", "run: documents.check_form", "comment: none"),
    (BT_OUT, "BT-R13", ", run: documents.approve}", "}"),
    (BT_OUT, "ND-R21", ", run: documents.approve}", "}"),
    (
        BT_OUT,
        "ND-R29",
        "run: documents.register_out\n    with: {signer: sign}",
        "run: notify.leader",
    ),
    (BT_OUT, "ND-R41", "run: records.keep", "run: notify.leader"),
    (
        BT_OUT,
        "BT-R18",
        "run: signing.seal\n    with: {document: main,",
        "run: signing.seal\n    with: {document: main, target: copy,",
    ),
    (BT_OUT, "ND-R42", "document: annexes, target: annex", "document: main, target: copy"),
    (BT_OUT, "ND-R24", "who: {head_of: case.unit}", "who: {role: van-thu}"),
    (BT_IN, "ND-R07", ", run: documents.receive", ""),
    (BT_IN, "BT-R01", "run: documents.scan}", "comment: none}"),
    (BT_IN, "BT-R04", "outcomes: {unsigned: refuse,", "outcomes: {unsigned: receive,"),
    (BT_IN, "ND-R02", "invalid: refuse", "invalid: receive"),
    (BT_IN, "ND-R02", "unreadable: refuse", "unreadable: receive"),
    (BT_IN, "ND-R03", "misaddressed: {label", "wrong: {label"),
    (BT_IN, "ND-R05", ', reports: "03"', ""),
    (
        BT_IN,
        "BT-R11",
        "reference: {label: Lưu tham khảo, to: reference,",
        "noted: {label: Lưu tham khảo, to: reference,",
    ),
    (BT_IN, "ND-R11", "requires: [lead, instruction]", "incomplete: true"),
    (
        BT_IN,
        "BT-R22",
        "due: {in: {setting: handle_within}, by_urgency: {urgent: 1d, flash: 4h}}",
        "stops_clock: false",
    ),
    (HT_OUT, "HT-R15", ", placement: org_signature", ""),
    (HT_OUT, "HT-R15", "placement: org_signature", "placement: text"),
    (HT_OUT, "HT-R21", "run: documents.dispatch_paper", "run: documents.print"),
    (HT_OUT, "HT-R24", "run: records.keep_paper", "comment: none"),
    (HT_OUT, "HT-R19", "documents: [main, annexes]", "documents: [main]"),
    (HT_IN, "HT-R01", "target: scan", "target: copy"),
    (HT_IN, "HT-R05", "run: notify.leader", "run: records.keep"),
    (HT_IN, "HT-R10", "requires: [lead, deadline, instruction]", "incomplete: true"),
    (DB_OUT, "DB-R16", "run: records.keep_paper", "comment: none"),
    (DB_OUT, "DB-R08", "run: documents.submit_for_signature", "comment: none"),
    (DB_OUT, "DB-R13", "run: documents.scan", "comment: none"),
    (BD_IN, "BD-R02", "run: documents.scan", "comment: none"),
    (
        BD_IN,
        "BD-R08",
        "            lead: case.lead\n            join: lead\n",
        "            join: all\n",
    ),
    (BD_IN, "BD-R12", "run: documents.hand_over_paper", "comment: none"),
    (QB_OUT, "ND-R32", "run: signing.sign", "run: signing.prepare"),
]


@pytest.mark.parametrize(
    ("flow", "rule", "right", "wrong"), MUTANTS, ids=[f"{m[1]}-{n}" for n, m in enumerate(MUTANTS)]
)
def test_a_procedure_made_wrong_is_caught_by_the_rule(
    flow: str, rule: str, right: str, wrong: str
) -> None:
    text = text_of(flow)
    assert right in text
    assert rule in errors(text.replace(right, wrong))


@pytest.mark.parametrize("flow", [BT_OUT, HT_OUT])
def test_an_act_that_leaves_no_evidence_is_missed_by_some_rule(flow: str) -> None:
    """Each act of the procedure is made a mere name, one at a time."""
    text = text_of(flow)
    usual = errors(text)
    alive = set()
    for name in sorted(_inline_acts(text)):
        with_parameters = rf"(\{{label: [^{{}}\n]*), run: {name}\b(?:, with: {{[^}}]*}})?"
        changed = re.sub(with_parameters, r"\1", text)
        assert changed != text
        if not errors(changed) - usual:
            alive.add(name)
    assert alive <= NOT_OBLIGED


def _inline_acts(text: str) -> set[str]:
    return set(re.findall(r"\{label: [^{}\n]*, run: ([a-z_.]+)", text))


# The draft is written into the case by its form; a printed copy is only a warning (HT-R22).
NOT_OBLIGED = {"documents.draft", "documents.print"}

PARALLEL = """quytrinh: 1
flow: thu
name: Thử
document: outgoing
roles: {clerk: {name: Văn thư, who: {role: van-thu}}}
steps:
  - id: both
    parallel:
      one: {steps: [STEPS_ONE]}
      two: {steps: [STEPS_TWO]}
    join: all
  - {id: last, run: exchange.dispatch, outcomes: {excluded: next, unknown_receiver: next}}
  - {end: issued}
"""
KINDS = {"a": "documents.register_out", "x": "records.keep"}


@pytest.mark.parametrize("seed", range(40))
def test_branches_side_by_side_agree_with_every_interleaving(seed: int) -> None:
    """ND-R29: register before dispatch; here dispatch inside branches too, by brute force."""
    chosen = random.Random(seed)  # noqa: S311
    one, two = ("".join(chosen.choice("axb") for _ in range(chosen.randint(1, 3))) for _ in "12")
    text = PARALLEL.replace("STEPS_ONE", _steps(one, "p")).replace("STEPS_TWO", _steps(two, "q"))
    wrong = any("b" in order and _breaks(order) for order in _interleavings(one, two))
    wrong |= any(_breaks(f"{order}b") for order in _interleavings(one, two))
    assert ("ND-R29" in broken(text)) == wrong


def _steps(letters: str, prefix: str) -> str:
    made = []
    for number, letter in enumerate(letters):
        run = {**KINDS, "b": "documents.dispatch_paper"}[letter]
        made.append(f"{{id: {prefix}{number}, run: {run}}}")
    return ", ".join(made)


def _interleavings(one: str, two: str) -> list[str]:
    if not one or not two:
        return [one + two]
    first = [one[0] + rest for rest in _interleavings(one[1:], two)]
    return first + [two[0] + rest for rest in _interleavings(one, two[1:])]


def _breaks(order: str) -> bool:
    return "a" not in order[: order.index("b")] if "b" in order else False


def test_circumstances_are_few_and_told() -> None:
    worlds = law_of(text_of(HT_OUT)).worlds
    assert worlds.whole
    assert len(worlds.worlds) <= 64
