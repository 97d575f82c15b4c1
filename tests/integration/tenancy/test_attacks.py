"""What an attacker sends: each is refused in words, nothing breaks, nothing is half done."""

from __future__ import annotations

import base64
import json

import pytest
from django.conf import settings as installed
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from quytrinh.runtime.models import Case
from tests.support.agencies import FLOW, PEOPLE
from tests.support.pdf import pdf
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db
LOGIN = "/dang-nhap/"
SCRIPT = "<script>alert(1)</script>"
# What a database or a decoder may choke on.
POISON = {
    "NUL": "a\x00b",
    "surrogate": "a\ud800b",
    "long": "a" * 300_000,
    "script": SCRIPT,
}
poisoned = pytest.mark.parametrize("poison", POISON.values(), ids=POISON)


@pytest.fixture(autouse=True)
def no_failures_before() -> None:
    """Failed logins are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def password(agencies) -> str:
    """The password of a specialist of the first agency."""
    user = agencies.binh_thuan.user("chuyen-vien")
    user.set_password("mat-khau-thu-nghiem")
    user.save()
    return "mat-khau-thu-nghiem"


def login(client: Client, password: str, **more: str):
    """Log the specialist in by the page."""
    entered = {"username": "chuyen-vien.binh-thuan", "password": password, **more}
    return client.post(LOGIN, entered)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "http:///evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        " //evil.example/",
        "\t//evil.example/",
        "https:evil.example",
        "no-such-view",
        "accounts:logout",
        "/ho-so/\r\nX-Evil: 1",
    ],
)
def test_login_leads_to_no_other_site(agencies, password, target):
    answer = login(Client(raise_request_exception=False), password, next=target)
    assert answer.status_code == 302
    location = answer["Location"]
    assert location.startswith("/") and not location.startswith(("//", "/\\"))
    assert "X-Evil" not in answer.headers
    assert Client().get(LOGIN, {"next": target}).status_code == 200


def test_login_leads_where_one_wanted_to_go(agencies, password):
    assert login(Client(), password, next="/ho-so/?loc=x")["Location"] == "/ho-so/?loc=x"


@pytest.mark.parametrize(
    "url",
    [
        "/dang-nhap/",
        "/dang-nhap/trinh-dien/",
        "/dang-xuat/",
        "/doi-co-quan/",
        f"/ho-so/moi/{FLOW}/",
        "/quy-trinh/ban-nhap/",
    ],
)
def test_form_of_another_site_is_refused(agencies, url):
    agency = agencies.binh_thuan
    client = agency.client("giam-doc", enforce_csrf_checks=True)
    form = {"_agency": agency.slug, "agency": "ha-tinh", "username": "giam-doc.ha-tinh"}
    before = dict(client.session)
    assert client.post(url, form).status_code == 403
    assert dict(client.session) == before


def test_api_by_session_asks_for_the_csrf_token(agencies):
    client = agencies.binh_thuan.client("chuyen-vien", enforce_csrf_checks=True)
    answer = client.post(reverse("api:cases"), {"flow": FLOW}, content_type="application/json")
    assert answer.status_code == 403
    with agencies.binh_thuan.at_work():
        assert not Case.objects.exists()


@pytest.mark.parametrize("by_api", [False, True])
def test_guessing_a_password_is_paused_for_whoever_guesses(agencies, password, by_api):
    def attempt(guess: str, address: str = "10.0.0.1", name: str = "chuyen-vien.binh-thuan") -> int:
        entered = {"username": name, "password": guess}
        if not by_api:
            return Client(REMOTE_ADDR=address).post(LOGIN, entered).status_code
        client = Client(REMOTE_ADDR=address)
        return client.post(reverse("api:login"), entered, "application/json").status_code

    wrong, right = (401, 200) if by_api else (422, 302)
    assert [attempt(f"đoán {turn}") for turn in range(10)] == [wrong] * 10
    assert attempt("đoán nữa") == 429
    assert attempt(password) == 429  # the right one is not confirmed either
    assert attempt(password, name="CHUYEN-VIEN.BINH-THUAN") == 429
    assert attempt(password, address="10.0.0.2") == right  # nobody locks a colleague out
    others = [attempt("đoán", name=f"ai-do-{turn}") for turn in range(45)]
    assert others.count(wrong) == 40
    assert others[40:] == [429] * 5


def test_one_click_entry_exists_in_a_demo_only(agencies, settings):
    entry = {"agency": "ha-tinh", "username": "giam-doc.ha-tinh"}
    assert Client().post("/dang-nhap/trinh-dien/", entry).status_code == 302
    settings.DEMO = False
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    assert client.post("/dang-nhap/trinh-dien/", entry).status_code == 404
    assert "_auth_user_id" not in client.session
    page = client.get("/").content.decode()
    assert "giam-doc" not in page
    assert "ha-tinh" not in page


@pytest.mark.parametrize(
    "entry",
    [
        {"agency": "binh-thuan", "username": "giam-doc.ha-tinh"},
        {"agency": "ha-tinh", "username": "khong-co"},
        {"agency": "", "username": ""},
        {},
    ],
)
def test_one_click_entry_is_for_people_of_the_agency(agencies, entry):
    assert Client().post("/dang-nhap/trinh-dien/", entry).status_code == 404


def test_one_click_entry_never_leads_to_a_user_outside_the_demo_agencies(agencies):
    from quytrinh.tenancy.models import User

    User.objects.create_superuser("root", password="x")
    for slug in ("binh-thuan", "ha-tinh"):
        entry = {"agency": slug, "username": "root"}
        assert Client().post("/dang-nhap/trinh-dien/", entry).status_code == 404


def test_login_begins_a_new_session(agencies, password):
    client = Client()
    client.get(LOGIN)
    client.session["planted"] = 1
    before = client.session.session_key
    login(client, password)
    assert client.session.session_key != before


@pytest.mark.parametrize("forged", [1, 2, 999, "2", None, -1, 2**70, "'; --", [1]])
def test_forged_agency_in_the_session_opens_only_ones_own(agencies, forged):
    agency = agencies.binh_thuan
    client = agency.client("giam-doc")
    session = client.session
    session["tenant_id"] = forged
    session.save()
    answer = client.get("/viec/")
    assert answer.status_code == 200
    assert answer.context["agency"] == agency.tenant


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost", "ha-tinh.localhost", "127.0.0.1:8000", "[::1]:80", "a..b", "x y",
     "evil.example@localhost", "x:1:2", "khong-co.localhost", "\x00"],
)  # fmt: skip
def test_no_host_name_opens_another_agency(agencies, host):
    client = agencies.binh_thuan.client("giam-doc", raise_request_exception=False)
    answer = client.get("/viec/", headers={"Host": host})
    assert answer.status_code in {200, 400, 403}
    if answer.status_code == 200:
        assert answer.context["agency"] == agencies.binh_thuan.tenant
    if answer.status_code == 302:
        assert "evil" not in answer["Location"]


@poisoned
@pytest.mark.parametrize("field", ["username", "password", "next"])
def test_login_takes_any_text(agencies, password, poison, field):
    client = Client(raise_request_exception=False)
    text = (
        poison.encode("utf-8", "surrogatepass").decode("latin-1") if "\ud800" in poison else poison
    )
    assert login(client, **{"password": password, field: text}).status_code in {302, 400, 422}
    entered = {"username": "x", "password": "x", field: poison}
    answer = client.post(reverse("api:login"), json.dumps(entered), "application/json")
    assert answer.status_code in {400, 401}


@poisoned
def test_demo_entry_takes_any_text(agencies, poison):
    if "\ud800" in poison:
        pytest.skip("a form cannot carry it")
    for field in ("agency", "username"):
        entry = {"agency": "ha-tinh", "username": "giam-doc.ha-tinh", field: poison}
        client = Client(raise_request_exception=False)
        assert client.post("/dang-nhap/trinh-dien/", entry).status_code in {400, 404}


@poisoned
@pytest.mark.parametrize("field", ["subject", "content", "urgency", "estimated_cost", "comment"])
def test_form_takes_any_text(agencies, poison, field):
    if "\ud800" in poison:
        pytest.skip("a form cannot carry it")
    agency = agencies.binh_thuan
    client = agency.client("chuyen-vien", raise_request_exception=False)
    form = {"_agency": agency.slug, "action": "submit", "subject": "x", "content": "y"}
    answer = client.post(f"/ho-so/moi/{FLOW}/", {**form, "urgency": "normal", field: poison})
    assert answer.status_code in {302, 400, 422}
    if answer.status_code == 302:
        page = client.get(answer["Location"]).content.decode()
        assert SCRIPT not in page


@poisoned
@pytest.mark.parametrize("url", ["/viec/", "/ho-so/", "/quy-trinh/ban-nhap/", "/api/v1/inbox"])
def test_query_takes_any_text(agencies, poison, url):
    client = agencies.binh_thuan.client("giam-doc", raise_request_exception=False)
    text = poison[:2000].encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    for name in ("loc", "sau", "tu", "quy-trinh", "cursor", "limit", "next"):
        assert client.get(url, {name: text, "tu": "1"}).status_code in {200, 400, 404}


@pytest.mark.parametrize(
    "place", ["abc", "p=abc", "p=9999-99-99", "p=2026-01-01+x", "o=-1", "\x00"]
)
def test_cursor_of_nonsense_is_no_error_of_ours(agencies, place):
    client = agencies.binh_thuan.client("giam-doc", raise_request_exception=False)
    cursor = base64.b64encode(place.encode()).decode()
    assert client.get(reverse("api:inbox"), {"cursor": cursor}).status_code in {200, 400, 404}


@poisoned
@pytest.mark.parametrize("field", ["subject", "content", "urgency", "estimated_cost", "creator_id"])
def test_api_takes_any_text(agencies, poison, field):
    agency = agencies.binh_thuan
    _case, task = agency.new_case(values={})
    client = agency.client("chuyen-vien", raise_request_exception=False)
    values = {"subject": "x", "content": "y", "urgency": "normal", field: poison}
    for url, body in (
        (reverse("api:cases"), {"flow": FLOW, "values": values}),
        (reverse("api:cases"), {"flow": poison, "values": {}}),
        (reverse("api:perform", args=[task.pk, "submit"]), {"values": {}, "comment": poison}),
        (reverse("api:perform", args=[task.pk, "submit"]), {"values": values}),
    ):
        answer = client.post(url, json.dumps(body), "application/json")
        assert answer.status_code < 500


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000, b'{"values":' * 5_000, b"NaN",
     b'{"flow": "phieu-trinh", "values": [1]}', b'{"flow": "phieu-trinh", "values": NaN}',
     b'{"flow": "phieu-trinh", "values": {"estimated_cost": 1e999}}',
     b'{"flow": "phieu-trinh", "values": {"estimated_cost": ' + b"9" * 5_000 + b"}}",
     b'{"flow": ["phieu-trinh"]}', b'{"flow": {"a": 1}}'],
)  # fmt: skip
def test_api_takes_any_body(agencies, body):
    client = agencies.binh_thuan.client("chuyen-vien", raise_request_exception=False)
    answer = client.post(reverse("api:cases"), body, "application/json")
    assert answer.status_code < 500


@poisoned
def test_api_takes_any_text_as_multipart(agencies, poison):
    agency = agencies.binh_thuan
    _case, task = agency.new_case(values={})
    client = agency.client("chuyen-vien", raise_request_exception=False)
    url = reverse("api:perform", args=[task.pk, "submit"])
    values = json.dumps({"subject": poison, "content": "y", "urgency": "normal"})
    assert client.post(url, {"values": values}).status_code in {200, 400, 422}
    for constant in ("NaN", "Infinity", "[" * 50_000):
        assert client.post(url, {"values": f'{{"estimated_cost": {constant}}}'}).status_code < 500


def test_huge_json_is_refused(agencies):
    client = agencies.binh_thuan.client("chuyen-vien")
    body = json.dumps({"flow": FLOW, "values": {"content": "x" * 3_000_000}})
    assert client.post(reverse("api:cases"), body, "application/json").status_code == 400


def test_api_keeps_only_fields_of_the_form(agencies):
    agency, other = agencies
    mass = {
        "subject": "Mua máy in",
        "creator": str(other.person("giam-doc").id),
        "creator_id": str(other.person("giam-doc").id),
        "tenant_id": other.tenant.pk,
        "tenant": other.tenant.pk,
        "status": "DONE",
        "code": "HS-1",
        "unit_key": "ban-giam-doc",
        "unit": "ban-giam-doc",
        "steps": {"decide": {"action": "approve"}},
        "slots": {"main": ["x"]},
        "file": "x",
        "main": "x",
        "digest": "x",
        "revision": 99,
    }
    client = agency.client("chuyen-vien")
    answer = client.post(
        reverse("api:cases"), json.dumps({"flow": FLOW, "values": mass}), "application/json"
    )
    assert answer.status_code == 201
    with agency.at_work():
        case = Case.objects.get()
        assert case.creator_id == agency.person("chuyen-vien").id
        assert case.unit_key == "phong-nghiep-vu"
        assert (case.subject, case.fields, case.slots, case.steps) == ("Mua máy in", {}, {}, {})
        assert case.status != "DONE"
        assert case.code != "HS-1"
    task = agency.open_task(case)
    values = {**mass, "content": "y", "urgency": "normal"}
    answer = client.post(
        reverse("api:perform", args=[task.pk, "submit"]),
        json.dumps({"values": values, "actor": str(other.person("giam-doc").id)}),
        "application/json",
    )
    assert answer.status_code == 200
    with agency.at_work():
        case = Case.objects.get()
        assert set(case.fields) == {"content"}
        assert case.slots == {}
        assert set(case.steps) == {"draft"}


FLOW_WITH_SCRIPT = """\
quytrinh: 1
flow: doc-hai
name: "{script}"
help: "{script}"
document: internal
roles:
  drafter: {{name: "{script}", who: {{creator: true}}}}
start: {{by: drafter}}
steps:
  - id: draft
    name: "{script} & <b>x</b>"
    help: "{script}"
    by: drafter
    actions:
      submit: {{label: "{script}"}}
  - {{end: done, name: "{script}"}}
"""


def test_markup_in_a_procedure_is_text_everywhere(agencies):
    agency = agencies.binh_thuan
    client = agency.client("giam-doc")
    for script in (SCRIPT, "</svg><img src=x onerror=alert(1)>", "' onload='x"):
        source = FLOW_WITH_SCRIPT.format(script=script)
        answer = client.post("/quy-trinh/ban-nhap/", {"_agency": agency.slug, "source": source})
        assert answer.status_code == 302, answer.content.decode()
        draft = answer["Location"]
        decision = {"decision_number": script, "decision_date": "01/09/2026"}
        pages = [
            client.get(draft),
            client.post(
                f"{draft}ban-hanh/",
                {"_agency": agency.slug, **decision, "effective_from": "01/09/2026"},
                follow=True,
            ),
            client.get("/quy-trinh/doc-hai/"),
            client.get("/ho-so/moi/"),
            client.get("/ho-so/moi/doc-hai/"),
        ]
        begun = client.post(
            "/ho-so/moi/doc-hai/",
            {"_agency": agency.slug, "action": "submit", "comment": script},
            follow=True,
        )
        pages += [begun, client.get("/ho-so/"), client.get("/viec/"), client.get("/quy-trinh/")]
        for page in pages:
            assert page.status_code == 200
            text = page.content.decode()
            assert script not in text.replace("&#x27;", "")
            assert "<b>x</b>" not in text


@pytest.mark.parametrize("pasted", [True, False])
def test_huge_yaml_is_refused(agencies, pasted):
    agency = agencies.binh_thuan
    client = agency.client("giam-doc", raise_request_exception=False)
    source = "# x\n" * 300_000
    form = {"_agency": agency.slug}
    if pasted:
        form["source"] = source
    else:
        form["file"] = pdf_upload(source.encode(), name="x.yaml")
    answer = client.post("/quy-trinh/ban-nhap/", form)
    assert answer.status_code in {400, 413, 422}


@pytest.mark.parametrize(
    "source",
    [
        "a: &a [x]\nb: *a\n",
        "!!python/object/apply:os.system ['true']\n",
        "[" * 5_000,
        "a: " + "{b: " * 1_000,
        "\x00",
        "quytrinh: 1\nflow: ../../etc/passwd\n",
        "%YAML 9.9\n---\n",
        "? [a]\n: b\n",
        "quytrinh: " + "9" * 6_000,
        "- " * 40_000,
    ],
)
def test_hostile_yaml_is_told_in_words(agencies, source):
    agency = agencies.binh_thuan
    client = agency.client("giam-doc", raise_request_exception=False)
    for form in (
        {"source": source},
        {"file": pdf_upload(source.encode(), name="x.yaml")},
    ):
        answer = client.post("/quy-trinh/ban-nhap/", {"_agency": agency.slug, **form})
        assert answer.status_code == (400 if "\x00" in form.get("source", "") else 422)


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.pdf", "..\\..\\x.pdf", "/etc/x.pdf", "a\r\nX-Evil: 1.pdf", 'a";x=".pdf',
     f"{SCRIPT}.pdf", "." * 300, "a" * 500 + ".pdf"],
)  # fmt: skip
def test_file_name_is_only_a_name(agencies, name, tmp_path, settings):
    settings.MEDIA_ROOT, settings.CACHE_ROOT = tmp_path / "files", tmp_path / "cache"
    agency = agencies.binh_thuan
    client = agency.client("chuyen-vien")
    upload = pdf_upload(pdf("Hồ sơ"), name="x.pdf")
    upload._name = name  # what a hostile client sends, past the test client's own cleaning
    form = {"_agency": agency.slug, "action": "submit", "subject": "x", "content": "y"}
    answer = client.post(f"/ho-so/moi/{FLOW}/", {**form, "urgency": "normal", "file": upload})
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    assert SCRIPT not in page
    download = next(part for part in page.split('"') if part.endswith("/tai-ve/"))
    got = client.get(download)
    assert got.status_code == 200
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "X-Evil" not in got.headers
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert all(len(path.name) in {64, len(path.name)} and ".." not in path.parts for path in kept)


@pytest.mark.parametrize("who", [*PEOPLE, None])
def test_files_are_seen_by_those_who_see_the_case(neighbours, who):
    ours, theirs = neighbours.ours, neighbours.theirs
    urls = [
        reverse("documents:page", args=[theirs.file, 1]),
        reverse("documents:text", args=[theirs.file, 1]),
        reverse("documents:download", args=[theirs.file]),
    ]
    client = ours.agency.client(who) if who else Client()
    for url in urls:
        assert client.get(url).status_code == 404
        assert client.get(url + "?rong=99999").status_code == 404


def test_token_is_of_no_use_after_logout_or_leaving(agencies):
    agency = agencies.binh_thuan
    user = agency.user("chuyen-vien")
    _instance, token = AuthToken.objects.create(user)
    client = Client(headers={"Authorization": f"Token {token}"})
    assert client.get(reverse("api:inbox")).status_code == 200
    user.memberships.all().delete()
    assert client.get(reverse("api:inbox")).status_code == 403
    assert client.post(reverse("api:logout")).status_code == 204
    assert client.get(reverse("api:inbox")).status_code == 401


def test_logout_of_the_api_by_session_is_told_in_words(agencies):
    client = agencies.binh_thuan.client("chuyen-vien", raise_request_exception=False)
    assert client.post(reverse("api:logout")).status_code < 500


def test_pages_of_work_are_not_kept_by_browsers(agencies):
    client = agencies.binh_thuan.client("chuyen-vien")
    assert "no-store" in client.get("/viec/").get("Cache-Control", "")


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(agencies):
    client = Client()
    client.get(LOGIN)
    client.post("/dang-nhap/trinh-dien/", {"agency": "ha-tinh", "username": "giam-doc.ha-tinh"})
    for name in (installed.SESSION_COOKIE_NAME, installed.CSRF_COOKIE_NAME):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
