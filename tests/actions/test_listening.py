"""Recorded answers in the conversation and on Telegram's side of the shelf."""

import copy

import pytest

from actions.voices import Voices
from bot.conversation.desk import Desk, LocalLocks
from bot.conversation.nlu_client import NluClient
from content.answers import Library, read_answers
from content.directory import Directory
from content.media import Shelf
from content.overlay import Published, fact_at, of_fact, overlaid
from content.spoken import spoken_hash
from store.content_state import revision
from store.recordings import RecordingError, add_recording, approve, sound_of, withdraw
from tests.support.nlu import ScriptedNlu
from tests.support.talk import Talk


@pytest.fixture
def library() -> Library:
    """A library of its own: these tests change it."""
    return Library(read_answers(), Directory(copy.deepcopy(Directory.load().data)))


async def recorded(database, library, intent="food", language="ur", by="ana"):
    async with database.transaction() as session:
        return await add_recording(
            session,
            intent=intent,
            language=language,
            made_from=spoken_hash(library, intent, language),
            data=b"OggS a voice",
            seconds=12.3,
            by=by,
        )


async def approved(database, library, intent="food", language="ur"):
    row = await recorded(database, library, intent, language)
    async with database.transaction() as session:
        row = await session.merge(row)
        await approve(session, row, "emir", spoken_hash(library, intent, language))
    return row


async def test_a_second_person_must_listen(each_database, library):
    row = await recorded(each_database, library)
    async with each_database.transaction() as session:
        row = await session.merge(row)
        now = spoken_hash(library, "food", "ur")
        with pytest.raises(RecordingError, match="second person"):
            await approve(session, row, "ana", now)
        with pytest.raises(RecordingError, match="has changed"):
            await approve(session, row, "emir", "0" * 16)
        await approve(session, row, "emir", now)
        with pytest.raises(RecordingError, match="no longer waits"):
            await approve(session, row, "emir", now)
        assert await revision(session) == 1
        assert await sound_of(session, row.id, "approved") == b"OggS a voice"
        await withdraw(session, row)
        assert await sound_of(session, row.id, "new", "approved") is None


async def test_a_later_recording_takes_the_place_of_the_one_before(each_database, library):
    first = await approved(each_database, library)
    second = await approved(each_database, library)
    voices = Voices()
    await voices.load(each_database)
    assert voices.of(library, "food", "ur") == second.id != first.id


@pytest.fixture
async def heard(database, library, keys):
    """A person's talk in Urdu where answers are recorded; the voices and the shelf."""
    voices, shelf, nlu = Voices(), Shelf(), ScriptedNlu()
    shelf.add("recording", voices.source(database))
    for intent in ("food", "medical_emergency"):
        await approved(database, library, intent)
    await voices.load(database)
    client = NluClient("http://nlu.test", transport=nlu.transport)
    desk = Desk(
        database, library, keys, client, LocalLocks(), operator="x", voices=voices, shelf=shelf
    )
    person = Talk(desk, "1")
    await person.presses("start", language="ur")
    yield person, voices, shelf
    await client.close()


def values(reply) -> list[str]:
    return [choice.value for choice in reply.choices]


def voices_in(reply) -> list:
    return [media for media in reply.media if media.kind == "voice"]


async def test_listen_is_offered_where_there_is_a_recording(heard):
    person, _voices, shelf = heard
    [food] = await person.presses("ask:food")
    assert "aud:food" in values(food) and not food.media
    [voice] = await person.presses("aud:food")
    [media] = voice.media
    assert (media.kind, voice.content, voice.route) == ("voice", "food", "answer")
    file = await shelf.open(media.id)
    assert (file.data, file.media_type) == (b"OggS a voice", "audio/ogg")
    [asylum] = await person.presses("ask:asylum_apply")
    assert "aud:asylum_apply" not in values(asylum)
    await person.presses("lang:fa")
    [food] = await person.presses("ask:food")
    assert "aud:food" not in values(food)


async def test_in_danger_the_text_comes_first_and_the_voice_keeps_the_mark(heard):
    person, _voices, _shelf = heard
    [page] = await person.presses("ask:medical_emergency")
    assert page.danger == "sure" and not voices_in(page)
    assert values(page).index("person:danger") < values(page).index("aud:medical_emergency")
    [voice] = await person.presses("aud:medical_emergency")
    assert voice.danger == "sure" and voices_in(voice)


async def test_a_recording_with_an_old_number_is_not_offered(heard):
    person, voices, _shelf = heard
    library = person.desk.library
    facts = library.directory.data
    body = of_fact(fact_at(facts, "numbers.ambulance")) | {"value": "194"}
    one = Published("fact", "numbers.ambulance", "", body)
    library.replace(*overlaid(read_answers(), facts, [one]))
    [page] = await person.presses("ask:medical_emergency")
    assert "194" in page.text and "aud:medical_emergency" not in values(page)
    [late] = await person.presses("aud:medical_emergency")  # an old message's button
    assert not voices_in(late) and "194" in late.text and late.danger == "sure"
    [food] = await person.presses("ask:food")
    assert ("aud:food" in values(food)) == (voices.of(library, "food", "ur") is not None)


async def test_an_unknown_button_is_answered(heard):
    person, _voices, shelf = heard
    [reply] = await person.presses("aud:nothing")
    assert not reply.media and reply.choices
    assert await shelf.open("recording.nothing.ogg") is None
    assert await shelf.open("recording.../../secret") is None


async def test_a_fault_in_pictures_or_recordings_costs_no_emergency_text(heard, monkeypatch):
    person, _voices, _shelf = heard

    def broken(*_anything):
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("actions.pictures.shown_with", broken)
    monkeypatch.setattr("actions.voices.spoken_hash", broken)
    [page] = await person.presses("ask:medical_emergency")
    assert page.danger == "sure" and page.content == "medical_emergency" and "124" in page.text
    assert not page.media and "aud:medical_emergency" not in values(page)
