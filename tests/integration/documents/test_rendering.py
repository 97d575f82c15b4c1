"""Page images and texts, made by a child process within its limits."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from quytrinh.documents import rendering, storage
from quytrinh.documents.exceptions import NoSuchPage, RenderingFailed
from quytrinh.documents.models import StoredFile
from quytrinh.signing import core
from quytrinh.tenancy.ids import uuid7
from tests.integration.documents.conftest import keep
from tests.support.installation import ROOT
from tests.support.pdf import pdf
from tests.support.signing import NUMBERED, authority, decision, values

pytestmark = pytest.mark.once("sqlite")


def _size(image: bytes) -> tuple[int, int]:
    opened = Image.open(io.BytesIO(image))
    assert opened.format == "WEBP"
    return opened.size


def test_a_page_is_an_image_of_the_width_asked(stored: StoredFile) -> None:
    width, height = _size(rendering.page_image(stored, 2, 820))
    assert width == 820
    assert height == pytest.approx(820 * 297 / 210, abs=2)


def test_a_page_is_drawn_once(stored: StoredFile, monkeypatch) -> None:
    first = rendering.page_image(stored, 1, 820)
    monkeypatch.setattr(rendering, "_ask_child", None)
    assert rendering.page_image(stored, 1, 820) == first


def test_a_page_shows_its_signatures(at_work) -> None:
    """A seal is red, a signature blue; both are fields of a form, which readers draw apart."""
    page = Image.open(io.BytesIO(rendering.page_image(keep(signed(), owner=uuid7()), 1, 820)))
    colours = {colour for _, colour in page.convert("RGB").getcolors(2**24)}
    assert any(red > 200 and green < 60 and blue < 60 for red, green, blue in colours)
    assert any(blue > 150 and red < 60 for red, _, blue in colours)


def signed() -> bytes:
    home = authority()
    at, said = home.workplace(), values(**NUMBERED)
    by_leader = core.sign(decision(), request_id="p1", signatory=home.person(), values=said, at=at)
    return core.seal(
        by_leader.pdf, request_id="p2", signatory=home.organisation(), values=said, at=at
    ).pdf


def test_a_very_long_page_stays_within_bounds(at_work) -> None:
    tall = keep(pdf("x", size=(10, 14_000)), owner=uuid7())
    width, height = _size(rendering.page_image(tall, 1, 820))
    assert width <= 820
    assert height <= 4 * 820 + 1


def test_the_text_of_a_page_is_there_for_screen_readers(at_work) -> None:
    file = keep(pdf("Trang mot", "Trang hai"), owner=uuid7())
    assert rendering.page_text(file, 2).strip() == "Trang hai"
    assert rendering.page_text(file, 2).strip() == "Trang hai"


@pytest.mark.parametrize("page", [0, 3])
def test_a_page_the_file_does_not_have(stored: StoredFile, page: int) -> None:
    with pytest.raises(NoSuchPage):
        rendering.page_image(stored, page, 820)


def test_drawing_leaves_the_original_bytes_alone(stored: StoredFile) -> None:
    before = storage.path_of(stored.sha256).read_bytes()
    rendering.page_image(stored, 1, 820)
    assert storage.path_of(stored.sha256).read_bytes() == before


def test_a_child_that_takes_too_long_is_ended(stored: StoredFile, monkeypatch) -> None:
    monkeypatch.setattr(rendering, "_SECONDS", 0.01)
    with pytest.raises(RenderingFailed) as failed:
        rendering.page_image(stored, 1, 820)
    assert failed.value.code == "too_costly"


def test_a_child_that_crashes_is_a_failure_not_an_end(
    stored: StoredFile, monkeypatch, tmp_path: Path
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("import os; os.abort()")
    monkeypatch.setattr(rendering, "_WORKER", worker)
    with pytest.raises(RenderingFailed):
        rendering.page_image(stored, 1, 820)


def test_the_child_cannot_take_more_memory_than_its_share() -> None:
    greedy = (
        "import runpy, sys\n"
        f"worker = runpy.run_path({str(rendering._WORKER)!r})\n"
        "worker['_limit_resources']()\n"
        "bytearray(2 * 1024 ** 3)\n"
    )
    child = subprocess.run([sys.executable, "-c", greedy], capture_output=True, check=False)
    assert b"MemoryError" in child.stderr


def test_no_reader_of_pdf_files_is_loaded_into_our_own_process(stored: StoredFile) -> None:
    rendering.page_image(stored, 1, 820)
    # Tests of this run may have loaded it: a process that only serves is asked.
    serving = "import django; django.setup(); import quytrinh.urls, sys"
    child = subprocess.run(
        [sys.executable, "-c", f"{serving}; print('pypdfium2' in sys.modules)"],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "quytrinh.settings.embedded",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT / "plugins")]),
        },
    )
    assert child.stdout.strip() == "False", child.stderr
