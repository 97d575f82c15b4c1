"""The picture of an agency's people answers who holds what, and since when."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date
from uuid import UUID, uuid4

import pytest

from quytrinh.organization.snapshot import (
    Directory,
    GrantView,
    PersonView,
    PositionView,
    PostView,
    UnitView,
    build_directory,
)

TODAY = date(2026, 3, 2)
DIRECTOR, DEPUTY, HEAD, OFFICER, CLERK = (uuid4() for _ in range(5))
OFFICER_USER = uuid4()


def directory_of(
    posts: list[PostView] | None = None, grants: list[GrantView] | None = None
) -> Directory:
    people = {
        DIRECTOR: "Nguyễn Văn Mẫu",
        DEPUTY: "Trần Thị Ví Dụ",
        HEAD: "Lê Văn Minh Họa",
        OFFICER: "Phạm Thị Giả Định",
        CLERK: "Võ Thị Thử Nghiệm",
    }
    return build_directory(
        day=TODAY,
        units=[
            UnitView("lanh-dao", "Ban Giám đốc"),
            UnitView("van-phong", "Văn phòng", "lanh-dao"),
        ],
        positions=[
            PositionView("giam-doc", "Giám đốc"),
            PositionView("chuyen-vien", "Chuyên viên"),
        ],
        people=[
            PersonView(id=key, full_name=name, user_id=OFFICER_USER if key == OFFICER else None)
            for key, name in people.items()
        ],
        posts=posts if posts is not None else default_posts(),
        grants=grants if grants is not None else default_grants(),
    )


def default_posts() -> list[PostView]:
    return [
        PostView(DIRECTOR, "lanh-dao", "giam-doc", is_head=True),
        PostView(HEAD, "van-phong", "truong-phong", is_head=True),
        PostView(OFFICER, "van-phong", "chuyen-vien"),
        PostView(CLERK, "van-phong", "chuyen-vien"),
    ]


def default_grants() -> list[GrantView]:
    return [
        GrantView("thu-truong", position="giam-doc"),
        GrantView("van-thu", person=CLERK),
        GrantView("to-cong-nghe", position="chuyen-vien", unit="van-phong"),
    ]


def test_keys_name_person_posts_and_roles():
    assert directory_of().keys_of(CLERK) == (
        f"person:{CLERK}",
        "position:chuyen-vien",
        "position:chuyen-vien@van-phong",
        "unit:van-phong/members",
        "role:van-thu",
        "role:van-thu@van-phong",
        "role:to-cong-nghe",
        "role:to-cong-nghe@van-phong",
    )


def test_head_of_unit_holds_the_head_key():
    directory = directory_of()
    assert directory.holders("unit:van-phong/head") == (HEAD,)
    assert directory.holders("unit:van-phong/members") == (HEAD, OFFICER, CLERK)


def test_every_key_of_a_person_leads_back_to_them():
    directory = directory_of()
    for person_id, person in directory.people.items():
        assert all(person_id in directory.holders(key) for key in person.keys)


def test_role_by_position_reaches_whoever_holds_it():
    directory = directory_of()
    assert directory.has_role(DIRECTOR, "thu-truong")
    assert directory.person(DIRECTOR).is_agency_head
    assert not directory.has_role(OFFICER, "thu-truong")


def test_role_by_position_in_a_unit_does_not_reach_other_units():
    posts = [*default_posts(), PostView(DEPUTY, "lanh-dao", "chuyen-vien")]
    assert not directory_of(posts).has_role(DEPUTY, "to-cong-nghe")


def test_role_for_one_unit_is_known_in_that_unit_only():
    grants = [GrantView("van-thu", person=DIRECTOR, unit="van-phong")]
    keys = directory_of(grants=grants).keys_of(DIRECTOR)
    assert "role:van-thu@van-phong" in keys
    assert "role:van-thu@lanh-dao" not in keys


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 3, 3), None, False),
        (None, date(2026, 3, 1), False),
    ],
)
def test_post_counts_only_between_its_dates(since, until, held):
    posts = [PostView(DEPUTY, "van-phong", "chuyen-vien", since=since, until=until)]
    directory = directory_of(posts)
    assert ("unit:van-phong/members" in directory.keys_of(DEPUTY)) is held
    assert directory.unit_of(DEPUTY) == ("van-phong" if held else None)


def test_person_without_post_still_has_their_own_key():
    assert directory_of().keys_of(DEPUTY) == (f"person:{DEPUTY}",)


def test_user_is_found_as_the_person_they_are_here():
    directory = directory_of()
    assert directory.person_of_user(OFFICER_USER).id == OFFICER
    assert directory.person_of_user(uuid4()) is None


def test_unknown_person_has_nothing():
    directory, stranger = directory_of(), uuid4()
    assert directory.person(stranger) is None
    assert directory.keys_of(stranger) == ()
    assert directory.unit_of(stranger) is None
    assert directory.name_of(stranger) == directory.name_of(None) == ""
    assert not directory.has_role(stranger, "van-thu")


def test_directory_cannot_be_changed():
    directory = directory_of()
    with pytest.raises(FrozenInstanceError):
        directory.day = date(2030, 1, 1)
    with pytest.raises(TypeError):
        directory.people[UUID(int=0)] = None
