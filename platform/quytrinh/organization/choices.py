"""Role keys to which the platform itself gives a meaning; every other role is agency data."""

from __future__ import annotations

AGENCY_HEAD = "thu-truong"
ADMINISTRATOR = "quan-tri"
CLERK = "van-thu"
FLOW_AUTHOR = "soan-quy-trinh"
