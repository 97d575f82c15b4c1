"""Reading edXML: every shape seen on the axes, and that any bytes at all give a verdict."""

from __future__ import annotations

import base64
import io
import time
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.exchange.edxml import (
    Attachment,
    DocumentMessage,
    Kind,
    Limits,
    Organ,
    Reading,
    StatusMessage,
    Unreadable,
    fingerprint,
    read,
    write,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "edxml"
DOCUMENT_ID = "000.00.00.X01,2026/03/02,12/TT-TTA"


def fixture(name: str) -> Reading:
    return read((FIXTURES / f"{name}.edxml").read_bytes())


def document(name: str) -> DocumentMessage:
    message = fixture(name).message
    assert isinstance(message, DocumentMessage)
    return message


def codes(reading: Reading) -> set[str]:
    return {warning.code for warning in reading.warnings}


def test_a_document_is_read_whole() -> None:
    message = document("new")
    assert message.sender.code == "000.00.00.X01"
    assert [organ.code for organ in message.receivers] == ["000.00.00.X02", "X03"]
    assert str(message.code) == "12/TT-TTA"
    assert message.promulgated_on == date(2026, 3, 2)
    assert message.type.name == "Công văn"
    assert message.signer.competence == "KT. GIÁM ĐỐC"
    assert message.other.priority == "1"
    assert message.business.staff is not None
    assert [hop.organ_code for hop in message.hops] == ["000.00.00.X01", ""]
    assert [each.name for each in message.attachments] == ["Công văn (bản ký).txt", "Phụ lục.txt"]
    assert message.attachments[1].content == "Nội dung tưởng tượng".encode()


def test_an_envelope_signature_is_noted_and_proves_nothing() -> None:
    assert fixture("new").has_signature
    assert not fixture("status-01").has_signature


def test_an_empty_response_answers_nothing() -> None:
    assert document("new").responses_for == ()


def test_types_that_lie_are_told_and_bytes_decide() -> None:
    reading = fixture("new")
    assert "lying_type" in codes(reading)
    assert {each.media_type for each in document("new").attachments} == {"text/plain"}


def test_without_a_business_element_the_message_is_a_new_document() -> None:
    message = document("gateway-new")
    assert message.kind == Kind.NEW
    # The manifest alone names the file, and only one side says `cid:`.
    assert [each.name for each in message.attachments] == ["a.txt"]


def test_bytes_before_the_prolog_are_passed_over() -> None:
    assert codes(fixture("rubbish-before-prolog")) == {"leading_bytes"}


def test_an_unbound_prefix_is_recovered_and_the_broken_file_told() -> None:
    reading = fixture("unbound-prefix")
    assert codes(reading) == {"unbound_prefix", "broken_file"}
    (attachment,) = document("unbound-prefix").attachments
    assert attachment.name == "GIẤY MỜI.PDF"
    assert attachment.content == b""
    assert "base64" in attachment.fault


@pytest.mark.parametrize(
    ("name", "kind", "targets"),
    [
        ("recall", Kind.RECALL, ("000.00.00.X01,2026/03/01,11/TT-TTA",)),
        ("update", Kind.UPDATE, (DOCUMENT_ID,)),
        ("replace", Kind.REPLACE, ("000.00.00.X01,2026/03/01,11/TT-TTA",)),
        ("new", Kind.NEW, ()),
    ],
)
def test_what_a_message_is_about(name: str, kind: Kind, targets: tuple[str, ...]) -> None:
    assert (document(name).kind, document(name).target_ids) == (kind, targets)


def test_an_update_may_change_the_receivers() -> None:
    update = document("update").business.update
    assert update is not None and update.document
    assert [(each.organ_code, each.added) for each in update.receivers] == [
        ("X03", True),
        ("000.00.00.X02", False),
    ]


@pytest.mark.parametrize("status", ["01", "02", "13"])
def test_statuses_are_read(status: str) -> None:
    message = fixture(f"status-{status}").message
    assert isinstance(message, StatusMessage)
    assert message.status == status
    assert message.response_for.document_id == DOCUMENT_ID
    assert message.at is not None and message.at.isoformat() == "2026-03-02T09:00:00+07:00"


def message_with(**values: object) -> DocumentMessage:
    base = DocumentMessage(
        Organ("X01", "Cơ quan A"), (Organ("X02", "Cơ quan B"),), "X01,2026/03/02,1/TT"
    )
    return replace(base, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_xml"),
        (b"xin ch\xc3\xa0o", "not_xml"),
        (b"<edXML>", "not_xml"),
        (b"<html/>", "not_edxml"),
        (b'<!DOCTYPE edXML [<!ENTITY x "y">]><edXML/>', "doctype"),
        (
            b'<?xml version="1.0"?>\n<!-- x -->\n<!doctype a SYSTEM "file:///etc/passwd"><a/>',
            "doctype",
        ),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "doctype"),
        (b" " * 70_000 + b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
        (b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE a [<!ENTITY x "y">]><a/>', "doctype"),
        (b"<a>" * 100_000, "not_xml"),
        (b"<edXML>" + b"<a/>" * 2_200_000 + b"</edXML>", "too_large"),
        (b"<edXML><x>" + b"A" * 9_000_000 + b"</x></edXML>", "too_large"),
    ],
)
def test_what_is_no_message_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(data)
    assert refused.value.code == code
    assert refused.value.message


@pytest.mark.parametrize("code", ["", "X" * 200])
def test_a_sender_without_a_usable_code_is_refused(code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(write(message_with(sender=Organ(code))))
    assert refused.value.code == "no_sender"


def test_a_message_larger_than_the_limit_is_refused_unread() -> None:
    with pytest.raises(Unreadable) as refused:
        read(b"<edXML/>", Limits(message=5))
    assert refused.value.code == "too_large"


def test_a_file_larger_than_the_parser_takes_is_read() -> None:
    content = b"%PDF-" + bytes(20_000_000)
    message = message_with(attachments=(Attachment("quét.pdf", content, "application/pdf"),))
    started = time.monotonic()
    (attachment,) = read(write(message)).message.attachments  # type: ignore[union-attr]
    assert attachment.content == content
    assert time.monotonic() - started < 5


def test_files_beyond_the_limit_are_faulty_and_the_message_stays() -> None:
    files = tuple(Attachment(f"{n}.txt", b"x" * 600, "text/plain") for n in range(3))
    reading = read(write(message_with(attachments=files)), Limits(together=1500))
    assert [bool(each.fault) for each in reading.message.attachments] == [False, False, True]  # type: ignore[union-attr]


def test_too_many_files_are_refused() -> None:
    files = tuple(Attachment(f"{n}.txt", b"x", "text/plain") for n in range(5))
    with pytest.raises(Unreadable):
        read(write(message_with(attachments=files)), Limits(attachments=4))


def archive(*members: tuple[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return written.getvalue()


WRAPPING = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    ("name", "members", "unwrapped"),
    [
        ("công văn.doc", [(f"{WRAPPING}.doc", b"abc")], True),
        ("công văn.docx", [(f"{WRAPPING}.docx", b"abc")], True),
        ("công văn.docx", [(f"{WRAPPING}.xml", b"abc")], False),
        ("hồ sơ.zip", [(f"{WRAPPING}.pdf", b"abc")], False),
        ("hồ sơ.pdf", [("tệp.pdf", b"abc")], False),
        ("hồ sơ.pdf", [(f"{WRAPPING}.pdf", b"abc"), ("b", b"")], False),
        ("x.pdf", [("../../etc/passwd", b"abc")], False),
    ],
)
def test_one_wrapped_file_is_unwrapped_and_archives_stay(
    name: str, members: list[tuple[str, bytes]], unwrapped: bool
) -> None:
    sent = archive(*members)
    attachment = Attachment(name, sent, "application/zip")
    (received,) = read(write(message_with(attachments=(attachment,)))).message.attachments  # type: ignore[union-attr]
    assert received.content == (b"abc" if unwrapped else sent)


def test_a_zip_bomb_is_a_faulty_attachment() -> None:
    bomb = archive((f"{WRAPPING}.txt", bytes(200 * 1024 * 1024)))
    attachment = Attachment("bom.txt", bomb, "application/zip")
    reading = read(write(message_with(attachments=(attachment,))))
    (received,) = reading.message.attachments  # type: ignore[union-attr]
    assert received.content == b""
    assert "phình" in received.fault


@pytest.mark.parametrize("cut", [10, 60, 100])
def test_a_truncated_archive_is_told_and_the_message_kept(cut: int) -> None:
    whole = archive((f"{WRAPPING}.txt", b"abc" * 100))
    attachment = Attachment("a.txt", whole[:cut], "application/zip")
    reading = read(write(message_with(attachments=(attachment,))))
    assert reading.message.attachments[0].fault  # type: ignore[union-attr]


def test_the_same_message_through_another_hub_says_the_same() -> None:
    direct = document("new")
    assert fingerprint(direct) == fingerprint(replace(direct, hops=()))
    assert fingerprint(direct) != fingerprint(replace(direct, subject="khác"))
    changed = replace(direct.attachments[0], content=b"another")
    assert fingerprint(direct) != fingerprint(replace(direct, attachments=(changed,)))


def verdict(data: bytes) -> None:
    try:
        assert isinstance(read(data), Reading)
    except Unreadable as refused:
        assert refused.code and refused.message


@given(st.binary(max_size=2000))
def test_any_bytes_give_a_verdict(data: bytes) -> None:
    verdict(data)


WHOLE = [path.read_bytes() for path in sorted(FIXTURES.glob("*.edxml"))]


@given(st.sampled_from(WHOLE), st.data())
def test_a_message_damaged_anywhere_gives_a_verdict(whole: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(whole)))
    length = data.draw(st.integers(0, 300))
    inserted = data.draw(
        st.one_of(
            st.binary(max_size=40),
            st.sampled_from([b"<", b"&x;", b"]]>", b"<![CDATA[", b"<edXML:To>", b"#0#", b"\x00"]),
        )
    )
    verdict(whole[:start] + inserted + whole[start + length :])


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.zip", "a.docx"]))
def test_any_attachment_gives_a_verdict(noise: bytes, name: str) -> None:
    whole = archive((f"{WRAPPING}.txt", b"abc" * 10))
    for content in (noise, b"PK\x03\x04" + noise, whole[: len(noise)] + noise + whole):
        attachment = Attachment(name, content, "application/zip")
        verdict(write(message_with(attachments=(attachment,))))


def test_encoded_files_hidden_in_comments_are_nobody_s() -> None:
    hidden = base64.b64encode(b"x").decode()
    data = write(message_with()).decode()
    comment = f"<!-- <ContentTransferEncoded>{hidden}</ContentTransferEncoded> -->"
    reading = read(data.replace("<edXML:edXMLEnvelope", comment + "<edXML:edXMLEnvelope").encode())
    assert reading.message == message_with()
