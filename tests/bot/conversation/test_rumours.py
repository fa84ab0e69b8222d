"""Rumours and search results as people get them in the conversation."""

import datetime as dt

import pytest

from content.languages import LANGUAGES
from content.rumours import Rumour
from content.sentences import day, sentence
from store.database import Database
from store.tables import today
from tests.bot.conversation.test_conversation import values
from tests.content.test_search import HEARD

KNOWN = {
    "en": "It stays open. <b>Ask</b> the staff.",
    "fr": "Il reste ouvert. Demandez au personnel.",
    "ar": "المخيم يبقى مفتوحا. اسأل الموظفين.",
    "fa": "کمپ باز می‌ماند. از کارکنان بپرسید.",
    "ps": "کمپ خلاص پاتې کېږي. له کارکوونکو وپوښتئ.",
    "ur": "کیمپ کھلا رہے گا۔ عملے سے پوچھیں۔",
}
ASKED = {
    "en": "people say usivak is closing?",
    "fr": "le camp usivak ferme ?",
    "ar": "سمعت مخيم اوشيفاك رح يسكر بالشتا",
    "fa": "میگن کمپ اوشیواک بسته میشه",
    "ps": "وایي د اوشیواک کمپ تړل کیږي",
    "ur": "سنا ہے اوشیواک کیمپ بند ہو رہا ہے",
}
ID = "0f" * 16


def usivak(id: str = ID, **more) -> Rumour:
    """A rumour that holds today."""
    usual = {
        "heard": HEARD,
        "known": KNOWN,
        "as_of": today() - dt.timedelta(days=1),
        "valid_until": today(),
        "sources": ("Centre management, by phone",),
    }
    return Rumour(id, **(usual | more))


@pytest.fixture
def board(library, questions):
    """The rumours that people read, with what people ask; both are taken away afterwards."""
    library.finder.learn(questions)
    yield library.rumours
    library.rumours.replace([])
    library.finder.learn({})


@pytest.mark.parametrize("code", LANGUAGES)
async def test_who_asks_about_a_known_rumour_reads_it_before_the_answer(talk, nlu, board, code):
    board.replace([usivak()])
    await talk.presses(f"lang:{code}")
    nlu.reads(ASKED[code], {"rumour_check": 0.9}, language=code)
    [reply] = await talk.says(ASKED[code])
    assert reply.content == "rumour_check" and reply.language == code
    heard, known = reply.text.find(HEARD[code]), reply.text.find(KNOWN[code])
    answer = reply.text.find(talk.desk.library.title("rumour_check", code))
    assert 0 <= heard < known < answer
    plain = reply.text.replace("\u2066", "").replace("\u2069", "")
    for line in (
        sentence(code, "As of {day}", day=day(code, today() - dt.timedelta(days=1))),
        sentence(code, "This holds until {day}. After that, ask again.", day=day(code, today())),
        "Centre management, by phone",
    ):
        assert line in plain
    assert "rum" in values(reply)
    assert "<b>Ask</b>" not in reply.html


async def test_another_rumour_gets_the_answer_and_the_way_to_what_is_known(talk, nlu, board):
    board.replace([usivak()])
    nlu.reads("is it true that the border is open", {"rumour_check": 0.9})
    [reply] = await talk.says("is it true that the border is open")
    assert reply.content == "rumour_check" and "Usivak" not in reply.text
    assert values(reply)[0] == "rum"
    [listed] = await talk.presses("rum")
    assert HEARD["en"] in listed.text and values(listed) == ["fb:type:rumour", "person", "menu"]


async def test_where_nothing_is_published_no_button_leads_nowhere_and_an_old_one_says_so(
    talk, board
):
    [reply] = await talk.presses("ask:rumour_check")
    assert "rum" not in values(reply)
    [empty] = await talk.presses("rum")
    assert "Nothing is written here at the moment" in empty.text
    [form] = await talk.presses("fb:type:rumour")
    assert form.route == "feedback"


async def test_an_expired_rumour_is_shown_nowhere(talk, nlu, board):
    gone = today() - dt.timedelta(days=1)
    board.replace([usivak(as_of=gone, valid_until=gone)])
    nlu.reads(ASKED["en"], {"rumour_check": 0.9})
    for [reply] in (
        await talk.says(ASKED["en"]),
        await talk.presses("rum"),
        await talk.presses(f"rum:{ID}"),
        await talk.presses("ask:rumour_check"),
    ):
        assert "Usivak" not in reply.text and "rum" not in values(reply)


async def test_pages_of_rumours_with_those_of_the_own_centre_first(talk, board):
    rows = [
        usivak(f"{n:032x}", heard={"en": f"rumour {n}!"}, known={"en": "…"}, centre=centre)
        for n, centre in enumerate([None, None, None, "lipa"])
    ]
    board.replace(rows)
    await talk.presses("centre:lipa")
    [first] = await talk.presses("rum")
    assert "rumour 3!" in first.text.split("rumour 0!")[0] and values(first)[0] == "rum:1"
    [second] = await talk.presses("rum:1")
    assert "rumour 2!" in second.text and "rum:2" not in values(second)
    for page in ("7", "x", "-1", "²", "9" * 40):
        [again] = await talk.presses(f"rum:{page}"[:64])
        assert again.text == first.text


async def test_a_rumour_without_the_persons_language_is_read_in_english_and_says_so(talk, board):
    board.replace([usivak(heard={"en": HEARD["en"]}, known={"en": "No."})])
    await talk.presses("lang:ur")
    [reply] = await talk.presses(f"rum:{ID}")
    assert HEARD["en"] in reply.text
    assert sentence("ur", "In English; not yet translated.") in reply.text


@pytest.mark.parametrize("code", LANGUAGES)
async def test_while_the_model_is_down_the_search_finds_a_rumour_and_answers(
    talk, nlu, board, code
):
    board.replace([usivak()])
    await talk.presses(f"lang:{code}")
    nlu.down = True
    [reply] = await talk.says(ASKED[code])
    assert values(reply)[0] == f"rum:{ID}"
    [opened] = await talk.presses(f"rum:{ID}")
    assert HEARD[code] in opened.text


@pytest.mark.parametrize(
    ("code", "asked", "intent"),
    [
        ("en", "i have toothache who can help", "medical_care"),
        ("fr", "jai mal aux dents", "medical_care"),
        ("ar", "سناني بتوجعني", "medical_care"),
        ("ar", "snani bywaj3ouni bdi doctor", "medical_care"),
        ("fa", "دندونم درد میکنه", "medical_care"),
        ("fa", "dandunam dard mikone", "medical_care"),
        ("ps", "غاښ مې خوږېږي", "medical_care"),
        ("ur", "میرے دانت میں درد ہے", "medical_care"),
        ("ur", "mere daant mein dard hai", "medical_care"),
    ],
)
async def test_while_the_model_is_down_dialect_and_latin_letters_find_their_answer(
    talk, nlu, board, code, asked, intent
):
    await talk.presses(f"lang:{code}")
    nlu.down = True
    [reply] = await talk.says(asked)
    assert f"ask:{intent}" in values(reply)[:3]
    [opened] = await talk.presses(f"ask:{intent}")
    assert opened.content == intent


async def test_while_the_model_is_down_danger_comes_first_and_is_found_too(talk, nlu, board):
    nlu.down = True
    [sure] = await talk.says("my friend is bleeding a lot and unconscious")
    assert sure.danger == "sure"
    [reply] = await talk.says("he fell and now there is blood everywhere")
    found = [value for value in values(reply) if value.startswith("ask:")]
    assert "ask:medical_emergency" in found
    [page] = await talk.presses("ask:medical_emergency")
    assert page.danger == "sure"


async def test_the_page_about_staff_opens_from_a_search(talk, nlu, board):
    nlu.down = True
    title = talk.desk.library.title("staff_rules", "en")
    [reply] = await talk.says(title)
    assert "rules" in values(reply) and "ask:staff_rules" not in values(reply)
    [page] = await talk.presses("rules")
    assert title in page.text


async def test_rumours_need_no_database(talk, desk, board):
    board.replace([usivak()])
    desk.database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    [reply] = await talk.presses("rum")
    assert HEARD["en"] in reply.text
