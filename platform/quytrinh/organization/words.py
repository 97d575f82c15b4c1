"""Keys and roles in the words of the agency."""

from __future__ import annotations

from django.utils.translation import gettext as _

from quytrinh.organization.choices import ADMINISTRATOR, AGENCY_HEAD, CLERK
from quytrinh.organization.snapshot import Directory


def role_in_words(role: str) -> str:
    """Name the roles the platform knows; any other is the agency's own word."""
    names = {
        AGENCY_HEAD: _("Thủ trưởng"),
        ADMINISTRATOR: _("Quản trị"),
        CLERK: _("Văn thư"),
    }
    return names.get(role, role)


def key_in_words(key: str, people: Directory) -> str:
    """Name what a key stands for: a position, a role, a field of work, the head of a unit."""
    kind, _colon, name = key.partition(":")
    match kind:
        case "position":
            return people.positions[name].name if name in people.positions else name
        case "role":
            return _("Vai trò %(role)s") % {"role": role_in_words(name)}
        case "field":
            return _("Lĩnh vực %(field)s") % {"field": name}
    unit = people.unit(name.partition("/")[0])
    return _("Đứng đầu %(unit)s") % {"unit": unit.name if unit else name}
