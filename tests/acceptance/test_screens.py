"""Every page on a desk and on a phone, light and dark: it fits, its main action is in sight, axe
finds nothing, the strict CSP refuses nothing (conftest.no_complaints), and it weighs little."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.acceptance.conftest import DESKTOP, PHONE
from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.pdf import letter
from tests.support.people import (
    ADMINISTRATOR,
    CLERK,
    DIRECTOR,
    PASSWORD,
    RECEIVING_CLERK,
    SENDING_CLERK,
    SPECIALIST,
    THIRD_CLERK,
    UNIT_HEAD,
    DemoPerson,
)
from tests.support.site import Site
from tests.support.two_wordings import AFTER, BEFORE, FLOW, MAPPING, OPINIONS

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]
SIZES = {"desk": DESKTOP, "phone": PHONE}
PDF_FILE = ("to-trinh.pdf", letter(("Kính trình.",), ("Phụ lục",)), "application/pdf")
LONG = (
    "Đề nghị phê duyệt chủ trương sửa chữa, nâng cấp hệ thống cấp điện, cấp nước và phòng cháy "
    "chữa cháy của trụ sở làm việc năm 2026"
)
# Of every kind that is not a line of text.
PARAMETERS = """\
settings:
  within: {name: Thời hạn kiểm tra nội dung, type: when, default: 1d}
  offices: {name: Phòng tham gia, type: units, default: [van-phong]}
  signer: {name: Người ký thay, type: position, default: pho-giam-doc}
  must: {name: Bắt buộc thẩm tra, type: boolean, default: "true"}
roles:
"""
OF_COLOURS = ("color-contrast", "link-in-text-block")
WIDER_THAN_THE_WINDOW = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
)


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of a case that waits, a case that is closed, and their tasks."""

    waiting_case: str
    waiting_task: str
    deciding_task: str
    done_case: str
    sending_case: str
    received_case: str
    refused_case: str
    tampered_case: str
    asked_again: str
    dry_run: str
    migration: str


@pytest.fixture(scope="module")
def places(api: Api, site: Site) -> Places:
    """Cases at every stage, one of them with a long title; others of documents exchanged."""
    specialist, head, director, clerk = map(api, (SPECIALIST, UNIT_HEAD, DIRECTOR, CLERK))
    waiting, deciding, done = (
        specialist.submit(subject, files={"main": PDF_FILE}, urgency=urgency)
        for subject, urgency in ((LONG, "flash"), ("Mua bàn ghế", "urgent"), ("Xong", "normal"))
    )
    for case_id in (deciding, done):
        head.do(case_id, "approve")
    director.do(done, "approve", directive="Đồng ý.")
    clerk.do(done, "done", dossier="20/HS-2026")
    return Places(
        waiting_case=f"/ho-so/{waiting}/",
        waiting_task=f"/viec/{head.task_of(waiting)}/",
        deciding_task=f"/viec/{director.task_of(deciding)}/",
        done_case=f"/ho-so/{done}/",
        asked_again=asked_again(api),
        dry_run=f"/quy-trinh/{FLOW}/1/chuyen-ho-so/?buoc-review=examine",
        migration=migrated(api),
        **site.play("tests.support.scene"),
    )


def asked_again(api: Api) -> str:
    """A case whose members are asked a second time: the block was returned to."""
    director = api(DIRECTOR)
    director.promulgate(OPINIONS)
    entered = {"subject": LONG, "content": "Kính trình.", "urgency": "normal"}
    case_id = api(SPECIALIST).begin("xin-y-kien", "submit", **entered)
    api(UNIT_HEAD).do(case_id, "send", directive="Nhất trí với dự thảo.")
    director.do(case_id, "again", comment="Đề nghị hỏi lại về kinh phí thực hiện.")
    return f"/ho-so/{case_id}/"


def migrated(api: Api) -> str:
    """A migration of one of two cases; another is blocked as long as nothing is chosen."""
    director = api(DIRECTOR)
    director.promulgate(BEFORE)
    first, _second = (api(SPECIALIST).begin(FLOW, "submit") for _ in range(2))
    director.promulgate(AFTER)
    told = {"steps": MAPPING, "cases": [first]}
    answer = director.http.post(f"procedures/{FLOW}/1/migrations", json=told)
    assert answer.status_code == 202, answer.text
    return f"/quy-trinh/chuyen-ho-so/{answer.json()['id']}/"


Open = Callable[[Page, Places], Any]


def at(address: str) -> Open:
    """Open an address, the name of a place standing for its own."""
    return lambda page, places: page.goto(getattr(places, address, address))


def refused_start(page: Page, places: Places) -> None:
    """The form that begins a case, after it was refused."""
    page.goto("/ho-so/moi/phieu-trinh/")
    page.locator("[data-main]").click()
    expect(page.locator(".error-summary")).to_be_visible()


def refused_return(page: Page, places: Places) -> None:
    """A task whose return lacks its reason."""
    page.goto(places.waiting_task)
    page.get_by_role("button", name="Trả lại").click()
    expect(page.locator(".field-error")).to_be_visible()


def refused_recall(page: Page, places: Places) -> None:
    """A case whose sender was refused without a reason."""
    page.goto(places.received_case)
    page.get_by_role("button", name="Từ chối trả lại").click()
    expect(page.locator(".error-summary")).to_be_visible()


def of_another_agency(page: Page, places: Places) -> None:
    """The answer to a form that was drawn for another agency, with what was typed."""
    page.goto("/ho-so/moi/phieu-trinh/")
    page.get_by_label("Nội dung trình").fill(LONG)
    page.evaluate("document.querySelector('main [name=_agency]').value = 'ha-tinh'")
    page.locator("[data-main]").click()
    expect(page.get_by_text(LONG)).to_be_visible()


def refused_login(page: Page, places: Places) -> None:
    """The login after a wrong password."""
    page.goto("/dang-nhap/")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_be_visible()


def draft_of(source: Callable[[str], str]) -> Open:
    """A draft made of the version in force."""

    def open_draft(page: Page, places: Places) -> None:
        page.goto("/quy-trinh/ban-nhap/?quy-trinh=phieu-trinh&tu=1")
        text = page.get_by_label("Văn bản YAML")
        text.fill(source(text.input_value()))
        page.get_by_role("button", name="Kiểm tra và lưu").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Bản nháp")
        expect(page.locator(".badge").first).to_be_visible()

    return open_draft


# name of the page, who looks at it (None: a stranger), how it is opened
SCREENS: dict[str, tuple[DemoPerson | None, Open]] = {
    "greeting": (None, at("/")),
    "login": (None, at("/dang-nhap/")),
    "login-refused": (None, refused_login),
    "not-found": (None, at("/khong-co/")),
    "inbox": (UNIT_HEAD, at("/viec/")),
    "inbox-overdue": (UNIT_HEAD, at("/viec/?loc=qua-han")),
    "inbox-informed": (SPECIALIST, at("/viec/?loc=de-biet")),
    "cases": (CLERK, at("/ho-so/")),
    "start-list": (SPECIALIST, at("/ho-so/moi/")),
    "start": (SPECIALIST, at("/ho-so/moi/phieu-trinh/")),
    "start-refused": (SPECIALIST, refused_start),
    "start-of-another-agency": (SPECIALIST, of_another_agency),
    "task": (UNIT_HEAD, at("waiting_task")),
    "task-refused": (UNIT_HEAD, refused_return),
    "decision": (DIRECTOR, at("deciding_task")),
    "case-waiting": (SPECIALIST, at("waiting_case")),
    "case-done": (SPECIALIST, at("done_case")),
    "case-sent": (SENDING_CLERK, at("sending_case")),
    "case-received": (RECEIVING_CLERK, at("received_case")),
    "case-refused": (RECEIVING_CLERK, at("refused_case")),
    "case-tampered": (THIRD_CLERK, at("tampered_case")),
    "recall-refused": (RECEIVING_CLERK, refused_recall),
    "exchange": (RECEIVING_CLERK, at("/lien-thong/")),
    "exchange-empty": (CLERK, at("/lien-thong/")),
    "forbidden": (SPECIALIST, at("/quy-trinh/")),
    "studio": (DIRECTOR, at("/quy-trinh/")),
    "procedure": (DIRECTOR, at("/quy-trinh/phieu-trinh/")),
    "law": (DIRECTOR, at("/quy-trinh/can-cu/")),
    "draft-new": (DIRECTOR, at("/quy-trinh/ban-nhap/")),
    "draft-checked": (DIRECTOR, draft_of(lambda text: text.replace("roles:\n", PARAMETERS, 1))),
    "draft-to-submit": (ADMINISTRATOR, draft_of(lambda text: text.replace("due: 2d", "due: 3d"))),
    "draft-wrong": (DIRECTOR, draft_of(lambda text: text.replace("to: inform", "to: khong-co"))),
    "case-asked-again": (DIRECTOR, at("asked_again")),
    "dry-run": (DIRECTOR, at("dry_run")),
    "dry-run-blocked": (DIRECTOR, at(f"/quy-trinh/{FLOW}/1/chuyen-ho-so/")),
    "migration": (DIRECTOR, at("migration")),
    "migrations": (ADMINISTRATOR, at("/quan-tri/chuyen-ho-so/")),
    "machine-work": (ADMINISTRATOR, at("/quan-tri/viec-cua-may/")),
    "units": (ADMINISTRATOR, at("/quan-tri/")),
    "positions": (ADMINISTRATOR, at("/quan-tri/chuc-vu/")),
    "people": (ADMINISTRATOR, at("/quan-tri/nguoi/")),
    "calendar": (ADMINISTRATOR, at("/quan-tri/lich/?nam=2026")),
    "absences": (UNIT_HEAD, at("/vang-mat/")),
}


@pytest.fixture
def page_of(
    profile_of: Callable[[DemoPerson], BrowserContext], page: Page
) -> Iterator[Callable[[DemoPerson | None], Page]]:
    """A function that returns a page of a person's profile, or a stranger's."""
    opened: list[Page] = []

    def open_page(person: DemoPerson | None) -> Page:
        if person is None:
            return page
        opened.append(profile_of(person).new_page())
        return opened[-1]

    yield open_page
    for each in opened:
        each.close()


@pytest.mark.parametrize("name", SCREENS)
def test_a_page_fits_shows_its_main_action_and_is_accessible(
    name: str,
    places: Places,
    page_of: Callable[[DemoPerson | None], Page],
    axe_violations: Callable[..., list[str]],
) -> None:
    person, open_screen = SCREENS[name]
    page = page_of(person)
    open_screen(page, places)
    speaks_like_a_page(page)
    faults = []
    for device, size in SIZES.items():
        page.set_viewport_size(size)
        page.evaluate("scrollTo(0, 0)")
        if page.evaluate(WIDER_THAN_THE_WINDOW):
            faults.append(f"{device}: scrolls sideways")
        faults += [f"{device}: {fault}" for fault in hidden_main_action(page, size["height"])]
        page.emulate_media(color_scheme="light")
        faults += [f"{device}: {each}" for each in axe_violations(page)]
        page.emulate_media(color_scheme="dark")
        faults += [f"{device}, dark: {each}" for each in axe_violations(page, rules=OF_COLOURS)]
    assert faults == []


def speaks_like_a_page(page: Page) -> None:
    """One heading of the first level, a title of its own, Vietnamese."""
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert not page.title().startswith("·")
    expect(page.locator("html")).to_have_attribute("lang", "vi")


def hidden_main_action(page: Page, height: int) -> list[str]:
    """Return what is wrong when the page's main action is not wholly in sight at the top."""
    main = page.locator("main .button-main").locator("visible=true")
    boxes = [each.bounding_box() for each in main.all()]
    in_sight = [box for box in boxes if box and box["y"] + box["height"] <= height]
    return ["the main action needs scrolling"] if boxes and not in_sight else []


FIRST_VISIT_BYTES = 150_000
REPEATED_BYTES = 15_000
MOST_REQUESTS = 15


@dataclass(slots=True)
class Traffic:
    """What a page fetched, and its bytes on the wire; the images of a document count apart."""

    fetched: list[str] = field(default_factory=list)
    size: int = 0
    images_size: int = 0


def watch(page: Page) -> Traffic:
    """Count what the page fetches from now on."""
    traffic = Traffic()
    images: set[str] = set()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def answered(event: dict[str, Any]) -> None:
        if event["response"]["mimeType"] == "image/webp":
            images.add(event["requestId"])
        else:
            traffic.fetched.append(event["response"]["url"])

    def finished(event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        if event["requestId"] in images:
            traffic.images_size += size
        else:
            traffic.size += size

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", finished)
    return traffic


def test_a_first_visit_is_light(page: Page, places: Places) -> None:
    """At most 150 kB compressed and 15 requests, fonts and all, with nothing cached yet."""
    page.goto("/dang-nhap/?next=/viec/")
    page.get_by_label("Tên đăng nhập").fill(UNIT_HEAD.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Chờ xử lý")
    weights = {
        "inbox": weight_of(page.context, "/viec/"),
        "task": weight_of(page.context, places.waiting_task),
    }
    assert all(each.size <= FIRST_VISIT_BYTES for each in weights.values()), weights
    assert all(len(each.fetched) <= MOST_REQUESTS for each in weights.values()), weights


def weight_of(context: BrowserContext, address: str) -> Traffic:
    """Return what an address costs a browser that has nothing in its cache."""
    page = context.new_page()
    traffic = watch(page)
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto(address, wait_until="networkidle")
    page.close()
    return traffic


def test_a_repeated_visit_fetches_little_but_the_page(enter: Enter) -> None:
    """What never changes is not asked for again."""
    page = enter(UNIT_HEAD).page
    traffic = watch(page)
    page.goto("/viec/", wait_until="networkidle")
    page.goto("/ho-so/", wait_until="networkidle")
    traffic.size = 0
    page.goto("/viec/", wait_until="networkidle")
    assert traffic.size <= REPEATED_BYTES, traffic
