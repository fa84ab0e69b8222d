"""The counsellors' ready replies: the file, the search and the filling in."""

import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from content.canned_replies import (
    GROUPS,
    REPLIES,
    VALUES,
    CannedRepliesError,
    canned_replies,
    fill,
    read_replies,
    search,
    unfilled,
)
from content.check import CONTENT, check_content
from content.directory import Directory
from content.languages import LANGUAGES

FIRST_PAGE = 8
DIRECTORY = Directory.load()
KEYWORDS = [(one.id, keyword) for one in canned_replies().values() for keyword in one.keywords]


@pytest.fixture
def rows() -> list[dict]:
    return yaml.safe_load(REPLIES.read_text(encoding="utf-8"))["replies"]


def written(folder: Path, rows: object) -> Path:
    path = folder / REPLIES.name
    path.write_text(yaml.safe_dump({"replies": rows}, allow_unicode=True), encoding="utf-8")
    return path


def test_the_repositorys_replies_are_of_every_group():
    assert {one.group for one in canned_replies().values()} == set(GROUPS)


def change(rows: list[dict], what: str) -> None:
    hello, read = rows[0], rows[1]
    match what:
        case "language is missing":
            del read["text"]["ps"]
        case "same id":
            read["id"] = hello["id"]
        case "group must be":
            read["group"] = "other"
        case "no keywords":
            read["keywords"] = []
        case "an empty one":
            read["keywords"] = ["…"]
        case "characters, at most":
            read["text"]["ur"] = "ا" * 601
        case "not the same placeholders":
            read["text"]["fr"] += " {time}"
        case "a brace stands alone":
            read["text"]["ar"] += " }"
        case "may only open":
            for code in read["text"]:
                read["text"][code] += " {name}"
        case "is no placeholder":
            for code in read["text"]:
                read["text"][code] += " {place}"
        case "no such fact":
            for code in read["text"]:
                read["text"][code] += " {number.moon}"
        case "not to be published":
            for code in read["text"]:
                read["text"][code] += " {org.iom.email}"
        case "not everything is text":
            read["keywords"] = "hello"
        case "not a list":
            del read["when"]


@pytest.mark.parametrize(
    "what",
    [
        "language is missing",
        "same id",
        "group must be",
        "no keywords",
        "an empty one",
        "characters, at most",
        "not the same placeholders",
        "a brace stands alone",
        "may only open",
        "is no placeholder",
        "no such fact",
        "not to be published",
        "not everything is text",
        "not a list",
    ],
)
def test_a_seeded_error_is_named(tmp_path, rows, what):
    change(rows, what)
    with pytest.raises(CannedRepliesError, match=what):
        read_replies(written(tmp_path, rows), DIRECTORY)


@pytest.mark.parametrize("text", ["", "replies: 3", "- a", "replies: [a]", "replies: {"])
def test_a_file_that_is_no_list_is_named(tmp_path, text):
    path = tmp_path / REPLIES.name
    path.write_text(text)
    with pytest.raises(CannedRepliesError, match="not a list of replies"):
        read_replies(path, DIRECTORY)


@pytest.mark.parametrize(
    ("language", "added", "message"),
    [
        ("fa", "ك", "another language's keyboard"),
        ("ps", "۱", "Western digits"),
        ("en", "033 955 200", "typed by hand"),
        ("ur", "{", "a brace stands alone"),
    ],
)
def test_the_content_check_finds_an_error_in_the_replies(tmp_path, rows, language, added, message):
    shutil.copy(CONTENT / "directory.yml", tmp_path)
    rows[3]["text"][language] += " " + added
    path = written(tmp_path, rows)
    found = [f for f in check_content(tmp_path) if f.path == path]
    assert [f for f in found if message in str(f)] == found
    assert len(found) == 1


def test_the_content_check_misses_a_file_that_is_not_there(tmp_path):
    shutil.copy(CONTENT / "directory.yml", tmp_path)
    assert any(f.path.name == REPLIES.name for f in check_content(tmp_path))


@given(st.text(), st.sampled_from(list(LANGUAGES)))
def test_any_search_gives_replies_each_once(text, language):
    found = [one.id for one in search(text, language)]
    assert len(found) == len(set(found))
    assert set(found) <= set(canned_replies())


@given(st.sampled_from(KEYWORDS), st.sampled_from(list(LANGUAGES)), st.booleans())
def test_a_keyword_is_found_on_the_first_page(row, language, shouted):
    reply, keyword = row
    text = keyword.upper() if shouted else keyword
    assert reply in [one.id for one in search(text, language)][:FIRST_PAGE]


@given(st.sampled_from(list(canned_replies().values())), st.sampled_from(list(LANGUAGES)))
def test_a_reply_is_found_first_by_its_own_words(reply, language):
    text = fill(reply, language, {})[0]
    assert search(text, language)[0].id == reply.id


def test_without_words_all_are_shown_as_in_the_file():
    assert search(" … ", "en") == list(canned_replies().values())


@pytest.mark.parametrize(
    ("typed", "reply"),
    [
        ("azil", "no_decision"),
        ("kamp", "in_centre"),
        ("ljek", "call_ambulance"),
        ("hrana", "referral_consent"),
        ("cekanje", "sorry_wait"),
        ("SIFRA", "no_documents"),
        ("desole", "sorry_wait"),
        ("polic", "call_police"),
        ("suicid", "very_bad"),
        ("خداحافظ", "goodbye"),
        ("كاغذ", "photo"),  # an Arabic kaf, where Farsi, Pashto and Urdu have their own
        ("محامو", "lawyer"),
    ],
)
def test_staff_find_a_reply_as_they_type(typed, reply):
    assert reply in [one.id for one in search(typed, "ar")][:4]


def test_a_keyword_comes_before_a_word_of_the_texts():
    assert search("police", "en")[0].id == "call_police"


def test_nothing_is_found_for_a_word_that_no_reply_has():
    assert search("xylophone", "en") == []


EVERYTHING = dict.fromkeys(VALUES, "Ana")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_with_all_values_misses_nothing(language):
    for reply in canned_replies().values():
        text, missing = fill(reply, language, EVERYTHING)
        assert missing == []
        assert "{" not in text
        assert unfilled(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_named_and_stays_in_the_text(language):
    text, missing = fill(canned_replies()["go_there"], language, {"centre": "Lipa", "hours": " "})
    assert "Lipa" in text
    assert sorted(missing) == ["hours", "organisation"]
    assert unfilled(text) == [f"{{{one}}}" for one in missing]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_reads_well_without_a_name(language):
    for reply in canned_replies().values():
        text, missing = fill(reply, language, {"name": " "})
        assert "name" not in missing
        assert text[0] not in "{,، "
        assert not text[0].islower()


def test_a_name_opens_the_reply():
    goodbye = canned_replies()["goodbye"]
    assert fill(goodbye, "en", {"name": "Ana"})[0].startswith("Ana, goodbye")
    assert fill(goodbye, "en", {})[0].startswith("Goodbye")
    assert fill(goodbye, "ur", {"name": "آنا"})[0].startswith("آنا، ")


@given(st.text())
def test_a_value_is_text_and_is_not_filled_itself(value):
    text, missing = fill(canned_replies()["hello"], "en", {"counsellor": "{number.police}" + value})
    assert "{number.police}" in text
    assert missing == []


def test_numbers_come_from_the_directory_alone():
    police = canned_replies()["call_police"]
    text, missing = fill(police, "en", {"number.police": "999"})
    assert DIRECTORY.number("police") in text
    assert "999" not in text
    assert missing == []


def test_a_number_that_is_no_longer_published_is_missing():
    text, missing = fill(canned_replies()["call_police"], "en", {}, Directory({"numbers": {}}))
    assert missing == ["number.police"]
    assert "{number.police}" in text
