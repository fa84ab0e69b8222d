"""What a booklet holds: all answers that may be shown, the published contacts, honest marks."""

import datetime as dt
from dataclasses import replace

import pytest

from booklet.contents import Places
from content.answers import Library
from content.directory import Directory
from content.intents import danger_intents, intents_with_text
from content.languages import LANGUAGES
from tests.booklet.conftest import document_of


def ids(document) -> list[str]:
    return [entry.id for section in document.sections for entry in section.entries]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_answer_stands_once_and_dangers_come_first(library: Library, language: str):
    document = document_of(library, language)
    found = ids(document)
    assert sorted(found) == sorted({*intents_with_text(), "staff_rules"})
    assert {entry.id for entry in document.sections[0].entries} == set(danger_intents())
    assert all(
        entry.language == language for section in document.sections for entry in section.entries
    )


def test_drafts_carry_their_mark(library: Library):
    entry = document_of(library, "en").sections[1].entries[0]
    note = "".join(run.text for run in entry.note)
    assert note == "As of 22 November 2026 · Not yet checked by a specialist. Please ask staff."


def test_where_only_reviewed_texts_are_served_drafts_are_left_out_but_not_emergencies(
    answers: dict, facts: dict
):
    reviewed = {
        key: replace(answer, status="reviewed") if key[1] == "food" else answer
        for key, answer in answers.items()
    }
    document = document_of(Library(reviewed, Directory(facts)), "fa", only_reviewed=True)
    assert set(ids(document)) == {*danger_intents(), "staff_rules", "food"}


def test_an_expired_text_says_so(library: Library):
    later = document_of(library, "en", today=dt.date(2028, 1, 1))
    note = "".join(run.text for run in later.sections[1].entries[0].note)
    assert "This text may be out of date" in note


def test_contacts_are_the_published_ones_only(library: Library):
    contacts = document_of(library, "ur").contacts
    values = {value for contact in contacts for _way, _called, value in contact.ways}
    assert {"+387 33 955 200", "1265", "1264", "rcsbh.org"} <= values
    # known, but not to be published
    assert not {"0800 222 25", "iomsjjmission@iom.int", "+387 33 707 100"} & values


def test_a_latin_name_stands_beside_the_own_one(library: Library):
    names = ["".join(run.text for run in c.name) for c in document_of(library, "fa").contacts]
    assert "سازمان واشا پراوا · Vaša prava" in names


def test_without_an_address_of_the_chat_there_is_no_code(library: Library):
    assert document_of(library, "en", places=Places()).links == ()
