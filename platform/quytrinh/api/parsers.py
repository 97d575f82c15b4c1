"""JSON as the API takes it: what cannot be stored is refused while it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """Reads no more than a form may carry, and nothing that `refuse_unstorable` refuses."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body; raise ParseError with the reason."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ParseError(_("Nội dung JSON quá lớn."))
        try:
            parsed = json.loads(body.decode())
        except (ValueError, RecursionError) as error:
            raise ParseError(_("Nội dung JSON không đọc được.")) from error
        refuse_unstorable(parsed)
        return parsed


def refuse_unstorable(parsed: Any) -> None:
    """Raise ParseError for NaN, NUL, halves of letters and endless nesting.

    Found by writing it as it would be stored.
    """
    try:
        written = json.dumps(parsed, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (ValueError, RecursionError) as error:
        raise ParseError(_("Nội dung JSON không đọc được.")) from error
    if "\\u0000" in written:
        raise ParseError(_("Nội dung gửi lên có ký tự không lưu được."))
