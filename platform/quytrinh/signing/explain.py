"""Findings in plain Vietnamese: a badge for lists, a panel for the page of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from quytrinh.signing.verdicts import DocumentFinding, SignatureFinding, Verdict

_LABELS = {
    Verdict.VALID: gettext_lazy("HỢP LỆ"),
    Verdict.UNDETERMINED: gettext_lazy("CHƯA XÁC ĐỊNH"),
    Verdict.INVALID: gettext_lazy("KHÔNG HỢP LỆ"),
    Verdict.UNSIGNED: gettext_lazy("KHÔNG CÓ CHỮ KÝ"),
    Verdict.UNREADABLE: gettext_lazy("KHÔNG ĐỌC ĐƯỢC"),
}
_SENTENCES = {
    Verdict.VALID: gettext_lazy("Mọi chữ ký số đều hợp lệ, văn bản không bị thay đổi sau khi ký."),
    Verdict.UNDETERMINED: gettext_lazy("Chưa đủ căn cứ để kết luận chữ ký số hợp lệ hay không."),
    Verdict.INVALID: gettext_lazy(
        "Có chữ ký số không hợp lệ hoặc văn bản đã bị thay đổi. Không sử dụng bản này."
    ),
    Verdict.UNSIGNED: gettext_lazy("Tệp không có chữ ký số nào."),
    Verdict.UNREADABLE: gettext_lazy("Tệp không mở được để kiểm tra chữ ký số."),
}
_PROBLEMS = {
    "altered": gettext_lazy("Nội dung đã bị sửa sau khi ký."),
    "bad_signature": gettext_lazy("Giá trị chữ ký không khớp với chứng thư số của người ký."),
    "malformed": gettext_lazy("Chữ ký sai cấu trúc, không kiểm tra được."),
    "partly_covered": gettext_lazy("Chữ ký không bao trùm toàn bộ nội dung tệp."),
    "changed_after": gettext_lazy("Sau khi ký, tệp có thay đổi mà chữ ký không cho phép."),
    "looks_changed": gettext_lazy("Trang văn bản hiện ra khác với lúc được ký."),
    "expired": gettext_lazy("Chứng thư số đã hết hạn vào lúc ký."),
    "not_yet_valid": gettext_lazy("Chứng thư số chưa có hiệu lực vào lúc ký."),
    "revoked": gettext_lazy("Chứng thư số đã bị thu hồi trước lúc ký."),
    "no_signed_attributes": gettext_lazy("Chữ ký thiếu thuộc tính bắt buộc về người ký."),
    "weak_algorithm": gettext_lazy("Chữ ký dùng thuật toán không còn an toàn."),
    "wrong_usage": gettext_lazy("Chứng thư số không được cấp để ký văn bản."),
    "shared_object": gettext_lazy("Một chữ ký bị dùng lại cho nhiều ô ký."),
    "unsupported": gettext_lazy("Loại chữ ký này chưa kiểm tra được."),
    "untrusted": gettext_lazy("Chứng thư số do tổ chức mà cơ quan chưa tin cậy cấp."),
    "no_timestamp": gettext_lazy(
        "Chữ ký không có dấu thời gian, nên không chứng minh được thời điểm ký."
    ),
    "timestamp_untrusted": gettext_lazy("Dấu thời gian không kiểm tra được hoặc không tin cậy."),
    "revocation_unknown": gettext_lazy("Dữ liệu thu hồi chứng thư số đã cũ, cần kiểm tra lại."),
    "expired_now": gettext_lazy(
        "Chứng thư số đã hết hạn và không chứng minh được văn bản ký khi chứng thư còn hạn."
    ),
    "not_compared": gettext_lazy("Tệp có quá nhiều trang bị ảnh hưởng nên chưa so sánh hết được."),
    "chain_unclear": gettext_lazy(
        "Chưa xác minh được tình trạng của chứng thư số: thiếu dữ liệu thu hồi."
    ),
    "encrypted": gettext_lazy("Tệp có mật khẩu nên không kiểm tra được."),
    "broken": gettext_lazy("Tệp PDF bị hỏng."),
    "too_costly": gettext_lazy("Tệp quá phức tạp, việc kiểm tra vượt giới hạn cho phép."),
    "trailing_bytes": gettext_lazy("Có dữ liệu lạ được nối vào sau phần kết thúc của tệp."),
    "active_content": gettext_lazy(
        "Tệp chứa mã chạy được (JavaScript), nội dung hiện ra có thể thay đổi."
    ),
    "unsigned_changes": gettext_lazy("Sau chữ ký cuối cùng còn thay đổi không ai ký."),
}
_KINDS = {
    "person": pgettext_lazy("chữ ký", "Chữ ký số cá nhân"),
    "organisation": pgettext_lazy("chữ ký", "Chữ ký số cơ quan"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict in a word or two and a sentence; `verdict` also names its colour."""

    verdict: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SignaturePanel:
    """One signature: who, for which agency, when by whose clock, and what is wrong with it."""

    badge: Badge
    kind: str
    signer: str
    organisation: str
    issuer: str
    time: str
    level: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything about the signatures of one file."""

    badge: Badge
    signatures: tuple[SignaturePanel, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def sentence_of(problem: str) -> str:
    """Return what a problem means."""
    return str(_PROBLEMS[problem])


def label_of(verdict: Verdict) -> str:
    """Return a verdict in capitals."""
    return str(_LABELS[verdict])


def badge_of(verdict: Verdict) -> Badge:
    """Return the badge of a document."""
    return Badge(verdict.value, label_of(verdict), str(_SENTENCES[verdict]))


def panel_of(finding: DocumentFinding) -> Panel:
    """Return the panel of a document."""
    notes = []
    if finding.lenient:
        notes.append(_("Tệp không hoàn toàn đúng chuẩn PDF; đã đọc theo chế độ dễ dãi."))
    if finding.active_content and "active_content" not in finding.problems:
        notes.append(sentence_of("active_content"))
    return Panel(
        badge=badge_of(finding.verdict),
        signatures=tuple(_signature(each) for each in finding.signatures),
        problems=tuple(sentence_of(problem) for problem in finding.problems),
        notes=tuple(notes),
    )


def reasons_of(finding: DocumentFinding) -> tuple[str, ...]:
    """Return why a document is not valid, each reason once: for a refusal or a notice."""
    problems = [*finding.problems, *(p for each in finding.signatures for p in each.problems)]
    if not problems and finding.verdict == Verdict.UNSIGNED:
        return (str(_SENTENCES[Verdict.UNSIGNED]),)
    return tuple(sentence_of(problem) for problem in dict.fromkeys(problems))


def _signature(found: SignatureFinding) -> SignaturePanel:
    problems = tuple(sentence_of(problem) for problem in found.problems)
    sentence = problems[0] if problems else _("Chữ ký hợp lệ, nội dung không đổi từ khi ký.")
    return SignaturePanel(
        badge=Badge(found.verdict.value, label_of(found.verdict), sentence),
        kind=str(_KINDS.get(found.kind, "")),
        signer=found.signer,
        organisation=found.organisation,
        issuer=found.issuer,
        time=_time(found),
        level=found.level,
        problems=problems,
    )


def _time(found: SignatureFinding) -> str:
    if found.stamped_at:
        return _("%(time)s, theo dấu thời gian của %(authority)s") % {
            "time": _local(found.stamped_at),
            "authority": found.stamped_by or _("dịch vụ cấp dấu thời gian"),
        }
    if found.claimed_at:
        return _("%(time)s, theo đồng hồ máy người ký") % {"time": _local(found.claimed_at)}
    return _("Không rõ thời điểm ký")


def _local(instant: str) -> str:
    return timezone.localtime(datetime.fromisoformat(instant)).strftime("%H:%M:%S %d/%m/%Y")
