"""The files of an agency, tenants/<slug>/…: read and checked as a whole, without the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _

from quytrinh.administration.exceptions import ManifestError, ManifestInvalid
from quytrinh.compiler.adopting import (
    library_flow,
    library_forms,
    library_keys,
    under_key,
)
from quytrinh.compiler.canonical import canonical_flow, canonical_form, digest
from quytrinh.compiler.check import check_flow
from quytrinh.compiler.planning import build_plan
from quytrinh.compiler.setting_values import faults_of_values
from quytrinh.compiler.signatures import Signature, signature_of
from quytrinh.language.ast import Flow
from quytrinh.language.calendar_files import (
    AgencyCalendars,
    calendar_names,
    check_calendar_file,
)
from quytrinh.language.diagnostics import Diagnostic, did_you_mean, error
from quytrinh.language.form import FormDefinition, check_form
from quytrinh.language.manifest import OrganizationManifest, TenantManifest, check_manifest
from quytrinh.language.parse import parse_flow
from quytrinh.language.settings import Values
from quytrinh.language.source import MapNode, Word, read_source
from quytrinh.runtime.plugins import registry

TENANT_FILE = "tenant.yaml"
ORGANIZATION_FILE = "organization.yaml"
CALENDARS_FILE = "calendars.yaml"

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Declared:
    """A form or a flow as a file declares it."""

    key: str
    file: str
    source: str
    digest: str
    # Of a flow: what the agency sets in it.
    settings: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgencyFiles:
    """Everything the folder of an agency says; nothing in it has an error."""

    tenant: TenantManifest
    organization: OrganizationManifest | None
    forms: tuple[Declared, ...]
    flows: tuple[Declared, ...]
    calendars: AgencyCalendars | None = None


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


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a procedure and the file that it comes from."""

    path: Path
    data: bytes


class _Reader:
    """Collects the findings of all files of one folder, and of what it takes from the library."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.library: Path = settings.ROOT
        self.diagnostics: list[Diagnostic] = []

    def read(self) -> AgencyFiles:
        tenant = self._manifest(TENANT_FILE, TenantManifest)
        organization = None
        if (self.folder / ORGANIZATION_FILE).is_file():
            organization = self._manifest(ORGANIZATION_FILE, OrganizationManifest)
        calendars = self._calendars()
        forms = self._forms()
        flows: tuple[Declared, ...] = ()
        asked: set[str] = set()
        # While a form has errors, whatever a flow says of it would be an echo.
        if not self._has_errors():
            definitions = {key: definition for key, (definition, _declared) in forms.items()}
            flows, asked = self._flows(definitions, tenant, organization, calendars)
        for other in (organization, calendars):
            if tenant and other and other.slug != tenant.slug:
                self._refuse_other_agency(other, tenant)
        if tenant is None or self._has_errors():
            raise ManifestInvalid(self.diagnostics)
        own = self.folder / "forms"
        kept = tuple(
            declared
            for key, (_definition, declared) in forms.items()
            if key in asked or Path(declared.file).parent == own
        )
        return AgencyFiles(tenant, organization, kept, flows, calendars)

    def _has_errors(self) -> bool:
        return any(found.is_error for found in self.diagnostics)

    def _manifest(self, name: str, kind: type[Kind]) -> Kind | None:
        path = self.folder / name
        result = check_manifest(path.read_bytes(), str(path))
        self.diagnostics += result.diagnostics
        return result.manifest if isinstance(result.manifest, kind) else None

    def _calendars(self) -> AgencyCalendars | None:
        path = self.folder / CALENDARS_FILE
        if not path.is_file():
            return None
        result = check_calendar_file(path.read_bytes(), str(path))
        self.diagnostics += result.diagnostics
        return result.found if isinstance(result.found, AgencyCalendars) else None

    def _forms(self) -> dict[str, tuple[FormDefinition, Declared]]:
        """The agency's forms; where it has none of that key, the library's."""
        own = sorted((self.folder / "forms").glob("*.yaml"))
        shared = library_forms(self.library)
        found: dict[str, tuple[FormDefinition, Declared]] = {}
        for path in (*shared, *own):
            source = path.read_bytes()
            result = check_form(source, file=str(path))
            self.diagnostics += result.diagnostics
            if result.form and result.ok:
                key = result.form.id.text
                known = digest(canonical_form(result.form))
                found[key] = (result.form, Declared(key, str(path), source.decode(), known))
        return found

    def _texts(self, tenant: TenantManifest | None) -> list[Text]:
        """The agency's own procedures, then those that it takes over from the library."""
        own = [Text(path, path.read_bytes()) for path in sorted(self.folder.glob("flows/*.yaml"))]
        taken = {_key_of(each.data, str(each.path)) for each in own}
        adopted = []
        for adoption in tenant.adopts if tenant else ():
            assert adoption.span is not None
            if adoption.flow not in library_keys(self.library):
                message = _("Không có quy trình mẫu `%s`") % adoption.flow
                hint = did_you_mean(adoption.flow, library_keys(self.library))
                self.diagnostics.append(error("F011", adoption.span, message, hint))
            elif adoption.key in taken:
                message = _("Cơ quan đã có quy trình `%s` của mình") % adoption.key
                self.diagnostics.append(error("F005", adoption.span, message))
            else:
                path = library_flow(self.library, adoption.flow)
                source = under_key(path.read_text(encoding="utf-8"), adoption.key)
                adopted.append(Text(path, source.encode()))
        return [*own, *adopted]

    def _flows(
        self,
        forms: Mapping[str, FormDefinition],
        tenant: TenantManifest | None,
        organization: OrganizationManifest | None,
        calendars: AgencyCalendars | None,
    ) -> tuple[tuple[Declared, ...], set[str]]:
        """The procedures, and the keys of the forms that they ask."""
        declared: list[Declared] = []
        flows: dict[str, Flow] = {}
        asked: set[str] = set()
        texts = self._texts(tenant)
        signatures = _signatures(texts, forms)
        for text in texts:
            key = _key_of(text.data, str(text.path))
            values = tenant.settings_of(key) if tenant else {}
            result = check_flow(
                text.data,
                file=str(text.path),
                forms=forms,
                registry=registry(),
                flows=signatures,
                settings=values,
                calendars=calendar_names(calendars),
            )
            self.diagnostics += result.diagnostics
            if result.flow and result.ok:
                canonical = canonical_flow(result.flow, forms, registry())
                found = digest(canonical)
                source = text.data.decode()
                declared.append(Declared(key, str(text.path), source, found, values))
                flows[key] = result.flow
                asked.update(build_plan(canonical, found).forms)
        self.diagnostics += _wrong_settings(tenant, organization, flows)
        return tuple(declared), asked

    def _refuse_other_agency(
        self, other: OrganizationManifest | AgencyCalendars, tenant: TenantManifest
    ) -> None:
        assert other.span is not None
        message = _("Tệp này là của “%(found)s”, không phải “%(wanted)s”") % {
            "found": other.slug,
            "wanted": tenant.slug,
        }
        self.diagnostics.append(error("F011", other.span, message))


def _signatures(texts: Iterable[Text], forms: Mapping[str, FormDefinition]) -> dict[str, Signature]:
    """What the procedures of an agency offer to each other; a broken one offers nothing."""
    read = (parse_flow(read_source(each.data, file=str(each.path)))[0] for each in texts)
    return {flow.id.text: signature_of(flow, forms) for flow in read if flow}


def _key_of(source: bytes, file: str) -> str:
    """The key of the flow that a text declares, empty if it declares none."""
    root = read_source(source, file=file).root
    named = root.get("flow") if isinstance(root, MapNode) else None
    return named.text if isinstance(named, Word) else ""


def _wrong_settings(
    tenant: TenantManifest | None,
    organization: OrganizationManifest | None,
    flows: Mapping[str, Flow],
) -> list[Diagnostic]:
    """Values for flows that the folder has not, or that are not of their settings' types."""
    positions = [each.key for each in organization.positions] if organization else ()
    units = [each.key for each in organization.units] if organization else ()
    found: list[Diagnostic] = []
    for declared in tenant.settings if tenant else ():
        assert declared.span is not None
        flow = flows.get(declared.flow)
        if flow is None:
            message = _("Không có quy trình `%s`") % declared.flow
            hint = did_you_mean(declared.flow, flows)
            found.append(error("F011", declared.span, message, hint))
            continue
        faults = faults_of_values(
            flow.settings, dict(declared.values), positions=positions, units=units
        )
        found += [
            error("F011", declared.span, f"`{name}`: {fault}") for name, fault in faults.items()
        ]
    return found
