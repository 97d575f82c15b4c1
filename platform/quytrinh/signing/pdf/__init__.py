"""The PDF core: the only part of the platform that imports pyHanko. It knows no Django."""

from __future__ import annotations
