"""Bưu cục: tính cước gửi thư của một hồ sơ."""

from __future__ import annotations

from quytrinh.spi import Availability, Outcome, StepFailed, StepRequest, StepResult


class FrankLetter:
    """`post_office.frank`: postage for every document of the case, at a rate given in `with:`."""

    name = "post_office.frank"
    title = "Tính cước bưu điện"
    interface = 1
    inline = False
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["rate"],
        "properties": {"rate": {"type": "integer", "minimum": 1, "description": "Đồng một bản"}},
    }
    outcomes = (
        Outcome("franked", "Đã tính cước"),
        Outcome("too_heavy", "Quá cân, phải gửi bưu kiện", normal=False),
    )

    def availability(self) -> Availability:
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        copies = sum(len(documents) for documents in request.documents.values())
        if not request.data.get("subject"):
            raise StepFailed("Hồ sơ chưa có trích yếu để ghi lên bì thư", retryable=False)
        if copies > 20:
            return StepResult("too_heavy", {"copies": copies})
        return StepResult("franked", {"postage": request.parameters["rate"] * max(copies, 1)})
