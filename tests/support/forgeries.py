"""Signed files that are not what they seem, and services that do not answer."""

from __future__ import annotations

import io

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.timestamps import TimeStamper

from quytrinh.signing.demo_pki import Holder
from quytrinh.signing.exceptions import TrustServiceSilent
from quytrinh.signing.pdf import signatures
from quytrinh.signing.pdf.appearance import Drawing
from quytrinh.signing.pdf.fields import Place
from quytrinh.signing.trust_services import DemoTrustServices, RevocationMaterial
from quytrinh.spi import SignatureForm, SignerKind, SigningRequest
from tests.support.signing import (
    AGENCY,
    LEADER,
    ORGANISATION,
    Authority,
    decision,
)

PLACE = Place("ChuKy", 0, (100, 100, 200, 150))


def hand_made(
    who, services, *, material: bool = True, stamped: bool = True, pdf: bytes = b""
) -> bytes:
    """A signature made as a stranger would, without our own care about its result."""
    timestamper = services.timestamper() if stamped else None
    begun = signatures.begin(
        pdf or decision(),
        PLACE,
        Drawing(lines=("Đã ký",)),
        who.credential.chain,
        room=signatures.stamp_size(timestamper) if timestamper else 0,
    )
    request = SigningRequest(
        f"made-{hash(begun.attributes)}", who.agency, who.credential.id, SignatureForm.RAW,
        begun.attributes,
    )  # fmt: skip
    signed = signatures.complete(begun, who.plugin.sign(request).content, timestamper)
    if not material:
        return signed
    proof = services.material(who.credential.chain)
    return signatures.add_material(signed, proof.certificates, proof.ocsps, proof.crls)


def certificate(home: Authority, key: str):
    """The certificate of a person of the test agency."""
    return home.pki.issue(Holder(AGENCY, key, LEADER, ORGANISATION, SignerKind.PERSON))


def partly_covered(home: Authority) -> bytes:
    """A signature whose range ends before the end of its own revision."""
    signed = hand_made(home.person(), home.services, material=False)
    start = signed.rindex(b"/ByteRange") + len(b"/ByteRange ")
    end = signed.index(b"]", start)
    first, length, second, rest = (int(each) for each in signed[start + 1 : end].split())
    shorter = b"[%d %d %d %d" % (first, length, second, rest - 20)
    return signed[:start] + shorter.ljust(end - start) + signed[end:]


def with_script(pdf: bytes) -> bytes:
    """A file that runs JavaScript when it is opened."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    script = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.pdf_string("app.alert('xin chao')"),
        }
    )
    writer.root["/OpenAction"] = writer.add_object(script)
    writer.update_root()
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


class NoAnswer(TimeStamper):
    """A time stamp service whose line is dead."""

    async def async_request_tsa_response(self, req):
        raise TimeoutError


class Silent:
    """Services that do not answer: one, or the other."""

    def __init__(self, home: Authority, *, tsa: bool) -> None:
        self._services = home.services
        self._tsa = tsa

    def timestamper(self):
        return NoAnswer() if self._tsa else self._services.timestamper()

    def material(self, chain) -> RevocationMaterial:
        if self._tsa:
            return self._services.material(chain)
        raise TrustServiceSilent

    def crls(self) -> tuple[bytes, ...]:
        return ()

    def anchors(self) -> tuple[bytes, ...]:
        return self._services.anchors()


class NobodyKnowsStates(DemoTrustServices):
    """Services for a setting: the states of certificates cannot be had."""

    def material(self, chain) -> RevocationMaterial:
        raise TrustServiceSilent

    def crls(self) -> tuple[bytes, ...]:
        return ()


class NobodyStampsTime(DemoTrustServices):
    """Services for a setting: nobody stamps the time."""

    def timestamper(self) -> TimeStamper:
        return NoAnswer()
