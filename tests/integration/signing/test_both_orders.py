"""Both provinces sign lawfully: every signature valid, the original bytes never rewritten."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from quytrinh.signing import core
from quytrinh.signing.pdf.appearance import Drawing
from quytrinh.signing.pdf.fields import print_text
from quytrinh.signing.pdf.inspect import inspect
from quytrinh.signing.verdicts import DocumentFinding, Verdict
from tests.support.pdf import pdf
from tests.support.signing import LEADER, NUMBERED, ORGANISATION, Authority, values

pytestmark = pytest.mark.once("sqlite")

STAGES = ("number_first", "number_last")
LARGEST_INCREMENT = 32 * 1024


@pytest.mark.parametrize("order", STAGES)
def test_every_signature_is_valid(order: str, request, verify) -> None:
    finding: DocumentFinding = verify(request.getfixturevalue(order)[-1])
    assert finding.verdict == Verdict.VALID
    assert {each.verdict for each in finding.signatures} == {Verdict.VALID}
    assert {each.level for each in finding.signatures} == {"B-LT"}
    assert all(each.stamped_at for each in finding.signatures)


def test_the_leader_signs_before_the_seal_in_both(number_first, number_last, verify) -> None:
    first, last = verify(number_first[-1]), verify(number_last[-1])
    assert [each.field for each in first.signatures] == ["ChuKyNguoiKy", "DauCoQuan"]
    assert [each.field for each in last.signatures] == [
        "ChuKyNguoiKy", "SoKyHieu", "NgayThangNam", "DauCoQuan",
    ]  # fmt: skip
    for finding in (first, last):
        assert finding.signatures[0].signer == LEADER
        assert finding.signatures[0].kind == "person"
        assert finding.signatures[-1].signer == ORGANISATION
        assert finding.signatures[-1].kind == "organisation"


@pytest.mark.parametrize("order", STAGES)
def test_a_file_only_grows(order: str, request) -> None:
    stages = request.getfixturevalue(order)
    for before, after in pairwise(stages):
        assert after.startswith(before)


def test_a_signature_adds_little(number_first) -> None:
    sizes = [len(each) for each in number_first]
    assert sizes[2] - sizes[1] <= LARGEST_INCREMENT
    assert sizes[3] - sizes[2] <= LARGEST_INCREMENT


@pytest.mark.parametrize("order", STAGES)
def test_number_and_date_can_be_read_on_the_page(order: str, request) -> None:
    text = visible_text(request.getfixturevalue(order)[-1])
    for part in ("866", "/QĐ-UBND", "22", "11", LEADER):
        assert part in text


def visible_text(pdf: bytes) -> str:
    """The text of the first page with what its signatures show, as poppler reads it."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    asked = ["pdftotext", "-layout", "-", "-"]
    return subprocess.run(asked, input=pdf, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("order", STAGES)
def test_a_second_engine_agrees(order: str, request, tmp_path: Path, verify) -> None:
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig (poppler-utils) is not installed")
    pdf = request.getfixturevalue(order)[-1]
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    said = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert said.count("Signature is Valid.") == len(verify(pdf).signatures)
    assert not re.search("Invalid|not signed", said)


@pytest.mark.parametrize("order", STAGES)
def test_the_seal_is_red_over_a_third_of_the_blue_signature(order: str, request) -> None:
    image = drawn(request.getfixturevalue(order)[-1])
    # letters further up have coloured edges
    image.paste((255, 255, 255), (0, 0, image.width, image.height // 2))
    blue = box_of(image, lambda r, g, b: b > 120 and r < 90)
    red = box_of(image, lambda r, g, b: r > 180 and g < 80 and b < 90)
    field = field_box(request.getfixturevalue(order)[-1], "ChuKyNguoiKy", image.height)
    covered = (red[2] - field[0]) / (field[2] - field[0])
    assert covered == pytest.approx(1 / 3, abs=0.03)
    assert red[0] < blue[0] < red[2] < blue[2]
    millimetres = (red[2] - red[0]) / image.width * 210
    assert millimetres == pytest.approx(36, abs=1.5)


def drawn(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    image: Image.Image = document[0].render(scale=2, may_draw_forms=True).to_pil()
    return image.convert("RGB")


def box_of(image: Image.Image, wanted) -> tuple[int, int, int, int]:
    """The box around the pixels of a colour."""
    mask = Image.new("L", image.size)
    mask.putdata([255 if wanted(*pixel) else 0 for pixel in image.get_flattened_data()])
    box = mask.getbbox()
    assert box is not None
    return box


def field_box(pdf: bytes, name: str, height: int) -> tuple[float, float, float, float]:
    """The box of a field in pixels of `drawn`."""
    left, bottom, right, top = inspect(pdf, ()).fields[name].box
    return left * 2, height - top * 2, right * 2, height - bottom * 2


def test_every_vietnamese_letter_is_read_back() -> None:
    letters = [chr(code) for code in range(0x1EA0, 0x1EFA)] + list("ĂăÂâĐđÊêÔôƠơƯư")
    lines = tuple("".join(letters[start : start + 30]) for start in range(0, len(letters), 30))
    drawing = Drawing(lines=lines, size=13)
    printed = print_text(pdf(" "), [(0, (60, 300, 560, 480), drawing)])
    text = visible_text(printed)
    assert [line for line in lines if line not in text] == []


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_signatures_on_a_turned_page_are_valid(home: Authority, verify, rotation: int) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf("Trang quét")))
    page = writer.find_page_for_modification(0)[0].get_object()
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(rotation)
    writer.update_container(page)
    turned = io.BytesIO()
    writer.write(turned)
    at, said = home.workplace(), values(**NUMBERED)
    signed = core.sign(
        turned.getvalue(), request_id="t", signatory=home.person(), values=said, at=at
    )
    sealed = core.seal(
        signed.pdf, request_id="u", signatory=home.organisation(), values=said, at=at
    )
    assert verify(sealed.pdf).verdict == Verdict.VALID
