"""The answers, the directory, the catalogues and the search."""

import datetime as dt
import re

import pytest

from content import check, sentences
from content.answers import ContentError, Library, read_answer
from content.directory import Directory, UnknownPlaceholder
from content.intents import intents, intents_with_text
from content.languages import LANGUAGES, from_phone, named_in
from scripts.messages import collected


def test_the_repositorys_content_has_no_finding():
    by_time = ("expired", "expires_soon")  # what the mere passing of days brings
    assert [str(f) for f in check.check_content() if f.kind not in by_time] == []


def test_a_file_without_front_matter_names_its_line(tmp_path):
    path = tmp_path / "x.md"
    path.write_text("---\ntitle: [\n---\nbody\n")
    with pytest.raises(ContentError, match=r"x\.md:\d"):
        read_answer(path)


def test_no_answer_shows_the_number_that_does_not_work_here(library):
    for answer in (a for code in LANGUAGES for a in library.of_language(code)):
        assert not re.search(r"(?<!\d)112(?!\d)", library.html(answer.id, answer.language))


def test_facts_without_source_date_or_leave_are_never_shown():
    fact = {"value": "1", "source": "s", "checked": dt.date(2026, 1, 1), "publish": True}
    for lack in ("source", "checked", "publish", "value"):
        entry = {k: v for k, v in fact.items() if k != lack}
        with pytest.raises(UnknownPlaceholder):
            Directory({"numbers": {"x": entry}, "organisations": {}}).value("number.x", "en")
    assert Directory({"numbers": {"x": fact}}).value("number.x", "en") == "1"


def test_every_published_fact_has_a_source_and_a_day():
    data = Directory.load()._data
    facts = list(data["numbers"].values())
    for entry in data["organisations"].values():
        facts += [v for v in entry.values() if isinstance(v, dict) and "value" in v]
    for fact in facts:
        if fact["publish"]:
            assert fact["source"] and fact["checked"] and fact["confidence"] == "stated"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("I am in Lipa now", "lipa"),
        ("ana f usivak", "usivak"),
        ("زه په لیپا کې یم", "lipa"),
        ("نحن في بيهاتش", "bihac"),
        ("Je suis à Blažuj", "blazuj"),
        ("nothing named", None),
    ],
)
def test_places_are_known_as_people_write_them(library, text, place):
    found = library.directory.named_in(text)
    assert (found.id if found else None) == place


def test_every_fixed_sentence_is_translated_with_its_fields_in_all_languages():
    wanted = [str(m.id) for m in collected() if m.id]
    assert len(wanted) > 100
    for code in LANGUAGES:
        if code == "en":
            continue
        catalogue = sentences._catalogue(code)
        for message in wanted:
            assert catalogue.get(message), f"{code}: {message!r} is not translated"
            fields = set(re.findall(r"\{\w+\}", message))
            assert set(re.findall(r"\{\w+\}", catalogue[message])) == fields, f"{code}: {message!r}"


def test_dates_and_numbers_are_written_as_people_do_with_western_digits():
    for code in LANGUAGES:
        assert re.search(r"\b7\b", sentences.day(code, dt.date(2026, 3, 7)))
        assert re.fullmatch(r"1.?234", sentences.number(code, 1234))


def test_phone_languages_lead_to_ours():
    assert [from_phone(tag) for tag in ("fa-AF", "prs", "pus", "fr_CA", "de", None, "")] == [
        "fa",
        "fa",
        "ps",
        "fr",
        None,
        None,
        None,
    ]
    assert named_in("Français svp") == "fr" and named_in("hello") is None


def test_the_contract_has_67_intents_and_ten_dangers():
    assert len(intents()) == 67
    assert sum(i.danger for i in intents().values()) == 10
    assert len(intents_with_text()) == 52


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_title_finds_its_own_answer_among_the_first_three(library: Library, code):
    search = library.finder.of(code)
    titles = [a for a in library.of_language(code) if a.id in intents_with_text()]
    missed = [a.title for a in titles if a.id not in search.find(a.title)]
    assert len(missed) <= len(titles) * 0.05, missed
    assert search.find("zzzz qqqq") == []
