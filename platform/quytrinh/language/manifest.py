"""The two files of an agency: `tenant.yaml` (what it is) and `organization.yaml` (who is in it)."""

from __future__ import annotations

from dataclasses import dataclass, field

from quytrinh.language.diagnostics import Diagnostic, Span, did_you_mean, error, finish
from quytrinh.language.kinds import Choice, Key, ListOf, MapOf, Object, OneKindOf, Text, Truth
from quytrinh.language.schema import LOCAL_ID
from quytrinh.language.shaping import Items, Pairs, Record, Shaped, Shaper
from quytrinh.language.source import Word, read_source

KEY = Text("mã", r"[a-z][a-z0-9-]{0,63}", "F006", 64)
SLUG = Text("mã cơ quan", r"[a-z][a-z0-9-]{0,62}", "F006", 63)
LOGIN = Text("tên đăng nhập", r"[a-z0-9][a-z0-9._@-]{0,63}", "F011", 64)
HOST = Text("tên máy chủ", r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", "F011", 253)
NAME = Text("tên", max_length=200)
CODE = Text("mã định danh", r"[A-Z0-9]+(\.[A-Z0-9]+)*", "F011", 35)
MARK = Text("dấu hoặc độ mật", max_length=100)
FIELD = Text("lĩnh vực", max_length=100)
_VERSION = Key("quytrinh", Choice(("1",), code="F010"), required=True, help="Phiên bản ngôn ngữ")

# Only these places, and always the number: everything else of it is the agency's own.
PATTERN = Text(
    "mẫu số, ký hiệu",
    r"(?:[^{}]|\{(?:year|type|agency|unit)\})*\{number\}(?:[^{}]|\{(?:year|type|agency|unit)\})*",
    max_length=100,
)
SYMBOL = Text("chữ viết tắt", r"[A-ZĐ][A-Za-zĐđ0-9&.-]{0,29}", max_length=30)
REGISTER = Object(
    "sổ đăng ký văn bản",
    (
        Key("name", NAME, required=True, help="Tên sổ"),
        Key("book", Choice(("incoming", "outgoing")), required=True, help="Văn bản đến hay đi"),
        Key("pattern", PATTERN, help="Cách viết số, ký hiệu: {number}/{type}-{agency}"),
        Key("pattern_untyped", PATTERN, help="Như trên, của công văn: {number}/{agency}-{unit}"),
        Key("agency", SYMBOL, help="Chữ viết tắt tên cơ quan"),
        Key("units", MapOf(KEY, SYMBOL), help="Chữ viết tắt tên đơn vị soạn thảo"),
    ),
)
FLOW_SETTINGS = MapOf(
    LOCAL_ID, ListOf(Text("giá trị", numeric=True, truth=True), single=True, minimum=1), 1, 50
)
TENANT = Object(
    "cơ quan",
    (
        _VERSION,
        Key("tenant", SLUG, required=True, help="Mã cơ quan"),
        Key("name", NAME, required=True, help="Tên cơ quan"),
        Key("parent", SLUG, help="Mã cơ quan cấp trên"),
        Key("hosts", ListOf(HOST, maximum=50), help="Tên máy chủ phục vụ cơ quan"),
        Key("demo", Truth(), help="Cơ quan trình diễn"),
        Key("adopts", MapOf(KEY, KEY, maximum=500), help="Mã ở cơ quan: mã quy trình mẫu"),
        Key("codes", ListOf(CODE, maximum=20), help="Mã định danh, mã đang dùng ghi sau cùng"),
        Key("excludes", MapOf(MARK, NAME), help="Dấu không được đưa lên hệ thống, và căn cứ"),
        Key("registers", MapOf(KEY, REGISTER), help="Sổ đăng ký văn bản"),
        Key("settings", MapOf(KEY, FLOW_SETTINGS), help="Giá trị tham số của từng quy trình"),
    ),
)
_POST = Object(
    "chức vụ kiêm giữ",
    (
        Key("unit", KEY, required=True, help="Mã đơn vị"),
        Key("position", KEY, required=True, help="Mã chức vụ"),
        Key("head", Truth(), help="Đứng đầu đơn vị này"),
        Key("fields", ListOf(FIELD, maximum=50), help="Lĩnh vực phụ trách"),
    ),
)
ORGANIZATION = Object(
    "tổ chức của cơ quan",
    (
        _VERSION,
        Key("organization", SLUG, required=True, help="Mã cơ quan"),
        Key(
            "units",
            MapOf(
                KEY,
                Object("đơn vị", (Key("name", NAME, required=True), Key("parent", KEY)), "name"),
            ),
            required=True,
            help="Đơn vị, theo thứ tự hiển thị",
        ),
        Key(
            "positions",
            MapOf(KEY, Object("chức vụ", (Key("name", NAME, required=True),), "name")),
            required=True,
            help="Chức vụ, theo thứ tự hiển thị",
        ),
        Key(
            "people",
            MapOf(
                LOGIN,
                Object(
                    "người",
                    (
                        Key("name", NAME, required=True),
                        Key("posts", ListOf(_POST, minimum=1), required=True),
                        Key("roles", ListOf(KEY)),
                    ),
                ),
            ),
            required=True,
            help="Người, theo tên đăng nhập",
        ),
    ),
)
MANIFEST = OneKindOf("tệp", "manifest", {"tenant": TENANT, "organization": ORGANIZATION})


@dataclass(frozen=True)
class RegisterDeclaration:
    key: str
    name: str
    book: str
    pattern: str = ""
    pattern_untyped: str = ""
    agency: str = ""
    units: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class SettingsDeclaration:
    """What the agency sets in one flow: setting -> texts."""

    flow: str
    values: tuple[tuple[str, tuple[str, ...]], ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Adoption:
    """A procedure of the library that the agency takes over under a key of its own."""

    key: str
    flow: str
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class TenantManifest:
    slug: str
    name: str
    parent: str | None = None
    hosts: tuple[str, ...] = ()
    demo: bool = False
    adopts: tuple[Adoption, ...] = ()
    codes: tuple[str, ...] = ()
    # Marks and the article of each.
    excludes: tuple[tuple[str, str], ...] = ()
    registers: tuple[RegisterDeclaration, ...] = ()
    settings: tuple[SettingsDeclaration, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)

    def settings_of(self, flow: str) -> dict[str, tuple[str, ...]]:
        """What the agency sets in this flow."""
        return {
            name: texts
            for each in self.settings
            if each.flow == flow
            for name, texts in each.values
        }


@dataclass(frozen=True)
class UnitEntry:
    key: str
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class PositionEntry:
    key: str
    name: str


@dataclass(frozen=True)
class PostEntry:
    unit: str
    position: str
    head: bool = False
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class PersonEntry:
    login: str
    name: str
    posts: tuple[PostEntry, ...]
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrganizationManifest:
    slug: str
    units: tuple[UnitEntry, ...]
    positions: tuple[PositionEntry, ...]
    people: tuple[PersonEntry, ...]
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class ManifestResult:
    """`manifest` is None when an error makes it unusable."""

    manifest: TenantManifest | OrganizationManifest | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        return self.manifest is not None and not any(each.is_error for each in self.diagnostics)


def check_manifest(text: str | bytes, file: str) -> ManifestResult:
    """Check a `tenant.yaml` or an `organization.yaml`; the kind is told by its key."""
    source = read_source(text, file=file)
    diagnostics = list(source.diagnostics)
    manifest: TenantManifest | OrganizationManifest | None = None
    if source.root is not None:
        shaper = Shaper()
        shaped = shaper.shape(source.root, MANIFEST)
        diagnostics += shaper.diagnostics
        if isinstance(shaped, Record) and not shaper.broken:
            if shaped.label == TENANT.label:
                diagnostics += _registers_without_pattern(shaped)
                manifest = _tenant(shaped)
            else:
                diagnostics += _unknown_names(shaped)
                manifest = _organization(shaped)
    found = finish(diagnostics, source.text)
    return ManifestResult(None if any(each.is_error for each in found) else manifest, found)


def _tenant(record: Record) -> TenantManifest:
    parent = record.maybe("parent")
    demo = record.maybe("demo")
    return TenantManifest(
        slug=record.word("tenant").text,
        name=record.word("name").text,
        parent=parent.text if parent else None,
        hosts=tuple(word.text for word in record.words("hosts")),
        demo=demo is not None and demo.text == "true",
        adopts=tuple(
            Adoption(key.text, flow.text, flow.span) for key, flow in record.word_pairs("adopts")
        ),
        codes=tuple(word.text for word in record.words("codes")),
        excludes=tuple((mark.text, by.text) for mark, by in record.word_pairs("excludes")),
        registers=tuple(_register(key, each) for key, each in record.record_pairs("registers")),
        settings=tuple(_settings(key, each) for key, each in record.pairs("settings")),
        span=record.span,
    )


def _settings(flow: Word, values: Shaped) -> SettingsDeclaration:
    pairs = values.pairs if isinstance(values, Pairs) else ()
    read = tuple((name.text, _texts(each)) for name, each in pairs)
    return SettingsDeclaration(flow.text, read, flow.span)


def _texts(value: Shaped) -> tuple[str, ...]:
    items = value.items if isinstance(value, Items) else ()
    return tuple(item.text for item in items if isinstance(item, Word))


def _register(key: Word, record: Record) -> RegisterDeclaration:
    def text(name: str) -> str:
        word = record.maybe(name)
        return word.text if word else ""

    return RegisterDeclaration(
        key=key.text,
        name=text("name"),
        book=text("book"),
        pattern=text("pattern"),
        pattern_untyped=text("pattern_untyped"),
        agency=text("agency"),
        units=tuple((unit.text, symbol.text) for unit, symbol in record.word_pairs("units")),
    )


def _registers_without_pattern(record: Record) -> list[Diagnostic]:
    """A number that goes out is written somehow."""
    message = "Thiếu mục bắt buộc `pattern` (sổ văn bản đi)"
    return [
        error("F003", key.span, message, 'ví dụ `pattern: "{number}/{type}-{agency}"`')
        for key, register in record.record_pairs("registers")
        if register.word("book").text == "outgoing" and register.maybe("pattern") is None
    ]


def _organization(record: Record) -> OrganizationManifest:
    return OrganizationManifest(
        slug=record.word("organization").text,
        units=tuple(_unit(key, unit) for key, unit in record.record_pairs("units")),
        positions=tuple(
            PositionEntry(key.text, position.word("name").text)
            for key, position in record.record_pairs("positions")
        ),
        people=tuple(_person(login, person) for login, person in record.record_pairs("people")),
        span=record.span,
    )


def _unit(key: Word, record: Record) -> UnitEntry:
    parent = record.maybe("parent")
    return UnitEntry(key.text, record.word("name").text, parent.text if parent else None)


def _person(login: Word, record: Record) -> PersonEntry:
    return PersonEntry(
        login=login.text,
        name=record.word("name").text,
        posts=tuple(_post(post) for post in record.records("posts")),
        roles=tuple(word.text for word in record.words("roles")),
    )


def _post(record: Record) -> PostEntry:
    head = record.maybe("head")
    return PostEntry(
        unit=record.word("unit").text,
        position=record.word("position").text,
        head=head is not None and head.text == "true",
        fields=tuple(word.text for word in record.words("fields")),
    )


def _unknown_names(record: Record) -> list[Diagnostic]:
    """Units and positions that posts and parents name must be in the file."""
    units = {key.text: unit for key, unit in record.record_pairs("units")}
    positions = [key.text for key, _ in record.record_pairs("positions")]
    found: list[Diagnostic] = []
    for unit in units.values():
        if parent := unit.maybe("parent"):
            found += _unknown(parent, list(units), "đơn vị")
    for _, person in record.record_pairs("people"):
        for post in person.records("posts"):
            found += _unknown(post.word("unit"), list(units), "đơn vị")
            found += _unknown(post.word("position"), positions, "chức vụ")
    return found or _unit_cycles(units)


def _unknown(word: Word, known: list[str], label: str) -> list[Diagnostic]:
    if word.text in known:
        return []
    message = f"Giá trị `{word.text}` không thuộc các {label} của tệp này"
    return [error("F011", word.span, message, did_you_mean(word.text, known))]


def _unit_cycles(units: dict[str, Record]) -> list[Diagnostic]:
    """A unit cannot be above itself."""
    parents = {key: unit.maybe("parent") for key, unit in units.items()}
    for key in units:
        seen = {key}
        above = parents[key]
        while above is not None and above.text not in seen:
            seen.add(above.text)
            above = parents[above.text]
        if above is not None and above.text == key:
            message = f"Đơn vị `{key}` không thể ở trên chính mình"
            return [error("F011", above.span, message)]
    return []
