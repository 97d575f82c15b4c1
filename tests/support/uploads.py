"""Files as a browser uploads them."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile


def pdf_upload(content: bytes, name: str = "Phiếu trình.pdf") -> SimpleUploadedFile:
    """An upload that says it is a PDF, whatever it holds."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")
