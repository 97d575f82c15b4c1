"""Verifying the signatures of a file, at the time of their time stamps.

Runs in a child process: every part of a file may be made by an enemy. What pyHanko finds is one
opinion; coverage, forms of attributes, and how the pages look are asked besides.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils import misc
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import diff_analysis as diff
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from quytrinh.signing.pdf import structure
from quytrinh.signing.pdf.visual import Box, Pictures, looks_changed
from quytrinh.signing.verdicts import DocumentFinding, SignatureFinding

# pyHanko's own policy, without changes of an appearance in place: it judges wrongly about fields
# that a signature has locked, and a stranger has no need of them.
_FIELD_RULES = [
    diff.SigFieldCreationRule(),
    diff.SigFieldModificationRule(allow_in_place_appearance_stream_changes=False),
    diff.GenericFieldModificationRule(allow_in_place_appearance_stream_changes=False),
]
POLICY = diff.StandardDiffPolicy(
    global_rules=diff.DEFAULT_DIFF_POLICY.global_rules,
    form_rule=diff.FormUpdatingRule(field_rules=_FIELD_RULES),
)
_DIGESTS = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
_SHORTEST_RSA = 2048
# Above this many pages only those are compared which a later object touches.
_COMPARE_ALL = 10
_COMPARE_MOST = 60
_TRUST_PROBLEMS = {
    AdESFailure.REVOKED: "revoked",
    AdESIndeterminate.REVOKED_NO_POE: "revoked",
    AdESIndeterminate.REVOKED_CA_NO_POE: "revoked",
    AdESIndeterminate.EXPIRED: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: "expired",
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: "expired",
    AdESFailure.NOT_YET_VALID: "not_yet_valid",
    AdESIndeterminate.NOT_YET_VALID: "not_yet_valid",
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: "untrusted",
    AdESIndeterminate.TRY_LATER: "revocation_unknown",
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: "revocation_unknown",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: "weak_algorithm",
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: "weak_algorithm",
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: "wrong_usage",
    AdESFailure.FORMAT_FAILURE: "malformed",
}


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the agency trusts, and the revocation lists it knows; all in DER."""

    anchors: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()


@dataclass(slots=True)
class _Material:
    """What proves something about certificates: the file's own and ours."""

    anchors: list[x509.Certificate]
    certificates: list[x509.Certificate] = field(default_factory=list)
    ocsps: list[ocsp.OCSPResponse] = field(default_factory=list)
    crls: list[crl.CertificateList] = field(default_factory=list)
    from_file: bool = False

    def context(self, moment: datetime | None) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.anchors,
            other_certs=self.certificates,
            ocsps=self.ocsps,
            crls=self.crls,
            moment=moment,
            best_signature_time=moment,
            allow_fetching=False,
            revocation_mode="require",
            retroactive_revinfo=True,
            time_tolerance=timedelta(minutes=5),
        )


def verify(data: bytes, trust: Trust) -> DocumentFinding:
    """Say what every signature of a file is worth, and the file as a whole."""
    reader, lenient = _read(data)
    if reader is None:
        return DocumentFinding(problems=("broken",))
    if reader.encrypted:
        return DocumentFinding(problems=("encrypted",))
    active = structure.has_active_content(reader)
    fields = list(enumerate_sig_fields(reader, filled_status=True))
    if not fields:
        return DocumentFinding(active_content=active, lenient=lenient)
    signatures = _Verification(data, reader, trust, fields).findings()
    problems = []
    if structure.has_trailing_bytes(data):
        problems.append("trailing_bytes")
    if active:
        problems.append("active_content")
    if signatures and signatures[-1][1]:
        problems.append("unsigned_changes")
    return DocumentFinding(
        problems=tuple(problems),
        signatures=tuple(finding for finding, _ in signatures),
        active_content=active,
        lenient=lenient,
    )


def _read(data: bytes) -> tuple[PdfFileReader | None, bool]:
    """Open a file strictly or, as many genuine ones need it, leniently."""
    for strict in (True, False):
        try:
            reader = PdfFileReader(io.BytesIO(data), strict=strict)
            hybrid = reader.xrefs.hybrid_xrefs_present
            if strict and hybrid:
                continue
            assert reader.root["/Pages"]["/Count"] >= 0
            if not reader.encrypted:
                list(enumerate_sig_fields(reader))
        except (misc.PdfError, ValueError, KeyError, TypeError, AssertionError, OSError):
            continue
        return reader, not strict
    return None, True


class _Verification:
    """The signatures of one file."""

    def __init__(self, data: bytes, reader: PdfFileReader, trust: Trust, fields: list[Any]) -> None:
        self._data = data
        self._reader = reader
        self._fields = fields
        self._objects = Counter(_object_key(value) for _, value, _ in fields)
        self._material = _material(reader, trust)
        self._final: Pictures | None = None

    def findings(self) -> list[tuple[SignatureFinding, bool]]:
        """Return each signature, oldest first, and whether something unsigned follows it."""
        known: dict[str, EmbeddedPdfSignature] = {}
        unknown = []
        for name, value, reference in self._fields:
            try:
                known[name] = EmbeddedPdfSignature(self._reader, reference, name)
            except (misc.PdfError, ValueError, KeyError, TypeError, AttributeError, AssertionError):
                unknown.append(SignatureFinding(name, ("malformed",)))
                continue
            del value
        stamps = {name for name, each in known.items() if each.sig_object_type == "/DocTimeStamp"}
        ordered = sorted(known.items(), key=lambda item: item[1].signed_revision)
        found = [self._finding(name, embedded) for name, embedded in ordered if name not in stamps]
        return [*((finding, False) for finding in unknown), *found]

    def _finding(self, name: str, embedded: EmbeddedPdfSignature) -> tuple[SignatureFinding, bool]:
        try:
            facts, problems, changed = self._judge(name, embedded)
        except NotImplementedError:
            facts, problems, changed = {}, ["unsupported"], False
        except _EXPECTED:
            facts, problems, changed = {}, ["malformed"], False
        unique = tuple(dict.fromkeys(problems))
        return SignatureFinding(name, unique, **{**_facts_of(embedded), **facts}), changed

    def _judge(
        self, name: str, embedded: EmbeddedPdfSignature
    ) -> tuple[dict[str, Any], list[str], bool]:
        stamp = _stamp(embedded)
        status = self._status(embedded, stamp)
        problems = list(_form_problems(embedded, status))
        if self._objects[_object_key(embedded.sig_field.raw_get("/V"))] > 1:
            problems.append("shared_object")
        problems += _integrity_problems(status)
        level, trusted_time = "B-B", False
        if stamp is None:
            problems.append("no_timestamp")
        else:
            validity = status.timestamp_validity
            trusted_time = validity is not None and validity.intact and validity.trusted
            level = "B-LT" if self._material.from_file else "B-T"
            if not trusted_time:
                problems.append("timestamp_untrusted")
        problems += _trust_problems(status, proven_time=trusted_time)
        if "altered" not in problems:
            problems += self._looks(embedded, status)
        facts: dict[str, Any] = {"level": level}
        if stamp is not None:
            facts["stamped_at"] = stamp[0].isoformat()
            facts["stamped_by"] = stamp[1]
        unsigned = _level(status) not in (
            diff.ModificationLevel.NONE,
            diff.ModificationLevel.LTA_UPDATES,
        )
        return facts, problems, unsigned

    def _status(
        self, embedded: EmbeddedPdfSignature, stamp: tuple[datetime, str] | None
    ) -> PdfSignatureStatus:
        """Ask pyHanko, as of the time stamp; a time that nobody trusts proves nothing."""
        moment = stamp[0] if stamp else None
        status = self._ask(embedded, moment, moment)
        validity = status.timestamp_validity
        if stamp and not (validity and validity.intact and validity.trusted):
            status = self._ask(embedded, None, moment)
        return status

    def _ask(
        self, embedded: EmbeddedPdfSignature, moment: datetime | None, stamped: datetime | None
    ) -> PdfSignatureStatus:
        return asyncio.run(
            async_validate_pdf_signature(
                embedded,
                self._material.context(moment),
                self._material.context(stamped),
                diff_policy=POLICY,
            )
        )

    def _looks(self, embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Iterator[str]:
        """Compare how pages looked when they were signed with how they look now."""
        if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
            return
        end = int(embedded.byte_range[2]) + int(embedded.byte_range[3])
        count = int(self._reader.root["/Pages"]["/Count"])
        pages = set(range(count))
        if count > _COMPARE_ALL:
            pages = structure.touched_pages(self._reader, embedded.signed_revision)
        if len(pages) > _COMPARE_MOST:
            yield "not_compared"
            return
        if self._final is None:
            self._final = Pictures(self._data)
        later = self._later_fields(embedded.signed_revision)
        if looks_changed(Pictures(self._data[:end]), self._final, sorted(pages), later):
            yield "looks_changed"

    def _later_fields(self, revision: int) -> dict[int, list[Box]]:
        """Return the places of the fields that were signed after a revision, by page."""
        places: dict[int, list[Box]] = {}
        for _, _, reference in self._fields:
            widget = reference.get_object()
            value = widget.raw_get("/V")
            if self._reader.xrefs.get_last_change(value.reference) <= revision:
                continue
            page = self._page_of(widget)
            box = tuple(float(each) for each in widget.get("/Rect", (0, 0, 0, 0)))
            if page is not None and len(box) == 4:
                places.setdefault(page, []).append(box)  # type: ignore[arg-type]
        return places

    def _page_of(self, widget: Any) -> int | None:
        if "/P" not in widget:
            return None
        wanted = widget.raw_get("/P").reference
        count = int(self._reader.root["/Pages"]["/Count"])
        for index in range(count):
            if self._reader.find_page_for_modification(index)[0].reference == wanted:
                return index
        return None


_EXPECTED = (
    misc.PdfError,
    ValueError,
    KeyError,
    TypeError,
    IndexError,
    AttributeError,
    AssertionError,
    OSError,
)


def _object_key(value: Any) -> Any:
    return getattr(value, "reference", None) or id(value)


def _material(reader: PdfFileReader, trust: Trust) -> _Material:
    material = _Material(
        anchors=[x509.Certificate.load(each) for each in trust.anchors],
        crls=[crl.CertificateList.load(each) for each in trust.crls],
    )
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except ValidationInfoReadingError:
        return material
    material.certificates += store.load_certs()
    material.ocsps += [ocsp.OCSPResponse.load(each.get_object().data) for each in store.ocsps]
    material.crls += [crl.CertificateList.load(each.get_object().data) for each in store.crls]
    material.from_file = bool(store.ocsps or store.crls)
    return material


def _stamp(embedded: EmbeddedPdfSignature) -> tuple[datetime, str] | None:
    """Return the time in the time stamp over the signature, and who it says it is from."""
    for token in extract_tst_data_iter(embedded.signer_info, signed=False):
        info = token["encap_content_info"]["content"].parsed
        authority = info["tsa"].native
        name = authority.get("common_name", "") if isinstance(authority, dict) else ""
        return info["gen_time"].native, name
    return None


def _form_problems(embedded: EmbeddedPdfSignature, status: PdfSignatureStatus) -> Iterator[str]:
    """Ask for what makes a signature bind: signed attributes, the certificate among them."""
    attributes = embedded.signer_info["signed_attrs"]
    names = {each["type"].native for each in attributes}
    if (
        not names & {"signing_certificate", "signing_certificate_v2"}
        or "message_digest" not in names
    ):
        yield "no_signed_attributes"
    if status.md_algorithm.lower().replace("-", "_") not in _DIGESTS:
        yield "weak_algorithm"
    key = embedded.signer_cert.public_key
    if key.algorithm == "rsa" and key.bit_size < _SHORTEST_RSA:
        yield "weak_algorithm"


def _integrity_problems(status: PdfSignatureStatus) -> Iterator[str]:
    if not status.intact:
        yield "altered"
    elif not status.valid:
        yield "bad_signature"
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield "partly_covered"
    elif _level(status) == diff.ModificationLevel.OTHER or status.docmdp_ok is False:
        yield "changed_after"
    if status.seed_value_constraint_error is not None:
        yield "malformed"


def _level(status: PdfSignatureStatus) -> diff.ModificationLevel | None:
    return status.modification_level


def _trust_problems(status: PdfSignatureStatus, *, proven_time: bool) -> Iterator[str]:
    if status.trusted or not status.valid:
        return
    problem = _TRUST_PROBLEMS.get(status.trust_problem_indic, "chain_unclear")  # type: ignore[arg-type]
    if status.revoked:
        problem = "revoked"
    if problem == "expired" and not proven_time:
        # it may have been signed while the certificate was good; nobody can tell
        problem = "expired_now"
    yield problem


def _facts_of(embedded: EmbeddedPdfSignature) -> dict[str, Any]:
    """Return what the certificate says of its owner; true only if the verdict says so."""
    try:
        certificate = embedded.signer_cert
        subject = certificate.subject.native
        claimed = embedded.self_reported_timestamp
    except _EXPECTED:
        return {}
    name, organisation = _text(subject, "common_name"), _text(subject, "organization_name")
    same = name.casefold() == organisation.casefold()
    return {
        "signer": name,
        "organisation": organisation,
        "kind": "organisation" if same else "person",
        "issuer": _text(certificate.issuer.native, "common_name"),
        "serial": f"{certificate.serial_number:x}",
        "certificate_sha256": hashlib.sha256(certificate.dump()).hexdigest(),
        "not_after": certificate.not_valid_after.isoformat(),
        "claimed_at": claimed.isoformat() if claimed else "",
        "signed_bytes": int(embedded.byte_range[2]) + int(embedded.byte_range[3]),
    }


def _text(name: dict[str, Any], part: str) -> str:
    value = name.get(part, "")
    return value if isinstance(value, str) else ", ".join(map(str, value))
