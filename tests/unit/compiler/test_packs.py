"""Packs of regulations: what ships, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from quytrinh.compiler.check import check_flow
from quytrinh.compiler.files import check_paths
from quytrinh.compiler.regulation.packs import SHIPPED, read_packs, shipped_packs
from quytrinh.spi import Registry
from tests.support.language import FakeStep, fake_registry

VOCABULARY = (SHIPPED / "bang-tu.yaml").read_text(encoding="utf-8")
PACK = """quytrinh: 1
regulation: mau
title: Quy chế mẫu
short: Quy chế mẫu
binds: {state: error}
articles:
  "6.2.a": Cấp số rồi ký.
  "8.1": Số hóa.
repealed: {"7": "thay bằng Điều 8"}
rules:
  - id: MA-R01
    cite: "6.2.a"
    severity: error
    pattern: precedence
    first: number
    then: sign
    when: {document: outgoing, medium: electronic}
    message: Ký khi chưa có số
  - id: MA-R02
    cite: "8.1"
    severity: warning
    pattern: performer
    of: scan
    by: clerk
    message: Số hóa là việc của văn thư
"""
FLOW = """quytrinh: 1
flow: mau
name: Mẫu
basis: mau
roles: {clerk: {name: Văn thư, who: {role: van-thu}}}
steps:
  - {id: scan, by: clerk, cite: ["CITED"]}
  - {end: done}
"""


def said(folder: Path, pack: str = PACK) -> list[tuple[str, int]]:
    (folder / "bang-tu.yaml").write_text(VOCABULARY, encoding="utf-8")
    (folder / "mau.yaml").write_text(pack, encoding="utf-8")
    _packs, findings = read_packs(folder)
    return [(each.code, each.span.line) for each in findings[folder / "mau.yaml"]]


def test_the_shipped_packs_hold_every_rule_and_check() -> None:
    packs = shipped_packs()
    assert {name: len(pack.rules) for name, pack in packs.by_id.items()} == {
        "nghi-dinh-30-2020": 44,
        "binh-thuan-866-2016": 25,
        "ha-tinh-33-2019": 27,
        "dien-bien-2021": 20,
        "binh-dinh-132-2014": 21,
        "quang-binh-2024": 8,
    }
    assert [each.as_text() for each in check_paths([SHIPPED], Registry())] == []


def test_a_right_pack_passes_in_silence(tmp_path: Path) -> None:
    assert said(tmp_path) == []


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ('cite: "8.1"', 'cite: "8.2"', "P001"),
        ("first: number", "first: numbr", "P002"),
        ("by: clerk", "by: clark", "P003"),
        ("medium: electronic", "medium: electric", "P004"),
        ("medium: electronic", "media: electronic", "P004"),
        ('cite: "8.1"', "cite: 8.1", "P005"),
        ("id: MA-R02", "id: MA-R01", "P006"),
        ("    of: scan", "    superseded_by: MA-R09\n    of: scan", "P007"),
        ("articles:", "imports: [khong-co]\narticles:", "P008"),
        ("medium: electronic", "medium: electronic, channel: paper_post", "P009"),
        ('cite: "8.1"', 'cite: "7"', "P011"),
        ("pattern: performer", "pattern: performed", "F011"),
        ("    of: scan", "    off: scan", "F002"),
        ("then: sign", "after: sign", "F002"),
    ],
)
def test_what_is_wrong_with_a_pack_is_told_with_its_place(
    tmp_path: Path, right: str, wrong: str, code: str
) -> None:
    assert right in PACK
    text = PACK.replace(right, wrong, 1)
    wrong_line = text[: text.rindex(wrong)].count("\n") + 1
    # A circumstance that cannot be is told at the rule it makes pointless.
    line = 11 if code == "P009" else wrong_line
    assert [each for each in said(tmp_path, text) if each[0] == code] == [(code, line)]


def test_an_outcome_that_the_plugin_does_not_have_is_told(tmp_path: Path) -> None:
    (tmp_path / "bang-tu.yaml").write_text(VOCABULARY, encoding="utf-8")
    pack = PACK.replace("then: sign", "then: {run: demo.verify, outcome: lost}")
    (tmp_path / "mau.yaml").write_text(pack, encoding="utf-8")
    registry = fake_registry()
    _packs, findings = read_packs(tmp_path, registry)
    found = [each for each in findings[tmp_path / "mau.yaml"] if each.code == "P002"]
    assert [each.message for each in found] == ["`demo.verify` không có kết quả `lost`"]


def test_a_rule_about_a_plugin_that_is_not_installed_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "bang-tu.yaml").write_text(VOCABULARY, encoding="utf-8")
    (tmp_path / "mau.yaml").write_text(
        PACK.replace("then: sign", "then: {run: kho.quen}"), encoding="utf-8"
    )
    registry = Registry([FakeStep("documents.scan")])
    _packs, findings = read_packs(tmp_path, registry)
    assert ("P010", "warning") in [
        (each.code, each.severity) for each in findings[tmp_path / "mau.yaml"]
    ]


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        ("6.2.a", None),
        ("6.2", None),
        ("9", "Không có điều `9` trong Quy chế mẫu"),
        ("7", "Điều 7 của Quy chế mẫu đã hết hiệu lực: thay bằng Điều 8"),
        ("khac:1", "Không có quy chế `khac`"),
    ],
)
def test_a_flow_cites_what_is_there(tmp_path: Path, cited: str, expected: str | None) -> None:
    """# F108"""
    said(tmp_path)
    packs, _findings = read_packs(tmp_path)
    text = FLOW.replace("CITED", cited)
    result = check_flow(text, file="mau.yaml", forms={}, registry=Registry(), packs=packs)
    assert [each.message for each in result.diagnostics if each.code == "F108"] == (
        [expected] if expected else []
    )
