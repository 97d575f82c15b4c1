"""Absences, delegations and calendars over the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quytrinh.administration.calendars import apply_shipped_holidays
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_absence_is_told_listed_and_ended(agencies: Agencies) -> None:
    agency = agencies.binh_thuan
    client, today = agency.client("truong-phong"), timezone.localdate()
    entered = {
        "since": today.isoformat(),
        "until": (today + timedelta(days=2)).isoformat(),
        "substitute": str(agency.person("pho-giam-doc").id),
        "reason": "Nghỉ phép",
    }
    told = client.post("/api/v1/absences", entered, content_type="application/json")
    assert told.status_code == 201
    assert told.json()["person"] == str(agency.person("truong-phong").id)
    again = client.post("/api/v1/absences", entered, content_type="application/json")
    assert again.status_code == 400
    assert set(again.json()["errors"]) == {"since"}
    listed = agency.client("pho-giam-doc").get("/api/v1/absences").json()
    assert [each["reason"] for each in listed] == ["Nghỉ phép"]
    assert agency.client("van-thu").get("/api/v1/absences").json() == []
    address = f"/api/v1/absences/{told.json()['id']}"
    assert agency.client("van-thu").delete(address).status_code == 404
    assert agencies.ha_tinh.client("chanh-van-phong").delete(address).status_code == 404
    assert client.delete(address).status_code == 204
    assert client.get("/api/v1/absences").json() == []


def test_a_delegation_is_given_listed_and_taken_back(agencies: Agencies) -> None:
    agency = agencies.binh_thuan
    client, today = agency.client("van-thu"), timezone.localdate()
    entered = {
        "receiver": str(agency.person("chuyen-vien").id),
        "since": today.isoformat(),
        "until": today.isoformat(),
        "scope": ["role:van-thu"],
        "basis": "12/GUQ",
    }
    given = client.post("/api/v1/delegations", entered, content_type="application/json")
    assert given.status_code == 201
    listed = agency.client("chuyen-vien").get("/api/v1/delegations").json()
    assert [each["scope"] for each in listed] == [["role:van-thu"]]
    forged = {**entered, "giver": str(agency.person("giam-doc").id)}
    refused = client.post("/api/v1/delegations", forged, content_type="application/json")
    assert refused.status_code == 404
    address = f"/api/v1/delegations/{given.json()['id']}"
    assert agency.client("chuyen-vien").delete(address).status_code == 204


def test_a_year_of_the_calendar_names_its_announcements(agencies: Agencies) -> None:
    apply_shipped_holidays()
    told = agencies.binh_thuan.client("chuyen-vien").get("/api/v1/calendars/2026").json()
    tet = next(each for each in told["days"] if each["day"] == "2026-02-17")
    assert (tet["kind"], tet["announcement"]) == ("holiday", "9441/TB-BNV")
    assert told["immediate_minutes"] == 15
    assert told["calendars"][0]["week"][0] == ["07:30-11:30", "13:30-17:00"]
