"""What is on today, as people read it, and asking to be told of new notices."""

import datetime as dt

import pytest

from content.languages import LANGUAGES
from content.markup import LRI, PDI
from content.sentences import sentence
from store.local_time import from_local, local
from store.notice_tables import SubscriptionRow
from store.notices.subscriptions import DAYS
from store.people import load_person
from store.tables import now, today
from tests.bot.conversation.test_conversation import values
from tests.support.notices import HOUR, put_notice
from tests.support.talk import Talk


@pytest.fixture
async def telegram(desk) -> Talk:
    """Somebody on Telegram who reads English and is in Lipa."""
    person = Talk(desk, "4711", "telegram")
    await person.presses("start", language="en")
    await person.presses("centre:lipa")
    return person


async def subscription(talk: Talk) -> SubscriptionRow | None:
    pseudonym = talk.desk.keys.pseudonym(talk.channel, talk.who)
    async with talk.desk.database.looking() as session:
        return await session.get(SubscriptionRow, pseudonym)


async def test_the_button_is_first_under_services_and_an_empty_list_says_so(talk):
    [services] = await talk.presses("topic:services")
    assert values(services)[0] == "today"
    [empty] = await talk.presses("today")
    assert "Nothing is announced here" in empty.text
    assert values(empty) == ["centre", "notify", "topic:services", "menu"]


async def test_people_see_their_centre_and_all_centres_in_the_order_of_time(telegram, desk):
    start = now()
    await put_notice(desk.database, "Later", starts=start + 30 * HOUR, ends=start + 31 * HOUR)
    await put_notice(desk.database, "Soon", centre=None, starts=start + HOUR, ends=start + 3 * HOUR)
    await put_notice(desk.database, "Begun", starts=start - HOUR, ends=start + HOUR)
    await put_notice(desk.database, "Elsewhere", centre="usivak")
    await put_notice(desk.database, "Draft", state="draft")
    await put_notice(desk.database, "Withdrawn", state="withdrawn")
    await put_notice(desk.database, "Over", starts=start - 2 * HOUR, ends=start)
    await put_notice(desk.database, "Far", starts=start + 500 * HOUR, ends=start + 501 * HOUR)
    [reply] = await telegram.presses("today")
    found = [w for w in ("Begun", "Soon", "Later") if f"about {w}" in reply.text]
    assert found == sorted(found, key=reply.text.index) == ["Begun", "Soon", "Later"]
    for word in ("Elsewhere", "Draft", "Withdrawn", "Over", "Far"):
        assert f"about {word}" not in reply.text
    await telegram.presses("centre:none")
    [reply] = await telegram.presses("today")
    assert "about Soon" in reply.text and "about Begun" not in reply.text


async def test_a_weekly_notice_shows_its_next_time_at_the_same_local_hour(telegram, desk):
    first = local(now()).replace(tzinfo=None, hour=14, minute=0, second=0, microsecond=0)
    first -= dt.timedelta(days=20)
    until = (first + dt.timedelta(days=28)).date()
    await put_notice(
        desk.database,
        "Every week",
        starts=from_local(first),
        ends=from_local(first + HOUR),
        until=until,
    )
    [reply] = await telegram.presses("today")
    assert "14:00 – 15:00" in reply.text and "Every week until" in reply.text
    next_day = first + dt.timedelta(days=21)
    assert f"{next_day.day} " in reply.text


async def test_each_language_reads_its_own_text_or_the_english_one_marked(telegram, desk):
    own = {code: f"T-{code}" for code in LANGUAGES if code not in ("en", "ur")}
    await put_notice(desk.database, "Law. Session.", **own)
    for code in LANGUAGES:
        await telegram.presses(f"lang:{code}")
        [reply] = await telegram.presses("today")
        marked = sentence(code, "In English; not yet translated.") in reply.text
        assert marked == (code == "ur")
        plain = reply.text.replace(LRI, "").replace(PDI, "")
        assert (own.get(code) or "Law. Session.") in plain
        if code == "ur":
            assert f"{LRI}Law. Session.{PDI}" in reply.html


async def test_markup_of_staff_is_shown_as_they_wrote_it(telegram, desk):
    await put_notice(desk.database, "5 < 6 & <b>")
    [reply] = await telegram.presses("today")
    assert "5 &lt; 6 &amp; &lt;b&gt;" in reply.html and "5 < 6 & <b>" in reply.text


async def test_a_long_list_is_paged_and_odd_pages_lead_to_the_first(telegram, desk):
    for n in range(6):
        await put_notice(desk.database, f"N{n}", ends=now() + (n + 1) * HOUR)
    [first] = await telegram.presses("today")
    assert "today:1" in values(first) and "about N3" in first.text
    [second] = await telegram.presses("today:1")
    assert "about N4" in second.text and "about N3" not in second.text
    for odd in ("today:99", "today:-1", "today:x", "today:٣"):
        [reply] = await telegram.presses(odd)
        assert reply.text == first.text


async def test_subscribing_asks_says_what_is_kept_and_ends_by_the_button(telegram, desk):
    [ask] = await telegram.presses("notify")
    assert "encrypted, until" in ask.text and "/stop_notices" in ask.text and "Lipa" in ask.text
    assert await subscription(telegram) is None
    [done] = await telegram.presses("notify:yes")
    row = await subscription(telegram)
    assert row.centre == "lipa" and row.until == today() + dt.timedelta(days=DAYS)
    assert b"4711" not in row.address and desk.keys.delivery.open(row.address) == "4711"
    assert "notify:off" in values(done)
    [listed] = await telegram.presses("today")
    assert "notify:off" in values(listed) and "notify" not in values(listed)
    [stopped] = await telegram.presses("notify:off")
    assert "erased" in stopped.text and await subscription(telegram) is None
    [again] = await telegram.says("/stop_notices")
    assert "no notices" in again.text


async def test_who_has_no_centre_is_asked_for_one_and_may_take_none(desk):
    person = Talk(desk, "4712", "telegram")
    await person.presses("start", language="en")
    [which] = await person.presses("notify")
    assert "notify:at:lipa" in values(which) and "notify:at:lukavica" not in values(which)
    await person.presses("notify:at:usivak")
    await person.presses("notify:yes")
    assert (await subscription(person)).centre == "usivak"
    await person.presses("notify:at:none")
    await person.presses("notify:yes")
    assert (await subscription(person)).centre is None


async def test_going_on_keeps_the_centre_and_begins_the_days_anew(telegram, desk):
    await telegram.presses("notify:yes")
    await telegram.presses("centre:none")
    async with desk.database.transaction() as session:
        pseudonym = desk.keys.pseudonym("telegram", "4711")
        row = await session.get(SubscriptionRow, pseudonym)
        row.until, row.told_end = today(), True
    await telegram.presses("notify:go")
    row = await subscription(telegram)
    assert row.centre == "lipa" and not row.told_end
    assert row.until == today() + dt.timedelta(days=DAYS)
    await telegram.presses("notify:off")
    [ask] = await telegram.presses("notify:go")  # ended meanwhile: nothing begins unasked
    assert "notify:at:lipa" in values(ask) and await subscription(telegram) is None


async def test_the_web_chat_says_that_it_cannot_and_shows_the_list(talk, desk):
    await put_notice(desk.database, "For all", centre=None)
    said, listed = await talk.presses("notify")
    assert "only on Telegram" in said.text and "about For all" in listed.text
    await talk.presses("notify:yes")
    assert await subscription(talk) is None


async def test_delete_erases_the_subscription(telegram, desk):
    await telegram.presses("notify:yes")
    [ask] = await telegram.presses("delete")
    assert "Notices that you asked for stop" in ask.text
    await telegram.presses("delete:yes")
    assert await subscription(telegram) is None


async def test_a_closed_case_leaves_the_subscription_and_the_other_way_round(telegram, desk):
    await telegram.presses("notify:yes")
    until = (await subscription(telegram)).until
    for value in ("person", "person:yes", "person:skip", "person:leave"):
        await telegram.presses(value)
    assert (await subscription(telegram)).until == until
    async with desk.database.transaction() as session:
        pseudonym = desk.keys.pseudonym("telegram", "4711")
        person = await load_person(session, desk.keys, pseudonym, "telegram")
    assert person.centre == "lipa"


async def test_without_a_database_the_buttons_are_answered_honestly(telegram, desk, monkeypatch):
    await desk.database.close()
    monkeypatch.setattr(desk.database, "transaction", _gone)
    [listed] = await telegram.presses("today")
    assert "try again in some minutes" in listed.text
    [asked] = await telegram.presses("notify:yes")
    assert "Done" not in asked.text


def _gone():
    raise OSError("no database")
