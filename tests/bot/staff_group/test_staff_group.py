"""Counsellors on phones: linking, topics of cases, words both ways, what the group never sees."""

import asyncio

import pytest
from sqlalchemy import select

from store.case_tables import PresenceRow
from store.cases.deletion import cases_of, delete_cases
from store.cases.files import add_file
from store.cases.messages import add_message, add_note, lock_case
from store.cases.moving import close, offer, reopen, take
from store.group_tables import GroupTopicRow, PhoneRow
from store.phones import new_code, unlink_phone
from store.tables import AuditRow, StaffRow
from tests.bot.staff_group.conftest import GROUP, MIRA, PERSON, SARA, STRANGER, World
from tests.support.telegram_server import ApiError


async def person_says(world: World, case_id: str, text: str, kind: str = "text", data: bytes = b""):
    async with world.database.transaction() as session:
        case = await lock_case(session, case_id)
        row = await add_message(session, world.keys, case, text, from_person=True, kind=kind)
        if data:
            await add_file(session, world.keys, case, row, "image/jpeg", data)
    await world.settle()


async def audit(world: World, case_id: str) -> list[tuple[str, str]]:
    async with world.database.transaction() as session:
        rows = await session.execute(
            select(AuditRow.staff, AuditRow.action).where(AuditRow.thing == case_id)
        )
        return [tuple(row) for row in rows]


async def test_a_phone_is_linked_once_with_a_code_and_kept_as_a_hash(world):
    assert "Linked to the account mira" in world.private(MIRA)[-1]
    async with world.database.transaction() as session:
        rows = (await session.execute(select(PhoneRow))).scalars().all()
    assert len(rows) == 2
    for row in rows:
        assert len(row.telegram_hash) == 64 and row.code_hash is None
        assert str(MIRA) not in row.telegram_hash
    async with world.database.transaction() as session:
        code = await new_code(session, world.keys, "mira")
    world.telegram.send(SARA, text=f"/link {code}")
    await world.settle()
    assert "linked to another account" in world.private(SARA)[-1]
    for text in ("/link", "/link WRONG", f"/link {code.lower()}", f"/link {code}"):
        world.telegram.send(MIRA, text=text)
    await world.settle()
    answers = [text.split(" ")[0] for text in world.private(MIRA)[-4:]]
    assert answers == ["This", "This", "Linked", "This"]


async def test_a_code_is_over_after_ten_minutes(world):
    await world.account("lena")
    async with world.database.transaction() as session:
        code = await new_code(session, world.keys, "lena")
        row = await session.get(PhoneRow, "lena")
        row.code_until = row.code_until.replace(year=2020)
    world.telegram.send(STRANGER, text=f"/link {code}")
    await world.settle()
    assert "wrong or over" in world.private(STRANGER)[-1]


async def test_a_case_that_waits_gets_a_topic_without_a_word_of_the_person(world):
    case_id = await world.case(languages=["ps", "en"], name="Zahra", topic="asylum")
    assert world.topic_name() == f"⏳ ps · {world.desk.library.directory.centres['lipa'].name}" + (
        f" · {case_id[:4]}"
    )
    await person_says(world, case_id, "زما نوم زهرا دی")
    shown = world.shown()
    assert "Pashto (also English)" in shown and "asylum" in shown
    assert "زه" not in shown and "زما" not in shown and "Zahra" not in shown


async def test_a_talk_goes_both_ways_in_order(world):
    case_id = await world.case(name="زهرا")
    await person_says(world, case_id, "لومړی پیغام")
    await world.press(MIRA, "g:take")
    assert world.topic_name() == f"🧑 mira · ps · {case_id[:4]}"
    shown = world.shown()
    assert shown.index("زه مرسته غواړم") < shown.index("لومړی پیغام")
    assert (await world.row(case_id)).assigned_to == "mira"
    await world.write(MIRA, "سلام، زه میرا یم")
    await person_says(world, case_id, "مننه")
    await world.write(MIRA, "څنګه مرسته کولی شم؟")
    assert world.shown().count("مننه") == 1
    to_person = "\n".join(world.private(PERSON))
    assert to_person.index("زه میرا یم") < to_person.index("څنګه مرسته")
    written = [m for m in await world.said(case_id) if m.row.author == "mira" and m.text[0] != "{"]
    assert [m.row.delivery for m in written] == ["delivered", "delivered"]
    # not repeated where they were written
    assert "زه میرا یم" not in "\n".join(world.telegram.read_topic(GROUP, world.topic))
    lines = await audit(world, case_id)
    assert lines == [
        ("mira", "take case (phone)"),
        ("mira", "read case (phone)"),
        ("mira", "write in case (phone)"),
        ("mira", "write in case (phone)"),
    ]
    async with world.database.transaction() as session:
        assert (await session.get(PresenceRow, "mira")).phone_at is not None


async def test_several_messages_that_wait_are_put_together(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    before = len(world.telegram.read_topic(GROUP, world.topic))
    async with world.database.transaction() as session:
        case = await lock_case(session, case_id)
        for n in range(30):
            await add_message(session, world.keys, case, f"{n}: " + "خ" * 300, from_person=True)
    await world.settle()
    new = world.telegram.read_topic(GROUP, world.topic)[before:]
    assert len(new) == 3 and all(len(text) <= 4096 for text in new)
    plain = "\n".join(new).translate({0x2066: None, 0x2069: None})
    places = [plain.index(f"👤 {n}: ") for n in range(30)]
    assert places == sorted(places)


async def test_photos_come_as_photos_and_keep_their_place(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await person_says(world, case_id, "د کاغذ عکس", "photo", b"\xff\xd8 a photo")
    await person_says(world, case_id, "ودې لید؟")
    photo, text = world.telegram.messages[GROUP][-2:]
    assert photo["_data"] == b"\xff\xd8 a photo" and "د کاغذ عکس" in photo["_text"]
    assert "ودې لید؟" in text["_text"]


async def test_a_document_keeps_its_kind(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    async with world.database.transaction() as session:
        case = await lock_case(session, case_id)
        row = await add_message(
            session, world.keys, case, "", from_person=True, kind="document", key="d"
        )
        await add_file(session, world.keys, case, row, "application/pdf", b"%PDF")
    await world.settle()
    sent = world.telegram.messages[GROUP][-1]
    assert sent["document"]["file_name"] == "file.pdf" and sent["_data"] == b"%PDF"


async def test_an_edit_reaches_the_person_as_a_new_message(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "at nine")
    chat = {"id": GROUP, "type": "supergroup", "title": "Staff", "is_forum": True}
    message = {
        **{"message_id": 5, "date": 1_790_000_000, "edit_date": 1_790_000_100, "chat": chat},
        **{"from": {"id": MIRA, "is_bot": False, "first_name": "M"}, "text": "at ten"},
        **{"message_thread_id": world.topic, "is_topic_message": True},
    }
    world.telegram.raw(edited_message=message)
    world.telegram.raw(edited_message=message)
    await world.settle()
    assert [text for text in world.private(PERSON) if "✏️ at ten" in text]
    assert [m.text for m in await world.said(case_id) if m.row.kind == "text"] == [
        "at nine",
        "✏️ at ten",
    ]


async def test_the_same_update_again_does_nothing(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    world.telegram.write_in(GROUP, world.topic, MIRA, "only once")
    again = dict(world.telegram._updates[-1])
    await world.settle()
    world.telegram._updates.append(again | {"update_id": again["update_id"]})
    world._offset = 0
    await world.settle()
    assert [m.text for m in await world.said(case_id) if m.row.kind == "text"] == ["only once"]


async def test_words_of_who_is_not_linked_or_does_not_have_the_case_are_not_sent(world):
    case_id = await world.case()
    await world.write(MIRA, "too early")
    assert "Press Take first" in world.shown()
    await world.press(MIRA, "g:take")
    await world.write(STRANGER, "let me in")
    await world.write(STRANGER, "hello?")
    assert world.shown().count("I don't know this phone") == 1
    await world.write(SARA, "I am a colleague")
    assert "mira has this case" in world.shown()
    await world.write(MIRA, "", voice={"file_id": "v", "file_unique_id": "v", "duration": 1})
    assert "Only text goes" in world.shown()
    assert [m for m in await world.said(case_id) if m.row.kind == "text"] == []


async def test_who_is_not_linked_can_press_nothing(world):
    case_id = await world.case()
    await world.press(STRANGER, "g:take")
    assert (await world.row(case_id)).status == "queued"


@pytest.mark.parametrize("how", ["the link ended", "the account is switched off"])
async def test_a_link_that_ended_ends_the_relay(world, how):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    async with world.database.transaction() as session:
        if how == "the link ended":
            await unlink_phone(session, "mira")
        else:
            (await session.get(StaffRow, "mira")).active = False
    await person_says(world, case_id, "پټه خبره")
    await world.write(MIRA, "not any more")
    assert "پټه خبره" not in world.shown()
    assert [m.text for m in await world.said(case_id) if m.row.kind == "text"] == ["پټه خبره"]


@pytest.mark.parametrize(
    "private",
    [{"topic": "protection"}, {"channel": "web"}, {"danger": True}],
    ids=["protection", "web", "danger"],
)
async def test_a_private_case_is_only_in_the_console(world, private):
    case_id = await world.case(**private)
    assert ("🆘" in world.topic_name()) == bool(private.get("danger"))
    assert "only in the console" in world.shown()
    named = "Lipa" in world.topic_name() + world.shown(), "protection" in world.shown()
    # who works in the centre may be in the group: it may be about them
    assert named == ((False, False) if "topic" in private else (True, False))
    with pytest.raises(AssertionError, match="no button"):
        world.telegram.press(MIRA, "g:take", chat=GROUP)
    async with world.database.transaction() as session:
        await take(session, world.keys, case_id, "mira")
    await person_says(world, case_id, "پټه خبره")
    await world.write(MIRA, "written in the wrong place")
    assert "پټه خبره" not in world.shown() and "زه مرسته" not in world.shown()
    assert [m.text for m in await world.said(case_id) if m.row.kind == "text"] == ["پټه خبره"]


async def test_a_case_passed_to_the_protection_desk_is_not_shown_any_more(world):
    await world.account("lena", 8010, desks=["protection"])
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "/transfer")
    await world.press(MIRA, "g:desk:protection")
    async with world.database.transaction() as session:
        await take(session, world.keys, case_id, "lena")
    await person_says(world, case_id, "پټه خبره")
    assert "پټه خبره" not in world.shown()


async def test_a_case_taken_in_the_console_is_named_but_not_shown(world):
    case_id = await world.case()
    async with world.database.transaction() as session:
        await take(session, world.keys, case_id, "sara")
    await person_says(world, case_id, "پټه خبره")
    assert "sara has taken this case in the console" in world.shown()
    assert "پټه خبره" not in world.shown() and world.topic_name().startswith("🧑 sara")


async def test_who_took_it_in_the_console_can_go_on_in_the_topic(world):
    case_id = await world.case()
    async with world.database.transaction() as session:
        await take(session, world.keys, case_id, "mira")
    await world.settle()
    await world.write(MIRA, "from outside")
    assert "you have this case in the console" in world.shown()
    await world.press(MIRA, "g:take")
    await person_says(world, case_id, "اوس")
    assert "اوس" in world.shown()


async def test_a_case_that_is_offered_to_somebody_else_can_not_be_taken(world):
    case_id = await world.case()
    async with world.database.transaction() as session:
        await offer(session, world.keys, case_id, "sara")
    await world.settle()
    await world.press(MIRA, "g:take")
    assert (await world.row(case_id)).offered_to == "sara"
    await world.press(SARA, "g:pass")
    assert (await world.row(case_id)).passed_by == ["sara"]


async def test_a_supervisor_takes_also_what_is_offered_to_somebody_else(world):
    await world.account("vera", 8020, role="supervisor")
    case_id = await world.case()
    async with world.database.transaction() as session:
        await offer(session, world.keys, case_id, "sara")
    await world.settle()
    await world.press(8020, "g:take")
    assert (await world.row(case_id)).assigned_to == "vera"


async def test_a_case_is_passed_on_to_a_colleague_who_takes_it_here(world):
    await world.connect("sara")
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "/transfer")
    choices = world.telegram.buttons(world.telegram.messages[GROUP][-1])
    assert [one["text"] for one in choices] == ["🧑 sara", "🗂 asylum"]
    await world.press(MIRA, choices[0]["callback_data"])
    assert (await world.row(case_id)).offered_to == "sara"
    await person_says(world, case_id, "څوک شته؟")
    assert "څوک شته؟" not in world.shown()
    await world.press(SARA, "g:take")
    await world.write(SARA, "زه سارا یم")
    assert "څوک شته؟" in world.shown() and "زه سارا یم" in "\n".join(world.private(PERSON))


async def test_giving_back_offers_the_case_again(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "/back")
    assert (await world.row(case_id)).status == "queued"
    assert world.topic_name().startswith("⏳")
    buttons = world.telegram.buttons(world.telegram.messages[GROUP][-1])
    assert [one["text"] for one in buttons] == ["Take", "Pass"]


async def test_closing_closes_the_topic_and_reopening_opens_it(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "/close")
    await world.press(MIRA, "g:close:solved")
    case = await world.row(case_id)
    assert (case.status, case.outcome) == ("closed", "solved")
    assert world.telegram.topics[GROUP][world.topic]["closed"]
    async with world.database.transaction() as session:
        await reopen(session, world.keys, case_id, None)
    await world.settle()
    assert not world.telegram.topics[GROUP][world.topic]["closed"]
    assert world.topic_name().startswith("⏳")


async def test_notes_stay_among_the_staff(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "/note speaks Dari too")
    await world.write(SARA, "/note I don't have this case")
    async with world.database.transaction() as session:
        case = await lock_case(session, case_id)
        await add_note(session, world.keys, case, "call the centre", "sara")
    await world.settle()
    notes = [m.text for m in await world.said(case_id) if m.row.kind == "note"]
    assert notes == ["speaks Dari too", "call the centre"]
    assert "sara (note)\ncall the centre" in world.shown()
    assert "Dari" not in "\n".join(world.private(PERSON))


async def test_a_ready_reply_is_shown_and_sent_once_in_the_persons_language(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    await world.write(MIRA, "/canned hello")
    numbers = world.telegram.buttons(world.telegram.messages[GROUP][-1])
    assert numbers[0]["text"] == "1"
    await world.press(MIRA, numbers[0]["callback_data"])
    [send] = world.telegram.buttons(world.telegram.messages[GROUP][-1])
    for _ in range(2):
        await world.press(MIRA, send["callback_data"])
    sent = [m.text for m in await world.said(case_id) if m.row.kind == "text"]
    assert len(sent) == 1 and "سلام" in sent[0] and "Mira" in sent[0]


async def test_who_tells_who_is_there(world):
    await world.connect("sara")
    await world.case()
    await world.write(MIRA, "/who")
    assert "Nobody has this case.\nIn the console now: sara (ar)." in world.shown()
    await world.write(MIRA, "/nonsense")
    assert "I know: /note" in world.shown()


async def test_a_reply_that_can_not_be_delivered_is_told(world):
    await world.case()
    await world.press(MIRA, "g:take")
    world.telegram.blocked.add(PERSON)
    await world.write(MIRA, "hello?")
    await world.settle()
    await world.settle()
    assert world.shown().count("could not be delivered") == 1
    assert world.shown().count("can't be reached any more") == 1


async def test_when_telegram_wants_a_pause_nothing_is_lost_or_sent_twice(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    world.telegram.fail_next.append(ApiError(429, "Too Many Requests", retry_after=1))
    await person_says(world, case_id, "یو")
    assert "یو" not in world.shown()
    await world.settle()  # too early: nothing is tried
    assert "یو" not in world.shown() and world.telegram.fail_next == []
    await asyncio.sleep(1.05)
    await world.settle()
    assert world.shown().count("👤 یو") == 1 and "already" not in world.shown()


async def test_people_are_answered_while_the_group_has_to_wait(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    world.telegram.fail_next.append(ApiError(429, "Too Many Requests", retry_after=30))
    await person_says(world, case_id, "یو")
    world.telegram.send(600, text="/emergency", language="en")
    await asyncio.wait_for(world.settle(), 5)
    assert "122" in world.private(600)[-1]


async def test_no_more_is_sent_in_a_minute_than_telegram_takes(world):
    world.telegram.group_limit = 20
    await world.group.close()
    await world.new_group(a_minute=20).open()
    for user in range(600, 615):
        await world.case(user)
    counted = [name for name, _ in world.telegram.calls if name in ("createForumTopic",)]
    assert len(counted) == 10  # each with its first message


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_process_that_dies_between_relay_and_note_loses_nothing(
    world, monkeypatch, arrived
):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    relay = world.group._relay

    async def dies(*_arguments):
        raise asyncio.CancelledError

    monkeypatch.setattr(relay, "_done" if arrived else "_do", dies)
    with pytest.raises(asyncio.CancelledError):
        await person_says(world, case_id, "مهم خبر")
    await world.group.close()
    await world.new_group().open()
    await world.settle()  # the claim of the dead process holds for a while
    assert world.shown().count("مهم خبر") == int(arrived)
    async with world.database.transaction() as session:
        (await session.get(GroupTopicRow, case_id)).until = None
    await world.settle()
    await world.settle()
    assert world.shown().count("مهم خبر") == 1 + int(arrived)
    assert world.shown().count("🔁 You may have this already:\n👤 مهم خبر") == 1


async def test_two_replicas_send_each_message_once(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    first, second = world.group, world.new_group()
    await second.open()
    async with world.database.transaction() as session:
        case = await lock_case(session, case_id)
        await add_message(session, world.keys, case, "یوازې یو", from_person=True)
    await asyncio.gather(first.catch_up(), second.catch_up())
    await world.settle()
    assert world.shown().count("یوازې یو") == 1
    await first.close()


async def test_a_case_that_is_deleted_takes_its_topic_along(world):
    await world.case()
    await world.press(MIRA, "g:take")
    async with world.database.transaction() as session:
        await delete_cases(session, cases_of(world.keys.pseudonym("telegram", str(PERSON))))
    await world.settle()
    assert world.telegram.topics[GROUP] == {} and world.telegram.messages[GROUP] == []
    async with world.database.transaction() as session:
        assert (await session.execute(select(GroupTopicRow))).all() == []


async def test_a_topic_that_may_not_be_deleted_does_not_hold_up_the_others(world):
    world.telegram.may_delete = False
    case_id = await world.case()
    async with world.database.transaction() as session:
        await delete_cases(session, cases_of(world.keys.pseudonym("telegram", str(PERSON))))
    await world.settle()
    await world.case(600)
    assert len(world.telegram.topics[GROUP]) == 2
    world.telegram.may_delete = True
    async with world.database.transaction() as session:
        (await session.get(GroupTopicRow, case_id)).until = None
    await world.settle()
    assert len(world.telegram.topics[GROUP]) == 1
    world.telegram.problems.clear()


async def test_a_case_that_becomes_a_danger_goes_on_in_the_console(world):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    async with world.database.transaction() as session:
        case = await lock_case(session, case_id)
        case.danger = True
        await add_message(session, world.keys, case, "پټه خبره", from_person=True)
    await world.settle()
    await world.write(MIRA, "are you safe?")
    assert "From now on this case is only in the console" in world.shown()
    assert "پټه خبره" not in world.shown()
    assert [m.text for m in await world.said(case_id) if m.row.kind == "text"] == ["پټه خبره"]


async def test_a_case_that_can_not_be_shown_does_not_stop_the_others(world, monkeypatch):
    case_id = await world.case()
    await world.press(MIRA, "g:take")
    real = world.keys.cases.open

    def broken(sealed):
        text = real(sealed)
        if text == "خراب":
            raise ValueError("broken")
        return text

    monkeypatch.setattr(world.keys.cases, "open", broken)
    await person_says(world, case_id, "خراب")
    await world.case(600)
    assert len(world.telegram.topics[GROUP]) == 2 and "Waits for" in world.shown()


async def test_a_topic_that_somebody_deleted_by_hand_is_made_again_while_the_case_waits(world):
    case_id = await world.case()
    world.telegram.topics[GROUP].clear()
    async with world.database.transaction() as session:
        await take(session, world.keys, case_id, "sara")
    await world.settle()
    assert world.telegram.topics[GROUP] == {}  # it is in the console
    async with world.database.transaction() as session:
        await close(session, world.keys, case_id, "sara", "solved")
        await reopen(session, world.keys, case_id, None)
    await world.settle()
    assert world.topic_name().startswith("⏳ ps") and "Pashto" in world.shown()
    world.telegram.problems.clear()


async def test_without_the_right_to_manage_topics_it_waits_and_tries_again(world):
    world.telegram.admin = False
    await world.case()
    await world.case(600)
    refused = [name for name, _ in world.telegram.calls if name == "createForumTopic"]
    assert len(refused) == 1 and world.telegram.topics[GROUP] == {}
    world.telegram.admin = True
    await world.group.close()
    await world.new_group().open()
    await world.settle()
    assert len(world.telegram.topics[GROUP]) == 2
    world.telegram.problems.clear()


async def test_talk_outside_topics_and_other_groups_is_left_alone(world):
    chat = {"id": GROUP, "type": "supergroup", "title": "Staff", "is_forum": True}
    world.telegram.send(MIRA, text="hello @rahnuma_test_bot", chat=chat)
    await world.settle()
    assert world.telegram.messages.get(GROUP, []) == []
    other = {"id": -5, "type": "group", "title": "Other"}
    world.telegram.send(MIRA, text="hello @rahnuma_test_bot", chat=other)
    await world.settle()
    assert "private" in world.telegram.messages[-5][-1]["_text"]
