"""Two counsellors in two browsers and one person on Telegram: from the request to the deletion."""

import datetime as dt
import re
import time

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from store.case_tables import CaseFileRow, CaseMessageRow, CaseRow
from store.tables import CountRow
from tests.conftest import free_port
from tests.support.cases import counsellor_is, in_database
from tests.support.console import add_account
from tests.support.live_page import LAPTOP, PHONE, Console
from tests.support.nlu_server import NluServer
from tests.support.running import Running
from tests.support.telegram_server import TOKEN, TelegramServer

pytestmark = [pytest.mark.e2e, pytest.mark.browser]
PERSON = 7_345_900_001
#: What each side writes in turn, first in Pashto, after the transfer in Arabic.
PASHTO = [
    ("سلام، زه ګل یم", "سلام ګل جانه، زه میرا یم. څنګه مرسته وکړم؟"),
    ("د پناه غوښتنې لپاره چېرته لاړ شم؟", "تاسو اوس په کوم کمپ کې یاست؟"),
    ("په لیپا کې یم", "ښه، مننه. یوازې یاست که کورنۍ درسره ده؟"),
    ("ښځه او دوه ماشومان راسره دي", "ماشومان څو کلن دي؟"),
    ("یو درې کلن، بل شپږ کلن", "څوک ناروغ خو نه دی؟"),
    ("کوچنی لږ تبه لري", "ډاکټر ته مو ښودلی؟"),
    ("نه، لا نه", "سبا سهار په کمپ کې ډاکټر ته ووایئ."),
    ("سمه ده", "سپینه پاڼه مو لاسته راغلې؟"),
    ("هو، پرون یې راکړه", "ډېر ښه. هغه له ځان سره وساتئ."),
    ("زما مېرمن عربي ښه پوهېږي", "سمه ده، زما همکار سامي عربي وایي، هغه ته مو سپارم."),
]
ARABIC = [
    ("مرحبا، أنا زوجة غل", "أهلًا بكم، أنا سامي. كيف حال الطفل؟"),
    ("الحرارة نزلت شوي", "الحمد لله. هل يأكل ويشرب؟"),
    ("يشرب بس ما ياكل", "إذا ساء حاله الليلة خبّروا الحارس فورًا."),
    ("طيب", "متى موعدكم مع اللجوء؟"),
    ("ما حددوا لنا موعد", "سأسأل زملائي غدًا وأكتب لكم هنا."),
    ("شكرًا كتير", "هل تحتاجون ثيابًا للأطفال؟"),
    ("إي والله، برد كتير", "اسألوا في المخزن بين العاشرة والثانية عشرة."),
    ("وين المخزن؟", "جنب المطبخ، الباب الأزرق."),
    ("الله يعطيك العافية", "الله يعافيكم. في شي تاني؟"),
    ("لا، خلص", "سأغلق المحادثة الآن، وتقدرون ترجعون تكتبون."),
]


@pytest.fixture(scope="module")
def telegram():
    with TelegramServer(free_port()) as server:
        yield server


@pytest.fixture(scope="module")
def service(tmp_path_factory, telegram):
    settings = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": telegram.url}
    with (
        NluServer(free_port()) as nlu,
        Running(tmp_path_factory.mktemp("talk"), free_port(), nlu.url, **settings) as running,
    ):
        yield running


def received(telegram: TelegramServer) -> list[str]:
    """The last lines of all messages to the person: a counsellor's words stand there."""
    plain = (m["_text"].translate({0x2066: None, 0x2069: None}) for m in telegram.messages[PERSON])
    return [text.splitlines()[-1] for text in plain]


def arrives(telegram: TelegramServer, text: str) -> None:
    """Wait until the person has a counsellor's words."""
    until = time.monotonic() + 20
    while text not in received(telegram):
        assert time.monotonic() < until, f"{text!r} did not arrive"
        time.sleep(0.02)


def talk(telegram: TelegramServer, console: Console, turns: list[tuple[str, str]]) -> None:
    """The person writes, then the counsellor, and so on; each sees the other's words."""
    for person, counsellor in turns:
        telegram.send(PERSON, text=person, language="ps")
        expect(console.said(person)).to_have_count(1)
        console.writes(counsellor)
        arrives(telegram, counsellor)


def in_order(console: Console) -> list[str]:
    """What the conversation on the page says, in order."""
    return console.page.locator(".line.person .words, .line.staff .words").all_inner_texts()


def test_a_talk_from_the_request_to_the_deletion(
    service: Running, telegram: TelegramServer, browser: Browser, tmp_path
):
    for name, languages in (("mira", ["ps", "en"]), ("sami", ["ar", "en"])):
        add_account(service, name, "counsellor")
        counsellor_is(service, name, languages=languages, shown_as=name.capitalize())
    contexts = [browser.new_context(viewport=size) for size in (LAPTOP, PHONE)]
    mira, sami = (
        Console(context, service, name)
        for context, name in zip(contexts, ("mira", "sami"), strict=True)
    )

    # the request
    telegram.settle(telegram.send(PERSON, text="/start", language="ps"))
    [consent] = telegram.ask(PERSON, "/person")
    assert "person:yes" in [b["callback_data"] for b in telegram.buttons(consent)]
    telegram.tap(PERSON, "person:yes")
    telegram.tap(PERSON, "person:topic:asylum")
    telegram.tap(PERSON, "person:lang:ar")
    telegram.tap(PERSON, "person:lang:ok")
    [queued] = telegram.ask(PERSON, "ګل")
    assert "124" in queued["_text"]

    # offered to who speaks the person's best language, and taken
    expect(sami.page.locator(".offer")).to_have_count(0)
    mira.takes_the_offer()
    expect(mira.page.locator("#talk-title")).to_contain_text("ګل")
    telegram.wait(PERSON, len(telegram.messages[PERSON]))
    talk(telegram, mira, PASHTO)
    expect(mira.page.locator(".line.person .words").last).to_have_css("direction", "rtl")

    # passed to the colleague, with a note that the person never sees
    mira.page.locator("#note-mode").click()
    mira.writes("wife speaks Arabic; the small one has fever")
    expect(mira.page.locator(".line.note")).to_have_count(1)
    mira.page.locator("#note-mode").click()
    mira.page.locator("#transfer-button").click()
    mira.page.locator('input[value="to:sami"]').check()
    mira.page.get_by_role("button", name="Pass on", exact=True).last.click()
    sami.takes_the_offer()
    expect(sami.page.locator(".line.note")).to_contain_text("fever")
    talk(telegram, sami, ARABIC)
    spoken = [words for turn in PASHTO + ARABIC for words in turn]
    assert [text for text in in_order(sami) if text in spoken] == spoken
    ours = [counsellor for _person, counsellor in PASHTO + ARABIC]
    assert [text for text in received(telegram) if text in ours] == ours
    assert not any("fever" in text for text in received(telegram))
    expect(mira.page.locator("body")).not_to_contain_text(ARABIC[0][0])

    # closed and rated
    before = len(telegram.messages[PERSON])
    sami.page.locator("#close-button").click()
    sami.page.get_by_label("Informed").check()
    sami.page.get_by_role("button", name="Close the case", exact=True).click()
    over = telegram.wait(PERSON, before + 1)[-1]
    [best] = [
        b["callback_data"]
        for b in telegram.buttons(over)
        if re.fullmatch(r"person:rate:\w+:5", b["callback_data"])
    ]
    [thanks] = telegram.tap(PERSON, best)
    assert thanks["_text"]
    case_id = best.split(":")[2]
    case = in_database(service, lambda session: session.get(CaseRow, case_id))
    assert (case.status, case.outcome, case.rating) == ("closed", "informed", 5)

    # the program is back, and after the set time only counts are left
    [menu] = telegram.ask(PERSON, "/menu")
    assert len(telegram.buttons(menu)) > 3

    async def make_old(session):
        row = await session.get(CaseRow, case_id)
        row.closed_at -= dt.timedelta(days=31)

    in_database(service, make_old)
    assert "cases: 1" in service.command("retention", "run").stdout

    async def left(session):
        rows = [
            (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (CaseRow, CaseMessageRow, CaseFileRow)
        ]
        counted = select(CountRow.what, CountRow.key).where(CountRow.what.like("case_%"))
        return rows, {tuple(row) for row in await session.execute(counted)}

    rows, counted = in_database(service, left)
    assert rows == [0, 0, 0]
    assert {("case_opened", "asylum"), ("case_closed", "informed"), ("case_rating", "5")} <= counted
    assert telegram.problems == []
    assert mira.errors == sami.errors == []
    for context in contexts:
        context.close()
