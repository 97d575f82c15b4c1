"""What sender, receiver and clerk see of documents that travel."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from quytrinh.exchange.actions import ask_back
from quytrinh.exchange.edxml import read, write
from quytrinh.runtime.models import Case
from quytrinh.spi import ExchangeFailed
from quytrinh.tenancy.context import tenant_context
from quytrinh_exchange_local import LocalAxis
from tests.support.arrivals import Correspondent, settle

pytestmark = pytest.mark.django_db(transaction=True)


def page(office: Correspondent, who: str, address: str) -> str:
    answer = office.agency.client(who).get(address)
    assert answer.status_code == 200, address
    return html.unescape(answer.content.decode())


def case_page(office: Correspondent, who: str, case: Case) -> str:
    return page(office, who, f"/ho-so/{case.pk}/")


def test_the_receiver_sees_where_a_document_came_from_and_what_was_reported(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.send(receiver)
    [case] = receiver.arrived_cases()
    shown = case_page(receiver, "van-thu", case)
    assert "Đến qua trục liên thông" in shown
    assert sender.agency.tenant.name in shown and sender.code in shown
    assert "12/CQ-VP" in shown and "Đã đến" in shown
    assert "KHÔNG CÓ CHỮ KÝ" in shown
    receiver.act("van-thu", case, "confirm")
    settle()
    after = case_page(receiver, "van-thu", case)
    assert "Đã tiếp nhận" in after and receiver.agency.person("van-thu").full_name in after


def test_the_sender_sees_transport_and_the_receiver_s_words_apart(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sender.send(receiver, case_id=sending.pk)
    [case] = receiver.arrived_cases()
    receiver.act("van-thu", case, "refuse")
    receiver.act("van-thu", case, "refuse", comment="Văn bản chưa ký số")
    settle()
    shown = case_page(sender, "chuyen-vien", sending)
    assert "Đã đến nơi nhận" in shown  # transport
    assert "Từ chối tiếp nhận" in shown and "Văn bản chưa ký số" in shown
    assert receiver.agency.tenant.name in shown
    assert receiver.agency.person("van-thu").full_name in shown
    told = page(sender, "chuyen-vien", "/viec/?loc=de-biet")
    assert "Từ chối tiếp nhận. Văn bản chưa ký số" in told


def test_a_document_that_could_not_be_carried_says_so_to_its_sender(
    sender: Correspondent, receiver: Correspondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ExchangeFailed("Trục từ chối: đơn vị nhận đã khóa", retryable=False)

    monkeypatch.setattr(LocalAxis, "send", fail)
    sending = sender.begin("phieu-trinh")
    sender.send(receiver, case_id=sending.pk)
    shown = case_page(sender, "chuyen-vien", sending)
    assert "Không gửi được" in shown and "đơn vị nhận đã khóa" in shown
    assert "đơn vị nhận đã khóa" in page(sender, "van-thu", "/lien-thong/")


def test_a_clerk_answers_a_sender_who_wants_a_document_back(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    [case] = receiver.arrived_cases()
    receiver.act("van-thu", case, "confirm")
    settle()
    with tenant_context(sender.agency.tenant.pk):
        ask_back(message_id=sent.pk, reason="Gửi nhầm nơi nhận")
    settle()
    for who, may_answer in (("van-thu", True), ("giam-doc", False)):
        shown = case_page(receiver, who, case)
        assert "Nơi gửi đề nghị lấy lại văn bản" in shown and "Gửi nhầm nơi nhận" in shown
        assert ("Đồng ý trả lại" in shown) is may_answer
    clerk, address = receiver.agency.client("van-thu"), f"/ho-so/{case.pk}/thu-hoi/"
    form = {"_agency": receiver.agency.slug}
    refused = clerk.post(address, {**form, "answer": "deny", "reason": " "})
    assert refused.status_code == 422
    assert "phải ghi rõ lý do" in refused.content.decode()
    by_director = receiver.agency.client("giam-doc").post(address, {**form, "answer": "agree"})
    assert by_director.status_code == 422
    answered = clerk.post(address, {**form, "answer": "agree"}, follow=True)
    settle()
    said = answered.content.decode()
    assert "Đã đồng ý trả lại" in said
    assert "Đã trả lại nơi gửi theo đề nghị thu hồi" in said
    assert "15" in sender.statuses(sent)
    again = clerk.post(address, {**form, "answer": "agree"})
    assert again.status_code == 422


def test_a_clerk_asks_for_a_document_that_was_sent(
    sender: Correspondent, receiver: Correspondent
) -> None:
    """QCVN 102:2016, status 13: the sender asks, with a reason; the receiver answers. EX-08."""
    sending = sender.begin("phieu-trinh")
    sent = sender.send(receiver, case_id=sending.pk)
    [case] = receiver.arrived_cases()
    receiver.act("van-thu", case, "confirm")
    settle()
    assert "Lấy lại văn bản đã gửi" not in case_page(sender, "chuyen-vien", sending)
    assert "Lấy lại văn bản đã gửi" in case_page(sender, "van-thu", sending)
    address = f"/ho-so/{sending.pk}/lay-lai/{sent.pk}/"
    form = {"_agency": sender.agency.slug, "reason": "Gửi nhầm nơi nhận"}
    by_specialist = sender.agency.client("chuyen-vien").post(address, form)
    assert by_specialist.status_code == 422
    assert "Chỉ văn thư" in by_specialist.content.decode()
    clerk = sender.agency.client("van-thu")
    without_reason = clerk.post(address, {**form, "reason": " "})
    assert without_reason.status_code == 422
    assert "nơi nhận cần biết" in without_reason.content.decode()
    assert sender.statuses(sent) == ["01", "03", "05"]
    asked = clerk.post(address, form, follow=True).content.decode()
    assert "Đã đề nghị nơi nhận trả lại văn bản" in asked
    assert "Lấy lại văn bản đã gửi" not in asked
    clerk.post(address, form)
    settle()
    assert sender.statuses(sent) == ["01", "03", "05", "13"]
    assert "Gửi nhầm nơi nhận" in case_page(receiver, "van-thu", case)
    history = case_page(sender, "chuyen-vien", sending)
    assert history.count("Đề nghị nơi nhận trả lại văn bản") == 1


def test_what_a_receiver_has_finished_is_not_asked_for(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sent = sender.send(receiver, case_id=sending.pk)
    [case] = receiver.arrived_cases()
    receiver.act("van-thu", case, "confirm")
    receiver.act("giam-doc", case, "done")
    settle()
    assert "Lấy lại văn bản đã gửi" not in case_page(sender, "van-thu", sending)
    form = {"_agency": sender.agency.slug, "reason": "Gửi nhầm"}
    clerk = sender.agency.client("van-thu")
    refused = clerk.post(f"/ho-so/{sending.pk}/lay-lai/{sent.pk}/", form)
    assert refused.status_code == 422
    assert "Nơi nhận đã báo “Hoàn thành”" in refused.content.decode()
    assert "13" not in sender.statuses(sent)


def test_nobody_answers_for_a_case_they_may_not_see(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.send(receiver)
    [case] = receiver.arrived_cases()
    address, form = f"/ho-so/{case.pk}/thu-hoi/", {"answer": "agree"}
    for office, who in ((receiver, "chuyen-vien"), (sender, "van-thu")):
        client = office.agency.client(who)
        assert client.post(address, {**form, "_agency": office.agency.slug}).status_code == 404


def test_alarms_wait_for_a_clerk_until_one_has_looked(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.send(receiver)
    message = read(receiver.envelope()).message
    receiver.take(write(replace(message, subject="V/v khác hẳn")), sender.code)
    assert "Liên thông có văn bản chờ hoặc cảnh báo" in page(receiver, "van-thu", "/viec/")
    shown = page(receiver, "van-thu", "/lien-thong/")
    assert "đã nhận trước đây với nội dung khác" in shown
    [address] = {part.split('"')[0] for part in shown.split('action="') if "canh-bao" in part[:30]}
    clerk = receiver.agency.client("van-thu")
    clerk.post(address, {"_agency": receiver.agency.slug})
    assert "Không có cảnh báo nào" in page(receiver, "van-thu", "/lien-thong/")
    assert "Liên thông có" not in page(receiver, "van-thu", "/viec/")


def test_only_those_who_look_after_documents_see_the_exchange(receiver: Correspondent) -> None:
    seen = {
        who: receiver.agency.client(who).get("/lien-thong/").status_code
        for who in ("van-thu", "giam-doc", "chanh-van-phong", "chuyen-vien")
    }
    assert seen == {"van-thu": 200, "giam-doc": 200, "chanh-van-phong": 200, "chuyen-vien": 403}


def test_pages_speak_english(sender: Correspondent, receiver: Correspondent) -> None:
    sender.send(receiver)
    [case] = receiver.arrived_cases()
    client = receiver.agency.client("van-thu")
    client.cookies["django_language"] = "en"
    shown = client.get(f"/ho-so/{case.pk}/").content.decode()
    assert "Arrived through the exchange axis" in shown and "NOT SIGNED" in shown
