"""The law of an agency's procedures, both ways: article to steps, step to articles."""

from __future__ import annotations

import pytest

from quytrinh.studio.law import LawPage, RegulationRow
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db
ADDRESS = "/quy-trinh/can-cu/"


def page(agencies: Agencies, who: str = "giam-doc") -> LawPage:
    answer = agencies.ha_tinh.client(who).get(ADDRESS)
    assert answer.status_code == 200
    return answer.context["page"]


def regulation(found: LawPage, key: str) -> RegulationRow:
    return next(each for each in found.regulations if each.key == key)


# AD-16: Hà Tĩnh, 10.1.c
def test_an_article_leads_to_the_steps_that_carry_it_out(agencies: Agencies) -> None:
    ours = regulation(page(agencies), "ha-tinh-33-2019")
    article = next(each for each in ours.articles if each.number == "Điều 10 khoản 1 điểm c")
    names = {step.name for step in article.steps}
    assert {"Cấp số, ngày", "Ký số của cơ quan", "Ký duyệt phụ lục"} <= names
    assert article.text
    assert any("Cấp số, ngày khi người ký duyệt chưa ký số" in rule for rule in article.rules)
    assert 0 < ours.cited < len(ours.articles)


def test_a_step_leads_to_its_articles(agencies: Agencies) -> None:
    found = page(agencies)
    outgoing = next(each for each in found.procedures if each.key == "van-ban-di")
    check = next(step for step in outgoing.steps if step.name == "Kiểm tra nội dung")
    [(named, text)] = check.articles
    assert named.endswith("Điều 12 khoản 1") and named.startswith("Nghị định 30")
    assert text
    assert outgoing.uncited == 0


def test_only_what_is_cited_or_binds_is_listed(agencies: Agencies) -> None:
    keys = {each.key for each in page(agencies).regulations}
    assert keys == {"ha-tinh-33-2019", "nghi-dinh-30-2020"}


def test_whoever_drafts_no_procedures_does_not_enter(agencies: Agencies) -> None:
    assert agencies.ha_tinh.client("chuyen-vien").get(ADDRESS).status_code == 403
