"""What a verification found: plain data that a child process writes and our own reads."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# Grows when the rules of verification change: an old finding may then be made anew.
POLICY = 1


class Verdict(StrEnum):
    """What a document or a signature is worth."""

    VALID = "valid"
    UNDETERMINED = "undetermined"
    INVALID = "invalid"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


# What is wrong with a signature, and what it makes of its verdict.
SIGNATURE_PROBLEMS: dict[str, Verdict] = {
    "altered": Verdict.INVALID,
    "bad_signature": Verdict.INVALID,
    "malformed": Verdict.INVALID,
    "partly_covered": Verdict.INVALID,
    "changed_after": Verdict.INVALID,
    "looks_changed": Verdict.INVALID,
    "expired": Verdict.INVALID,
    "not_yet_valid": Verdict.INVALID,
    "revoked": Verdict.INVALID,
    "no_signed_attributes": Verdict.INVALID,
    "weak_algorithm": Verdict.INVALID,
    "wrong_usage": Verdict.INVALID,
    "shared_object": Verdict.INVALID,
    "unsupported": Verdict.UNDETERMINED,
    "untrusted": Verdict.UNDETERMINED,
    "no_timestamp": Verdict.UNDETERMINED,
    "timestamp_untrusted": Verdict.UNDETERMINED,
    "revocation_unknown": Verdict.UNDETERMINED,
    "expired_now": Verdict.UNDETERMINED,
    "not_compared": Verdict.UNDETERMINED,
    "chain_unclear": Verdict.UNDETERMINED,
}
# What is wrong with a document as a whole. A note does not change its verdict.
DOCUMENT_PROBLEMS: dict[str, Verdict] = {
    "encrypted": Verdict.UNREADABLE,
    "broken": Verdict.UNREADABLE,
    "too_costly": Verdict.UNREADABLE,
    "trailing_bytes": Verdict.INVALID,
    "active_content": Verdict.UNDETERMINED,
    "unsigned_changes": Verdict.UNDETERMINED,
}
_WORST_FIRST = (
    Verdict.UNREADABLE,
    Verdict.INVALID,
    Verdict.UNSIGNED,
    Verdict.UNDETERMINED,
    Verdict.VALID,
)


@dataclass(frozen=True, slots=True)
class SignatureFinding:
    """One signature. Instants are ISO 8601 with a zone; `stamped_at` is the time stamp's."""

    field: str
    problems: tuple[str, ...] = ()
    signer: str = ""
    organisation: str = ""
    kind: str = ""
    issuer: str = ""
    serial: str = ""
    certificate_sha256: str = ""
    not_after: str = ""
    claimed_at: str = ""
    stamped_at: str = ""
    stamped_by: str = ""
    level: str = ""
    signed_bytes: int = 0

    @property
    def verdict(self) -> Verdict:
        return worst(SIGNATURE_PROBLEMS[problem] for problem in self.problems)


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """A document: its own problems, its signatures in the order in which they were made.

    `active_content` is a fact even of an unsigned document; `lenient`: the file breaks rules of
    the format that many programs break.
    """

    problems: tuple[str, ...] = ()
    signatures: tuple[SignatureFinding, ...] = ()
    active_content: bool = False
    lenient: bool = False

    @property
    def verdict(self) -> Verdict:
        own = [DOCUMENT_PROBLEMS[problem] for problem in self.problems]
        if Verdict.UNREADABLE in own:
            return Verdict.UNREADABLE
        if not self.signatures:
            return Verdict.UNSIGNED
        return worst([*own, *(signature.verdict for signature in self.signatures)])


def worst(verdicts: Any) -> Verdict:
    """Return the worst of some verdicts; of none, the best there is."""
    found = set(verdicts)
    return next((each for each in _WORST_FIRST if each in found), Verdict.VALID)


def to_json(finding: DocumentFinding) -> str:
    """Write a finding."""
    return json.dumps(dataclasses.asdict(finding))


def from_json(text: str | bytes) -> DocumentFinding:
    """Read a finding."""
    given = json.loads(text)
    signatures = tuple(
        SignatureFinding(**{**each, "problems": tuple(each["problems"])})
        for each in given.pop("signatures")
    )
    problems = tuple(given.pop("problems"))
    return DocumentFinding(problems=problems, signatures=signatures, **given)
