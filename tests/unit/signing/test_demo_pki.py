"""The demonstration authority: made once, kept, resumed, private."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509 import ocsp

from quytrinh.signing import demo_marks
from quytrinh.signing.demo_pki import DemoPki, Holder
from quytrinh.spi import SignerKind

PERSON = Holder("binh-dinh", "person:1", "Phạm Thị Mận", "UBND tỉnh Bình Định", SignerKind.PERSON)


def made(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_a_second_set_up_changes_nothing(tmp_path: Path) -> None:
    first = DemoPki(tmp_path)
    first.prepare()
    certificate = first.issue(PERSON)
    before = made(tmp_path)
    second = DemoPki(tmp_path)
    second.prepare()
    assert second.issue(PERSON) == certificate
    assert made(tmp_path) == before


def test_a_set_up_cut_short_is_finished(tmp_path: Path) -> None:
    pki = DemoPki(tmp_path)
    pki.prepare()
    root, key = (tmp_path / "root.crt").read_bytes(), (tmp_path / "ocsp.key").read_bytes()
    (tmp_path / "ocsp.crt").unlink()
    (tmp_path / "tsa.key").unlink()
    (tmp_path / "tsa.crt").unlink()
    DemoPki(tmp_path).prepare()
    assert (tmp_path / "root.crt").read_bytes() == root
    assert (tmp_path / "ocsp.key").read_bytes() == key
    assert (tmp_path / "tsa.crt").exists()


def test_keys_are_for_their_owner_only(tmp_path: Path) -> None:
    pki = DemoPki(tmp_path)
    pki.prepare()
    pki.issue(PERSON)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    holders = [path for path in files if path.suffix == ".p12"]
    assert holders
    assert b"PRIVATE KEY" not in holders[0].read_bytes()


def test_ocsp_and_lists_tell_of_revocation(tmp_path: Path) -> None:
    pki = DemoPki(tmp_path)
    certificate = pki.issue(PERSON)
    good = ocsp.load_der_ocsp_response(pki.ocsp_response(certificate))
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    pki.revoke(certificate, at=at)
    revoked = ocsp.load_der_ocsp_response(pki.ocsp_response(certificate))
    assert good.certificate_status == ocsp.OCSPCertStatus.GOOD
    assert revoked.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert revoked.revocation_time_utc == at
    listed = x509.load_der_x509_crl(pki.crls()[1])
    assert listed.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None


def test_a_name_has_one_handwriting() -> None:
    assert demo_marks.handwriting("Phạm Thị Mận") == demo_marks.handwriting("Phạm Thị Mận")
    assert demo_marks.handwriting("Phạm Thị Mận") != demo_marks.handwriting("Lê Văn Ổi")
