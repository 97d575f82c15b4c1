"""The child process that opens PDF files: limited in memory and time, it may die of a bad one.

Run as a file, without Django: `render_worker.py inspect|page|text FILE LIMIT…`. Writes JSON, a
WebP image or UTF-8 text to standard output. A refusal is a word on standard error and status 3.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Callable

import pypdfium2
from PIL import Image

_REFUSED = 3
_MEMORY = 1024 * 1024 * 1024
_CPU_SECONDS = 20
_WRONG_PASSWORD = pypdfium2.raw.FPDF_ERR_PASSWORD
_HEAD = 0.5  # of the first page: where marks are stamped
_MOST_PIECES = 2000
_TALLEST = 4  # times the width; what is longer is drawn smaller


class _Refusal(Exception):
    """Why the file or the page cannot be used, in one word."""


def _limit_resources() -> None:
    """Nothing a file contains can take more than this."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _open(path: str) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(path)
        document.init_forms()  # else what signatures show is not drawn; scripts never run
        return document
    except pypdfium2.PdfiumError as error:
        locked = error.err_code == _WRONG_PASSWORD
        raise _Refusal("encrypted" if locked else "broken") from error


def _page(path: str, index: int) -> pypdfium2.PdfPage:
    document = _open(path)
    try:
        return document[index]
    except (IndexError, pypdfium2.PdfiumError) as error:
        raise _Refusal("broken") from error


def inspect(path: str, most_pages: int) -> bytes:
    """Tell how many pages a file has and what its head says; its first page must load."""
    document = _open(path)
    count = len(document)
    if count > most_pages:
        raise _Refusal("too_many_pages")
    if count == 0:
        raise _Refusal("broken")
    return json.dumps({"pages": count, "header": _header(_page(path, 0))}).encode()


def _header(page: pypdfium2.PdfPage) -> list[str]:
    """Return lines and pieces of text in the upper part of a page; a scan has none."""
    width, height = page.get_size()
    text, bottom = page.get_textpage(), height * (1 - _HEAD)
    rects = [text.get_rect(index) for index in range(min(text.count_rects(), _MOST_PIECES))]
    pieces = [text.get_text_bounded(*rect) for rect in rects if rect[1] >= bottom]
    return [*text.get_text_bounded(0, bottom, width, height).splitlines(), *pieces]


def draw(path: str, index: int, width: int) -> bytes:
    """Draw a page in this width."""
    page = _page(path, index)
    page_width, page_height = page.get_size()
    if min(page_width, page_height) < 1:
        raise _Refusal("broken")
    scale = min(width / page_width, width * _TALLEST / page_height)
    image: Image.Image = page.render(scale=scale).to_pil()
    encoded = io.BytesIO()
    image.save(encoded, "WEBP", lossless=True, method=2)
    return encoded.getvalue()


def text(path: str, index: int) -> bytes:
    """Return the text layer of a page; a scan without one has none."""
    found: str = _page(path, index).get_textpage().get_text_bounded()
    return found.encode("utf-8", "replace")


def main(arguments: list[str]) -> int:
    """Do one thing with one file."""
    _limit_resources()
    verb, path, *numbers = arguments
    verbs: dict[str, Callable[..., bytes]] = {
        "inspect": inspect,
        "page": draw,
        "text": text,
    }
    try:
        result = verbs[verb](path, *(int(number) for number in numbers))
    except _Refusal as refusal:
        sys.stderr.write(str(refusal))
        return _REFUSED
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
