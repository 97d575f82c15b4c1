"""The signing room: signatures on PDF files, and what signatures of others are worth."""

from __future__ import annotations
