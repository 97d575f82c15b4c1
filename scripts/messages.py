"""Keep the English texts: collect the messages of code and templates, compile their translations.

Without arguments the catalogue is brought up to date, new messages empty. With `--check` nothing
is written; the exit is 1 if a message lacks its English, or the compiled file is behind.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "platform" / "quytrinh"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
ABOUT = "English texts of Quy Trình. Written by scripts/messages.py; only msgstr is for people."


def sources() -> Iterator[tuple[Path, bytes]]:
    """Yield each file that may hold messages, as text that a reader of Python understands."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, path.read_bytes()
    for path in sorted(PACKAGE.rglob("*.html")):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        yield path, b"\n".join(line.strip() for line in text.encode().splitlines())


def template() -> Catalog:
    """Return every message, with the files that use it."""
    found = Catalog()
    for path, text in sources():
        options = {"encoding": "utf-8"}
        for _, message, comments, context in extract(
            "python", BytesIO(text), keywords=KEYWORDS, options=options
        ):
            place = (path.relative_to(ROOT).as_posix(), 0)
            found.add(message, None, [place], auto_comments=comments, context=context)
    return found


def translated() -> Catalog:
    """Return the catalogue as it is kept, or an empty one."""
    if PO.exists():
        return read_po(BytesIO(PO.read_bytes()), locale="en")
    return Catalog(locale="en", creation_date=datetime.now(UTC), revision_date=datetime.now(UTC))


def current() -> Catalog:
    """Return the messages of now with the translations kept."""
    kept = translated()
    wanted = Catalog(
        locale="en",
        header_comment=f"# {ABOUT}",
        project="Quy Trình",
        version="1",
        creation_date=kept.creation_date,
        revision_date=kept.revision_date,
        last_translator="Quy Trình",
        language_team="Quy Trình",
        msgid_bugs_address="Quy Trình",
        fuzzy=False,
    )
    for message in messages(template()):
        english = kept.get(message.id, message.context)
        words = english.string if english else None
        if isinstance(message.id, tuple) != isinstance(words, tuple):
            words = None
        wanted.add(message.id, words, message.locations, message.flags, context=message.context)
    return wanted


def messages(catalog: Iterable[Message]) -> Iterator[Message]:
    """Yield the messages of a catalogue without its header."""
    return (message for message in catalog if message.id)


def texts(catalog: Iterable[Message]) -> dict[tuple[tuple[str, ...], str], tuple[str, ...]]:
    return {
        (strings(message.id), context(message)): strings(message.string)
        for message in messages(catalog)
    }


def context(message: Message) -> str:
    """Return the context of a message, which read_mo of Babel leaves as bytes."""
    found = message.context or ""
    return found.decode() if isinstance(found, bytes) else found


def strings(words: object) -> tuple[str, ...]:
    return tuple(words) if isinstance(words, tuple | list) else (str(words or ""),)


def faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong with the translations and with the two files that hold them."""
    wanted = texts(catalog)
    for (vietnamese, _), english in wanted.items():
        if not all(english):
            yield f"no English: {vietnamese[0]}"
        # A singular may say "one" where the plural has a number.
        elif places(vietnamese[0]) != places(english[-1]):
            yield f"other places to fill in: {vietnamese[0]}"
    if not PO.exists() or texts(translated()) != wanted:
        yield f"{PO.relative_to(ROOT)} is behind the code: run scripts/messages.py"
    if not MO.exists() or texts(read_mo(BytesIO(MO.read_bytes()))) != wanted:
        yield f"{MO.relative_to(ROOT)} is behind the texts: run scripts/messages.py"


def places(text: str) -> set[str]:
    """Return the places of a message that are filled in."""
    return set(PLACEHOLDER.findall(text))


def write(catalog: Catalog) -> None:
    """Write the catalogue and what the platform reads at run time."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=100, sort_output=True, include_lineno=False)
    with MO.open("wb") as file:
        write_mo(file, catalog)


def main() -> None:
    """Write the catalogue, or say what it lacks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    settings.configure(USE_I18N=True)
    catalog = current()
    if not check:
        write(catalog)
    found = list(faults(catalog))
    print("\n".join(found) or f"{len(list(messages(catalog)))} messages, each with its English")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
