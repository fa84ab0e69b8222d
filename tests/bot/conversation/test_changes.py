"""What changed because of what people said, as people read it."""

import datetime as dt

import pytest

from content.languages import LANGUAGES
from content.markup import LRI, PDI
from content.sentences import month, sentence
from store.database import Database
from store.tables import ChangeRow
from tests.bot.conversation.test_conversation import values

MARCH = dt.date(2026, 3, 1)


async def publish(desk, words: str, /, **more):
    """Write an entry; published unless said otherwise."""
    usual = {"month": MARCH, "state": "published", "written_by": "ana"}
    texts = {"said": {"en": words}, "did": {"en": f"done about {words}"}}
    async with desk.database.transaction() as session:
        session.add(ChangeRow(**(usual | texts | more)))


def order(text: str, *words: str) -> list[str]:
    """The words that stand in a text, in its order."""
    return sorted((word for word in words if word in text), key=text.index)


async def test_the_button_stands_under_feedback_and_leads_to_an_honest_sentence_while_empty(talk):
    [feedback] = await talk.presses("fb")
    assert values(feedback)[-2:] == ["chg", "menu"]
    [empty] = await talk.presses("chg")
    assert "Nothing is written here yet" in empty.text and values(empty) == ["fb", "menu"]


async def test_only_published_entries_are_read(talk, desk):
    await publish(desk, "in the open")
    await publish(desk, "still a draft", state="draft")
    await publish(desk, "taken back", state="withdrawn")
    [reply] = await talk.presses("chg")
    assert "You said: in the open" in reply.text and "What we did: done about" in reply.text
    assert "draft" not in reply.text and "taken back" not in reply.text
    assert "March 2026" in reply.text


async def test_those_of_the_persons_centre_come_first_then_the_newest_a_handful_at_a_time(
    talk, desk
):
    await publish(desk, "one!", centre="lipa", month=dt.date(2026, 1, 1))
    for n, word in enumerate(("two!", "three!", "four!", "five!", "six!"), start=2):
        await publish(desk, word, month=dt.date(2026, n, 1))
    words = ("one!", "two!", "three!", "four!", "five!", "six!")
    [reply] = await talk.presses("chg")
    assert order(reply.text, *words) == ["six!", "five!", "four!", "three!"]
    await talk.presses("centre:lipa")
    [reply] = await talk.presses("chg")
    assert order(reply.text, *words) == ["one!", "six!", "five!", "four!"]
    assert values(reply)[0] == "chg:1"
    [rest] = await talk.presses("chg:1")
    assert order(rest.text, *words) == ["three!", "two!"] and "chg:2" not in values(rest)


@pytest.mark.parametrize("page", ["7", "9999", "x", "-1", "²", "99999999999999999999", ""])
async def test_a_page_that_is_not_there_leads_to_the_first(talk, desk, page):
    await publish(desk, "the soup")
    [reply] = await talk.presses(f"chg:{page}")
    assert "the soup" in reply.text


async def test_what_could_not_be_done_says_why(talk, desk):
    await publish(desk, "more rooms", done=False, did={"en": "the roof is <unsafe>"})
    [reply] = await talk.presses("chg")
    assert "Not done, because: the roof is <unsafe>" in reply.text
    assert "&lt;unsafe&gt;" in reply.html


@pytest.mark.parametrize("code", LANGUAGES)
async def test_each_language_is_read_in_itself_with_numbers_isolated(talk, desk, code):
    await talk.presses(f"lang:{code}")
    said = {"en": "english words"} | {code: f"{LANGUAGES[code].own_name} 061 123 456."}
    did = {"en": "english deed"} | {code: f"{LANGUAGES[code].own_name}!"}
    await publish(desk, "", said=said, did=did)
    [reply] = await talk.presses("chg")
    assert LANGUAGES[code].own_name in reply.text
    assert reply.language == code and "english" not in reply.text
    assert (f"{LRI}061 123 456{PDI}" in reply.html) == (LANGUAGES[code].direction == "rtl")
    plain = reply.text.replace(LRI, "").replace(PDI, "")
    assert month(code, MARCH) in plain and "2026" in plain


@pytest.mark.parametrize("code", ["fa", "fr"])
async def test_a_text_missing_in_a_language_is_shown_in_english_and_says_so(talk, desk, code):
    await talk.presses(f"lang:{code}")
    own = {"en": "The soup is cold.", code: "…"}
    await publish(desk, "", said=own, did={"en": "We bought a stove.\nIt works."})
    [reply] = await talk.presses("chg")
    assert "The soup is cold." in reply.text and "…" not in reply.text
    assert sentence(code, "In English; not yet translated.") in reply.text
    # as a whole left to right inside the right-to-left message, line by line
    isolated = f"{LRI}We bought a stove.{PDI}\n{LRI}It works.{PDI}"
    assert (isolated in reply.html) == (code == "fa")


async def test_without_the_database_it_says_so(talk, desk):
    desk.database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    [honest] = await talk.presses("chg")
    assert "can't open this" in honest.text and "menu" in values(honest)
