"""A plan as BPMN 2.0 XML, with diagram interchange taken from its drawing."""

from __future__ import annotations

from quytrinh.compiler.bpmn.export import bpmn_xml

__all__ = ["bpmn_xml"]
