"""Whatever arrives, the clerk sees what it is worth and why, and nothing is half done.

Through the real reception into the procedures of both provinces: Bình Thuận refuses what is not
properly signed (Điều 6 khoản 1 điểm b), Hà Tĩnh tells the leader and asks for it again (Điều 8
khoản 2); what could not be judged waits for another try in both.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as test_settings
from django.utils import timezone

from quytrinh.background.models import OutboxMessage
from quytrinh.exchange.edxml import Attachment, Code, DocumentMessage, Organ, write
from quytrinh.runtime.models import Case
from quytrinh.signing import core, trust_services
from quytrinh.signing.actions import add_trust_anchor
from quytrinh.signing.pdf import signatures
from quytrinh.tenancy.context import tenant_context
from tests.support import letters
from tests.support.agencies import Agencies
from tests.support.arrivals import Correspondent, connect, settle
from tests.support.forgeries import certificate, hand_made, partly_covered, with_script
from tests.support.keys import equip
from tests.support.pdf import pdf
from tests.support.provinces import CAPACITY
from tests.support.signing import Authority, authority, decision, values
from tests.support.uploads import pdf_upload

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once("postgresql")]

EDXML = Path(__file__).parents[2] / "fixtures" / "edxml"
UUID_NAME = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.fixture(scope="session")
def home() -> Authority:
    """The authority that both agencies trust."""
    return authority()


@pytest.fixture
def provinces(agencies: Agencies, settings, home: Authority) -> Iterator[list[Correspondent]]:
    """Bình Thuận and Hà Tĩnh with their own procedures, trusting one authority."""
    settings.KEYS_ROOT = Path(test_settings.SCRATCH) / "pki" / "home"
    trust_services.trust_services.cache_clear()
    offices = [Correspondent(agency) for agency in agencies]
    for office in offices:
        connect(office)
        with tenant_context(office.agency.tenant.pk):
            for anchor in home.services.anchors():
                add_trust_anchor(certificate=anchor, source="test")
    yield offices
    trust_services.trust_services.cache_clear()


def message(sender: Correspondent, *files: Attachment, number: str = "7") -> DocumentMessage:
    return DocumentMessage(
        sender=Organ(sender.code, sender.agency.tenant.name),
        receivers=(Organ(sender.code),),
        document_id=f"{sender.code},2026/11/02,{number}/CQ",
        code=Code(number, "CQ"),
        promulgated_on=date(2026, 11, 2),
        subject=f"V/v thử số {number}",
        attachments=files,
    )


def arrive(office: Correspondent, sender: Correspondent, *files: Attachment) -> Case:
    """Let a message arrive; return the case it begins, after the machine has done its part."""
    receipt = office.take(write(message(sender, *files)), sender.code)
    assert receipt.delivery.state == "done"
    settle()
    [case] = office.arrived_cases()
    return case


def shown(office: Correspondent, case: Case) -> str:
    """What the clerk reads on the page of a case."""
    answer = office.agency.client("van-thu").get(f"/ho-so/{case.pk}/")
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def file(content: bytes, media_type: str = "application/pdf", name: str = "a.pdf") -> Attachment:
    return Attachment(name, content, media_type)


# --- files ------------------------------------------------------------------------------------


def changed(home: Authority) -> bytes:
    return hand_made(home.person(), home.services).replace(b"ReportLab", b"ReportLob", 1)


def expired(home: Authority) -> bytes:
    then = datetime.now(UTC) - timedelta(days=30)
    who = home.person("person:expired", since=then, until=then + timedelta(days=10))
    return hand_made(who, home.services)


def revoked(home: Authority) -> bytes:
    who = home.person("person:revoked")
    home.pki.revoke(certificate(home, "person:revoked"), at=datetime.now(UTC) - timedelta(days=1))
    return hand_made(who, home.services)


def foreign(home: Authority) -> bytes:
    stranger = authority("stranger")
    return hand_made(stranger.person(), stranger.services)


def scripted(home: Authority) -> bytes:
    return hand_made(home.person(), home.services, pdf=with_script(decision()))


REFUSED, RECHECKED, REGISTERED = ("refuse", "ask_resend"), ("recheck",) * 2, ("receive",) * 2
FILES: dict[str, tuple[Callable[[Authority], bytes], tuple[str, str], str, str]] = {
    "unsigned": (lambda home: decision(), REFUSED, "KHÔNG CÓ CHỮ KÝ", "không có chữ ký số nào"),
    "one-byte": (changed, REFUSED, "KHÔNG HỢP LỆ", "đã bị sửa sau khi ký"),
    "expired": (expired, REFUSED, "KHÔNG HỢP LỆ", "đã hết hạn vào lúc ký"),
    "revoked": (revoked, REFUSED, "KHÔNG HỢP LỆ", "đã bị thu hồi trước lúc ký"),
    "foreign-root": (foreign, RECHECKED, "CHƯA XÁC ĐỊNH", "chưa tin cậy"),
    "partly-covered": (partly_covered, REFUSED, "KHÔNG HỢP LỆ", "không bao trùm toàn bộ"),
    "encrypted": (
        lambda home: pdf("Mật khẩu", password="bi-mat"), REFUSED, "KHÔNG ĐỌC ĐƯỢC", "mật khẩu",
    ),
    "javascript": (scripted, RECHECKED, "CHƯA XÁC ĐỊNH", "JavaScript"),
    "cut-off": (lambda home: decision()[:700], REFUSED, "KHÔNG ĐỌC ĐƯỢC", "bị hỏng"),
    "signed": (
        lambda home: hand_made(home.person(), home.services), REGISTERED, "HỢP LỆ", "Mọi chữ ký",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_a_file_is_worth_decides_and_is_explained(
    name: str, provinces: list[Correspondent], home: Authority
) -> None:
    build, places, label, reason = FILES[name]
    content = build(home)
    for office, sender, place in zip(provinces, provinces[::-1], places, strict=True):
        case = arrive(office, sender, file(content))
        assert office.place(case) == place
        page = shown(office, case)
        assert label in page and reason in page
        assert office.statuses(office.arrived()[0]) == ["01"]


def test_a_refusal_tells_the_sender_why(provinces: list[Correspondent], home: Authority) -> None:
    binh_thuan, ha_tinh = provinces
    sent = ha_tinh.send(binh_thuan)
    [case] = binh_thuan.arrived_cases()
    binh_thuan.act("van-thu", case, "confirm", comment="Văn bản chưa ký số (Điều 6.1.b)")
    settle()
    assert binh_thuan.case(case).outcome == "refused"
    assert ha_tinh.message(sent.pk).business_status == "02"
    assert ha_tinh.message(sent.pk).transport_state == "delivered"
    [refusal] = [each for each in status_rows(ha_tinh, sent.pk) if each.code == "02"]
    assert refusal.description == "Văn bản chưa ký số (Điều 6.1.b)"


def test_a_broken_document_is_told_to_the_leader_and_asked_for_again(
    provinces: list[Correspondent], home: Authority
) -> None:
    binh_thuan, ha_tinh = provinces
    content = binh_thuan.file(changed(home))
    sent = binh_thuan.send(ha_tinh, binh_thuan.document(files=[content]))
    [case] = ha_tinh.arrived_cases()
    assert ha_tinh.told("giam-doc") == ["Báo cáo lãnh đạo"]
    ha_tinh.act("van-thu", case, "confirm", comment="Văn bản bị thay đổi sau khi ký")
    settle()
    [told] = [each for each in status_rows(binh_thuan, sent.pk) if each.code == "02"]
    assert told.description == "Đề nghị gửi lại: Văn bản bị thay đổi sau khi ký"


def status_rows(office: Correspondent, message_id) -> list:
    with office.agency.at_work():
        return list(office.message(message_id).statuses.all())


def test_a_scan_of_200_pages_is_taken_in_verified_and_shown(
    provinces: list[Correspondent], home: Authority
) -> None:
    at = home.workplace("ha-tinh-33-2019")
    scan = core.mark(
        decision(pages=200), "scan", request_id="scan", signatory=home.organisation(),
        values=values(), at=at,
    ).pdf  # fmt: skip
    binh_thuan, ha_tinh = provinces
    case = arrive(ha_tinh, binh_thuan, file(scan))
    assert ha_tinh.place(case) == "receive"
    page = shown(ha_tinh, case)
    assert "200 trang" in page and "HỢP LỆ" in page


# --- what is said of files --------------------------------------------------------------------


@pytest.mark.parametrize("said", ["text/plain", "application/zip", "image/png", ""])
def test_a_pdf_is_a_pdf_whatever_the_message_calls_it(
    provinces: list[Correspondent], home: Authority, said: str
) -> None:
    signed = hand_made(home.person(), home.services)
    case = arrive(provinces[0], provinces[1], file(signed, said))
    assert provinces[0].place(case) == "receive"
    assert "HỢP LỆ" in shown(provinces[0], case)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx"])
def test_what_is_no_pdf_is_kept_and_bears_no_signature(
    provinces: list[Correspondent], name: str
) -> None:
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    case = arrive(provinces[0], provinces[1], file(document.getvalue(), name=name))
    assert provinces[0].place(case) == "refuse"
    page = shown(provinces[0], case)
    assert "không xem trước được" in page
    assert provinces[0].versions(case, "annexes") == [(name, 1)]
    verified = provinces[0].case(case).steps["verify"]
    assert "không có chữ ký số" in verified["reason"]


def test_a_zip_bomb_leaves_the_message_and_says_what_was_lost(
    provinces: list[Correspondent], places: Path
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{UUID_NAME}.pdf", bytes(200_000_000))
    case = arrive(provinces[0], provinces[1], file(packed.getvalue(), "application/zip"))
    assert provinces[0].place(case) == "refuse"
    assert "a.pdf" in shown(provinces[0], case) and "phình" in shown(provinces[0], case)
    assert case.slots == {}
    kept = sum(path.stat().st_size for path in (places / "files").rglob("*") if path.is_file())
    assert kept < 1_000_000


def test_an_unbound_prefix_is_read_and_told(provinces: list[Correspondent]) -> None:
    office = provinces[0]
    office.take((EDXML / "unbound-prefix.edxml").read_bytes(), provinces[1].code)
    settle()
    [case] = office.arrived_cases()
    page = shown(office, case)
    arrived = office.arrived()[0]
    for warning in arrived.warnings:
        assert warning["message"] in page
    assert {"unbound_prefix", "broken_file"} <= {each["code"] for each in arrived.warnings}
    assert "Mã trong gói tin khác mã đã gửi lên trục" in page


# --- messages that are none -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b'<!DOCTYPE e [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML>&x;</edXML>', "DOCTYPE"),
        (b"<edXML><edXMLEnvelope/></edXML>", "không phải gói tin edXML"),
        (b"%PDF-1.7 khong phai XML", "XML"),
    ],
)
def test_what_is_no_message_begins_nothing_and_is_told_to_the_clerk(
    provinces: list[Correspondent], places: Path, content: bytes, word: str
) -> None:
    office = provinces[0]
    assert office.take(content, provinces[1].code).delivery.state == "failed"
    settle()
    assert office.arrived() == [] and office.arrived_cases() == []
    assert not (places / "files").exists()
    page = office.agency.client("van-thu").get("/lien-thong/").content.decode()
    assert word in html.unescape(page)


def test_a_secret_document_begins_nothing(provinces: list[Correspondent], places: Path) -> None:
    office, sender = provinces
    declared = write(message(sender, file(pdf("Noi dung")))).replace(
        b"<edXML:Subject>", "<edXML:DoMat>Mật</edXML:DoMat><edXML:Subject>".encode()
    )
    office.take(declared, sender.code)
    marked = message(sender, file(pdf("x")), number="8")
    office.take(write(replace(marked, subject="Kế hoạch (Tối mật)")), sender.code)
    settle()
    assert office.arrived_cases() == []
    assert office.alarms() == ["excluded", "excluded"]
    assert [office.statuses(each) for each in office.arrived()] == [["02"], ["02"]]
    page = html.unescape(office.agency.client("van-thu").get("/lien-thong/").content.decode())
    assert "Luật Bảo vệ bí mật nhà nước" in page and "Kế hoạch" not in page


# --- silence ----------------------------------------------------------------------------------


def test_while_nobody_knows_the_state_of_certificates_the_document_waits_and_says_why(
    provinces: list[Correspondent], home: Authority, settings
) -> None:
    office, sender = provinces
    use(settings, "tests.support.forgeries.NobodyKnowsStates")
    who = home.person()
    proof = home.services.material(who.credential.chain)
    bare = hand_made(who, home.services, material=False)
    # The chains are in the file, their states are not.
    case = arrive(office, sender, file(signatures.add_material(bare, proof.certificates, (), ())))
    assert office.place(case) == "recheck"
    page = shown(office, case)
    assert "CHƯA XÁC ĐỊNH" in page and "thiếu dữ liệu thu hồi" in page
    use(settings, "quytrinh.signing.trust_services.DemoTrustServices")
    office.act("van-thu", case, "again")
    settle()
    assert office.place(case) == "receive"
    assert "HỢP LỆ" in shown(office, case)


TO_SIGNATURE = [
    ("truong-phong", "approve"),
    ("chanh-van-phong", "approve"),
    ("giam-doc", "confirm"),
]


@pytest.mark.parametrize(
    ("services", "said"),
    [
        ("NobodyStampsTime", "Dịch vụ cấp dấu thời gian không trả lời"),
        ("NobodyKnowsStates", "Không hỏi được tình trạng chứng thư số"),
    ],
)
def test_while_a_service_is_silent_nothing_is_signed_and_the_page_says_why(
    agencies: Agencies, settings, services: str, said: str
) -> None:
    office = Correspondent(agencies.ha_tinh)
    equip(office.agency)
    use(settings, f"tests.support.forgeries.{services}")
    case = office.begin("van-ban-di")
    draft = {"subject": "Về việc phối hợp", "document_type": "CV", "urgency": "normal"}
    entered = {**draft, "recipients": "Cơ quan mẫu Bình Thuận (dữ liệu minh họa)"}
    uploads = {"main": [pdf_upload(letters.HA_TINH.pdf(), "Công văn.pdf")]}
    office.act("chuyen-vien", case, "submit", values=entered, uploads=uploads)
    for who, action in TO_SIGNATURE:
        office.act(who, case, action, values=CAPACITY)
    settle()
    answer = office.agency.client("giam-doc").get(f"/ho-so/{case.pk}/")
    page = html.unescape(answer.content.decode())
    assert "sẽ tự thử lại" in page and said in page
    assert office.versions(case) == [("Công văn.pdf", 1)]
    use(settings, "quytrinh.signing.trust_services.DemoTrustServices")
    try_again(office)
    settle()
    assert office.place(case) == "number"
    assert office.versions(case) == [("Công văn.pdf", 2)]
    assert "HỢP LỆ" in shown(office, case)


def try_again(office: Correspondent) -> None:
    """Let the time pass after which what failed is tried again."""
    with office.agency.at_work():
        pending = OutboxMessage.objects.filter(state="pending")
        pending.update(not_before=timezone.now() - timedelta(seconds=1))


def use(settings, services: str) -> None:
    settings.SIGNING_TRUST_SERVICES = services
    trust_services.trust_services.cache_clear()
