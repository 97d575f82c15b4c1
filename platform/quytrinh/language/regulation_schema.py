"""The grammar of regulation packs and of the vocabulary their rules are written in."""

from __future__ import annotations

from quytrinh.language.kinds import (
    ByValue,
    Choice,
    Key,
    ListOf,
    MapOf,
    Object,
    Raw,
    Text,
    Truth,
    Whole,
)
from quytrinh.language.schema import (
    LOCAL_ID,
    NAME,
    PACK_ID,
    PERIODS_OF_YEAR,
    STATUSES,
    WHEN_PATTERN,
)

AGENCY_KINDS = ("state", "party", "enterprise")
SEVERITIES = ("error", "warning")
STEP_KINDS = ("human", "service", "choose", "parallel", "each", "call", "wait", "end")
ARTICLE_PATTERN = (
    r"(?:[0-9]{1,3}[a-zđ]?(?:\.[0-9]{1,3}[a-zđ]?)?(?:\.[a-zđ]{1,2})?|pl[0-9]{1,2}(?:\.[0-9]{1,2})*)"
)
ANY_KIND = "any"

_VERSION = Key("quytrinh", Choice(("1",), code="F010"), required=True, help="Phiên bản ngôn ngữ")
ARTICLE = Text("điều.khoản.điểm, ví dụ 6.2.a", ARTICLE_PATTERN, max_length=20)
DATE = Text("ngày, ví dụ 2016-03-28", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", max_length=10)
RULE_ID = Text("mã quy tắc, ví dụ BT-R15", r"[A-Z]{2,4}-R[0-9]{2,3}[a-z]?", max_length=12)
# Names that the vocabulary declares; the compiler says which of them it does not know.
WORD = Text("từ của bảng từ", r"[a-z][a-z0-9_]{0,39}", max_length=40, by_rule=True)
REQUIREMENT = Text("mã yêu cầu, ví dụ SG-07", r"[A-Z]{2,3}-[0-9]{2}", max_length=8)
SENTENCE = Text("câu", max_length=400)
PARAGRAPH = Text("đoạn", max_length=2000)
WORDS = ListOf(WORD, single=True, minimum=1)
LIMIT = Text("thời hạn, ví dụ same_day, 1d", WHEN_PATTERN, max_length=40)

_ATOM_KEYS = (
    Key("act", WORD, help="Hành vi của bảng từ"),
    Key("run", Text("tên phần mở rộng", max_length=100), help="Phần mở rộng chạy"),
    Key("with", Raw({"type": "object"}), help="Tham số phải bằng"),
    Key(
        "outcome", ListOf(WORD, single=True, minimum=1), help="Kết quả; any = kết quả nào cũng tính"
    ),
    Key("by", WORD, help="Tư cách người làm"),
    Key("action", ListOf(WORD, single=True, minimum=1), help="Thao tác mang mã này"),
    Key("verb", WORD, help="Thao tác chung"),
    Key("end", ListOf(WORD, single=True, minimum=1), help="Kết thúc với kết quả này"),
    Key("writes", Text("trường, ví dụ document.content", max_length=60), help="Ghi vào"),
    Key("event", Text("sự kiện", max_length=64), help="Sự kiện của văn bản"),
    Key("status", ListOf(Choice(STATUSES), single=True, minimum=1), help="Trạng thái được báo"),
    Key("arrival", Truth(only=True), help="Lúc văn bản đến, hồ sơ bắt đầu"),
    Key("if", WORD, help="Chỉ khi điều này đúng"),
)
ATOM = Object("hành vi", _ATOM_KEYS, main="act")
REACHING = Object(
    "lựa chọn",
    (*_ATOM_KEYS, Key("reach", ListOf(ATOM, single=True, minimum=1), help="Khi việc tới bước")),
    main="act",
)
SELECTOR = Object(
    "lựa chọn",
    (*REACHING.keys, Key("all_of", ListOf(REACHING, minimum=2), help="Đủ tất cả")),
    main="act",
)
# A list is any one of its members.
ANY_OF = ListOf(SELECTOR, single=True, minimum=1)
FACTS = MapOf(WORD, ListOf(Text("giá trị", max_length=60, truth=True), single=True, minimum=1), 1)

_RULE_HEAD = (
    Key("id", RULE_ID, required=True, help="Mã; không bao giờ đổi nghĩa"),
    # Plain `8.1` is a number to YAML, and 8.10 would become 8.1: P005 says so.
    Key(
        "cite",
        ListOf(ARTICLE, single=True, minimum=1),
        required=True,
        help="Điều khoản, trong nháy",
    ),
    Key("severity", Choice(SEVERITIES), required=True, help="error chặn ban hành"),
    Key("message", SENTENCE, required=True, help="Điều sai, nói với người đọc"),
    Key("hint", SENTENCE, help="Cách chữa"),
    Key("when", FACTS, help="Chỉ những trường hợp này"),
    Key("covers", ListOf(REQUIREMENT, single=True), help="Yêu cầu được chứng minh"),
    Key("superseded_by", RULE_ID, help="Quy tắc thay thế: còn đọc được, không áp dụng"),
)


def _pattern(name: str, label: str, *keys: Key) -> Object:
    told = Key("pattern", Choice((name,)), required=True, help=label)
    return Object(f"quy tắc {name}", (*_RULE_HEAD, told, *keys))


def _need(name: str, help_text: str) -> Key:
    return Key(name, ANY_OF, required=True, help=help_text)


_OF = _need("of", "Hành vi được xét")
_UNDONE = Key("undone_by", ANY_OF, help="Làm mất hiệu lực của hành vi trước")
_UNLESS = Key("unless", ANY_OF, help="Trừ khi")
_FIELDS = ListOf(WORD, minimum=1)
OFFER = Object(
    "thao tác phải có",
    (
        Key("action", WORD, help="Thao tác"),
        Key("verb", WORD, help="Thao tác chung"),
        Key("act", WORD, help="Hành vi, bằng bất cứ thao tác nào"),
        Key("leads_to", ANY_OF, help="Phải dẫn tới"),
        Key("requires", _FIELDS, help="Phải điền: comment, reason hoặc trường"),
    ),
    one_of=("action", "verb", "act"),
)
DECLARED = Object(
    "thời hạn phải khai",
    (
        Key("by", Choice(("any", "urgency")), help="Có thời hạn; urgency: riêng cho văn bản khẩn"),
        Key("setting", WORD, help="Tham số của cơ quan cho thời hạn này"),
    ),
    one_of=("by", "setting"),
)
PATTERNS = {
    each.keys[len(_RULE_HEAD)].kind.values[0]: each  # type: ignore[union-attr]
    for each in (
        _pattern(
            "absence",
            "Không bao giờ",
            _OF,
            Key("after", ANY_OF, help="Kể từ sau hành vi này"),
            Key("until", ANY_OF, help="Cho tới hành vi này"),
        ),
        _pattern(
            "existence",
            "Phải có",
            _OF,
            Key("ends", WORDS, help="Trước những kết thúc này; mặc định mọi kết thúc"),
            Key("at_most", Whole(1), help="Nhiều nhất bấy nhiêu lần"),
            Key("count", Choice(("events", "steps")), help="steps: một bước làm lại vẫn là một"),
            _UNDONE,
        ),
        _pattern(
            "precedence",
            "Có trước thì mới được làm sau",
            _need("first", "Việc phải làm trước"),
            _need("then", "Việc làm sau"),
            _UNDONE,
            Key("with_lead", Truth(), help="Chỉ cho đơn vị chủ trì"),
        ),
        _pattern(
            "order",
            "Đúng thứ tự",
            Key("order", ListOf(SELECTOR, minimum=2), required=True),
            _UNDONE,
        ),
        _pattern(
            "response",
            "Đã có thì về sau phải làm",
            _need("trigger", "Khi có"),
            _need("then", "Thì về sau phải có"),
            _UNLESS,
            Key("even_if_cancelled", Truth(), help="Kể cả khi hồ sơ bị hủy"),
        ),
        _pattern(
            "chain_response",
            "Bước kế tiếp phải là",
            _need("trigger", "Ngay sau"),
            _need("next", "Bước kế tiếp"),
            Key("ignoring", ListOf(Choice(STEP_KINDS), single=True), help="Không kể loại bước này"),
        ),
        _pattern("exclusive_choice", "Chỉ một trong các việc", _OF, Key("at_least", Whole(0))),
        _pattern(
            "performer",
            "Ai được làm",
            _OF,
            Key("by", WORD, required=True, help="Tư cách"),
            Key("machine", WORDS, help="Hành vi máy được làm; after_clerk: ngay sau bước văn thư"),
        ),
        _pattern("separation", "Không cùng một người", _OF),
        _pattern("same_person", "Cùng một người", _OF, Key("last", Truth(), help="Lần cuối")),
        _pattern(
            "deadline",
            "Thời hạn",
            Key("of", ANY_OF, help="Bước phải có thời hạn"),
            Key("from", ANY_OF, help="Tính từ"),
            Key("to", ANY_OF, help="Tới"),
            Key("at_most", LIMIT, help="Không quá"),
            Key("declared", DECLARED, help="Phải khai thời hạn"),
        ),
        _pattern("calendar", "Tính theo lịch", _OF, Key("is", WORD, required=True, help="Lịch")),
        _pattern(
            "parameter",
            "Tham số thuộc danh sách",
            _OF,
            Key("path", Text("with.…, role.…", max_length=60), required=True, help="Giá trị nào"),
            Key("in", ListOf(Raw(), minimum=1), required=True, help="Những giá trị được phép"),
            Key("min_items", Whole(1), help="Ít nhất bấy nhiêu giá trị"),
        ),
        _pattern("field", "Phải ghi", _OF, Key("fields", _FIELDS, required=True), _UNLESS),
        _pattern(
            "outcome",
            "Phải có thao tác",
            _OF,
            Key("offers", ListOf(OFFER, single=True), required=True),
        ),
        _pattern(
            "status",
            "Phải báo trạng thái",
            _need("trigger", "Khi có"),
            Key("codes", ListOf(Choice(STATUSES), minimum=1), required=True, help="Một trong"),
            Key("within", LIMIT, help="Trong vòng"),
            _UNLESS,
        ),
        _pattern(
            "lead",
            "Một chủ trì, các phối hợp",
            _OF,
            Key("lead", Whole(1), required=True, help="Số đơn vị chủ trì"),
            Key("supports", Choice(("named",)), help="Phối hợp phải nêu tên"),
            Key("fields", _FIELDS, help="Phải ghi"),
        ),
        _pattern(
            "schedule",
            "Phải có lịch",
            _OF,
            Key("every_at_most", Choice(PERIODS_OF_YEAR), required=True, help="Ít nhất mỗi kỳ"),
            Key("by", WORD, help="Do ai"),
            Key("binds_to", Choice(("agency",)), help="Của từng cơ quan"),
        ),
    )
}
RULE = ByValue("quy tắc", "pattern", PATTERNS)
CONFLICT = Object(
    "mâu thuẫn đã biết",
    (
        Key("with", PACK_ID, required=True, help="Với quy chế"),
        Key("rules", ListOf(RULE_ID, minimum=1), required=True, help="Quy tắc của cả hai bên"),
        Key("note", PARAGRAPH, required=True, help="Bên nào thắng, vì sao"),
    ),
)
REGULATION = Object(
    "quy chế",
    (
        _VERSION,
        Key("regulation", PACK_ID, required=True, help="Mã quy chế"),
        Key("title", PARAGRAPH, required=True, help="Tên, số, ngày, nơi ban hành"),
        Key("short", NAME, required=True, help="Tên gọi ngắn trong câu báo"),
        Key("status", Choice(("in_force", "draft")), help="draft: dự thảo"),
        Key(
            "binds",
            MapOf(
                Text("loại cơ quan", "|".join(AGENCY_KINDS), max_length=20), Choice(SEVERITIES), 1
            ),
            required=True,
            help="Ràng buộc ai, bằng lỗi hay cảnh báo; không ghi: không ràng buộc",
        ),
        Key("national", Truth(), help="true: áp dụng cho mọi quy trình"),
        Key(
            "effective",
            Object(
                "hiệu lực",
                (Key("from", DATE, help="Từ ngày"), Key("until", DATE, help="Đến hết ngày")),
            ),
            help="Thời gian có hiệu lực",
        ),
        Key("imports", ListOf(PACK_ID), help="Quy chế được dẫn chiếu, áp dụng cùng"),
        Key("acts", MapOf(WORD, ListOf(ATOM, single=True, minimum=1)), help="Hành vi riêng"),
        Key(
            "articles",
            MapOf(ARTICLE, PARAGRAPH, 1),
            required=True,
            help="Nội dung, tóm bằng lời khác",
        ),
        Key("repealed", MapOf(ARTICLE, PARAGRAPH), help="Điều khoản hết hiệu lực, vì sao"),
        Key("unverified", ListOf(ARTICLE), help="Chưa đối chiếu với bản in"),
        Key("rules", ListOf(RULE), required=True, help="Quy tắc"),
        Key("conflicts", ListOf(CONFLICT), help="Mâu thuẫn với quy chế khác"),
    ),
)
TELLING = Object(
    "kết quả cho biết",
    (
        Key("run", Text("phần mở rộng", max_length=100), required=True, help="Phần mở rộng"),
        Key("outcome", WORDS, required=True, help="Kết quả này"),
        Key("values", ListOf(Text("giá trị", max_length=60, truth=True)), required=True),
    ),
)
FACT = Object(
    "dữ kiện",
    (
        Key("values", ListOf(Text("giá trị", max_length=60, truth=True), minimum=2), required=True),
        Key("field", Text("trường của hồ sơ", max_length=40), help="Trường nói dữ kiện này"),
        Key("absent", ListOf(Text("giá trị", max_length=60)), help="Khi không có trường"),
        Key("slot", Text("ngăn văn bản", max_length=40), help="Có văn bản ở ngăn này"),
        Key("filled", ListOf(Text("giá trị", max_length=60)), help="Khi ngăn có văn bản"),
        Key(
            "unless_asked",
            ListOf(Text("giá trị", max_length=60, truth=True), minimum=1),
            help="Giá trị có thể có khi không biểu mẫu nào hỏi",
        ),
        Key(
            "shown_by",
            MapOf(
                Text("giá trị", max_length=60),
                ListOf(Text("phần mở rộng", max_length=100), minimum=1),
            ),
            help="Quy trình chạy phần mở rộng này thì giá trị có thể có",
        ),
        Key(
            "labels",
            MapOf(Text("giá trị", max_length=60, truth=True), NAME),
            help="Nói giá trị ấy thế nào",
        ),
        Key("told_by", ListOf(TELLING), help="Kết quả chỉ có khi dữ kiện là thế"),
    ),
    needs=(("filled", "slot"),),
)
IMPLICATION = Object(
    "kéo theo",
    (
        Key("if", FACTS, required=True, help="Khi"),
        Key("then", FACTS, required=True, help="Thì chỉ có thể"),
    ),
)
VOCABULARY = Object(
    "bảng từ",
    (
        _VERSION,
        Key("vocabulary", PACK_ID, required=True, help="Mã bảng từ"),
        Key(
            "acts",
            MapOf(WORD, ListOf(ATOM, single=True, minimum=1), 1),
            required=True,
            help="Hành vi",
        ),
        Key("names", MapOf(WORD, NAME), help="Gọi hành vi là gì"),
        Key(
            "capacities",
            MapOf(
                WORD,
                ListOf(
                    MapOf(WORD, ListOf(Text("giá trị", max_length=64), single=True), 1), minimum=1
                ),
                1,
            ),
            required=True,
            help="Tư cách, và các cách tìm người được coi là tư cách đó",
        ),
        Key("defaults", Raw({"type": "object"}), help="Tham số khi không ghi"),
        Key(
            "fields",
            MapOf(WORD, ListOf(LOCAL_ID, minimum=1)),
            help="Trường của biểu mẫu mang ý này",
        ),
        Key("facts", MapOf(WORD, FACT, 1), required=True, help="Dữ kiện phân biệt các trường hợp"),
        Key("implies", ListOf(IMPLICATION), help="Dữ kiện này kéo theo dữ kiện kia"),
        Key(
            "lasting", ListOf(Text("phần mở rộng", max_length=100)), help="Hủy khối vẫn còn giá trị"
        ),
        Key("once", ListOf(Text("phần mở rộng", max_length=100)), help="Làm lại không lặp"),
    ),
)
