"""Desks of counsellors, organisations that can be referred to, and the language of a message."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.desks import desks, read_desks
from content.directory import Directory
from content.languages import LANGUAGES
from content.script import written_in

EVERY = tuple(LANGUAGES)


def test_desks_have_ids_and_names():
    assert desks()["asylum"] and "protection" in desks()


@pytest.mark.parametrize("text", ["- a\n- b", "", "Asylum: x", "asylum:", "asylum: 5", "5: x"])
def test_what_is_no_list_of_desks_is_refused(tmp_path: Path, text: str):
    path = tmp_path / "desks.yml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"desks\.yml"):
        read_desks(path)


def test_only_organisations_with_a_published_contact_can_be_referred_to():
    found = Directory.load().organisations()
    assert found["vasa_prava"]["web"] == "vasaprava.org"
    assert "phone" not in found["vasa_prava"]  # known, but not to be published
    assert "unhcr_info_centre" not in found  # no contact is known


@pytest.mark.parametrize(
    ("text", "spoken", "language"),
    [
        ("میں یہاں ہوں", EVERY, "ur"),
        ("زه دلته یم، مرسته غواړم", EVERY, "ps"),
        ("من اینجا هستم، کمک می‌خواهم", EVERY, "fa"),
        ("أنا هنا وأحتاج المساعدة", EVERY, "ar"),
        ("سلام", ("ps",), "ps"),
        ("سلام", ("ar", "fr"), "ar"),
        ("bonjour", ("ar", "fr"), "fr"),
        ("salam main yahan hun", ("ur",), None),
        ("میں ٹھیک ہوں", (), "ur"),
        ("123", EVERY, None),
        ("", EVERY, None),
    ],
)
def test_the_language_of_a_message_is_told_by_its_letters(text, spoken, language):
    assert written_in(text, spoken) == language


@given(st.text(), st.lists(st.sampled_from(EVERY), unique=True))
def test_a_language_that_is_told_is_always_one_of_ours(text, spoken):
    assert written_in(text, spoken) in {None, *EVERY}
