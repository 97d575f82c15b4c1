"""How a person is shown: the letters of an avatar, the title under a name."""

from __future__ import annotations

from quytrinh.organization.directory import Directory, PersonView


def initials(full_name: str) -> str:
    """Return the first letters of the family name and of the given name."""
    words = full_name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def title_of(person: PersonView, directory: Directory) -> str:
    """Return a person's main position and unit, as under a name."""
    if not person.posts:
        return ""
    post = person.posts[0]
    return f"{directory.positions[post.position].name}, {directory.units[post.unit].name}"
