"""Who stands in: keys received while somebody is away or has delegated, and no longer."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from quytrinh.organization.resolve import resolve
from quytrinh.organization.snapshot import (
    AbsenceView,
    DelegationView,
    Directory,
    GrantView,
    PersonView,
    PositionView,
    PostView,
    UnitView,
    build_directory,
)
from tests.unit.organization.test_directory import (
    CLERK,
    DEPUTY,
    DIRECTOR,
    HEAD,
    OFFICER,
    TODAY,
    default_grants,
    default_posts,
)
from tests.unit.organization.test_resolve import facts_of, role_of


def office(
    *,
    away: dict[UUID, UUID | None] | None = None,
    given: list[DelegationView] | None = None,
    posts: list[PostView] | None = None,
    grants: list[GrantView] | None = None,
) -> Directory:
    return build_directory(
        day=TODAY,
        units=[UnitView("lanh-dao", "Ban Giám đốc"), UnitView("van-phong", "Văn phòng")],
        positions=[PositionView("giam-doc", "Giám đốc")],
        people=[
            PersonView(id=key, full_name="") for key in (DIRECTOR, DEPUTY, HEAD, OFFICER, CLERK)
        ],
        posts=posts or default_posts(),
        grants=grants or default_grants(),
        absences=[AbsenceView(one, TODAY, TODAY, other) for one, other in (away or {}).items()],
        delegations=given or (),
    )


def who(directory: Directory, *resolvers: dict[str, str], **more: object) -> tuple[UUID, ...]:
    role = role_of(*resolvers, if_absent=more.pop("if_absent", ()))  # type: ignore[arg-type]
    return resolve(role, facts_of(), directory, **more).persons  # type: ignore[arg-type]


def test_whoever_is_away_is_replaced_by_the_one_who_stands_in() -> None:
    directory = office(away={DIRECTOR: DEPUTY})
    assert who(directory, {"position": "giam-doc"}) == (DEPUTY,)
    assert set(directory.keys_of(DIRECTOR)) <= set(directory.keys_of(DEPUTY))


def test_whoever_is_away_without_anyone_is_passed_over() -> None:
    assert who(office(away={OFFICER: None}), {"position": "chuyen-vien"}) == (CLERK,)
    assert who(
        office(away={DIRECTOR: None}), {"position": "giam-doc"}, if_absent=({"role": "van-thu"},)
    ) == (CLERK,)


def test_nobody_left_keeps_the_keys_for_whoever_comes_back() -> None:
    found = resolve(role_of({"position": "giam-doc"}), facts_of(), office(away={DIRECTOR: None}))
    assert (found.keys, found.persons) == (("position:giam-doc",), ())


def test_a_delegation_reaches_only_what_it_names() -> None:
    directory = office(away={CLERK: None}, given=[DelegationView(CLERK, HEAD, ("role:van-thu",))])
    assert who(directory, {"role": "van-thu"}) == (HEAD,)
    assert who(directory, {"position": "chuyen-vien"}) == (OFFICER,)
    received = set(directory.keys_of(HEAD)) - set(directory.person(HEAD).own_keys)
    assert received == {"role:van-thu", "role:van-thu@van-phong"}


def test_one_who_is_there_keeps_the_work_though_another_may_act_too() -> None:
    directory = office(given=[DelegationView(DIRECTOR, DEPUTY)])
    assert who(directory, {"position": "giam-doc"}) == (DIRECTOR,)
    assert "position:giam-doc" in directory.keys_of(DEPUTY)


def test_what_was_received_is_not_passed_on() -> None:
    directory = office(
        away={DIRECTOR: DEPUTY, DEPUTY: HEAD},
    )
    assert who(directory, {"position": "giam-doc"}) == ()
    assert "position:giam-doc" not in directory.keys_of(HEAD)


def test_roles_are_nobody_elses() -> None:
    directory = office(away={DIRECTOR: DEPUTY})
    assert directory.person(DIRECTOR).is_agency_head
    assert not directory.person(DEPUTY).is_agency_head


def test_the_excluded_are_passed_over_and_the_work_waits_for_the_others_by_name() -> None:
    found = resolve(
        role_of({"position": "chuyen-vien"}), facts_of(), office(), excluded=frozenset({OFFICER})
    )
    assert (found.keys, found.persons) == ((f"person:{CLERK}",), (CLERK,))


def test_neither_the_excluded_nor_whoever_stands_in_for_them_is_asked() -> None:
    directory = office(away={OFFICER: HEAD, CLERK: DEPUTY})
    roles = {"position": "chuyen-vien"}
    assert who(directory, roles, excluded=frozenset({OFFICER})) == (DEPUTY,)
    assert who(directory, roles, excluded=frozenset({HEAD})) == (DEPUTY,)
    kept = resolve(role_of(roles), facts_of(), directory, excluded=frozenset({OFFICER}))
    assert kept.keys == (f"person:{CLERK}",)
    assert directory.person(DEPUTY).acts_for(kept.keys) == CLERK


def test_one_acts_for_another_only_where_the_work_is_not_ones_own() -> None:
    directory = office(away={OFFICER: CLERK})
    clerk = directory.person(CLERK)
    assert clerk.acts_for([f"person:{OFFICER}"]) == OFFICER
    assert clerk.acts_for(["position:chuyen-vien"]) is None
    assert clerk.acts_for(["position:chuyen-vien"], owner=OFFICER) == OFFICER
    assert clerk.acts_for(["position:chuyen-vien"], owner=CLERK) is None
    assert clerk.acts_for(["role:to-khac"]) is None


def test_who_is_in_charge_of_a_field_of_work() -> None:
    posts = [
        *default_posts(),
        PostView(DEPUTY, "lanh-dao", "pho-giam-doc", fields=("dat-dai", "moi-truong")),
    ]
    facts = replace(facts_of(), evaluate={"case.field": "dat-dai", "case.other": ""}.__getitem__)
    directory = office(posts=posts)
    found = resolve(role_of({"in_charge_of": "case.field"}), facts, directory)
    assert (found.keys, found.persons) == (("field:dat-dai",), (DEPUTY,))
    assert resolve(role_of({"in_charge_of": "case.other"}), facts, directory).persons == ()


def test_an_absence_of_somebody_unknown_changes_nothing() -> None:
    directory = office(away={uuid4(): HEAD}, given=[DelegationView(DIRECTOR, uuid4())])
    assert who(directory, {"position": "giam-doc"}) == (DIRECTOR,)
