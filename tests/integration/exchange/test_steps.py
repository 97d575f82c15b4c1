"""The steps of this room, as the runtime asks them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from quytrinh.documents.actions import attach_stored
from quytrinh.exchange.actions import case_values, take_over
from quytrinh.exchange.edxml import Code
from quytrinh.exchange.plugins import exchange, exchange_plugins
from quytrinh.exchange.steps import STEPS, DispatchStep
from quytrinh.runtime.plugins import registry
from quytrinh.spi import StepFailed, StepRequest
from quytrinh.spi.conformance_exchange import exchange_plugin_problems, exchange_problems
from quytrinh.spi.conformance_steps import step_problems, trial_problems
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.integration.exchange.conftest import CODE_A, CODE_B, CODE_C, Offices
from tests.support.pdf import pdf

pytestmark = pytest.mark.django_db

READY = {
    "subject": "V/v mượn máy chiếu",
    "number": "12",
    "notation": "TT-TTA",
    "date": "2026-03-02",
    "document_type": "CV",
    "recipients": [CODE_B],
    "urgency": "urgent",
}


def request(offices: Offices, **changes: Any) -> StepRequest:
    case = uuid7()
    with tenant_context(offices.a.tenant.pk):
        file = offices.a.file(pdf("chinh"))
        with transaction.atomic():
            main = attach_stored(file=file, slot="main", owner=case, actor=case)
    asked: dict[str, Any] = {
        "request_id": str(uuid7()),
        "case_id": str(case),
        "case_code": "HS-1",
        "step": "dispatch",
        "data": READY,
        "documents": {"main": [str(main)]},
    }
    return StepRequest(**{**asked, **changes})


@pytest.mark.parametrize("name", registry().names())
def test_every_registered_step_conforms(name: str) -> None:
    assert step_problems(registry().get(name)) == []


@pytest.mark.parametrize("name", sorted(exchange_plugins()))
def test_every_registered_exchange_conforms(name: str, settings) -> None:
    options = settings.EXCHANGE[name]
    assert exchange_plugin_problems(exchange_plugins()[name], options) == []
    assert exchange_problems(exchange(name)) == []


def test_the_local_axis_is_found_by_its_entry_point() -> None:
    assert "local" in exchange_plugins()


def test_the_steps_of_the_room_are_registered() -> None:
    assert {step.name for step in STEPS} <= set(registry().names())


@pytest.mark.parametrize("named", ["7/TT-TTB", "{id}"])
def test_answer_names_the_document_it_answers(offices: Offices, named: str) -> None:
    """By the number on the document, as its reader has it, or by its id."""
    offices.b.send(offices.b.document("7", code=Code("7", "TT-TTB")), CODE_A)
    offices.work_off()
    [question] = offices.a.messages()
    answers = named.format(id=question.document_id)
    with tenant_context(offices.a.tenant.pk):
        DispatchStep().run(request(offices, data={**READY, "answers": answers}))
    offices.work_off()
    [answer] = offices.b.messages(direction="in")
    [said] = answer.header["responses_for"]
    assert (said["organ_code"], said["code"]) == (CODE_B, "7/TT-TTB")
    assert said["document_id"] == question.document_id
    assert case_values(answer)["answers"] == "7/TT-TTB"


def test_answer_to_what_never_came_by_the_axis_keeps_the_number(offices: Offices) -> None:
    with tenant_context(offices.a.tenant.pk):
        DispatchStep().run(request(offices, data={**READY, "answers": "9/CV-X"}))
    [sent] = offices.a.messages()
    assert [each["code"] for each in sent.header["responses_for"]] == ["9/CV-X"]


def test_dispatch_sends_once(offices: Offices) -> None:
    asked = request(offices)
    with tenant_context(offices.a.tenant.pk):
        assert trial_problems(DispatchStep(), asked) == []
    [sent] = offices.a.messages()
    assert str(sent.case_id) == asked.case_id
    assert (sent.number, sent.header["other"]["priority"]) == ("12", "1")
    assert sent.header["type"]["name"] == "Công văn"
    offices.work_off()
    assert len(offices.b.messages()) == 1


def test_dispatch_reads_the_fields_it_is_told_to(offices: Offices) -> None:
    data = {
        "so": "13",
        "ky_hieu": "BC",
        "ngay": "2026-03-03",
        "noi_nhan": f"- Cơ quan B;\n- {CODE_C}\n- Lưu: VT, NV.",
    }
    parameters = {
        "to": "noi_nhan",
        "documents": ["main"],
        "fields": {"number": "so", "notation": "ky_hieu", "date": "ngay"},
    }
    asked = request(offices, data=data, parameters=parameters)
    with tenant_context(offices.a.tenant.pk):
        result = DispatchStep().run(asked)
    assert result.outputs == {"document_id": f"{CODE_A},2026/03/03,13/BC", "count": 2}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"secrecy": "mat"}, "excluded"),
        ({"recipients": ["X99"]}, "unknown_receiver"),
        ({"recipients": "Lưu: VT"}, "unknown_receiver"),
    ],
)
def test_what_a_flow_may_route_on(offices: Offices, change: dict, outcome: str) -> None:
    asked = request(offices, data=READY | change)
    with tenant_context(offices.a.tenant.pk):
        result = DispatchStep().run(asked)
    assert result.outcome == outcome
    assert result.outputs["reason"]
    assert offices.a.messages() == []


@pytest.mark.parametrize(
    "change", [{"data": READY | {"number": ""}}, {"documents": {}}, {"documents": {"slip": []}}]
)
def test_what_is_not_ready_is_not_sent(offices: Offices, change: dict) -> None:
    with tenant_context(offices.a.tenant.pk), pytest.raises(StepFailed) as failed:
        DispatchStep().run(request(offices, **change))
    assert not failed.value.retryable


def arrived(offices: Offices) -> StepRequest:
    """A case of B on a document of A."""
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    [message] = offices.b.messages()
    case = uuid7()
    with tenant_context(offices.b.tenant.pk), transaction.atomic():
        take_over(message=message, case_id=case)
    return StepRequest(str(uuid7()), str(case), "HS-2", "tell", data={"reason": "Chưa ký số"})


def run(offices: Offices, name: str, asked: StepRequest, **parameters: Any) -> Any:
    with tenant_context(offices.b.tenant.pk):
        return registry().get(name).run(replace(asked, parameters=parameters))


def test_reports_go_forward_and_repeats_are_passed_over(offices: Offices) -> None:
    asked = arrived(offices)
    for status in ("03", "05", "03", "05", "06", "05"):
        assert run(offices, "exchange.report", asked, status=status).outcome == "told"
    offices.work_off()
    assert offices.a.statuses(offices.a.messages()[0]) == ["01", "03", "05", "06"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("exchange.refuse", "^Chưa ký số$"), ("exchange.ask_resend", "^Đề nghị gửi lại: Chưa ký số$")],
)
def test_a_refusal_carries_its_reason(offices: Offices, told: list, name: str, said: str) -> None:
    asked = arrived(offices)
    assert run(offices, name, asked).outputs == {"status": "02"}
    offices.work_off()
    kind, code, reason = told[-1]
    assert (kind, code) == ("status", "02")
    assert re.search(said, reason)
    with pytest.raises(StepFailed):
        run(offices, "exchange.report", asked, status="15")


def test_a_refusal_without_a_reason_waits_for_one(offices: Offices) -> None:
    asked = replace(arrived(offices), data={})
    with pytest.raises(StepFailed, match="lý do"):
        run(offices, "exchange.ask_resend", asked)


def test_a_case_that_did_not_come_by_an_axis_tells_nobody(offices: Offices) -> None:
    asked = StepRequest(str(uuid7()), str(uuid7()), "HS-3", "tell", data={"reason": "x"})
    for name in ("exchange.refuse", "exchange.ask_resend", "exchange.check_origin"):
        assert run(offices, name, asked).outcome == "not_by_axis"
    assert run(offices, "exchange.report", asked, status="03").outcome == "not_by_axis"


def test_the_origin_is_an_outcome(offices: Offices) -> None:
    asked = arrived(offices)
    assert run(offices, "exchange.check_origin", asked).outcome == "known"
