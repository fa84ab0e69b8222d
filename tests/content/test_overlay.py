"""What is published lies over the files."""

import copy
import datetime as dt

import pytest

from content.answers import Library, read_answers
from content.directory import Directory, DirectoryError
from content.overlay import Published, digest, fact_at, of_answer, of_fact, overlaid, to_fact

UNTIL = dt.date(2027, 5, 1)


@pytest.fixture
def files():
    return read_answers(), Directory.load().data


def new_number(facts, value="+387 33 000 111"):
    body = of_fact(fact_at(facts, "organisations.iom.phone")) | {"value": value}
    return Published("fact", "organisations.iom.phone", "", body)


def test_a_number_is_another_in_every_answer_that_names_it(files):
    answers, facts = files
    library = Library(answers, Directory(copy.deepcopy(facts)))
    old = fact_at(facts, "organisations.iom.phone")["value"]
    naming = [key for key in answers if old in library.html(key[1], key[0])]
    assert {language for language, _intent in naming} == {"ar", "fa", "ps", "ur", "fr", "en"}
    held = library.directory
    library.replace(*overlaid(answers, facts, [new_number(facts)]))
    assert library.revision == 1 and library.directory is held
    for language, intent in naming:
        html = library.html(intent, language)
        assert "+387 33 000 111" in html and old not in html
    assert fact_at(facts, "organisations.iom.phone")["value"] == old  # the files' own stay


def test_a_published_answer_is_reviewed_until_the_reviewers_day(files):
    answers, facts = files
    body = of_answer(answers["fa", "food"]) | {"body": "نان در سالن است."}
    laid, _facts = overlaid(answers, facts, [Published("answer", "food", "fa", body, UNTIL)])
    answer = laid["fa", "food"]
    assert (answer.status, answer.valid_until, answer.body) == (
        "reviewed",
        UNTIL,
        "نان در سالن است.",
    )
    assert laid["en", "food"] is answers["en", "food"]


def test_nothing_changes_if_an_answer_could_not_be_shown(files):
    answers, facts = files
    library = Library(answers, Directory(copy.deepcopy(facts)))
    before = library.html("food", "en")
    hidden = new_number(facts).body | {"publish": False}
    one = Published("fact", "organisations.iom.phone", "", hidden)
    with pytest.raises(DirectoryError):
        library.replace(*overlaid(answers, facts, [one]))
    assert (library.revision, library.html("food", "en")) == (0, before)
    assert library.directory.published("org.iom.phone", "en")


def test_a_body_is_the_same_there_and_back(files):
    answers, facts = files
    fact = fact_at(facts, "numbers.police")
    assert to_fact(of_fact(fact)) == fact
    assert digest(of_answer(answers["en", "food"])) == digest(of_answer(answers["en", "food"]))
    assert digest(of_answer(answers["en", "food"])) != digest(of_answer(answers["fr", "food"]))
    assert fact_at(facts, "numbers.nobody") is None and fact_at(facts, "numbers") is None
