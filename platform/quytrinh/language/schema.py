"""The grammar of flows, once: the shaper reads it, the published schema is made of it."""

from __future__ import annotations

from quytrinh.language.kinds import (
    Choice,
    Key,
    ListOf,
    MapOf,
    Object,
    OneKindOf,
    Raw,
    Text,
    Truth,
    Whole,
)

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_STEPS = 500
MAX_ACTIONS = 50

FLOW_ID = Text("mã quy trình", r"[a-z][a-z0-9-]{0,63}", "F006", 64)
FORM_ID = Text("mã biểu mẫu", r"[a-z][a-z0-9-]{0,63}", "F006", 64)
PACK_ID = Text("mã quy chế", r"[a-z][a-z0-9-]{0,63}", "F006", 64)
LOCAL_ID = Text("mã", r"[a-z][a-z0-9_]{0,39}", "F006", 40)
CONFIRM = "confirm"
ACTION_ID = Text("mã", r"[a-z][a-z0-9_]{0,39}", "F006", 40, also=(CONFIRM,))
AGENCY_KEY = Text("mã của cơ quan", r"[a-z][a-z0-9-]{0,63}", "F011", 64)
NAME = Text("tên", max_length=200)
HELP = Text("lời hướng dẫn", max_length=4000)
# References are checked by their own rules (F101, F102, F104 …): any word will do here.
ROLE_REF = Text("mã vai trò", max_length=64)
TARGET = Text("mã bước hoặc `next`", max_length=64)
FORM_REF = Text("mã biểu mẫu", max_length=64)
FIELD_REF = Text("mã trường", max_length=64)
PLUGIN_REF = Text("tên phần mở rộng", max_length=100)
EXPRESSION = Text("biểu thức", max_length=1000)
CITE = ListOf(Text("điều khoản, ví dụ `6.2.a`", numeric=True, max_length=100), single=True)
WHENS_LATER = ("immediate", "same_day", "next_working_morning", "next_working_day")
PERIOD = r"[1-9][0-9]{0,3}[mhd]"
WHEN = Text("thời hạn", PERIOD, "F501", 40, by_rule=True)
URGENCIES = ("urgent", "very_urgent", "flash")
CALENDARS = ("working", "reception", "natural")
COMMENTS = ("none", "optional", "required")
# What a message may be; only the first begins cases yet.
EVENTS = ("exchange.received",)
EVENTS_LATER = ("exchange.recall", "exchange.update", "exchange.replace", "mail.received", "call")
# Business statuses of the exchange of documents between agencies.
STATUSES = ("01", "02", "03", "04", "05", "06", "13", "15", "16")
STATUS = Text("mã trạng thái", "|".join(STATUSES), max_length=40, by_rule=True)

DUE = Object(
    "thời hạn",
    (
        Key("in", WHEN, required=True, help="Trong bao lâu: 30m, 4h, 2d"),
        Key(
            "by_urgency",
            Object("thời hạn theo độ khẩn", tuple(Key(level, WHEN) for level in URGENCIES)),
            help="Thay `in` theo độ khẩn",
        ),
        Key("calendar", Text("tên lịch", max_length=64), help="working, reception hoặc natural"),
        Key("cite", CITE, help="Căn cứ"),
        *(Key(name, later=True) for name in ("at", "from", "remind", "escalate")),
    ),
    main="in",
)


RESOLVER_KINDS = (
    "creator",
    "role",
    "position",
    "head_of",
    "members_of",
    "person",
    "performer_of",
    "in_charge_of",
)
RESOLVER = Object(
    "cách tìm người",
    (
        Key("creator", Truth(only=True), help="Người khởi tạo hồ sơ"),
        Key("role", AGENCY_KEY, help="Mọi người giữ vai trò này trong cơ quan"),
        Key("position", AGENCY_KEY, help="Người giữ chức vụ này"),
        Key("head_of", EXPRESSION, help="Người đứng đầu đơn vị"),
        Key("members_of", EXPRESSION, help="Mọi người trong đơn vị"),
        Key("person", EXPRESSION, help="Người được chọn trong biểu mẫu"),
        Key("performer_of", TARGET, help="Người đã làm bước này lần gần nhất"),
        Key("in_charge_of", later=True),
        Key("in", EXPRESSION, help="Chỉ trong đơn vị này"),
    ),
    one_of=RESOLVER_KINDS,
    excluding=tuple((kind, "in") for kind in RESOLVER_KINDS if kind not in ("role", "position")),
)
ROLE = Object(
    "vai trò",
    (
        Key("name", NAME, required=True, help="Tên hiển thị"),
        Key("who", ListOf(RESOLVER, single=True, minimum=1), required=True, help="Ai"),
        Key("if_absent", ListOf(RESOLVER, minimum=1), help="Ai thay khi không có ai"),
        Key("assign", later=True),
    ),
)
START = Object(
    "khởi tạo",
    (
        Key("by", ROLE_REF, help="Vai trò được khởi tạo"),
        Key("form", FORM_REF, help="Biểu mẫu điền khi khởi tạo"),
        Key("event", Text("sự kiện", max_length=64), help="Gói tin đến khởi tạo hồ sơ"),
        *(Key(name, later=True) for name in ("when", "schedule")),
    ),
    one_of=("by", "event"),
    needs=(("form", "by"),),
)
REPORTS = Object(
    "báo trạng thái",
    (
        Key("done", STATUS, help="Báo nơi gửi khi bước này làm xong"),
        Key("enter", STATUS, help="Báo nơi gửi khi hồ sơ tới bước này"),
    ),
    main="done",
)
_ROUTE_KEYS = (
    Key("to", TARGET, help="Đi tới bước"),
    Key("return_to", TARGET, help="Trả lại bước"),
    Key("then", Choice(("onwards", "back_here")), help="Sau khi làm lại: đi tiếp hay về đây"),
    Key("at_most", Whole(1), help="Số lần tối đa trong một hồ sơ"),
)
_ROUTE_EXCLUDING = (("to", "return_to"),)
_ROUTE_NEEDS = (("then", "return_to"),)
ROUTE = Object("hướng đi", _ROUTE_KEYS, main="to", excluding=_ROUTE_EXCLUDING, needs=_ROUTE_NEEDS)
ACTION = Object(
    "thao tác",
    (
        Key("label", NAME, required=True, help="Chữ trên nút"),
        *_ROUTE_KEYS,
        Key("when", EXPRESSION, help="Chỉ hiện khi điều kiện đúng"),
        Key("form", FORM_REF, help="Biểu mẫu hỏi thêm"),
        Key("requires", ListOf(FIELD_REF, minimum=1), help="Trường bắt buộc cho thao tác này"),
        Key("incomplete", Truth(), help="Không cần điền đủ biểu mẫu"),
        Key("comment", Choice(COMMENTS), help="Ý kiến"),
        Key("cite", CITE, help="Căn cứ"),
        Key("run", PLUGIN_REF, help="Phần mở rộng chạy ngay cùng thao tác"),
        Key("with", Raw({"type": "object"}), help="Tham số của phần mở rộng"),
        Key("reports", STATUS, help="Trạng thái báo nơi gửi"),
    ),
    excluding=_ROUTE_EXCLUDING,
    needs=(*_ROUTE_NEEDS, ("with", "run")),
)
_HEAD = (
    Key("id", LOCAL_ID, required=True, help="Mã bước"),
    Key("name", NAME, help="Tên bước"),
    Key("help", HELP, help="Lời hướng dẫn"),
    Key("cite", CITE, help="Căn cứ"),
)
_COMMON = (
    *_HEAD,
    Key("when", EXPRESSION, help="Chỉ làm bước này khi điều kiện đúng"),
    Key("to", TARGET, help="Bước tiếp theo"),
    Key("due", DUE, help="Thời hạn"),
    Key("reports", REPORTS, help="Trạng thái báo nơi gửi"),
    *(Key(name, later=True) for name in ("on_late", "stops_clock")),
)
_OUTCOMES = MapOf(Text("kết quả", max_length=40), ROUTE)
HUMAN = Object(
    "bước của người",
    (
        *_COMMON,
        Key("by", ROLE_REF, required=True, help="Vai trò thực hiện"),
        Key("form", FORM_REF, help="Biểu mẫu"),
        Key("actions", MapOf(ACTION_ID, ACTION, 1, MAX_ACTIONS), help="Thao tác"),
        Key("run", PLUGIN_REF, help="Phần mở rộng chạy khi người thực hiện xác nhận"),
        Key("with", Raw({"type": "object"}), help="Tham số của phần mở rộng"),
        Key("outcomes", _OUTCOMES, help="Hướng đi theo kết quả"),
        *(Key(name, later=True) for name in ("not_by", "verbs")),
    ),
    needs=(("with", "run"), ("outcomes", "run")),
)
SERVICE = Object(
    "bước của máy",
    (
        *_COMMON,
        Key("run", PLUGIN_REF, required=True, help="Phần mở rộng"),
        Key("with", Raw({"type": "object"}), help="Tham số của phần mở rộng"),
        Key("outcomes", _OUTCOMES, help="Hướng đi theo kết quả"),
    ),
)
CASE = Object(
    "trường hợp",
    (
        Key("when", EXPRESSION, help="Điều kiện"),
        Key("to", TARGET, help="Đi tới bước"),
        Key("else", TARGET, help="Mọi trường hợp còn lại"),
    ),
    one_of=("when", "else"),
    excluding=(("to", "else"),),
    needs=(("when", "to"),),
)
CHOOSE = Object(
    "bước rẽ nhánh",
    (
        *_HEAD,
        Key("choose", ListOf(CASE, minimum=1, maximum=100), required=True, help="Các trường hợp"),
    ),
)
END = Object(
    "kết thúc",
    (
        Key("end", LOCAL_ID, required=True, help="Kết quả của hồ sơ"),
        Key("id", LOCAL_ID, help="Mã, nếu khác kết quả"),
        *_HEAD[1:],
        Key("reports", STATUS, help="Trạng thái báo nơi gửi"),
    ),
)
STEP = OneKindOf(
    "bước",
    {"by": HUMAN, "run": SERVICE, "choose": CHOOSE, "end": END},
    later=frozenset({"parallel", "each", "call", "wait"}),
)
FLOW = Object(
    "quy trình",
    (
        Key("quytrinh", Choice(("1",), code="F010"), required=True, help="Phiên bản ngôn ngữ"),
        Key("flow", FLOW_ID, required=True, help="Mã quy trình"),
        Key("name", NAME, required=True, help="Tên quy trình"),
        Key("help", HELP, help="Lời hướng dẫn"),
        Key("document", Choice(("outgoing", "incoming", "internal")), help="Loại văn bản chính"),
        Key("basis", ListOf(PACK_ID, single=True), help="Quy chế phải theo"),
        Key("cite", CITE, help="Căn cứ"),
        Key("roles", MapOf(LOCAL_ID, ROLE, 1), help="Vai trò, theo thứ tự vẽ"),
        Key("start", ListOf(START, single=True, minimum=1), help="Cách khởi tạo"),
        Key("due", DUE, help="Thời hạn của cả hồ sơ"),
        Key(
            "steps",
            ListOf(STEP, minimum=1, maximum=MAX_STEPS, empty_code="F008"),
            required=True,
            help="Các bước, đọc từ trên xuống",
        ),
        *(Key(name, later=True) for name in ("documents", "verbs", "settings")),
    ),
)
