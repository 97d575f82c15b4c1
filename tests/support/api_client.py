"""The API as a program of the agency uses it: a token, JSON, files."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.support.people import FLOW, PASSWORD, DemoPerson
from tests.support.waiting import wait_for

Files = dict[str, tuple[str, bytes, str]]


class ApiClient:
    """One person's token and what they do with it."""

    def __init__(self, url: str, person: DemoPerson) -> None:
        self.person = person
        self.http = httpx.Client(base_url=f"{url}api/v1/", timeout=30)
        answer = self.http.post("login", json={"username": person.username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.http.headers["Authorization"] = f"Token {answer.json()['token']}"

    def start(self, **values: Any) -> str:
        """Begin a case; return its id. Its first task waits for whoever began it."""
        answer = self.http.post("cases", json={"flow": FLOW, "values": values})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    def submit(self, subject: str, *, files: Files | None = None, **values: Any) -> str:
        """Begin a case and do its first step; return its id."""
        case_id = self.start(subject=subject)
        entered = {"subject": subject, "content": "Kính trình.", **values}
        self.do(case_id, "submit", files=files, **entered)
        return case_id

    def promulgate(self, source: str) -> None:
        """Put a text in force as the head of the agency."""
        draft = self.http.post("drafts", json={"source": source})
        assert draft.status_code == 201, draft.text
        decision = {"decision_number": "28/QĐ-CQM", "decision_date": "2026-09-01"}
        address = f"drafts/{draft.json()['draft']['id']}/promulgate"
        answer = self.http.post(address, json=decision)
        assert answer.status_code == 200, answer.text

    def begin(self, flow: str, action: str, **values: Any) -> str:
        """Begin a case of some procedure and do its first step; return its id."""
        told = {"flow": flow, "action": action, "values": values}
        answer = self.http.post("cases", json=told)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["case_id"])

    def case(self, case_id: str) -> dict[str, Any]:
        """Return a case one may see."""
        answer = self.http.get(f"cases/{case_id}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def inbox(self) -> list[dict[str, Any]]:
        """Return the most pressing rows of the inbox."""
        answer = self.http.get("inbox", params={"limit": 100})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    def task_of(self, case_id: str) -> str:
        """Return the task of a case in this inbox, waiting for it if machines still work."""
        return wait_for(
            lambda: next(
                (
                    str(entry["task_id"])
                    for entry in self.inbox()
                    if entry["case_id"] == case_id and entry["kind"] == "task"
                ),
                None,
            ),
            f"a task of case {case_id} for {self.person.name}",
        )

    def perform(
        self,
        task_id: str,
        action: str,
        *,
        comment: str = "",
        files: Files | None = None,
        **values: Any,
    ) -> httpx.Response:
        """Ask for a task to be done; files make the request multipart."""
        if files:
            entered = {"values": json.dumps(values), "comment": comment}
            return self.http.post(f"tasks/{task_id}/{action}", data=entered, files=files)
        return self.http.post(
            f"tasks/{task_id}/{action}", json={"values": values, "comment": comment}
        )

    def do(self, case_id: str, action: str, **entered: Any) -> dict[str, Any]:
        """Do one's task of a case."""
        answer = self.perform(self.task_of(case_id), action, **entered)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())
