"""Pictures at the door: what they are, how large they may be, and what remains of them."""

import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django.fixtures import Settings

from kotisatama.documents import actions, jpeg, pictures
from kotisatama.documents.tests.test_pdf import photograph
from kotisatama.kernel.errors import NotAllowed


def written(picture: Image.Image, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def a_png_that_claims(width: int, height: int) -> bytes:
    """A few bytes that say they are a huge picture, and unpack to as much as they can."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_the_place_and_the_device_are_gone_and_the_picture_stands_upright() -> None:
    data = photograph()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(0x8825)
    result = pictures.rewrite(data)
    picture = Image.open(io.BytesIO(result))
    assert (picture.format, picture.size) == ("JPEG", (20, 40))
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Fatima" not in result
    assert b"my home" not in result


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_kind_becomes_a_jpeg(kind: str) -> None:
    result = pictures.rewrite(written(Image.new("RGB", (30, 20), "teal"), kind))
    assert Image.open(io.BytesIO(result)).format == "JPEG"


def test_what_is_hidden_behind_the_picture_is_gone() -> None:
    result = pictures.rewrite(written(Image.new("RGB", (30, 20))) + b"<script>swordfish</script>")
    assert b"swordfish" not in result


def test_transparent_parts_become_white() -> None:
    result = Image.open(io.BytesIO(pictures.rewrite(written(Image.new("RGBA", (30, 20), (0, 0, 0, 0))))))
    assert result.getpixel((10, 10)) == (255, 255, 255)


def test_a_large_picture_becomes_smaller_in_its_own_proportions() -> None:
    result = Image.open(io.BytesIO(pictures.rewrite(written(Image.new("L", (4800, 1200)), "JPEG"))))
    assert result.size == (2400, 600)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_000_000_000, 2_000_000_000), (60_000_001, 1), (20_000, 4_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(NotAllowed, match="too many pixels"):
        actions.keep_upload(SimpleUploadedFile("x.png", a_png_that_claims(*size)), holder="1" * 64)


@pytest.mark.parametrize(
    "data",
    [
        a_png_that_claims(0, 10),
        a_png_that_claims(500, 500)[:200],
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"BM" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b" %PDF-1.4",
    ],
)
def test_whatever_is_no_picture_is_refused_whatever_it_is_called(data: bytes) -> None:
    with pytest.raises(NotAllowed, match="not a picture or a PDF"):
        actions.keep_upload(SimpleUploadedFile("x.jpg", data, content_type="image/jpeg"), holder="1" * 64)


def test_a_file_over_the_limit_is_refused_before_it_is_read(settings: Settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000_000
    with pytest.raises(NotAllowed, match="at most 1 MB"):
        actions.keep_upload(SimpleUploadedFile("x.pdf", b"%PDF-" + bytes(1_000_000)), holder="1" * 64)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\x00\x00" * 3, b"\x89PNG"])
def test_a_head_that_cannot_be_followed_is_left_as_it_is(data: bytes) -> None:
    assert jpeg.without_metadata(data) == data
