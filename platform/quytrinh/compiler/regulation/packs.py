"""The packs of a folder, and which of them a flow must satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from quytrinh.compiler.regulation.pack_check import check_pack, check_vocabulary, fits_vocabulary
from quytrinh.language.ast import Flow
from quytrinh.language.diagnostics import Diagnostic, Span, error, finish
from quytrinh.language.regulation import Regulation, Rule, Vocabulary, read_regulation
from quytrinh.spi import Registry

STATE = "state"
SHIPPED = Path(__file__).parents[4] / "flows" / "regulations"


@dataclass(frozen=True)
class BindingRule:
    """A rule, the pack it stands in, and how severely that binds an agency of this kind."""

    rule: Rule
    pack: Regulation
    severity: str


@dataclass(frozen=True)
class Packs:
    """Every pack that is known, by id; without a vocabulary nothing can be checked."""

    by_id: Mapping[str, Regulation]
    vocabulary: Vocabulary | None

    def binding(self, flow: Flow, kind: str = "", day: date | None = None) -> list[Regulation]:
        """The packs a flow must satisfy: its basis, what that imports, and the national ones.

        `kind` of agency: if it is not told, the one that the basis itself binds. `day`: only what
        is in force then.
        """
        found: dict[str, Regulation] = {}
        waiting = [word.text for word in flow.basis]
        while waiting:
            pack = self.by_id.get(waiting.pop(0))
            if pack is not None and pack.id.text not in found:
                found[pack.id.text] = pack
                waiting += [word.text for word in pack.imports]
        told = kind or self.kind_of(flow)
        every = [*found.values(), *(p for p in self.by_id.values() if p.national)]
        binding = {pack.id.text: pack for pack in every if told in pack.binds}
        return [pack for pack in binding.values() if day is None or pack.in_force_on(day)]

    def kind_of(self, flow: Flow) -> str:
        """The kind of agency that the basis of a flow is written for."""
        kinds = [self.by_id[word.text].binds for word in flow.basis if word.text in self.by_id]
        common = [
            kind for kind in (kinds[0] if kinds else ()) if all(kind in each for each in kinds)
        ]
        return common[0] if common else STATE

    def rules(self, flow: Flow, kind: str = "", day: date | None = None) -> Iterator[BindingRule]:
        """Every rule in force that binds a flow, each once."""
        told = kind or self.kind_of(flow)
        for pack in self.binding(flow, told, day):
            for rule in pack.rules:
                if rule.is_in_force:
                    mild = "warning" in (rule.severity, pack.binds[told])
                    yield BindingRule(rule, pack, "warning" if mild else "error")


NO_PACKS = Packs({}, None)


def read_packs(
    folder: Path, registry: Registry | None = None
) -> tuple[Packs, Mapping[Path, tuple[Diagnostic, ...]]]:
    """Every pack in a folder, and what was found in each file."""
    read = {path: _read(path) for path in sorted(folder.glob("*.yaml"))}
    vocabularies = [found for found, _, _ in read.values() if isinstance(found, Vocabulary)]
    vocabulary = vocabularies[0] if vocabularies else None
    packs = {f.id.text: f for f, _, _ in reversed(read.values()) if isinstance(f, Regulation)}
    findings: dict[Path, tuple[Diagnostic, ...]] = {}
    for path, (found, told, text) in read.items():
        more: list[Diagnostic] = []
        if isinstance(found, Regulation):
            more += check_pack(found, packs)
            if vocabulary:
                more += fits_vocabulary(found, vocabulary, registry)
            else:
                more.append(_no_vocabulary(found.id.span))
        elif isinstance(found, Vocabulary):
            more += check_vocabulary(found, registry)
        findings[path] = finish([*told, *more], text)
    return Packs(packs, vocabulary), findings


@lru_cache(maxsize=1)
def shipped_packs() -> Packs:
    """The packs that ship with the platform, read once."""
    return read_packs(SHIPPED)[0] if SHIPPED.is_dir() else NO_PACKS


def _read(path: Path) -> tuple[Regulation | Vocabulary | None, tuple[Diagnostic, ...], str]:
    data = path.read_bytes()
    result = read_regulation(data, file=str(path))
    return result.found, result.diagnostics, data.decode("utf-8", "replace")


def _no_vocabulary(span: Span) -> Diagnostic:
    message = "Không có bảng từ nào cạnh quy chế này, nên không hiểu được quy tắc"
    return error("P002", span, message, "thêm tệp có mục `vocabulary` vào cùng thư mục")
