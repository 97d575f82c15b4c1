"""From bytes to elements: bounded, without entities, and patient with unbound prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from lxml import etree

# The files themselves: taken out before the XML is parsed, so that the parser's own limits hold.
_ENCODED = re.compile(
    rb"<((?:[\w.-]{1,64}:)?(?:ContentTransferEncoded|AttachmentData))([^<>]{0,400})>([^<]*)</\1\s*>"
)
_PLACEHOLDER = re.compile(r"#(\d{1,6})#")
_HEAD = 65_536
# Of the XML without the files: a tree takes many times the memory of its text.
_MOST_MARKUP = 8 * 1024 * 1024
_UNBOUND = etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE


class Unreadable(Exception):
    """The bytes are no edXML message that could be dealt with; the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Warned:
    """Something in a message that is not as it should be but did not stop it."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The root, the encoded files by their place, and what was put right on the way."""

    root: Node
    encoded: tuple[bytes, ...]
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """An element, its children asked for by local name: prefixes differ, so does their order."""

    element: Any

    @property
    def name(self) -> str:
        """Local name; an unbound prefix is part of lxml's tag."""
        return str(self.element.tag).rpartition("}")[2].rpartition(":")[2]

    def children(self, name: str) -> Iterator[Node]:
        """Yield the children with a local name."""
        for child in self.element:
            node = Node(child)
            if isinstance(child.tag, str) and node.name == name:
                yield node

    def child(self, name: str) -> Node | None:
        """Return the first child with a local name."""
        return next(self.children(name), None)

    def text(self, name: str) -> str:
        """Return the text of the first child with a local name, empty without one."""
        child = self.child(name)
        return child.own_text if child else ""

    @property
    def own_text(self) -> str:
        """All the text within, trimmed."""
        return "".join(self.element.itertext()).strip()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all is said within."""
        return not self.own_text


def parse(data: bytes, *, most_bytes: int) -> Parsed:
    """Parse a message; raise Unreadable for what is too large, no XML, or brings a DOCTYPE."""
    _refuse_larger(data, most_bytes)
    warnings: list[Warned] = []
    data = _without_leading_rubbish(data, warnings)
    _refuse_doctype(data[:_HEAD].upper())
    encoded: list[bytes] = []

    def take_out(match: re.Match[bytes]) -> bytes:
        encoded.append(match[3])
        name, attributes = match[1], match[2]
        return b"<%b%b>#%d#</%b>" % (name, attributes, len(encoded) - 1, name)

    markup = _ENCODED.sub(take_out, data)
    _refuse_larger(markup, _MOST_MARKUP)
    root = _parse(markup, warnings)
    return Parsed(Node(root), tuple(encoded), tuple(warnings))


def encoded_of(node: Node, parsed: Parsed) -> bytes:
    """Return the encoded bytes of an element that `parse` emptied, or what it holds itself."""
    text = node.own_text
    place = _PLACEHOLDER.fullmatch(text)
    if place and int(place[1]) < len(parsed.encoded):
        return parsed.encoded[int(place[1])]
    return text.encode()


def _refuse_larger(data: bytes, most: int) -> None:
    if len(data) > most:
        limit = most // (1024 * 1024)
        raise Unreadable("too_large", _("Gói tin lớn quá %(limit)s MB.") % {"limit": limit})


def _without_leading_rubbish(data: bytes, warnings: list[Warned]) -> bytes:
    """Drop what some senders put before the prolog; UTF-16 keeps its mark and is left alone."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data
    start = data.find(b"<", 0, 4096)
    before = data[: max(start, 0)]
    if before.removeprefix(b"\xef\xbb\xbf").strip():
        message = _("Trước phần mở đầu XML có %(count)s byte lạ, đã bỏ qua.")
        warnings.append(Warned("leading_bytes", message % {"count": len(before)}))
    return data[start:] if start > 0 else data


def _refuse_doctype(head: bytes) -> None:
    if b"<!DOCTYPE" in head.replace(b"\x00", b""):
        raise _doctype()


def _doctype() -> Unreadable:
    return Unreadable("doctype", _("Gói tin có khai báo DOCTYPE nên bị từ chối vì lý do an toàn."))


def _parser(*, recover: bool) -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )


def _parse(data: bytes, warnings: list[Warned]) -> Any:
    parser = _parser(recover=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # The exception's own log may carry what an earlier message did wrong.
        root = _recovered(data, list(parser.error_log), warnings, error)
    except (ValueError, LookupError) as error:
        raise Unreadable("not_xml", _("Gói tin không phải XML hợp lệ.")) from error
    if root.getroottree().docinfo.doctype:
        raise _doctype()
    return root


def _recovered(data: bytes, found: list[Any], warnings: list[Warned], error: Any) -> Any:
    """Parse once more if nothing but prefixes is wrong; otherwise say where it went wrong."""
    if not found or any(each.type != _UNBOUND for each in found):
        line = (error.position or (0, 0))[0]
        message = _("Gói tin không phải XML đúng cú pháp, lỗi ở dòng %(line)s.")
        raise Unreadable("not_xml", message % {"line": line}) from error
    message = _("Dòng %(line)s dùng tiền tố chưa khai báo; đã đọc theo tên phần tử.")
    warnings.append(Warned("unbound_prefix", message % {"line": found[0].line}))
    root = etree.fromstring(data, _parser(recover=True))
    if root is None:
        raise Unreadable("not_xml", _("Gói tin không phải XML hợp lệ.")) from error
    return root
