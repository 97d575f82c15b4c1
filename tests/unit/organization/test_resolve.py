"""A flow's role finds its people in an agency, or whoever stands in when nobody is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest

from quytrinh.compiler.plan import PlanRole
from quytrinh.organization.exceptions import UnknownResolver, UnresolvableRole
from quytrinh.organization.resolve import CaseFacts, resolve
from tests.unit.organization.test_directory import (
    CLERK,
    DEPUTY,
    DIRECTOR,
    HEAD,
    OFFICER,
    PostView,
    default_posts,
    directory_of,
)


def facts_of(
    values: Mapping[str, Any] | None = None, performers: Mapping[str, UUID] | None = None
) -> CaseFacts:
    return CaseFacts(
        creator=OFFICER,
        unit="van-phong",
        performers=performers or {},
        evaluate=(values or {}).__getitem__,
    )


def role_of(*who: Mapping[str, Any], if_absent: tuple[Mapping[str, Any], ...] = ()) -> PlanRole:
    return PlanRole(id="leader", name="Lãnh đạo", who=who, if_absent=if_absent)


CHOSEN = {"case.checker": str(HEAD), "case.checkers": [str(HEAD), str(CLERK)], "case.lead": ""}


@pytest.mark.parametrize(
    ("resolver", "keys", "persons"),
    [
        ({"creator": True}, (f"person:{OFFICER}",), (OFFICER,)),
        ({"role": "van-thu"}, ("role:van-thu",), (CLERK,)),
        ({"role": "van-thu", "in": "case.unit"}, ("role:van-thu@van-phong",), (CLERK,)),
        ({"position": "giam-doc"}, ("position:giam-doc",), (DIRECTOR,)),
        (
            {"position": "chuyen-vien", "in": "case.unit"},
            ("position:chuyen-vien@van-phong",),
            (OFFICER, CLERK),
        ),
        ({"head_of": "case.unit"}, ("unit:van-phong/head",), (HEAD,)),
        ({"members_of": "case.unit"}, ("unit:van-phong/members",), (HEAD, OFFICER, CLERK)),
        ({"person": "case.checker"}, (f"person:{HEAD}",), (HEAD,)),
        ({"person": "case.checkers"}, (f"person:{HEAD}", f"person:{CLERK}"), (HEAD, CLERK)),
        ({"performer_of": "review"}, (f"person:{HEAD}",), (HEAD,)),
        ({"performer_of": "decide"}, (), ()),
        ({"head_of": "case.lead"}, (), ()),
        ({"person": "case.lead"}, (), ()),
    ],
)
def test_resolver(resolver, keys, persons):
    facts = facts_of(CHOSEN, {"review": HEAD})
    resolution = resolve(role_of(resolver), facts, directory_of())
    assert (resolution.keys, resolution.persons) == (keys, persons)


def test_several_resolvers_are_united_and_nobody_is_named_twice():
    role = role_of({"role": "van-thu"}, {"members_of": "case.unit"})
    assert resolve(role, facts_of(), directory_of()).persons == (CLERK, HEAD, OFFICER)


def test_absent_is_replaced_by_the_first_fallback_that_finds_someone():
    role = role_of(
        {"position": "pho-giam-doc"}, if_absent=({"position": "cuc-truong"}, {"role": "thu-truong"})
    )
    resolution = resolve(role, facts_of(), directory_of())
    assert resolution.keys == ("role:thu-truong",)
    assert resolution.persons == (DIRECTOR,)


def test_fallback_is_not_asked_when_someone_is_there():
    role = role_of({"position": "giam-doc"}, if_absent=({"position": "pho-giam-doc"},))
    posts = [*default_posts(), PostView(DEPUTY, "lanh-dao", "pho-giam-doc")]
    assert resolve(role, facts_of(), directory_of(posts)).persons == (DIRECTOR,)


def test_nobody_at_all_keeps_the_keys_for_whoever_is_appointed():
    role = role_of({"position": "pho-giam-doc"}, if_absent=({"role": "khong-ai"},))
    resolution = resolve(role, facts_of(), directory_of())
    assert (resolution.keys, resolution.persons) == (("position:pho-giam-doc",), ())


def test_creator_who_has_left_counts_as_absent():
    facts = CaseFacts(creator=uuid4(), unit="van-phong", performers={}, evaluate=dict)
    role = role_of({"creator": True}, if_absent=({"head_of": "case.unit"},))
    assert resolve(role, facts, directory_of()).persons == (HEAD,)


def test_unknown_resolver_is_refused():
    with pytest.raises(UnknownResolver, match="horoscope"):
        resolve(role_of({"horoscope": "case.unit"}), facts_of(), directory_of())


def test_expression_that_names_no_person_is_refused():
    with pytest.raises(UnresolvableRole, match=r"case\.checker"):
        resolve(
            role_of({"person": "case.checker"}), facts_of({"case.checker": "ai"}), directory_of()
        )
