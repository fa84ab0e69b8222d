"""The staff's group over real HTTP: the strict Bot API server, the bots, people and counsellors."""

from collections.abc import AsyncIterator

import pytest

from bot.staff_group.group import StaffGroup
from bot.staff_group.line import Pace, make_group_bot
from bot.telegram.delivery import deliver_waiting
from bot.telegram.front_end import WANTED, TelegramFrontEnd, make_bot
from bot.telegram.intake import take_batch
from store.case_tables import CaseRow
from store.cases.messages import Message, messages_of
from store.cases.opening import add_case
from store.people import Person, keep_address
from store.phones import new_code
from store.presence import touch
from store.staff import add_staff
from tests.conftest import free_port
from tests.support.telegram_server import TOKEN, TelegramServer

GROUP = -1001
PERSON, MIRA, SARA, STRANGER = 777, 8001, 8002, 8003


class World:
    """A group with two counsellors' phones, and people who wait; nothing runs by itself."""

    def __init__(self, telegram: TelegramServer, front_end: TelegramFrontEnd, desk):
        self.telegram, self.front_end, self.desk = telegram, front_end, desk
        self.database, self.keys = desk.database, desk.keys
        self.group = self.new_group()
        self._offset = 0

    def new_group(self, a_minute: int = 1000) -> StaffGroup:
        """The group's part of a process that has just started."""
        bot = make_group_bot(TOKEN, self.telegram.url)
        pace = Pace(a_minute)
        self.group = StaffGroup(bot, GROUP, self.database, self.keys, self.desk.library, pace)
        self.front_end.before = self.group.take
        return self.group

    async def settle(self) -> None:
        """Handle all updates, bring the group up to date, deliver to people."""
        while updates := await self.front_end.bot.get_updates(
            offset=self._offset, timeout=0, allowed_updates=WANTED
        ):
            await take_batch(self.front_end, list(updates))
            self._offset = updates[-1].update_id + 1
        await self.group.catch_up()
        await deliver_waiting(self.front_end.bot, self.desk)

    async def account(self, name: str, telegram_id: int | None = None, **more: object) -> None:
        """A counsellor, linked if a phone is given."""
        async with self.database.transaction() as session:
            row = await add_staff(session, name, "counsellor", "a long password")
            for key, value in more.items():
                setattr(row, key, value)
        if telegram_id is not None:
            await self.link(name, telegram_id)

    async def link(self, name: str, telegram_id: int) -> None:
        """Link a phone as its owner does."""
        async with self.database.transaction() as session:
            code = await new_code(session, self.keys, name)
        self.telegram.send(telegram_id, text=f"/link {code}")
        await self.settle()

    async def case(self, user: int = PERSON, **more: object) -> str:
        """A person on Telegram begins to wait; the id of their case, whose topic is made."""
        person = Person(self.keys.pseudonym("telegram", str(user)), "telegram")
        values = {
            **{"language": "ps", "centre": "lipa", "danger": False, "text": "زه مرسته غواړم"},
            **{"channel": "telegram", "pseudonym": person.pseudonym},
            **more,
        }
        async with self.database.transaction() as session:
            await keep_address(session, self.keys, person, str(user), 30)
            case = await add_case(session, self.keys, **values)
        await self.settle()
        return case.id

    @property
    def topic(self) -> int:
        """The number of the newest topic."""
        return max(self.telegram.topics[GROUP])

    def topic_name(self) -> str:
        """The name of the newest topic."""
        return self.telegram.topics[GROUP][self.topic]["name"]

    def shown(self) -> str:
        """All that stands in the newest topic."""
        return "\n".join(self.telegram.read_topic(GROUP, self.topic))

    async def write(self, member: int, text: str, **more: object) -> None:
        """A member writes in the newest topic."""
        self.telegram.write_in(GROUP, self.topic, member, text, **more)
        await self.settle()

    async def press(self, member: int, value: str) -> None:
        """A member presses a button in the group."""
        self.telegram.press(member, value, chat=GROUP)
        await self.settle()

    async def row(self, case_id: str) -> CaseRow:
        """The case as it is."""
        async with self.database.transaction() as session:
            return await session.get(CaseRow, case_id)

    async def said(self, case_id: str) -> list[Message]:
        """What stands in the case."""
        async with self.database.transaction() as session:
            return await messages_of(session, self.keys, case_id)

    async def connect(self, *names: str) -> None:
        """They are in the console."""
        async with self.database.transaction() as session:
            await touch(session, names)

    def private(self, user: int) -> list[str]:
        """What the bot wrote to somebody in private."""
        return [m["_text"] for m in self.telegram.messages.get(user, [])]


@pytest.fixture
async def world(desk) -> AsyncIterator[World]:
    """Mira and Sara are linked; nobody waits."""
    with TelegramServer(free_port()) as telegram:
        telegram.topics[GROUP] = {}
        telegram.group_limit = 1000
        front_end = TelegramFrontEnd(make_bot(TOKEN, telegram.url), desk)
        await front_end.open()
        made = World(telegram, front_end, desk)
        await made.group.open()
        await made.account("mira", MIRA, shown_as="Mira", languages=["ps"], desks=["asylum"])
        await made.account("sara", SARA, languages=["ar"])
        yield made
        await made.group.close()
        await front_end.close()
        assert telegram.problems == []
