"""What comes in from a topic, and what goes back to the staff."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup

from store.case_tables import CaseRow
from store.group_tables import GroupTopicRow
from store.staff import note
from store.tables import StaffRow


@dataclass(frozen=True)
class Written:
    """A message in a topic; ``edited``: when it was changed; ``other``: it is not (only) text."""

    id: int
    text: str
    edited: dt.datetime | None = None
    other: bool = False


@dataclass(frozen=True)
class Pressed:
    """A button; ``key``: pressed twice, what it writes is written once."""

    value: str
    key: str = ""


@dataclass(frozen=True)
class Answer:
    """What the bot says to the staff; ``passing``: only to who pressed a button."""

    text: str
    markup: InlineKeyboardMarkup | None = None
    passing: bool = False


@dataclass(frozen=True)
class Asked:
    """What is asked for, with all that it is about."""

    session: AsyncSession
    topic: GroupTopicRow
    case: CaseRow
    account: StaffRow
    rest: str = ""
    key: str = ""

    @property
    def name(self) -> str:
        """The account's name."""
        return self.account.name

    async def note(self, action: str) -> None:
        """A line of the audit log."""
        await note(self.session, self.name, f"{action} (phone)", self.case.id)
