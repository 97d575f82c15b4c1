"""`manage.py journal verify`: recompute every chain."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.journal.chain import Fault, verify
from quytrinh.journal.heads import known_heads
from quytrinh.journal.models import JournalEntry
from quytrinh.tenancy.context import reading, tenant_context
from quytrinh.tenancy.models import Tenant


class Command(BaseCommand):
    """Ends with 1 at the first entry that was changed, removed or put elsewhere."""

    help = "Kiểm tra chuỗi băm của nhật ký."

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb so far: verify."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser("verify", help="Tính lại mọi chuỗi băm.")
        verb.add_argument("--tenant", help="Chỉ cơ quan này (mã trên địa chỉ).")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify agency after agency."""
        tenants = Tenant.objects.order_by("slug")
        if options["tenant"]:
            tenants = tenants.filter(slug=options["tenant"])
            if not tenants:
                raise CommandError(_("Không có cơ quan “%s”.") % options["tenant"], returncode=2)
        for tenant in tenants:
            chains, fault = _verify(tenant)
            if fault:
                raise CommandError(_told(tenant, fault))
            self.stdout.write(
                _("%(agency)s: %(chains)d chuỗi nhật ký, nguyên vẹn.")
                % {"agency": tenant.slug, "chains": chains}
            )


def _told(tenant: Tenant, fault: Fault) -> str:
    reasons = {
        "foreign": _("thuộc chuỗi khác"),
        "gap": _("các dòng trước đó đã mất hoặc sai thứ tự"),
        "unlinked": _("không nối tiếp dòng trước"),
        "changed": _("nội dung đã bị sửa sau khi ghi"),
        "cut": _("chuỗi kết thúc sai chỗ"),
    }
    return _("%(agency)s: nhật ký hỏng tại %(subject)s, dòng %(seq)d: %(reason)s.") % {
        "agency": tenant.slug,
        "subject": fault.subject_id,
        "seq": fault.seq,
        "reason": reasons[fault.reason],
    }


def _verify(tenant: Tenant) -> tuple[int, Fault | None]:
    """Return how many chains were verified, and the first fault."""
    with tenant_context(tenant.pk), reading(), transaction.atomic():
        heads = known_heads()
        chains = 0
        rows = JournalEntry.objects.in_chains().iterator()
        for subject, chain in groupby(rows, key=lambda row: row.subject_id):
            fault = verify(chain, head=heads.pop(subject, None))
            if fault:
                return chains, fault
            chains += 1
    lost = (verify([], head=head) for head in heads.values())
    return chains, next((fault for fault in lost if fault), None)
