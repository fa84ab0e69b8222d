"""The pictures: drawn without text, with the directory's numbers or not at all."""

import copy
import io
import re
import shutil
import xml.etree.ElementTree as ET

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from content.answers import CONTENT
from content.check import check_content
from content.directory import Directory
from content.drawing import DRAWINGS, PictureSource, drawing, numbers_of, size_of
from content.languages import LANGUAGES
from content.pictures import DELICATE, PICTURES, PicturesError, pictures, read_pictures, shown_with

NAMES = sorted(path.stem for path in DRAWINGS.glob("*.svg"))
DATA = yaml.safe_load((CONTENT / "directory.yml").read_text(encoding="utf-8"))


def directory_with(**numbers: object) -> Directory:
    """The project's directory with other police numbers or publication."""
    data = copy.deepcopy(DATA)
    data["numbers"]["police"] |= numbers
    return Directory(data)


def numbers_in(svg: str) -> list[str]:
    return [e.get("data-number") for e in ET.fromstring(svg).iter() if e.get("data-number")]


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_holds_shapes_only(name, library):
    root = ET.fromstring(drawing(name, library.directory))
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {
        "svg",
        "g",
        "rect",
        "path",
        "polyline",
        "polygon",
        "circle",
        "ellipse",
        "clipPath",
    }
    assert "".join(root.itertext()).strip() == ""
    assert root.get("viewBox").split()[2] == "360"


@pytest.mark.parametrize("name", NAMES)
async def test_a_picture_is_light_and_as_wide_as_two_small_phones(name, library):
    file = await PictureSource(library.directory)(f"{name}.png")
    assert file.media_type == "image/png" and len(file.data) <= 60 * 1024
    with Image.open(io.BytesIO(file.data)) as image:
        assert image.format == "PNG" and image.size == size_of(name) and image.width == 720
        # not empty: ink on paper
        low, high = image.convert("L").getextrema()
    assert low < 60 and high == 255


async def test_what_was_prepared_is_not_drawn_again(library, monkeypatch):
    source = PictureSource(library.directory)
    await source.prepare()
    monkeypatch.setattr("content.drawing.png", None)  # drawing again would fail
    assert all([await source(f"{name}.png") for name in NAMES])


def test_every_drawing_is_used_and_every_used_one_is_there():
    assert sorted({one.id for some in pictures().values() for one in some}) == NAMES


def test_delicate_answers_have_no_picture():
    assert not DELICATE & set(pictures())


@pytest.mark.parametrize("language", LANGUAGES)
def test_alt_texts_have_their_numbers_and_western_digits(language, library):
    for intent in pictures():
        for picture, alt in shown_with(intent, language, library.directory):
            assert "{" not in alt and not re.search("[٠-٩۰-۹]", alt)
            assert len(alt) <= 400
            for key in numbers_of(picture.id):
                assert library.directory.value(key, "en") in alt


def test_the_numbers_of_a_picture_are_those_of_the_directory():
    wanted = [DATA["numbers"][k]["value"] for k in ("ambulance", "police", "civil_protection")]
    assert numbers_in(drawing("call_help", Directory(DATA))) == [*wanted, "123"]


async def test_an_edited_number_changes_the_picture():
    directory = directory_with()
    source = PictureSource(directory)
    before = await source("call_help.png")
    assert (await source("call_help.png")).digest == before.digest
    directory.replace(directory_with(value="129").data)
    after = await source("call_help.png")
    assert after.digest != before.digest
    assert "129" in numbers_in(drawing("call_help", directory))


@pytest.mark.parametrize("edit", [{"publish": False}, {"source": ""}, {"value": "122 / 129"}])
async def test_without_a_sure_number_the_picture_is_left_out(edit):
    directory = directory_with(**edit)
    assert await PictureSource(directory)("call_help.png") is None
    shown = shown_with("medical_emergency", "en", directory)
    assert [picture.id for picture, _alt in shown] == ["first_aid"]


@given(st.text(alphabet="0123456789+ ", min_size=1, max_size=20).filter(str.strip))
def test_any_telephone_number_is_drawn_sign_by_sign(number):
    svg = drawing("call_help", directory_with(value=number))
    # one of the other numbers may be the same
    group = next(e for e in ET.fromstring(svg).iter() if e.get("data-number") == number)
    assert sum(e.tag.endswith("path") for e in group.iter()) == len(number.replace(" ", ""))


@given(st.text(max_size=20))
def test_no_other_sign_gets_into_a_drawing(number):
    svg = drawing("call_help", directory_with(value=number))
    if set(number) - set("0123456789+ "):
        assert svg is None


@pytest.mark.parametrize(
    "name", ["", "x.png", "../pictures/river.png", "river.svg", "river", "é.png"]
)
async def test_nothing_else_is_given(name, library):
    assert await PictureSource(library.directory)(name) is None


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("      ps:", "      xx:", "no alt text in ps"),
        ("  river:\n    alt", "  lake:\n    alt", "no drawing pictures/lake.svg"),
        ("  rescue: [", "  gbv: [", "delicate"),
        ("  rescue: [", "  rescued: [", "no intent"),
        ("\nanswers:", "\nanswer:", "not as described at its head: 'answers'"),
        ("\nanswers:", "\nanswers: [", "pictures.yml: while parsing"),
        ("[call_help, river]", "[call_help, sea]", "no picture sea"),
        ("[call_help, river]", "[call_help, river, mine_stop]", "more than 2"),
    ],
)
def test_a_broken_list_says_what_is_wrong(tmp_path, old, new, says):
    shutil.copytree(DRAWINGS, tmp_path / "pictures")
    text = PICTURES.read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "pictures.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PicturesError, match=says):
        read_pictures(tmp_path / "pictures.yml")


def test_the_content_check_names_a_picture_whose_number_is_unknown(tmp_path):
    copied = shutil.copytree(CONTENT, tmp_path / "content")
    path = copied / "pictures.yml"
    text = path.read_text(encoding="utf-8").replace("{number.police}", "{number.polic}", 1)
    path.write_text(text, encoding="utf-8")
    [finding] = check_content(copied)
    assert finding.path == path and "number.polic" in finding.message
