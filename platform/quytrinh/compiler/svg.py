"""The few SVG elements that drawings are made of; no style attributes, no scripts."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def number(value: float) -> str:
    """A coordinate in its shortest form, to a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, *content: str, **attributes: str | float | None) -> str:
    """An element; `class_` is class, other underscores are hyphens; content is markup."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{''.join(content)}</{name}>" if content else f"<{name}{written}/>"


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def text(
    lines: Iterable[str], x: float, baseline: float, step: float, **attributes: str | float | None
) -> str:
    """Lines of text below one another, the first on `baseline`."""
    spans = (
        tag("tspan", escape(line), x=x, y=baseline + position * step)
        for position, line in enumerate(lines)
    )
    return tag("text", *spans, **attributes)


def picture(
    *content: str, key: str, title: str, description: str, width: float, height: float, class_: str
) -> str:
    """A whole SVG with its name and its description for those who do not see it.

    `key` makes its ids unique on a page.
    """
    return tag(
        "svg",
        tag("title", escape(title), id=f"{key}-title"),
        tag("desc", escape(description), id=f"{key}-desc"),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
        class_=class_,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
    )
