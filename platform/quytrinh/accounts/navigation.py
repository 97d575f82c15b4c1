"""The side navigation: what this person may open."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from quytrinh.organization.directory import PersonView


@dataclass(frozen=True, slots=True)
class NavLink:
    """One link; `counts` puts the number of waiting tasks beside it."""

    label: str
    url: str
    current: bool
    counts: bool = False


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Links under one title."""

    title: str
    links: tuple[NavLink, ...]


def navigation(person: PersonView, path: str) -> tuple[NavGroup, ...]:
    """Return the groups of links for a person who looks at `path`."""
    start = reverse("inbox:start-list")
    cases = reverse("inbox:cases")
    begins = path.startswith(start)
    mine = (
        _link(_("Chờ xử lý"), reverse("inbox:list"), path, counts=True),
        NavLink(_("Hồ sơ"), cases, current=path.startswith(cases) and not begins),
        NavLink(_("Lập hồ sơ"), start, current=begins),
        _link(_("Vắng mặt"), reverse("inbox:absences"), path),
    )
    books = [
        _link(_("Văn bản đến"), reverse("inbox:register-in"), path),
        _link(_("Văn bản đi"), reverse("inbox:register-out"), path),
    ]
    if person.is_clerk:
        books.append(_link(_("Liên thông"), reverse("inbox:exchange"), path))
    run = []
    if person.drafts_flows:
        run.append(_link(_("Quy trình"), reverse("studio:list"), path))
    if person.is_administrator:
        run.append(_link(_("Quản trị"), reverse("administration:units"), path))
    groups = [NavGroup(_("Việc của tôi"), mine), NavGroup(_("Sổ văn bản"), tuple(books))]
    if run:
        groups.append(NavGroup(_("Điều hành"), tuple(run)))
    return tuple(groups)


def _link(label: str, url: str, path: str, *, counts: bool = False) -> NavLink:
    return NavLink(label, url, current=path.startswith(url), counts=counts)
