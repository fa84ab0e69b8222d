"""How a text stands between its file, what is published and what is being edited."""

from dataclasses import replace

import pytest
from fastapi import HTTPException

from console.content_form import changes
from console.content_texts import Texts
from content.languages import LANGUAGES
from content.overlay import of_answer
from content.source_hash import source_hash
from store import versions
from store.tables import today


@pytest.fixture
def in_files(library):
    return {(code, a.id): a for code in LANGUAGES for a in library.of_language(code)}


async def put_in_force(db, texts, thing, **fields):
    """Write a text on top of what is in force, and publish it."""
    standing = await texts.standing(db, thing)
    body = (standing.latest or {}) | fields
    row = await versions.save(db, thing, body, base=standing.base, edits=standing.edits, by="ana")
    await versions.ask_review(db, row)
    await versions.publish(db, row, "emir", today(), edits=row.edits)
    return body


async def test_a_file_that_changes_under_what_is_published_is_told(
    each_database, library, keys, in_files
):
    texts, answer = Texts(library, keys, in_files), in_files["fa", "food"]
    thing = texts.thing("fa", "food")
    async with each_database.transaction() as db:
        before = await texts.standing(db, thing)
        assert before.in_force == before.in_file == of_answer(answer) and before.edits == 0
        first = await put_in_force(db, texts, thing, title="غذای یک")
        second = await put_in_force(db, texts, thing, title="غذای دو")
        standing = await texts.standing(db, thing)
        assert standing.in_force == second and not standing.file_changed

        def with_file(title: str) -> Texts:
            return Texts(library, keys, in_files | {("fa", "food"): replace(answer, title=title)})

        assert (await with_file("غذای سه").standing(db, thing)).file_changed
        # the file says what is published
        assert not (await with_file("غذای دو").standing(db, thing)).file_changed
        # a text that is made over the new file knows it
        await put_in_force(db, with_file("غذای سه"), thing, title="غذای چهار")
        assert not (await with_file("غذای سه").standing(db, thing)).file_changed
        await versions.undo(db, thing, "ana", "wrong")
        await versions.undo(db, thing, "ana", "wrong")
        assert (await texts.standing(db, thing)).in_force == first


async def test_what_changed_in_english_is_known_from_the_file_and_from_versions(
    each_database, library, keys, in_files
):
    texts = Texts(library, keys, in_files)
    english, farsi = texts.thing("en", "food"), texts.thing("fa", "food")
    was = in_files["en", "food"]
    async with each_database.transaction() as db:
        body = await put_in_force(db, texts, english, title="Meals now")
        standing = await texts.standing(db, farsi)
        library_now = library.with_answer(texts.answer(english, body))
        now = Texts(library_now, keys, in_files)
        changed = now.english_changes(standing, source_hash(was))
        assert [line.text for line in changed.text if line.kind == "added"] == ["Meals now"]
        assert now.english_changes(standing, source_hash(texts.answer(english, body))) is None
        assert now.english_changes(standing, "0" * 12) is None  # nobody knows that text
        assert now.english_changes(standing, None) is None
        assert now.english_changes(await texts.standing(db, english), "0" * 12) is None


async def test_a_file_that_is_not_there_is_missing_and_can_be_written(
    each_database, library, keys, in_files
):
    texts = Texts(library, keys, {k: v for k, v in in_files.items() if k != ("ps", "food")})
    thing = texts.thing("ps", "food")
    async with each_database.transaction() as db:
        standing = await texts.standing(db, thing)
        assert (standing.in_force, standing.base) == (None, None)
        body = of_answer(in_files["ps", "food"])
        await put_in_force(db, texts, thing, **body)
        standing = await texts.standing(db, thing)
        assert standing.in_force == body and not standing.file_changed


def test_only_answers_have_pages(library, keys, in_files):
    texts = Texts(library, keys, in_files)
    for language, intent in (("xx", "food"), ("fa", "greet"), ("", "food"), ("fa", "../food")):
        with pytest.raises(HTTPException) as error:
            texts.thing(language, intent)
        assert error.value.status_code == 404
    assert {texts.thing("fa", intent).key for intent in texts.ids} == set(texts.ids)


def test_sources_and_related_topics_are_compared_apart_from_the_text(in_files):
    body = of_answer(in_files["fa", "food"])
    found = changes(body, body | {"sources": ["Another"]})
    assert found.any and found.beside_differs and not found.text_differs
    assert not changes(body, dict(body)).any
    assert changes(None, body).text_differs
