"""Images for the demonstration: a seal for an agency, a handwritten name for a person."""

from __future__ import annotations

import hashlib
import io
import math
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_FONT = Path(__file__).with_name("fonts") / "LiberationSerif-Regular.ttf"
_RED, _BLUE = (216, 18, 27, 255), (11, 62, 168, 255)
_FINER = 3  # drawn larger, then shrunk: smooth edges


def seal(organisation: str) -> bytes:
    """Draw a round seal: two rings, the name around, a star."""
    size = 280 * _FINER
    image = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    middle, edge = size / 2, size / 2 - 4 * _FINER
    for radius, width in ((edge, 6), (edge - 46 * _FINER, 3)):
        box = (middle - radius, middle - radius, middle + radius, middle + radius)
        draw.ellipse(box, outline=_RED, width=width * _FINER)
    draw.polygon(_star(middle, middle, 52 * _FINER), fill=_RED)
    _write_around(image, organisation.upper(), middle, edge - 25 * _FINER)
    return _png(image.resize((size // _FINER, size // _FINER), Image.Resampling.LANCZOS))


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5
        points.append((x + reach * math.sin(angle), y - reach * math.cos(angle)))
    return points


def _write_around(image: Image.Image, text: str, middle: float, radius: float) -> None:
    """Set letters on a circle, clockwise from the left, over at most five sixths of it."""
    most = 2 * math.pi * radius * 5 / 6
    points = 30 * _FINER
    font = ImageFont.truetype(str(_FONT), points)
    while (length := sum(font.getlength(c) for c in text)) > most:
        points -= _FINER
        font = ImageFont.truetype(str(_FONT), points)
    angle = -length / radius / 2
    side = points * 2
    for character in text:
        half = font.getlength(character) / radius / 2
        angle += half
        tile = Image.new("RGBA", (side, side), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text(
            (side / 2, side / 2), character, font=font, fill=_RED, anchor="mm"
        )
        turned = tile.rotate(-math.degrees(angle), Image.Resampling.BICUBIC)
        x = middle + radius * math.sin(angle) - side / 2
        y = middle - radius * math.cos(angle) - side / 2
        image.alpha_composite(turned, (max(0, round(x)), max(0, round(y))))
        angle += half


def handwriting(name: str) -> bytes:
    """Draw a scribble that belongs to a name."""
    width, height = 360 * _FINER, 160 * _FINER
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    seed = hashlib.sha256(name.encode()).digest()
    points = []
    for step in range(400):
        part = step / 399
        wave = sum(
            math.sin(part * (5 + seed[index] % 23) + seed[index + 8]) / (index + 1.5)
            for index in range(4)
        )
        x = width * (0.06 + 0.86 * part + 0.05 * math.sin(part * 31 + seed[16]))
        points.append((x, height / 2 + wave * height * 0.28 * (1 - part * 0.5)))
    draw.line(points, fill=_BLUE, width=5 * _FINER, joint="curve")
    draw.line(
        [(width * 0.1, height * 0.82), (width * 0.9, height * 0.72)], fill=_BLUE, width=3 * _FINER
    )
    return _png(image.resize((width // _FINER, height // _FINER), Image.Resampling.LANCZOS))


def _png(image: Image.Image) -> bytes:
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()
