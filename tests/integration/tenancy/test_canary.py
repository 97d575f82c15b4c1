"""Every page that people of one agency can reach: the other agency's word stands on none."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.support.agencies import PEOPLE
from tests.support.lives import Life

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""(?:href|src|action|data-[a-z-]+)=["']([^"'#]+)""")
FORM = re.compile(r"<form[^>]*method=.post.[^>]*>.*?</form>", re.S | re.I)
STARTS = ("/", "/viec/", "/ho-so/", "/ho-so/moi/", "/quy-trinh/", "/quan-tri/", "/khong-co/")
API = ("schema", "inbox", "flows")
# These carry no agency: they are about the user, not about the agency's work.
OF_THE_USER = {"accounts:login", "accounts:demo", "accounts:logout", "accounts:switch"}


def crawl(client: Client, life: Life) -> Iterator[tuple[str, bytes]]:
    """Yield the address and the bytes of every page that links lead to."""
    waiting = [*STARTS, *(reverse(f"api:{name}") for name in API)]
    waiting += [reverse("api:case", args=[life.case]), reverse("api:task", args=[life.open_task])]
    seen = set(waiting)
    while waiting:
        url = waiting.pop()
        answer = client.get(url, follow=True)
        assert answer.status_code in {200, 403, 404, 405}, f"{url}: {answer.status_code}"
        yield url, answer.content + repr(answer.headers).encode()
        if "html" in answer["Content-Type"]:
            for link in links(url, answer.content.decode()):
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)


def links(url: str, page: str) -> Iterator[str]:
    """Yield the addresses within the site that a page names, each without its fragment."""
    for found in LINK.findall(page):
        target = urlsplit(urljoin(url, html.unescape(found)))
        elsewhere = target.netloc or not target.path.startswith("/")
        if not elsewhere and not re.match("/static/|/dang-xuat/", target.path):
            yield target.path + (f"?{target.query}" if target.query else "")


@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_shows_the_other_agencys_word(neighbours, who):
    ours, theirs = neighbours.ours, neighbours.theirs
    pages = dict(crawl(ours.agency.client(who, raise_request_exception=False), ours))
    leaks = [url for url, content in pages.items() if theirs.word.encode() in content]
    assert not leaks
    assert len(pages) >= 12
    # our own word is found, so the crawl does reach what is confidential
    assert sum(ours.word.encode() in content for content in pages.values()) >= 3


@pytest.mark.parametrize("who", PEOPLE)
def test_every_form_says_for_which_agency_it_was_drawn(neighbours, who):
    ours = neighbours.ours
    of_the_user = {reverse(name) for name in OF_THE_USER}
    forms = [
        form
        for _url, content in crawl(ours.agency.client(who), ours)
        for form in FORM.findall(content.decode(errors="ignore"))
        if not any(f'action="{url}"' in form for url in of_the_user)
    ]
    wanted = f'name="_agency" value="{ours.agency.slug}"'
    assert forms
    assert not [form[:200] for form in forms if wanted not in form]
