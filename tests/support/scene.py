"""Documents between two demo agencies, for pages to show: `python -m tests.support.scene`.

Điện Biên sends a signed document to Quảng Bình, which registers it and is asked to give it back;
an unsigned one, which is refused; and to Bình Định one that lost a byte on its way. Prints the
addresses of what came of it as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]
REGISTERED = {"subject": "V/v phối hợp tổ chức tập huấn", "sender": "Cơ quan", "urgency": "urgent"}


def main() -> None:
    """Play the scene in the installation of the environment."""
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT / "plugins")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quytrinh.settings.embedded")
    import django

    django.setup()
    sys.stdout.write(json.dumps(play()))


def play() -> dict[str, str]:
    """Send, register, refuse, recall; return addresses by name."""
    from quytrinh.exchange.actions import ask_back
    from quytrinh.exchange.edxml import read, write
    from quytrinh.tenancy.context import tenant_context
    from quytrinh.tenancy.models import Tenant
    from tests.support.agencies import Agency
    from tests.support.arrivals import Correspondent, settle_beside_workers
    from tests.support.pdf import letter

    slugs = ("dien-bien", "quang-binh", "binh-dinh")
    tenants = {tenant.slug: tenant for tenant in Tenant.objects.filter(slug__in=slugs)}
    sender, receiver, third = (Correspondent(Agency(tenants[slug])) for slug in slugs)
    settle = partial(settle_beside_workers, sender, receiver, third)
    for office in (sender, receiver, third):
        _equip(office)
    sending, signed = _signed_document(sender)
    main = sender.file(signed, "1245-cong-van.pdf")
    document = sender.document("1245", subject=REGISTERED["subject"], priority="1", files=[main])
    with tenant_context(sender.agency.tenant.pk):
        sent = _dispatch(document, [receiver.code, third.code], sending.pk)
    settle()
    case = receiver.arrived_cases()[-1]
    receiver.act("van-thu", case, "receive")
    receiver.act("van-thu", case, "confirm", values=_registered(receiver, case))
    settle()
    plain = sender.file(letter(("Giấy mời họp", "(Dữ liệu minh họa)")), "giay-moi.pdf")
    sender.send(receiver, sender.document("1246", subject="Giấy mời họp", files=[plain]))
    settle()
    refused = receiver.arrived_cases()[-1]
    receiver.act("van-thu", refused, "confirm", comment="Văn bản chưa ký số, đề nghị gửi lại.")
    settle()
    with tenant_context(sender.agency.tenant.pk):
        ask_back(message_id=sent[0].pk, reason="Sai ngày tổ chức; sẽ gửi văn bản thay thế.")
    settle()
    _take_tampered(third, sender, signed)
    settle()
    broken = third.arrived_cases()[-1]
    message = read(receiver.envelope(0)).message
    receiver.take(write(replace(message, subject="Nội dung khác")), sender.code)
    settle()
    return {
        "sending_case": f"/ho-so/{sending.pk}/",
        "received_case": f"/ho-so/{case.pk}/",
        "refused_case": f"/ho-so/{refused.pk}/",
        "tampered_case": f"/ho-so/{broken.pk}/",
    }


def _equip(office: Any) -> None:
    """Give an agency keys of the demonstration, and trust in them."""
    from quytrinh.signing import demo
    from quytrinh.tenancy.context import tenant_context

    director = office.agency.person("giam-doc")
    with tenant_context(office.agency.tenant.pk):
        demo.equip(office.agency.tenant, {director.id: director.full_name})


def _signed_document(office: Any) -> tuple[Any, bytes]:
    """A case of the agency, its document signed by the director and sealed."""
    from quytrinh.documents import storage
    from quytrinh.documents.actions import describe
    from quytrinh.runtime import actions
    from quytrinh.runtime.models import Case
    from quytrinh.signing.actions import Wish, seal_document, sign_document
    from quytrinh.tenancy.context import tenant_context
    from tests.support.signing import decision
    from tests.support.uploads import pdf_upload

    director = office.agency.person("giam-doc")
    with tenant_context(office.agency.tenant.pk):
        case_id = actions.begin_case(
            flow_key="van-ban-den",
            actor=office.agency.person("van-thu"),
            values={**REGISTERED, "source": "software"},
            uploads={"main": [pdf_upload(decision(pages=2), "1245-cong-van.pdf")]},
        )
    with office.agency.at_work():
        case = Case.objects.get(pk=case_id)
        document = UUID(case.slots["main"][0])
        describe(
            document=document,
            facts={
                "number": "1245",
                "notation": "CQ-VP",
                "code": "1245/CQ-VP",
                "date": date(2026, 11, 2),
            },
        )
    with tenant_context(office.agency.tenant.pk):
        sign_document(Wish(request_id=f"ky-{document}", document=document, person=director.id))
        sealed = seal_document(Wish(request_id=f"dau-{document}", document=document))
        signed = storage.path_of(sealed.file.sha256).read_bytes()
    return case, signed


def _dispatch(document: Any, to: list[str], case_id: Any) -> list[Any]:
    from quytrinh.exchange.actions import dispatch

    return dispatch(document=document, to=to, case_id=case_id)


def _registered(office: Any, case: Any) -> dict[str, Any]:
    """What the clerk enters: what the sender said, confirmed."""
    return {**office.case(case).fields, **REGISTERED}


def _take_tampered(receiver: Any, sender: Any, signed: bytes) -> None:
    """Let a message arrive whose document lost a byte on its way."""
    from quytrinh.exchange.edxml import Attachment, read, write

    message = read(receiver.envelope(0)).message
    changed = signed.replace(b"ReportLab", b"ReportLob", 1)
    broken = replace(
        message,
        document_id=f"{message.document_id}-b",
        subject="Văn bản bị sửa trên đường đi",
        attachments=(Attachment("1247-cong-van.pdf", changed, "application/pdf"),),
    )
    receiver.take(write(broken), sender.code)


if __name__ == "__main__":
    main()
