"""Files that people send: told by their content, pictures written anew."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from actions.files import MOST, FileRefused, check
from tests.support.pictures import OGG, PDF, photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_place_and_camera_are_gone_from_pictures(kind):
    sent = photo(kind)
    assert b"Camera-of-somebody" in sent
    kept = check(sent)
    assert kept.kind == "photo" and b"Camera" not in kept.data
    with Image.open(io.BytesIO(kept.data)) as picture:
        assert not picture.getexif() and picture.size == (40, 30)


def test_a_large_picture_is_made_smaller():
    with Image.open(io.BytesIO(check(photo(size=(5000, 100))).data)) as picture:
        assert picture.size == (2560, 51)


def test_what_is_see_through_stays_so():
    written = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(written, "PNG")
    assert check(written.getvalue()).media_type == "image/png"


@pytest.mark.parametrize(
    ("data", "kind", "media_type"),
    [
        (OGG, "voice", "audio/ogg"),
        (b"ID3\x04" + bytes(30), "voice", "audio/mpeg"),
        (b"\xff\xfb\x90" + bytes(30), "voice", "audio/mpeg"),
        (bytes(4) + b"ftypM4A " + bytes(30), "voice", "audio/mp4"),
        (PDF, "document", "application/pdf"),
    ],
)
def test_voice_and_documents_stay_as_they_are(data, kind, media_type):
    kept = check(data)
    assert (kept.kind, kept.media_type, kept.data) == (kind, media_type, data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(20),
        bytes(4) + b"ftypisom" + bytes(30),  # a video
        b"MZ" + bytes(60),
        photo()[:200],
    ],
)
def test_everything_else_is_refused(data):
    with pytest.raises(FileRefused) as error:
        check(data)
    assert error.value.why == "type"


def test_too_many_bytes_or_pixels_are_refused():
    with pytest.raises(FileRefused) as error:
        check(PDF + bytes(MOST))
    assert error.value.why == "size"
    huge = io.BytesIO()
    Image.new("1", (10_000, 7_000)).save(huge, "PNG")
    with pytest.raises(FileRefused) as error:
        check(huge.getvalue())
    assert error.value.why == "size"


@given(
    head=st.sampled_from(
        [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"OggS", b""]
    ),
    rest=st.binary(max_size=200),
)
def test_no_bytes_do_more_than_being_refused(head, rest):
    with contextlib.suppress(FileRefused):
        check(head + rest)
