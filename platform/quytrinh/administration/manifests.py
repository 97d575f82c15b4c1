"""The files of an agency, tenants/<slug>/…: read and checked as a whole, without the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.utils.translation import gettext as _

from quytrinh.administration.exceptions import ManifestError, ManifestInvalid
from quytrinh.compiler.canonical import canonical_flow, canonical_form, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.language.diagnostics import Diagnostic, error
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.manifest import OrganizationManifest, TenantManifest, check_manifest
from quytrinh.language.parse import parse_flow
from quytrinh.language.source import read_source
from quytrinh.runtime.plugins import registry

TENANT_FILE = "tenant.yaml"
ORGANIZATION_FILE = "organization.yaml"

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Declared:
    """A form or a flow as a file declares it."""

    key: str
    file: str
    source: str
    digest: str


@dataclass(frozen=True, slots=True)
class AgencyFiles:
    """Everything the folder of an agency says; nothing in it has an error."""

    tenant: TenantManifest
    organization: OrganizationManifest | None
    forms: tuple[Declared, ...]
    flows: tuple[Declared, ...]


def read_agency(folder: Path) -> AgencyFiles:
    """Read the folder of an agency; raise ManifestInvalid with all findings, or ManifestError."""
    if not (folder / TENANT_FILE).is_file():
        raise ManifestError(
            _("%(folder)s không có tệp %(file)s.") % {"folder": folder, "file": TENANT_FILE}
        )
    return _Reader(folder).read()


def parents_first(agencies: Iterable[AgencyFiles]) -> list[AgencyFiles]:
    """Return the agencies so that each follows its parent, if that is among them."""
    waiting = {files.tenant.slug: files for files in agencies}
    ordered: list[AgencyFiles] = []
    while waiting:
        ready = [files for files in waiting.values() if files.tenant.parent not in waiting]
        if not ready:
            names = ", ".join(sorted(waiting))
            raise ManifestError(_("Các cơ quan là cấp trên của nhau: %s.") % names)
        ordered += ready
        for files in ready:
            del waiting[files.tenant.slug]
    return ordered


class _Reader:
    """Collects the findings of all files of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.diagnostics: list[Diagnostic] = []

    def read(self) -> AgencyFiles:
        tenant = self._manifest(TENANT_FILE, TenantManifest)
        organization = None
        if (self.folder / ORGANIZATION_FILE).is_file():
            organization = self._manifest(ORGANIZATION_FILE, OrganizationManifest)
        definitions, forms = self._forms()
        # While a form has errors, whatever a flow says of it would be an echo.
        flows = () if self._has_errors() else self._flows(definitions)
        if tenant and organization and organization.slug != tenant.slug:
            self._refuse_other_agency(organization, tenant)
        if tenant is None or self._has_errors():
            raise ManifestInvalid(self.diagnostics)
        return AgencyFiles(tenant, organization, forms, flows)

    def _has_errors(self) -> bool:
        return any(found.is_error for found in self.diagnostics)

    def _manifest(self, name: str, kind: type[Kind]) -> Kind | None:
        path = self.folder / name
        result = check_manifest(path.read_bytes(), str(path))
        self.diagnostics += result.diagnostics
        return result.manifest if isinstance(result.manifest, kind) else None

    def _forms(self) -> tuple[dict[str, FormDefinition], tuple[Declared, ...]]:
        definitions, declared = {}, []
        for path in sorted((self.folder / "forms").glob("*.yaml")):
            source = path.read_bytes()
            result = check_form(source, file=str(path))
            self.diagnostics += result.diagnostics
            if result.form and result.ok:
                key = result.form.id.text
                definitions[key] = result.form
                found = digest(canonical_form(result.form))
                declared.append(Declared(key, str(path), source.decode(), found))
        return definitions, tuple(declared)

    def _flows(self, forms: dict[str, FormDefinition]) -> tuple[Declared, ...]:
        declared = []
        paths = sorted((self.folder / "flows").glob("*.yaml"))
        flows = _signatures(paths, forms)
        for path in paths:
            source = path.read_bytes()
            result = check_flow(
                source, file=str(path), forms=forms, registry=registry(), flows=flows
            )
            self.diagnostics += result.diagnostics
            if result.flow and result.ok:
                found = digest(canonical_flow(result.flow, forms, registry()))
                key = result.flow.id.text
                declared.append(Declared(key, str(path), source.decode(), found))
        return tuple(declared)

    def _refuse_other_agency(
        self, organization: OrganizationManifest, tenant: TenantManifest
    ) -> None:
        assert organization.span is not None
        message = _("Tệp này khai tổ chức của “%(found)s”, không phải “%(wanted)s”") % {
            "found": organization.slug,
            "wanted": tenant.slug,
        }
        self.diagnostics.append(error("F011", organization.span, message))


def _signatures(paths: Sequence[Path], forms: Mapping[str, FormDefinition]) -> dict[str, Signature]:
    """What the procedures of a folder offer to each other; a broken one offers nothing."""
    read = (parse_flow(read_source(path.read_bytes(), file=str(path)))[0] for path in paths)
    return {flow.id.text: signature_of(flow, forms) for flow in read if flow}
