"""What two engines that are not the platform say of a signed PDF: poppler's pdfsig, and pyHanko."""

from __future__ import annotations

import io
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, validate_pdf_signature

VALID = "Signature is Valid."


@dataclass(frozen=True, slots=True)
class Engines:
    """The opinion of each on every signature, in order."""

    poppler: list[str]
    pyhanko: list[bool]

    @property
    def agree_on_valid(self) -> int:
        """How many signatures both find valid; 0 unless they agree on all."""
        whole = len(self.poppler) == len(self.pyhanko) and all(self.pyhanko)
        return len(self.poppler) if whole and set(self.poppler) == {VALID} else 0


def ask(content: bytes, root: Path, folder: Path) -> Engines:
    """Have a file judged; `root` is the certificate to trust."""
    with ThreadPoolExecutor(1) as apart:  # a browser's test has an event loop of its own
        pyhanko = apart.submit(_pyhanko, content, root).result()
    return Engines(_poppler(content, folder), pyhanko)


def _poppler(content: bytes, folder: Path) -> list[str]:
    path = folder / "asked.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True).stdout
    return [found.strip() for found in re.findall(r"Signature Validation:(.*)", said)]


def _pyhanko(content: bytes, root: Path) -> list[bool]:
    """With nothing but the root and the proof that the file brings; by pyHanko's own rules."""
    trusted = x509.Certificate.load(pem.unarmor(root.read_bytes())[2])
    reader = PdfFileReader(io.BytesIO(content))
    proof = DocumentSecurityStore.read_dss(reader)
    rules = {
        "trust_roots": [trusted],
        "allow_fetching": False,
        "revocation_mode": "require",
        "retroactive_revinfo": True,
    }
    return [
        bool(validate_pdf_signature(each, proof.as_validation_context(rules)).bottom_line)
        for each in reader.embedded_signatures
    ]
