"""Whole folders: find the files of ours, tell their kind by their key, check each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quytrinh.compiler.check import CheckResult, check_flow
from quytrinh.compiler.regulation.packs import NO_PACKS, Packs, read_packs
from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.language.calendar_files import (
    CALENDAR_FILE,
    AgencyCalendars,
    calendar_names,
    check_calendar_file,
)
from quytrinh.language.diagnostics import Diagnostic, Span, error, finish
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.manifest import check_manifest
from quytrinh.language.parse import parse_flow
from quytrinh.language.runs import check_runs
from quytrinh.language.source import MAX_BYTES, MapNode, read_source
from quytrinh.spi import Registry

KINDS = (
    *("flow", "form", "runs", "tenant", "organization", "calendars", "calendar"),
    *("regulation", "vocabulary"),
)
LIBRARY_FORMS = "forms"
CALENDARS_FILE = "calendars.yaml"
LIBRARY_FLOWS = "flows"
REGULATIONS = "regulations"


@dataclass(frozen=True)
class Definition:
    """One file; `owner` is the agency folder it belongs to, None for the library's.

    `asked` is False for a procedure that another may call, but which nobody asked about.
    """

    path: Path
    kind: str
    data: bytes
    owner: Path | None
    asked: bool = True


def check_paths(paths: Iterable[Path], registry: Registry) -> list[Diagnostic]:
    """Every finding in the YAML files under these paths, in the order of the files.

    A flow of an agency sees the forms and flows of its own folder and those of the library.
    """
    definitions, diagnostics = _read_all(paths)
    form_findings, forms = _check_forms(definitions)
    library = forms.get(None, {})
    flows = _signatures(definitions, forms)
    for each in definitions:
        file = str(each.path)
        if each.kind == "form":
            diagnostics += form_findings[each.path]
        elif each.kind == "flow":
            known = {**library, **forms.get(each.owner, {})}
            called = {**flows.get(None, {}), **flows.get(each.owner, {})}
            if each.asked:
                result = check_flow(
                    each.data,
                    file=file,
                    forms=known,
                    registry=registry,
                    flows=called,
                    calendars=_calendars_beside(each.owner),
                    packs=_packs_beside(each.path),
                )
                diagnostics += result.diagnostics
        elif each.kind == "runs":
            diagnostics += check_runs(each.data, file).diagnostics
        elif each.kind in ("regulation", "vocabulary"):
            diagnostics += read_packs(each.path.parent, registry)[1].get(each.path, ())
        elif each.kind in CALENDAR_FILE.by_key:
            diagnostics += check_calendar_file(each.data, file).diagnostics
        else:
            diagnostics += check_manifest(each.data, file).diagnostics
    return diagnostics


def discover(path: Path) -> Iterator[Path]:
    """The YAML files under a path, sorted; a file that is named is taken whatever its ending."""
    if path.is_file():
        yield path
        return
    found = (each for ending in ("*.yaml", "*.yml") for each in path.rglob(ending))
    yield from sorted(each for each in found if each.is_file())


def kind_of(data: bytes, file: str) -> str | None:
    """One of KINDS; None if the file says none of them."""
    root = read_source(data, file=file).root
    if not isinstance(root, MapNode):
        return None
    return next((key.text for key, _ in root.entries if key.text in KINDS), None)


def _read_all(paths: Iterable[Path]) -> tuple[list[Definition], list[Diagnostic]]:
    named = list(dict.fromkeys(found for path in paths for found in discover(path)))
    # What a named flow uses may lie outside the paths that were asked for.
    known = {path.resolve() for path in named}
    beside = [each for path in named for each in _beside(path) if each.resolve() not in known]
    definitions: list[Definition] = []
    diagnostics: list[Diagnostic] = []
    for path in [*named, *dict.fromkeys(beside)]:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        kind = kind_of(data, str(path))
        if kind is None and path in named:
            diagnostics += _unknown_kind(data, str(path))
        elif kind is not None and (path in named or kind in ("form", "flow")):
            asked = path in named or kind == "form"
            definitions.append(Definition(path, kind, data, _owner(path), asked))
    return definitions, diagnostics


def _unknown_kind(data: bytes, file: str) -> tuple[Diagnostic, ...]:
    source = read_source(data, file=file)
    if source.root is None:
        return source.diagnostics
    listed = ", ".join(f"`{kind}`" for kind in KINDS)
    message = f"Thiếu mục bắt buộc: một trong {listed}"
    place = Span(file, 1, 1, 1, 2)
    return finish([*source.diagnostics, error("F003", place, message)], source.text)


def _check_forms(
    definitions: Iterable[Definition],
) -> tuple[Mapping[Path, tuple[Diagnostic, ...]], dict[Path | None, dict[str, FormDefinition]]]:
    findings: dict[Path, tuple[Diagnostic, ...]] = {}
    forms: dict[Path | None, dict[str, FormDefinition]] = {}
    for each in definitions:
        if each.kind != "form":
            continue
        result = check_form(each.data, file=str(each.path))
        findings[each.path] = result.diagnostics
        if result.form is None:
            continue
        owned = forms.setdefault(each.owner, {})
        if (known := owned.setdefault(result.form.id.text, result.form)) is not result.form:
            findings[each.path] = _taken(result.form, known, each.data)
    return findings, forms


def _signatures(
    definitions: Iterable[Definition], forms: Mapping[Path | None, dict[str, FormDefinition]]
) -> dict[Path | None, dict[str, Signature]]:
    """The procedures that others may call, by the folder they belong to."""
    found: dict[Path | None, dict[str, Signature]] = {}
    for each in definitions:
        if each.kind == "flow":
            flow, _ = parse_flow(read_source(each.data, file=str(each.path)))
            if flow is not None:
                known = {**forms.get(None, {}), **forms.get(each.owner, {})}
                owned = found.setdefault(each.owner, {})
                owned.setdefault(flow.id.text, signature_of(flow, known))
    return found


def _taken(form: FormDefinition, known: FormDefinition, data: bytes) -> tuple[Diagnostic, ...]:
    message = f"Mã biểu mẫu `{form.id.text}` đã dùng ở {known.id.span.file}"
    return finish([error("F005", form.id.span, message)], data.decode("utf-8"))


def _owner(path: Path) -> Path | None:
    """`tenants/<slug>` for what lies below it."""
    parents = path.absolute().parents
    return next((each for each in parents if each.parent.name == "tenants"), None)


def _beside(path: Path) -> Iterator[Path]:
    """What a file in `flows/` can name: forms and flows of its agency, and of the library."""
    if path.parent.name != "flows":
        return
    folders = [path.parent, path.parent.parent / LIBRARY_FORMS]
    if owner := _owner(path):
        root = owner.parent.parent
        folders += [root / LIBRARY_FLOWS, root / LIBRARY_FORMS]
    for folder in folders:
        if folder.is_dir():
            yield from discover(folder)


def _calendars_beside(owner: Path | None) -> tuple[str, ...]:
    """The calendars of the agency whose folder this is."""
    path = owner / CALENDARS_FILE if owner else None
    if path is None or not path.is_file():
        return calendar_names(None)
    found = check_calendar_file(path.read_bytes(), str(path)).found
    return calendar_names(found if isinstance(found, AgencyCalendars) else None)


def _packs_beside(path: Path) -> Packs:
    """The packs of the library that a flow's file belongs to, if it belongs to one."""
    owner = _owner(path)
    library = owner.parent.parent / LIBRARY_FLOWS if owner else path.parent
    return _packs_in(library / REGULATIONS)


@lru_cache(maxsize=4)
def _packs_in(folder: Path) -> Packs:
    return read_packs(folder)[0] if folder.is_dir() else NO_PACKS


@dataclass(frozen=True)
class FlowFile:
    """One flow with the forms that it can name."""

    result: CheckResult
    forms: Mapping[str, FormDefinition]


def read_flow(path: Path, registry: Registry) -> FlowFile:
    """Check one file that declares a flow, with the forms and flows beside it."""
    definitions, _findings = _read_all([path])
    _form_findings, owned = _check_forms(definitions)
    signatures = _signatures(definitions, owned)
    owner = _owner(path)
    forms = {**owned.get(None, {}), **owned.get(owner, {})}
    result = check_flow(
        path.read_bytes()[: MAX_BYTES + 1],
        file=str(path),
        forms=forms,
        registry=registry,
        flows={**signatures.get(None, {}), **signatures.get(owner, {})},
        calendars=_calendars_beside(owner),
        packs=_packs_beside(path),
    )
    return FlowFile(result, forms)
