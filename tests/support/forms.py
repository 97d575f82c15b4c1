"""A form with a field of every kind."""

from __future__ import annotations

from typing import Any

EVERYTHING: dict[str, Any] = {
    "quytrinh": 1,
    "form": "phieu-trinh",
    "name": "Phiếu trình",
    "help": "Điền đủ các ô có dấu *.",
    "schema": {
        "type": "object",
        "required": ["subject", "urgency", "main"],
        "properties": [
            {
                "id": "subject",
                "type": "string",
                "title": "Trích yếu",
                "description": "Một câu",
                "maxLength": 20,
            },
            {"id": "content", "type": "string", "title": "Nội dung", "x-widget": "textarea"},
            {
                "id": "urgency",
                "type": "string",
                "title": "Độ khẩn",
                "enum": ["normal", "urgent"],
                "x-labels": {"normal": "Thường", "urgent": "Khẩn"},
            },
            {
                "id": "estimated_cost",
                "type": "number",
                "title": "Kinh phí",
                "minimum": 0,
                "maximum": 1_000_000_000,
            },
            {"id": "copies", "type": "integer", "title": "Số bản"},
            {"id": "deadline", "type": "string", "title": "Hạn", "format": "date"},
            {"id": "notation", "type": "string", "title": "Ký hiệu", "pattern": "^[A-Z]+$"},
            {"id": "secret", "type": "boolean", "title": "Mật"},
            {
                "id": "units",
                "type": "array",
                "title": "Đơn vị",
                "items": {"type": "string", "enum": ["a", "b", "c"]},
                "x-labels": {"a": "Phòng A", "b": "Phòng B", "c": "Phòng C"},
                "maxItems": 2,
            },
            {
                "id": "receivers",
                "type": "array",
                "title": "Nơi nhận",
                "items": {"type": "string", "maxLength": 5},
            },
            {"id": "main", "type": "string", "title": "Dự thảo", "x-slot": "main"},
        ],
    },
}
