"""Vietnamese for everyone who did not choose English; English pages with no Vietnamese left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
import yaml
from django.test import Client

from quytrinh.administration.actions import DEMO_DECISION
from quytrinh.compiler.remarks import facts
from quytrinh.compiler.wording import describe
from quytrinh.runtime import drawing
from quytrinh.runtime.models import FlowVersion
from tests.support.agencies import FILLED, FLOW, TENANTS, Agencies, Agency

pytestmark = pytest.mark.django_db(transaction=True)
VIETNAMESE = re.compile("[À-ÖØ-ỹ]")
INITIALS = re.compile("[A-ZÀ-ỸĐ]{2}")
SHOWN_ATTRIBUTES = {"alt", "title", "aria-label", "placeholder", "data-label", "value"}
# The name of the platform, and of the other language in its own words.
NAMES = ("Quy Trình", "Tiếng Việt")
PAGES = (
    ("chuyen-vien", "/viec/"),
    ("chuyen-vien", "/ho-so/"),
    ("chuyen-vien", "/ho-so/moi/"),
    ("chuyen-vien", f"/ho-so/moi/{FLOW}/"),
    ("giam-doc", "/quy-trinh/"),
    ("giam-doc", f"/quy-trinh/{FLOW}/"),
    ("giam-doc", "/quy-trinh/ban-nhap/"),
    ("giam-doc", "/khong-co/"),
    ("van-thu", "/quy-trinh/"),
    ("chanh-van-phong", "/quan-tri/"),
    ("chanh-van-phong", "/quan-tri/chuc-vu/"),
    ("chanh-van-phong", "/quan-tri/nguoi/"),
)


class Texts(HTMLParser):
    """What a person sees or hears of a page; drawings and sources are data as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("svg", "textarea"):
            self.inside.append(tag)
        self.found += [value or "" for name, value in attrs if name in SHOWN_ATTRIBUTES]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.found.append(data)


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, dict):
        yield from (text for part in value.values() for text in texts_in(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in texts_in(part))
    elif isinstance(value, str):
        yield value


def data_of(agency: Agency) -> set[str]:
    """What the agency itself says; with what the language makes of it: always Vietnamese."""
    files = TENANTS.joinpath(agency.slug).rglob("*.yaml")
    library = (TENANTS.parent / "flows").glob("*.yaml")  # adopted: the agency's own words by now
    found = {
        text
        for file in (*files, *library)
        for text in texts_in(yaml.safe_load(file.read_text("utf-8")))
    }
    with agency.at_work():
        digests = FlowVersion.objects.in_force().values_list("definition_id", flat=True)
        known = [drawing.phrases(each) for each in digests]
    for phrases in known:
        found |= {text for fact in facts(phrases.plan, phrases) for text in (fact.label, fact.text)}
        for row in describe(phrases):
            found |= {row.who, row.due, row.condition, *row.citations, *row.remarks}
            for result in row.results:
                found |= {result.label, result.condition, *result.notes}
    return found | set(FILLED.values()) | {DEMO_DECISION, *NAMES}


def left_over(page: str, data: set[str]) -> list[str]:
    """The Vietnamese texts of a page that are not data."""
    reader = Texts()
    reader.feed(page)
    found = []
    for text in reader.found:
        rest = text
        for known in sorted(data, key=len, reverse=True):
            rest = rest.replace(known, "") if VIETNAMESE.search(known) else rest
        if VIETNAMESE.search(rest) and not INITIALS.fullmatch(rest.strip()):
            found.append(text.strip())
    return found


def in_english(client: Client) -> Client:
    """Have a browser's owner choose English."""
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def here(agencies: Agencies) -> Agency:
    return agencies.binh_thuan


def test_english_pages_have_no_vietnamese_but_data(here: Agency) -> None:
    data = data_of(here)
    case, task = here.new_case()
    pages = [*PAGES, ("chuyen-vien", f"/ho-so/{case.pk}/"), ("chuyen-vien", f"/viec/{task.pk}/")]
    found = {}
    for who, url in pages:
        answer = in_english(here.client(who)).get(url, follow=True)
        page = answer.content.decode()
        assert '<html lang="en">' in page, url
        found[url] = left_over(page, data)
    assert {url: texts for url, texts in found.items() if texts} == {}


def test_refusals_are_english_too(here: Agency) -> None:
    data = data_of(here)
    client = in_english(here.client("chuyen-vien"))
    posted = {**FILLED, "subject": "", "action": "submit", "_agency": here.slug}
    answer = client.post(f"/ho-so/moi/{FLOW}/", posted)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Required" in page
    assert left_over(page, data) == []


@pytest.mark.parametrize("url", ["/", "/dang-nhap/", "/khong-co/"])
def test_strangers_read_english_too(agencies: Agencies, url: str) -> None:
    data = set().union(*(data_of(agency) for agency in agencies))
    page = in_english(Client()).get(url).content.decode()
    assert '<html lang="en">' in page
    assert left_over(page, data) == []


def test_the_detector_sees_vietnamese(agencies: Agencies) -> None:
    page = Client().get("/dang-nhap/").content.decode()
    assert "Mật khẩu" in left_over(page, set(NAMES))


@pytest.mark.parametrize("wanted", ["vi", "en", "en-GB,en;q=0.9", "fr", "*", "%"])
def test_whoever_chose_nothing_reads_vietnamese_whatever_the_browser_says(
    db: None, wanted: str
) -> None:
    page = Client(headers={"Accept-Language": wanted}).get("/dang-nhap/").content.decode()
    assert '<html lang="vi">' in page
    assert "Mật khẩu" in page


def test_a_chosen_language_is_kept_and_one_comes_back_to_the_page(db: None) -> None:
    client = Client()
    answer = client.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/?next=/viec/"})
    assert answer["Location"] == "/dang-nhap/?next=/viec/"
    assert "Password" in client.get("/dang-nhap/").content.decode()
    client.post("/ngon-ngu/", {"language": "vi"})
    assert "Mật khẩu" in client.get("/dang-nhap/").content.decode()


def test_programs_ask_for_their_language_by_header(db: None) -> None:
    wrong = {"username": "ai-do", "password": "sai"}
    answer = Client(headers={"Accept-Language": "en"}).post(
        "/api/v1/login", wrong, content_type="application/json"
    )
    assert "password" in answer.json()["message"]


def test_the_choice_leads_to_no_other_site_and_needs_the_token(db: None) -> None:
    answer = Client().post("/ngon-ngu/", {"language": "en", "next": "https://example.org/"})
    assert answer["Location"] == "/"
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/ngon-ngu/", {"language": "en"}).status_code == 403
