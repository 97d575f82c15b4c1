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
AGENCY_KEY = Text("mã của cơ quan", r"[a-z][a-z0-9-]{0,63}", "F011", 64, settable=True)
NAME = Text("tên", max_length=200)
HELP = Text("lời hướng dẫn", max_length=4000)
# References are checked by their own rules (F101, F102, F104 …): any word will do here.
ROLE_REF = Text("mã vai trò", max_length=64)
TARGET = Text("mã bước, `next` hoặc `join`", max_length=64)
FORM_REF = Text("mã biểu mẫu", max_length=64)
FIELD_REF = Text("mã trường", max_length=64)
PLUGIN_REF = Text("tên phần mở rộng", max_length=100)
EXPRESSION = Text("biểu thức", max_length=1000)
CITE = ListOf(Text("điều khoản, ví dụ `6.2.a`", numeric=True, max_length=100), single=True)
WORDS_OF_TIME = ("immediate", "same_day", "next_working_morning", "next_working_day")
PERIOD_PATTERN = r"[1-9][0-9]{0,3}[mhdwy]"
WHEN_PATTERN = rf"[1-9][0-9]{{0,3}}[mhd]|{'|'.join(WORDS_OF_TIME)}"
WHEN = Text("thời hạn", WHEN_PATTERN, "F501", 40, by_rule=True, settable=True)
PERIOD = Text("khoảng thời gian", PERIOD_PATTERN, "F501", 40, by_rule=True, settable=True)
URGENCIES = ("urgent", "very_urgent", "flash")
CALENDARS = ("working", "reception", "natural")
COMMENTS = ("none", "optional", "required")
# What may come in and begin a case, besides the events of plugins; `call` = another procedure.
CALL_EVENT = "call"
EVENTS = (
    "exchange.received",
    "exchange.recall",
    "exchange.update",
    "exchange.replace",
    "mail.received",
    CALL_EVENT,
)
# Business statuses of the exchange of documents between agencies.
STATUSES = ("01", "02", "03", "04", "05", "06", "13", "15", "16")
STATUS = Text("mã trạng thái", "|".join(STATUSES), max_length=40, by_rule=True)

REMINDER = Object(
    "nhắc trước hạn",
    (
        Key("before", PERIOD, required=True, help="Trước hạn bao lâu"),
        Key("to", ROLE_REF, help="Nhắc ai; mặc định là người đang giữ việc"),
    ),
    main="before",
)
ESCALATION = Object(
    "báo khi quá hạn",
    (
        Key("to", ROLE_REF, required=True, help="Báo ai"),
        Key("after", PERIOD, help="Sau khi quá hạn bao lâu; mặc định là ngay"),
    ),
    main="to",
)
DUE = Object(
    "thời hạn",
    (
        Key("in", WHEN, help="Trong bao lâu: 30m, 4h, 2d, same_day …"),
        Key("at", EXPRESSION, help="Đúng thời điểm này"),
        Key(
            "by_urgency",
            Object("thời hạn theo độ khẩn", tuple(Key(level, WHEN) for level in URGENCIES)),
            help="Thay `in` theo độ khẩn",
        ),
        Key("from", EXPRESSION, help="Tính từ thời điểm này; mặc định là khi việc được giao"),
        Key("calendar", Text("tên lịch", max_length=64), help="working, reception hoặc natural"),
        Key("remind", ListOf(REMINDER, single=True, minimum=1), help="Nhắc trước hạn"),
        Key("escalate", ListOf(ESCALATION, single=True, minimum=1), help="Báo khi quá hạn"),
        Key("cite", CITE, help="Căn cứ"),
    ),
    main="in",
    one_of=("in", "at"),
    needs=(("by_urgency", "in"),),
)
VERBS = (
    "claim",
    "release",
    "reassign",
    "return",
    "recall",
    "consult",
    "add_handler",
    "release_handler",
    "suspend",
    "extend",
    "urge",
    "note",
    "cancel",
    "reopen",
)
VERB_RULE = Object(
    "thao tác chung",
    (
        Key("allowed", Truth(), help="false: không cho dùng"),
        Key("by", ListOf(ROLE_REF, single=True, minimum=1), help="Chỉ những vai trò này"),
        Key("at_most", Whole(1, settable=True), help="Số lần tối đa trong một hồ sơ"),
        Key("comment", Choice(COMMENTS), help="Ý kiến"),
        Key("max", PERIOD, help="`extend`: gia hạn tối đa bao lâu"),
        Key("stops_clock", Truth(), help="`suspend`: dừng cả thời hạn của hồ sơ"),
    ),
    main="allowed",
)
# Names are checked by a rule of the compiler (F112), which can say which verb has which option.
VERB_RULES = MapOf(Text("thao tác chung", max_length=40), VERB_RULE, 1)
_ROUTE_KEYS = (
    Key("to", TARGET, help="Đi tới bước"),
    Key("return_to", TARGET, help="Trả lại bước"),
    Key("then", Choice(("onwards", "back_here")), help="Sau khi làm lại: đi tiếp hay về đây"),
    Key("at_most", Whole(1, settable=True), help="Số lần tối đa trong một hồ sơ"),
)
_ROUTE_EXCLUDING = (("to", "return_to"),)
_ROUTE_NEEDS = (("then", "return_to"),)
ROUTE = Object("hướng đi", _ROUTE_KEYS, main="to", excluding=_ROUTE_EXCLUDING, needs=_ROUTE_NEEDS)
_WITH = Key("with", Raw({"type": "object"}), help="Tham số của phần mở rộng")
ON_LATE = Object(
    "khi quá hạn",
    (
        Key("action", Text("mã thao tác", max_length=64), help="Tự làm thao tác này"),
        Key("run", PLUGIN_REF, help="Chạy thêm phần mở rộng, việc vẫn còn đó"),
        _WITH,
        Key("to", TARGET, help="Đi tới bước"),
        Key("return_to", TARGET, help="Trả lại bước"),
        Key("then", Choice(("onwards", "back_here")), help="Sau khi làm lại: đi tiếp hay về đây"),
    ),
    one_of=("action", "run", "to", "return_to"),
    needs=(("with", "run"), ("then", "return_to")),
)
SETTING_TYPES = ("when", "period", "number", "boolean", "text", "choice", "position", "units")
SETTING = Object(
    "tham số",
    (
        Key("name", NAME, required=True, help="Tên hiển thị"),
        Key("type", Choice(SETTING_TYPES), required=True, help="Kiểu giá trị"),
        Key(
            "default",
            ListOf(Text("giá trị", numeric=True, truth=True), single=True, minimum=1),
            required=True,
            help="Giá trị khi cơ quan không đặt",
        ),
        Key(
            "choices",
            ListOf(Text("giá trị", numeric=True, max_length=200), minimum=2, maximum=100),
            help="Các giá trị của kiểu `choice`",
        ),
    ),
)
SLOT = Object(
    "ngăn văn bản",
    (
        Key("name", NAME, required=True, help="Tên hiển thị"),
        Key("kind", Choice(("outgoing", "incoming", "internal")), help="Loại văn bản"),
        Key("many", Truth(), help="true: chứa nhiều văn bản"),
    ),
    main="name",
)
PERIODS_OF_YEAR = ("day", "week", "month", "quarter", "half_year", "year")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_PATTERN = rf"{'|'.join(WEEKDAYS)}|[1-9]|[12][0-9]|3[01]|first_working|last_working"
HOUR_PATTERN = r"([01][0-9]|2[0-3]):[0-5][0-9]"
SCHEDULE = Object(
    "lịch khởi tạo",
    (
        Key("every", Choice(PERIODS_OF_YEAR), required=True, help="Mỗi kỳ một lần"),
        Key("day", Text("ngày trong kỳ", DAY_PATTERN, max_length=20, numeric=True), help="Ngày"),
        Key("before", PERIOD, help="Trước ngày đó bao lâu"),
        Key("at", Text("giờ", HOUR_PATTERN, max_length=5), help="Giờ, ví dụ 07:30"),
    ),
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
        Key("in_charge_of", EXPRESSION, help="Lãnh đạo phụ trách lĩnh vực"),
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
        Key("assign", Choice(("claim", "least_busy")), help="Cách giao khi nhiều người nhận được"),
    ),
)
START = Object(
    "khởi tạo",
    (
        Key("by", ROLE_REF, help="Vai trò được khởi tạo"),
        Key("form", FORM_REF, help="Biểu mẫu điền khi khởi tạo"),
        Key("event", Text("sự kiện", max_length=64), help="Gói tin đến khởi tạo hồ sơ"),
        Key("when", EXPRESSION, help="Chỉ những gói tin thỏa điều kiện"),
        Key("schedule", SCHEDULE, help="Đến ngày thì khởi tạo"),
    ),
    one_of=("by", "event", "schedule"),
    needs=(("when", "event"),),
)
REPORTS = Object(
    "báo trạng thái",
    (
        Key("done", STATUS, help="Báo nơi gửi khi bước này làm xong"),
        Key("enter", STATUS, help="Báo nơi gửi khi hồ sơ tới bước này"),
    ),
    main="done",
)
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
        _WITH,
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
    Key("on_late", ON_LATE, help="Quá hạn thì làm gì"),
)
_REPORTING = Key("reports", REPORTS, help="Trạng thái báo nơi gửi")
_STOPPING = Key("stops_clock", Truth(), help="Thời hạn của hồ sơ dừng khi bước này đang mở")
_OUTCOMES = MapOf(Text("kết quả", max_length=40), ROUTE)
HUMAN = Object(
    "bước của người",
    (
        *_COMMON,
        _REPORTING,
        _STOPPING,
        Key("by", ROLE_REF, required=True, help="Vai trò thực hiện"),
        Key("form", FORM_REF, help="Biểu mẫu"),
        Key("actions", MapOf(ACTION_ID, ACTION, 1, MAX_ACTIONS), help="Thao tác"),
        Key("run", PLUGIN_REF, help="Phần mở rộng chạy khi người thực hiện xác nhận"),
        _WITH,
        Key("outcomes", _OUTCOMES, help="Hướng đi theo kết quả"),
        Key("not_by", ListOf(TARGET, single=True, minimum=1), help="Không phải người đã làm bước"),
        Key("verbs", VERB_RULES, help="Bớt hoặc giới hạn thao tác chung"),
    ),
    needs=(("with", "run"), ("outcomes", "run")),
)
SERVICE = Object(
    "bước của máy",
    (
        *_COMMON,
        _REPORTING,
        _STOPPING,
        Key("run", PLUGIN_REF, required=True, help="Phần mở rộng"),
        _WITH,
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
_STEP_KINDS: dict[str, Object] = {"by": HUMAN, "run": SERVICE, "choose": CHOOSE, "end": END}
STEP = OneKindOf(
    "bước", "step", _STEP_KINDS, together={("by", "run"): "by", ("by", "call"): "call"}
)
STEPS = ListOf(STEP, minimum=1, maximum=MAX_STEPS, empty_code="F008")
JOIN = Object(
    "cách kết thúc khối",
    (
        Key("kind", Choice(("all", "any", "lead")), help="all, any hoặc lead"),
        Key("when", EXPRESSION, help="Xong khi điều kiện đúng"),
    ),
    main="kind",
    one_of=("kind", "when"),
)
BRANCH = Object(
    "nhánh",
    (
        Key("name", NAME, help="Tên nhánh"),
        Key("when", EXPRESSION, help="Chỉ có nhánh này khi điều kiện đúng"),
        Key("steps", STEPS, required=True, help="Các bước của nhánh"),
    ),
)
PARALLEL = Object(
    "bước song song",
    (
        *_COMMON,
        Key("parallel", MapOf(LOCAL_ID, BRANCH, maximum=50), required=True, help="Các nhánh"),
        Key("join", JOIN, required=True, help="Khi nào coi là xong"),
    ),
)
MEMBERS = Object(
    "thành viên",
    (
        Key("list", EXPRESSION, help="Danh sách đơn vị, người hoặc cơ quan"),
        Key("role", ROLE_REF, help="Mỗi người giữ vai trò này"),
        Key("units", ListOf(AGENCY_KEY, single=True, minimum=1), help="Các đơn vị này"),
    ),
    main="list",
    one_of=("list", "role", "units"),
)
EACH = Object(
    "bước cho từng thành viên",
    (
        *_COMMON,
        Key("each", MEMBERS, required=True, help="Cho từng ai"),
        Key("lead", EXPRESSION, help="Ai chủ trì"),
        Key("join", JOIN, required=True, help="Khi nào coi là xong"),
        Key("steps", STEPS, required=True, help="Các bước của mỗi thành viên"),
        Key("verbs", VERB_RULES, help="Bớt hoặc giới hạn thao tác chung"),
    ),
)
CALL_INPUTS = Object(
    "đầu vào của quy trình con",
    (
        Key("documents", MapOf(Text("ngăn văn bản", max_length=40), FIELD_REF), help="Văn bản"),
        Key("fields", MapOf(Text("trường", max_length=40), EXPRESSION), help="Giá trị"),
    ),
)
CALL = Object(
    "bước gọi quy trình khác",
    (
        *_COMMON,
        _REPORTING,
        _STOPPING,
        Key("call", Text("mã quy trình", max_length=64), required=True, help="Quy trình được gọi"),
        Key("by", ROLE_REF, help="Ai đứng tên khởi tạo"),
        Key("with", CALL_INPUTS, help="Đầu vào"),
        Key("outcomes", _OUTCOMES, help="Hướng đi theo kết quả"),
    ),
)
WAIT_FOR = Object(
    "điều chờ đợi",
    (
        Key("for", PERIOD, help="Chờ bao lâu"),
        Key("until", EXPRESSION, help="Chờ tới thời điểm này"),
        Key(
            "event",
            ListOf(Text("sự kiện", max_length=64), single=True, minimum=1),
            help="Chờ sự kiện",
        ),
        Key("when", EXPRESSION, help="Chỉ sự kiện thỏa điều kiện"),
        Key("calendar", Text("tên lịch", max_length=64), help="Lịch để tính `for`"),
    ),
    excluding=(("for", "until"),),
    needs=(("when", "event"), ("calendar", "for")),
    any_of=("for", "until", "event"),
)
WAIT = Object(
    "bước chờ",
    (
        *_HEAD,
        Key("when", EXPRESSION, help="Chỉ làm bước này khi điều kiện đúng"),
        Key("to", TARGET, help="Bước tiếp theo"),
        _REPORTING,
        _STOPPING,
        Key("wait", WAIT_FOR, required=True, help="Chờ gì"),
        Key("outcomes", _OUTCOMES, help="Hướng đi theo điều xảy ra trước"),
    ),
)
_STEP_KINDS |= {"parallel": PARALLEL, "each": EACH, "call": CALL, "wait": WAIT}
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
        Key("documents", MapOf(LOCAL_ID, SLOT, 1, 50), help="Ngăn văn bản thêm"),
        Key("due", DUE, help="Thời hạn của cả hồ sơ"),
        Key("on_late", ON_LATE, help="Cả hồ sơ quá hạn thì chạy thêm gì"),
        Key("verbs", VERB_RULES, help="Bớt hoặc giới hạn thao tác chung ở mọi bước"),
        Key("settings", MapOf(LOCAL_ID, SETTING, 1, 50), help="Tham số do cơ quan đặt"),
        Key("steps", STEPS, required=True, help="Các bước, đọc từ trên xuống"),
    ),
)
