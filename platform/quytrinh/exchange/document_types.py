"""Types of administrative documents (Nghị định 30/2020, Phụ lục III): told apart by their names.

Numbers of types differ from one system to the next; what a type is called does not.
"""

from __future__ import annotations

import unicodedata

NAMES = {
    "CV": "Công văn",
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
}


def name_of(symbol: str) -> str:
    """Return what a type is called; a name stays what it is."""
    return NAMES.get(symbol, symbol)


def symbol_of(name: str) -> str:
    """Return the abbreviation of a type by its name, empty for a name nobody knows."""
    wanted = _plain(name)
    return next((symbol for symbol, known in NAMES.items() if _plain(known) == wanted), "")


def _plain(name: str) -> str:
    # "thỏa" and "thoả" are one word: which vowel bears the tone is a matter of taste.
    spread = unicodedata.normalize("NFD", " ".join(name.casefold().split()))
    return "".join(sorted(c for c in spread if unicodedata.combining(c))) + "".join(
        c for c in spread if not unicodedata.combining(c)
    )
