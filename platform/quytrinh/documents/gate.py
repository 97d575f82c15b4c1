"""The gate: which documents may never enter, and how a mark on them is recognised. Pure.

State secrets are kept out everywhere; an agency may exclude further marks and name its own article.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

# The law is named by Điện Biên 4.4; agencies name their own article beside their exclusions.
LAW = "Luật Bảo vệ bí mật nhà nước"
SECRECY_FIELD = "secrecy"
# The texts of a case's form in which a mark may stand.
_NAMED_FIELDS = ("subject", "title", "document_kind")
_ORDINARY = {
    "",
    "0",
    "thuong",
    "khong",
    "khong mat",
    "normal",
    "none",
    "no",
    "false",
    "binh thuong",
}


class Place(StrEnum):
    """Where the gate stands."""

    UPLOAD = "upload"
    DRAFT = "draft"
    SENDING = "sending"
    RECEPTION = "reception"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A mark whose documents are kept out, and the article that says so."""

    mark: str
    article: str


STATE_SECRETS = (
    Exclusion("TUYỆT MẬT", LAW),
    Exclusion("TỐI MẬT", LAW),
    Exclusion("MẬT", LAW),
)


def exclusions_of(own: Iterable[Exclusion]) -> tuple[Exclusion, ...]:
    """Return the state secrets and an agency's own; its article for a level goes first."""
    known = {_plain(each.mark): each for each in STATE_SECRETS}
    known |= {_plain(each.mark): each for each in own}
    return tuple(known.values())


def declared(secrecy: object, exclusions: Iterable[Exclusion]) -> Exclusion | None:
    """Return what keeps a document out whose sender declares how secret it is.

    A declaration nobody understands keeps it out too: the gate fails closed.
    """
    word = _plain(str(secrecy if secrecy is not None else "")).replace("_", " ").replace("-", " ")
    if word in _ORDINARY:
        return None
    found = next((each for each in exclusions if _plain(each.mark) == word), None)
    return found or Exclusion(_("độ mật không rõ"), LAW)


def in_header(segments: Iterable[str], exclusions: Iterable[Exclusion]) -> Exclusion | None:
    """Return the exclusion whose mark is stamped in a page's header.

    A stamp is a piece of text of its own, in capitals, often framed or spaced out; the words in
    a sentence ("bảo mật", "bí mật") are no stamp.
    """
    stamps = {_stamp(each.mark): each for each in exclusions}
    for segment in segments:
        for part in re.split(r"\s{2,}|[\r\n\t|]", segment):
            if part == part.upper() and (found := stamps.get(_stamp(part))):
                return found
        if segment == segment.upper() and (found := stamps.get(_stamp(segment))):
            return found
    return None


def in_title(title: str, exclusions: Iterable[Exclusion]) -> Exclusion | None:
    """Return the exclusion whose mark a title bears in brackets: "(Mật)", "[TỐI MẬT]"."""
    bracketed = {_plain(word) for word in re.findall(r"[(\[{]([^()\[\]{}]{1,60})[)\]}]", title)}
    return next((each for each in exclusions if _plain(each.mark) in bracketed), None)


def in_values(values: Mapping[str, Any], exclusions: Iterable[Exclusion]) -> Exclusion | None:
    """Return what keeps out a document that is described by these fields of a form."""
    known = tuple(exclusions)
    if SECRECY_FIELD in values and (found := declared(values[SECRECY_FIELD], known)):
        return found
    titles = (str(values.get(name) or "") for name in _NAMED_FIELDS)
    return next((found for title in titles if (found := in_title(title, known))), None)


def is_questionable(values: Mapping[str, Any]) -> bool:
    """Tell whether anything in these fields might keep a document out: asked at every step."""
    titles = " ".join(str(values.get(name) or "") for name in _NAMED_FIELDS)
    return declared(values.get(SECRECY_FIELD), ()) is not None or any(c in titles for c in "([{")


def explain(place: Place, exclusion: Exclusion) -> str:
    """Say why a document is refused, by which article, and what to do instead."""
    what = {
        Place.UPLOAD: _("Không nhận tệp này: văn bản mang dấu hoặc độ mật “%(mark)s”."),
        Place.DRAFT: _("Không soạn thảo văn bản này trên hệ thống: độ mật hoặc dấu “%(mark)s”."),
        Place.SENDING: _("Không gửi văn bản này qua hệ thống: độ mật hoặc dấu “%(mark)s”."),
        Place.RECEPTION: _("Từ chối tiếp nhận: văn bản mang dấu hoặc độ mật “%(mark)s”."),
    }[place]
    rest = _("Căn cứ: %(article)s. Chưa có gì được lưu; hãy xử lý văn bản này ngoài hệ thống.")
    return f"{what} {rest}" % {"mark": exclusion.mark, "article": exclusion.article}


def _plain(text: str) -> str:
    """Lower case without diacritics, one space between words: what people mean to write."""
    spread = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    letters = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", letters).split())


def _stamp(text: str) -> str:
    """The letters alone, with their diacritics: "M Ậ T" and "[MẬT]" are one stamp."""
    composed = unicodedata.normalize("NFC", text).upper()
    return "".join(c for c in composed if c.isalpha())
