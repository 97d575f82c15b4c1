"""Writing edXML: the exact prefixed form, and that reading gives back what was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.exchange.edxml import (
    Attachment,
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Hop,
    Kind,
    Organ,
    OtherInfo,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
    Update,
    read,
    write,
)
from quytrinh.exchange.edxml.attachments import media_type_of
from quytrinh.exchange.edxml.message import VIETNAM, clean

FIXTURES = Path(__file__).parents[2] / "fixtures" / "edxml"

texts = st.text(max_size=30).map(clean)
words = texts.filter(bool)
days = st.none() | st.dates(date(1900, 1, 1), date(2999, 12, 31))
instants = st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)).map(
    lambda at: at.replace(microsecond=0, tzinfo=VIETNAM)
)
organs = st.builds(Organ, words, *[texts] * 7)
staffs = st.none() | st.builds(Staff, words, texts, texts, texts)
responses = st.builds(ResponseFor, texts, texts, days, words)
attachments = st.builds(
    lambda name, content, about: Attachment(name, content, media_type_of(content), about),
    texts,
    st.binary(max_size=200).filter(lambda content: not content.startswith(b"PK")),
    texts,
)
businesses = st.builds(
    Business,
    st.sampled_from([Kind.NEW, Kind.RECALL, Kind.UPDATE, Kind.REPLACE]),
    texts,
    texts,
    words,
    st.none()
    | st.builds(
        Update, st.booleans(), st.lists(st.builds(ReceiverChange, words, st.booleans())).map(tuple)
    ),
    st.lists(st.builds(Replacement, words, st.lists(words, max_size=2).map(tuple)), max_size=2).map(
        tuple
    ),
    staffs,
)
documents = st.builds(
    DocumentMessage,
    sender=organs,
    receivers=st.lists(organs, min_size=1, max_size=3).map(tuple),
    document_id=words,
    code=st.builds(Code, texts, texts),
    place=texts,
    promulgated_on=days,
    type=st.builds(DocumentType, texts, texts, texts),
    subject=texts,
    content=texts,
    signer=st.builds(Signer, texts, texts, texts),
    due_on=days,
    other=st.builds(
        OtherInfo, words, texts, texts, texts, texts, texts, st.lists(words, max_size=2).map(tuple)
    ),
    responses_for=st.lists(responses, max_size=2).map(tuple),
    steering=words,
    to_places=st.lists(words, max_size=2).map(tuple),
    business=businesses,
    hops=st.lists(st.builds(Hop, texts, instants), max_size=2).map(tuple),
    attachments=st.lists(attachments, max_size=3).map(tuple),
)
statuses = st.builds(StatusMessage, organs, responses, words, texts, staffs, instants)


@given(documents)
def test_what_is_written_is_read_back(message: DocumentMessage) -> None:
    assert read(write(message)).message == message


@given(statuses)
def test_statuses_are_read_back(message: StatusMessage) -> None:
    assert read(write(message)).message == message


@given(documents)
def test_the_same_message_has_the_same_bytes(message: DocumentMessage) -> None:
    assert write(message) == write(replace(message))


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.edxml")), ids=lambda path: path.stem)
def test_what_others_wrote_can_be_written_again(path: Path) -> None:
    message = read(path.read_bytes()).message
    if isinstance(message, DocumentMessage):  # a file that could not be had is not sent on
        had = tuple(each for each in message.attachments if not each.fault)
        message = replace(message, attachments=had)
    assert read(write(message)).message == message


def test_the_form_is_the_one_receivers_insist_on() -> None:
    message = DocumentMessage(
        Organ("X01", "Cơ quan A & B"),
        (Organ("X02"),),
        "X01,2026/03/02,1/TT",
        attachments=(Attachment("a.pdf", b"%PDF-1.7", "application/pdf"),),
    )
    text = write(message).decode()
    namespace = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
    assert text.startswith(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{namespace}">\n'
        f'<edXML:edXMLEnvelope xmlns:edXML="{namespace}">\n<edXML:edXMLHeader>\n'
        "<edXML:MessageHeader>\n<edXML:From>\n<edXML:OrganId>X01</edXML:OrganId>\n"
        "<edXML:OrganName>Cơ quan A &amp; B</edXML:OrganName>\n"
    )
    assert "</edXML:edXMLEnvelope>\n<AttachmentEncoded>\n<Attachment>\n<ContentId>cid:" in text
    assert '<edXML:edXMLManifest version="1.0">' in text
    assert "<edXML:Bussiness>\n<edXML:BussinessDocType>0</edXML:BussinessDocType>" in text


def test_characters_no_xml_may_hold_are_left_out() -> None:
    message = DocumentMessage(Organ("X01"), (Organ("X02"),), "1", subject="a\x00b\x0bc]]>")
    read_back = read(write(message)).message
    assert isinstance(read_back, DocumentMessage)
    assert read_back.subject == "abc]]>"
