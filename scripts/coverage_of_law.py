"""Say for each of the 184 obligations where it lives, which test proves it, and how far it is.

scripts/coverage_of_law.py             the matrix and the sums; exit 1 where the map is wrong
scripts/coverage_of_law.py --planned   only what is not proved yet
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT / "docs/coverage-of-law.yaml"
PACKS = ROOT / "flows/regulations"
# How many lines each group of the list of requirements has.
GROUPS = {
    "IN": 18, "PR": 27, "OUT": 18, "DL": 10, "SG": 20, "EX": 13, "NR": 6, "AR": 16, "AD": 19,
    "DG": 5, "RP": 12, "SC": 10, "OT": 4, "XC": 6,
}  # fmt: skip
KINDS = ("rule", "platform", "setting", "plugin", "organisational")
STATES = ("proved", "documented", "planned")


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation; `rules` are those of the packs that say they cover it."""

    id: str
    duty: str
    kind: str
    by: str
    document: str
    tests: tuple[str, ...]
    rules: tuple[str, ...]

    @property
    def state(self) -> str:
        """Proved by a test, documented where people have to do it, else planned."""
        if self.tests:
            return "proved"
        return "documented" if self.document else "planned"


def lines() -> list[Line]:
    """Read the map, in the order of the list of requirements."""
    rules = rules_by_line()
    return [_line(id_, told, rules.get(id_, ())) for id_, told in read(MAP).items()]


@cache
def read(path: Path) -> Mapping[str, Any]:
    """Return what a file says."""
    told: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


def _line(id_: str, told: Mapping[str, Any], rules: tuple[str, ...]) -> Line:
    return Line(
        id=id_,
        duty=told["duty"],
        kind=told["kind"],
        by=told.get("by", ""),
        document=told.get("document", ""),
        tests=tuple(told.get("tests", ())),
        rules=rules,
    )


@cache
def rules_by_line() -> dict[str, tuple[str, ...]]:
    """Return which rules of the packs cover each obligation."""
    found: dict[str, list[str]] = {}
    for path in sorted(PACKS.glob("*.yaml")):
        for rule in read(path).get("rules", ()):
            for line in rule.get("covers", ()):
                found.setdefault(line, []).append(rule["id"])
    return {line: tuple(rules) for line, rules in found.items()}


@cache
def tests_in(file: str) -> frozenset[str]:
    """Return the names of the tests of a file, by reading it."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))
    return frozenset(each.name for each in functions if each.name.startswith("test_"))


def faults(found: list[Line]) -> Iterator[str]:
    """Say what is wrong with the map itself."""
    wanted = [f"{group}-{n:02d}" for group, count in GROUPS.items() for n in range(1, count + 1)]
    ids = [line.id for line in found]
    yield from (f"{each}: không có trong bản đồ" for each in wanted if each not in ids)
    yield from (f"{each}: không phải nghĩa vụ nào" for each in ids if each not in wanted)
    for line in found:
        yield from (f"{line.id}: {fault}" for fault in _faults_of(line))


def _faults_of(line: Line) -> Iterator[str]:
    if line.kind not in KINDS:
        yield f"loại lạ `{line.kind}`"
    if line.kind == "rule" and not line.rules:
        yield "không quy tắc nào nói đến"
    if line.kind != "rule" and not (line.by or line.document):
        yield "không nói nằm ở đâu"
    if line.document and not (ROOT / line.document).is_file():
        yield f"không có tài liệu {line.document}"
    for test in line.tests:
        file, _, name = test.partition("::")
        if name not in tests_in(file):
            yield f"không có kiểm thử {test}"


def matrix(found: list[Line]) -> Iterator[str]:
    """Return the lines of the table: state, id, duty, where it lives, what proves it."""
    for line in found:
        yield f"{line.state:<11}{line.id:<7}{line.duty}"
        where = "; ".join(filter(None, (line.by, ", ".join(line.rules))))
        yield f"{'':18}{line.kind}: {where or line.document}"
        yield from (f"{'':18}{test}" for test in line.tests)


def sums(found: list[Line]) -> str:
    """Return how many lines are proved, documented and planned, and where they live."""
    states = Counter(line.state for line in found)
    kinds = Counter(line.kind for line in found)
    told = ", ".join(f"{state} {states[state]}" for state in STATES)
    return f"{len(found)} lines: {told} ({', '.join(f'{kind} {kinds[kind]}' for kind in KINDS)})"


def main() -> int:
    """Print the matrix."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planned", action="store_true", help="chỉ những dòng chưa chứng minh")
    options = parser.parse_args()
    found = lines()
    shown = [line for line in found if not options.planned or line.state == "planned"]
    print("\n".join(matrix(shown)))
    print(sums(found))
    wrong = list(faults(found))
    for each in wrong:
        print(each, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
